//! Every way in which a request or a response of this crate is refused.
//!
//! All of them render as [`Problem`]s. The `type` of each is stable; what is told to the client never
//! holds what went wrong inside, which goes to `tracing`.
//!
//! A handler takes the refusal itself where it wants to answer in another way: with `Result<Json<T>, ContentRejection>`
//! in the place of `Json<T>`.
//!
//! ```
//! use axum::{Router, body::Body, http::Request, routing::post};
//! use axum_responses::{Json, Text, rejection::ContentRejection};
//! # use tower::ServiceExt;
//!
//! async fn count(content: Result<Json<u8>, ContentRejection>) -> Text<String> {
//!     match content {
//!         Ok(Json(count)) => Text(count.to_string()),
//!         Err(ContentRejection::Invalid(invalid)) => Text(format!("{} {invalid}", invalid.status())),
//!         Err(other) => Text(other.to_string()),
//!     }
//! }
//!
//! # #[tokio::main(flavor = "current_thread")] async fn main() {
//! let app = Router::new().route("/", post(count));
//! let ask = async |content: &'static str| {
//!     let request = Request::post("/").header("content-type", "application/json");
//!     let response = app.clone().oneshot(request.body(Body::from(content)).unwrap()).await.unwrap();
//!     String::from_utf8(axum::body::to_bytes(response.into_body(), 1000).await.unwrap().into()).unwrap()
//! };
//! assert_eq!(ask("7").await, "7");
//! assert!(ask("300").await.starts_with("422 Unprocessable Entity The JSON document does not fit: "));
//! assert!(ask("7 8").await.starts_with("There is more behind the JSON document."));
//! # }
//! ```

use std::fmt;

use axum::response::{IntoResponse, Response};
use http::StatusCode;

use crate::problem::Problem;

