//! Server-sent events at the boundary: headers, options, frames, ends, errors, resuming, and servers that
//! shut down while streams are open.

use std::convert::Infallible;
use std::io;
use std::pin::pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::body::Body;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::get as route_get;
use axum::{Router, ServiceExt};
use axum_responses::sse::{Event, IntoEvent, Replay};
use axum_responses::{
    LastEventId, Reply, RequestContext, RequestContextLayer, ServerSentEvent, Shutdown,
};
use bytes::Bytes;
use futures_util::future::join_all;
use futures_util::stream::{self, Stream, StreamExt};
use http::{Method, Request};
use http_body_util::{BodyExt, Empty};
use hyper_util::rt::{TokioExecutor, TokioIo};
use suite_support::{Answer, ask, get, read};
use tokio::net::{TcpListener, TcpStream};
use tower::Layer;

async fn sent(response: impl IntoResponse) -> Answer {
    read(response.into_response()).await
}

/// The frames that the body gives before it is first pending or at its end.
async fn frames(response: Response) -> Vec<Bytes> {
    let mut frames = Vec::new();
    let mut body = pin!(response.into_body());
    while let std::task::Poll::Ready(Some(frame)) = futures_util::poll!(body.frame()) {
        frames.push(frame.unwrap().into_data().unwrap());
    }
    frames
}

#[tokio::test]
async fn the_headers_are_those_of_an_event_stream() {
    let app = Router::new().route(
        "/",
        route_get(async || ServerSentEvent::new(stream::iter(["a"]))),
    );
    let answer = ask(&app, get("/", &[])).await;
    assert_eq!(answer.status, 200);
    assert_eq!(
        answer.header("content-type"),
        Some("text/event-stream; charset=utf-8")
    );
    assert_eq!(answer.header("cache-control"), Some("no-cache"));
    assert_eq!(answer.header("x-accel-buffering"), Some("no"));
    assert_eq!(answer.header("content-length"), None);
    assert_eq!(answer.text(), "data: a\n\n");
    assert!(answer.complete);
}

#[tokio::test]
async fn a_reply_replaces_status_and_headers() {
    let events = ServerSentEvent::new(stream::iter(["x"]));
    let answer = sent(
        Reply::<_, 201>::new(events)
            .header(("cache-control", "private"))
            .header(("x-own", "1")),
    )
    .await;
    assert_eq!(answer.status, 201);
    assert_eq!(answer.header("cache-control"), Some("private"));
    assert_eq!(answer.header("x-own"), Some("1"));
    assert_eq!(
        answer.header("content-type"),
        Some("text/event-stream; charset=utf-8")
    );
}

#[tokio::test]
async fn many_kinds_of_items_are_events() {
    struct Tick(u8);
    impl IntoEvent for Tick {
        fn into_event(self) -> Event {
            Event::data(self.0.to_string()).event("tick")
        }
    }
    let check = async |events: ServerSentEvent, body: &str| {
        assert_eq!(sent(events).await.text(), body);
    };
    check(ServerSentEvent::new(stream::iter(["a"])), "data: a\n\n").await;
    check(
        ServerSentEvent::new(stream::iter([String::from("b")])),
        "data: b\n\n",
    )
    .await;
    check(
        ServerSentEvent::new(stream::iter([Event::data("c").id("1")])),
        "id: 1\ndata: c\n\n",
    )
    .await;
    check(
        ServerSentEvent::new(stream::iter([Tick(4)])),
        "event: tick\ndata: 4\n\n",
    )
    .await;
    check(
        ServerSentEvent::new(stream::iter([Arc::new(Event::data("e"))])),
        "data: e\n\n",
    )
    .await;
    check(
        ServerSentEvent::new(stream::iter([Ok::<_, Infallible>("f")])),
        "data: f\n\n",
    )
    .await;
    check(
        ServerSentEvent::new(stream::iter([Event::json(&serde_json::json!({"n": 1}))])),
        "data: {\"n\":1}\n\n",
    )
    .await;
    check(
        ServerSentEvent::new(async_stream::stream! { yield "g"; yield ""; }),
        "data: g\n\ndata: \n\n",
    )
    .await;
    check(ServerSentEvent::new(stream::empty::<Event>()), "").await;
}

