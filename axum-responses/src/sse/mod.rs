//! Server-sent events: `text/event-stream` (HTML Standard §9.2).
//!
//! [`ServerSentEvent`] is the response, [`Event`] what its stream yields. A client that comes back says
//! with [`LastEventId`] what it saw last, and a [`Replay`] knows what it has missed since.
//!
//! ```
//! use std::time::Duration;
//! use axum::{Router, body::Body, http::Request, routing::get};
//! use axum_responses::{ServerSentEvent, sse::Event};
//! # use tower::ServiceExt;
//!
//! async fn count() -> ServerSentEvent {
//!     let events = async_stream::stream! {
//!         for n in 1..=2 {
//!             tokio::time::sleep(Duration::from_millis(1)).await;
//!             yield Event::data(n.to_string()).id(n.to_string());
//!         }
//!     };
//!     ServerSentEvent::new(events).event_type("tick").comment("hello")
//! }
//!
//! # #[tokio::main(flavor = "current_thread")] async fn main() {
//! let app = Router::new().route("/", get(count));
//! let response = app.oneshot(Request::get("/").body(Body::empty()).unwrap()).await.unwrap();
//! assert_eq!(response.status(), 200);
//! assert_eq!(response.headers()["content-type"], "text/event-stream; charset=utf-8");
//! assert_eq!(response.headers()["cache-control"], "no-cache");
//! assert_eq!(response.headers()["x-accel-buffering"], "no");
//! let body = axum::body::to_bytes(response.into_body(), 1000).await.unwrap();
//! assert_eq!(body, ": hello\n\nid: 1\nevent: tick\ndata: 1\n\nid: 2\nevent: tick\ndata: 2\n\n");
//! # }
//! ```

mod body;
mod encode;
mod event;
mod keep_alive;
mod last_event_id;
mod replay;
mod subscription;

use std::borrow::Cow;
use std::error::Error;
use std::fmt;
use std::pin::Pin;
use std::time::Duration;

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use futures_core::Stream;
use http::{HeaderName, HeaderValue, header};

pub use self::event::{Event, EventItem, IntoEvent};
pub use self::last_event_id::LastEventId;
pub use self::replay::{EventId, InvalidEventId, Replay};
pub use self::subscription::Subscription;

use self::body::{EventBody, Items, Source};
use self::encode::Defaults;
use crate::context::RequestContext;

/// [`MediaType::EVENT_STREAM`](crate::MediaType::EVENT_STREAM), ready to be sent.
const CONTENT_TYPE: HeaderValue = HeaderValue::from_static("text/event-stream; charset=utf-8");

/// Tells nginx and those that took it over not to hold events back.
const X_ACCEL_BUFFERING: HeaderName = HeaderName::from_static("x-accel-buffering");

