//! `/template`: pages of a folder, rendered while the program runs, and pages that were compiled into it.

use axum_layered::{Declare, Layered};
use axum_responses::media_type::{PlainText, XmlType};
use axum_responses::problem::{ProblemOf, Query};
use axum_responses::rejection::InvalidQuery;
use axum_responses::template::{LoadError, MiniJinja, Named};
use axum_responses::{MediaType, Reply, Template, context};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::routes;

use crate::Tour;

pub(crate) fn routes() -> Layered<Tour> {
    Layered::new()
        .routes(routes!(info))
        .routes(routes!(string))
        .routes(routes!(txt))
        .routes(routes!(xml))
        .routes(routes!(missing))
        .routes(routes!(undefined))
        .routes(routes!(media))
        .routes(routes!(status_decorator).status(202))
        .routes(routes!(status_instance))
        .routes(routes!(minijinja))
        .routes(routes!(askama))
        .routes(routes!(askama_txt))
}

/// Renders the pages in `templates/pages`.
pub(crate) fn engine() -> Result<MiniJinja, LoadError> {
    MiniJinja::from_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/templates/pages"))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct User {
    /// Whom the page is about
    #[serde(default = "moishe")]
    #[param(default = "moishe")]
    user: String,
}

fn moishe() -> String {
    "moishe".to_owned()
}

/// A page from the folder
#[utoipa::path(get, path = "/info", params(User), responses(Template, InvalidQuery))]
async fn info(Query(User { user }): Query<User>) -> Template {
    Template::named("info.html", context! { user })
}

/// A page from a string: what is put in is escaped
#[utoipa::path(get, path = "/string", responses(Template))]
async fn string() -> Template {
    Template::source(
        "Hello <strong>{{ name }}</strong>",
        context! { name => "<b>" },
    )
}

/// A text from the folder: nothing is escaped
#[utoipa::path(get, path = "/txt", responses(Template<Named, PlainText>))]
async fn txt() -> Template<Named, PlainText> {
    Template::named("note.txt", context! { user => "<b>" })
}

/// A feed from the folder: the suffix before `.jinja` counts
#[utoipa::path(get, path = "/xml", responses(Template<Named, XmlType>))]
async fn xml() -> Template<Named, XmlType> {
    Template::named("feed.xml.jinja", context! { user => "<b>" })
}

/// A page that is not there: a 500 that does not say so
#[utoipa::path(
    get,
    path = "/missing",
    responses(Template, ProblemOf<500>)
)]
async fn missing() -> Template {
    Template::named("nope.html", ())
}

/// A page that is told too little: a 500 that does not say so
#[utoipa::path(
    get,
    path = "/undefined",
    responses(Template, ProblemOf<500>)
)]
async fn undefined() -> Template {
    Template::named("info.html", ())
}

/// A media type chosen at run time
#[utoipa::path(get, path = "/media", responses(Template<Named, PlainText>))]
async fn media() -> Template {
    Template::named("info.html", context! { user => "x" }).media_type(MediaType::TEXT)
}

/// A page with another status, declared for the route
#[utoipa::path(get, path = "/status-decorator", responses(Template))]
async fn status_decorator() -> Template {
    Template::named("info.html", context! { user => "x" })
}

/// A page with another status
#[utoipa::path(get, path = "/status-instance", responses(Reply<Template, 202>))]
async fn status_instance() -> Reply<Template, 202> {
    Reply::new(Template::named("info.html", context! { user => "x" }))
}

/// A page from the folder, rendered by minijinja
#[utoipa::path(get, path = "/minijinja", responses(Template))]
async fn minijinja() -> Template {
    Template::named("info.html", context! { user => "<b>" })
}

#[derive(askama::Template)]
#[template(path = "pages/info.html")]
struct InfoPage {
    user: String,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct BoldUser {
    /// Whom the page is about
    #[serde(default = "bold")]
    #[param(default = "<b>")]
    user: String,
}

fn bold() -> String {
    "<b>".to_owned()
}

/// The same page, compiled into the program by askama
#[utoipa::path(get, path = "/askama", params(BoldUser), responses(Template<InfoPage>, InvalidQuery))]
async fn askama(Query(BoldUser { user }): Query<BoldUser>) -> Template<InfoPage> {
    Template::new(InfoPage { user })
}

#[derive(askama::Template)]
#[template(path = "pages/note.txt")]
struct Note {
    user: &'static str,
}

/// The same text, compiled into the program by askama
#[utoipa::path(get, path = "/askama-txt", responses(Template<Note, PlainText>))]
async fn askama_txt() -> Template<Note, PlainText> {
    Template::new(Note { user: "<b>" })
}
