//! What goes over the wire, in both versions of HTTP: no content where there must be none, and tasks that run once.

use std::convert::Infallible;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum_layered::{CacheControl, Declare, ETag, LayerETag, Layered, ResponseHeader, get};
use axum_responses::background::BackgroundTask;
use axum_responses::conditional::AroundCompressionLayer;
use futures_util::StreamExt;
use http_body_util::BodyExt;
use hyper_util::rt::TokioIo;
use suite_support::{BOTH, Server};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tower_http::compression::CompressionLayer;

const LONG: usize = 600;

async fn long() -> String {
    "x".repeat(LONG)
}

fn app() -> Layered {
    Layered::new()
        .header(("x-layer", "1"))
        .header(ResponseHeader::new("x-policy", "1").always())
        .cookie(("seen", "1"))
        .route(
            "/",
            get(long)
                .delete(|| async {})
                .etag(ETag::strong("v"))
                .method_status_codes(true),
        )
        .route("/computed", get(long).etag(LayerETag::computed(1 << 20)))
        .route(
            "/no-content",
            get(|| async { (StatusCode::NO_CONTENT, "must not be here") }),
        )
        .route(
            "/own-304",
            get(|| async { (StatusCode::NOT_MODIFIED, [("etag", "\"x\"")]) }),
        )
        .route("/declared", get(long).status(204))
        .route("/axums", axum::routing::get(long).etag(ETag::strong("v")))
}

#[tokio::test]
async fn a_204_and_a_304_have_no_content_and_no_length() {
    let plain = app().into_router();
    let coded = app()
        .into_router()
        .layer(CompressionLayer::new())
        .layer(AroundCompressionLayer::new());
    for (name, router) in [("plain", plain), ("coded", coded)] {
        let server = Server::start(router).await;
        let tag = ETag::of_content(&"x".repeat(LONG).into_bytes())
            .into_weak()
            .to_string();
        for version in BOTH {
            for (method, path, known, status) in [
                ("GET", "/", "\"v\"", 304),
                ("HEAD", "/", "\"v\"", 304),
                ("GET", "/computed", &tag, 304),
                ("HEAD", "/computed", &tag, 304),
                ("GET", "/axums", "\"v\"", 304),
                ("GET", "/own-304", "\"y\"", 304),
                ("DELETE", "/", "\"y\"", 204),
                ("GET", "/no-content", "\"y\"", 204),
                ("GET", "/declared", "\"y\"", 204),
            ] {
                let headers = [("if-none-match", known), ("accept-encoding", "gzip")];
                let answer = server.ask(version, method, path, &headers).await;
                let case = format!("{name} {version:?} {method} {path}: {answer:?}");
                assert_eq!(answer.status, status, "{case}");
                assert!(answer.complete && answer.body.is_empty(), "{case}");
                for gone in [
                    "content-length",
                    "content-type",
                    "content-encoding",
                    "transfer-encoding",
                ] {
                    assert_eq!(answer.header(gone), None, "{gone} {case}");
                }
                assert_eq!(answer.header("x-layer"), Some("1"), "{case}");
                assert!(answer.header("set-cookie").is_some(), "{case}");
            }
        }
        server.stop(Duration::from_secs(5)).await;
    }
}

#[tokio::test]
async fn head_has_the_headers_of_get() {
    let server = Server::start(app().into_router()).await;
    for version in BOTH {
        for path in ["/", "/computed", "/axums"] {
            let get = server.ask(version, "GET", path, &[]).await;
            let head = server.ask(version, "HEAD", path, &[]).await;
            assert_eq!(
                get.header("content-length"),
                Some("600"),
                "{version:?} {path}"
            );
            let but_date = |answer: &suite_support::Answer| {
                let mut headers = answer.headers.clone();
                headers.remove("date");
                headers
            };
            assert_eq!(but_date(&get), but_date(&head), "{version:?} {path}");
            assert_eq!((get.body.len(), head.body.len()), (LONG, 0));
        }
    }
}

#[tokio::test]
async fn tasks_run_exactly_once() {
    let runs = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&runs);
    let router = app()
        .background(move || {
            let runs = Arc::clone(&counted);
            BackgroundTask::new(async move {
                runs.fetch_add(1, Ordering::SeqCst);
            })
        })
        .into_router();
    let server = Server::start(router).await;
    let mut expected = 0;
    for version in BOTH {
        for (method, path, known, status, tasks) in [
            ("GET", "/", "\"x\"", 200, 1),
            ("GET", "/", "\"v\"", 304, 1),
            ("HEAD", "/", "\"x\"", 200, 1),
            ("GET", "/computed", "\"x\"", 200, 1),
            ("HEAD", "/computed", "\"x\"", 200, 1),
            ("GET", "/no-content", "\"x\"", 204, 1),
            ("POST", "/", "\"x\"", 405, 0),
        ] {
            let answer = server
                .ask(version, method, path, &[("if-none-match", known)])
                .await;
            assert_eq!(answer.status, status, "{version:?} {method} {path}");
            expected += tasks;
            for _ in 0..200 {
                if runs.load(Ordering::SeqCst) >= expected {
                    break;
                }
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
            assert_eq!(
                runs.load(Ordering::SeqCst),
                expected,
                "{version:?} {method} {path}"
            );
        }
    }
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert_eq!(runs.load(Ordering::SeqCst), expected, "a task ran again");
}

