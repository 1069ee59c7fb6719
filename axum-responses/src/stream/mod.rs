//! Bodies that are produced while they are sent.
//!
//! | type | content | items |
//! |---|---|---|
//! | [`Stream<M>`](Stream) | of the media type `M`, `application/octet-stream` by default | bytes or text |
//! | [`NdJson<T>`](NdJson) | `application/x-ndjson` | what serde serialises, one document a line |
//! | [`JsonArray<T>`](JsonArray) | `application/json` | what serde serialises, in one array |
//! | `Csv<T>` (feature `csv`) | `text/csv; charset=utf-8` | structs and tuples, one a row |
//!
//! What they have in common:
//!
//! - Nothing is produced before the connection asks for it. A client that reads slowly slows the
//!   source down; what is in flight is bounded by the connection's and the kernel's buffers.
//! - A client that leaves drops the source at once, wherever it waits. Code behind its last `.await` does
//!   not run: clean-up belongs into a `Drop`, or into a [`BackgroundTask`](crate::BackgroundTask).
//! - An error in the middle is logged, given to `on_error` and cuts the connection: the status is long
//!   gone, so an incomplete message (RFC 9112 §8) is the one sign left that the client cannot take for
//!   a complete answer. The error's text is not sent, and the source is not polled again.
//! - A `HEAD` request gets the same header section; the source is dropped unpolled.
//! - The status is 200, for `POST` too; [`Reply`](crate::Reply) changes it.

mod blocking;
mod body;
mod chunk;
#[cfg(feature = "csv")]
mod csv;
mod frame;
mod json_array;
mod nd_json;
mod records;

use std::error::Error;
use std::fmt;
use std::marker::PhantomData;

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use futures_util::{FutureExt, future, stream};
use tokio::io::AsyncRead;
use tokio_util::io::ReaderStream;

use self::blocking::{Blocking, Chunks};
#[cfg(feature = "file")]
pub(crate) use self::body::Failing;
use self::body::OnError;
pub use self::chunk::IntoChunk;
#[cfg(feature = "csv")]
pub use self::csv::Csv;
use self::frame::Frame;
pub use self::json_array::JsonArray;
pub use self::nd_json::NdJson;
pub use self::records::IntoRecord;
use crate::context::RequestContext;
use crate::media_type::{MediaType, OctetStream, TypedMedia};

/// How much is read from a reader at once: 64 KiB.
const READ: usize = 64 * 1024;

/// Bytes or text that are sent as they come, under the media type `M`.
///
/// ```
/// use axum::{Router, body::Body, http::Request, routing::get};
/// use axum_responses::{Stream, media_type::PlainText};
/// # use tower::ServiceExt;
///
/// async fn countdown() -> Stream<PlainText> {
///     Stream::new(async_stream::stream! {
///         for second in (1..=3).rev() {
///             yield format!("{second}\n");
///             tokio::time::sleep(std::time::Duration::from_millis(1)).await;
///         }
///     })
/// }
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// let app = Router::new().route("/", get(countdown));
/// let response = app.oneshot(Request::get("/").body(Body::empty()).unwrap()).await.unwrap();
/// assert_eq!(response.status(), 200);
/// assert_eq!(response.headers()["content-type"], "text/plain; charset=utf-8");
/// assert!(!response.headers().contains_key("content-length"));
/// let body = axum::body::to_bytes(response.into_body(), 100).await.unwrap();
/// assert_eq!(body, "3\n2\n1\n");
/// # }
/// ```
///
/// The items are [chunks](IntoChunk), or results that hold them. Where they come from:
///
/// | constructor | source | runs |
/// |---|---|---|
/// | [`new`](Self::new) | a stream | in the connection's task |
/// | [`lazy`](Self::lazy) | a closure that makes the stream | in the connection's task |
/// | [`iter`](Self::iter) | an iterator that does not block | in the connection's task |
/// | [`reader`](Self::reader) | a [`tokio::io::AsyncRead`] | in the connection's task |
/// | [`blocking`](Self::blocking) | an iterator that blocks | on the blocking pool |
/// | [`blocking_lazy`](Self::blocking_lazy) | a closure that makes the iterator | on the blocking pool |
///
/// The length is unknown unless [`content_length`](Self::content_length) tells it: HTTP/1.1 sends the
/// body in chunks (RFC 9112 §7.1). See the [module](self) for errors, slow clients and disconnects.
#[must_use]
pub struct Stream<M = OctetStream> {
    body: Body,
    media_type: Option<MediaType>,
    until_shutdown: bool,
    length: Option<u64>,
    on_error: Option<OnError>,
    typed: PhantomData<fn() -> M>,
}

impl<M> Stream<M> {
    fn of(body: Body) -> Self {
        Self {
            body,
            media_type: None,
            until_shutdown: false,
            length: None,
            on_error: None,
            typed: PhantomData,
        }
    }

