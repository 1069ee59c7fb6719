//! No content at all.

use axum::body::Body;
use axum::response::{IntoResponse, Response};

/// A 200 without content; with [`Reply`](crate::Reply) any other status without content.
///
/// It has no type and no header of its own; that its length is zero is said by axum, where the status allows it
/// (RFC 9110 §8.6).
///
/// ```
/// use axum::response::IntoResponse;
/// use axum_responses::{Empty, Reply};
///
/// async fn delete() -> Reply<Empty, 204> {
///     Reply::new(Empty)
/// }
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// let response = delete().await.into_response();
/// assert_eq!(response.status(), 204);
/// assert!(response.headers().is_empty());
/// assert_eq!(Empty.into_response().status(), 200);
/// # }
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Empty;

impl IntoResponse for Empty {
    fn into_response(self) -> Response {
        Response::new(Body::empty())
    }
}

#[cfg(feature = "openapi")]
impl utoipa::IntoResponses for Empty {
    fn responses() -> crate::openapi::Responses {
        crate::openapi::Describe::new(200, "OK").alone()
    }
}
