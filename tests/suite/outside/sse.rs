//! Server-sent events: what browsers and libraries report.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use axum::extract::Request;
use axum::middleware::{Next, from_fn};
use axum::routing::get;
use axum_responses::{Html, RequestContextLayer, Root};
use serde_json::{Value, json};
use suite_support::Server;
use suite_support::outside::{
    CHROMIUM, EVENTSOURCE, EVENTSOURCE_PARSER, HTTPX_SSE, PLAYWRIGHT, present,
};
use tokio::process::Command;
use tower::Layer;

use super::{ground, node, python, run, url};

/// The events of `/sse`: type, data and the id of this very event.
const EVENTS: [(&str, &str, &str); 14] = [
    ("message", "hello", ""),
    ("update", "line1\nline2\n\nline4", "1"),
    ("message", "unicode ✓ é 日本 😀", ""),
    ("message", " leading and trailing ", ""),
    ("message", ": looks like a comment", ""),
    ("message", "event: not-a-field", ""),
    ("message", "", "2"),
    ("json", r#"{"a":[1,2,{"b":"\n"}]}"#, ""),
    ("message", "retry set", ""),
    ("message", "tab\there", ""),
    ("message", "trailing newline\n", ""),
    // HTML §9.2.6: CR, LF and CRLF end a line alike, and lines are put together with LF.
    ("message", "cr\nsplit", ""),
    ("message", "crlf\nsplit", ""),
    ("end", "bye", "last"),
];

/// What `/sse` asks for between a connection and the next.
const RETRY: Duration = Duration::from_millis(1500);

/// With ids as `lastEventId` has them: the last one that came.
fn inherited() -> Vec<Value> {
    let mut last = "";
    let events = EVENTS.map(|(kind, data, id)| {
        last = if id.is_empty() { last } else { id };
        json!({"type": kind, "data": data, "id": last})
    });
    events.into()
}

/// With the ids that the events themselves have.
fn own() -> Vec<Value> {
    let events = EVENTS.map(|(kind, data, id)| json!({"type": kind, "data": data, "id": id}));
    events.into()
}

#[track_caller]
fn assert_events(seen: &Value, expected: &[Value]) {
    let seen = seen.as_array().unwrap();
    for (seen, expected) in seen.iter().zip(expected) {
        assert_eq!(seen, expected);
    }
    assert_eq!(seen.len(), expected.len());
}

/// When a client came, and the `Last-Event-ID` it had with it.
type Visits = Arc<Mutex<Vec<(Instant, Option<String>)>>>;

/// The proving ground, with a page that does nothing, and a list of those who came for events.
async fn watched() -> (Server, Visits) {
    let visits = Visits::default();
    let seen = visits.clone();
    let watch = from_fn(move |request: Request, next: Next| {
        if request.uri().path() == "/sse" {
            let id = request.headers().get("last-event-id");
            let id = id.map(|id| id.to_str().unwrap().to_owned());
            seen.lock().unwrap().push((Instant::now(), id));
        }
        next.run(request)
    });
    let root = Root::open(env!("CARGO_MANIFEST_DIR")).unwrap();
    let app = proving_ground::app(root)
        .await
        .unwrap()
        .route(
            "/blank",
            get(|| async { Html("<!doctype html><title>-</title>") }),
        )
        .layer(watch);
    let server = Server::start_service(RequestContextLayer::new().layer(app)).await;
    (server, visits)
}

async fn reads_all_and_comes_back(client: impl FnOnce(&str, &str) -> Command) -> Value {
    let (server, visits) = watched().await;
    let mut types: Vec<_> = EVENTS.iter().map(|(kind, ..)| *kind).collect();
    types.sort_unstable();
    types.dedup();
    let client = client(&url(&server, "/sse"), &types.join(","));
    let seen = run(client).await.json();

    let visits = visits.lock().unwrap();
    assert_eq!(visits.len(), 2, "{seen}");
    let ((first, none), (again, last)) = (&visits[0], &visits[1]);
    assert_eq!(*none, None);
    assert_eq!(last.as_deref(), Some("last"));
    // The clocks of both may round, by a little.
    let little = Duration::from_millis(20);
    assert!(again.duration_since(*first) + little >= RETRY);
    seen
}

#[tokio::test]
async fn chromium_reports_every_event_and_comes_back() {
    if let (true, Some(chromium)) = (present(&[CHROMIUM, PLAYWRIGHT]), CHROMIUM.find()) {
        let chromium = chromium.to_string_lossy();
        let client =
            |url: &str, types: &str| node("events_eventsource.cjs", &[url, types, &chromium]);
        assert_events(&reads_all_and_comes_back(client).await, &inherited());
    }
}

#[tokio::test]
async fn npm_eventsource_reports_every_event_and_comes_back() {
    if present(&[EVENTSOURCE]) {
        let client = |url: &str, types: &str| node("events_eventsource.cjs", &[url, types]);
        assert_events(&reads_all_and_comes_back(client).await, &own());
    }
}

#[tokio::test]
async fn npm_eventsource_parser_finds_every_event() {
    if present(&[EVENTSOURCE_PARSER]) {
        let server = ground().await;
        let seen = run(node("events_parser.cjs", &[&url(&server, "/sse")])).await;
        assert_events(&seen.json(), &own());
    }
}

#[tokio::test]
async fn httpx_sse_reports_every_event() {
    if present(&[HTTPX_SSE]) {
        let server = ground().await;
        let seen = run(python("events_httpx.py", &[&url(&server, "/sse")])).await;
        let mut expected = inherited();
        // Once there was an id, it takes a comment for an event without data. Browsers do not.
        expected.insert(3, json!({"type": "message", "data": "", "id": "1"}));
        assert_events(&seen.json(), &expected);
    }
}
