//! Infinite scroll over SQLite or PostgreSQL: filters, orders, signed cursors. `main.rs` puts [`app`] on a socket.

mod database;
mod page;
mod post;
mod seed;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{FromRef, State};
use axum_pagination::{CursorKey, CursorPage, CursorParams, PageError, Sort};
use axum_responses::media_type::JsonType;
use axum_responses::problem::{self, Path, ProblemOf, Query};
use axum_responses::rejection::{ContentRejection, InvalidPath};
use axum_responses::{Content, Json, Problem, Reply, openapi};
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub use self::database::Database;
use self::post::{Draft, Filter, Post};

#[derive(OpenApi)]
#[openapi(info(
    title = "Posts",
    description = "One list in several orders, page by page."
))]
struct Api;

#[derive(Clone)]
struct Posts {
    database: Database,
    cursor_key: CursorKey,
    document: Bytes,
}

impl FromRef<Posts> for Database {
    fn from_ref(posts: &Posts) -> Self {
        posts.database.clone()
    }
}

impl FromRef<Posts> for CursorKey {
    fn from_ref(posts: &Posts) -> Self {
        posts.cursor_key.clone()
    }
}

/// All routes. Every server that answers for the same posts needs the same key.
///
/// # Panics
/// When the document of the routes is not JSON: never, once it has been seen to start.
pub fn app(database: Database, cursor_key: CursorKey) -> Router {
    let (router, mut api) = OpenApiRouter::with_openapi(Api::openapi())
        .routes(routes!(page::index))
        .routes(routes!(list, add))
        .routes(routes!(read))
        .routes(routes!(document))
        .split_for_parts();
    openapi::finish(&mut api);
    let document = serde_json::to_vec(&api).expect("a document is JSON");
    router
        .with_state(Posts {
            database,
            cursor_key,
            document: document.into(),
        })
        .fallback(problem::not_found)
        .method_not_allowed_fallback(problem::method_not_allowed)
}

/// Posts, page by page
#[utoipa::path(get, path = "/posts", params(Filter, Sort<Post>, CursorParams), responses(CursorPage<Post>, PageError))]
async fn list(
    State(database): State<Database>,
    State(key): State<CursorKey>,
    Query(filter): Query<Filter>,
    sort: Sort<Post>,
    page: CursorParams,
) -> Result<CursorPage<Post>, PageError> {
    database.page(&filter, &sort, &key, &page).await
}

/// One more post
#[utoipa::path(post, path = "/posts", request_body = Draft, responses(
    (status = 201, description = "The post as it is stored", body = Post, headers(
        ("location" = String, description = "Where it can be read")
    )),
    ContentRejection
))]
async fn add(
    State(database): State<Database>,
    Json(draft): Json<Draft>,
) -> Result<Reply<Json<Post>, 201>, Problem> {
    let post = database.add(&draft).await.map_err(failed)?;
    let location = format!("/posts/{}", post.id);
    Ok(Reply::new(Json(post)).header(("location", location)))
}

/// A post
#[utoipa::path(get, path = "/posts/{id}", params(
    ("id" = i64, Path, description = "Of which post", example = 1)
), responses(Json<Post>, ProblemOf<404>, InvalidPath))]
async fn read(
    State(database): State<Database>,
    Path(id): Path<i64>,
) -> Result<Json<Post>, Problem> {
    let post = database.post(id).await.map_err(failed)?;
    let none = || ProblemOf::<404>::detail("There is no such post.");
    Ok(Json(post.ok_or_else(none)?))
}

/// What clients see of an error of the database: nothing.
#[expect(clippy::needless_pass_by_value, reason = "it stands in `map_err`")]
fn failed(error: sqlx::Error) -> Problem {
    tracing::error!(%error, "the database does not do as it is told");
    Problem::internal()
}

/// This document
#[utoipa::path(get, path = "/openapi.json", responses(Content<JsonType>))]
async fn document(State(posts): State<Posts>) -> Content<JsonType> {
    Content::new(posts.document)
}
