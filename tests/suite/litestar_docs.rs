//! The samples of Litestar's chapter on responses, one test each, named by its heading.
//!
//! Who knows that chapter finds here how each of its samples is written with axum, and what then
//! goes over the wire. Every test stands for itself: handler, router, request, answer.

mod background_tasks;
mod custom_responses;
mod file_responses;
mod template_responses;

use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;
use std::future::{Ready, ready};
use std::sync::{LazyLock, Mutex};
use std::task::{Context, Poll};
use std::time::{Duration, SystemTime};

use async_stream::stream;
use axum::extract::Request;
use axum::response::IntoResponse;
use axum::routing::get;
use axum::{Extension, Router};
use axum_extra::response::ErasedJson;
use axum_responses::media_type::{JsonType, XmlType};
use axum_responses::negotiation::{OrDefault, Representation, RepresentationError};
use axum_responses::problem::Query;
use axum_responses::template::MiniJinja;
use axum_responses::{
    Accept, BackgroundTask, BackgroundTasks, BackgroundTracker, Content, Delegated, ETag, Empty,
    Encoded, Encoder, Html, HttpDate, Json, MediaType, MessagePack, Negotiated, Redirect, Reply,
    RequestContextLayer, ServerSentEvent, Stream, Template, Text, Typed, context, media_type,
    openapi,
};
use futures_util::{StreamExt, TryStreamExt};
use serde::{Deserialize, Serialize};
use serde_json::json;
use suite_support::{Answer, ask, get as request_for, read};
use tokio::sync::Barrier;
use tokio::time::sleep;
use tower::{Service, ServiceExt, service_fn};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The value of most samples.
#[derive(Serialize, ToSchema)]
struct Resource {
    id: u64,
    name: &'static str,
}

const RESOURCE: Resource = Resource {
    id: 1,
    name: "my resource",
};

const PATIENCE: Duration = Duration::from_secs(10);

/// What a visitor of this path is answered.
async fn visit(app: &Router, path: &str) -> Answer {
    ask(app, request_for(path, &[])).await
}

// ------------------------------------------------------------------- values and media types

/// A handler's return type says what is sent. JSON is a word in it, not a default.
#[tokio::test]
async fn responses() {
    async fn retrieve_resource() -> Json<Resource> {
        Json(RESOURCE)
    }

    let app = Router::new().route("/resources", get(retrieve_resource));
    let answer = visit(&app, "/resources").await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("content-type"), Some("application/json"));
    assert_eq!(answer.text(), r#"{"id":1,"name":"my resource"}"#);
}

/// The media type is the type around the value. Whatever is text says that it is UTF-8.
#[tokio::test]
async fn media_type() {
    async fn retrieve_resource() -> Text<&'static str> {
        Text("The rumbling rabbit ran around the rock")
    }

    let app = Router::new().route("/resources", get(retrieve_resource));
    let answer = visit(&app, "/resources").await;
    assert_eq!(
        answer.header("content-type"),
        Some("text/plain; charset=utf-8")
    );
    assert_eq!(answer.text(), "The rumbling rabbit ran around the rock");

    assert_eq!(MediaType::JSON.essence(), "application/json");
    assert_eq!(MediaType::MESSAGE_PACK.essence(), "application/x-msgpack");
    assert_eq!(MediaType::TEXT.essence(), "text/plain");
    assert_eq!(MediaType::HTML.essence(), "text/html");
}

/// Any registered media type: `Typed` renames what serde writes, `Content` sends what is written already.
#[tokio::test]
async fn media_type_of_any_name() {
    media_type!(JsonApi = "application/vnd.api+json");

    async fn serialised() -> Typed<Json<Resource>, JsonApi> {
        Typed::new(Json(RESOURCE))
    }

    async fn ready_made() -> Content<XmlType> {
        Content::new("<resource/>")
    }

    let app = Router::new()
        .route("/serialised", get(serialised))
        .route("/ready-made", get(ready_made));
    for (path, content_type, text) in [
        (
            "/serialised",
            "application/vnd.api+json",
            r#"{"id":1,"name":"my resource"}"#,
        ),
        ("/ready-made", "application/xml", "<resource/>"),
    ] {
        let answer = visit(&app, path).await;
        assert_eq!(answer.header("content-type"), Some(content_type));
        assert_eq!(answer.text(), text);
    }
}

