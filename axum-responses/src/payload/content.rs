//! Bytes that are already what their media type says.

use std::marker::PhantomData;

use axum::body::Bytes;
use axum::response::{IntoResponse, Response};

use super::response;
use crate::media_type::{OctetStream, TypedMedia};

/// Bytes or text that are already encoded, under the media type `M`.
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
/// async fn download() -> Content {
///     Content::new(vec![0, 1])
/// }
/// ```
#[must_use]
pub struct Content<M = OctetStream> {
    bytes: Bytes,
    media_type: PhantomData<fn() -> M>,
}

impl<M> Content<M> {
    /// These bytes: anything that becomes [`Bytes`] (`&'static str`, `String`, `Vec<u8>`, …).
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
