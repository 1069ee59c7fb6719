//! Both sides of each comparison, and what the ratio may be.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use askama::Template as _;
use axum::Router;
use axum::body::{Body, HttpBody};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::sse::{Event as AxumEvent, Sse};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use axum_responses::negotiation::{Representation, RepresentationError};
use axum_responses::sse::Event;
use axum_responses::{
    BackgroundTask, Json, MediaType, MessagePack, Negotiated, Reply, ServerSentEvent, Stream,
    Template, with_context,
};
use bytes::Bytes;
use futures_util::stream;
use http_body::{Frame, SizeHint};

use crate::data::{CHUNK, CHUNKS, EVENT, EVENTS, PEOPLE, Person, SMALL, Small, Table};

/// A baseline, what is held against it, and the largest ratio that is good enough.
#[derive(Clone, Copy, Debug)]
pub struct Pair {
    /// What is compared.
    pub what: &'static str,
    /// The route written by hand.
    pub by_hand: &'static str,
    /// Ours.
    pub ours: &'static str,
    /// Largest ratio of instructions, in process.
    pub instructions: f64,
    /// Largest ratio of bytes allocated, in process.
    pub bytes_allocated: Option<f64>,
    /// Largest ratio of allocations, in process.
    pub allocations: Option<f64>,
    /// What is measured: the `router` alone, the same with a `browser`'s headers, with `tasks` that have their
    /// turn, a whole `http1` request.
    pub mode: &'static str,
    /// Whether ours has the context around the whole router.
    pub context_outside: bool,
    /// How many requests are enough for steady figures.
    pub requests: u64,
}

const fn pair(
    what: &'static str,
    by_hand: &'static str,
    ours: &'static str,
    instructions: f64,
) -> Pair {
    Pair {
        what,
        by_hand,
        ours,
        instructions,
        bytes_allocated: None,
        allocations: None,
        mode: "router",
        context_outside: false,
        requests: 20_000,
    }
}

impl Pair {
    const fn bytes(self, ratio: f64) -> Self {
        Self {
            bytes_allocated: Some(ratio),
            ..self
        }
    }

    const fn allocations(self, ratio: f64) -> Self {
        Self {
            allocations: Some(ratio),
            ..self
        }
    }

    const fn mode(self, mode: &'static str) -> Self {
        Self { mode, ..self }
    }

    const fn outside(self) -> Self {
        Self {
            context_outside: true,
            ..self
        }
    }

    const fn requests(self, requests: u64) -> Self {
        Self { requests, ..self }
    }
}

/// All comparisons.
pub static PAIRS: &[Pair] = &[
    pair("context around a handler", "/plain", "/inner", 1.10)
        .mode("browser")
        .allocations(1.0),
    pair("context around the router", "/plain", "/plain", 1.10)
        .mode("browser")
        .outside()
        .allocations(1.0),
    pair(
        "context around a handler, whole request",
        "/plain",
        "/inner",
        1.05,
    )
    .mode("http1"),
    pair(
        "context around the router, whole request",
        "/plain",
        "/plain",
        1.05,
    )
    .mode("http1")
    .outside(),
    pair("JSON, 20 people", "/json", "/json/ours", 0.65),
    pair("MessagePack, 20 people", "/msgpack", "/msgpack/ours", 0.60),
    pair("template, 100 rows", "/html", "/html/ours", 1.05).bytes(0.6),
    pair("1000 events that are ready", "/sse", "/sse/ours", 0.05).requests(1_000),
    pair("one event", "/event", "/event/ours", 1.05),
    pair(
        "negotiation, three offers",
        "/negotiate",
        "/negotiate/ours",
        0.75,
    )
    .mode("browser"),
    pair("task after the body", "/after", "/later", 1.05).mode("tasks"),
    pair(
        "task after the body, with context",
        "/after",
        "/inner/after",
        1.05,
    )
    .mode("tasks"),
    pair("stream of 1024 chunks", "/stream", "/stream/ours", 1.0).requests(1_000),
    pair(
        "layers, beside stacked layers",
        "/stacked/controller/handler",
        "/mounted/controller/handler",
        0.20,
    ),
    pair(
        "layers, nested, beside stacked layers",
        "/stacked/controller/handler",
        "/nested/controller/handler",
        0.50,
    ),
    pair(
        "layers, beside the tuple behind two nests",
        "/hand/controller/handler",
        "/mounted/controller/handler",
        0.85,
    )
    .allocations(1.0),
    pair(
        "layers, nested, beside the tuple behind two nests",
        "/hand/controller/handler",
        "/nested/controller/handler",
        1.05,
    ),
    pair(
        "layers, beside one map_response",
        "/mapped/controller/handler",
        "/mounted/controller/handler",
        0.85,
    ),
    pair(
        "layers, beside actix-web with DefaultHeaders on each",
        "/actix/controller/handler",
        "/mounted/controller/handler",
        1.0,
    ),
    pair(
        "layers, flat, beside the tuple",
        "/layers/flat",
        "/layers/flat/ours",
        0.85,
    )
    .allocations(1.2),
    pair(
        "a route that declares nothing",
        "/layers/plain",
        "/layers/nothing",
        1.20,
    ),
];

