//! Every way in which a request or a response of this crate is refused.
//!
//! All of them render as [`Problem`]s. The `type` of each is stable; what is told to the client never
//! holds what went wrong inside, which goes to `tracing`.

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

            /// The status it is answered with.
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
    /// 415: the request's content is of a type that the extractor does not read.
    UnsupportedMediaType { UNSUPPORTED_MEDIA_TYPE, "unsupported-media-type", "Unsupported media type" }
    /// 413: the request's content is longer than the limit in force (axum's `DefaultBodyLimit`).
    ContentTooLarge { PAYLOAD_TOO_LARGE, "content-too-large", "Content too large" }
    /// 400: the request's content ended early or could not be read.
    UnreadableContent { BAD_REQUEST, "unreadable-content", "Unreadable content" }
    /// 400: the request's content is not what its type says.
    MalformedContent { BAD_REQUEST, "malformed-content", "Malformed content" }
    /// 422: the request's content is well formed and does not fit the value asked for.
    InvalidContent { UNPROCESSABLE_ENTITY, "invalid-content", "Invalid content" }
}

rejections! {
    /// 412: a condition of the request does not hold (RFC 9110 §15.5.13).
    PreconditionFailed { PRECONDITION_FAILED, "precondition-failed", "Precondition failed" }
    /// 428: the request changes something and has no condition (RFC 6585 §3).
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

/// Why an extractor of request content refused.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum ContentRejection {
    /// 415
    UnsupportedMediaType(UnsupportedMediaType),
    /// 413
    TooLarge(ContentTooLarge),
    /// 400
    Unreadable(UnreadableContent),
    /// 400
    Malformed(MalformedContent),
    /// 422
    Invalid(InvalidContent),
}

macro_rules! content_rejection {
    ($($variant:ident($type:ident)),*) => {
        $(impl From<$type> for ContentRejection {
            fn from(rejection: $type) -> Self {
                Self::$variant(rejection)
            }
        })*

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
/// Type `urn:problem-type:invalid-query`; the member `parameter` names it.
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

    /// A refusal of one's own: for a value that parses and is still not good.
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
    /// # let problem = Problem::from(InvalidQuery::because("code", "is no status of a redirect"));
    /// # assert_eq!(problem.detail_text(), Some("The query parameter `code` is no status of a redirect."));
    /// ```
    #[must_use]
    pub fn because(parameter: &str, reason: &str) -> Self {
        Self::new(Some(parameter.to_owned()), reason)
    }

    /// The parameter at fault, where one is.
    #[must_use]
    pub fn parameter(&self) -> Option<&str> {
        self.parameter.as_deref()
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
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum InvalidPath {
    /// 400: a segment is not UTF-8 or not what the handler asked for.
    Malformed {
        /// The parameter's name, where it is known.
        parameter: Option<String>,
        /// What is wrong with it.
        reason: String,
    },
    /// 500: the handler's type does not fit its route. The text is logged, not sent.
    WrongRoute(
        /// What axum says of it.
        String,
    ),
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
/// Type `urn:problem-type:not-acceptable`; the member `available` lists what there is.
#[derive(Clone, Debug)]
pub struct NotAcceptable {
    pub(crate) available: Vec<String>,
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
    /// The status it is answered with.
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
