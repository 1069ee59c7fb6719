//! Errors: what is declared as `always`, and nothing else.

use axum::Router;
use axum::extract::Query;
use axum::http::StatusCode;
use axum_layered::{
    CacheControl, Declare, ETag, LayerETag, ResponseCookie, ResponseHeader, get, post,
};
use axum_responses::{Problem, Redirect, SetCookie};

use super::{ask, fetch, hello, layered};

#[derive(serde::Deserialize)]
struct Number {
    n: u32,
}

const MINUTE: CacheControl = CacheControl::new().max_age(std::time::Duration::from_secs(60));

fn always() -> Router {
    layered()
        .header(ResponseHeader::new("x-policy", "always").always())
        .header(("x-ordinary", "1"))
        .cookie(("plain", "1"))
        .cookie(ResponseCookie::from(("consent", "none")).always())
        .cache_control(MINUTE)
        .route("/ok", get(hello).etag(ETag::strong("ok")))
        .route(
            "/error",
            get(|| async { Problem::new(StatusCode::NOT_FOUND).detail("nothing here") }),
        )
        .route("/gone", get(|| async { StatusCode::GONE }))
        .route(
            "/broken",
            get(|| async { StatusCode::INTERNAL_SERVER_ERROR }),
        )
        .route(
            "/rejected",
            get(|Query(Number { n }): Query<Number>| async move { n.to_string() }),
        )
        .route(
            "/redirect",
            get(|| async { Redirect::found("/always/ok") }).etag(ETag::strong("redirect")),
        )
        .route("/axums", axum::routing::get(hello).header(("x-own", "1")))
        .route("/posted", post(hello).etag(LayerETag::computed(99)))
        .into_router()
}

const CONSENT: &str = "consent=none; Path=/; SameSite=Lax";

#[tokio::test]
async fn success_has_everything() {
    let answer = fetch(&always(), "/ok").await;
    answer.has(&[
        ("x-policy", "always"),
        ("x-ordinary", "1"),
        ("cache-control", "max-age=60"),
        ("etag", "\"ok\""),
    ]);
    assert_eq!(
        answer.lines("set-cookie"),
        ["plain=1; Path=/; SameSite=Lax", CONSENT]
    );
}

#[tokio::test]
async fn errors_have_what_is_always_and_nothing_else() {
    let app = always();
    for (method, path, status) in [
        ("GET", "/error", 404),
        ("GET", "/gone", 410),
        ("GET", "/broken", 500),
        ("GET", "/rejected", 400),
        ("GET", "/rejected?n=x", 400),
        ("POST", "/ok", 405),
        ("DELETE", "/axums", 405),
        ("GET", "/posted", 405),
    ] {
        let answer = ask(&app, method, path, &[]).await;
        assert_eq!(answer.status, status, "{method} {path}");
        answer.has(&[("x-policy", "always"), ("set-cookie", CONSENT)]);
        answer.has_none(&["x-ordinary", "cache-control", "etag", "x-own"]);
    }
    let allowed = ask(&app, "POST", "/ok", &[]).await;
    allowed.has(&[("allow", "GET,HEAD")]);
}

#[tokio::test]
async fn a_refused_request_is_an_error_and_a_taken_one_is_none() {
    let app = always();
    let answer = fetch(&app, "/rejected?n=7").await;
    assert_eq!((answer.status.as_u16(), answer.body.as_str()), (200, "7"));
    answer.has(&[("x-ordinary", "1")]);
}

#[tokio::test]
async fn redirects_have_everything_but_a_tag() {
    let answer = fetch(&always(), "/redirect").await;
    assert_eq!(answer.status, 302);
    answer.has(&[
        ("x-policy", "always"),
        ("x-ordinary", "1"),
        ("cache-control", "max-age=60"),
    ]);
    assert_eq!(answer.lines("set-cookie").len(), 2);
    answer.has_none(&["etag"]);
}

#[tokio::test]
async fn an_error_of_the_response_keeps_its_own_headers() {
    let app = layered()
        .header(ResponseHeader::new("x-policy", "layer").always())
        .route(
            "/",
            get(|| async {
                (
                    StatusCode::NOT_FOUND,
                    [("x-policy", "own"), ("etag", "\"e\"")],
                )
            }),
        )
        .into_router();
    let answer = ask(&app, "GET", "/", &[("if-none-match", "\"e\"")]).await;
    assert_eq!(answer.status, 404);
    answer.has(&[("x-policy", "own"), ("etag", "\"e\"")]);
}