    /// What this stream gives, one frame an item. Nothing of it is polled before the connection asks for the body.
    ///
    /// An item that is an error ends it: what came before is sent, the connection is cut, and what stands behind is not
    /// asked for (RFC 9112 §8).
    ///
    /// ```
    /// # use http_body_util::BodyExt;
    /// use axum::response::IntoResponse;
    /// use axum_responses::{Stream, media_type::PlainText};
    /// use futures_util::stream;
    ///
    /// async fn lines() -> Stream<PlainText> {
    ///     Stream::new(stream::iter([Ok("first\n"), Err("the source is gone"), Ok("never\n")]))
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let response = lines().await.into_response();
    /// assert_eq!(response.status(), 200); // it has gone out by the time the source fails
    /// let mut body = response.into_body();
    /// assert_eq!(body.frame().await.unwrap().unwrap().into_data().unwrap(), "first\n");
    /// assert!(body.frame().await.unwrap().is_err());
    /// assert!(body.frame().await.is_none());
    /// # }
    /// ```
    pub fn new<S>(stream: S) -> Self
    where
        S: futures_core::Stream<Item: IntoChunk> + Send + 'static,
    {
        Self::of(body::body(stream))
    }

    /// What this closure's stream gives. It is called when the first bytes are asked for: not for
    /// `HEAD`, and not for a client that has left.
    ///
    /// ```
    /// use axum::{Router, body::Body, http::Request, routing::get};
    /// use axum_responses::Stream;
    /// use futures_util::stream;
    /// # use std::sync::atomic::{AtomicU32, Ordering};
    /// # use tower::ServiceExt;
    ///
    /// static CALLS: AtomicU32 = AtomicU32::new(0);
    ///
    /// async fn report() -> Stream {
    ///     Stream::lazy(|| {
    ///         CALLS.fetch_add(1, Ordering::Relaxed);
    ///         stream::iter(["made ", "on demand"])
    ///     })
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let app = Router::new().route("/", get(report));
    /// # let ask = async |request: axum::http::request::Builder| {
    /// #     let response = app.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    /// #     axum::body::to_bytes(response.into_body(), 100).await.unwrap()
    /// # };
    /// assert_eq!(ask(Request::head("/")).await, "");
    /// assert_eq!(CALLS.load(Ordering::Relaxed), 0);
    /// assert_eq!(ask(Request::get("/")).await, "made on demand");
    /// assert_eq!(CALLS.load(Ordering::Relaxed), 1);
    /// # }
    /// ```
    pub fn lazy<F, S>(make: F) -> Self
    where
        F: FnOnce() -> S + Send + 'static,
        S: futures_core::Stream<Item: IntoChunk> + Send + 'static,
    {
        Self::new(future::lazy(move |_| make()).flatten_stream())
    }

    /// What this iterator gives, one frame an item. It runs on the thread that serves connections:
    /// one that computes for long or does I/O belongs into [`blocking`](Self::blocking).
    ///
    /// ```
    /// use axum::response::IntoResponse;
    /// use axum_responses::Stream;
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let response = <Stream>::iter(["a", "b"]).into_response();
    /// assert_eq!(response.headers()["content-type"], "application/octet-stream"); // text is bytes unless `M` says so
    /// assert_eq!(axum::body::to_bytes(response.into_body(), 100).await.unwrap(), "ab");
    ///
    /// let nothing = <Stream>::iter([""; 0]).into_response();
    /// assert_eq!(nothing.status(), 200);
    /// assert_eq!(axum::body::to_bytes(nothing.into_body(), 100).await.unwrap(), "");
    /// # }
    /// ```
    pub fn iter<I>(iterator: I) -> Self
    where
        I: IntoIterator<Item: IntoChunk, IntoIter: Send + 'static>,
    {
        Self::new(stream::iter(iterator))
    }

    /// What this reader gives, at most 64 KiB at once. An error of it cuts the connection.
    ///
    /// ```
    /// use axum_responses::Stream;
    ///
    /// async fn copy() -> Stream {
    ///     Stream::reader(&b"from any AsyncRead"[..])
    /// }
    /// # use axum::response::IntoResponse;
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let body = copy().await.into_response().into_body();
    /// assert_eq!(axum::body::to_bytes(body, 100).await.unwrap(), "from any AsyncRead");
    /// # }
    /// ```
    pub fn reader<R>(reader: R) -> Self
    where
        R: AsyncRead + Send + 'static,
    {
        Self::new(ReaderStream::with_capacity(reader, READ))
    }

