//! A problem whose status stands in the signature.

use std::borrow::Cow;
use std::fmt;

use axum::response::{IntoResponse, Response};
use http::StatusCode;

use super::Problem;

/// A [`Problem`] that always has the status `STATUS`, and is documented under it. A status that is not between 400 and
/// 599 does not compile.
///
/// ```
/// use axum::response::IntoResponse;
/// use axum_responses::{Json, problem::ProblemOf};
///
/// async fn order(id: u64) -> Result<Json<u64>, ProblemOf<404>> {
///     Err(ProblemOf::detail(format!("There is no order {id}.")))
/// }
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// let response = order(17).await.into_response();
/// assert_eq!(response.status(), 404);
/// assert_eq!(response.headers()["content-type"], "application/problem+json");
/// # }
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct ProblemOf<const STATUS: u16>(Problem);

impl<const STATUS: u16> ProblemOf<STATUS> {
    /// A problem with nothing but its status.
    ///
    /// ```
    /// use axum_responses::{Problem, problem::ProblemOf};
    ///
    /// assert_eq!(ProblemOf::<404>::new().to_string(), "404 Not Found");
    /// assert_eq!(Problem::from(ProblemOf::<503>::default()).status(), 503);
    /// ```
    ///
    /// ```compile_fail
    /// let fine = axum_responses::problem::ProblemOf::<200>::new();
    /// ```
    pub fn new() -> Self {
        const {
            assert!(
                400 <= STATUS && STATUS <= 599,
                "a problem's status is between 400 and 599"
            )
        };
        Self(Problem::new(
            StatusCode::from_u16(STATUS).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
        ))
    }

    /// One with this detail, which clients see (RFC 9457 §3.1.4).
    pub fn detail(detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new().with(|problem| problem.detail(detail))
    }

    /// Sets more: type, title, members. The status stays.
    ///
    /// ```
    /// use axum_responses::problem::ProblemOf;
    ///
    /// let gone = ProblemOf::<410>::new().with(|problem| problem.title("Sold out").member("left", 0));
    /// assert_eq!(gone.to_string(), "410 Sold out");
    ///
    /// let other = ProblemOf::<410>::new().with(|_| axum_responses::Problem::internal().detail("From elsewhere."));
    /// assert_eq!(other.to_string(), "410 Gone: From elsewhere.");
    /// ```
    pub fn with(self, set: impl FnOnce(Problem) -> Problem) -> Self {
        let status = self.0.status;
        Self(Problem {
            status,
            ..set(self.0)
        })
    }
}

impl<const STATUS: u16> Default for ProblemOf<STATUS> {
    fn default() -> Self {
        Self::new()
    }
}

impl<const STATUS: u16> From<ProblemOf<STATUS>> for Problem {
    fn from(problem: ProblemOf<STATUS>) -> Self {
        problem.0
    }
}

impl<const STATUS: u16> fmt::Display for ProblemOf<STATUS> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<const STATUS: u16> std::error::Error for ProblemOf<STATUS> {}

impl<const STATUS: u16> IntoResponse for ProblemOf<STATUS> {
    fn into_response(self) -> Response {
        self.0.into_response()
    }
}

#[cfg(feature = "openapi")]
impl<const STATUS: u16> utoipa::IntoResponses for ProblemOf<STATUS> {
    fn responses() -> crate::openapi::Responses {
        let status = StatusCode::from_u16(STATUS).ok();
        let reason = status
            .and_then(|status| status.canonical_reason())
            .unwrap_or("A problem");
        crate::openapi::Describe::problem(STATUS, reason).alone()
    }
}
