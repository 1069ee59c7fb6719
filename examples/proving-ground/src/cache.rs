//! `/cache`: what caches keep, and for how long. Each answer counts how many requests came this far.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use axum::extract::State;
use axum_layered::{CacheControl, Declare, ETag, Layered, SetCookie, header};
use axum_responses::Text;
use utoipa_axum::routes;

use crate::Ground;

const NONE: Duration = Duration::ZERO;
const MINUTE: Duration = Duration::from_secs(60);
const SECOND: CacheControl = CacheControl::new().max_age(Duration::from_secs(1)).public();

pub(crate) fn routes() -> Layered<Ground> {
    let s_maxage = CacheControl::new().max_age(NONE).s_maxage(MINUTE);
    let s_maxage_zero = CacheControl::new().max_age(MINUTE).s_maxage(NONE);
    let private = CacheControl::new().private().max_age(MINUTE);
    let cookie = SetCookie::new("a", "b").describe("nothing that others should get");

    let tagged = Layered::new()
        .named("tagged")
        .cache_control(SECOND)
        .routes(routes!(etag).etag(ETag::strong("v1")))
        .routes(routes!(etag_weak).etag(ETag::weak("v1")));
    Layered::new()
        .named("cache")
        .cache_control(CacheControl::new().max_age(MINUTE).public())
        .routes(routes!(max_age))
        .routes(routes!(max_age_of_shared).cache_control(s_maxage))
        .routes(routes!(max_age_of_private).cache_control(s_maxage_zero))
        .routes(routes!(no_store).cache_control(CacheControl::NO_STORE))
        .routes(routes!(private_only).cache_control(private))
        .routes(routes!(no_cache).cache_control(CacheControl::NO_CACHE))
        .routes(routes!(vary).header(header!(
            "vary",
            "accept-language",
            "a copy of each language"
        )))
        .routes(
            routes!(vary_star)
                .header(header!("vary", "*", "no request is like another"))
                .no_cache_control(),
        )
        .routes(routes!(set_cookie).cookie(cookie))
        .merge(tagged)
}

/// How many requests came to a handler.
#[derive(Clone, Default)]
pub(crate) struct Hits(Arc<AtomicU64>);

impl Hits {
    fn next(&self) -> Text<u64> {
        Text(self.0.fetch_add(1, Ordering::Relaxed) + 1)
    }
}

/// For everybody, for a minute
#[utoipa::path(get, path = "/max-age", tag = "Caches", responses(Text))]
async fn max_age(State(hits): State<Hits>) -> Text<u64> {
    hits.next()
}

/// For shared caches, for a minute
#[utoipa::path(get, path = "/s-maxage", tag = "Caches", responses(Text))]
async fn max_age_of_shared(State(hits): State<Hits>) -> Text<u64> {
    hits.next()
}

/// For private caches, for a minute
#[utoipa::path(get, path = "/s-maxage-zero", tag = "Caches", responses(Text))]
async fn max_age_of_private(State(hits): State<Hits>) -> Text<u64> {
    hits.next()
}

/// For nobody
#[utoipa::path(get, path = "/no-store", tag = "Caches", responses(Text))]
async fn no_store(State(hits): State<Hits>) -> Text<u64> {
    hits.next()
}

/// For private caches alone
#[utoipa::path(get, path = "/private", tag = "Caches", responses(Text))]
async fn private_only(State(hits): State<Hits>) -> Text<u64> {
    hits.next()
}

/// Not without asking
#[utoipa::path(get, path = "/no-cache", tag = "Caches", responses(Text))]
async fn no_cache(State(hits): State<Hits>) -> Text<u64> {
    hits.next()
}

/// A copy for each language
#[utoipa::path(get, path = "/vary", tag = "Caches", responses(Text))]
async fn vary(State(hits): State<Hits>) -> Text<u64> {
    hits.next()
}

/// No request is like another
#[utoipa::path(get, path = "/vary-star", tag = "Caches", responses(Text))]
async fn vary_star(State(hits): State<Hits>) -> Text<u64> {
    hits.next()
}

/// For everybody, the cookie too
#[utoipa::path(get, path = "/set-cookie", tag = "Caches", responses(Text))]
async fn set_cookie(State(hits): State<Hits>) -> Text<u64> {
    hits.next()
}

/// For a second, then by its entity tag
#[utoipa::path(get, path = "/etag", tag = "Caches", responses(Text))]
async fn etag() -> Text<&'static str> {
    Text("always the same\n")
}

/// The same with a weak tag
#[utoipa::path(get, path = "/etag-weak", tag = "Caches", responses(Text))]
async fn etag_weak() -> Text<&'static str> {
    Text("always the same\n")
}
