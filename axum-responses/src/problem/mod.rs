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
/// On the wire: `{"type":"about:blank","title":"Not Found","status":404}`. Texts may be any: they are JSON's, and
/// nothing of them stands in a header. Of two calls of one setter the later counts.
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
///     concat!(
///         r#"{"type":"https://example.com/problems/no-such-order","title":"No such order","status":404,"#,
///         r#""detail":"There is no order 17.","order":17}"#
///     )
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
    /// A problem of this status, which is meant to be a 4xx or a 5xx: that is not checked.
    /// [`ProblemOf`] has it in its type.
    ///
    /// ```
    /// use axum::http::StatusCode;
    /// use axum_responses::Problem;
    ///
    /// let problem = Problem::new(StatusCode::NOT_FOUND);
    /// assert_eq!(problem.to_string(), "404 Not Found");
    /// assert_eq!(
    ///     serde_json::to_string(&problem).unwrap(),
    ///     r#"{"type":"about:blank","title":"Not Found","status":404}"#
    /// );
    /// assert_eq!(Problem::from(StatusCode::GONE).title_text(), "Gone");
    /// ```
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

    /// A 500 that says nothing of the inside. Log the cause before: it is not logged here.
    ///
    /// ```
    /// # use axum_responses::Problem;
    /// assert_eq!(Problem::internal().to_string(), "500 Internal Server Error");
    /// ```
    pub fn internal() -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR)
    }

    /// The URI that names this kind of problem: stable, the member that clients tell problems apart by (RFC 9457
    /// §3.1.1).
    ///
    /// It should be absolute, as a relative one means another kind at each address. It is sent as it is.
    ///
    /// ```
    /// use axum::http::StatusCode;
    /// use axum_responses::Problem;
    ///
    /// let problem = Problem::new(StatusCode::CONFLICT).type_("urn:example:sold-out").title("Sold out");
    /// let sent = serde_json::to_value(problem.instance("/orders/17").detail("No chairs are left.")).unwrap();
    /// assert_eq!(sent["type"], "urn:example:sold-out");
    /// assert_eq!(sent["title"], "Sold out");
    /// assert_eq!(sent["instance"], "/orders/17");
    /// assert_eq!(sent["detail"], "No chairs are left.");
    /// ```
    pub fn type_(mut self, uri: impl Into<Cow<'static, str>>) -> Self {
        self.type_ = Some(uri.into());
        self
    }

    /// A short text for this kind of problem, the same each time it occurs (RFC 9457 §3.1.3). Without a
    /// [`type_`](Self::type_) of its own, the status's reason phrase is the right one.
    pub fn title(mut self, title: impl Into<Cow<'static, str>>) -> Self {
        self.title = Some(title.into());
        self
    }

    /// What is special to this occurrence, for people and not for programs (RFC 9457 §3.1.4). Clients see it. None
    /// unless given.
    pub fn detail(mut self, detail: impl Into<Cow<'static, str>>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    /// A URI that names this occurrence, such as the entry in a log (RFC 9457 §3.1.5). None unless given.
    pub fn instance(mut self, uri: impl Into<Cow<'static, str>>) -> Self {
        self.instance = Some(uri.into());
        self
    }

    /// An extension member (RFC 9457 §3.2). The names of the standard members have no effect here.
    ///
    /// The value is anything that is JSON. A second one of a name takes the place of the first.
    ///
    /// ```
    /// use axum::http::StatusCode;
    /// use axum_responses::Problem;
    /// use serde_json::json;
    ///
    /// let problem = Problem::new(StatusCode::FORBIDDEN)
    ///     .member("balance", 30)
    ///     .member("balance", 31)
    ///     .member("accounts", json!(["/account/1", "/account/2"]))
    ///     .member("status", 200); // no effect
    /// let sent = serde_json::to_value(&problem).unwrap();
    /// assert_eq!(sent["balance"], 31);
    /// assert_eq!(sent["accounts"][1], "/account/2");
    /// assert_eq!(sent["status"], 403);
    /// ```
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

    /// A header that goes out with the problem, `Retry-After` for instance. A second one of a name takes the place of
    /// the first.
    ///
    /// The content's type is `application/problem+json`, whatever is set here. What a [`ProblemRenderer`] sets by
    /// itself is replaced, its content's type among it.
    ///
    /// ```
    /// use axum::http::{HeaderValue, StatusCode, header::{CONTENT_TYPE, RETRY_AFTER}};
    /// use axum::response::IntoResponse;
    /// use axum_responses::Problem;
    ///
    /// let problem = Problem::new(StatusCode::SERVICE_UNAVAILABLE)
    ///     .header(RETRY_AFTER, HeaderValue::from(60))
    ///     .header(RETRY_AFTER, HeaderValue::from(120))
    ///     .header(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    /// let response = problem.into_response();
    /// assert_eq!(response.headers().get_all(RETRY_AFTER).iter().collect::<Vec<_>>(), ["120"]);
    /// assert_eq!(response.headers()[CONTENT_TYPE], "application/problem+json");
    /// ```
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.insert(name, value);
        self
    }

    /// The status it is sent with, and that its member `status` says.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The `title` that is sent: the one given, the status's reason phrase, or `Error` where the status has none.
    ///
    /// ```
    /// use axum::http::StatusCode;
    /// use axum_responses::Problem;
    ///
    /// let problem = Problem::new(StatusCode::from_u16(499).unwrap());
    /// assert_eq!((problem.title_text(), problem.detail_text()), ("Error", None));
    /// assert_eq!(problem.title("Left").detail("The client left.").to_string(), "499 Left: The client left.");
    /// ```
    #[must_use]
    pub fn title_text(&self) -> &str {
        self.title
            .as_deref()
            .or(self.status.canonical_reason())
            .unwrap_or("Error")
    }

    /// The `detail`, if there is one. A 500 for what went wrong inside has none.
    #[must_use]
    pub fn detail_text(&self) -> Option<&str> {
        self.detail.as_deref()
    }

    /// The response for a request of this context: its registered renderer, or `application/problem+json`.
    ///
    /// `into_response` does this with the context in force. `Accept` is not asked: what went wrong is told to everybody
    /// in one form.
    ///
    /// ```
    /// use axum::http::{HeaderMap, Method, StatusCode};
    /// use axum_responses::{Problem, RequestContext};
    ///
    /// let mut headers = HeaderMap::new();
    /// headers.insert("accept", "text/html".parse().unwrap());
    /// let context = RequestContext::new(Method::GET, &headers);
    /// let response = Problem::new(StatusCode::GONE).respond_to(&context);
    /// assert_eq!(response.status(), 410);
    /// assert_eq!(response.headers()["content-type"], "application/problem+json");
    /// ```
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
/// a function from `&Problem` to a response is one. It renders the refusals of extractors too, and is responsible for
/// the status. Without a context in force, problems are `application/problem+json`.
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
    /// The response for this problem. The problem's own headers are added to it, in the place of those of the same
    /// names.
    ///
    /// ```
    /// use axum::http::{HeaderValue, Request, StatusCode, header::RETRY_AFTER};
    /// use axum::{response::{IntoResponse, Response}};
    /// use axum_responses::{Html, Problem, RequestContextLayer, problem::ProblemRenderer};
    ///
    /// struct Pages;
    ///
    /// impl ProblemRenderer for Pages {
    ///     fn render(&self, problem: &Problem) -> Response {
    ///         let page = Html(format!("<h1>{}</h1>", problem.title_text()));
    ///         (problem.status(), [("retry-after", "600")], page).into_response()
    ///     }
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// # let layer = RequestContextLayer::new().problem_renderer(Pages);
    /// # let response = layer.scope(Request::new(()), |_| async {
    /// let busy = Problem::new(StatusCode::SERVICE_UNAVAILABLE).header(RETRY_AFTER, HeaderValue::from(60));
    /// # busy.into_response() }).await;
    /// assert_eq!(response.status(), 503);
    /// assert_eq!(response.headers()["content-type"], "text/html; charset=utf-8");
    /// assert_eq!(response.headers()["retry-after"], "60");
    /// # }
    /// ```
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

