//! Rows of comma-separated values.

use std::cell::Cell;
use std::error::Error;
use std::fmt;
use std::io::{self, Write};
use std::marker::PhantomData;

use axum::BoxError;
use axum::body::Body;
use axum::response::{IntoResponse, Response};
use csv::{Terminator, Writer, WriterBuilder};
use serde::Serialize;

use super::body::{self, OnError};
use super::records::{Format, IntoRecord, blocking_records, records};
use crate::media_type::MediaType;

/// Structs or tuples as `text/csv; charset=utf-8` (RFC 4180): a header line with the field names, then
/// one row an item, lines ended by CRLF, quotes where a comma, a quote or a line end needs them.
///
/// ```
/// use axum::response::IntoResponse;
/// use axum_responses::Csv;
/// use futures_util::stream;
/// use serde::Serialize;
///
/// #[derive(Serialize)]
/// struct Part { id: u32, name: &'static str }
///
/// async fn parts() -> Csv<Part> {
///     Csv::new(stream::iter([Part { id: 1, name: "nut" }, Part { id: 2, name: "3\" bolt, long" }]))
/// }
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// let response = parts().await.into_response();
/// assert_eq!(response.status(), 200);
/// assert_eq!(response.headers()["content-type"], "text/csv; charset=utf-8");
/// let body = axum::body::to_bytes(response.into_body(), 100).await.unwrap();
/// assert_eq!(body, "id,name\r\n1,nut\r\n2,\"3\"\" bolt, long\"\r\n");
/// # }
/// ```
///
/// The items are `T`, or results that hold a `T`; they share frames as those of [`NdJson`](super::NdJson) do. A `T`
/// that does not fit into a row (a map), and a row with more or fewer fields than the one before, are errors. A struct in
/// a struct is one where the names come from the items; elsewhere its fields stand in the row one after another. The field names are known from the first item only: an empty stream is an empty document, unless
/// [`header`](Self::header) names them. Tuples have no names, and no header line.
///
/// Cells are sent as they are. A spreadsheet runs one that begins with `=`, `+`, `-` or `@` as a
/// formula: defuse text from strangers before it gets here.
#[must_use]
pub struct Csv<T> {
    // The header is chosen after the source was given, and decides how the source is written.
    source: Box<dyn FnOnce(Rows) -> Body + Send>,
    header: Header,
    on_error: Option<OnError>,
    items: PhantomData<fn() -> T>,
}

