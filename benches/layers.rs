//! Four layers, each with two headers, a cookie, cache-control and an entity tag: ours, and what is written for it today.

use axum::Router;
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::{AppendHeaders, IntoResponse};
use axum::routing::get;
use axum_layered::{CacheControl, Declare, ETag, Layered, SetCookie};
use tower_http::set_header::SetResponseHeaderLayer;

const CACHE: CacheControl = CacheControl::new().public().must_revalidate();

async fn handler() -> &'static str {
    "hello"
}

/// What goes out in the end, by hand: the closest of what stands on several layers.
async fn by_hand() -> impl IntoResponse {
    (
        [
            ("x-app-one", "1"),
            ("x-app-two", "2"),
            ("x-router-one", "1"),
            ("x-router-two", "2"),
            ("x-controller-one", "1"),
            ("x-controller-two", "2"),
            ("x-handler-one", "1"),
            ("x-handler-two", "2"),
            ("cache-control", "public, must-revalidate"),
            ("etag", "\"handler\""),
        ],
        AppendHeaders([
            (header::SET_COOKIE, "handler=1; Path=/; SameSite=Lax"),
            (header::SET_COOKIE, "controller=1; Path=/; SameSite=Lax"),
            (header::SET_COOKIE, "router=1; Path=/; SameSite=Lax"),
            (header::SET_COOKIE, "app=1; Path=/; SameSite=Lax"),
        ]),
        "hello",
    )
}

macro_rules! level {
    ($to:expr, $name:literal) => {
        $to.header((concat!("x-", $name, "-one"), "1"))
            .header((concat!("x-", $name, "-two"), "2"))
            .cookie(SetCookie::new($name, "1"))
            .cache_control(CACHE)
            .etag(ETag::strong($name))
    };
}

/// One header on one level, as tower-http has it.
fn set(name: &'static str, value: &'static str) -> SetResponseHeaderLayer<HeaderValue> {
    SetResponseHeaderLayer::if_not_present(
        HeaderName::from_static(name),
        HeaderValue::from_static(value),
    )
}

macro_rules! stacked {
    ($to:expr, $name:literal) => {
        $to.layer(set(concat!("x-", $name, "-one"), "1"))
            .layer(set(concat!("x-", $name, "-two"), "2"))
            .layer(SetResponseHeaderLayer::appending(
                header::SET_COOKIE,
                HeaderValue::from_static(concat!($name, "=1; Path=/; SameSite=Lax")),
            ))
            .layer(set("cache-control", "public, must-revalidate"))
            .layer(set("etag", concat!("\"", $name, "\"")))
    };
}

/// Each has two layers between the application and the handler.
pub(crate) fn routes() -> Router {
    let ours = |path: &str, put: fn(Layered, &str, Layered) -> Layered| {
        let handler = level!(axum_layered::get(handler), "handler");
        let controller = level!(Layered::new(), "controller").route("/handler", handler);
        let router = put(level!(Layered::new(), "router"), "/controller", controller);
        put(level!(Layered::new(), "app"), path, router).into_router()
    };
    let flat = level!(Layered::new(), "controller").route(
        "/layers/flat/ours",
        level!(axum_layered::get(handler), "handler"),
    );
    let flat = level!(Layered::new(), "router").merge(flat);
    let flat = level!(Layered::<()>::new(), "app")
        .merge(flat)
        .into_router();
    let by_hand_below =
        |path, routes: Router| Router::new().nest(path, Router::new().nest("/controller", routes));
    let plain = || Router::new().route("/handler", get(handler));
    let controller = stacked!(stacked!(plain(), "handler"), "controller");
    let router = stacked!(Router::new().nest("/controller", controller), "router");
    let stacked = stacked!(Router::new().nest("/stacked", router), "app");
    Router::new()
        .merge(ours("/nested", Layered::nest))
        .merge(ours("/mounted", Layered::mount))
        .merge(stacked)
        .merge(by_hand_below(
            "/hand",
            Router::new().route("/handler", get(by_hand)),
        ))
        .merge(by_hand_below("/mapped", plain()).layer(axum::middleware::map_response(map)))
        .merge(flat)
        .route("/layers/flat", get(by_hand))
        .route("/layers/plain", get(handler))
        .merge(
            Layered::new()
                .route("/layers/nothing", axum_layered::get(handler))
                .into_router(),
        )
}

/// One middleware that sets all of it.
async fn map(response: axum::response::Response) -> impl IntoResponse {
    let (parts, body) = response.into_parts();
    let mut headers = by_hand().await.into_response().headers().clone();
    headers.extend(parts.headers);
    (headers, body)
}
