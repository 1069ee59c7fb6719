//! Headers on several layers: who wins.

use axum::Router;
use axum::response::Redirect;
use axum_layered::{Declare, ResponseHeader, get, header};

use super::{ask, fetch, hello, layered};

/// App, router, controller, handler.
fn four_layers() -> Router {
    let controller = layered()
        .header(("controller-level-header", "controller header"))
        .header(("overridden", "controller"))
        .route(
            "/handler-path",
            get(hello)
                .header(header!(
                    "my-local-header",
                    "local header",
                    "local level header"
                ))
                .header(("overridden", "handler")),
        )
        .route("/inherit", get(hello))
        .route(
            "/case",
            get(hello).header(("OVERRIDDEN", "handler, other case")),
        )
        .route(
            "/doc-only",
            get(hello).header(ResponseHeader::documented("Overridden")),
        )
        .route("/removed", get(hello).remove_header("App-Level-Header"))
        .route(
            "/dynamic-wins",
            get(|| async { ([("App-Level-Header", "dynamic")], "dynamic") }),
        )
        .route("/redirect", get(|| async { Redirect::to("/elsewhere") }))
        .route(
            "/mapping",
            get(hello).headers([("my-header", "header-value"), ("my-other", "value")]),
        )
        .route(
            "/method-router",
            axum::routing::get(hello).header(("my-local-header", "local header")),
        );
    let router = layered()
        .header(("router-level-header", "router header"))
        .header(("overridden", "router"))
        .nest("/controller-path", controller);
    layered()
        .header(("app-level-header", "app header"))
        .header(("overridden", "app"))
        .nest("/router-path", router)
        .into_router()
}

const CONTROLLER: &str = "/router-path/controller-path";

/// What the three layers around the handlers send where nothing below speaks.
const INHERITED: [(&str, &str); 3] = [
    ("controller-level-header", "controller header"),
    ("router-level-header", "router header"),
    ("app-level-header", "app header"),
];

#[tokio::test]
async fn each_of_four_layers_sends_its_headers() {
    let answer = fetch(&four_layers(), &format!("{CONTROLLER}/handler-path")).await;
    answer.has(&INHERITED);
    answer.has(&[("my-local-header", "local header")]);
    assert_eq!(answer.body, "hello world");
}

#[tokio::test]
async fn the_closest_layer_wins_whatever_the_case_of_the_name() {
    let app = four_layers();
    for (path, value) in [
        ("handler-path", "handler"),
        ("inherit", "controller"),
        ("case", "handler, other case"),
    ] {
        let answer = fetch(&app, &format!("{CONTROLLER}/{path}")).await;
        answer.has(&[("overridden", value)]);
        answer.has(&INHERITED);
    }
}

#[tokio::test]
async fn what_is_documented_below_is_not_sent_from_above() {
    let answer = fetch(&four_layers(), &format!("{CONTROLLER}/doc-only")).await;
    answer.has_none(&["overridden"]);
    answer.has(&INHERITED);
}

#[tokio::test]
async fn what_is_removed_below_is_not_sent_from_above() {
    let answer = fetch(&four_layers(), &format!("{CONTROLLER}/removed")).await;
    answer.has_none(&["app-level-header"]);
    answer.has(&INHERITED[..2]);
}

#[tokio::test]
async fn a_header_of_the_response_wins_over_every_layer() {
    let answer = fetch(&four_layers(), &format!("{CONTROLLER}/dynamic-wins")).await;
    answer.has(&[("app-level-header", "dynamic")]);
    answer.has(&INHERITED[..2]);
}

#[tokio::test]
async fn redirects_have_the_headers_of_layers() {
    let answer = fetch(&four_layers(), &format!("{CONTROLLER}/redirect")).await;
    assert_eq!(answer.status, 303);
    answer.has(&INHERITED);
    answer.has(&[("location", "/elsewhere")]);
}

#[tokio::test]
async fn a_pair_and_a_method_router_of_axums_may_declare_too() {
    let app = four_layers();
    let answer = fetch(&app, &format!("{CONTROLLER}/mapping")).await;
    answer.has(&[("my-header", "header-value"), ("my-other", "value")]);
    let answer = fetch(&app, &format!("{CONTROLLER}/method-router")).await;
    answer.has(&INHERITED);
    answer.has(&[("my-local-header", "local header")]);
}