/// JSON takes whatever serde can serialise.
#[tokio::test]
async fn json_responses() {
    #[derive(Serialize)]
    #[serde(rename_all = "lowercase")]
    enum Colour {
        Red,
    }

    let app = Router::new()
        .route("/null", get(async || Json(())))
        .route("/text", get(async || Json("quoted")))
        .route("/option", get(async || Json(Some(0.5))))
        .route("/enum", get(async || Json(Colour::Red)))
        .route("/tuple", get(async || Json((1, "a"))))
        .route("/list", get(async || Json(vec![RESOURCE])))
        .route("/map", get(async || Json(BTreeMap::from([("a", 1)]))))
        .route("/any", get(async || Json(json!({"a": [1, null]}))));
    for (path, text) in [
        ("/null", "null"),
        ("/text", r#""quoted""#),
        ("/option", "0.5"),
        ("/enum", r#""red""#),
        ("/tuple", r#"[1,"a"]"#),
        ("/list", r#"[{"id":1,"name":"my resource"}]"#),
        ("/map", r#"{"a":1}"#),
        ("/any", r#"{"a":[1,null]}"#),
    ] {
        let answer = visit(&app, path).await;
        assert_eq!(answer.header("content-type"), Some("application/json"));
        assert_eq!(answer.text(), text);
    }
}

/// The same values in fewer bytes: another word around them.
#[tokio::test]
async fn message_pack_responses() {
    async fn health_check() -> MessagePack<BTreeMap<&'static str, &'static str>> {
        MessagePack(BTreeMap::from([("hello", "world")]))
    }

    let app = Router::new().route("/health-check", get(health_check));
    let answer = visit(&app, "/health-check").await;
    assert_eq!(answer.header("content-type"), Some("application/x-msgpack"));
    assert_eq!(answer.body, &b"\x81\xa5hello\xa5world"[..]);
}

/// `Text` takes everything that displays.
#[tokio::test]
async fn plaintext_responses() {
    async fn health_check() -> Text<&'static str> {
        Text("healthy")
    }

    let app = Router::new()
        .route("/health-check", get(health_check))
        .route("/number", get(async || Text(42)));
    for (path, text) in [("/health-check", "healthy"), ("/number", "42")] {
        let answer = visit(&app, path).await;
        assert_eq!(
            answer.header("content-type"),
            Some("text/plain; charset=utf-8")
        );
        assert_eq!(answer.text(), text);
    }
}

/// HTML that is ready. Nothing is escaped: for values from outside there are templates.
#[tokio::test]
async fn html_responses() {
    async fn health_check() -> Html<&'static str> {
        Html(
            "
            <html>
                <body>
                    <div>
                        <span>Hello World!</span>
                    </div>
                </body>
            </html>
            ",
        )
    }

    let app = Router::new().route("/page", get(health_check));
    let answer = visit(&app, "/page").await;
    assert_eq!(
        answer.header("content-type"),
        Some("text/html; charset=utf-8")
    );
    assert!(answer.text().contains("<span>Hello World!</span>"));
}

// --------------------------------------------------------------------------- negotiation

/// The port word for word: the handler asks which type the client likes best.
#[tokio::test]
async fn content_negotiation() {
    async fn retrieve_resource(accept: Accept) -> Reply<Content> {
        let provided = [MediaType::TEXT, MediaType::HTML, MediaType::XML];
        let preferred = accept.best_match(provided, MediaType::TEXT);
        let content = match preferred.essence() {
            "text/html" => "<h1>Hello World!</h1>",
            "application/xml" => "<xml><msg>Hello World!</msg></xml>",
            _ => "Hello World!",
        };
        Reply::new(Content::new(content))
            .content_type(preferred)
            .header(("vary", "accept"))
    }

    let app = Router::new().route("/resource", get(retrieve_resource));
    negotiates_a_greeting(&app).await;
}

/// The same with the offers in the signature: they are documented, `Vary` is sent unasked, and
/// without `or_default` a client that wants none of them is told so by a 406.
#[tokio::test]
async fn content_negotiation_in_the_signature() {
    struct Greeting(&'static str);

    struct AsText;
    impl Representation<Greeting> for AsText {
        const MEDIA_TYPE: MediaType = MediaType::TEXT;

        fn write(greeting: &Greeting) -> Result<Vec<u8>, RepresentationError> {
            Ok(greeting.0.into())
        }
    }

    struct AsHtml;
    impl Representation<Greeting> for AsHtml {
        const MEDIA_TYPE: MediaType = MediaType::HTML;

        fn write(greeting: &Greeting) -> Result<Vec<u8>, RepresentationError> {
            Ok(format!("<h1>{}</h1>", greeting.0).into())
        }
    }

    struct AsXml;
    impl Representation<Greeting> for AsXml {
        const MEDIA_TYPE: MediaType = MediaType::XML;

        fn write(greeting: &Greeting) -> Result<Vec<u8>, RepresentationError> {
            Ok(format!("<xml><msg>{}</msg></xml>", greeting.0).into())
        }
    }

    async fn retrieve_resource() -> Negotiated<Greeting, (AsText, AsHtml, AsXml), OrDefault> {
        Negotiated::new(Greeting("Hello World!")).or_default()
    }

    let app = Router::new()
        .route("/resource", get(retrieve_resource))
        .layer(RequestContextLayer::new());
    negotiates_a_greeting(&app).await;
}

async fn negotiates_a_greeting(app: &Router) {
    for (accept, content_type, text) in [
        ("*/*", "text/plain; charset=utf-8", "Hello World!"),
        (
            "text/html",
            "text/html; charset=utf-8",
            "<h1>Hello World!</h1>",
        ),
        (
            "application/xml",
            "application/xml",
            "<xml><msg>Hello World!</msg></xml>",
        ),
        (
            "application/xml;q=0.8, text/html;q=0.9",
            "text/html; charset=utf-8",
            "<h1>Hello World!</h1>",
        ),
        ("image/png", "text/plain; charset=utf-8", "Hello World!"),
    ] {
        let answer = ask(app, request_for("/resource", &[("accept", accept)])).await;
        assert_eq!(answer.status, 200, "{accept}");
        assert_eq!(answer.header("content-type"), Some(content_type));
        assert_eq!(answer.header("vary"), Some("accept"));
        assert_eq!(answer.text(), text);
    }
}

// --------------------------------------------------------------------- what goes around a body

/// The status is a number in the type, so that the document knows it too.
#[tokio::test]
async fn status_codes() {
    async fn retrieve_resource() -> Reply<Json<Resource>, 202> {
        Reply::new(Json(RESOURCE))
    }

    let app = Router::new().route("/resources", get(retrieve_resource));
    let answer = visit(&app, "/resources").await;
    assert_eq!(answer.status, 202);
    assert_eq!(answer.text(), r#"{"id":1,"name":"my resource"}"#);
}

/// Where a status allows no content, none goes out, whatever the handler gave.
#[tokio::test]
async fn status_codes_without_content() {
    async fn nothing() -> Reply<Empty, 204> {
        Reply::new(Empty)
    }

    async fn too_much() -> Reply<Text<&'static str>, 204> {
        Reply::new(Text("nobody may see this"))
    }

    let app = Router::new()
        .route("/nothing", get(nothing))
        .route("/too-much", get(too_much));
    for path in ["/nothing", "/too-much"] {
        let answer = visit(&app, path).await;
        assert_eq!(answer.status, 204);
        assert_eq!(answer.headers.len(), 0, "{answer:?}");
        assert_eq!(answer.text(), "");
    }
}

/// `Reply` puts a status, headers, cookies and background tasks around any body.
#[tokio::test]
async fn returning_responses() {
    async fn retrieve_resource() -> Reply<Json<Resource>> {
        Reply::new(Json(RESOURCE))
            .header(("MY-HEADER", "xyz"))
            .cookie(("my-cookie", "abc"))
    }

    let app = Router::new().route("/resources", get(retrieve_resource));
    let answer = visit(&app, "/resources").await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("my-header"), Some("xyz"));
    assert_eq!(
        answer.header("set-cookie"),
        Some("my-cookie=abc; Path=/; SameSite=Lax")
    );
    assert_eq!(answer.text(), r#"{"id":1,"name":"my resource"}"#);
}

/// The return type is the documentation: name it in `responses(..)`, and the schema follows. `Empty`
/// stands where there is no body.
#[tokio::test]
async fn annotating_responses() {
    /// Find it
    #[utoipa::path(get, path = "/resources", responses(Reply<Json<Resource>>))]
    async fn retrieve_resource() -> Reply<Json<Resource>> {
        Reply::new(Json(RESOURCE))
    }

    /// Forget it
    #[utoipa::path(delete, path = "/resources", responses(Reply<Empty, 204>))]
    async fn delete_resource() -> Reply<Empty, 204> {
        Reply::new(Empty)
    }

    let (app, mut api) = OpenApiRouter::new()
        .routes(routes!(retrieve_resource, delete_resource))
        .split_for_parts();
    openapi::finish(&mut api);
    assert_eq!(visit(&app, "/resources").await.status, 200);

    let api = serde_json::to_value(api).unwrap();
    let resources = &api["paths"]["/resources"];
    assert_eq!(
        resources["get"]["responses"]["200"]["content"],
        json!({"application/json": {"schema": {"$ref": "#/components/schemas/Resource"}}})
    );
    assert_eq!(
        api["components"]["schemas"]["Resource"]["required"],
        json!(["id", "name"])
    );
    assert_eq!(
        resources["delete"]["responses"],
        json!({"204": {"description": "No Content"}})
    );
}

// ---------------------------------------------------------------------- other applications

/// What an ASGI application is there, a tower service is here: anything from requests to responses.
#[tokio::test]
async fn returning_asgi_applications() {
    async fn handler(request: Request) -> Delegated {
        let my_app = service_fn(async |request: Request| {
            let text = format!("you asked for {}", request.uri());
            Ok::<_, Infallible>(http::Response::new(text))
        });
        Delegated::to(my_app, request).await
    }

    let app = Router::new().route("/", get(handler));
    assert_eq!(visit(&app, "/?a=1").await.text(), "you asked for /?a=1");
}

#[tokio::test]
async fn function_asgi_application() {
    async fn my_function(_: Request) -> Result<http::Response<String>, Infallible> {
        Ok(http::Response::new("from a function".to_owned()))
    }

    async fn handler(request: Request) -> Delegated {
        Delegated::to(service_fn(my_function), request).await
    }

    let app = Router::new().route("/", get(handler));
    assert_eq!(visit(&app, "/").await.text(), "from a function");
}

#[tokio::test]
async fn method_asgi_application() {
    struct MyStruct {
        name: &'static str,
    }

    impl MyStruct {
        async fn my_method(&self, _: Request) -> Result<http::Response<String>, Infallible> {
            Ok(http::Response::new(format!("from {}", self.name)))
        }
    }

    async fn handler(request: Request) -> Delegated {
        let mine = MyStruct { name: "a method" };
        Delegated::to(service_fn(|request| mine.my_method(request)), request).await
    }

    let app = Router::new().route("/", get(handler));
    assert_eq!(visit(&app, "/").await.text(), "from a method");
}

/// A class with `__call__` is a type that implements `Service`.
#[tokio::test]
async fn class_asgi_application() {
    struct MyService;

    impl Service<Request> for MyService {
        type Response = http::Response<String>;
        type Error = Infallible;
        type Future = Ready<Result<Self::Response, Infallible>>;

        fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
            Poll::Ready(Ok(()))
        }

        fn call(&mut self, _: Request) -> Self::Future {
            ready(Ok(http::Response::new("from a service".to_owned())))
        }
    }

    async fn handler(request: Request) -> Delegated {
        Delegated::to(MyService, request).await
    }

    let app = Router::new().route("/", get(handler));
    assert_eq!(visit(&app, "/").await.text(), "from a service");
}

/// Responders of other crates are returned as they are; with `Reply` around them they take headers too.
#[tokio::test]
async fn returning_responses_from_third_party_libraries() {
    async fn handler() -> ErasedJson {
        ErasedJson::new(json!({"hello": "world"}))
    }

    async fn annotated() -> Reply<ErasedJson> {
        Reply::new(handler().await).header(("x-by", "us"))
    }

    let app = Router::new()
        .route("/", get(handler))
        .route("/annotated", get(annotated));
    for (path, by) in [("/", None), ("/annotated", Some("us"))] {
        let answer = visit(&app, path).await;
        assert_eq!(answer.header("content-type"), Some("application/json"));
        assert_eq!(answer.header("x-by"), by);
        assert_eq!(answer.text(), r#"{"hello":"world"}"#);
    }
}

// ------------------------------------------------------------------------- headers and cookies

/// From 1 to 100, and never to be trusted.
fn random() -> String {
    let nanoseconds = SystemTime::UNIX_EPOCH.elapsed().unwrap().subsec_nanos();
    (nanoseconds / 1000 % 100 + 1).to_string()
}

/// A value that is known only when the handler runs.
#[tokio::test]
async fn setting_headers_dynamically() {
    async fn retrieve_resource() -> Reply<Json<Resource>> {
        Reply::new(Json(RESOURCE)).header(("Random-Header", random()))
    }

    let app = Router::new().route("/resources", get(retrieve_resource));
    let answer = visit(&app, "/resources").await;
    let number: u8 = answer.header("random-header").unwrap().parse().unwrap();
    assert!((1..=100).contains(&number));
}

#[tokio::test]
async fn setting_cookies_dynamically() {
    async fn retrieve_resource() -> Reply<Json<Resource>> {
        Reply::new(Json(RESOURCE)).cookie(("Random-Cookie", random()))
    }

    let app = Router::new().route("/resources", get(retrieve_resource));
    let answer = visit(&app, "/resources").await;
    let cookie = answer.header("set-cookie").unwrap();
    let (name, rest) = cookie.split_once('=').unwrap();
    let (number, attributes) = rest.split_once("; ").unwrap();
    assert_eq!(
        (name, attributes),
        ("Random-Cookie", "Path=/; SameSite=Lax")
    );
    assert!((1..=100).contains(&number.parse::<u8>().unwrap()));
}

#[test]
fn parsing_etag_headers() {
    assert_eq!(r#""foo""#.parse(), Ok(ETag::strong("foo")));
    assert_eq!(r#"W/"foo""#.parse(), Ok(ETag::weak("foo")));
    assert!("foo".parse::<ETag>().is_err());
}

// ----------------------------------------------------------------- redirects, streams, events

/// 302 unless the type says 301, 303, 307 or 308.
#[tokio::test]
async fn redirect_responses() {
    async fn redirect() -> Redirect {
        Redirect::to("/other-path")
    }

    async fn for_good() -> Redirect<308> {
        Redirect::permanent("/other-path")
    }

    let app = Router::new()
        .route("/some-path", get(redirect))
        .route("/old-path", get(for_good));
    for (path, status) in [("/some-path", 302), ("/old-path", 308)] {
        let answer = visit(&app, path).await;
        assert_eq!(answer.status, status);
        assert_eq!(answer.header("location"), Some("/other-path"));
        assert_eq!(answer.text(), "");
    }
}

/// An endless body. Nothing is produced faster than the client reads, and nothing once it has left.
#[tokio::test]
async fn streaming_responses() {
    async fn stream_time() -> Stream<JsonType> {
        Stream::new(stream! {
            loop {
                sleep(Duration::from_millis(10)).await;
                let now = HttpDate::clamped(SystemTime::now()).to_string();
                yield json!({"current_time": now}).to_string();
            }
        })
    }

    let app = Router::new().route("/time", get(stream_time));
    let response = app.oneshot(request_for("/time", &[])).await.unwrap();
    assert_eq!(response.headers()["content-type"], "application/json");
    let pieces = response.into_body().into_data_stream().take(3);
    for piece in pieces.try_collect::<Vec<_>>().await.unwrap() {
        let time: serde_json::Value = serde_json::from_slice(&piece).unwrap();
        assert!(time["current_time"].is_string());
    }
}

/// What a stream may be made of: asynchronous or not, made already or when the first bytes are due. An
/// iterator that blocks goes to a pool of threads.
#[tokio::test]
async fn streaming_responses_from_other_kinds_of_values() {
    struct Letters(std::ops::RangeInclusive<char>);

    impl Iterator for Letters {
        type Item = String;

        fn next(&mut self) -> Option<String> {
            self.0.next().map(String::from)
        }
    }

    let letters = || Letters('a'..='c');
    let streams: [Stream; 7] = [
        Stream::new(stream! { for letter in letters() { yield letter } }),
        Stream::lazy(|| futures_util::stream::iter(["a", "b", "c"])),
        Stream::iter(["a", "b", "c"]),
        Stream::iter(letters()),
        Stream::blocking(letters()),
        Stream::blocking_lazy(letters),
        Stream::reader(&b"abc"[..]),
    ];
    for stream in streams {
        assert_eq!(read(stream.into_response()).await.text(), "abc");
    }
}

#[tokio::test]
async fn server_sent_event_responses() {
    async fn sse_handler() -> ServerSentEvent {
        ServerSentEvent::new(stream! {
            for count in 1..=10 {
                sleep(Duration::from_millis(10)).await;
                yield count.to_string();
            }
        })
    }

    let app = Router::new().route("/count", get(sse_handler));
    let answer = visit(&app, "/count").await;
    assert_eq!(
        answer.header("content-type"),
        Some("text/event-stream; charset=utf-8")
    );
    let events: String = (1..=10).map(|count| format!("data: {count}\n\n")).collect();
    assert_eq!(answer.text(), events);
}

/// `event_type`, `event_id`, `retry_duration` and `comment_message` hold for the whole stream.
#[tokio::test]
async fn server_sent_event_responses_with_options() {
    async fn sse_handler() -> ServerSentEvent {
        ServerSentEvent::new(futures_util::stream::iter(["one line\nand another"]))
            .event_type("special")
            .event_id("123")
            .retry(Duration::from_secs(1))
            .comment("I'm a comment")
    }

    let app = Router::new().route("/count", get(sse_handler));
    let text = visit(&app, "/count").await.text();
    let mut lines: Vec<&str> = text.lines().filter(|line| !line.is_empty()).collect();
    lines.sort_unstable();
    assert_eq!(
        lines,
        [
            ": I'm a comment",
            "data: and another",
            "data: one line",
            "event: special",
            "id: 123",
            "retry: 1000",
        ]
    );
}