#[tokio::test]
async fn the_first_piece_arrives_before_the_last_is_made() {
    let (last, wait) = tokio::sync::oneshot::channel::<()>();
    let wait = Arc::new(Mutex::new(Some(wait)));
    let handler = move || async move {
        let wait = wait.lock().unwrap().take();
        let rest = futures_util::stream::once(async move {
            if let Some(wait) = wait {
                drop(wait.await);
            }
            Ok::<_, Infallible>("last")
        });
        Body::from_stream(futures_util::stream::iter([Ok("first")]).chain(rest))
    };
    let router = app()
        .etag(LayerETag::computed(1 << 20))
        .route("/stream", get(handler))
        .into_router();
    let server = Server::start(router).await;
    let request = http::Request::get("/stream").body(()).unwrap();
    let mut answer = server.send(BOTH[0], request).await;
    let first = tokio::time::timeout(Duration::from_secs(10), answer.body_mut().frame()).await;
    assert_eq!(
        first.unwrap().unwrap().unwrap().into_data().unwrap(),
        "first"
    );
    last.send(()).unwrap();
    let rest = answer.into_body().collect().await.unwrap().to_bytes();
    assert_eq!(rest, "last");
}

/// Another protocol on this connection (RFC 9110 §15.2.2): it says what it hears, twice.
async fn switch(mut request: Request) -> impl IntoResponse {
    let upgraded = hyper::upgrade::on(&mut request);
    tokio::spawn(async move {
        let mut io = TokioIo::new(upgraded.await.unwrap());
        let mut heard = [0; 4];
        io.read_exact(&mut heard).await.unwrap();
        io.write_all(&heard.repeat(2)).await.unwrap();
    });
    let headers = [("connection", "upgrade"), ("upgrade", "twice")];
    (StatusCode::SWITCHING_PROTOCOLS, headers)
}

#[tokio::test]
async fn a_connection_can_be_upgraded() {
    let (done, mut wait) = tokio::sync::mpsc::unbounded_channel();
    let router = app()
        .cache_control(CacheControl::NO_CACHE)
        .etag(LayerETag::computed(1 << 20))
        .background(move || {
            let done = done.clone();
            BackgroundTask::new(async move { done.send(()).unwrap() })
        })
        .route("/switch", get(switch))
        .route("/axums-switch", axum::routing::get(switch))
        .into_router();
    let server = Server::start(router).await;
    for path in ["/switch", "/axums-switch"] {
        let mut io = server.connect().await;
        let request = format!(
            "GET {path} HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: twice\r\n\r\n"
        );
        io.write_all(request.as_bytes()).await.unwrap();
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(io.read_u8().await.unwrap());
        }
        let head = String::from_utf8(head).unwrap();
        assert!(head.starts_with("HTTP/1.1 101 "), "{path}: {head}");
        for field in ["connection: upgrade", "upgrade: twice", "x-layer: 1"] {
            assert!(head.contains(&format!("\r\n{field}\r\n")), "{path}: {head}");
        }
        for gone in ["etag:", "content-length:", "transfer-encoding:"] {
            assert!(!head.contains(gone), "{path}: {head}");
        }
        io.write_all(b"ping").await.unwrap();
        let mut heard = Vec::new();
        io.read_to_end(&mut heard).await.unwrap();
        assert_eq!(heard, b"pingping", "{path}");
        let ran = tokio::time::timeout(Duration::from_secs(10), wait.recv()).await;
        assert_eq!(ran, Ok(Some(())), "{path}");
    }
}

#[tokio::test]
async fn a_panic_costs_one_connection() {
    async fn panics() {
        panic!("on purpose");
    }
    let router: Router = app()
        .route("/handler", get(panics))
        .route("/hook", get(long).after_request(|_| panics()))
        .into_router();
    let server = Server::start(router).await;
    for version in BOTH {
        for path in ["/handler", "/hook"] {
            let answer = suite_support::ask_at(server.address, version, "GET", path, &[]).await;
            assert!(answer.is_err(), "{version:?} {path}");
            let next = server.ask(version, "GET", "/", &[]).await;
            assert_eq!(
                (next.status.as_u16(), next.header("x-layer")),
                (200, Some("1"))
            );
        }
    }
}