/// Every route of every pair.
pub fn app() -> Router {
    Router::new()
        .route("/plain", get(plain))
        .route("/inner", get(with_context(plain)))
        .route("/json", get(async || axum::Json(&*PEOPLE)))
        .route("/json/ours", get(async || Json(&*PEOPLE)))
        .route("/msgpack", get(msgpack))
        .route("/msgpack/ours", get(async || MessagePack(&*PEOPLE)))
        .route("/html", get(html))
        .route("/html/ours", get(template))
        .route("/sse", get(async || Sse::new(axum_events(EVENTS))))
        .route(
            "/sse/ours",
            get(async || ServerSentEvent::new(events(EVENTS))),
        )
        .route(
            "/event",
            get(async || Sse::new(axum_events(1)).keep_alive(Default::default())),
        )
        .route("/event/ours", get(async || ServerSentEvent::new(events(1))))
        .route("/negotiate", get(negotiate))
        .route("/negotiate/ours", get(with_context(negotiated)))
        .route("/after", get(after))
        .route("/later", get(background))
        .route("/inner/after", get(with_context(background)))
        .route("/stream", get(stream_by_hand))
        .route("/stream/ours", get(streamed))
        .merge(crate::layers::routes())
}

async fn plain() -> &'static str {
    "hello"
}

async fn msgpack() -> Response {
    match rmp_serde::to_vec_named(&*PEOPLE) {
        Ok(bytes) => ([(header::CONTENT_TYPE, "application/x-msgpack")], bytes).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

async fn html() -> Response {
    match Table::page().render() {
        Ok(page) => Html(page).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

async fn template() -> Template<Table> {
    Template::new(Table::page())
}

fn axum_events(count: usize) -> impl stream::Stream<Item = Result<AxumEvent, Infallible>> {
    stream::iter((0..count).map(|_| Ok(AxumEvent::default().data(EVENT))))
}

fn events(count: usize) -> impl stream::Stream<Item = Event> {
    stream::iter((0..count).map(|_| Event::data(EVENT)))
}

/// What a careful user writes: highest weight wins, the more exact range counts, ties by the server's order.
fn choose(accept: &str, offers: &[&'static str]) -> Option<usize> {
    let mut best: Option<(usize, f32)> = None;
    for (index, offer) in offers.iter().enumerate() {
        let mut exact = 0;
        let mut weight = 0.0;
        for element in accept.split(',') {
            let mut parts = element.split(';').map(str::trim);
            let range = parts.next().unwrap_or_default();
            let kind = offer.split('/').next().unwrap_or_default();
            let matches = match range {
                "*/*" => 1,
                _ if range.eq_ignore_ascii_case(offer) => 3,
                _ if range
                    .strip_suffix("/*")
                    .is_some_and(|range| range.eq_ignore_ascii_case(kind)) =>
                {
                    2
                }
                _ => 0,
            };
            if matches > exact {
                exact = matches;
                weight = parts
                    .find_map(|part| part.strip_prefix("q=")?.parse().ok())
                    .unwrap_or(1.0);
            }
        }
        if weight > 0.0 && best.is_none_or(|(_, most)| weight > most) {
            best = Some((index, weight));
        }
    }
    best.map(|(index, _)| index)
}

async fn negotiate(headers: HeaderMap) -> Response {
    let accept = headers
        .get(header::ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .unwrap_or("*/*");
    let offers = ["application/json", "application/x-msgpack", "text/html"];
    let mut response = match choose(accept, &offers) {
        Some(0) => axum::Json(&*PEOPLE).into_response(),
        Some(1) => msgpack().await,
        Some(_) => html().await,
        None => StatusCode::NOT_ACCEPTABLE.into_response(),
    };
    response
        .headers_mut()
        .insert(header::VARY, header::HeaderValue::from_static("accept"));
    response
}

/// The third offer.
struct AsPage;

impl Representation<&'static Vec<Person>> for AsPage {
    const MEDIA_TYPE: MediaType = MediaType::HTML;

    fn write(_: &&'static Vec<Person>) -> Result<Vec<u8>, RepresentationError> {
        Ok(Table::page().render()?.into_bytes())
    }
}

async fn negotiated() -> Negotiated<&'static Vec<Person>, (Json, MessagePack, AsPage)> {
    Negotiated::new(&*PEOPLE)
}

/// Starts its task when it is dropped: what "after the response" takes by hand.
struct After<B>(B);

impl<B: HttpBody + Unpin> HttpBody for After<B> {
    type Data = B::Data;
    type Error = B::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<B::Data>, B::Error>>> {
        Pin::new(&mut self.0).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.0.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.0.size_hint()
    }
}

impl<B> Drop for After<B> {
    fn drop(&mut self) {
        tokio::spawn(task());
    }
}

async fn task() {
    std::hint::black_box(());
}

async fn after() -> Response {
    axum::Json(SMALL)
        .into_response()
        .map(|body| Body::new(After(body)))
}

async fn background() -> Reply<axum::Json<Small>> {
    // axum's on both sides: what is compared is the wrapper, not the JSON in it
    Reply::new(axum::Json(SMALL)).background(BackgroundTask::new(task()))
}

fn chunks() -> impl stream::Stream<Item = Result<Bytes, Infallible>> {
    stream::iter((0..CHUNKS).map(|_| Ok(Bytes::from_static(&CHUNK))))
}

async fn stream_by_hand() -> Response {
    (
        [(header::CONTENT_TYPE, "application/octet-stream")],
        Body::from_stream(chunks()),
    )
        .into_response()
}

async fn streamed() -> Stream {
    Stream::new(chunks())
}
