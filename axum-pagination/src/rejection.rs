//! Every way in which a page is refused.
//!
//! All of them render as [`Problem`]s (RFC 9457). What is told to the client never holds what went wrong inside, which
//! goes to `tracing`.

use std::convert::Infallible;
use std::error::Error;
use std::fmt;

use axum::response::{IntoResponse, Response};
use axum_responses::Problem;
pub use axum_responses::rejection::InvalidQuery;
use http::StatusCode;

/// Why there is no page.
///
/// The error of every `paginate`, and what a paginator's own error has to become. Those of the database, of I/O and
/// boxed ones do so by themselves; for one's own, say what clients are told:
///
/// ```
/// use axum::http::StatusCode;
/// use axum_pagination::PageError;
/// use axum_responses::Problem;
///
/// enum ShelfError { NoSuchShelf, Fire(std::io::Error) }
///
/// impl From<ShelfError> for PageError {
///     fn from(error: ShelfError) -> Self {
///         match error {
///             ShelfError::NoSuchShelf => Problem::new(StatusCode::NOT_FOUND).detail("There is no such shelf.").into(),
///             ShelfError::Fire(error) => PageError::source(error), // logged; clients see a 500 that says nothing
///         }
///     }
/// }
///
/// assert_eq!(PageError::from(ShelfError::NoSuchShelf).status(), 404);
/// let fire = ShelfError::Fire(std::io::Error::other("smoke"));
/// let problem = Problem::from(PageError::from(fire));
/// assert_eq!((problem.status(), problem.detail_text()), (StatusCode::INTERNAL_SERVER_ERROR, None));
/// ```
///
/// As a response it is a problem document (RFC 9457 §3):
///
/// ```
/// use axum::response::IntoResponse;
/// use axum_pagination::{ClassicParams, PageError};
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// let refused = PageError::from(ClassicParams::<20, 100>::new(101, 1).unwrap_err());
/// let response = refused.into_response();
/// assert_eq!(response.status(), 400);
/// assert_eq!(response.headers()["content-type"], "application/problem+json");
/// let body = axum::body::to_bytes(response.into_body(), 1000).await.unwrap();
/// let problem: serde_json::Value = serde_json::from_slice(&body).unwrap();
/// assert_eq!(problem["type"], "urn:problem-type:invalid-query");
/// assert_eq!(problem["parameter"], "page_size");
/// assert!(problem["detail"].as_str().unwrap().contains("must be a whole number from 1 to 100"));
/// # }
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub enum PageError {
    /// 400: a query parameter is not what it has to be.
    Query(InvalidQuery),
    /// 400: the cursor was not given out by this list. `paginate` makes a [`Query`](Self::Query) of it, which
    /// knows the parameter's name.
    UnknownCursor(UnknownCursor),
    /// As the problem says. Boxed, for it is large and rare.
    Problem(Box<Problem>),
    /// 500; 503 when the pool has no connection to give.
    #[cfg(feature = "sql")]
    Database(
        /// Logged, not sent.
        sqlx::Error,
    ),
    /// 500: whatever else the items come from.
    Source(
        /// Logged, not sent.
        Box<dyn Error + Send + Sync>,
    ),
    /// 500: the program contradicts itself, which only shows while it runs.
    Declaration(
        /// Logged, not sent.
        String,
    ),
}

/// The cursor was not given out by this list: what a paginator says of one that it does not know.
///
/// ```
/// use std::num::NonZeroU64;
/// use axum_pagination::{CursorPaginator, CursorParams, PageError, rejection::UnknownCursor};
///
/// struct Countdown;
///
/// impl CursorPaginator for Countdown {
///     type Item = u64;
///     type Cursor = u64;
///     type Error = UnknownCursor;
///
///     async fn get_items(&self, from: Option<u64>, size: NonZeroU64) -> Result<(Vec<u64>, Option<u64>), UnknownCursor> {
///         let from = from.unwrap_or(10);
///         if from > 10 {
///             return Err(UnknownCursor);
///         }
///         let to = from.saturating_sub(size.get());
///         Ok(((to + 1..=from).rev().collect(), (to > 0).then_some(to)))
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// let params = CursorParams::<20, 100>::new(Some("11"), 4).unwrap();
/// let PageError::Query(refused) = Countdown.paginate(params).await.unwrap_err() else { panic!() };
/// assert_eq!(refused.to_string(), "The query parameter `cursor` is not a cursor of this list.");
/// # }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownCursor;

