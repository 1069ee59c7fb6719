//! One event, and what counts as one.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use axum::BoxError;
use serde::Serialize;

use super::encode::{Writer, is_one_line};

/// A block of an event stream: data, id, event type, reconnection time and comment, each once or not
/// at all.
///
/// Any text can be given to any field. Data and comments are split into one line per line of the text;
/// from `id` and `event` what would end the line is dropped. No value opens another field and nothing
/// panics. A `&'static str` is not copied. A setter that is called again replaces what it set before.
///
/// On the wire, with and without other fields:
///
/// ```text
/// data: hello
///
/// id: 7
/// event: tick
/// retry: 2000
/// data: first line
/// data: second line
/// ```
///
/// ```
/// use std::time::Duration;
/// use axum::response::IntoResponse;
/// use axum_responses::{ServerSentEvent, sse::Event};
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// let event = Event::data("a\nb").id("7").event("tick").retry(Duration::from_secs(2));
/// let response = ServerSentEvent::new(futures_util::stream::iter([event])).into_response();
/// let body = axum::body::to_bytes(response.into_body(), 100).await.unwrap();
/// assert_eq!(body, "id: 7\nevent: tick\nretry: 2000\ndata: a\ndata: b\n\n");
/// # }
/// ```
///
/// HTML Standard §9.2.5 and §9.2.6.
#[derive(Clone, Default, PartialEq, Eq)]
#[must_use]
pub struct Event {
    pub(super) comment: Option<Cow<'static, str>>,
    pub(super) id: Option<Cow<'static, str>>,
    pub(super) event: Option<Cow<'static, str>>,
    pub(super) retry: Option<Duration>,
    /// UTF-8. Bytes, so that JSON need not be checked again.
    pub(super) data: Option<Cow<'static, [u8]>>,
}

impl Event {
    /// An event with nothing in it: not even data, so browsers dispatch nothing (HTML Standard §9.2.6).
    ///
    /// With an id alone it moves what the client will send as `Last-Event-ID`. Left as it is, nothing is sent.
    ///
    /// ```
    /// use axum::response::IntoResponse;
    /// use axum_responses::{ServerSentEvent, sse::Event};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let events = [Event::new(), Event::new().id("7")];
    /// let body = ServerSentEvent::iter(events).into_response().into_body();
    /// assert_eq!(axum::body::to_bytes(body, 100).await.unwrap(), "id: 7\n\n");
    /// # }
    /// ```
    pub const fn new() -> Self {
        Self {
            comment: None,
            id: None,
            event: None,
            retry: None,
            data: None,
        }
    }

    /// An event with this text as data.
    ///
    /// CRLF, CR and LF arrive as LF. Empty text is dispatched as `""`; a space at the start and an empty
    /// line at the end survive. HTML Standard §9.2.5.
    ///
    /// ```
    /// use axum::response::IntoResponse;
    /// use axum_responses::{ServerSentEvent, sse::Event};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let sent = async |text: &'static str| {
    ///     let body = ServerSentEvent::iter([Event::data(text)]).into_response().into_body();
    ///     axum::body::to_bytes(body, 100).await.unwrap()
    /// };
    /// assert_eq!(sent("").await, "data: \n\n");
    /// assert_eq!(sent(" a\r\nb\rid: 1\n").await, "data:  a\ndata: b\ndata: id: 1\ndata: \n\n");
    /// # }
    /// ```
    pub fn data(text: impl Into<Cow<'static, str>>) -> Self {
        let data = match text.into() {
            Cow::Borrowed(text) => Cow::Borrowed(text.as_bytes()),
            Cow::Owned(text) => Cow::Owned(text.into_bytes()),
        };
        Self {
            data: Some(data),
            ..Self::new()
        }
    }

    /// An event with this value as data, in JSON on one line.
    ///
    /// # Errors
    /// When the value cannot be serialised: a map whose keys are no text, for instance.
    ///
    /// ```
    /// use std::collections::BTreeMap;
    /// use axum_responses::sse::Event;
    /// # use serde::Serialize;
    ///
    /// #[derive(Serialize)]
    /// struct Price { cents: u32, of: &'static str }
    ///
    /// let price = Price { cents: 5, of: "a\nb" };
    /// assert_eq!(Event::json(&price).unwrap(), Event::data(r#"{"cents":5,"of":"a\nb"}"#)); // a backslash and an n
    /// assert!(Event::json(&BTreeMap::from([((1, 2), "a pair")])).is_err());
    /// ```
    pub fn json<T: Serialize + ?Sized>(value: &T) -> Result<Self, BoxError> {
        let mut data = crate::payload::write_json(value)?;
        crate::payload::one_line(&mut data, 0);
        Ok(Self {
            data: Some(Cow::Owned(data)),
            ..Self::new()
        })
    }

