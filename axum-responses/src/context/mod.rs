//! What a responder may know of the request, and how it gets there.
//!
//! axum's `IntoResponse` does not see the request, yet ranges, conditional requests and negotiation
//! depend on it. A [`RequestContext`] carries the few facts that matter. It stands in a slot of the
//! thread while the handler's future is polled, so a responder that is turned into a response inside
//! the handler finds it, and no order of middleware can break that.
//!
//! | installed by | covers | costs |
//! |---|---|---|
//! | [`with_context(handler)`](with_context) | one handler | least |
//! | [`RequestContextLayer`] around the finished `Router` | everything, fallbacks too | least |
//! | `Router::layer(RequestContextLayer::new())` | the routes added so far | axum boxes each route once more |
//!
//! Code in a `tokio::spawn`ed task has no context: return the responder out of the task.

mod handler;
mod layer;
mod registered;
mod slot;

use std::convert::Infallible;
use std::sync::Arc;

use axum::extract::{FromRequestParts, OptionalFromRequestParts};
use http::request::Parts;
use http::{HeaderMap, HeaderName, HeaderValue, Method, header};

pub use self::handler::{WithContext, with_context};
pub use self::layer::{RequestContextLayer, RequestContextService};
pub(crate) use self::registered::Registered;
pub use self::slot::ContextFuture;
pub(crate) use self::slot::{defer, has_deferred};

use crate::negotiation::Accept;
use crate::shutdown::Shutdown;

/// The facts of one request that responders decide by.
///
/// It holds the method and these fields, as they came: `Accept`, `Accept-Encoding`, `If-Match`, `If-Modified-Since`,
/// `If-None-Match`, `If-Range`, `If-Unmodified-Since`, `Last-Event-ID` and `Range`. Cloning it is one reference count.
///
/// Every responder that chooses by it has an explicit form, `respond_to(&context)`, that needs nothing
/// installed; the context is then an extractor:
///
/// ```
/// use axum::{Router, body::Body, http::Request, routing::get};
/// use axum_responses::{Json, Negotiated, RequestContext, Text};
/// use axum::response::Response;
/// # use tower::ServiceExt;
///
/// async fn answer(context: RequestContext) -> Response {
///     Negotiated::<_, (Json, Text)>::new(42).respond_to(&context)
/// }
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// let app = Router::new().route("/", get(answer));
/// let request = Request::get("/").header("accept", "text/plain").body(Body::empty()).unwrap();
/// let response = app.oneshot(request).await.unwrap();
/// assert_eq!(response.headers()["content-type"], "text/plain; charset=utf-8");
/// # }
/// ```
#[derive(Clone)]
pub struct RequestContext(Arc<Inner>);

struct Inner {
    method: Method,
    fields: Vec<(Field, HeaderValue)>,
    registered: Option<Arc<Registered>>,
}

/// The kept fields. One byte each, so that a look-up compares bytes and not names.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Field {
    Accept,
    AcceptEncoding,
    IfMatch,
    IfModifiedSince,
    IfNoneMatch,
    IfRange,
    IfUnmodifiedSince,
    LastEventId,
    Range,
}

impl Field {
    fn of(name: &HeaderName) -> Option<Self> {
        Some(match name.as_str() {
            "accept" => Self::Accept,
            "accept-encoding" => Self::AcceptEncoding,
            "if-match" => Self::IfMatch,
            "if-modified-since" => Self::IfModifiedSince,
            "if-none-match" => Self::IfNoneMatch,
            "if-range" => Self::IfRange,
            "if-unmodified-since" => Self::IfUnmodifiedSince,
            "last-event-id" => Self::LastEventId,
            "range" => Self::Range,
            _ => return None,
        })
    }
}

impl RequestContext {
    /// Reads the facts from a request head. Nothing is registered with such a context: no engine, no renderer, no
    /// shutdown.
    ///
    /// ```
    /// # use axum::http::{HeaderMap, Method, header};
    /// # use axum_responses::RequestContext;
    /// let mut headers = HeaderMap::new();
    /// headers.insert(header::RANGE, "bytes=0-3".parse().unwrap());
    /// headers.insert(header::COOKIE, "session=secret".parse().unwrap());
    /// let context = RequestContext::new(Method::GET, &headers);
    /// assert_eq!(context.header(&header::RANGE).unwrap(), "bytes=0-3");
    /// assert_eq!(context.header(&header::COOKIE), None); // not one of those that are kept
    /// assert!(context.shutdown().is_none());
    /// ```
    #[must_use]
    pub fn new(method: Method, headers: &HeaderMap) -> Self {
        let mut inner = Inner::empty();
        inner.fill(method, headers, None);
        Self(Arc::new(inner))
    }

    /// The context in force here: `None` where none is installed and in spawned tasks.
    ///
    /// ```
    /// use axum::{Router, body::Body, http::Request, routing::get};
    /// use axum_responses::{RequestContext, with_context};
    /// # use tower::ServiceExt;
    ///
    /// async fn here() -> String {
    ///     let spawned = tokio::spawn(async { RequestContext::current().is_some() }).await.unwrap();
    ///     format!("{} {spawned}", RequestContext::current().is_some())
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let app: Router = Router::new().route("/with", get(with_context(here))).route("/without", get(here));
    /// # let ask = async |path: &str| {
    /// #     let response = app.clone().oneshot(Request::get(path).body(Body::empty()).unwrap()).await.unwrap();
    /// #     axum::body::to_bytes(response.into_body(), 100).await.unwrap()
    /// # };
    /// assert_eq!(ask("/with").await, "true false");
    /// assert_eq!(ask("/without").await, "false false");
    /// # }
    /// ```
    #[must_use]
    pub fn current() -> Option<Self> {
        slot::current()
    }