impl UnknownCursor {
    /// The refusal, for a parameter of this name.
    pub(crate) fn named(self, parameter: &str) -> InvalidQuery {
        InvalidQuery::because(parameter, "is not a cursor of this list")
    }
}

impl fmt::Display for UnknownCursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the cursor was not given out by this list")
    }
}

impl Error for UnknownCursor {}

impl PageError {
    /// Whatever went wrong where the items come from: clients see a 500 that says nothing of it.
    ///
    /// ```
    /// use std::error::Error;
    /// use axum_pagination::PageError;
    ///
    /// let error = PageError::source("the tape is torn");
    /// assert_eq!(error.status(), 500);
    /// assert_eq!(error.to_string(), "the page could not be read");
    /// assert_eq!(error.source().unwrap().to_string(), "the tape is torn"); // for those who log
    /// ```
    ///
    /// It looks into nothing: an error of sqlx that is a 503 by `?` is a 500 by this.
    pub fn source(error: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::Source(error.into())
    }

    /// The status it is answered with.
    ///
    /// ```
    /// # #[cfg(feature = "sqlite")] {
    /// use axum_pagination::{PageError, rejection::UnknownCursor};
    ///
    /// assert_eq!(PageError::from(UnknownCursor).status(), 400);
    /// assert_eq!(PageError::from(sqlx::Error::PoolTimedOut).status(), 503); // a client may come again
    /// assert_eq!(PageError::from(sqlx::Error::RowNotFound).status(), 500); // no 404: whoever means that says it
    /// assert_eq!(PageError::source(sqlx::Error::PoolTimedOut).status(), 500); // not looked into
    /// # }
    /// ```
    #[must_use]
    pub fn status(&self) -> StatusCode {
        match self {
            Self::Query(_) | Self::UnknownCursor(_) => StatusCode::BAD_REQUEST,
            Self::Problem(problem) => problem.status(),
            #[cfg(feature = "sql")]
            Self::Database(sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed) => {
                StatusCode::SERVICE_UNAVAILABLE
            }
            #[cfg(feature = "sql")]
            Self::Database(_) => StatusCode::INTERNAL_SERVER_ERROR,
            Self::Source(_) | Self::Declaration(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// The refusal of a cursor, once its parameter's name is known.
    pub(crate) fn for_cursor(self, parameter: &str) -> Self {
        match self {
            Self::UnknownCursor(unknown) => Self::Query(unknown.named(parameter)),
            other => other,
        }
    }
}

/// A paginator that gives more items than a page has would grow the answer without bounds, and one that forgot
/// its limit would show the first page again and again: neither is hidden by cutting the page.
pub(crate) fn check_length(items: usize, size: u64) -> Result<(), PageError> {
    match u64::try_from(items) {
        Ok(items) if items <= size => Ok(()),
        _ => Err(PageError::Declaration(format!(
            "get_items gave {items} items for a page of {size}"
        ))),
    }
}

impl From<InvalidQuery> for PageError {
    fn from(refusal: InvalidQuery) -> Self {
        Self::Query(refusal)
    }
}

impl From<UnknownCursor> for PageError {
    fn from(unknown: UnknownCursor) -> Self {
        Self::UnknownCursor(unknown)
    }
}

impl From<Problem> for PageError {
    fn from(problem: Problem) -> Self {
        Self::Problem(Box::new(problem))
    }
}

#[cfg(feature = "sql")]
impl From<sqlx::Error> for PageError {
    fn from(error: sqlx::Error) -> Self {
        Self::Database(error)
    }
}

impl From<std::io::Error> for PageError {
    fn from(error: std::io::Error) -> Self {
        Self::source(error)
    }
}

impl From<Box<dyn Error + Send + Sync>> for PageError {
    fn from(error: Box<dyn Error + Send + Sync>) -> Self {
        Self::Source(error)
    }
}

impl From<Infallible> for PageError {
    fn from(never: Infallible) -> Self {
        match never {}
    }
}

impl From<PageError> for Problem {
    fn from(error: PageError) -> Self {
        let status = error.status();
        match error {
            PageError::Query(refusal) => refusal.into(),
            PageError::UnknownCursor(unknown) => unknown.named("cursor").into(),
            PageError::Problem(problem) => *problem,
            #[cfg(feature = "sql")]
            PageError::Database(error) => {
                tracing::error!(%error, "a page could not be read from the database");
                Self::new(status)
            }
            PageError::Source(error) => {
                tracing::error!(%error, "a page could not be read");
                Self::new(status)
            }
            PageError::Declaration(error) => {
                tracing::error!(%error, "a page is declared wrongly");
                Self::new(status)
            }
        }
    }
}

impl IntoResponse for PageError {
    fn into_response(self) -> Response {
        Problem::from(self).into_response()
    }
}

impl fmt::Display for PageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Query(refusal) => refusal.fmt(f),
            Self::UnknownCursor(unknown) => unknown.fmt(f),
            Self::Problem(problem) => problem.fmt(f),
            #[cfg(feature = "sql")]
            Self::Database(_) => f.write_str("the page could not be read from the database"),
            Self::Source(_) => f.write_str("the page could not be read"),
            Self::Declaration(error) => write!(f, "the page is declared wrongly: {error}"),
        }
    }
}