#[tokio::test]
async fn a_value_for_success_alone_does_not_hide_what_is_always_above() {
    let app = layered()
        .header(ResponseHeader::new("x-policy", "app").always())
        .cookie(ResponseCookie::from(("c", "app")).always())
        .route(
            "/ok",
            get(hello).header(("x-policy", "own")).cookie(("c", "own")),
        )
        .route(
            "/error",
            get(|| async { StatusCode::NOT_FOUND })
                .header(("x-policy", "own"))
                .cookie(("c", "own")),
        )
        .route(
            "/removed",
            get(|| async { StatusCode::NOT_FOUND })
                .remove_header("x-policy")
                .remove_cookie("c"),
        )
        .into_router();
    let answer = fetch(&app, "/ok").await;
    answer.has(&[
        ("x-policy", "own"),
        ("set-cookie", "c=own; Path=/; SameSite=Lax"),
    ]);
    let answer = fetch(&app, "/error").await;
    answer.has(&[
        ("x-policy", "app"),
        ("set-cookie", "c=app; Path=/; SameSite=Lax"),
    ]);
    fetch(&app, "/removed")
        .await
        .has_none(&["x-policy", "set-cookie"]);
}

#[tokio::test]
async fn lines_that_are_appended_are_sent_once_with_a_405() {
    let trace = |of: &'static str| ResponseHeader::new("x-trace", of).append().always();
    let app = layered()
        .header(trace("app"))
        .route("/ours", get(hello).header(trace("ours")))
        .route("/axums", axum::routing::get(hello).header(trace("axums")))
        .route("/own", get(|| async { StatusCode::METHOD_NOT_ALLOWED }))
        .into_router();
    for (method, path, lines) in [
        ("POST", "/ours", &["ours", "app"][..]),
        ("POST", "/axums", &["axums", "app"]),
        ("GET", "/own", &["app"]),
    ] {
        let answer = ask(&app, method, path, &[]).await;
        assert_eq!(answer.status, 405);
        assert_eq!(answer.lines("x-trace"), lines, "{path}");
    }
}

#[tokio::test]
async fn a_405_has_what_is_always_on_its_own_path() {
    let policy = ResponseHeader::new("x-policy", "always").always();
    let app = || {
        let admin = layered()
            .remove_header("x-policy")
            .route("/users", get(hello));
        layered()
            .header(policy.clone())
            .route("/", get(hello))
            .route("/users", get(hello))
            .nest("/admin", admin)
            .into_router()
    };
    let nested = Router::new().nest("/api", app());
    for (app, prefix) in [(&app(), ""), (&nested, "/api")] {
        for (path, sent) in [("/users", true), ("/admin/users", false)] {
            let answer = ask(app, "POST", &format!("{prefix}{path}"), &[]).await;
            assert_eq!(answer.status, 405, "{prefix}{path}");
            assert_eq!(answer.line("x-policy").is_some(), sent, "{prefix}{path}");
        }
    }
    let root = ask(&nested, "POST", "/api", &[]).await;
    assert_eq!(
        (root.status.as_u16(), root.line("x-policy")),
        (405, Some("always"))
    );
}

#[tokio::test]
async fn a_405_of_a_nested_router_of_axums_has_what_is_always_once() {
    let plain = Router::new().route("/users", axum::routing::get(hello));
    let app = layered()
        .header(ResponseHeader::new("x-trace", "app").append().always())
        .route("/users", get(hello))
        .nest("/plain", plain)
        .into_router();
    let answer = ask(&app, "POST", "/plain/users", &[]).await;
    assert_eq!(answer.status, 405);
    assert_eq!(answer.lines("x-trace"), ["app"]);
}

#[tokio::test]
async fn an_error_with_a_cookie_of_its_own_keeps_it() {
    let app = layered()
        .cookie(ResponseCookie::from(("session", "layer")).always())
        .route(
            "/",
            get(|| async {
                let removal = SetCookie::removal("session").to_header().unwrap();
                (StatusCode::UNAUTHORIZED, [("set-cookie", removal)])
            }),
        )
        .into_router();
    let answer = fetch(&app, "/").await;
    answer.has(&[("set-cookie", "session=; Path=/; Max-Age=0; SameSite=Lax")]);
}