impl<T: Serialize + 'static> Csv<T> {
    /// What this stream gives, a row an item. `None` is an empty cell, and so is the empty text: a client cannot tell
    /// them apart.
    ///
    /// ```
    /// use axum::response::IntoResponse;
    /// use axum_responses::Csv;
    /// use futures_util::stream;
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let rows = [(1, None, true), (2, Some("two\nlines"), false)];
    /// let body = Csv::new(stream::iter(rows)).into_response().into_body();
    /// assert_eq!(axum::body::to_bytes(body, 100).await.unwrap(), "1,,true\r\n2,\"two\nlines\",false\r\n");
    /// # }
    /// ```
    pub fn new<S>(stream: S) -> Self
    where
        S: futures_core::Stream<Item: IntoRecord<T>> + Send + 'static,
    {
        Self::of(|rows| records(stream, rows))
    }

    /// What this iterator gives. It runs on the thread that serves connections, as in
    /// [`Stream::iter`](super::Stream::iter).
    ///
    /// ```
    /// use axum::response::IntoResponse;
    /// use axum_responses::Csv;
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let body = Csv::iter([vec!["a", "b"], vec!["c"]]).into_response().into_body(); // a row is short
    /// assert!(axum::body::to_bytes(body, 100).await.is_err());
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
    /// use std::io::{BufRead, BufReader};
    /// use axum::response::IntoResponse;
    /// use axum_responses::Csv;
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let lines = BufReader::new(&b"one, two\nthree\n"[..]).lines();
    /// let rows = lines.enumerate().map(|(number, line)| line.map(|line| (number, line)));
    /// let rows: Csv<(usize, String)> = Csv::blocking(rows);
    /// let body = axum::body::to_bytes(rows.into_response().into_body(), 100).await.unwrap();
    /// assert_eq!(body, "0,\"one, two\"\r\n1,three\r\n");
    /// # }
    /// ```
    pub fn blocking<I>(iterator: I) -> Self
    where
        I: IntoIterator<Item: IntoRecord<T>, IntoIter: Send + 'static>,
    {
        let iterator = iterator.into_iter();
        Self::of(|rows| blocking_records(iterator, rows))
    }

    fn of(source: impl FnOnce(Rows) -> Body + Send + 'static) -> Self {
        Self {
            source: Box::new(source),
            header: Header::Fields,
            on_error: None,
            items: PhantomData,
        }
    }

    /// A header line with these names (RFC 4180 §2), also when there is no row. Every row must have as many fields; it
    /// is an error if one has not, and nothing of that row goes out.
    ///
    /// ```
    /// use axum::response::IntoResponse;
    /// use axum_responses::Csv;
    /// use futures_util::stream;
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let nothing: Csv<(u32, String)> = Csv::new(stream::empty::<(u32, String)>()).header(["id", "name"]);
    /// let body = nothing.into_response().into_body();
    /// assert_eq!(axum::body::to_bytes(body, 100).await.unwrap(), "id,name\r\n");
    ///
    /// let one_too_many = Csv::iter([(1, "nut", 3)]).header(["id", "the \"name\""]).into_response().into_body();
    /// assert!(axum::body::to_bytes(one_too_many, 100).await.is_err());
    /// # }
    /// ```
    pub fn header(mut self, names: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.header = Header::Names(names.into_iter().map(Into::into).collect());
        self
    }

    /// No header line, although the fields have names (RFC 4180 §2). Of this and [`header`](Self::header) the later
    /// call counts.
    ///
    /// ```
    /// use axum::response::IntoResponse;
    /// use axum_responses::Csv;
    /// # use serde::Serialize;
    ///
    /// #[derive(Serialize)]
    /// struct Part { id: u32, name: &'static str }
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let body = Csv::iter([Part { id: 1, name: "nut" }]).without_header().into_response().into_body();
    /// assert_eq!(axum::body::to_bytes(body, 100).await.unwrap(), "1,nut\r\n");
    /// # }
    /// ```
    pub fn without_header(mut self) -> Self {
        self.header = Header::None;
        self
    }

    /// Calls this when the source fails or an item cannot be serialised, at most once, after the
    /// error was logged: as [`NdJson::on_error`](super::NdJson::on_error). A second call takes the place of the first.
    ///
    /// ```
    /// use std::collections::BTreeMap;
    /// use std::sync::atomic::{AtomicBool, Ordering};
    /// use axum::response::IntoResponse;
    /// use axum_responses::Csv;
    ///
    /// static TOLD: AtomicBool = AtomicBool::new(false);
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let no_row = BTreeMap::from([("id", 1)]);
    /// let rows = Csv::iter([no_row]).on_error(|_| TOLD.store(true, Ordering::Relaxed));
    /// assert!(axum::body::to_bytes(rows.into_response().into_body(), 100).await.is_err());
    /// assert!(TOLD.load(Ordering::Relaxed));
    /// # }
    /// ```
    pub fn on_error(mut self, hook: impl FnOnce(&(dyn Error + 'static)) + Send + 'static) -> Self {
        self.on_error = Some(Box::new(hook));
        self
    }
}

enum Header {
    Fields,
    Names(Vec<String>),
    None,
}

/// The `csv` crate's writer. It keeps what it writes to for itself, hence the cell: the frame is lent to
/// it for each row.
struct Rows {
    writer: Writer<Lent>,
    /// Names that were not written yet.
    names: Option<Vec<String>>,
}

#[derive(Default)]
struct Lent(Cell<Vec<u8>>);

impl Write for Lent {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.get_mut().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Rows {
    fn new(header: Header) -> Self {
        let writer = WriterBuilder::new()
            .has_headers(matches!(header, Header::Fields))
            // RFC 4180 §2.1
            .terminator(Terminator::CRLF)
            .from_writer(Lent::default());
        let names = match header {
            Header::Names(names) => Some(names),
            Header::Fields | Header::None => None,
        };
        Self { writer, names }
    }

    fn lend(
        &mut self,
        out: &mut Vec<u8>,
        write: impl FnOnce(&mut Writer<Lent>) -> Result<(), csv::Error>,
    ) -> Result<(), BoxError> {
        self.writer.get_ref().0.set(std::mem::take(out));
        let written = match self.names.take() {
            Some(names) => self.writer.write_record(names),
            None => Ok(()),
        }
        .and_then(|()| write(&mut self.writer))
        .and_then(|()| Ok(self.writer.flush()?));
        *out = self.writer.get_ref().0.take();
        Ok(written?)
    }
}

impl Format for Rows {
    fn record<T: Serialize>(&mut self, record: &T, out: &mut Vec<u8>) -> Result<(), BoxError> {
        self.lend(out, |writer| writer.serialize(record))
    }

    fn end(&mut self, out: &mut Vec<u8>) -> Result<(), BoxError> {
        self.lend(out, |_| Ok(()))
    }
}

impl<T> IntoResponse for Csv<T> {
    fn into_response(self) -> Response {
        let body = (self.source)(Rows::new(self.header));
        body::response(&MediaType::CSV, body, None, self.on_error)
    }
}

impl<T> fmt::Debug for Csv<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Csv").finish_non_exhaustive()
    }
}

#[cfg(feature = "openapi")]
impl<T: utoipa::ToSchema> utoipa::IntoResponses for Csv<T> {
    fn responses() -> crate::openapi::Responses {
        crate::openapi::Describe::new(200, "OK")
            .items::<T>(&MediaType::CSV)
            .alone()
    }
}
