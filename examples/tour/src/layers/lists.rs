//! `/layers/append` and `/layers/vary`: headers that add up over the layers.

use axum_layered::{Declare, Layered, ResponseHeader, header};
use axum_responses::{Reply, Text};
use utoipa_axum::routes;

use crate::Tour;

pub(crate) fn append() -> Layered<Tour> {
    let trace = |layer: &'static str| ResponseHeader::new("x-trace", layer).append();
    let router = Layered::new()
        .named("router")
        .header(trace("router"))
        .routes(routes!(all).header(trace("handler")))
        .routes(routes!(closed).header(header!("x-trace", "only")));
    Layered::new()
        .named("app")
        .header(trace("app").describe("which layers the response came through"))
        .merge(router)
}

/// A line of each layer
#[utoipa::path(get, path = "/all", responses(Text))]
async fn all() -> Text<&'static str> {
    Text("all")
}

/// A plain declaration closes the name to the layers above
#[utoipa::path(get, path = "/closed", responses(Text))]
async fn closed() -> Text<&'static str> {
    Text("closed")
}

pub(crate) fn vary() -> Layered<Tour> {
    let coding = || header!("vary", "Accept-Encoding");
    Layered::new()
        .named("router")
        .header(header!("vary", "Origin", "what a cache has to tell apart"))
        .routes(routes!(united).header(coding()))
        .routes(routes!(star).header(coding()))
}

/// Two layers and the response, united
#[utoipa::path(get, path = "/", responses(Text))]
async fn united() -> Reply<Text<&'static str>> {
    Reply::new(Text("vary")).header(("Vary", "Accept"))
}

/// Nothing can be told apart: `*` swallows the rest
#[utoipa::path(get, path = "/star", responses(Text))]
async fn star() -> Reply<Text<&'static str>> {
    Reply::new(Text("star")).header(("Vary", "*"))
}
