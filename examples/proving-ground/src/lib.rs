//! One small server that real clients judge. `main.rs` puts [`app`] on a socket.

mod background;
mod events;
mod files;
mod marks;
mod pack;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{FromRef, State};
use axum_responses::media_type::JsonType;
use axum_responses::{Content, Root, openapi, problem};
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use self::marks::Marks;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "The proving ground",
        description = "Routes that clients of other people judge."
    ),
    tags(
        (name = "Events", description = "Server-sent events"),
        (name = "MessagePack", description = "One value, written twice"),
        (name = "Files", description = "Files of a folder, and names that are hard to send"),
        (name = "Background", description = "Work for after the last byte"),
        (name = "Document", description = "This document")
    )
)]
struct Api;

/// What handlers share.
#[derive(Clone)]
struct Ground {
    marks: Marks,
    root: Root,
    document: Bytes,
}

impl FromRef<Ground> for Marks {
    fn from_ref(ground: &Ground) -> Self {
        ground.marks.clone()
    }
}

impl FromRef<Ground> for Root {
    fn from_ref(ground: &Ground) -> Self {
        ground.root.clone()
    }
}

/// All routes, and the files of this folder beside them. A [`RequestContextLayer`](axum_responses::RequestContextLayer) belongs around it.
///
/// # Panics
/// When the document of the routes is not JSON: never, once it has been seen to start.
pub fn app(root: Root) -> Router {
    let (router, mut api) = OpenApiRouter::with_openapi(Api::openapi())
        .routes(routes!(events::sse))
        .routes(routes!(events::sse_slow))
        .routes(routes!(pack::json))
        .routes(routes!(pack::msgpack))
        .routes(routes!(pack::echo))
        .routes(routes!(files::file))
        .routes(routes!(files::download))
        .routes(routes!(background::bg))
        .routes(routes!(background::log))
        .routes(routes!(document))
        .split_for_parts();
    openapi::finish(&mut api);
    let ground = Ground {
        marks: Marks::default(),
        root: root.inline(),
        document: serde_json::to_vec(&api).expect("a document is JSON").into(),
    };
    router
        .with_state(ground)
        .fallback(problem::not_found)
        .method_not_allowed_fallback(problem::method_not_allowed)
}

/// This document
#[utoipa::path(get, path = "/openapi.json", tag = "Document", responses(Content<JsonType>))]
async fn document(State(ground): State<Ground>) -> Content<JsonType> {
    Content::new(ground.document)
}
