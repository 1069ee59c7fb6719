//! `/layers/cookies`: one cookie of each layer, and one that some of them set otherwise.

use axum_layered::{Declare, Layered, ResponseCookie, SetCookie};
use axum_responses::{Reply, Text};
use utoipa_axum::routes;

use crate::Tour;

pub(crate) fn routes() -> Layered<Tour> {
    let local =
        SetCookie::new("local-cookie", "local value").describe("route handler level cookie");
    let elsewhere = SetCookie::new("my-cookie", "789").path("/other");
    let hidden = ResponseCookie::documented("my-cookie").describe("hidden");

    let controller = Layered::new()
        .named("controller")
        .cookie(
            SetCookie::new("controller-cookie", "controller value")
                .describe("controller level cookie"),
        )
        .cookie(("my-cookie", "123"))
        .routes(routes!(root).cookie(local))
        .routes(routes!(replaced).cookie(("my-cookie", "456")))
        .routes(routes!(other_path).cookie(elsewhere))
        .routes(routes!(dynamic_vs_static))
        .routes(routes!(doc_only).cookie(hidden))
        .routes(routes!(mapping).cookie(("my-cookie", "cookie-value")))
        .routes(routes!(removed).remove_cookie("router-cookie"));
    let router = Layered::new()
        .named("router")
        .cookie(SetCookie::new("router-cookie", "router value").describe("router level cookie"))
        .nest("/controller-path", controller);
    Layered::new()
        .named("app")
        .cookie(SetCookie::new("app-cookie", "app value").describe("app level cookie"))
        .nest("/router-path", router)
}

/// The cookies of four layers, the closest first
#[utoipa::path(get, path = "/", responses(Text))]
async fn root() -> Text<&'static str> {
    Text("hello world")
}

/// The closest layer's wins
#[utoipa::path(get, path = "/override", responses(Text))]
async fn replaced() -> Text<&'static str> {
    Text("override")
}

/// Cookies of one name for two paths are two
#[utoipa::path(get, path = "/override-path", responses(Text))]
async fn other_path() -> Text<&'static str> {
    Text("same key, other path")
}

/// What the response sets wins
#[utoipa::path(get, path = "/dynamic-vs-static", responses(Text))]
async fn dynamic_vs_static() -> Reply<Text<&'static str>> {
    Reply::new(Text("x")).cookie(("my-cookie", "dynamic"))
}

/// A cookie that is documented only: the one from above is not sent
#[utoipa::path(get, path = "/doc-only", responses(Text))]
async fn doc_only() -> Text<&'static str> {
    Text("doc only hides the inherited one")
}

/// The short form of a declaration
#[utoipa::path(get, path = "/mapping", responses(Text))]
async fn mapping() -> Text<&'static str> {
    Text("mapping form")
}

/// A cookie from above that is removed: neither sent nor documented
#[utoipa::path(get, path = "/removed", responses(Text))]
async fn removed() -> Text<&'static str> {
    Text("removed")
}