#[tokio::test]
async fn head_has_the_headers_of_get_and_no_content() {
    let answer = ask(
        &four_layers(),
        "HEAD",
        &format!("{CONTROLLER}/handler-path"),
        &[],
    )
    .await;
    answer.has(&INHERITED);
    answer.has(&[
        ("my-local-header", "local header"),
        ("content-length", "11"),
    ]);
    assert_eq!(answer.body, "");
}

#[tokio::test]
async fn declarations_hold_for_routes_before_and_after_them() {
    let app = layered()
        .route("/before", get(hello))
        .nest("/nested", layered().route("/", get(hello)))
        .header(("x-layer", "1"))
        .route("/after", get(hello))
        .into_router();
    for path in ["/before", "/after", "/nested"] {
        fetch(&app, path).await.has(&[("x-layer", "1")]);
    }
}

#[tokio::test]
async fn siblings_have_nothing_of_each_other() {
    let one = layered().header(("x-one", "1")).route("/one", get(hello));
    let two = layered().header(("x-two", "2")).route("/two", get(hello));
    let app = layered()
        .header(("x-app", "app"))
        .merge(one)
        .merge(two)
        .into_router();
    let answer = fetch(&app, "/one").await;
    answer.has(&[("x-one", "1"), ("x-app", "app")]);
    answer.has_none(&["x-two"]);
    let answer = fetch(&app, "/two").await;
    answer.has(&[("x-two", "2"), ("x-app", "app")]);
    answer.has_none(&["x-one"]);
}

#[tokio::test]
async fn appended_lines_are_sent_from_each_layer_closest_first() {
    let trace = |of: &'static str| ResponseHeader::new("x-trace", of).append();
    let router = layered()
        .header(trace("router"))
        .route("/all", get(hello).header(trace("handler")))
        .route("/closed", get(hello).header(("x-trace", "only")))
        .route("/removed", get(hello).remove_header("x-trace"))
        .route(
            "/two",
            get(hello).header(trace("first")).header(trace("second")),
        )
        .route(
            "/last",
            get(hello).header(trace("own")).remove_header("x-trace"),
        )
        .route("/dynamic", get(|| async { ([("x-trace", "dynamic")], "") }));
    let app = layered()
        .header(trace("app"))
        .nest("/append", router)
        .into_router();
    for (path, lines) in [
        ("all", &["handler", "router", "app"][..]),
        ("closed", &["only"]),
        ("removed", &[]),
        ("two", &["first", "second", "router", "app"]),
        ("last", &["own"]),
        ("dynamic", &["dynamic", "router", "app"]),
    ] {
        let answer = fetch(&app, &format!("/append/{path}")).await;
        assert_eq!(answer.lines("x-trace"), lines, "{path}");
    }
}

#[tokio::test]
async fn a_plain_header_closes_its_name_to_lines_from_above() {
    let app = layered()
        .header(ResponseHeader::new("link", "</app>; rel=a").append())
        .nest(
            "/plain",
            layered()
                .header(("Link", "</router>; rel=b"))
                .route("/", get(hello)),
        )
        .into_router();
    let answer = fetch(&app, "/plain").await;
    assert_eq!(answer.lines("link"), ["</router>; rel=b"]);
}

#[tokio::test]
async fn vary_is_united_over_layers_and_the_response() {
    let app = layered()
        .header(("vary", "Origin"))
        .route(
            "/vary",
            get(|| async { ([("Vary", "Accept")], "vary") })
                .header(("vary", "Accept-Encoding, origin")),
        )
        .route("/star", get(|| async { ([("vary", "*")], "star") }))
        .route("/star-layer", get(hello).header(("VARY", "*")))
        .route("/inherit", get(hello))
        .route("/removed", get(hello).remove_header("vary"))
        .into_router();
    for (path, united) in [
        ("/vary", Some("Accept, Accept-Encoding, origin")),
        ("/star", Some("*")),
        ("/star-layer", Some("*")),
        ("/inherit", Some("Origin")),
        ("/removed", None),
    ] {
        assert_eq!(fetch(&app, path).await.line("vary"), united, "{path}");
    }
}
