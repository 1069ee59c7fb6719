//! One small server that real clients judge. `main.rs` puts [`app`] on a socket.

mod background;
mod events;
mod files;
mod items;
mod marks;
mod pack;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{FromRef, State};
use axum_responses::media_type::JsonType;
use axum_responses::{Content, Root, openapi, problem};
use sqlx::SqlitePool;
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
        (name = "Items", description = "A small resource over SQLite"),
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
    items: SqlitePool,
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

impl FromRef<Ground> for SqlitePool {
    fn from_ref(ground: &Ground) -> Self {
        ground.items.clone()
    }
}

/// All routes, and the files of this folder beside them. A [`RequestContextLayer`](axum_responses::RequestContextLayer) belongs around it.
///
/// # Errors
/// When there is no memory for the database of the items.
///
/// # Panics
/// When the document of the routes is not JSON: never, once it has been seen to start.
pub async fn app(root: Root) -> sqlx::Result<Router> {
    let (router, mut api) = OpenApiRouter::with_openapi(Api::openapi())
        .routes(routes!(events::sse))
        .routes(routes!(events::sse_slow))
        .routes(routes!(pack::json))
        .routes(routes!(pack::msgpack))
        .routes(routes!(pack::echo))
        .routes(routes!(files::file))
        .routes(routes!(files::download))
        .routes(routes!(items::list, items::create))
        .routes(routes!(items::read, items::update, items::delete))
        .routes(routes!(background::bg))
        .routes(routes!(background::log))
        .routes(routes!(document))
        .split_for_parts();
    openapi::finish(&mut api);
    let ground = Ground {
        marks: Marks::default(),
        root: root.inline(),
        items: items::database().await?,
        document: serde_json::to_vec(&api).expect("a document is JSON").into(),
    };
    Ok(router
        .with_state(ground)
        .fallback(problem::not_found)
        .method_not_allowed_fallback(problem::method_not_allowed))
}

/// This document
#[utoipa::path(get, path = "/openapi.json", tag = "Document", responses(Content<JsonType>))]
async fn document(State(ground): State<Ground>) -> Content<JsonType> {
    Content::new(ground.document)
}