/// Declares refusals that are nothing but a status, a type and a title.
macro_rules! rejections {
    ($($(#[$meta:meta])* $name:ident { $status:ident, $type:literal, $title:literal })*) => {$(
        $(#[$meta])*
        #[doc = concat!("\n\nType `urn:problem-type:", $type, "`.")]
        #[derive(Clone, Debug)]
        pub struct $name {
            detail: String,
        }

        impl $name {
            pub(crate) fn because(detail: impl Into<String>) -> Self {
                Self { detail: detail.into() }
            }

            /// The status it is answered with, always the same.
            #[must_use]
            pub fn status(&self) -> StatusCode {
                StatusCode::$status
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.detail)
            }
        }

        impl std::error::Error for $name {}

        impl From<$name> for Problem {
            fn from(rejection: $name) -> Self {
                Problem::new(StatusCode::$status)
                    .type_(concat!("urn:problem-type:", $type))
                    .title($title)
                    .detail(rejection.detail)
            }
        }

        into_response!($name);
    )*};
}

macro_rules! into_response {
    ($name:ident) => {
        impl IntoResponse for $name {
            fn into_response(self) -> Response {
                Problem::from(self).into_response()
            }
        }
    };
}

rejections! {
    /// 415: the request's content is of a type that the extractor does not read (RFC 9110 §15.5.16).
    ///
    /// Content without a type is such, too.
    ///
    /// ```
    /// use axum::{body::Body, extract::FromRequest, http::Request};
    /// use axum_responses::{Json, Problem, rejection::ContentRejection};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let refused = Json::<u8>::from_request(Request::new(Body::from("7")), &()).await.unwrap_err();
    /// assert!(matches!(refused, ContentRejection::UnsupportedMediaType(_)));
    /// let problem = Problem::from(refused);
    /// assert_eq!(problem.status(), 415);
    /// assert_eq!(problem.detail_text(), Some("The content must be application/json (or +json)."));
    /// # }
    /// ```
    UnsupportedMediaType { UNSUPPORTED_MEDIA_TYPE, "unsupported-media-type", "Unsupported media type" }
    /// 413: the request's content is longer than the limit in force (RFC 9110 §15.5.14).
    ///
    /// The limit is that of axum's [`DefaultBodyLimit`](axum::extract::DefaultBodyLimit): 2 MB unless set.
    ///
    /// ```
    /// use axum::{Router, body::Body, extract::DefaultBodyLimit, http::Request, routing::post};
    /// use axum_responses::Json;
    /// # use tower::ServiceExt;
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let app = Router::new().route("/", post(async |_: Json<u8>| ())).layer(DefaultBodyLimit::max(2));
    /// let request = Request::post("/").header("content-type", "application/json").body(Body::from("100")).unwrap();
    /// assert_eq!(app.oneshot(request).await.unwrap().status(), 413);
    /// # }
    /// ```
    ContentTooLarge { PAYLOAD_TOO_LARGE, "content-too-large", "Content too large" }
    /// 400: the request's content ended early or could not be read.
    ///
    /// ```
    /// use axum::{body::Body, extract::FromRequest, http::Request};
    /// use axum_responses::{Json, rejection::ContentRejection};
    /// # use futures_util::stream;
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let broken = Body::from_stream(stream::iter([Ok("1"), Err(std::io::Error::other("the client left"))]));
    /// let request = Request::post("/").header("content-type", "application/json").body(broken).unwrap();
    /// let refused = Json::<u8>::from_request(request, &()).await.unwrap_err();
    /// assert!(matches!(refused, ContentRejection::Unreadable(_)));
    /// assert_eq!(refused.to_string(), "The content ended early or could not be read.");
    /// # }
    /// ```
    UnreadableContent { BAD_REQUEST, "unreadable-content", "Unreadable content" }
    /// 400: the request's content is not what its type says, such as JSON that is cut off. The module has an
    /// [example](self).
    MalformedContent { BAD_REQUEST, "malformed-content", "Malformed content" }
    /// 422: the request's content is well formed and does not fit the value asked for (RFC 9110 §15.5.21). The module
    /// has an [example](self).
    InvalidContent { UNPROCESSABLE_ENTITY, "invalid-content", "Invalid content" }
}

rejections! {
    /// 412: a condition of the request does not hold (RFC 9110 §15.5.13).
    ///
    /// It is what becomes of an [`Unmet`](crate::conditional::Unmet), and has no other member.
    ///
    /// ```
    /// use axum::{http::{HeaderMap, Method}, response::IntoResponse};
    /// use axum_responses::{Conditional, ETag, RequestContext};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let mut headers = HeaderMap::new();
    /// headers.insert("if-match", r#""6""#.parse().unwrap());
    /// let conditional: Conditional = Conditional::of(&RequestContext::new(Method::PUT, &headers));
    /// let response = conditional.check(&ETag::of_version(7)).unwrap_err().into_response();
    /// let body = axum::body::to_bytes(response.into_body(), 1000).await.unwrap();
    /// let problem: serde_json::Value = serde_json::from_slice(&body).unwrap();
    /// assert_eq!(problem["type"], "urn:problem-type:precondition-failed");
    /// assert_eq!(problem["status"], 412);
    /// # }
    /// ```
    PreconditionFailed { PRECONDITION_FAILED, "precondition-failed", "Precondition failed" }
    /// 428: the request changes something and has no condition (RFC 6585 §3). It is what becomes of an
    /// [`Unmet<Required>`](crate::conditional::Unmet), as [`PreconditionFailed`] is.
    PreconditionRequired { PRECONDITION_REQUIRED, "precondition-required", "Precondition required" }
}

impl PreconditionFailed {
    pub(crate) fn new() -> Self {
        Self::because("The resource is not in the state that the request takes it for.")
    }
}

impl PreconditionRequired {
    pub(crate) fn new() -> Self {
        Self::because("The request must say, with If-Match, which version it is meant for.")
    }
}

/// Why an extractor of request content refused: [`Json`](crate::Json), and `MessagePack`.
///
/// It prints as the detail that the client is told. The module has an [example](self).
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum ContentRejection {
    /// 415: another type, or none.
    UnsupportedMediaType(UnsupportedMediaType),
    /// 413: beyond the limit.
    TooLarge(ContentTooLarge),
    /// 400: cut off.
    Unreadable(UnreadableContent),
    /// 400: not of its type.
    Malformed(MalformedContent),
    /// 422: of its type, and does not fit.
    Invalid(InvalidContent),
}

macro_rules! content_rejection {
    ($($variant:ident($type:ident)),*) => {
        $(impl From<$type> for ContentRejection {
            fn from(rejection: $type) -> Self {
                Self::$variant(rejection)
            }
        })*

        impl ContentRejection {
            /// The status of the answer.
            #[must_use]
            pub fn status(&self) -> StatusCode {
                match self { $(Self::$variant(rejection) => rejection.status()),* }
            }
        }

        impl From<ContentRejection> for Problem {
            fn from(rejection: ContentRejection) -> Self {
                match rejection { $(ContentRejection::$variant(rejection) => rejection.into()),* }
            }
        }

        impl fmt::Display for ContentRejection {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match self { $(Self::$variant(rejection) => rejection.fmt(f)),* }
            }
        }
    };
}

