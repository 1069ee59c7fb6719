//! Bytes that are already what their media type says.

use std::marker::PhantomData;

use axum::body::Bytes;
use axum::response::{IntoResponse, Response};

use super::response;
use crate::media_type::{OctetStream, TypedMedia};

/// Bytes or text that are already encoded, under the media type `M`; `application/octet-stream` unless said.
///
/// They are not looked at: a `text/*` type without a charset says UTF-8 of them, whatever they are. They are held in
/// memory as a whole; [`File`](crate::File) and [`Stream`](crate::Stream) are not.
///
/// ```
/// use axum::response::IntoResponse;
/// use axum_responses::{Content, media_type::XmlType};
///
/// let response = Content::<XmlType>::new("<xml/>").into_response();
/// assert_eq!(response.status(), 200);
/// assert_eq!(response.headers()["content-type"], "application/xml");
///
/// // `Content` alone is application/octet-stream
/// fn download() -> Content {
///     Content::new(vec![0, 1])
/// }
/// assert_eq!(download().into_response().headers()["content-type"], "application/octet-stream");
/// ```
#[must_use]
pub struct Content<M = OctetStream> {
    bytes: Bytes,
    media_type: PhantomData<fn() -> M>,
}

impl<M> Content<M> {
    /// These bytes: anything that becomes [`Bytes`] (`&'static str`, `String`, `Vec<u8>`, …). None of it is copied.
    ///
    /// ```
    /// use axum::response::IntoResponse;
    /// use axum_responses::{Content, media_type};
    ///
    /// media_type!(Latin = "text/plain; charset=iso-8859-1");
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let response = Content::<Latin>::new(b"K\xf6ln".as_slice()).into_response();
    /// assert_eq!(response.headers()["content-type"], "text/plain; charset=iso-8859-1");
    /// let body = axum::body::to_bytes(response.into_body(), 100).await.unwrap();
    /// assert_eq!(body, b"K\xf6ln".as_slice());
    /// # }
    /// ```
    pub fn new(bytes: impl Into<Bytes>) -> Self {
        Self {
            bytes: bytes.into(),
            media_type: PhantomData,
        }
    }
}

impl<M: TypedMedia> IntoResponse for Content<M> {
    fn into_response(self) -> Response {
        response(&M::MEDIA_TYPE, self.bytes)
    }
}

impl<M: TypedMedia> std::fmt::Debug for Content<M> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Content")
            .field("media_type", &M::MEDIA_TYPE)
            .field("bytes", &self.bytes.len())
            .finish()
    }
}

#[cfg(feature = "openapi")]
impl<M: TypedMedia> utoipa::IntoResponses for Content<M> {
    fn responses() -> crate::openapi::Responses {
        crate::openapi::Describe::new(200, "OK")
            .binary(&M::MEDIA_TYPE)
            .alone()
    }
}
