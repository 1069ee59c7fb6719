//! `/layers/headers`: one header of each layer, and one that all of them declare.

use axum::extract::{Request, State};
use axum_layered::{Declare, Layered, ResponseHeader, header};
use axum_responses::media_type::PlainText;
use axum_responses::problem::ProblemOf;
use axum_responses::{Delegated, File, FileError, Redirect, Reply, Stream, Text};
use tower::service_fn;
use utoipa_axum::routes;

use crate::Tour;
use crate::folder::Folder;
use crate::responses::legacy;

pub(crate) fn routes() -> Layered<Tour> {
    let local = header!("my-local-header", "local header", "local level header");
    let handler = header!("overridden", "handler", "declared on all layers");
    let hidden = ResponseHeader::documented("overridden").describe("hides the value");
    let x_service = ResponseHeader::documented("x-service").describe("which service answered");

    let controller = Layered::new()
        .named("controller")
        .header(header!(
            "controller-level-header",
            "controller header",
            "controller level header"
        ))
        .header(header!("overridden", "controller"))
        .routes(routes!(handler_path).header(local).header(handler))
        .routes(routes!(inherit))
        .routes(routes!(case).header(header!("OVERRIDDEN", "handler, other case")))
        .routes(routes!(doc_only).header(hidden))
        .routes(routes!(removed).remove_header("app-level-header"))
        .routes(routes!(dynamic_wins))
        .routes(routes!(error))
        .routes(routes!(redirect))
        .routes(routes!(stream))
        .routes(routes!(file))
        .routes(routes!(service).header(x_service))
        .routes(routes!(mapping).header(("my-header", "header-value")));
    let router = Layered::new()
        .named("router")
        .header(header!(
            "router-level-header",
            "router header",
            "router level header"
        ))
        .header(header!("overridden", "router"))
        .nest("/controller-path", controller);
    Layered::new()
        .named("app")
        .header(header!(
            "app-level-header",
            "app header",
            "app level header"
        ))
        .header(header!("overridden", "app"))
        .nest("/router-path", router)
}

/// A header of each of four layers, and one that all of them declare
#[utoipa::path(get, path = "/handler-path", responses(Text))]
async fn handler_path() -> Text<&'static str> {
    Text("hello world")
}

/// The headers of three layers
#[utoipa::path(get, path = "/inherit", responses(Text))]
async fn inherit() -> Text<&'static str> {
    Text("no local headers")
}

/// Names of headers compare without regard to case
#[utoipa::path(get, path = "/case", responses(Text))]
async fn case() -> Text<&'static str> {
    Text("case")
}

/// A header that is documented only: the value from above is not sent
#[utoipa::path(get, path = "/doc-only", responses(Text))]
async fn doc_only() -> Text<&'static str> {
    Text("documentation_only at the handler removes the inherited value")
}

/// A header from above that is removed: neither sent nor documented
#[utoipa::path(get, path = "/removed", responses(Text))]
async fn removed() -> Text<&'static str> {
    Text("removed")
}

/// What the response sets wins
#[utoipa::path(get, path = "/dynamic-wins", responses(Text))]
async fn dynamic_wins() -> Reply<Text<&'static str>> {
    Reply::new(Text("dynamic")).header(("App-Level-Header", "dynamic"))
}

/// An error has none of it
#[utoipa::path(get, path = "/error", responses(ProblemOf<404>))]
async fn error() -> ProblemOf<404> {
    ProblemOf::detail("nothing here")
}

/// A redirect has all of it
#[utoipa::path(get, path = "/redirect", responses(Redirect))]
async fn redirect() -> Redirect {
    Redirect::to("/elsewhere")
}

/// So has a stream
#[utoipa::path(get, path = "/stream", responses(Stream<PlainText>))]
async fn stream() -> Stream<PlainText> {
    Stream::iter(["a", "b"])
}

/// So has a file
#[utoipa::path(get, path = "/file", responses(File, FileError))]
async fn file(State(folder): State<Folder>) -> Result<File, FileError> {
    Ok(File::open(folder.file("hello.txt"))
        .await?
        .attachment("hello.txt"))
}

/// So has what a service answers
#[utoipa::path(get, path = "/service", responses((status = 203, description = "What the service answers", body = String)))]
async fn service(request: Request) -> Delegated {
    Delegated::to(service_fn(legacy), request).await
}

/// The short form of a declaration
#[utoipa::path(get, path = "/mapping", responses(Text))]
async fn mapping() -> Text<&'static str> {
    Text("mapping form")
}