#[tokio::test]
async fn json_that_came_in_several_lines_is_sent_on_one() {
    let pretty = "{\n  \"a\": \"b\\n\"\r\n}".to_owned();
    let raw = serde_json::value::RawValue::from_string(pretty).unwrap();
    let event = Event::json(&raw).unwrap();
    let answer = sent(ServerSentEvent::iter([event])).await;
    assert_eq!(answer.text(), "data: {  \"a\": \"b\\n\"}\n\n");
}

#[tokio::test]
async fn options_fill_what_an_event_leaves_out() {
    let events = [
        Event::data("a"),
        Event::data("b").event("own").id("7"),
        Event::comment("ping"),
        Event::new(),
    ];
    let answer = sent(
        ServerSentEvent::new(stream::iter(events))
            .event_type("tick")
            .event_id("123")
            .retry(Duration::from_secs(1))
            .comment("hello\ncomment"),
    )
    .await;
    assert_eq!(
        answer.text(),
        ": hello\n: comment\n\n\
         id: 123\nevent: tick\nretry: 1000\ndata: a\n\n\
         id: 7\nevent: own\nretry: 1000\ndata: b\n\n\
         : ping\n\n"
    );
}

#[tokio::test]
async fn options_open_no_other_field() {
    let evil = "a\r\ndata: injected\0";
    let answer = sent(
        ServerSentEvent::new(stream::iter(["x"]))
            .event_type(evil)
            .event_id(evil)
            .comment(evil),
    )
    .await;
    assert_eq!(
        answer.text(),
        ": a\n: data: injected\0\n\nid: adata: injected\nevent: adata: injected\0\ndata: x\n\n"
    );
}

#[tokio::test]
async fn a_comment_is_sent_at_once() {
    let silence = stream::pending::<Event>();
    let frames = frames(
        ServerSentEvent::new(silence)
            .comment("hello")
            .into_response(),
    )
    .await;
    assert_eq!(frames, [": hello\n\n"]);
}

#[tokio::test]
async fn events_that_are_ready_together_leave_in_few_frames() {
    let text = "x".repeat(64);
    let events = stream::iter(vec![text; 1000]).chain(stream::pending());
    let frames = frames(ServerSentEvent::new(events).into_response()).await;
    let total: usize = frames.iter().map(Bytes::len).sum();
    assert_eq!(total, 1000 * "data: \n\n".len() + 64 * 1000);
    assert!(frames.len() <= 10, "{}", frames.len());
    assert!(frames.iter().all(|frame| frame.len() <= 8 * 1024));
}

#[tokio::test]
async fn an_event_that_is_ready_alone_leaves_alone() {
    let (sender, receiver) = futures_channel();
    let response = ServerSentEvent::new(receiver).into_response();
    let mut body = response.into_body();
    for text in ["a", "b"] {
        sender.send(text).unwrap();
        let frame = body.frame().await.unwrap().unwrap();
        assert_eq!(*frame.data_ref().unwrap(), format!("data: {text}\n\n"));
        assert!(futures_util::poll!(pin!(body.frame())).is_pending());
    }
    drop(sender);
    assert!(body.frame().await.is_none());
}

fn futures_channel() -> (
    tokio::sync::mpsc::UnboundedSender<&'static str>,
    impl Stream<Item = &'static str>,
) {
    let (sender, mut receiver) = tokio::sync::mpsc::unbounded_channel();
    (sender, stream::poll_fn(move |cx| receiver.poll_recv(cx)))
}

#[tokio::test]
async fn a_large_event_leaves_whole() {
    let large = "y".repeat(1 << 20);
    let events = stream::iter([large, String::from("z")]).chain(stream::pending());
    let frames = frames(ServerSentEvent::new(events).into_response()).await;
    assert_eq!(frames.len(), 2);
    assert_eq!(frames[0].len(), (1 << 20) + "data: \n\n".len());
    assert_eq!(frames[1], "data: z\n\n");
}

