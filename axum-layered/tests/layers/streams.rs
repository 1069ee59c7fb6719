//! Bodies of layers' responses: streams and events are not held back, files keep what is theirs.

use std::convert::Infallible;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::response::Response;
use axum_layered::{Declare, ETag, LayerETag, get};
use axum_responses::sse::{Event, ServerSentEvent};
use axum_responses::{File, Stream};
use futures_util::StreamExt;
use futures_util::stream::{iter, pending};
use http_body_util::BodyExt;

use super::{ask, fetch, layered, send};

/// The next piece of a body, as text.
async fn piece(response: &mut Response) -> String {
    let frame = tokio::time::timeout(Duration::from_secs(10), response.body_mut().frame());
    let frame = frame.await.unwrap().unwrap().unwrap();
    String::from_utf8(frame.into_data().unwrap().to_vec()).unwrap()
}

#[tokio::test]
async fn the_first_piece_is_there_before_the_last_is_made() {
    let body =
        || async { Body::from_stream(iter([Ok::<_, Infallible>("first")]).chain(pending())) };
    let ours = || async { <Stream>::new(iter(["first"]).chain(pending())) };
    let events = || async { ServerSentEvent::new(iter([Event::data("first")]).chain(pending())) };
    let app = layered()
        .header(("x", "1"))
        .etag(LayerETag::computed(1 << 20))
        .route("/body", get(body))
        .route("/ours", get(ours))
        .route("/events", get(events))
        .into_router();
    for path in ["/body", "/ours", "/events"] {
        let mut response = send(&app, "GET", path, &[]).await;
        assert_eq!(response.headers()["x"], "1");
        assert!(!response.headers().contains_key("etag"), "{path}");
        assert!(piece(&mut response).await.contains("first"), "{path}");
    }
}

fn files() -> Router {
    let file = || File::from_bytes("0123456789");
    layered()
        .header(("x", "1"))
        .etag(ETag::strong("layer"))
        .route(
            "/",
            get(move || async move { file().attachment("digits.txt") }),
        )
        .route(
            "/own",
            get(move || async move { file().etag(ETag::strong("own")) }),
        )
        .route(
            "/computed",
            get(move || async move { file().without_etag() }).etag(LayerETag::computed(99)),
        )
        .into_router()
}

#[tokio::test]
async fn files_keep_their_own_tag_and_have_the_headers_of_layers() {
    let app = files();
    let answer = fetch(&app, "/").await;
    let tag = answer.line("etag").unwrap().to_owned();
    assert_ne!(tag, "\"layer\"");
    answer.has(&[
        ("x", "1"),
        ("accept-ranges", "bytes"),
        ("content-disposition", "attachment; filename=\"digits.txt\""),
    ]);
    fetch(&app, "/own").await.has(&[("etag", "\"own\"")]);
    fetch(&app, "/computed").await.has_none(&["etag"]);
    let again = ask(&app, "GET", "/", &[("if-none-match", &tag)]).await;
    assert_eq!(again.status, 304);
    again.has(&[("x", "1"), ("etag", &tag)]);
    let other = ask(&app, "GET", "/", &[("if-none-match", "\"layer\"")]).await;
    assert_eq!(other.status, 200);
}

#[tokio::test]
async fn ranges_are_answered_by_the_file() {
    let app = files();
    let part = ask(&app, "GET", "/own", &[("range", "bytes=2-4")]).await;
    assert_eq!((part.status.as_u16(), part.body.as_str()), (206, "234"));
    part.has(&[
        ("x", "1"),
        ("etag", "\"own\""),
        ("content-range", "bytes 2-4/10"),
    ]);
    let none = ask(&app, "GET", "/own", &[("range", "bytes=20-")]).await;
    assert_eq!(none.status, 416);
    none.has_none(&["x"]);
    let other = [("range", "bytes=2-4"), ("if-range", "\"layer\"")];
    assert_eq!(ask(&app, "GET", "/own", &other).await.status, 200);
}
