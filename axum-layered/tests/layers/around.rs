//! What people put around it: tower-http's layers, middleware functions, panics.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use axum_layered::{Declare, ETag, LayerETag, ResponseHeader, get};
use axum_responses::conditional::AroundCompressionLayer;
use axum_responses::sse::{Event, ServerSentEvent};
use tower_http::compression::CompressionLayer;
use tower_http::cors::CorsLayer;
use tower_http::request_id::{MakeRequestUuid, PropagateRequestIdLayer, SetRequestIdLayer};
use tower_http::timeout::TimeoutLayer;
use tower_http::trace::TraceLayer;

use super::{ask, fetch, hello, layered, send};

async fn long() -> String {
    "hello ".repeat(99)
}

#[tokio::test]
async fn compression_goes_around_it() {
    let app = layered()
        .header(("x", "1"))
        .header(("vary", "Origin"))
        .etag(ETag::strong("v"))
        .route("/", get(long))
        .route("/computed", get(long).etag(LayerETag::computed(1 << 20)))
        .route(
            "/events",
            get(|| async { ServerSentEvent::iter([Event::data("x")]) }),
        )
        .layer(CompressionLayer::new())
        .layer(AroundCompressionLayer::new())
        .into_router();
    let gzip = ("accept-encoding", "gzip");
    let coded = send(&app, "GET", "/", &[gzip]).await;
    let headers = coded.headers();
    assert_eq!(headers["content-encoding"], "gzip");
    assert_eq!(headers["etag"], "W/\"v\"");
    let vary = headers
        .get_all("vary")
        .iter()
        .map(|line| line.to_str().unwrap());
    assert_eq!(vary.collect::<Vec<_>>(), ["Origin", "accept-encoding"]);
    for tag in ["W/\"v\"", "\"v\""] {
        let answer = ask(&app, "GET", "/", &[gzip, ("if-none-match", tag)]).await;
        assert_eq!(answer.status, 304);
        answer.has(&[("etag", tag), ("x", "1")]);
        answer.has_none(&["content-encoding"]);
    }
    let computed = send(&app, "GET", "/computed", &[gzip]).await;
    let tag = computed.headers()["etag"].to_str().unwrap().to_owned();
    let again = ask(&app, "GET", "/computed", &[gzip, ("if-none-match", &tag)]).await;
    assert_eq!(again.status, 304);
    let events = ask(&app, "GET", "/events", &[gzip]).await;
    events.has_none(&["content-encoding"]);
}

#[tokio::test]
async fn timeout_trace_cors_and_request_ids_go_around_it() {
    let soon = Duration::from_millis(20);
    let app = layered()
        .header(("x", "1"))
        .header(ResponseHeader::new("x-policy", "always").always())
        .route("/", get(hello))
        .route("/slow", get(std::future::pending::<()>))
        .layer(TimeoutLayer::with_status_code(
            StatusCode::REQUEST_TIMEOUT,
            soon,
        ))
        .layer(TraceLayer::new_for_http())
        .layer(CorsLayer::permissive())
        .layer(PropagateRequestIdLayer::x_request_id())
        .layer(SetRequestIdLayer::x_request_id(MakeRequestUuid))
        .into_router();
    let origin = ("origin", "https://example.com");
    let answer = ask(&app, "GET", "/", &[origin]).await;
    answer.has(&[("x", "1"), ("access-control-allow-origin", "*")]);
    assert!(answer.line("x-request-id").is_some());
    let late = fetch(&app, "/slow").await;
    assert_eq!(late.status, 408);
    late.has(&[("x-policy", "always")]);
    late.has_none(&["x"]);
    let asked = ("access-control-request-method", "GET");
    let preflight = ask(&app, "OPTIONS", "/", &[origin, asked]).await;
    assert_eq!(preflight.status, 200);
    assert!(preflight.line("access-control-allow-methods").is_some());
}

async fn marks(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let seen = response.headers().contains_key("x-layer").to_string();
    let headers = response.headers_mut();
    headers.insert("x-seen", seen.parse().unwrap());
    headers.insert("x-both", HeaderValue::from_static("middleware"));
    response
}

#[tokio::test]
async fn middleware_around_a_layer_sees_what_it_sends_and_may_change_it() {
    let app = layered()
        .header(("x-layer", "1"))
        .header(("x-both", "layer"))
        .route("/", get(hello))
        .layer(from_fn(marks))
        .into_router();
    fetch(&app, "/")
        .await
        .has(&[("x-seen", "true"), ("x-both", "middleware")]);
}

/// Answers in the handler's place, unless the request says who it is from.
async fn refuses(request: Request, next: Next) -> Response {
    if request.headers().contains_key("authorization") {
        return next.run(request).await;
    }
    let own = [("x-trace", "middleware")];
    (StatusCode::UNAUTHORIZED, own).into_response()
}