    /// What this iterator gives; it may block, and runs on tokio's blocking pool.
    ///
    /// One job collects items until it has 64 KiB or has run for about a millisecond, and the next one starts when
    /// those are with the connection: a slow iterator delays nobody else, a slow item is sent at once, and a slow
    /// client holds no thread. Items below 1 KiB are joined. A panic counts as an error, and takes with it what its job
    /// had collected. When the client leaves, a running job ends with its current item or batch, and the iterator is
    /// dropped on the pool as well.
    ///
    /// ```
    /// use axum_responses::{Stream, media_type::PlainText};
    /// use std::{thread::sleep, time::Duration};
    ///
    /// async fn readings() -> Stream<PlainText> {
    ///     Stream::blocking((1..=3).map(|reading| {
    ///         sleep(Duration::from_millis(5)); // a device that is slow to answer
    ///         format!("{reading}\n")
    ///     }))
    /// }
    /// # use axum::response::IntoResponse;
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let body = readings().await.into_response().into_body();
    /// assert_eq!(axum::body::to_bytes(body, 100).await.unwrap(), "1\n2\n3\n");
    /// # }
    /// ```
    ///
    /// Outside of a tokio runtime the body is an error.
    pub fn blocking<I>(iterator: I) -> Self
    where
        I: IntoIterator<Item: IntoChunk, IntoIter: Send + 'static>,
    {
        let iterator = iterator.into_iter();
        Self::of(body::body(Blocking::new(
            Chunks(iterator),
            Frame::of::<I::IntoIter>(),
        )))
    }

    /// As [`blocking`](Self::blocking), with an iterator that is made on the pool too, when the first
    /// bytes are asked for: opening a file or a database cursor blocks as well.
    ///
    /// The closure gives an iterator, and no `Result`: what may fail is an item.
    ///
    /// ```
    /// use std::{fs, io};
    /// use axum_responses::{Stream, media_type::PlainText};
    ///
    /// async fn names() -> Stream<PlainText> {
    ///     Stream::blocking_lazy(|| match fs::read_dir("missing") {
    ///         Ok(entries) => entries.map(|entry| Ok(format!("{}\n", entry?.file_name().display()))).collect(),
    ///         Err(error) => vec![Err(error)],
    ///     })
    /// }
    /// # use axum::response::IntoResponse;
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// # let _: Option<io::Error> = None;
    /// let response = names().await.into_response();
    /// assert_eq!(response.status(), 200); // nothing was opened yet
    /// assert!(axum::body::to_bytes(response.into_body(), 100).await.is_err());
    /// # }
    /// ```
    pub fn blocking_lazy<F, I>(make: F) -> Self
    where
        F: FnOnce() -> I + Send + 'static,
        I: IntoIterator<Item: IntoChunk, IntoIter: Send + 'static> + 'static,
    {
        Self::blocking(std::iter::once_with(make).flatten())
    }

    /// Ends the body when this future does: an endless stream that should not hold up a shutdown. The end is a clean
    /// one, and the client cannot tell it from the stream's own; with a [`content_length`](Self::content_length) it is
    /// an error. What is ready by then and was not asked for is not sent.
    ///
    /// ```
    /// use axum_responses::{Shutdown, Stream, media_type::PlainText};
    /// use axum::extract::State;
    ///
    /// async fn ticks(State(shutdown): State<Shutdown>) -> Stream<PlainText> {
    ///     let ticks = async_stream::stream! {
    ///         loop {
    ///             yield "tick\n";
    ///             tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    ///         }
    ///     };
    ///     Stream::new(ticks).until(shutdown)
    /// }
    /// # use axum::response::IntoResponse;
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let shutdown = Shutdown::new();
    /// shutdown.fire();
    /// let body = ticks(State(shutdown.clone())).await.into_response().into_body();
    /// assert_eq!(axum::body::to_bytes(body, 100).await.unwrap(), "");
    ///
    /// let announced = ticks(State(shutdown)).await.content_length(5).into_response().into_body();
    /// assert!(axum::body::to_bytes(announced, 100).await.is_err());
    /// # }
    /// ```
    pub fn until<F>(mut self, end: F) -> Self
    where
        F: IntoFuture<IntoFuture: Send + 'static>,
    {
        self.body = body::until(self.body, end.into_future());
        self
    }

    /// Ends the body when the [`Shutdown`](crate::Shutdown) fires that is registered around the handler, as
    /// [`until`](Self::until) does. It reads the [`RequestContext`]; without one nothing ends it.
    ///
    /// ```
    /// use axum::{Router, body::Body, http::Request, routing::get};
    /// use axum_responses::{RequestContextLayer, Shutdown, Stream};
    /// # use tower::ServiceExt;
    ///
    /// async fn endless() -> Stream {
    ///     Stream::new(futures_util::stream::pending::<&str>()).until_shutdown()
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let shutdown = Shutdown::new();
    /// let app = Router::new()
    ///     .route("/", get(endless))
    ///     .layer(RequestContextLayer::new().shutdown(shutdown.clone()));
    /// let response = app.oneshot(Request::get("/").body(Body::empty()).unwrap()).await.unwrap();
    /// assert_eq!(response.status(), 200);
    /// shutdown.fire();
    /// assert_eq!(axum::body::to_bytes(response.into_body(), 100).await.unwrap(), "");
    /// # }
    /// ```
    pub fn until_shutdown(mut self) -> Self {
        self.until_shutdown = true;
        self
    }

