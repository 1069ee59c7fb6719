//! One small server that real clients judge. `main.rs` puts [`app`] on a socket.

mod background;
mod cache;
mod cookies;
mod events;
mod files;
mod items;
mod marks;
mod pack;

use std::error::Error;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{FromRef, State};
use axum_layered::Layered;
use axum_responses::media_type::JsonType;
use axum_responses::{Content, Root, problem};
use sqlx::SqlitePool;
use utoipa::OpenApi;
use utoipa_axum::routes;

use self::cache::Hits;
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
        (name = "Cookies", description = "One of each kind"),
        (name = "Caches", description = "What caches keep, and for how long"),
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
    hits: Hits,
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

impl FromRef<Ground> for Hits {
    fn from_ref(ground: &Ground) -> Self {
        ground.hits.clone()
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
pub async fn app(root: Root) -> Result<Router, Box<dyn Error>> {
    let built = Layered::new()
        .openapi(Api::openapi())
        .routes(routes!(events::sse))
        .routes(routes!(events::sse_slow))
        .routes(routes!(pack::json))
        .routes(routes!(pack::msgpack))
        .routes(routes!(pack::echo))
        .merge(cookies::routes())
        .mount("/cache", cache::routes())
        .routes(routes!(files::file))
        .routes(routes!(files::download))
        .routes(routes!(items::list, items::create))
        .routes(routes!(items::read, items::update, items::delete))
        .routes(routes!(background::bg))
        .routes(routes!(background::log))
        .routes(routes!(document))
        .fallback(problem::not_found)
        .method_not_allowed_fallback(problem::method_not_allowed)
        .build()?;
    let ground = Ground {
        marks: Marks::default(),
        root: root.inline(),
        items: items::database().await?,
        hits: Hits::default(),
        document: serde_json::to_vec(&built.openapi)?.into(),
    };
    Ok(built.router.with_state(ground))
}

/// This document
#[utoipa::path(get, path = "/openapi.json", tag = "Document", responses(Content<JsonType>))]
async fn document(State(ground): State<Ground>) -> Content<JsonType> {
    Content::new(ground.document)
}
