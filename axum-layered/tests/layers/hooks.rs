//! What runs when the handler is through: hooks, and work after the last byte.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum_layered::{Declare, ETag, LayerETag, ResponseHeader, get};
use axum_responses::background::BackgroundTask;
use axum_responses::{Redirect, Reply, SetCookie};

use super::{ask, fetch, hello, layered};

/// A hook that sets a header.
fn sets(
    name: &'static str,
    value: &'static str,
) -> impl Fn(Response) -> std::future::Ready<Response> + Send + Sync + 'static {
    move |mut response| {
        response.headers_mut().insert(name, value.parse().unwrap());
        std::future::ready(response)
    }
}

#[tokio::test]
async fn the_closest_hook_runs_alone() {
    let app = layered()
        .after_request(sets("x-after", "router"))
        .route(
            "/nearest",
            get(hello).after_request(sets("x-after", "handler")),
        )
        .route("/other", get(hello).after_request(sets("x-own", "handler")))
        .route("/inherited", get(hello))
        .into_router();
    fetch(&app, "/nearest").await.has(&[("x-after", "handler")]);
    fetch(&app, "/inherited")
        .await
        .has(&[("x-after", "router")]);
    let other = fetch(&app, "/other").await;
    other.has(&[("x-own", "handler")]);
    other.has_none(&["x-after"]);
}

#[tokio::test]
async fn hooks_run_for_errors_and_refusals_of_the_handler() {
    let app = layered()
        .after_request(sets("x-after", "hook"))
        .route("/error", get(|| async { StatusCode::NOT_FOUND }))
        .route(
            "/rejected",
            get(|Query(_): Query<[(String, u8); 1]>| async { "" }),
        )
        .into_router();
    for (path, status) in [("/error", 404), ("/rejected?a=x", 400)] {
        let answer = fetch(&app, path).await;
        assert_eq!(answer.status, status);
        answer.has(&[("x-after", "hook")]);
    }
}

#[tokio::test]
async fn hooks_come_before_what_is_declared_and_win() {
    let app = layered()
        .header(("x-static", "1"))
        .header(("x-both", "layer"))
        .after_request(|response: Response| async move {
            let sees = response.headers().contains_key("x-static").to_string();
            ([("x-sees", sees), ("x-both", "hook".to_owned())], response)
        })
        .route(
            "/",
            get(hello).header(ResponseHeader::documented("x-documented")),
        )
        .into_router();
    fetch(&app, "/")
        .await
        .has(&[("x-sees", "false"), ("x-static", "1"), ("x-both", "hook")]);
}

#[tokio::test]
async fn a_hook_may_answer_something_else() {
    let app = layered()
        .header(("x-ordinary", "1"))
        .etag(ETag::strong("v"))
        .status(202)
        .after_request(|_| async { (StatusCode::CONFLICT, "by the hook") })
        .route("/", get(hello))
        .into_router();
    let answer = fetch(&app, "/").await;
    assert_eq!(
        (answer.status.as_u16(), answer.body.as_str()),
        (409, "by the hook")
    );
    answer.has_none(&["x-ordinary", "etag"]);
}

#[tokio::test]
async fn a_cookie_of_the_hook_takes_the_place_of_the_handlers() {
    let random = |value: &'static str| SetCookie::new("Random-Cookie", value);
    let line = move |value| random(value).to_header().unwrap();
    let app = layered()
        .cookie(random("layer"))
        .after_request(move |mut response: Response| {
            response.headers_mut().append("set-cookie", line("hook"));
            std::future::ready(response)
        })
        .route("/resources", get(hello))
        .route(
            "/resources-both",
            get(move || async move {
                <Reply<_>>::new("")
                    .cookie(random("handler"))
                    .cookie(("kept", "1"))
            }),
        )
        .into_router();
    let hook = "Random-Cookie=hook; Path=/; SameSite=Lax";
    assert_eq!(fetch(&app, "/resources").await.lines("set-cookie"), [hook]);
    assert_eq!(
        fetch(&app, "/resources-both").await.lines("set-cookie"),
        ["kept=1; Path=/; SameSite=Lax", hook]
    );
}

#[tokio::test]
async fn a_hook_that_takes_cookies_away_is_obeyed() {
    let app = layered()
        .after_request(|mut response: Response| async move {
            response.headers_mut().remove("set-cookie");
            response
        })
        .route(
            "/",
            get(|| async { <Reply<_>>::new("").cookie(("a", "1")) }),
        )
        .into_router();
    fetch(&app, "/").await.has_none(&["set-cookie"]);
}

/// What was logged, in order.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<&'static str>>>);

impl Log {
    fn task(&self, what: &'static str) -> BackgroundTask {
        let log = self.clone();
        BackgroundTask::new(async move { log.0.lock().unwrap().push(what) })
    }

