//! MessagePack, as an answer and as a request's content.

mod document;

use axum::extract::{FromRequest, OptionalFromRequest, Request};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{Buffer, check_content_type, optional, read, response};
use crate::media_type::MediaType;
use crate::rejection::{ContentRejection, InvalidContent, MalformedContent, failure};

/// A value as `application/x-msgpack`: structs as maps with their field names, bytes as bytes.
///
/// The short form of `rmp-serde`, structs as arrays, is not used: it cannot be read back when a
/// field is skipped. For the registered name of the type say
/// `Reply::new(MessagePack(value)).content_type(MediaType::VND_MESSAGE_PACK)`.
///
/// ```
/// use axum::response::IntoResponse;
/// use axum_responses::MessagePack;
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// let value = std::collections::BTreeMap::from([("hello", "world")]);
/// let response = MessagePack(value).into_response();
/// assert_eq!(response.status(), 200);
/// assert_eq!(response.headers()["content-type"], "application/x-msgpack");
/// let body = axum::body::to_bytes(response.into_body(), 100).await.unwrap();
/// assert_eq!(&body[..], b"\x81\xa5hello\xa5world");
/// # }
/// ```
///
/// As an extractor it takes `application/x-msgpack`, `application/msgpack`,
/// `application/vnd.msgpack` and every `+msgpack` type, in any case and with any parameters. The
/// content is checked as a whole before any of it is read: it must be one document and nothing
/// behind it, nested at most 128 levels deep, with lengths that it keeps and text that is UTF-8. So a
/// few bytes that announce billions of elements reserve no memory. Refusals are problems: 415, 413,
/// 400 for what is not MessagePack, 422 for a document that does not fit.
///
/// ```
/// use axum::{body::Body, extract::FromRequest, http::Request};
/// use axum_responses::{MessagePack, Problem};
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// let read = async |media_type: &str, content: &'static [u8]| {
///     let request = Request::post("/").header("content-type", media_type).body(Body::from(content)).unwrap();
///     let read = MessagePack::<(u8, String)>::from_request(request, &()).await;
///     read.map(|MessagePack(pair)| pair).map_err(|refusal| Problem::from(refusal).status().as_u16())
/// };
/// assert_eq!(read("application/MSGPACK; v=1", b"\x92\x07\xa1a").await, Ok((7, "a".to_owned())));
/// assert_eq!(read("application/json", b"\x92\x07\xa1a").await, Err(415));
/// assert_eq!(read("application/x-msgpack", b"\x92\x07\xa1a\xc0").await, Err(400)); // one byte behind it
/// assert_eq!(read("application/x-msgpack", b"\xdd\xff\xff\xff\xff").await, Err(400)); // no such length
/// assert_eq!(read("application/x-msgpack", b"\x92\xa1a\xa1a").await, Err(422));
/// # }
/// ```
///
/// Without a parameter, [`MessagePack`] stands for the media type in a
/// [`Negotiated`](crate::Negotiated)'s list of offers.
#[derive(Clone, Copy, Debug, Default)]
#[must_use]
pub struct MessagePack<T = ()>(pub T);

pub(crate) fn write<T: Serialize + ?Sized>(value: &T) -> Result<Vec<u8>, rmp_serde::encode::Error> {
    let buffer = Buffer::of::<T>();
    let mut bytes = buffer.bytes();
    rmp_serde::encode::write_named(&mut bytes, value)?;
    Ok(buffer.finish(bytes))
}

impl<T: Serialize> IntoResponse for MessagePack<T> {
    fn into_response(self) -> Response {
        match write(&self.0) {
            Ok(bytes) => response(&MediaType::MESSAGE_PACK, bytes),
            Err(error) => failure("a value could not be written as MessagePack", &error),
        }
    }
}

impl<T, S> FromRequest<S> for MessagePack<T>
where
    T: DeserializeOwned,
    S: Send + Sync,
{
    type Rejection = ContentRejection;

    async fn from_request(request: Request, state: &S) -> Result<Self, ContentRejection> {
        const SPELLINGS: [&str; 3] = [
            "application/x-msgpack",
            "application/msgpack",
            "application/vnd.msgpack",
        ];
        check_content_type(request.headers(), &SPELLINGS, "+msgpack")?;
        let bytes = read(request, state).await?;
        document::check(&bytes).map_err(|reason| {
            MalformedContent::because(format!("The content is not MessagePack: {reason}."))
        })?;
        rmp_serde::from_slice(&bytes).map(Self).map_err(|error| {
            InvalidContent::because(format!("The MessagePack document does not fit: {error}."))
                .into()
        })
    }
}

/// `None` where the request has no `Content-Type`: it says of no content. Anything else is read, or refused.
impl<T, S> OptionalFromRequest<S> for MessagePack<T>
where
    T: DeserializeOwned,
    S: Send + Sync,
{
    type Rejection = ContentRejection;

    async fn from_request(request: Request, state: &S) -> Result<Option<Self>, ContentRejection> {
        optional(request, state).await
    }
}

#[cfg(feature = "openapi")]
impl<T: utoipa::ToSchema> utoipa::IntoResponses for MessagePack<T> {
    fn responses() -> crate::openapi::Responses {
        crate::openapi::Describe::new(200, "OK")
            .body::<T>(&MediaType::MESSAGE_PACK)
            .alone()
    }
}
