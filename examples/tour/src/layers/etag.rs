//! `/layers/etag`: entity tags that layers declare, that responses set, and that are computed.

use std::time::Duration;

use axum_layered::{CacheControl, Declare, ETag, LayerETag, Layered, header};
use axum_responses::problem::ProblemOf;
use axum_responses::{Json, Reply, Stream, Text};
use utoipa_axum::routes;

use super::cache_control::now;
use crate::Tour;

const HALF_A_MINUTE: CacheControl = CacheControl::new().max_age(Duration::from_secs(30));
/// So many bytes are read for a tag.
const LIMIT: usize = 1024;

pub(crate) fn routes() -> Layered<Tour> {
    let controller = Layered::new()
        .named("controller")
        .etag(ETag::strong("foo"))
        .routes(routes!(chance_of_rain))
        .routes(routes!(timestamp).etag(ETag::strong("bar")))
        .routes(routes!(weak).etag(ETag::weak("bar")));
    Layered::new()
        .named("app")
        .etag(ETag::strong("bar"))
        .routes(routes!(population, count))
        .routes(routes!(population_dynamic).etag(LayerETag::documented()))
        .routes(routes!(population_dynamic_no_doc))
        .routes(routes!(removed).no_etag())
        .routes(routes!(error))
        .routes(routes!(computed).etag(LayerETag::computed(LIMIT)))
        .routes(
            routes!(computed_no_store)
                .etag(LayerETag::computed(LIMIT))
                .cache_control(CacheControl::NO_STORE),
        )
        .routes(routes!(computed_stream).etag(LayerETag::computed(LIMIT)))
        .routes(
            routes!(cached)
                .etag(ETag::strong("cached"))
                .cache_control(HALF_A_MINUTE)
                .header(header!("vary", "Accept-Language"))
                .header(header!(
                    "content-language",
                    "en",
                    "the language of the text"
                ))
                .header(header!("x-other", "kept", "a 304 has it too")),
        )
        .merge(controller)
}

/// The app's tag
#[utoipa::path(get, path = "/population", responses(Json<u32>))]
async fn population() -> Json<u32> {
    Json(100_000)
}

/// A tag is for those who read
#[utoipa::path(post, path = "/population", responses(Json<u32>))]
async fn count() -> Json<u32> {
    Json(100_001)
}

/// The controller's tag
#[utoipa::path(get, path = "/chance_of_rain", responses(Json<f64>))]
async fn chance_of_rain() -> Json<f64> {
    Json(0.5)
}

/// The handler's tag
#[utoipa::path(get, path = "/timestamp", responses(Json<f64>))]
async fn timestamp() -> Json<f64> {
    now()
}

/// A weak tag
#[utoipa::path(get, path = "/weak", responses(Json<f64>))]
async fn weak() -> Json<f64> {
    Json(1.0)
}

/// A tag that the response sets, and the layers document
#[utoipa::path(get, path = "/population-dynamic", responses(Text))]
async fn population_dynamic() -> Reply<Text<u8>> {
    Reply::new(Text(42)).etag(&ETag::strong("42"))
}

/// What the response sets wins
#[utoipa::path(get, path = "/population-dynamic-no-doc", responses(Text))]
async fn population_dynamic_no_doc() -> Reply<Text<u8>> {
    Reply::new(Text(42)).etag(&ETag::strong("42"))
}

/// No tag at all
#[utoipa::path(get, path = "/removed", responses(Json<f64>))]
async fn removed() -> Json<f64> {
    Json(1.0)
}

/// An error has no tag
#[utoipa::path(get, path = "/error", responses(ProblemOf<404>))]
async fn error() -> ProblemOf<404> {
    ProblemOf::detail("nothing here")
}

/// A tag of the bytes that are sent
#[utoipa::path(get, path = "/computed", responses(Text))]
async fn computed() -> Text<&'static str> {
    Text("the tag of this text is computed")
}

/// What is not stored needs no tag
#[utoipa::path(get, path = "/computed-no-store", responses(Text))]
async fn computed_no_store() -> Text<&'static str> {
    Text("not to be stored")
}

/// A stream is not held back for a tag
#[utoipa::path(get, path = "/computed-stream", responses(Stream))]
async fn computed_stream() -> Stream {
    Stream::iter(["a", "b", "c"])
}

/// A 304 keeps all that does not describe the content
#[utoipa::path(get, path = "/cached", responses(Text))]
async fn cached() -> Text<&'static str> {
    Text("cached")
}
