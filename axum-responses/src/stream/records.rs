//! Values that are written one by one and sent together.

use std::pin::Pin;
use std::task::{Context, Poll};

use axum::BoxError;
use axum::body::{Body, Bytes};
use futures_core::Stream;
use futures_util::StreamExt;
use pin_project_lite::pin_project;
use serde::Serialize;

use super::blocking::{Batch, Blocking, Produce};
use super::body::body;
use super::frame::Frame;

/// An item of a stream of records: a `T`, or a `Result` that holds one.
///
/// Which of the two it is, the type of the response says. A `T` that is a `Result` itself is sent as serde has it, its
/// error under 200.
///
/// ```
/// use axum::response::IntoResponse;
/// use axum_responses::NdJson;
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// let items = [Ok(1), Err("no more")];
/// let numbers: NdJson<u32> = NdJson::iter(items);
/// assert!(axum::body::to_bytes(numbers.into_response().into_body(), 100).await.is_err());
///
/// let results: NdJson<Result<u32, &str>> = NdJson::iter(items);
/// let body = axum::body::to_bytes(results.into_response().into_body(), 100).await.unwrap();
/// assert_eq!(body, "{\"Ok\":1}\n{\"Err\":\"no more\"}\n");
/// # }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no record `{T}`",
    note = "the items must be `{T}` or `Result<{T}, E>` with an error that becomes a `BoxError`"
)]
pub trait IntoRecord<T> {
    /// The record to send.
    ///
    /// # Errors
    /// Why there is none: the stream ends here, and the connection is cut.
    fn into_record(self) -> Result<T, BoxError>;
}

impl<T> IntoRecord<T> for T {
    fn into_record(self) -> Result<T, BoxError> {
        Ok(self)
    }
}

impl<T, E: Into<BoxError>> IntoRecord<T> for Result<T, E> {
    fn into_record(self) -> Result<T, BoxError> {
        self.map_err(Into::into)
    }
}

/// How records are written, and what stands before, between and behind them.
pub(super) trait Format: Send + 'static {
    /// Appends one record with what separates it from the one before.
    fn record<T: Serialize>(&mut self, record: &T, out: &mut Vec<u8>) -> Result<(), BoxError>;

    /// Appends what stands behind the last record.
    fn end(&mut self, out: &mut Vec<u8>) -> Result<(), BoxError>;
}

/// The bytes of a stream of records.
pub(super) fn records<S, T, F>(stream: S, format: F) -> Body
where
    S: Stream<Item: IntoRecord<T>> + Send + 'static,
    T: Serialize + 'static,
    F: Format,
{
    body(Records {
        frame: Frame::of::<S>(),
        records: stream.map(IntoRecord::into_record),
        format,
        rest: Rest::Records,
    })
}

/// The bytes of an iterator of records that blocks; they are written where it runs.
pub(super) fn blocking_records<I, T, F>(iterator: I, format: F) -> Body
where
    I: Iterator<Item: IntoRecord<T>> + Send + 'static,
    T: Serialize + 'static,
    F: Format,
{
    body(Blocking::new(
        BlockingRecords {
            records: iterator.map(IntoRecord::into_record as fn(I::Item) -> _),
            format,
        },
        Frame::of::<I>(),
    ))
}

pin_project! {
    struct Records<S, F> {
        #[pin]
        records: S,
        format: F,
        frame: Frame,
        rest: Rest,
    }
}

/// What is still to come.
enum Rest {
    Records,
    Error(BoxError),
    Nothing,
}

impl<S, T, F> Stream for Records<S, F>
where
    S: Stream<Item = Result<T, BoxError>>,
    T: Serialize,
    F: Format,
{
    type Item = Result<Bytes, BoxError>;

    /// Writes until the frame is full or nothing more is ready. What was ready before an error goes
    /// out before it.
    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let mut this = self.project();
        while matches!(this.rest, Rest::Records) && !this.frame.is_full() {
            let written = match this.records.as_mut().poll_next(cx) {
                Poll::Ready(Some(record)) => {
                    record.and_then(|record| this.frame.add(|out| this.format.record(&record, out)))
                }
                Poll::Ready(None) => {
                    *this.rest = Rest::Nothing;
                    this.frame.add(|out| this.format.end(out))
                }
                Poll::Pending => match this.frame.take() {
                    Some(frame) => return Poll::Ready(Some(Ok(frame))),
                    None => return Poll::Pending,
                },
            };
            if let Err(error) = written {
                *this.rest = Rest::Error(error);
            }
        }
        if let Some(frame) = this.frame.take() {
            return Poll::Ready(Some(Ok(frame)));
        }
        Poll::Ready(match std::mem::replace(this.rest, Rest::Nothing) {
            Rest::Error(error) => Some(Err(error)),
            Rest::Records | Rest::Nothing => None,
        })
    }
}

struct BlockingRecords<I, F> {
    records: I,
    format: F,
}

impl<I, T, F> Produce for BlockingRecords<I, F>
where
    I: Iterator<Item = Result<T, BoxError>> + Send + 'static,
    T: Serialize,
    F: Format,
{
    fn produce(&mut self, batch: &mut Batch) -> Result<bool, BoxError> {
        match self.records.next() {
            Some(record) => {
                let record = record?;
                batch.write(|out| self.format.record(&record, out))?;
                Ok(true)
            }
            None => {
                batch.write(|out| self.format.end(out))?;
                Ok(false)
            }
        }
    }
}
