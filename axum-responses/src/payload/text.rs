//! Plain text.

use std::any::Any;
use std::fmt::{Display, Write};

use axum::body::Bytes;
use axum::response::{IntoResponse, Response};

use super::{Buffer, response};
use crate::media_type::MediaType;
use crate::rejection::failure;

/// Anything that displays, as `text/plain; charset=utf-8` (RFC 2046 §4.1).
///
/// A `Display` that fails is a logged 500, and nothing of what it has written is sent.
///
/// ```
/// use axum::response::IntoResponse;
/// use axum_responses::Text;
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// let response = Text(0).into_response();
/// assert_eq!(response.status(), 200);
/// assert_eq!(response.headers()["content-type"], "text/plain; charset=utf-8");
/// let body = axum::body::to_bytes(response.into_body(), 100).await.unwrap();
/// assert_eq!(body, "0");
///
/// struct Failing;
///
/// impl std::fmt::Display for Failing {
///     fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
///         f.write_str("half of ")?;
///         Err(std::fmt::Error)
///     }
/// }
/// let response = Text(Failing).into_response();
/// assert_eq!(response.status(), 500);
/// assert_eq!(response.headers()["content-type"], "application/problem+json");
/// # }
/// ```
///
/// Without a parameter, [`Text`] stands for the media type in a
/// [`Negotiated`](crate::Negotiated)'s list of offers.
#[derive(Clone, Copy, Debug, Default)]
#[must_use]
pub struct Text<T = ()>(pub T);

impl<T: Display + 'static> IntoResponse for Text<T> {
    fn into_response(self) -> Response {
        match display(self.0) {
            Ok(bytes) => response(&MediaType::TEXT, bytes),
            Err(error) => failure("a value could not be written as text", &error),
        }
    }
}

/// What a value displays. A `String` and a `&'static str` are sent without being copied.
pub(super) fn display<T: Display + 'static>(value: T) -> Result<Bytes, std::fmt::Error> {
    let mut value = Some(value);
    let any: &mut dyn Any = &mut value;
    if let Some(text) = any.downcast_mut::<Option<&'static str>>() {
        return Ok(Bytes::from_static(
            text.take().unwrap_or_default().as_bytes(),
        ));
    }
    if let Some(text) = any.downcast_mut::<Option<String>>() {
        return Ok(text.take().unwrap_or_default().into());
    }
    value.map_or(Ok(Bytes::new()), |value| {
        write_display(&value).map(Bytes::from)
    })
}

pub(crate) fn write_display<T: Display + ?Sized>(value: &T) -> Result<Vec<u8>, std::fmt::Error> {
    let buffer = Buffer::of::<T>();
    let mut text = String::with_capacity(buffer.capacity());
    write!(text, "{value}")?;
    Ok(buffer.finish(text.into_bytes()))
}

#[cfg(feature = "openapi")]
impl<T> utoipa::IntoResponses for Text<T> {
    fn responses() -> crate::openapi::Responses {
        crate::openapi::Describe::new(200, "OK")
            .text(&MediaType::TEXT)
            .alone()
    }
}