#[tokio::test]
async fn an_error_of_middleware_has_what_is_always_where_the_request_was_going() {
    let trace = |of: &'static str| ResponseHeader::new("x-trace", of).append().always();
    let policy = |of: &'static str| ResponseHeader::new("x-policy", of).always();
    let gone = || get(|| async { StatusCode::GONE });
    let admin = layered()
        .header(policy("admin"))
        .header(("x-ordinary", "1"))
        .route("/both", gone().header(trace("get")))
        .route("/both", axum_layered::post(hello).header(trace("post")))
        .route("/removed", gone().remove_header("x-policy"))
        .layer(from_fn(refuses));
    let app = layered()
        .header(policy("app"))
        .nest("/admin", admin)
        .into_router();
    let nested = Router::new().nest("/api", app.clone());
    for (app, prefix) in [(&app, ""), (&nested, "/api")] {
        for (method, path, lines, policy) in [
            (
                "GET",
                "/admin/both",
                &["middleware", "get"][..],
                Some("admin"),
            ),
            ("HEAD", "/admin/both", &["middleware", "get"], Some("admin")),
            (
                "POST",
                "/admin/both",
                &["middleware", "post"],
                Some("admin"),
            ),
            ("PUT", "/admin/both", &["middleware", "get"], Some("admin")),
            ("GET", "/admin/removed", &["middleware"], None),
        ] {
            let path = format!("{prefix}{path}");
            let answer = ask(app, method, &path, &[]).await;
            assert_eq!(answer.status, 401, "{method} {path}");
            assert_eq!(answer.lines("x-trace"), lines, "{method} {path}");
            assert_eq!(answer.line("x-policy"), policy, "{method} {path}");
            answer.has_none(&["x-ordinary"]);
        }
        // The endpoint's own error has them once.
        let known = [("authorization", "me")];
        let answer = ask(app, "GET", &format!("{prefix}/admin/both"), &known).await;
        assert_eq!(answer.status, 410);
        answer.has(&[("x-trace", "get"), ("x-policy", "admin")]);
    }
}

#[tokio::test]
async fn a_status_that_middleware_changes_adds_no_line_again() {
    let turns = |mut response: Response| async move {
        *response.status_mut() = StatusCode::BAD_GATEWAY;
        response
    };
    let app = layered()
        .header(ResponseHeader::new("x-trace", "app").append().always())
        .header(ResponseHeader::new("x-policy", "app").always())
        .route("/", get(hello))
        .layer(axum::middleware::map_response(turns))
        .into_router();
    let answer = fetch(&app, "/").await;
    assert_eq!(answer.status, 502);
    answer.has(&[("x-trace", "app"), ("x-policy", "app")]);
}

#[tokio::test]
async fn middleware_inside_of_an_endpoint_wins_as_the_response_does() {
    let endpoint = axum::routing::get(hello).layer(from_fn(marks));
    let plain = Router::new()
        .route("/", axum::routing::get(hello))
        .layer(from_fn(marks));
    let app = layered()
        .header(("x-layer", "1"))
        .header(("x-both", "layer"))
        .route("/", endpoint)
        .nest("/plain", plain)
        .into_router();
    for path in ["/", "/plain"] {
        fetch(&app, path).await.has(&[
            ("x-seen", "false"),
            ("x-both", "middleware"),
            ("x-layer", "1"),
        ]);
    }
}

#[tokio::test]
async fn a_tower_layer_is_for_what_is_there_by_then() {
    let app = layered()
        .route("/before", get(hello))
        .nest("/nested", layered().route("/leaf", get(hello)))
        .layer(from_fn(marks))
        .route("/after", get(hello))
        .into_router();
    fetch(&app, "/before")
        .await
        .has(&[("x-both", "middleware")]);
    fetch(&app, "/nested/leaf")
        .await
        .has(&[("x-both", "middleware")]);
    fetch(&app, "/after").await.has_none(&["x-both"]);
}

#[tokio::test]
async fn a_panic_leaves_the_router_alive() {
    static CALLS: AtomicUsize = AtomicUsize::new(0);
    fn panics_first() {
        assert!(CALLS.fetch_add(1, Ordering::SeqCst) % 2 == 1, "on purpose");
    }
    let app = layered()
        .header(("x", "1"))
        .route("/handler", get(|| async { panics_first() }))
        .route(
            "/hook",
            get(hello).after_request(|response: Response| async move {
                panics_first();
                response
            }),
        )
        .into_router();
    for path in ["/handler", "/hook"] {
        let first = app.clone();
        let first = tokio::spawn(async move { fetch(&first, path).await });
        assert!(first.await.unwrap_err().is_panic());
        let second = fetch(&app, path).await;
        assert_eq!(second.status, 200);
        second.has(&[("x", "1")]);
    }
}