#[tokio::test]
async fn endless_events_without_content_leave_others_their_turn() {
    let events = ServerSentEvent::new(stream::repeat_with(Event::new)).until(async {
        tokio::time::sleep(Duration::from_millis(20)).await;
    });
    let answer = sent(events).await;
    assert!(answer.complete && answer.body.is_empty());
}

#[tokio::test]
async fn an_endless_stream_ends_with_until() {
    for events in [
        ServerSentEvent::new(stream::pending::<Event>()),
        ServerSentEvent::new(stream::repeat("busy")),
    ] {
        let answer = sent(
            events
                .until(std::future::pending::<()>())
                .until(tokio::time::sleep(Duration::from_millis(20))),
        )
        .await;
        assert!(answer.complete);
    }
}

#[tokio::test]
async fn the_registered_shutdown_ends_streams() {
    let shutdown = Shutdown::new();
    let app: Router = Router::new()
        .route(
            "/idle",
            route_get(async || ServerSentEvent::new(stream::pending::<Event>())),
        )
        .route(
            "/busy",
            route_get(async || ServerSentEvent::new(stream::repeat("busy"))),
        )
        .route(
            "/explicit",
            route_get(async |context: RequestContext| {
                ServerSentEvent::new(stream::pending::<Event>()).respond_to(&context)
            }),
        )
        .layer(RequestContextLayer::new().shutdown(shutdown.clone()));
    let fire = async {
        tokio::time::sleep(Duration::from_millis(20)).await;
        shutdown.fire();
    };
    let asked = join_all(["/idle", "/busy", "/explicit"].map(|path| ask(&app, get(path, &[]))));
    let (answers, ()) = tokio::join!(asked, fire);
    assert!(answers.iter().all(|answer| answer.complete));
    // What comes later finds it fired already.
    let late = ask(&app, get("/idle", &[])).await;
    assert!(late.complete && late.status == 200);
}

#[tokio::test]
async fn without_a_context_only_until_ends_a_stream() {
    let events = ServerSentEvent::new(stream::pending::<Event>()).no_keep_alive();
    assert!(frames(events.into_response()).await.is_empty());
}

#[tokio::test]
async fn an_error_cuts_the_body_behind_what_came_before() {
    let errors: Arc<Mutex<Vec<String>>> = Arc::default();
    let seen = errors.clone();
    let events = stream::iter([
        Ok("a"),
        Ok("b"),
        Err(io::Error::other("the source is gone")),
        Ok("never"),
        Err(io::Error::other("never")),
    ]);
    let answer = sent(
        ServerSentEvent::new(events)
            .on_error(move |error| seen.lock().unwrap().push(error.to_string())),
    )
    .await;
    assert_eq!(answer.text(), "data: a\n\ndata: b\n\n");
    assert!(!answer.complete);
    assert_eq!(*errors.lock().unwrap(), ["the source is gone"]);
}

