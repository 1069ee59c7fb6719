//! The tour: one route for every example of the documentation.
//!
//! [`app`] is the router, [`context`] what stands around it, [`Folder`] the files it sends; `main.rs` puts
//! them on a socket. Each group of routes has a file of its own. A handler says in its signature what it answers, and in
//! `#[utoipa::path]` names that type once more: the document at `/openapi.json` and the list at
//! `/` follow from it.

mod background;
mod conditional;
mod data;
mod edge;
mod files;
mod folder;
mod group;
mod index;
mod pagination;
mod people;
mod redirect;
mod responses;
mod sse;
mod stream;
mod template;

use axum::Router;
use axum::extract::FromRef;
use axum_pagination::{CursorKey, InMemory};
use axum_responses::template::LoadError;
use axum_responses::{RequestContextLayer, openapi, problem};
use sqlx::SqlitePool;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_swagger_ui::SwaggerUi;

use self::conditional::Shared;
use self::data::{Log, Person};
pub use self::folder::Folder;
use self::group::Grouped;
use self::index::Contents;

#[derive(OpenApi)]
#[openapi(info(
    title = "The tour",
    description = "One route for every example of the documentation of axum-responses, axum-pagination and axum-layered."
))]
struct Api;

/// What handlers share.
#[derive(Clone)]
struct Tour {
    log: Log,
    document: Shared,
    people: InMemory<Person>,
    database: SqlitePool,
    cursor_key: CursorKey,
    // Behind the database, which stands in it.
    folder: Folder,
    contents: Contents,
}

impl FromRef<Tour> for Log {
    fn from_ref(tour: &Tour) -> Self {
        tour.log.clone()
    }
}

impl FromRef<Tour> for Shared {
    fn from_ref(tour: &Tour) -> Self {
        tour.document.clone()
    }
}

impl FromRef<Tour> for InMemory<Person> {
    fn from_ref(tour: &Tour) -> Self {
        tour.people.clone()
    }
}

impl FromRef<Tour> for SqlitePool {
    fn from_ref(tour: &Tour) -> Self {
        tour.database.clone()
    }
}

impl FromRef<Tour> for CursorKey {
    fn from_ref(tour: &Tour) -> Self {
        tour.cursor_key.clone()
    }
}

impl FromRef<Tour> for Folder {
    fn from_ref(tour: &Tour) -> Self {
        tour.folder.clone()
    }
}

impl FromRef<Tour> for Contents {
    fn from_ref(tour: &Tour) -> Self {
        tour.contents.clone()
    }
}

/// All routes, with their document and its user interface; they send the files of this folder, and keep their
/// database in it. [`context`] belongs around it.
///
/// # Errors
/// When the database cannot be made.
///
/// # Panics
/// When the document of the routes is not JSON: never, once it has been seen to start.
pub async fn app(folder: Folder) -> sqlx::Result<Router> {
    let (router, mut api) = OpenApiRouter::with_openapi(Api::openapi())
        .group(
            "/",
            "Index",
            "This list, and the document it is made from",
            index::routes(),
        )
        .group(
            "/responses",
            "Responses",
            "Plain values, media types, negotiation, and what goes around a body",
            responses::routes(),
        )
        .group(
            "/edge",
            "Edges",
            "Headers and cookies made from what a stranger sends",
            edge::routes(),
        )
        .group(
            "/redirect",
            "Redirects",
            "The five statuses, and targets that need care",
            redirect::routes(),
        )
        .group(
            "/files",
            "Files",
            "Names, media types, validators and byte ranges; files that strangers name",
            files::routes(),
        )
        .group(
            "/conditional",
            "Conditional requests",
            "A document that nobody overwrites unseen",
            conditional::routes(),
        )
        .group(
            "/stream",
            "Streams",
            "Bodies that are produced while they are sent",
            stream::routes(),
        )
        .group(
            "/sse",
            "Server-sent events",
            "Streams of events, told apart and resumed",
            sse::routes(),
        )
        .group(
            "/template",
            "Templates",
            "Pages of a folder, and pages that were compiled into the program",
            template::routes(),
        )
        .group(
            "/background",
            "Background tasks",
            "Work for after the last byte",
            background::routes(),
        )
        .group(
            "/pagination",
            "Pagination",
            "One list by number, by offset and by cursor, out of memory and out of SQLite",
            pagination::routes(),
        )
        .split_for_parts();
    openapi::finish(&mut api);

    let tour = Tour {
        log: Log::default(),
        document: Shared::default(),
        people: InMemory::new(Person::all().collect::<Vec<_>>()),
        database: people::database(&folder).await?,
        // Cursors of one's own application outlive it, and all its replicas take them: its key is configured.
        cursor_key: CursorKey::new(*b"no secret: this is an example   "),
        folder,
        contents: Contents::of(&api)
            .expect("the document has a tag and a summary for each operation"),
    };
    let docs = SwaggerUi::new("/docs").config("/openapi.json".into());
    Ok(Router::from(docs)
        .merge(router.with_state(tour))
        .fallback(problem::not_found)
        .method_not_allowed_fallback(problem::method_not_allowed))
}

/// What stands around the routes: the engine that renders their templates.
///
/// # Errors
/// When a template cannot be read or is none.
pub fn context() -> Result<RequestContextLayer, LoadError> {
    Ok(RequestContextLayer::new().template_engine(template::engine()?))
}
