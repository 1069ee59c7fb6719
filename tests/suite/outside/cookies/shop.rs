//! Cookies of four layers, and routes that say what came back of them.

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime};

use axum::Router;
use axum::http::StatusCode;
use axum::http::header::SET_COOKIE;
use axum::response::Response;
use axum_extra::extract::CookieJar;
use axum_layered::{Declare, Layered, ResponseCookie, SameSite, SetCookie, get};
use axum_responses::{Json, Problem, Redirect, Reply, Text};

/// Any text is a value.
pub(super) const ANY_TEXT: &str = "a b; \"c\", 100% \\ ☃ =";

/// What the server reads, by name.
async fn back(jar: CookieJar) -> Json<BTreeMap<String, String>> {
    let pairs = jar
        .iter()
        .map(|cookie| (cookie.name().to_owned(), cookie.value().to_owned()));
    Json(pairs.collect())
}

async fn hello() -> Text<&'static str> {
    Text("hello")
}

async fn dynamic() -> Reply<Text<&'static str>> {
    Reply::new(Text("hello")).cookie(("my-cookie", "dynamic"))
}

async fn hook(mut response: Response) -> Response {
    let cookie = SetCookie::new("my-cookie", "of the hook").to_header();
    response.headers_mut().append(SET_COOKIE, cookie.unwrap());
    response
}

fn four_layers() -> Layered {
    let controller = Layered::new()
        .named("controller")
        .cookie(("controller-cookie", "controller value"))
        .cookie(("my-cookie", "123"))
        .route("/four", get(hello).cookie(("local-cookie", "local value")))
        .route("/override", get(hello).cookie(("my-cookie", "456")))
        .route(
            "/other-path",
            get(hello).cookie(SetCookie::new("my-cookie", "789").path("/other")),
        )
        .route(
            "/other-domain",
            get(hello).cookie(SetCookie::new("my-cookie", "abc").domain("example.test")),
        )
        .route("/dynamic", get(dynamic))
        .route("/hook", get(dynamic).after_request(hook))
        .route(
            "/removal",
            get(hello).cookie(SetCookie::removal("router-cookie")),
        )
        .route(
            "/other-path-removal",
            get(hello).cookie(SetCookie::removal("my-cookie").path("/other")),
        )
        .route("/not-sent", get(hello).remove_cookie("app-cookie"))
        .route(
            "/documented",
            get(hello).cookie(ResponseCookie::documented("my-cookie")),
        )
        .route("/moved", get(async || Redirect::found("/back")))
        .route("/error", get(async || Problem::new(StatusCode::NOT_FOUND)));
    let router = Layered::new()
        .named("router")
        .cookie(("router-cookie", "router value"))
        .nest("/controller", controller);
    Layered::new()
        .named("app")
        .cookie(("app-cookie", "app value"))
        .cookie(ResponseCookie::from(("consent", "none")).always())
        .nest("/shop", router)
}

pub(super) fn app() -> Router {
    let set = |name: &'static str| SetCookie::new(name, "v");
    let others = Layered::<()>::new()
        .route("/back", get(back))
        .route("/any-text", get(hello).cookie(("any-text", ANY_TEXT)))
        .route(
            "/deep/attributes",
            get(hello)
                .cookie(set("__Host-host").secure(true))
                .cookie(set("__Secure-secure").secure(true))
                .cookie(
                    set("partitioned")
                        .secure(true)
                        .same_site(SameSite::None)
                        .partitioned(true),
                )
                .cookie(set("strict").same_site(SameSite::Strict).http_only(true))
                .cookie(set("aged").max_age(Duration::from_secs(3600)))
                .cookie(set("expired").expires(SystemTime::UNIX_EPOCH))
                .cookie(set("no-path").without_path())
                .cookie(set("of-others").domain("example.com")),
        );
    four_layers().into_router().merge(others.into_router())
}
