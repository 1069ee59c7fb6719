//! `/dynamic`: headers and cookies that responses or hooks set, and layers document.

use std::hash::{BuildHasher, RandomState};
use std::ops::RangeInclusive;

use axum::response::Response;
use axum_layered::{Declare, Layered, ResponseCookie, ResponseHeader};
use axum_responses::{Json, Reply};
use utoipa_axum::routes;

use crate::Tour;
use crate::data::Resource;

pub(crate) fn routes() -> Layered<Tour> {
    Layered::new()
        .routes(routes!(header).header(random_header("a random number in the range 1 - 100")))
        .routes(routes!(cookie).cookie(random_cookie()))
        .nest("/after-request-header", after_request_header())
        .nest("/after-request-cookie", after_request_cookie())
}

fn random_header(description: &'static str) -> ResponseHeader {
    ResponseHeader::documented("Random-Header").describe(description)
}

fn random_cookie() -> ResponseCookie {
    ResponseCookie::documented("Random-Cookie").describe("a random number in the range 1 - 100")
}

fn after_request_header() -> Layered<Tour> {
    let closer = random_header("a random number in the range 100 - 1000");
    Layered::new()
        .named("router")
        .header(random_header("a random number in the range 1 - 100"))
        .after_request(async |response: Response| {
            <Reply<_>>::new(response).header(("Random-Header", random(1..=100)))
        })
        .routes(routes!(header_twice).header(closer))
}

fn after_request_cookie() -> Layered<Tour> {
    Layered::new()
        .named("router")
        .cookie(random_cookie())
        .after_request(async |response: Response| {
            <Reply<_>>::new(response).cookie(("Random-Cookie", random(1..=100)))
        })
        .routes(routes!(cookie_of_hook))
        .routes(routes!(cookie_twice))
}

/// A number of this range: as good as the keys that the standard library gives its hash maps.
fn random(range: RangeInclusive<u64>) -> String {
    let width = range.end() - range.start() + 1;
    let number = range.start() + RandomState::new().hash_one(()) % width;
    number.to_string()
}

/// A header that the response sets
#[utoipa::path(get, path = "/header", responses(Json<Resource>))]
async fn header() -> Reply<Json<Resource>> {
    Reply::new(Json(Resource::MINE)).header(("Random-Header", random(1..=100)))
}

/// A header that the response sets and a hook sets again: the hook's goes out, the handler's description counts
#[utoipa::path(get, path = "/resources", responses(Json<Resource>))]
async fn header_twice() -> Reply<Json<Resource>> {
    Reply::new(Json(Resource::MINE)).header(("Random-Header", random(100..=1000)))
}

/// A cookie that the response sets
#[utoipa::path(get, path = "/cookie", responses(Json<Resource>))]
async fn cookie() -> Reply<Json<Resource>> {
    Reply::new(Json(Resource::MINE)).cookie(("Random-Cookie", random(1..=100)))
}

/// A cookie that a hook sets
#[utoipa::path(get, path = "/resources", responses(Json<Resource>))]
async fn cookie_of_hook() -> Json<Resource> {
    Json(Resource::MINE)
}

/// A cookie that the response sets and a hook sets again: the hook's goes out
#[utoipa::path(get, path = "/resources-both", responses(Json<Resource>))]
async fn cookie_twice() -> Reply<Json<Resource>> {
    Reply::new(Json(Resource::MINE)).cookie(("Random-Cookie", random(100..=1000)))
}
