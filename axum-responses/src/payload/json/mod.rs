//! JSON, as an answer and as a request's content.
//!
//! # Why a writer of its own
//! Reading is serde_json's work. Writing was too, and took about twenty of the twenty-six thousand
//! instructions of a request that is answered with twenty small objects (1.2 KiB). Nearly half of them
//! looked at text byte by byte for something to escape, most of the others handed over pieces of one to
//! ten bytes; a `serde_json::ser::Formatter` changes neither. The writer here takes seven thousand:
//! - `escape` looks at eight bytes at a time (at thirty-two in long text) and copies them as it goes;
//! - a field's name is looked at by the compiler, and written together with the comma and the quotes
//!   around it;
//! - the type of the buffer is known, so copies are of known sizes wherever they can be.
//!
//! Long plain text gains most (a tenth of the time), floats and long integers nothing: their digits
//! are left to serde_json.
//!
//! What is written is what serde_json writes, byte for byte, and what it refuses is refused; `tests`
//! holds one against the other. There are three differences, where serde_json has no good answer: a
//! `Display` that fails is an error and no panic, a length announced as zero does not end the array in
//! front of its elements, and an error leaves nothing in the buffer.

mod error;
mod escape;
mod key;
mod serializer;
#[cfg(test)]
mod tests;

use axum::extract::{FromRequest, OptionalFromRequest, Request};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::error::Category;

pub(crate) use self::error::Error;
use self::serializer::Serializer;
use super::{Buffer, check_content_type, optional, read, response};
use crate::media_type::MediaType;
use crate::rejection::{ContentRejection, InvalidContent, MalformedContent, failure};

/// A value as `application/json` (RFC 8259): compact, UTF-8, without a charset parameter.
///
/// It sends the same bytes as `axum::Json` for about half the instructions (a buffer of the right size
/// from the start, and a writer that does not look at each byte), and documents itself in OpenAPI; both
/// can be used side by side. A value that cannot be serialised is a logged 500 that says nothing of it.
///
/// ```
/// use axum::response::IntoResponse;
/// use axum_responses::Json;
/// use serde::Serialize;
///
/// #[derive(Serialize)]
/// struct Resource { id: u64, name: &'static str }
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// let response = Json(Resource { id: 1, name: "my resource" }).into_response();
/// assert_eq!(response.status(), 200);
/// assert_eq!(response.headers()["content-type"], "application/json");
/// let body = axum::body::to_bytes(response.into_body(), 100).await.unwrap();
/// assert_eq!(body, r#"{"id":1,"name":"my resource"}"#);
/// # }
/// ```
///
/// What JSON has no word for is `null`: NaN and the infinities. A map whose keys are not text, numbers or booleans
/// cannot be written. Text is not made safe for HTML: `</script>` stays what it is.
///
/// ```
/// use std::collections::BTreeMap;
/// use axum::response::IntoResponse;
/// use axum_responses::Json;
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// let response = Json((f64::NAN, u64::MAX, "é</script>\n")).into_response();
/// let body = axum::body::to_bytes(response.into_body(), 100).await.unwrap();
/// assert_eq!(body, r#"[null,18446744073709551615,"é</script>\n"]"#);
///
/// let no_keys = BTreeMap::from([((1, 2), "a pair")]);
/// assert_eq!(Json(no_keys).into_response().status(), 500);
/// # }
/// ```
///
/// As an extractor it takes `application/json` and every `+json` type, in any case and with any parameters: the
/// content is read as UTF-8, whatever a `charset` says (RFC 8259 §8.1). Its refusals are problems: 415 for another type
/// or none, 413 beyond axum's `DefaultBodyLimit`, 400 for what is not JSON or nested deeper than 128 levels, 422 for
/// JSON that does not fit, with the place in the document.
///
/// ```
/// use axum::{body::Body, extract::FromRequest, http::Request};
/// use axum_responses::{Json, Problem};
///
/// #[derive(serde::Deserialize)]
/// struct Order { items: Vec<u8> }
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// let read = async |media_type: &str, content: &'static str| {
///     let request = Request::post("/").header("content-type", media_type).body(Body::from(content)).unwrap();
///     Json::<Order>::from_request(request, &()).await.map(|Json(order)| order.items).map_err(Problem::from)
/// };
/// assert_eq!(read("application/ld+json", r#"{"items":[1,2],"other":3}"#).await.unwrap(), [1, 2]);
/// assert_eq!(read("text/json", "{}").await.unwrap_err().status(), 415);
/// assert_eq!(read("application/json", r#"{"items":[1]"#).await.unwrap_err().status(), 400);
/// assert_eq!(read("application/json", "").await.unwrap_err().status(), 400);
/// let problem = read("application/json", r#"{"items":[1,300]}"#).await.unwrap_err();
/// assert_eq!(problem.status(), 422);
/// assert!(problem.detail_text().unwrap().starts_with("The JSON document does not fit at `items[1]`: "));
/// # }
/// ```
///
/// Without a parameter, [`Json`] stands for the media type in a
/// [`Negotiated`](crate::Negotiated)'s list of offers.
#[derive(Clone, Copy, Debug, Default)]
#[must_use]
pub struct Json<T = ()>(pub T);

