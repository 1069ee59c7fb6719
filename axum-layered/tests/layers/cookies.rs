//! Cookies on several layers: one per name, path and domain.

use axum::Router;
use axum::response::AppendHeaders;
use axum_layered::{Declare, ResponseCookie, SetCookie, get};
use axum_responses::Reply;

use super::{fetch, hello, layered};

fn four_layers() -> Router {
    let controller = layered()
        .cookie(
            SetCookie::new("controller-cookie", "controller value")
                .describe("controller level cookie"),
        )
        .cookie(("my-cookie", "123"))
        .route("/", get(hello).cookie(("local-cookie", "local value")))
        .route("/override", get(hello).cookie(("my-cookie", "456")))
        .route(
            "/override-path",
            get(hello).cookie(SetCookie::new("my-cookie", "789").path("/other")),
        )
        .route(
            "/dynamic-vs-static",
            get(|| async { <Reply<_>>::new("x").cookie(("my-cookie", "dynamic")) }),
        )
        .route(
            "/doc-only",
            get(hello).cookie(ResponseCookie::documented("my-cookie").describe("hidden")),
        )
        .route(
            "/mapping",
            get(hello).cookies([("my-cookie", "cookie-value"), ("more", "1")]),
        )
        .route("/removed", get(hello).remove_cookie("router-cookie"));
    let router = layered()
        .cookie(("router-cookie", "router value"))
        .nest("/controller-path", controller);
    layered()
        .cookie(("app-cookie", "app value"))
        .nest("/router-path", router)
        .into_router()
}

/// `name=value; Path` of each line.
async fn cookies(app: &Router, path: &str) -> Vec<String> {
    let answer = fetch(app, path).await;
    let lines = answer.lines("set-cookie").into_iter();
    let lines = lines.map(|line| {
        line.trim_end_matches("; SameSite=Lax")
            .replace("; Path=/", " /")
    });
    lines.collect()
}

#[tokio::test]
async fn the_closest_layers_cookies_come_first_each_once() {
    let app = four_layers();
    for (path, expected) in [
        (
            "",
            &[
                "local-cookie=local%20value /",
                "controller",
                "my-cookie=123 /",
                "router",
                "app",
            ][..],
        ),
        (
            "/override",
            &["my-cookie=456 /", "controller", "router", "app"],
        ),
        (
            "/override-path",
            &[
                "my-cookie=789 /other",
                "controller",
                "my-cookie=123 /",
                "router",
                "app",
            ],
        ),
        (
            "/dynamic-vs-static",
            &["my-cookie=dynamic /", "controller", "router", "app"],
        ),
        ("/doc-only", &["controller", "router", "app"]),
        (
            "/mapping",
            &[
                "my-cookie=cookie-value /",
                "more=1 /",
                "controller",
                "router",
                "app",
            ],
        ),
        ("/removed", &["controller", "my-cookie=123 /", "app"]),
    ] {
        let expected: Vec<String> = expected
            .iter()
            .map(|short| match *short {
                layer @ ("controller" | "router" | "app") => {
                    format!("{layer}-cookie={layer}%20value /")
                }
                whole => whole.to_owned(),
            })
            .collect();
        assert_eq!(
            cookies(&app, &format!("/router-path/controller-path{path}")).await,
            expected,
            "{path}"
        );
    }
}

#[tokio::test]
async fn a_cookie_is_known_by_name_path_and_domain() {
    let own = |line: &'static str| get(move || async move { ([("set-cookie", line)], "") });
    let app = layered()
        .cookie(SetCookie::new("a", "layer").domain("example.com"))
        .route("/same", own("a=own; Path=/; Domain=.EXAMPLE.com"))
        .route("/other-domain", own("a=own; Path=/; Domain=example.org"))
        .route("/no-domain", own("a=own; Path=/"))
        .route("/other-path", own("a=own; Path=/x; Domain=example.com"))
        .route("/other-case", own("A=own; Path=/; Domain=example.com"))
        .route(
            "/attributes",
            own("a=own; httponly; domain=example.com; path=/"),
        )
        .into_router();
    for (path, count) in [
        ("/same", 1),
        ("/other-domain", 2),
        ("/no-domain", 2),
        ("/other-path", 2),
        ("/other-case", 2),
        ("/attributes", 1),
    ] {
        let answer = fetch(&app, path).await;
        let lines = answer.lines("set-cookie");
        assert_eq!(lines.len(), count, "{path}: {lines:?}");
        assert!(
            lines[0].contains("=own"),
            "the response's own comes first: {lines:?}"
        );
    }
}

#[tokio::test]
async fn several_cookies_of_the_response_are_left_alone() {
    let app = layered()
        .cookie(("a", "layer"))
        .cookie(("b", "layer"))
        .route(
            "/",
            get(|| async {
                let twice = [("set-cookie", "a=1; Path=/"), ("set-cookie", "a=2; Path=/")];
                (AppendHeaders(twice), "")
            }),
        )
        .into_router();
    assert_eq!(cookies(&app, "/").await, ["a=1 /", "a=2 /", "b=layer /"]);
}

#[tokio::test]
async fn what_is_documented_or_removed_hides_every_cookie_of_the_name() {
    let app = layered()
        .cookie(("a", "1"))
        .cookie(SetCookie::new("a", "2").path("/other"))
        .cookie(("b", "1"))
        .route(
            "/documented",
            get(hello).cookie(ResponseCookie::documented("a")),
        )
        .route("/removed", get(hello).remove_cookie("a"))
        .route(
            "/own",
            get(hello)
                .cookie(("a", "own"))
                .cookie(ResponseCookie::documented("a")),
        )
        .into_router();
    assert_eq!(cookies(&app, "/documented").await, ["b=1 /"]);
    assert_eq!(cookies(&app, "/removed").await, ["b=1 /"]);
    assert_eq!(cookies(&app, "/own").await, ["a=own /", "b=1 /"]);
}

#[tokio::test]
async fn values_are_percent_encoded() {
    let app = layered()
        .cookie(("text", "a b;c,\"ü\""))
        .route("/", get(hello))
        .into_router();
    fetch(&app, "/").await.has(&[(
        "set-cookie",
        "text=a%20b%3Bc%2C%22%C3%BC%22; Path=/; SameSite=Lax",
    )]);
}