#[tokio::test]
async fn a_stream_is_dropped_with_the_response() {
    struct Guard(Arc<AtomicUsize>);
    impl Drop for Guard {
        fn drop(&mut self) {
            self.0.fetch_add(1, Ordering::SeqCst);
        }
    }
    let dropped: Arc<AtomicUsize> = Arc::default();
    let guard = Guard(dropped.clone());
    let response = ServerSentEvent::new(async_stream::stream! {
        let _guard = guard;
        yield "a";
        std::future::pending::<()>().await;
    })
    .into_response();
    let mut body = response.into_body();
    body.frame().await.unwrap().unwrap();
    drop(body);
    assert_eq!(dropped.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn head_gets_the_headers_alone() {
    let app = Router::new().route(
        "/",
        route_get(async || ServerSentEvent::new(stream::repeat("a"))),
    );
    let head = suite_support::request(Method::HEAD, "/", &[], Body::empty());
    let answer = ask(&app, head).await;
    assert_eq!(
        answer.header("content-type"),
        Some("text/event-stream; charset=utf-8")
    );
    assert!(answer.body.is_empty() && answer.complete);
}

#[tokio::test]
async fn compression_leaves_the_stream_alone() {
    let app = Router::new()
        .route(
            "/",
            route_get(async || ServerSentEvent::new(stream::iter(vec!["aaaaaaaa"; 100]))),
        )
        .layer(tower_http::compression::CompressionLayer::new());
    let answer = ask(&app, get("/", &[("accept-encoding", "gzip")])).await;
    assert_eq!(answer.header("content-encoding"), None);
    assert!(answer.text().starts_with("data: aaaaaaaa\n\n"));
}

fn news(replay: &Replay) -> Router {
    async fn stream(State(replay): State<Replay>, last: LastEventId) -> ServerSentEvent {
        ServerSentEvent::new(replay.subscribe(&last)).until(a_while())
    }
    Router::new()
        .route("/", route_get(stream))
        .with_state(replay.clone())
}

/// Long enough for what is ready to be sent.
async fn a_while() {
    for _ in 0..50 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_client_that_comes_back_gets_exactly_what_it_missed() {
    let replay = Replay::new(4);
    let ids: Vec<String> = (1..=6)
        .map(|n| replay.publish(n.to_string()).to_string())
        .collect();
    let block = |n: usize| format!("id: {}\ndata: {n}\n\n", ids[n - 1]);
    let resync = format!("id: {}\nevent: resync\ndata: \n\n", ids[5]);
    let app = news(&replay);

    for (last, body) in [
        (ids[4].as_str(), block(6)),
        (&ids[1], block(3) + &block(4) + &block(5) + &block(6)),
        (&ids[5], String::new()),
        (&ids[0], resync.clone()), // 2 is no longer kept
        ("", String::new()),
        ("1", resync.clone()),
        ("feed-4", resync.clone()),
        (&format!("{}7", ids[5]), resync.clone()), // of this feed, and not yet published
        (&ids[5].replace('-', "-+"), resync.clone()),
    ] {
        let by_header = ask(&app, get("/", &[("last-event-id", last)])).await;
        assert_eq!(by_header.text(), body, "{last}");
        let path = format!("/?last_event_id={}", last.replace('+', "%2B"));
        assert_eq!(ask(&app, get(&path, &[])).await.text(), body, "{path}");
    }
    let both = get(
        &format!("/?last_event_id={}", ids[1]),
        &[("last-event-id", &ids[4])],
    );
    assert_eq!(ask(&app, both).await.text(), block(6));
}

/// A server on a real socket with as many idle streams as asked for, and the task it runs in.
async fn server(shutdown: &Shutdown) -> (std::net::SocketAddr, tokio::task::JoinHandle<()>) {
    async fn idle() -> ServerSentEvent {
        ServerSentEvent::new(stream::pending::<Event>()).comment("open")
    }
    let app = RequestContextLayer::new()
        .shutdown(shutdown.clone())
        .layer(Router::new().route("/", route_get(idle)));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let service = ServiceExt::<axum::extract::Request>::into_make_service(app);
    let fired = shutdown.fired();
    let task = tokio::spawn(async move {
        axum::serve(listener, service)
            .with_graceful_shutdown(fired)
            .await
            .unwrap();
    });
    (address, task)
}

fn request() -> Request<Empty<Bytes>> {
    Request::get("http://localhost/")
        .body(Empty::new())
        .unwrap()
}

/// Reads the opening comment, then fires and expects clean ends and the server's return.
async fn shut_down(
    mut bodies: Vec<hyper::body::Incoming>,
    shutdown: &Shutdown,
    server: tokio::task::JoinHandle<()>,
) {
    for body in &mut bodies {
        let frame = body.frame().await.unwrap().unwrap();
        assert_eq!(*frame.data_ref().unwrap(), ": open\n\n");
    }
    assert!(!server.is_finished());
    shutdown.fire();
    tokio::time::timeout(Duration::from_secs(1), server)
        .await
        .expect("the server returns although streams were open")
        .unwrap();
    for body in bodies {
        let rest = body.collect().await.expect("the body ends cleanly");
        assert!(rest.to_bytes().is_empty());
    }
}

const STREAMS: usize = 100;

#[tokio::test]
async fn a_graceful_shutdown_returns_with_open_streams_on_http_1() {
    let shutdown = Shutdown::new();
    let (address, server) = server(&shutdown).await;
    let mut bodies = Vec::new();
    for _ in 0..STREAMS {
        let io = TokioIo::new(TcpStream::connect(address).await.unwrap());
        let (mut sender, connection) = hyper::client::conn::http1::handshake(io).await.unwrap();
        tokio::spawn(connection);
        let response = sender.send_request(request()).await.unwrap();
        bodies.push(response.into_body());
    }
    shut_down(bodies, &shutdown, server).await;
}

#[tokio::test]
async fn a_graceful_shutdown_returns_with_open_streams_on_http_2() {
    let shutdown = Shutdown::new();
    let (address, server) = server(&shutdown).await;
    let io = TokioIo::new(TcpStream::connect(address).await.unwrap());
    let (mut sender, connection) = hyper::client::conn::http2::handshake(TokioExecutor::new(), io)
        .await
        .unwrap();
    tokio::spawn(connection);
    let mut bodies = Vec::new();
    for _ in 0..STREAMS {
        let response = sender.send_request(request()).await.unwrap();
        bodies.push(response.into_body());
    }
    shut_down(bodies, &shutdown, server).await;
}

#[tokio::test]
async fn an_error_reaches_the_client_behind_what_came_before() {
    async fn failing() -> ServerSentEvent {
        ServerSentEvent::new(stream::iter([Ok("a"), Err(io::Error::other("gone"))]))
    }
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let app = Router::new().route("/", route_get(failing));
    tokio::spawn(async move { axum::serve(listener, app).await });

    let io = TokioIo::new(TcpStream::connect(address).await.unwrap());
    let (mut sender, connection) = hyper::client::conn::http1::handshake(io).await.unwrap();
    tokio::spawn(connection);
    let answer = read(sender.send_request(request()).await.unwrap()).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.text(), "data: a\n\n");
    assert!(!answer.complete);
}

#[test]
fn the_document_says_what_is_sent() {
    use utoipa::{IntoParams, OpenApi};

    #[utoipa::path(get, path = "/", params(LastEventId), responses(ServerSentEvent))]
    #[expect(dead_code, reason = "only its description is used")]
    async fn events() {}

    #[derive(OpenApi)]
    #[openapi(paths(events))]
    struct Api;

    let document = |version| {
        let mut api = Api::openapi();
        api.openapi = version;
        axum_responses::openapi::finish(&mut api);
        serde_json::to_value(api).unwrap()
    };
    let document_32 = document(utoipa::openapi::OpenApiVersion::Version32);
    let operation = &document_32["paths"]["/"]["get"];
    let response = &operation["responses"]["200"];
    assert_eq!(
        response["content"]["text/event-stream"]["itemSchema"]["$ref"],
        "#/components/schemas/ServerSentEventItem"
    );
    let item = &document_32["components"]["schemas"]["ServerSentEventItem"];
    assert_eq!(item["properties"]["retry"]["type"], "integer");
    assert_eq!(item["properties"]["data"]["type"], "string");
    assert_eq!(item.get("required"), None);
    for header in ["cache-control", "x-accel-buffering"] {
        assert!(response["headers"][header].is_object(), "{response}");
    }
    let names: Vec<_> = LastEventId::into_params(|| None)
        .into_iter()
        .map(|parameter| parameter.name)
        .collect();
    assert_eq!(names, ["Last-Event-ID", "last_event_id"]);
    assert_eq!(operation["parameters"][1]["in"], "query");

    let document_31 = document(utoipa::openapi::OpenApiVersion::Version31);
    let content = &document_31["paths"]["/"]["get"]["responses"]["200"]["content"];
    assert_eq!(content["text/event-stream"], serde_json::json!({}));
}