    /// Takes what tasks have logged by now, after they had their turn.
    async fn take(&self) -> Vec<&'static str> {
        for _ in 0..50 {
            tokio::task::yield_now().await;
        }
        std::mem::take(&mut self.0.lock().unwrap())
    }
}

fn with_tasks(log: &Log) -> Router {
    let own = log.clone();
    let declared = log.clone();
    layered()
        .background(move || declared.task("declared"))
        .etag(ETag::strong("v"))
        .route("/", get(hello))
        .route(
            "/own",
            get(move || async move { <Reply<_>>::new("").background(own.task("own")) }),
        )
        .route("/computed", get(hello).etag(LayerETag::computed(99)))
        .route("/no-content", get(|| async { StatusCode::NO_CONTENT }))
        .route("/redirect", get(|| async { Redirect::found("/") }))
        .route("/error", get(|| async { StatusCode::NOT_FOUND }))
        .route("/axums", axum::routing::get(hello).header(("x", "1")))
        .into_router()
}

#[tokio::test]
async fn a_declared_task_runs_exactly_once_where_the_response_has_none() {
    let log = Log::default();
    let app = with_tasks(&log);
    let computed = ETag::of_content(b"hello world").to_string();
    for (method, path, tag, expected) in [
        ("GET", "/", "\"x\"", &["declared"][..]),
        ("GET", "/own", "\"x\"", &["own"]),
        ("HEAD", "/", "\"x\"", &["declared"]),
        ("HEAD", "/own", "\"x\"", &["own"]),
        ("GET", "/", "\"v\"", &["declared"]), // 304
        ("GET", "/own", "\"v\"", &["own"]),
        ("GET", "/computed", "\"x\"", &["declared"]),
        ("GET", "/computed", &computed, &["declared"]),
        ("HEAD", "/computed", "\"x\"", &["declared"]),
        ("GET", "/no-content", "\"x\"", &["declared"]),
        ("GET", "/redirect", "\"x\"", &["declared"]),
        ("GET", "/error", "\"x\"", &[]),
        ("POST", "/", "\"x\"", &[]),
        ("GET", "/axums", "\"x\"", &["declared"]),
    ] {
        let answer = ask(&app, method, path, &[("if-none-match", tag)]).await;
        assert_eq!(
            log.take().await,
            expected,
            "{method} {path} {}",
            answer.status
        );
    }
}

#[tokio::test]
async fn the_closest_task_runs_alone() {
    let log = Log::default();
    let (outer, inner) = (log.clone(), log.clone());
    let plain = Router::new().route("/", axum::routing::get(hello));
    let app = layered()
        .background(move || outer.task("outer"))
        .route("/", get(hello).background(move || inner.task("inner")))
        .nest("/plain", plain)
        .into_router();
    fetch(&app, "/").await;
    assert_eq!(log.take().await, ["inner"]);
    fetch(&app, "/plain").await;
    assert_eq!(log.take().await, ["outer"]);
}

#[tokio::test]
async fn a_task_starts_after_the_last_byte() {
    let log = Log::default();
    let app = with_tasks(&log);
    let response = super::send(&app, "GET", "/", &[]).await;
    assert_eq!(log.take().await, [""; 0]);
    super::read(response).await;
    assert_eq!(log.take().await, ["declared"]);
}

#[tokio::test]
async fn a_response_of_the_hook_is_one_too() {
    let app = layered()
        .header(("x-layer", "1"))
        .after_request(|response: Response| async move {
            (StatusCode::CREATED, response).into_response()
        })
        .route("/", get(hello))
        .into_router();
    let answer = fetch(&app, "/").await;
    assert_eq!(answer.status, 201);
    answer.has(&[("x-layer", "1")]);
}

#[tokio::test]
async fn no_hook_runs_for_a_method_that_no_handler_is_for() {
    let app = layered()
        .after_request(|mut response: Response| async move {
            response
                .headers_mut()
                .insert("x-hook", "1".parse().unwrap());
            response
        })
        .header(ResponseHeader::new("x-policy", "1").always())
        .route("/ours", get(hello))
        .route("/axums", axum::routing::get(hello))
        .route("/any", axum::routing::any(hello))
        .into_router();
    for (method, path, status, ran) in [
        ("GET", "/ours", 200, true),
        ("HEAD", "/axums", 200, true),
        ("POST", "/ours", 405, false),
        ("POST", "/axums", 405, false),
        ("POST", "/any", 200, true),
    ] {
        let answer = ask(&app, method, path, &[]).await;
        assert_eq!(answer.status, status, "{method} {path}");
        assert_eq!(answer.line("x-hook").is_some(), ran, "{method} {path}");
        answer.has(&[("x-policy", "1")]);
    }
}
