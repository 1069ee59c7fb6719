//! Values and how they are written: one body type each.

mod buffer;
mod content;
mod empty;
mod html;
mod json;
#[cfg(feature = "message-pack")]
mod message_pack;
mod text;
mod typed;

use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, Request};
use axum::response::Response;
use http::{HeaderMap, StatusCode, header};

pub(crate) use self::buffer::Buffer;
pub use self::content::Content;
pub use self::empty::Empty;
pub use self::html::Html;
pub use self::json::Json;
#[cfg(any(feature = "sse", feature = "stream"))]
pub(crate) use self::json::one_line;
pub(crate) use self::json::write as write_json;
#[cfg(feature = "stream")]
pub(crate) use self::json::write_into as write_json_into;
#[cfg(feature = "message-pack")]
pub use self::message_pack::MessagePack;
#[cfg(feature = "message-pack")]
pub(crate) use self::message_pack::write as write_message_pack;
pub use self::text::Text;
pub(crate) use self::text::write_display;
pub use self::typed::Typed;
pub(crate) use self::typed::retype;

use crate::media_type::{self, MediaType};
use crate::rejection::{
    ContentRejection, ContentTooLarge, UnreadableContent, UnsupportedMediaType,
};

/// A 200 with this content.
pub(crate) fn response(media_type: &MediaType, body: impl Into<Body>) -> Response {
    let mut response = Response::new(body.into());
    response
        .headers_mut()
        .insert(header::CONTENT_TYPE, media_type.content_type());
    response
}

/// Refuses a request whose `Content-Type` is none of these and has none of the suffixes.
fn check_content_type(
    headers: &HeaderMap,
    accepted: &[&str],
    suffix: &str,
) -> Result<(), UnsupportedMediaType> {
    let given = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    if accepted
        .iter()
        .any(|exact| media_type::is_or_has_suffix(given, exact, suffix))
    {
        return Ok(());
    }
    Err(UnsupportedMediaType::because(format!(
        "The content must be {} (or {suffix}).",
        accepted.join(", ")
    )))
}

/// The content where the request says of some (RFC 9110 §8.3).
async fn optional<T, S>(request: Request, state: &S) -> Result<Option<T>, ContentRejection>
where
    T: FromRequest<S, Rejection = ContentRejection>,
    S: Send + Sync,
{
    if !request.headers().contains_key(header::CONTENT_TYPE) {
        return Ok(None);
    }
    T::from_request(request, state).await.map(Some)
}

/// The whole content, within axum's `DefaultBodyLimit`.
async fn read<S: Send + Sync>(request: Request, state: &S) -> Result<Bytes, ContentRejection> {
    Bytes::from_request(request, state)
        .await
        .map_err(|rejection| {
            if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
                ContentTooLarge::because("The content is longer than is accepted here.").into()
            } else {
                UnreadableContent::because("The content ended early or could not be read.").into()
            }
        })
}
