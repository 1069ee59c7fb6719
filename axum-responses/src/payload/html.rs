//! HTML that is already written.

use std::fmt::Display;

use axum::response::{IntoResponse, Response};

use super::response;
use super::text::display;
use crate::media_type::MediaType;
use crate::rejection::failure;

/// Ready HTML, as `text/html; charset=utf-8`. Nothing is escaped: that is what templates are for.
///
/// Anything that displays is such; one that fails is a logged 500.
///
/// ```
/// use axum::response::IntoResponse;
/// use axum_responses::Html;
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// let name = "<script>"; // from outside: do not do this
/// let response = Html(format!("<p>{name}</p>")).into_response();
/// assert_eq!(response.status(), 200);
/// assert_eq!(response.headers()["content-type"], "text/html; charset=utf-8");
/// let body = axum::body::to_bytes(response.into_body(), 100).await.unwrap();
/// assert_eq!(body, "<p><script></p>");
/// # }
/// ```
///
/// Without a parameter, [`Html`] stands for the media type in a [`Negotiated`](crate::Negotiated)'s list of offers:
/// an askama template as a page.
#[derive(Clone, Copy, Debug, Default)]
#[must_use]
pub struct Html<T = ()>(pub T);

impl<T: Display + 'static> IntoResponse for Html<T> {
    fn into_response(self) -> Response {
        match display(self.0) {
            Ok(bytes) => response(&MediaType::HTML, bytes),
            Err(error) => failure("a value could not be written as HTML", &error),
        }
    }
}

#[cfg(feature = "openapi")]
impl<T> utoipa::IntoResponses for Html<T> {
    fn responses() -> crate::openapi::Responses {
        crate::openapi::Describe::new(200, "OK")
            .text(&MediaType::HTML)
            .alone()
    }
}
