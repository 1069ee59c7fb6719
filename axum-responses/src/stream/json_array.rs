//! A JSON array that is written while it is sent.

use std::error::Error;
use std::fmt;
use std::marker::PhantomData;

use axum::BoxError;
use axum::body::Body;
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use super::body::{self, OnError};
use super::records::{Format, IntoRecord, blocking_records, records};
use crate::media_type::MediaType;

/// Values as one `application/json` array: what [`Json<Vec<T>>`](crate::Json) sends, with one frame
/// and one item in memory. An empty stream is `[]`.
///
/// ```
/// use axum::response::IntoResponse;
/// use axum_responses::JsonArray;
/// use futures_util::stream;
///
/// async fn squares() -> JsonArray<u32> {
///     JsonArray::new(stream::iter((1..=4).map(|number| number * number)))
/// }
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// let response = squares().await.into_response();
/// assert_eq!(response.status(), 200);
/// assert_eq!(response.headers()["content-type"], "application/json");
/// let body = axum::body::to_bytes(response.into_body(), 100).await.unwrap();
/// assert_eq!(body, "[1,4,9,16]");
/// # }
/// ```
///
/// The items are `T`, or results that hold a `T`; they share frames as those of
/// [`NdJson`](super::NdJson) do. After an error the array stays open: neither the connection nor a JSON
/// parser takes it for complete.
#[must_use]
pub struct JsonArray<T> {
    body: Body,
    on_error: Option<OnError>,
    items: PhantomData<fn() -> T>,
}

impl<T: Serialize + 'static> JsonArray<T> {
    /// What this stream gives, an element an item.
    ///
    /// ```
    /// # use http_body_util::BodyExt;
    /// use axum::response::IntoResponse;
    /// use axum_responses::JsonArray;
    /// use futures_util::stream;
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let items = [Ok(1), Ok(2), Err("the source is gone")];
    /// let mut body = JsonArray::<u32>::new(stream::iter(items)).into_response().into_body();
    /// let sent = body.frame().await.unwrap().unwrap().into_data().unwrap();
    /// assert_eq!(sent, "[1,2"); // it is not closed
    /// assert!(body.frame().await.unwrap().is_err());
    /// # }
    /// ```
    pub fn new<S>(stream: S) -> Self
    where
        S: futures_core::Stream<Item: IntoRecord<T>> + Send + 'static,
    {
        Self::of(records(stream, Array::default()))
    }

    /// What this iterator gives. It runs on the thread that serves connections, as in
    /// [`Stream::iter`](super::Stream::iter).
    ///
    /// ```
    /// use axum::response::IntoResponse;
    /// use axum_responses::JsonArray;
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let body = JsonArray::<u32>::iter([0; 0]).into_response().into_body();
    /// assert_eq!(axum::body::to_bytes(body, 100).await.unwrap(), "[]");
    /// # }
    /// ```
    pub fn iter<I>(records: I) -> Self
    where
        I: IntoIterator<Item: IntoRecord<T>, IntoIter: Send + 'static>,
    {
        Self::new(futures_util::stream::iter(records))
    }

    /// What this iterator gives; it may block, and runs on tokio's blocking pool, as in
    /// [`Stream::blocking`](super::Stream::blocking). The items are serialised there, too.
    ///
    /// ```
    /// use axum::response::IntoResponse;
    /// use axum_responses::JsonArray;
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let body = JsonArray::blocking(["a", "b\"c"]).into_response().into_body();
    /// assert_eq!(axum::body::to_bytes(body, 100).await.unwrap(), r#"["a","b\"c"]"#);
    /// # }
    /// ```
    pub fn blocking<I>(iterator: I) -> Self
    where
        I: IntoIterator<Item: IntoRecord<T>, IntoIter: Send + 'static>,
    {
        Self::of(blocking_records(iterator.into_iter(), Array::default()))
    }

    fn of(body: Body) -> Self {
        Self {
            body,
            on_error: None,
            items: PhantomData,
        }
    }

    /// Calls this when the source fails or an item cannot be serialised, at most once, after the
    /// error was logged: as [`NdJson::on_error`](super::NdJson::on_error). A second call takes the place of the first.
    pub fn on_error(mut self, hook: impl FnOnce(&(dyn Error + 'static)) + Send + 'static) -> Self {
        self.on_error = Some(Box::new(hook));
        self
    }
}

#[derive(Default)]
struct Array {
    open: bool,
}

impl Array {
    fn opening(&mut self) -> u8 {
        if std::mem::replace(&mut self.open, true) {
            b','
        } else {
            b'['
        }
    }
}

impl Format for Array {
    fn record<T: Serialize>(&mut self, record: &T, out: &mut Vec<u8>) -> Result<(), BoxError> {
        out.push(self.opening());
        Ok(crate::payload::write_json_into(out, record)?)
    }

    fn end(&mut self, out: &mut Vec<u8>) -> Result<(), BoxError> {
        if !self.open {
            out.push(b'[');
        }
        out.push(b']');
        Ok(())
    }
}

impl<T> IntoResponse for JsonArray<T> {
    fn into_response(self) -> Response {
        body::response(&MediaType::JSON, self.body, None, self.on_error)
    }
}

impl<T> fmt::Debug for JsonArray<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JsonArray").finish_non_exhaustive()
    }
}

#[cfg(feature = "openapi")]
impl<T: utoipa::ToSchema> utoipa::IntoResponses for JsonArray<T> {
    fn responses() -> crate::openapi::Responses {
        use utoipa::openapi::{ArrayBuilder, Content};

        let mut response = crate::openapi::Describe::new(200, "OK");
        let array = ArrayBuilder::new().items(response.schema::<T>()).build();
        response
            .content(&MediaType::JSON, Content::new(Some(array)))
            .alone()
    }
}