impl Error for PageError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            #[cfg(feature = "sql")]
            Self::Database(error) => Some(error),
            Self::Source(error) => Some(error.as_ref()),
            // These are said in full by `Display`.
            Self::Query(_) | Self::UnknownCursor(_) | Self::Problem(_) | Self::Declaration(_) => {
                None
            }
        }
    }
}

/// The 400, and the 503 where a database can have one. As everywhere, a 500 is not announced.
///
/// ```
/// use axum_pagination::PageError;
/// use utoipa::IntoResponses;
///
/// let responses = serde_json::to_value(PageError::responses()).unwrap();
/// assert!(responses["400"]["content"]["application/problem+json"].is_object());
/// assert!(responses["500"].is_null());
/// ```
#[cfg(feature = "openapi")]
impl utoipa::IntoResponses for PageError {
    fn responses() -> axum_responses::openapi::Responses {
        use axum_responses::openapi::{Describe, Responses};

        let described = [
            Describe::problem(
                400,
                "A query parameter is malformed or out of bounds, or the cursor is not of this list",
            ),
            #[cfg(feature = "sql")]
            Describe::problem(503, "The database has no connection to give"),
        ];
        Responses::from_iter(described.map(Describe::build))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The status, the `parameter` and the `detail` that go out.
    fn check(
        error: impl Into<PageError>,
        status: u16,
        parameter: Option<&str>,
        detail: Option<&str>,
    ) {
        let error = error.into();
        assert_eq!(error.status(), status, "{error}");
        let problem = serde_json::to_value(Problem::from(error)).unwrap();
        assert_eq!(problem["status"], status);
        assert_eq!(problem["parameter"].as_str(), parameter);
        assert_eq!(problem["detail"].as_str(), detail);
    }

    #[test]
    fn clients_see_what_they_can_change_and_nothing_of_the_inside() {
        check(
            InvalidQuery::because("n", "is odd"),
            400,
            Some("n"),
            Some("The query parameter `n` is odd."),
        );
        check(
            UnknownCursor,
            400,
            Some("cursor"),
            Some("The query parameter `cursor` is not a cursor of this list."),
        );
        check(
            Problem::new(StatusCode::CONFLICT).detail("Later."),
            409,
            None,
            Some("Later."),
        );
        check(std::io::Error::other("/etc/secret"), 500, None, None);
        check(PageError::source("boom"), 500, None, None);
        check(
            PageError::Declaration("twice the same order".to_owned()),
            500,
            None,
            None,
        );
    }

    #[cfg(feature = "sql")]
    #[test]
    fn a_pool_without_connections_is_unavailable_and_everything_else_a_failure() {
        check(sqlx::Error::PoolTimedOut, 503, None, None);
        check(sqlx::Error::PoolClosed, 503, None, None);
        check(sqlx::Error::RowNotFound, 500, None, None);
        check(
            sqlx::Error::Protocol("SELECT secret".to_owned()),
            500,
            None,
            None,
        );
    }

    #[test]
    fn the_cause_is_kept_for_those_who_log() {
        let error = PageError::source("boom");
        assert_eq!(error.to_string(), "the page could not be read");
        assert_eq!(Error::source(&error).unwrap().to_string(), "boom");
    }
}