    /// A comment alone: clients skip it. The options of a response leave it as it is.
    ///
    /// ```
    /// use axum::response::IntoResponse;
    /// use axum_responses::{ServerSentEvent, sse::Event};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let events = ServerSentEvent::iter([Event::comment("still\nhere")]).event_type("tick").event_id("1");
    /// let body = events.into_response().into_body();
    /// assert_eq!(axum::body::to_bytes(body, 100).await.unwrap(), ": still\n: here\n\n");
    /// # }
    /// ```
    pub fn comment(text: impl Into<Cow<'static, str>>) -> Self {
        Self::new().commented(text)
    }

    /// Adds a comment to the event, or replaces the one it has. It stands before the fields.
    ///
    /// ```
    /// use axum::response::IntoResponse;
    /// use axum_responses::{ServerSentEvent, sse::Event};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let events = [Event::data("x").commented("why").commented("why it is sent")];
    /// let body = ServerSentEvent::iter(events).into_response().into_body();
    /// assert_eq!(axum::body::to_bytes(body, 100).await.unwrap(), ": why it is sent\ndata: x\n\n");
    /// # }
    /// ```
    pub fn commented(mut self, text: impl Into<Cow<'static, str>>) -> Self {
        self.comment = Some(text.into());
        self
    }

    /// The id that a client sends as `Last-Event-ID` when it comes back, without CR, LF and NUL. HTML Standard §9.2.6.
    ///
    /// The empty id makes a client forget the one before. An id holds for the events behind it that have none.
    ///
    /// ```
    /// use axum::response::IntoResponse;
    /// use axum_responses::{ServerSentEvent, sse::Event};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let events = [Event::data("a").id("7\nevent: fake\0"), Event::data("b").id("")];
    /// let body = ServerSentEvent::iter(events).into_response().into_body();
    /// assert_eq!(axum::body::to_bytes(body, 100).await.unwrap(), "id: 7event: fake\ndata: a\n\nid: \ndata: b\n\n");
    /// # }
    /// ```
    pub fn id(mut self, id: impl Into<Cow<'static, str>>) -> Self {
        self.id = Some(clean_id(id.into()));
        self
    }

    /// The type under which a browser dispatches the event, without CR and LF. `message` when left out. HTML Standard
    /// §9.2.6.
    ///
    /// The empty type is `message` too: with it an event stays out of a response's
    /// [`event_type`](super::ServerSentEvent::event_type).
    ///
    /// ```
    /// use axum::response::IntoResponse;
    /// use axum_responses::{ServerSentEvent, sse::Event};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let events = [Event::data("a").event("x\r\ny"), Event::data("b").event(""), Event::data("c")];
    /// let body = ServerSentEvent::iter(events).event_type("tick").into_response().into_body();
    /// let body = axum::body::to_bytes(body, 100).await.unwrap();
    /// assert_eq!(body, "event: xy\ndata: a\n\nevent: \ndata: b\n\nevent: tick\ndata: c\n\n");
    /// # }
    /// ```
    pub fn event(mut self, event_type: impl Into<Cow<'static, str>>) -> Self {
        self.event = Some(clean_event_type(event_type.into()));
        self
    }

    /// How long clients wait before they come back, in whole milliseconds, rounded down. HTML Standard §9.2.6.
    ///
    /// It holds from then on, for the connection and not for this event alone. Zero is sent, and asks for no wait at
    /// all.
    ///
    /// ```
    /// use std::time::Duration;
    /// use axum::response::IntoResponse;
    /// use axum_responses::{ServerSentEvent, sse::Event};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let events = [Event::new().retry(Duration::from_secs(2)), Event::new().retry(Duration::from_micros(999))];
    /// let body = ServerSentEvent::iter(events).into_response().into_body();
    /// assert_eq!(axum::body::to_bytes(body, 100).await.unwrap(), "retry: 2000\n\nretry: 0\n\n");
    /// # }
    /// ```
    pub fn retry(mut self, delay: Duration) -> Self {
        self.retry = Some(delay);
        self
    }

    #[inline]
    pub(super) fn is_only_data(&self) -> bool {
        self.comment.is_none() && self.id.is_none() && self.event.is_none() && self.retry.is_none()
    }

    /// Whether a client has anything to read in it, a comment aside.
    pub(super) fn has_fields(&self) -> bool {
        self.data.is_some() || self.event.is_some() || self.id.is_some() || self.retry.is_some()
    }
}