content_rejection!(
    UnsupportedMediaType(UnsupportedMediaType),
    TooLarge(ContentTooLarge),
    Unreadable(UnreadableContent),
    Malformed(MalformedContent),
    Invalid(InvalidContent)
);

impl std::error::Error for ContentRejection {}
into_response!(ContentRejection);

/// 400: a query parameter is missing, malformed or given twice.
///
/// Type `urn:problem-type:invalid-query`; the member `parameter` names it. It is what
/// [`Query`](crate::problem::Query) refuses with, and a handler may do so [too](Self::because).
#[derive(Clone, Debug)]
pub struct InvalidQuery {
    parameter: Option<String>,
    detail: String,
}

impl InvalidQuery {
    pub(crate) fn new(parameter: Option<String>, reason: &str) -> Self {
        let detail = match &parameter {
            Some(name) => format!("The query parameter `{name}` {reason}."),
            None => format!("The query is not understood: {reason}."),
        };
        Self { parameter, detail }
    }

    /// A refusal of one's own: for a value that parses and is still not good. The reason goes on where the name ends,
    /// without a full stop.
    ///
    /// ```
    /// use axum_responses::{AnyRedirect, Problem, problem::Query, rejection::InvalidQuery};
    /// use axum::http::StatusCode;
    ///
    /// #[derive(serde::Deserialize)]
    /// struct Target { code: u16 }
    ///
    /// async fn away(Query(target): Query<Target>) -> Result<AnyRedirect, InvalidQuery> {
    ///     let refuse = |_| InvalidQuery::because("code", "is no status of a redirect");
    ///     let status = StatusCode::from_u16(target.code).map_err(|_| refuse(()))?;
    ///     AnyRedirect::new(status, "/elsewhere").map_err(|_| refuse(()))
    /// }
    ///
    /// let refusal = InvalidQuery::because("code", "is no status of a redirect");
    /// assert_eq!(refusal.parameter(), Some("code"));
    /// let problem = Problem::from(refusal);
    /// assert_eq!(problem.status(), 400);
    /// assert_eq!(problem.detail_text(), Some("The query parameter `code` is no status of a redirect."));
    /// ```
    #[must_use]
    pub fn because(parameter: &str, reason: &str) -> Self {
        Self::new(Some(parameter.to_owned()), reason)
    }

    /// The parameter at fault, by its name in the query; `None` where it is the query as a whole.
    #[must_use]
    pub fn parameter(&self) -> Option<&str> {
        self.parameter.as_deref()
    }

    /// 400.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        StatusCode::BAD_REQUEST
    }
}

impl From<InvalidQuery> for Problem {
    fn from(rejection: InvalidQuery) -> Self {
        let problem = Problem::new(StatusCode::BAD_REQUEST)
            .type_("urn:problem-type:invalid-query")
            .title("Invalid query")
            .detail(rejection.detail);
        match rejection.parameter {
            Some(parameter) => problem.member("parameter", parameter),
            None => problem,
        }
    }
}

impl fmt::Display for InvalidQuery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.detail)
    }
}

impl std::error::Error for InvalidQuery {}
into_response!(InvalidQuery);

/// The path's parameters do not fit.
///
/// Type `urn:problem-type:invalid-path`; the member `parameter` names the culprit where it is known.
///
/// ```
/// use axum_responses::{Problem, rejection::InvalidPath};
///
/// let malformed = InvalidPath::Malformed { parameter: Some("id".to_owned()), reason: "is no u32".to_owned() };
/// assert_eq!(Problem::from(malformed).detail_text(), Some("The path parameter `id` is no u32."));
///
/// let wrong = InvalidPath::WrongRoute("two parameters, one expected".to_owned());
/// let problem = Problem::from(wrong);
/// assert_eq!((problem.status().as_u16(), problem.detail_text()), (500, None));
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum InvalidPath {
    /// 400: a segment is not UTF-8 or not what the handler asked for.
    Malformed {
        /// The parameter's name, where it is known.
        parameter: Option<String>,
        /// What is wrong with it, without a full stop.
        reason: String,
    },
    /// 500: the handler's type does not fit its route. The text is logged, not sent.
    WrongRoute(
        /// What axum says of it.
        String,
    ),
}

