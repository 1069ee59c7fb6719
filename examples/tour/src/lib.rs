//! The tour: one route for every example of the documentation.
//!
//! [`app`] is the router, [`Folder`] the files it sends; `main.rs` puts them on a socket. Each group of routes has a
//! file of its own, and all of them stand on one [`Layered`]. A handler says in its signature what it
//! answers, and in `#[utoipa::path]` names that type once more; what goes around its answer is declared where it is
//! routed. The document at `/openapi.json` and the list at `/` follow from both.

mod background;
mod conditional;
mod custom;
mod data;
mod dynamic;
mod edge;
mod files;
mod folder;
mod group;
mod hooks;
mod index;
mod layers;
mod pagination;
mod people;
mod redirect;
mod responses;
mod sse;
mod status;
mod stream;
mod template;

use std::error::Error;

use axum::Router;
use axum::extract::FromRef;
use axum_layered::{Built, Declare, Explain, Layered};
use axum_pagination::{CursorKey, InMemory};
use sqlx::SqlitePool;
use utoipa::OpenApi;
use utoipa_swagger_ui::SwaggerUi;

use self::conditional::Shared;
use self::data::{Log, Person};
pub use self::folder::Folder;
use self::group::Groups;
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
/// database in it. A [`RequestContextLayer`](axum_responses::RequestContextLayer) around it may bring a shutdown and a tracker.
///
/// # Errors
/// When a template cannot be read, or the database cannot be made.
pub async fn app(folder: Folder) -> Result<Router, Box<dyn Error>> {
    let log = Log::default();
    let built = build(&log)?;
    let tour = Tour {
        log,
        document: Shared::default(),
        people: InMemory::new(Person::all().collect::<Vec<_>>()),
        database: people::database(&folder).await?,
        // Cursors of one's own application outlive it, and all its replicas take them: its key is configured.
        cursor_key: CursorKey::new(*b"no secret: this is an example   "),
        folder,
        contents: Contents::of(&built)?,
    };
    Ok(built.router.with_state(tour))
}

/// What the layers say of each route of [`app`].
///
/// # Errors
/// When a template cannot be read.
pub fn explain() -> Result<Explain, Box<dyn Error>> {
    Ok(build(&Log::default())?.explain)
}

fn build(log: &Log) -> Result<Built<Tour>, Box<dyn Error>> {
    let docs = SwaggerUi::new("/docs").config("/openapi.json".into());
    let app = Layered::new()
        .named("tour")
        .openapi(Api::openapi())
        .template_engine(template::engine()?)
        .merge(Router::from(docs));
    let groups = Groups::of(app)
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
            "/responses/status",
            "Status",
            "The status of success: by method, declared, or chosen by the response",
            status::routes(),
        )
        .group(
            "/layers/headers",
            "Headers on layers",
            "App, router, controller and handler declare headers: the closest wins, the response over all",
            layers::headers::routes(),
        )
        .group(
            "/layers/append",
            "Appended headers",
            "A line of each layer",
            layers::lists::append(),
        )
        .group(
            "/layers/vary",
            "Vary",
            "What each layer says, united",
            layers::lists::vary(),
        )
        .group(
            "/layers/always",
            "Layers and errors",
            "What goes with errors, and what does not",
            layers::always::routes(),
        )
        .group(
            "/layers/cookies",
            "Cookies on layers",
            "App, router, controller and handler declare cookies",
            layers::cookies::routes(),
        )
        .group(
            "/layers/cache-control",
            "Cache-Control on layers",
            "The closest as a whole, or some directives of it",
            layers::cache_control::routes(),
        )
        .group(
            "/layers/etag",
            "Entity tags on layers",
            "Declared, set by the response, or computed from its bytes; 304 for those who have it",
            layers::etag::routes(),
        )
        .group(
            "/dynamic",
            "Set by the response",
            "Headers and cookies that the layers only document",
            dynamic::routes(),
        )
        .group(
            "/hooks",
            "Hooks",
            "What runs when the handler is through",
            hooks::routes(),
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
            "/custom",
            "Custom responses",
            "Values that serde does not know, written by the closest layer that does",
            custom::routes(),
        )
        .group(
            "/background",
            "Background tasks",
            "Work for after the last byte",
            background::routes(log),
        )
        .group(
            "/pagination",
            "Pagination",
            "One list by number, by offset and by cursor, out of memory and out of SQLite",
            pagination::routes(),
        );
    Ok(groups.build()?)
}