/// A value in a buffer of the size that its type needed last time.
pub(crate) fn write<T: Serialize + ?Sized>(value: &T) -> Result<Vec<u8>, Error> {
    let buffer = Buffer::of::<T>();
    let mut bytes = buffer.bytes();
    write_into(&mut bytes, value)?;
    Ok(buffer.finish(bytes))
}

/// Writes a value behind what the buffer holds; what could not be written whole leaves nothing there.
pub(crate) fn write_into<T: Serialize + ?Sized>(
    bytes: &mut Vec<u8>,
    value: &T,
) -> Result<(), Error> {
    let start = bytes.len();
    value
        .serialize(Serializer(bytes))
        .inspect_err(|_| bytes.truncate(start))
}

/// Takes the line ends out of what was written behind `start`: raw JSON (`serde_json::value::RawValue`)
/// may have been pretty. One that is not escaped stands between tokens (RFC 8259 §2, §7), where it means
/// nothing.
#[cfg(any(feature = "sse", feature = "stream"))]
pub(crate) fn one_line(out: &mut Vec<u8>, start: usize) {
    let record = &out[start..];
    if record.contains(&b'\n') || record.contains(&b'\r') {
        let line: Vec<u8> = record
            .iter()
            .copied()
            .filter(|byte| !b"\r\n".contains(byte))
            .collect();
        out.truncate(start);
        out.extend(line);
    }
}

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        match write(&self.0) {
            Ok(bytes) => response(&MediaType::JSON, bytes),
            Err(error) => failure("a value could not be written as JSON", &error),
        }
    }
}

impl<T, S> FromRequest<S> for Json<T>
where
    T: DeserializeOwned,
    S: Send + Sync,
{
    type Rejection = ContentRejection;

    async fn from_request(request: Request, state: &S) -> Result<Self, ContentRejection> {
        check_content_type(request.headers(), &["application/json"], "+json")?;
        let bytes = read(request, state).await?;
        // serde_json refuses what is nested deeper than 128 levels.
        let mut deserializer = serde_json::Deserializer::from_slice(&bytes);
        let value =
            serde_path_to_error::deserialize(&mut deserializer).map_err(|error| refuse(&error))?;
        deserializer
            .end()
            .map_err(|_| MalformedContent::because("There is more behind the JSON document."))?;
        Ok(Self(value))
    }
}

/// `None` where the request has no `Content-Type`: it says of no content. Anything else is read, or refused.
impl<T, S> OptionalFromRequest<S> for Json<T>
where
    T: DeserializeOwned,
    S: Send + Sync,
{
    type Rejection = ContentRejection;

    async fn from_request(request: Request, state: &S) -> Result<Option<Self>, ContentRejection> {
        optional(request, state).await
    }
}

fn refuse(error: &serde_path_to_error::Error<serde_json::Error>) -> ContentRejection {
    let (path, inner) = (error.path().to_string(), error.inner());
    match inner.classify() {
        Category::Data if path != "." => InvalidContent::because(format!(
            "The JSON document does not fit at `{path}`: {inner}."
        ))
        .into(),
        Category::Data => {
            InvalidContent::because(format!("The JSON document does not fit: {inner}.")).into()
        }
        Category::Syntax | Category::Eof | Category::Io => {
            MalformedContent::because(format!("The content is not JSON: {inner}.")).into()
        }
    }
}

#[cfg(feature = "openapi")]
impl<T: utoipa::ToSchema> utoipa::IntoResponses for Json<T> {
    fn responses() -> crate::openapi::Responses {
        crate::openapi::Describe::new(200, "OK")
            .body::<T>(&MediaType::JSON)
            .alone()
    }
}