type Ending = Pin<Box<dyn Future<Output = ()> + Send>>;
type ErrorHook = Box<dyn FnOnce(&(dyn Error + Send + Sync + 'static)) + Send>;

/// A stream of events as a response that stays open.
///
/// It takes any stream of events: of [`Event`], of text (which is data), of one's own [`IntoEvent`], or of
/// `Result`s of these. Sent are a 200 with `Content-Type: text/event-stream; charset=utf-8`,
/// `Cache-Control: no-cache` and `X-Accel-Buffering: no`; [`Reply`](crate::Reply) changes them.
///
/// - Events that are ready together leave in one frame, until it holds 8 KiB. An event that is ready alone
///   leaves at once, and one that is larger leaves whole.
/// - After 15 s of silence a comment keeps the connection open ([`keep_alive`](Self::keep_alive)).
/// - The response ends with its stream; when the [`Shutdown`](crate::Shutdown) fires that is registered
///   with [`RequestContextLayer::shutdown`](crate::RequestContextLayer::shutdown), so that a graceful shutdown need
///   not wait for clients that never leave; and when a future given to [`until`](Self::until) is done.
///   Browsers then come back by themselves.
/// - An error from the stream is logged and cuts the connection, behind the events that came before it.
/// - When the client is gone the stream is dropped. A background task of a [`Reply`](crate::Reply) around
///   it is told `Aborted` then, and `Completed` when the response has ended by itself.
///
/// ```
/// use axum::response::IntoResponse;
/// use axum_responses::{Reply, ServerSentEvent};
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// let events = ServerSentEvent::new(futures_util::stream::iter(["a", ""])).event_type("tick");
/// let response = Reply::<_, 201>::new(events).header(("cache-control", "private")).into_response();
/// assert_eq!(response.status(), 201);
/// assert_eq!(response.headers()["cache-control"], "private");
/// let body = axum::body::to_bytes(response.into_body(), 100).await.unwrap();
/// assert_eq!(body, "event: tick\ndata: a\n\nevent: tick\ndata: \n\n");
/// # }
/// ```
///
/// Without a [`RequestContext`] no registered shutdown is known, and `until` alone ends it early.
#[must_use]
pub struct ServerSentEvent {
    source: Pin<Box<dyn Source>>,
    defaults: Defaults,
    comment: Option<Cow<'static, str>>,
    keep_alive: Option<Duration>,
    until: Vec<Ending>,
    on_error: Option<ErrorHook>,
}

impl ServerSentEvent {
    /// The events of this stream.
    ///
    /// Nothing of it is polled before the connection asks for the body. When it ends, the response does, and browsers
    /// come back for another one: an answer under 204 is what keeps them away (HTML Standard §9.2).
    ///
    /// ```
    /// use axum::response::IntoResponse;
    /// use axum_responses::{ServerSentEvent, sse::Event};
    /// use futures_util::stream;
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let events = stream::iter([Ok(Event::data("first")), Err("the source is gone"), Ok(Event::data("never"))]);
    /// let response = ServerSentEvent::new(events).into_response();
    /// assert_eq!(response.status(), 200); // it has gone out by the time the source fails
    /// # use http_body_util::BodyExt;
    /// let mut body = response.into_body();
    /// let sent = body.frame().await.unwrap().unwrap().into_data().unwrap();
    /// assert_eq!(sent, "data: first\n\n");
    /// assert!(body.frame().await.unwrap().is_err()); // cuts the connection
    /// # }
    /// ```
    pub fn new<S>(stream: S) -> Self
    where
        S: Stream<Item: EventItem> + Send + 'static,
    {
        Self {
            source: Box::pin(Items::of(stream)),
            defaults: Defaults::default(),
            comment: None,
            keep_alive: Some(keep_alive::DEFAULT),
            until: Vec::new(),
            on_error: None,
        }
    }

    /// The events of this iterator. It runs on the thread that serves connections, and must not block.
    ///
    /// Without any the response is empty, under 200, and browsers come back.
    ///
    /// ```
    /// use axum_responses::ServerSentEvent;
    ///
    /// async fn countdown() -> ServerSentEvent {
    ///     ServerSentEvent::iter(["3", "2", "1"])
    /// }
    /// # use axum::response::IntoResponse;
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// # let response = countdown().await.into_response();
    /// # assert_eq!(response.status(), 200);
    /// let body = axum::body::to_bytes(response.into_body(), 100).await.unwrap();
    /// assert_eq!(body, "data: 3\n\ndata: 2\n\ndata: 1\n\n");
    ///
    /// let nothing = ServerSentEvent::iter([""; 0]).into_response();
    /// assert_eq!(axum::body::to_bytes(nothing.into_body(), 100).await.unwrap(), "");
    /// # }
    /// ```
    pub fn iter<I>(events: I) -> Self
    where
        I: IntoIterator<Item: EventItem, IntoIter: Send + 'static>,
    {
        Self::new(futures_util::stream::iter(events))
    }

    /// The type of every event that has none: `message` when nothing is said. CR and LF are dropped from it. HTML
    /// Standard §9.2.6.
    ///
    /// A [comment](Event::comment) stays as it is. An event whose type is [set to the empty one](Event::event) stays
    /// out of it.
    ///
    /// ```
    /// use axum::response::IntoResponse;
    /// use axum_responses::{ServerSentEvent, sse::Event};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let events = [Event::data("1"), Event::data("2").event("last"), Event::comment("done")];
    /// let response = ServerSentEvent::iter(events).event_type("tick").into_response();
    /// let body = axum::body::to_bytes(response.into_body(), 100).await.unwrap();
    /// assert_eq!(body, "event: tick\ndata: 1\n\nevent: last\ndata: 2\n\n: done\n\n");
    /// # }
    /// ```
    pub fn event_type(mut self, event_type: impl Into<Cow<'static, str>>) -> Self {
        self.defaults.event_type = Some(event::clean_event_type(event_type.into()));
        self
    }

    /// The id of every event that has none. CR, LF and NUL are dropped from it. HTML Standard §9.2.6.
    ///
    /// An id tells a client where to go on, so one for each event ([`Event::id`]) is worth more.
    ///
    /// ```
    /// use axum::response::IntoResponse;
    /// use axum_responses::{ServerSentEvent, sse::Event};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let events = [Event::data("a"), Event::data("b").id("7")];
    /// let response = ServerSentEvent::iter(events).event_id("snapshot\r\n1").into_response();
    /// let body = axum::body::to_bytes(response.into_body(), 100).await.unwrap();
    /// assert_eq!(body, "id: snapshot1\ndata: a\n\nid: 7\ndata: b\n\n");
    /// # }
    /// ```
    pub fn event_id(mut self, id: impl Into<Cow<'static, str>>) -> Self {
        self.defaults.event_id = Some(event::clean_id(id.into()));
        self
    }

    /// How long clients wait before they come back, in whole milliseconds, rounded down: for every event that does
    /// not say. Browsers wait for a few seconds by default. HTML Standard §9.2.6.
    ///
    /// It is sent with each event and not before the first one. To say it once, send `Event::new().retry(..)` first.
    ///
    /// ```
    /// use std::time::Duration;
    /// use axum::response::IntoResponse;
    /// use axum_responses::{ServerSentEvent, sse::Event};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let events = [Event::data("a"), Event::data("b").retry(Duration::ZERO)];
    /// let response = ServerSentEvent::iter(events).retry(Duration::from_millis(1500)).into_response();
    /// let body = axum::body::to_bytes(response.into_body(), 100).await.unwrap();
    /// assert_eq!(body, "retry: 1500\ndata: a\n\nretry: 0\ndata: b\n\n");
    /// # }
    /// ```
    pub fn retry(mut self, delay: Duration) -> Self {
        self.defaults.retry = Some(delay);
        self
    }

    /// A comment that is sent once and at once, before the first event: a sign that the connection stands, which no
    /// page sees. One line of it each line of the text (HTML Standard §9.2.5).
    ///
    /// ```
    /// # use http_body_util::BodyExt;
    /// use axum::response::IntoResponse;
    /// use axum_responses::ServerSentEvent;
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let silence = futures_util::stream::pending::<&str>();
    /// let mut body = ServerSentEvent::new(silence).comment("hello\nthere").into_response().into_body();
    /// let sent = body.frame().await.unwrap().unwrap().into_data().unwrap();
    /// assert_eq!(sent, ": hello\n: there\n\n");
    /// # }
    /// ```
    pub fn comment(mut self, text: impl Into<Cow<'static, str>>) -> Self {
        self.comment = Some(text.into());
        self
    }

    /// Sends an empty comment whenever nothing was sent for this long: 15 s when nothing is said. Less than
    /// a millisecond counts as one, and zero is no exception. HTML Standard §9.2.7.
    ///
    /// It keeps proxies from giving up, and finds out that a client is gone. It needs the timer of the
    /// runtime, which `#[tokio::main]` and `enable_all` switch on.
    ///
    /// # Panics
    /// Not here, but when the stream is silent for the first time, on a runtime that was built without a timer: such a
    /// one needs [`no_keep_alive`](Self::no_keep_alive).
    ///
    /// ```
    /// # use http_body_util::BodyExt;
    /// use std::time::Duration;
    /// use axum::response::IntoResponse;
    /// use axum_responses::ServerSentEvent;
    /// use tokio::time::Instant;
    ///
    /// # #[tokio::main(flavor = "current_thread", start_paused = true)] async fn main() {
    /// let start = Instant::now();
    /// let silence = futures_util::stream::pending::<&str>();
    /// let mut body = ServerSentEvent::new(silence).keep_alive(Duration::from_secs(5)).into_response().into_body();
    /// for seconds in [5, 10] {
    ///     let sent = body.frame().await.unwrap().unwrap().into_data().unwrap();
    ///     assert_eq!(sent, ":\n\n");
    ///     assert_eq!(start.elapsed().as_secs(), seconds);
    /// }
    /// # }
    /// ```
    pub fn keep_alive(mut self, silence: Duration) -> Self {
        self.keep_alive = Some(silence);
        self
    }

    /// Sends nothing while there is nothing to send. A client that vanished without closing its connection is found out
    /// by the next event only, and the stream lives until then.
    ///
    /// ```
    /// # use http_body_util::BodyExt;
    /// use std::time::Duration;
    /// use axum::response::IntoResponse;
    /// use axum_responses::ServerSentEvent;
    ///
    /// # #[tokio::main(flavor = "current_thread", start_paused = true)] async fn main() {
    /// let silence = futures_util::stream::pending::<&str>();
    /// let mut body = ServerSentEvent::new(silence).no_keep_alive().into_response().into_body();
    /// assert!(tokio::time::timeout(Duration::from_secs(3600), body.frame()).await.is_err());
    /// # }
    /// ```
    pub fn no_keep_alive(mut self) -> Self {
        self.keep_alive = None;
        self
    }

    /// Ends the response, between two events, as soon as this is done. Of several the first counts, and a
    /// registered shutdown beside them. What is ready by then and was not asked for is not sent.
    ///
    /// The end is a clean one: browsers come back.
    ///
    /// ```
    /// use axum::response::IntoResponse;
    /// use axum_responses::{ServerSentEvent, Shutdown};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let closing = Shutdown::new();
    /// let silence = futures_util::stream::pending::<&str>();
    /// let response = ServerSentEvent::new(silence).until(closing.fired()).into_response();
    /// closing.fire();
    /// let body = axum::body::to_bytes(response.into_body(), 100).await.unwrap();
    /// assert_eq!(body, "");
    ///
    /// let too_late = ServerSentEvent::iter(["ready"]).until(std::future::ready(())).into_response();
    /// assert_eq!(axum::body::to_bytes(too_late.into_body(), 100).await.unwrap(), "");
    /// # }
    /// ```
    pub fn until<F>(mut self, done: F) -> Self
    where
        F: IntoFuture<IntoFuture: Send + 'static>,
    {
        let done = done.into_future();
        self.until.push(Box::pin(async {
            done.await;
        }));
        self
    }

    /// Is told of the error with which the stream fails, once. It is logged in any case. A client that leaves is no
    /// error. A second call takes the place of the first.
    ///
    /// ```
    /// use std::io;
    /// use std::sync::atomic::{AtomicBool, Ordering};
    /// use axum::response::IntoResponse;
    /// use axum_responses::ServerSentEvent;
    ///
    /// static TOLD: AtomicBool = AtomicBool::new(false);
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let events = ServerSentEvent::iter([Err::<&str, _>(io::Error::other("no more"))]).on_error(|error| {
    ///     assert!(error.is::<io::Error>());
    ///     TOLD.store(true, Ordering::Relaxed);
    /// });
    /// assert!(axum::body::to_bytes(events.into_response().into_body(), 100).await.is_err());
    /// assert!(TOLD.load(Ordering::Relaxed));
    /// # }
    /// ```
    pub fn on_error(
        mut self,
        hook: impl FnOnce(&(dyn Error + Send + Sync + 'static)) + Send + 'static,
    ) -> Self {
        self.on_error = Some(Box::new(hook));
        self
    }

    /// The response to a request of this context: it ends with the shutdown that is registered there. `into_response`
    /// does the same where that context is in force.
    ///
    /// ```
    /// use axum::{Router, body::Body, http::Request, response::Response, routing::get};
    /// use axum_responses::{RequestContext, RequestContextLayer, ServerSentEvent, Shutdown};
    /// # use tower::ServiceExt;
    ///
    /// async fn events(context: RequestContext) -> Response {
    ///     let silence = futures_util::stream::pending::<&str>();
    ///     ServerSentEvent::new(silence).respond_to(&context)
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let shutdown = Shutdown::new();
    /// let layer = RequestContextLayer::new().shutdown(shutdown.clone());
    /// let app = Router::new().route("/", get(events)).layer(layer);
    /// let response = app.oneshot(Request::get("/").body(Body::empty()).unwrap()).await.unwrap();
    /// shutdown.fire();
    /// assert_eq!(axum::body::to_bytes(response.into_body(), 100).await.unwrap(), "");
    /// # }
    /// ```
    #[must_use]
    pub fn respond_to(self, context: &RequestContext) -> Response {
        self.respond(Some(context))
    }

    fn respond(self, context: Option<&RequestContext>) -> Response {
        let shutdown = context.and_then(|context| context.registered()?.shutdown.clone());
        let mut response = Response::new(Body::new(EventBody::new(self, shutdown)));
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, CONTENT_TYPE);
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
        headers.insert(X_ACCEL_BUFFERING, HeaderValue::from_static("no"));
        response
    }
}

impl IntoResponse for ServerSentEvent {
    fn into_response(self) -> Response {
        self.respond(RequestContext::current().as_ref())
    }
}

impl fmt::Debug for ServerSentEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ServerSentEvent")
            .field("event_type", &self.defaults.event_type)
            .field("event_id", &self.defaults.event_id)
            .field("retry", &self.defaults.retry)
            .field("comment", &self.comment)
            .field("keep_alive", &self.keep_alive)
            .finish_non_exhaustive()
    }
}

#[cfg(feature = "openapi")]
mod description {
    use utoipa::openapi::schema::{ObjectBuilder, Schema, SchemaType, Type};
    use utoipa::openapi::{Object, RefOr};
    use utoipa::{IntoResponses, PartialSchema, ToSchema};

    use crate::media_type::MediaType;
    use crate::openapi::{Describe, Responses};

    /// An event as OpenAPI 3.2 §4.14.4 has it: an object with one property for each field.
    struct ServerSentEventItem;

    impl PartialSchema for ServerSentEventItem {
        fn schema() -> RefOr<Schema> {
            let text = |description: &str| -> Object {
                ObjectBuilder::new()
                    .schema_type(SchemaType::new(Type::String))
                    .description(Some(description))
                    .build()
            };
            let retry = ObjectBuilder::new()
                .schema_type(SchemaType::new(Type::Integer))
                .minimum(Some(0))
                .description(Some("Milliseconds to wait before coming back"));
            ObjectBuilder::new()
                .description(Some("A server-sent event"))
                .property("data", text("The content"))
                .property("event", text("The type: `message` when absent"))
                .property("id", text("What to send back as `Last-Event-ID`"))
                .property("retry", retry)
                .into()
        }
    }

    impl ToSchema for ServerSentEventItem {}

    impl IntoResponses for super::ServerSentEvent {
        fn responses() -> Responses {
            Describe::new(200, "A stream of server-sent events")
                .items::<ServerSentEventItem>(&MediaType::EVENT_STREAM)
                .header("cache-control", "`no-cache`")
                .header(
                    "x-accel-buffering",
                    "`no`: proxies pass each event on at once",
                )
                .alone()
        }
    }
}
