//! What a stream of bytes may be made of.

use std::borrow::Cow;

use axum::BoxError;
use axum::body::Bytes;

/// An item of a [`Stream`](super::Stream): bytes or text, or a result that holds them.
///
/// It is there for [`Bytes`], `Vec<u8>`, `String`, `&'static str`, `&'static [u8]`, [`Cow`]s of the
/// last two, and for `Result<C, E>` of any of them; none of these copies or allocates. Implement it
/// for a type of your own that becomes bytes:
///
/// ```
/// use axum::{BoxError, body::Bytes};
/// use axum_responses::stream::{IntoChunk, Stream};
///
/// struct Sample(u16);
///
/// impl IntoChunk for Sample {
///     fn into_chunk(self) -> Result<Bytes, BoxError> {
///         Ok(Bytes::copy_from_slice(&self.0.to_be_bytes()))
///     }
/// }
///
/// async fn samples() -> Stream {
///     Stream::iter([Sample(1), Sample(256)])
/// }
///
/// # use axum::response::IntoResponse;
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// let body = samples().await.into_response().into_body();
/// assert_eq!(axum::body::to_bytes(body, 100).await.unwrap(), [0, 1, 1, 0][..]);
/// # }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no chunk of a stream",
    label = "neither bytes nor text",
    note = "chunks are `Bytes`, `Vec<u8>`, `String`, `&'static str`, `&'static [u8]`, or a `Result` of one of them",
    note = "values that serde serialises go into `NdJson`, `JsonArray` or `Csv`"
)]
pub trait IntoChunk {
    /// The bytes to send. None at all are fine: an empty chunk sends nothing and ends nothing.
    ///
    /// # Errors
    /// Why there are none: the stream ends here, and the connection is cut.
    fn into_chunk(self) -> Result<Bytes, BoxError>;
}

macro_rules! chunks {
    ($($type:ty),*) => {$(
        impl IntoChunk for $type {
            fn into_chunk(self) -> Result<Bytes, BoxError> {
                Ok(self.into())
            }
        }
    )*};
}

chunks!(Bytes, Vec<u8>, String, &'static str, &'static [u8]);

macro_rules! cows {
    ($($type:ty),*) => {$(
        impl IntoChunk for Cow<'static, $type> {
            fn into_chunk(self) -> Result<Bytes, BoxError> {
                match self {
                    Cow::Borrowed(chunk) => chunk.into_chunk(),
                    Cow::Owned(chunk) => chunk.into_chunk(),
                }
            }
        }
    )*};
}

cows!(str, [u8]);

impl<C: IntoChunk, E: Into<BoxError>> IntoChunk for Result<C, E> {
    fn into_chunk(self) -> Result<Bytes, BoxError> {
        self.map_err(Into::into)?.into_chunk()
    }
}
