//! One JSON document a line.

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
use crate::payload::{one_line, write_json_into};

/// Values as `application/x-ndjson`: one compact JSON document a line, each line ended by `\n`.
///
/// ```
/// use axum::response::IntoResponse;
/// use axum_responses::NdJson;
/// use serde::Serialize;
///
/// #[derive(Serialize)]
/// struct Person { name: &'static str }
///
/// async fn people() -> NdJson<Person> {
///     NdJson::new(async_stream::stream! {
///         yield Person { name: "Ada" };
///         yield Person { name: "Grace" };
///     })
/// }
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// let response = people().await.into_response();
/// assert_eq!(response.status(), 200);
/// assert_eq!(response.headers()["content-type"], "application/x-ndjson");
/// let body = axum::body::to_bytes(response.into_body(), 100).await.unwrap();
/// assert_eq!(body, "{\"name\":\"Ada\"}\n{\"name\":\"Grace\"}\n");
/// # }
/// ```
///
/// The items are `T`, or results that hold a `T`. Each is written straight into the frame that is
/// sent; items that are ready together share a frame until it has 16 KiB, and no item waits for another.
/// So one frame and one item are all that is in memory. A value that cannot be serialised is an
/// error like any other: see the [module](crate::stream).
#[must_use]
pub struct NdJson<T> {
    body: Body,
    on_error: Option<OnError>,
    items: PhantomData<fn() -> T>,
}

impl<T: Serialize + 'static> NdJson<T> {
    /// What this stream gives, a line an item. An empty stream is an empty document, under 200.
    ///
    /// ```
    /// # use http_body_util::BodyExt;
    /// use axum::response::IntoResponse;
    /// use axum_responses::NdJson;
    /// use futures_util::stream;
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let items = [Ok("two\nlines"), Ok("one"), Err("the source is gone")];
    /// let mut body = NdJson::<&str>::new(stream::iter(items)).into_response().into_body();
    /// let sent = body.frame().await.unwrap().unwrap().into_data().unwrap();
    /// assert_eq!(sent, "\"two\\nlines\"\n\"one\"\n"); // what was ready before the error
    /// assert!(body.frame().await.unwrap().is_err());
    /// # }
    /// ```
    pub fn new<S>(stream: S) -> Self
    where
        S: futures_core::Stream<Item: IntoRecord<T>> + Send + 'static,
    {
        Self::of(records(stream, Lines))
    }

    /// What this iterator gives. It runs on the thread that serves connections, as in
    /// [`Stream::iter`](super::Stream::iter).
    ///
    /// ```
    /// use axum::response::IntoResponse;
    /// use axum_responses::NdJson;
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let body = NdJson::iter([Some(1), None]).into_response().into_body();
    /// assert_eq!(axum::body::to_bytes(body, 100).await.unwrap(), "1\nnull\n");
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
    /// use std::fs;
    /// use axum::response::IntoResponse;
    /// use axum_responses::NdJson;
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let sizes: NdJson<u64> = NdJson::blocking(["Cargo.toml"].map(|path| fs::metadata(path).map(|file| file.len())));
    /// let body = axum::body::to_bytes(sizes.into_response().into_body(), 100).await.unwrap();
    /// assert_eq!(body, format!("{}\n", fs::metadata("Cargo.toml").unwrap().len()));
    /// # }
    /// ```
    pub fn blocking<I>(iterator: I) -> Self
    where
        I: IntoIterator<Item: IntoRecord<T>, IntoIter: Send + 'static>,
    {
        Self::of(blocking_records(iterator.into_iter(), Lines))
    }

    fn of(body: Body) -> Self {
        Self {
            body,
            on_error: None,
            items: PhantomData,
        }
    }

    /// Calls this when the source fails or an item cannot be serialised, at most once, after the
    /// error was logged. A client that leaves is no error. A second call takes the place of the first.
    ///
    /// ```
    /// use std::collections::BTreeMap;
    /// use std::sync::atomic::{AtomicU32, Ordering};
    /// use axum::response::IntoResponse;
    /// use axum_responses::NdJson;
    ///
    /// static FAILURES: AtomicU32 = AtomicU32::new(0);
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let not_json = BTreeMap::from([((1, 2), 3)]); // its keys are no text
    /// let items = NdJson::iter([not_json]).on_error(|error| {
    ///     assert!(error.to_string().contains("key must be a string"));
    ///     FAILURES.fetch_add(1, Ordering::Relaxed);
    /// });
    /// assert!(axum::body::to_bytes(items.into_response().into_body(), 100).await.is_err());
    /// assert_eq!(FAILURES.load(Ordering::Relaxed), 1);
    /// # }
    /// ```
    pub fn on_error(mut self, hook: impl FnOnce(&(dyn Error + 'static)) + Send + 'static) -> Self {
        self.on_error = Some(Box::new(hook));
        self
    }
}

struct Lines;

impl Format for Lines {
    fn record<T: Serialize>(&mut self, record: &T, out: &mut Vec<u8>) -> Result<(), BoxError> {
        let start = out.len();
        write_json_into(out, record)?;
        one_line(out, start);
        out.push(b'\n');
        Ok(())
    }

    fn end(&mut self, _: &mut Vec<u8>) -> Result<(), BoxError> {
        Ok(())
    }
}

impl<T> IntoResponse for NdJson<T> {
    fn into_response(self) -> Response {
        body::response(&MediaType::NDJSON, self.body, None, self.on_error)
    }
}

impl<T> fmt::Debug for NdJson<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NdJson").finish_non_exhaustive()
    }
}

#[cfg(feature = "openapi")]
impl<T: utoipa::ToSchema> utoipa::IntoResponses for NdJson<T> {
    fn responses() -> crate::openapi::Responses {
        crate::openapi::Describe::new(200, "OK")
            .items::<T>(&MediaType::NDJSON)
            .alone()
    }
}
