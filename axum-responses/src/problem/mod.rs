//! Problem details (RFC 9457): one body for everything that goes wrong.
//!
//! [`Problem`] is what a handler returns, what every refusal of these crates becomes, and what one
//! [`ProblemRenderer`] turns into a response. [`Query`], [`Path`] and [`Json`] are
//! extractors whose refusals are problems; [`not_found`] and [`method_not_allowed`] are fallbacks
//! that answer with one, so that axum's own 404 and 405 look the same.

mod of_status;
mod path;
mod query;
mod values;

use std::borrow::Cow;
use std::fmt;

use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use serde::Serialize;
use serde::ser::SerializeMap;
use serde_json::{Map, Value};

pub use self::of_status::ProblemOf;
pub use self::path::Path;
pub use self::query::Query;
pub use crate::payload::Json;

use crate::context::RequestContext;
use crate::media_type::MediaType;

/// A problem detail object: `application/problem+json`.
///
/// `title` is the status's reason phrase unless given, `type` is `about:blank` unless given (RFC 9457
/// §4.2.1). The detail is for the client: what went wrong inside belongs into `tracing`.
///
/// ```
/// use axum::{http::StatusCode, response::IntoResponse};
/// use axum_responses::Problem;
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// let problem = Problem::new(StatusCode::NOT_FOUND)
///     .type_("https://example.com/problems/no-such-order")
///     .title("No such order")
///     .detail("There is no order 17.")
///     .member("order", 17);
/// let response = problem.into_response();
///
/// assert_eq!(response.status(), 404);
/// assert_eq!(response.headers()["content-type"], "application/problem+json");
/// let body = axum::body::to_bytes(response.into_body(), 1000).await.unwrap();
/// assert_eq!(
///     body,
///     r#"{"type":"https://example.com/problems/no-such-order","title":"No such order","status":404,"detail":"There is no order 17.","order":17}"#
/// );
/// # }
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct Problem {
    status: StatusCode,
    type_: Option<Cow<'static, str>>,
    title: Option<Cow<'static, str>>,
    detail: Option<Cow<'static, str>>,
    instance: Option<Cow<'static, str>>,
    members: Map<String, Value>,
    headers: HeaderMap,
}

impl Problem {
    /// A problem of this status.
    pub fn new(status: StatusCode) -> Self {
        Self {
            status,
            type_: None,
            title: None,
            detail: None,
            instance: None,
            members: Map::new(),
            headers: HeaderMap::new(),
        }
    }

    /// A 500 that says nothing of the inside. Log the cause before.
    pub fn internal() -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR)
    }

    /// The URI that names this kind of problem: stable, the member that clients tell problems apart by.
    pub fn type_(mut self, uri: impl Into<Cow<'static, str>>) -> Self {
        self.type_ = Some(uri.into());
        self
    }

    /// A short text for this kind of problem, the same each time it occurs.
    pub fn title(mut self, title: impl Into<Cow<'static, str>>) -> Self {
        self.title = Some(title.into());
        self
    }

    /// What is special to this occurrence. Clients see it.
    pub fn detail(mut self, detail: impl Into<Cow<'static, str>>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    /// A URI that names this occurrence.
    pub fn instance(mut self, uri: impl Into<Cow<'static, str>>) -> Self {
        self.instance = Some(uri.into());
        self
    }

    /// An extension member (RFC 9457 §3.2). The names of the standard members have no effect here.
    pub fn member(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        let name = name.into();
        if !matches!(
            name.as_str(),
            "type" | "title" | "status" | "detail" | "instance"
        ) {
            self.members.insert(name, value.into());
        }
        self
    }

    /// A header that goes out with the problem, `Retry-After` for instance.
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.insert(name, value);
        self
    }

    /// The status it is sent with.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The `title` that is sent.
    #[must_use]
    pub fn title_text(&self) -> &str {
        self.title
            .as_deref()
            .or(self.status.canonical_reason())
            .unwrap_or("Error")
    }

    /// The `detail`, if there is one.
    #[must_use]
    pub fn detail_text(&self) -> Option<&str> {
        self.detail.as_deref()
    }

    /// The response for a request of this context: its registered renderer, or `application/problem+json`.
    #[must_use]
    pub fn respond_to(self, context: &RequestContext) -> Response {
        match context
            .registered()
            .and_then(|registered| registered.problem_renderer.as_deref())
        {
            Some(renderer) => {
                let mut response = renderer.render(&self);
                response.headers_mut().extend(self.headers);
                response
            }
            None => self.into_json(),
        }
    }

    fn into_json(self) -> Response {
        let Ok(body) = crate::payload::write_json(&self) else {
            return self.status.into_response(); // a map with text keys always serialises
        };
        let mut response = Response::new(body.into());
        *response.status_mut() = self.status;
        *response.headers_mut() = self.headers;
        response
            .headers_mut()
            .insert(header::CONTENT_TYPE, MediaType::PROBLEM_JSON.content_type());
        response
    }
}

/// RFC 9457 §3.1, in the order of the RFC, extension members behind.
impl Serialize for Problem {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("type", self.type_.as_deref().unwrap_or("about:blank"))?;
        map.serialize_entry("title", self.title_text())?;
        map.serialize_entry("status", &self.status.as_u16())?;
        if let Some(detail) = &self.detail {
            map.serialize_entry("detail", detail)?;
        }
        if let Some(instance) = &self.instance {
            map.serialize_entry("instance", instance)?;
        }
        for (name, value) in &self.members {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        match RequestContext::current() {
            Some(context) => self.respond_to(&context),
            None => self.into_json(),
        }
    }
}

impl From<StatusCode> for Problem {
    fn from(status: StatusCode) -> Self {
        Self::new(status)
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.status.as_u16(), self.title_text())?;
        match &self.detail {
            Some(detail) => write!(f, ": {detail}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Problem {}

/// Turns problems into responses, in place of `application/problem+json`.
///
/// Registered once with [`RequestContextLayer::problem_renderer`](crate::RequestContextLayer::problem_renderer);
/// a function from `&Problem` to a response is one.
///
/// ```
/// use axum::{Router, body::Body, http::Request, response::IntoResponse};
/// use axum_responses::{Problem, RequestContextLayer, Text, problem};
/// # use tower::{Layer, ServiceExt};
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// let layer = RequestContextLayer::new()
///     .problem_renderer(|problem: &Problem| (problem.status(), Text(problem.to_string())).into_response());
/// let app = layer.layer(Router::new().fallback(problem::not_found));
/// let response = app.oneshot(Request::get("/").body(Body::empty()).unwrap()).await.unwrap();
/// assert_eq!(response.status(), 404);
/// assert_eq!(response.headers()["content-type"], "text/plain; charset=utf-8");
/// # }
/// ```
pub trait ProblemRenderer: Send + Sync + 'static {
    /// The response for this problem. The problem's own headers are added to it.
    fn render(&self, problem: &Problem) -> Response;
}

impl<F> ProblemRenderer for F
where
    F: Fn(&Problem) -> Response + Send + Sync + 'static,
{
    fn render(&self, problem: &Problem) -> Response {
        self(problem)
    }
}

/// A handler for `Router::fallback`: 404 as a problem.
pub async fn not_found() -> Problem {
    Problem::new(StatusCode::NOT_FOUND).detail("There is nothing at this address.")
}

/// A handler for `Router::method_not_allowed_fallback`: 405 as a problem. axum adds `Allow`.
pub async fn method_not_allowed() -> Problem {
    Problem::new(StatusCode::METHOD_NOT_ALLOWED).detail("This address does not know this method.")
}