    /// The request's method. `HEAD` stays `HEAD`, although axum runs the `GET` handler for it.
    ///
    /// ```
    /// use axum::{Router, body::Body, http::Request, routing::get};
    /// use axum_responses::RequestContext;
    /// # use tower::ServiceExt;
    ///
    /// async fn method(context: RequestContext) -> [(&'static str, String); 1] {
    ///     [("x-method", context.method().to_string())]
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let app = Router::new().route("/", get(method));
    /// let response = app.oneshot(Request::head("/").body(Body::empty()).unwrap()).await.unwrap();
    /// assert_eq!(response.headers()["x-method"], "HEAD");
    /// # }
    /// ```
    #[must_use]
    pub fn method(&self) -> &Method {
        &self.0.method
    }

    /// The first line of one of the kept fields; `None` for a field that was not sent or is not kept. A list may go on
    /// in further lines (RFC 9110 §5.3): [`lines`](Self::lines) has them all.
    #[must_use]
    pub fn header(&self, name: &HeaderName) -> Option<&HeaderValue> {
        self.lines(name).next()
    }

    /// All lines of one of the kept fields, in the order they came. RFC 9110 §5.3.
    ///
    /// ```
    /// use axum::http::{HeaderMap, Method, header};
    /// use axum_responses::RequestContext;
    ///
    /// let mut headers = HeaderMap::new();
    /// headers.append(header::IF_NONE_MATCH, "\"a\", \"b\"".parse().unwrap());
    /// headers.append(header::IF_NONE_MATCH, "\"c\"".parse().unwrap());
    /// let context = RequestContext::new(Method::GET, &headers);
    /// assert_eq!(context.header(&header::IF_NONE_MATCH).unwrap(), "\"a\", \"b\"");
    /// assert!(context.lines(&header::IF_NONE_MATCH).eq(["\"a\", \"b\"", "\"c\""]));
    /// assert_eq!(context.lines(&header::ACCEPT).count(), 0);
    /// ```
    pub fn lines(&self, name: &HeaderName) -> impl Iterator<Item = &HeaderValue> {
        let wanted = Field::of(name);
        self.0
            .fields
            .iter()
            .filter(move |(field, _)| Some(*field) == wanted)
            .map(|(_, value)| value)
    }

    /// The client's `Accept`, every line of it; without one it takes anything (RFC 9110 §12.5.1).
    #[must_use]
    pub fn accept(&self) -> Accept {
        Accept::from_lines(self.lines(&header::ACCEPT))
    }

    /// The shutdown signal that the application [registered](RequestContextLayer::shutdown), if it did.
    #[must_use]
    pub fn shutdown(&self) -> Option<Shutdown> {
        self.registered()?.shutdown.clone()
    }

    /// What was registered with [`RequestContextLayer::extension`]; `None` if nothing was, or something of another
    /// type.
    ///
    /// ```
    /// use std::sync::Arc;
    /// use axum::{body::Body, http::Request, response::Response};
    /// use axum_responses::{RequestContext, RequestContextLayer};
    ///
    /// struct Tenant(&'static str);
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let layer = RequestContextLayer::new().extension(Arc::new(Tenant("north")));
    /// layer.scope(Request::new(()), |_| async {
    ///     let context = RequestContext::current().unwrap();
    ///     assert_eq!(context.extension::<Tenant>().unwrap().0, "north");
    ///     assert!(context.extension::<String>().is_none());
    ///     Response::new(Body::empty())
    /// }).await;
    /// # }
    /// ```
    #[must_use]
    pub fn extension<T: std::any::Any + Send + Sync>(&self) -> Option<&T> {
        self.registered()?.extension.as_deref()?.downcast_ref()
    }

    pub(crate) fn registered(&self) -> Option<&Registered> {
        self.0.registered.as_deref()
    }
}

impl Inner {
    fn empty() -> Self {
        Self {
            method: Method::GET,
            fields: Vec::new(),
            registered: None,
        }
    }

    fn fill(&mut self, method: Method, headers: &HeaderMap, registered: Option<Arc<Registered>>) {
        self.method = method;
        self.registered = registered;
        for (name, value) in headers {
            if let Some(field) = Field::of(name) {
                self.fields.push((field, value.clone()));
            }
        }
    }

    fn clear(&mut self) {
        self.fields.clear();
        self.registered = None;
    }
}

impl std::fmt::Debug for RequestContext {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Values may be personal; the number of them is enough to debug with.
        f.debug_struct("RequestContext")
            .field("method", &self.0.method)
            .field("fields", &self.0.fields.len())
            .finish_non_exhaustive()
    }
}

/// The installed context, or one read from this request where none is installed.
impl<S: Sync> FromRequestParts<S> for RequestContext {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::current().unwrap_or_else(|| Self::new(parts.method.clone(), &parts.headers)))
    }
}

/// The installed context only: `None` tells that none is installed.
impl<S: Sync> OptionalFromRequestParts<S> for RequestContext {
    type Rejection = Infallible;

    async fn from_request_parts(_: &mut Parts, _: &S) -> Result<Option<Self>, Infallible> {
        Ok(Self::current())
    }
}