impl InvalidPath {
    /// 400; 500 where the handler's parameters do not fit the route.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        match self {
            Self::Malformed { .. } => StatusCode::BAD_REQUEST,
            Self::WrongRoute(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

impl From<InvalidPath> for Problem {
    fn from(rejection: InvalidPath) -> Self {
        match rejection {
            InvalidPath::Malformed { ref parameter, .. } => {
                let parameter = parameter.clone();
                let problem = Problem::new(StatusCode::BAD_REQUEST)
                    .type_("urn:problem-type:invalid-path")
                    .title("Invalid path")
                    .detail(format!("{rejection}."));
                match parameter {
                    Some(parameter) => problem.member("parameter", parameter),
                    None => problem,
                }
            }
            InvalidPath::WrongRoute(error) => {
                tracing::error!(%error, "a handler's path parameters do not fit its route");
                Problem::internal()
            }
        }
    }
}

impl fmt::Display for InvalidPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed {
                parameter: Some(name),
                reason,
            } => {
                write!(f, "The path parameter `{name}` {reason}")
            }
            Self::Malformed {
                parameter: None,
                reason,
            } => write!(f, "A path parameter {reason}"),
            Self::WrongRoute(error) => f.write_str(error),
        }
    }
}

impl std::error::Error for InvalidPath {}
into_response!(InvalidPath);

/// 406: none of the offered media types is acceptable (RFC 9110 §15.5.7).
///
/// Type `urn:problem-type:not-acceptable`; the member `available` lists what there is, without parameters, in the
/// server's order. It is what [`Negotiated`](crate::Negotiated) refuses with; the problem itself is sent as
/// `application/problem+json` whatever the client accepts.
///
/// ```
/// use axum::http::{HeaderMap, Method};
/// use axum_responses::{Json, Negotiated, RequestContext, Text};
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// let mut headers = HeaderMap::new();
/// headers.insert("accept", "image/png".parse().unwrap());
/// let context = RequestContext::new(Method::GET, &headers);
/// let response = Negotiated::<_, (Json, Text)>::new(42).respond_to(&context);
/// assert_eq!(response.headers()["content-type"], "application/problem+json");
/// let body = axum::body::to_bytes(response.into_body(), 1000).await.unwrap();
/// let problem: serde_json::Value = serde_json::from_slice(&body).unwrap();
/// assert_eq!(problem["type"], "urn:problem-type:not-acceptable");
/// assert_eq!(problem["available"], serde_json::json!(["application/json", "text/plain"]));
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct NotAcceptable {
    pub(crate) available: Vec<String>,
}

impl NotAcceptable {
    /// 406.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        StatusCode::NOT_ACCEPTABLE
    }
}

impl From<NotAcceptable> for Problem {
    fn from(rejection: NotAcceptable) -> Self {
        Problem::new(StatusCode::NOT_ACCEPTABLE)
            .type_("urn:problem-type:not-acceptable")
            .title("Not acceptable")
            .detail("None of the available media types is acceptable to the client.")
            .member("available", rejection.available)
    }
}

impl fmt::Display for NotAcceptable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "not acceptable; available: {}",
            self.available.join(", ")
        )
    }
}

impl std::error::Error for NotAcceptable {}
into_response!(NotAcceptable);

/// Why a file cannot be sent: found out before anything is.
///
/// What the client is told names neither the path nor what the operating system said; that is logged.
///
/// It is made of an [`io::Error`](std::io::Error) too: a name that no file can have, and links in a circle, are as if
/// there were no file.
///
/// ```
/// use std::io::{self, ErrorKind};
/// use axum_responses::{FileError, Problem};
///
/// let status = |kind: ErrorKind| FileError::from(io::Error::from(kind)).status().as_u16();
/// assert_eq!(status(ErrorKind::NotFound), 404);
/// assert_eq!(status(ErrorKind::IsADirectory), 404);
/// assert_eq!(status(ErrorKind::PermissionDenied), 403);
/// assert_eq!(status(ErrorKind::StorageFull), 500);
///
/// let problem = Problem::from(FileError::from(io::Error::other("/secret/path: broken")));
/// assert_eq!((problem.status().as_u16(), problem.detail_text()), (500, None));
/// ```
#[cfg(feature = "file")]
#[derive(Debug)]
#[non_exhaustive]
pub enum FileError {
    /// 404: there is no such file, or it is none: a folder, a FIFO, a socket; or its path leads out of its root.
    ///
    /// Type `urn:problem-type:no-such-file`.
    NotFound,
    /// 403: the server may not read it. Type `urn:problem-type:forbidden-file`.
    Forbidden,
    /// 500: what the operating system said.
    Unreadable(
        /// Logged, not sent.
        std::io::Error,
    ),
}