    /// A media type in the place of `M`. The OpenAPI document says `M`. RFC 9110 §8.3.
    ///
    /// ```
    /// use axum::response::IntoResponse;
    /// use axum_responses::{MediaType, Stream, media_type::PlainText};
    ///
    /// let response = Stream::<PlainText>::iter(["a;b\n"]).media_type(MediaType::CSV).into_response();
    /// assert_eq!(response.headers()["content-type"], "text/csv; charset=utf-8");
    /// ```
    pub fn media_type(mut self, media_type: MediaType) -> Self {
        self.media_type = Some(media_type);
        self
    }

    /// Announces how many bytes there are: `content-length` goes out (RFC 9110 §8.6), and no chunked
    /// coding is needed. It is the body's length, of which the router or hyper makes the field.
    ///
    /// The source is held to it, but for a length of 0, where nobody asks for a byte. More bytes than announced, or
    /// fewer, are an error that cuts the connection; the announced length is never exceeded. What follows the last announced byte is
    /// only noticed if it is there already: the client has everything, and is not made to wait.
    ///
    /// ```
    /// use axum::{Router, body::Body, http::Request, response::IntoResponse, routing::get};
    /// use axum_responses::Stream;
    /// # use tower::ServiceExt;
    ///
    /// async fn known() -> Stream {
    ///     Stream::iter(["four", "four"]).content_length(8)
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let app = Router::new().route("/", get(known));
    /// let response = app.oneshot(Request::head("/").body(Body::empty()).unwrap()).await.unwrap();
    /// assert_eq!(response.headers()["content-length"], "8");
    ///
    /// for wrong in [4, 7, 9] {
    ///     let body = known().await.content_length(wrong).into_response().into_body(); // the later call counts
    ///     assert!(axum::body::to_bytes(body, 100).await.is_err(), "{wrong}");
    /// }
    /// # }
    /// ```
    pub fn content_length(mut self, bytes: u64) -> Self {
        self.length = Some(bytes);
        self
    }

    /// Calls this when the source fails, at most once, after the error was logged. A client that leaves
    /// is no error. A second call takes the place of the first.
    ///
    /// ```
    /// use axum_responses::Stream;
    /// use std::{io, sync::atomic::{AtomicU32, Ordering}};
    ///
    /// static FAILURES: AtomicU32 = AtomicU32::new(0);
    ///
    /// async fn broken() -> Stream {
    ///     Stream::iter([Ok("a"), Err(io::Error::other("the disk is gone")), Ok("b")])
    ///         .on_error(|error| {
    ///             assert!(error.is::<io::Error>());
    ///             FAILURES.fetch_add(1, Ordering::Relaxed);
    ///         })
    /// }
    /// # use axum::response::IntoResponse;
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let body = broken().await.into_response().into_body();
    /// assert!(axum::body::to_bytes(body, 100).await.is_err());
    /// assert_eq!(FAILURES.load(Ordering::Relaxed), 1);
    /// # }
    /// ```
    pub fn on_error(mut self, hook: impl FnOnce(&(dyn Error + 'static)) + Send + 'static) -> Self {
        self.on_error = Some(Box::new(hook));
        self
    }
}

impl<M: TypedMedia> IntoResponse for Stream<M> {
    fn into_response(mut self) -> Response {
        if self.until_shutdown
            && let Some(shutdown) = RequestContext::current().and_then(|context| context.shutdown())
        {
            self = self.until(shutdown);
        }
        let media_type = self.media_type.unwrap_or(M::MEDIA_TYPE);
        body::response(&media_type, self.body, self.length, self.on_error)
    }
}

impl<M: TypedMedia> fmt::Debug for Stream<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stream")
            .field(
                "media_type",
                self.media_type.as_ref().unwrap_or(&M::MEDIA_TYPE),
            )
            .field("content_length", &self.length)
            .finish_non_exhaustive()
    }
}

#[cfg(feature = "openapi")]
impl<M: TypedMedia> utoipa::IntoResponses for Stream<M> {
    fn responses() -> crate::openapi::Responses {
        let response = crate::openapi::Describe::new(200, "OK");
        let text = M::MEDIA_TYPE
            .essence()
            .get(..5)
            .is_some_and(|start| start.eq_ignore_ascii_case("text/"));
        if text {
            response.text(&M::MEDIA_TYPE).alone()
        } else {
            response.binary(&M::MEDIA_TYPE).alone()
        }
    }
}