/// A handler for `Router::fallback`: 404 as a problem (RFC 9110 §15.5.5).
///
/// ```
/// use axum::{Router, body::Body, http::Request, routing::get};
/// use axum_responses::problem;
/// # use tower::ServiceExt;
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// let app = Router::new()
///     .route("/", get(|| async { "hello" }))
///     .fallback(problem::not_found)
///     .method_not_allowed_fallback(problem::method_not_allowed);
/// # let ask = async |method: &str, path: &str| {
/// #     let request = Request::builder().method(method).uri(path).body(Body::empty()).unwrap();
/// #     app.clone().oneshot(request).await.unwrap()
/// # };
/// let response = ask("GET", "/nowhere").await;
/// assert_eq!(response.status(), 404);
/// assert_eq!(response.headers()["content-type"], "application/problem+json");
/// let response = ask("PUT", "/").await;
/// assert_eq!(response.status(), 405);
/// assert_eq!(response.headers()["content-type"], "application/problem+json");
/// assert_eq!(response.headers()["allow"], "GET,HEAD");
/// # }
/// ```
pub async fn not_found() -> Problem {
    Problem::new(StatusCode::NOT_FOUND).detail("There is nothing at this address.")
}

/// A handler for `Router::method_not_allowed_fallback`: 405 as a problem (RFC 9110 §15.5.6). axum adds `Allow`.
/// [`not_found`] has the example.
pub async fn method_not_allowed() -> Problem {
    Problem::new(StatusCode::METHOD_NOT_ALLOWED).detail("This address does not know this method.")
}