#[cfg(feature = "file")]
impl FileError {
    /// The status it is answered with: 404, 403 or 500.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Forbidden => StatusCode::FORBIDDEN,
            Self::Unreadable(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

#[cfg(feature = "file")]
impl From<std::io::Error> for FileError {
    fn from(error: std::io::Error) -> Self {
        use std::io::ErrorKind;

        match error.kind() {
            ErrorKind::NotFound
            | ErrorKind::NotADirectory
            | ErrorKind::IsADirectory
            // A name that no file can have
            | ErrorKind::InvalidFilename
            | ErrorKind::InvalidInput => Self::NotFound,
            ErrorKind::PermissionDenied => Self::Forbidden,
            _ if is_no_file(&error) => Self::NotFound,
            _ => Self::Unreadable(error),
        }
    }
}

/// Links in a circle, and sockets, which cannot be opened.
#[cfg(all(feature = "file", unix))]
fn is_no_file(error: &std::io::Error) -> bool {
    use rustix::io::Errno;

    let errno = Errno::from_io_error(error);
    matches!(errno, Some(Errno::LOOP | Errno::NXIO))
}

#[cfg(all(feature = "file", not(unix)))]
fn is_no_file(_: &std::io::Error) -> bool {
    false
}

#[cfg(feature = "file")]
impl From<FileError> for Problem {
    fn from(error: FileError) -> Self {
        match error {
            FileError::NotFound => Problem::new(StatusCode::NOT_FOUND)
                .type_("urn:problem-type:no-such-file")
                .title("No such file")
                .detail("There is no file at this address."),
            FileError::Forbidden => Problem::new(StatusCode::FORBIDDEN)
                .type_("urn:problem-type:forbidden-file")
                .title("Forbidden file")
                .detail("The file at this address may not be read."),
            FileError::Unreadable(error) => {
                tracing::error!(%error, "a file cannot be opened");
                Problem::internal()
            }
        }
    }
}

#[cfg(feature = "file")]
impl fmt::Display for FileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotFound => f.write_str("there is no such file"),
            Self::Forbidden => f.write_str("the file may not be read"),
            Self::Unreadable(error) => error.fmt(f),
        }
    }
}

#[cfg(feature = "file")]
impl std::error::Error for FileError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Unreadable(error) => Some(error),
            Self::NotFound | Self::Forbidden => None,
        }
    }
}

#[cfg(feature = "file")]
into_response!(FileError);

/// Marks a 500 that a responder of ours made of its own failure: what was meant for the answer that
/// could not be given (a status, cookies, caching) must not be put on it.
#[derive(Clone, Copy)]
pub(crate) struct Failed;

/// Logs what went wrong inside and answers with a 500 that says nothing of it.
pub(crate) fn failure(what: &'static str, error: &dyn fmt::Display) -> Response {
    tracing::error!(%error, "{what}");
    let mut response = Problem::internal().into_response();
    response.extensions_mut().insert(Failed);
    response
}

#[cfg(feature = "openapi")]
mod description {
    use utoipa::IntoResponses;

    use super::*;
    use crate::openapi::{Describe, Responses};

    macro_rules! described {
        ($($type:ty { $($status:literal $description:literal),* })*) => {$(
            impl IntoResponses for $type {
                fn responses() -> Responses {
                    Responses::from([$(Describe::problem($status, $description).build()),*])
                }
            }
        )*};
    }

    described! {
        ContentRejection {
            400 "The content is not what its type says",
            413 "The content is too large",
            415 "The content is of a type that is not understood",
            422 "The content does not fit"
        }
        InvalidQuery { 400 "A query parameter is missing, malformed or given twice" }
        InvalidPath { 400 "A path parameter is malformed" }
        NotAcceptable { 406 "None of the available media types is acceptable" }
        PreconditionFailed { 412 "A precondition does not hold" }
        PreconditionRequired { 428 "The request needs a precondition" }
    }

    #[cfg(feature = "file")]
    described! {
        FileError {
            403 "The file may not be read",
            404 "There is no such file"
        }
    }
}