impl fmt::Debug for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Event")
            .field("comment", &self.comment)
            .field("id", &self.id)
            .field("event", &self.event)
            .field("retry", &self.retry)
            .field("data", &self.data.as_deref().map(String::from_utf8_lossy))
            .finish()
    }
}

/// A line end would open another field; an id with NUL is ignored by clients (HTML §9.2.6).
#[inline]
pub(super) fn clean_id(id: Cow<'static, str>) -> Cow<'static, str> {
    if is_one_line(id.as_bytes()) {
        return id; // NUL is below a line end too
    }
    without(&['\r', '\n', '\0'], &id)
}

#[inline]
pub(super) fn clean_event_type(event_type: Cow<'static, str>) -> Cow<'static, str> {
    if is_one_line(event_type.as_bytes()) {
        return event_type;
    }
    without(&['\r', '\n'], &event_type)
}

#[cold]
fn without(dropped: &[char], text: &str) -> Cow<'static, str> {
    Cow::Owned(text.replace(dropped, ""))
}

/// A value that is an event; text is its data.
///
/// Implement it for a type of one's own and stream that:
///
/// ```
/// use axum::response::IntoResponse;
/// use axum_responses::{ServerSentEvent, sse::{Event, IntoEvent}};
///
/// struct Tick(u64);
///
/// impl IntoEvent for Tick {
///     fn into_event(self) -> Event {
///         Event::data(self.0.to_string()).event("tick")
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// let ticks = ServerSentEvent::iter((1..=2).map(Tick));
/// let body = axum::body::to_bytes(ticks.into_response().into_body(), 100).await.unwrap();
/// assert_eq!(body, "event: tick\ndata: 1\n\nevent: tick\ndata: 2\n\n");
/// # }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an event",
    note = "an event is an `Event`, a `String`, a `&'static str`, or what implements `IntoEvent`"
)]
pub trait IntoEvent {
    /// The event.
    fn into_event(self) -> Event;
}

impl IntoEvent for Event {
    fn into_event(self) -> Event {
        self
    }
}

macro_rules! text_is_data {
    ($($text:ty),*) => {$(
        impl IntoEvent for $text {
            fn into_event(self) -> Event {
                Event::data(self)
            }
        }
    )*};
}

text_is_data!(&'static str, String, Cow<'static, str>);

/// What a stream of events may yield: anything [`IntoEvent`], an `Arc<Event>` that several streams
/// share, or a `Result` of these.
///
/// Implemented for those alone; a type of one's own implements [`IntoEvent`].
///
/// ```
/// use std::{io, sync::Arc};
/// use axum::response::IntoResponse;
/// use axum_responses::{ServerSentEvent, sse::Event};
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// let shared = Arc::new(Event::data("for all of them"));
/// let events = ServerSentEvent::iter([Ok::<_, io::Error>(Arc::clone(&shared)), Ok(shared)]);
/// let body = axum::body::to_bytes(events.into_response().into_body(), 100).await.unwrap();
/// assert_eq!(body, "data: for all of them\n\n".repeat(2));
/// # }
/// ```
#[diagnostic::on_unimplemented(
    message = "a server-sent event stream cannot yield `{Self}`",
    note = "it yields events (`Event`, `String`, `&'static str`, `Arc<Event>`, what implements `IntoEvent`) or `Result`s of them"
)]
pub trait EventItem: sealed::Sealed {
    #[doc(hidden)]
    fn write(self, writer: &mut Writer<'_>) -> Result<(), BoxError>;
}

// Written from where it is: an event is large, and handing it on would be most of the work.
impl<T: IntoEvent> EventItem for T {
    #[inline(always)]
    fn write(self, writer: &mut Writer<'_>) -> Result<(), BoxError> {
        writer.event(&self.into_event());
        Ok(())
    }
}

impl EventItem for Arc<Event> {
    #[inline(always)]
    fn write(self, writer: &mut Writer<'_>) -> Result<(), BoxError> {
        writer.event(&self);
        Ok(())
    }
}

impl<T: EventItem, E: Into<BoxError>> EventItem for Result<T, E> {
    #[inline(always)]
    fn write(self, writer: &mut Writer<'_>) -> Result<(), BoxError> {
        match self {
            Ok(item) => item.write(writer),
            Err(error) => Err(error.into()),
        }
    }
}

mod sealed {
    use super::{Arc, BoxError, Event, EventItem, IntoEvent};

    /// Sealed: how an item is written is our own affair.
    pub trait Sealed {}
    impl<T: IntoEvent> Sealed for T {}
    impl Sealed for Arc<Event> {}
    impl<T: EventItem, E: Into<BoxError>> Sealed for Result<T, E> {}
}
