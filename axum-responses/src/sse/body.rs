//! The body that joins what is ready and ends when it should.

use std::borrow::Cow;
use std::cell::Cell;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, ready};

use axum::BoxError;
use bytes::Bytes;
use futures_core::Stream;
use http_body::Frame;
use pin_project_lite::pin_project;
use tokio::task::consume_budget;

use super::encode::{self, Defaults, Writer};
use super::event::EventItem;
use super::keep_alive::{self, KeepAlive};
use super::{Ending, ErrorHook, ServerSentEvent};
use crate::shutdown::{Fired, Shutdown};

/// The room for a frame.
const FRAME: usize = 8 * 1024;
/// A frame with no more room than an event may need goes out, although more may be ready.
const ENOUGH: usize = FRAME - 512;
/// And so does one for which so many items were taken, should they be empty.
const ITEMS: usize = FRAME / 4;

thread_local! {
    /// Where events are written. The streams of a thread share it, so that one that waits holds no buffer.
    static SCRATCH: Cell<Vec<u8>> = const { Cell::new(Vec::new()) };
}

fn take_scratch() -> Vec<u8> {
    let mut scratch = SCRATCH.try_with(Cell::take).unwrap_or_default();
    scratch.reserve(FRAME);
    scratch
}

/// A full buffer leaves as it is. From one that is half empty a copy of the exact size leaves, so that what
/// waits in a connection's queue holds little more than its bytes.
fn into_frame(mut scratch: Vec<u8>) -> Option<Bytes> {
    if scratch.len() > scratch.capacity() / 2 {
        return Some(scratch.into());
    }
    let frame = (!scratch.is_empty()).then(|| Bytes::copy_from_slice(&scratch));
    if scratch.capacity() <= 2 * FRAME {
        scratch.clear();
        let _ = SCRATCH.try_with(|cell| cell.set(scratch));
    }
    frame
}

/// Where events come from, with one call through the table for all that are ready.
pub(super) trait Source: Send {
    /// Writes what is ready, until that is enough for a frame.
    fn fill(self: Pin<&mut Self>, cx: &mut Context<'_>, writer: Writer<'_>) -> Filled;
}

pub(super) enum Filled {
    Enough,
    Pending,
    Ended,
    Failed(BoxError),
}

pin_project! {
    pub(super) struct Items<S> {
        #[pin]
        stream: S,
    }
}

impl<S> Items<S> {
    pub(super) fn of(stream: S) -> Self {
        Self { stream }
    }
}

impl<S> Source for Items<S>
where
    S: Stream<Item: EventItem> + Send,
{
    fn fill(self: Pin<&mut Self>, cx: &mut Context<'_>, mut writer: Writer<'_>) -> Filled {
        let mut stream = self.project().stream;
        for _ in 0..ITEMS {
            if writer.out.len() >= ENOUGH {
                break;
            }
            match stream.as_mut().poll_next(cx) {
                Poll::Pending => return Filled::Pending,
                Poll::Ready(None) => return Filled::Ended,
                Poll::Ready(Some(item)) => {
                    if let Err(error) = item.write(&mut writer) {
                        return Filled::Failed(error);
                    }
                }
            }
        }
        Filled::Enough
    }
}

pin_project! {
    pub(super) struct EventBody {
        state: State,
        defaults: Defaults,
        comment: Option<Cow<'static, str>>,
        until: Vec<Ending>,
        on_error: Option<ErrorHook>,
        shutdown: Option<Shutdown>,
        // Made when there is something to wait for.
        fired: Option<Fired>,
        // The last frame was full.
        busy: bool,
        #[pin]
        keep_alive: KeepAlive,
    }
}

enum State {
    Open(Pin<Box<dyn Source>>),
    /// What was written before the error is on its way.
    Failing(BoxError),
    Failed(BoxError),
    Ended,
}

impl State {
    /// There will be no more events.
    fn poll_end(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        match std::mem::replace(self, Self::Ended) {
            Self::Failing(error) => {
                // hyper cuts a connection whose body failed without sending what it still holds. A
                // body that is pending once makes it send that first.
                *self = Self::Failed(error);
                cx.waker().wake_by_ref();
                Poll::Pending
            }
            Self::Failed(error) => Poll::Ready(Some(Err(error))),
            Self::Open(_) | Self::Ended => Poll::Ready(None),
        }
    }
}

impl EventBody {
    pub(super) fn new(response: ServerSentEvent, shutdown: Option<Shutdown>) -> Self {
        Self {
            state: State::Open(response.source),
            defaults: response.defaults,
            comment: response.comment,
            until: response.until,
            on_error: response.on_error,
            shutdown,
            fired: None,
            busy: false,
            keep_alive: KeepAlive::every(response.keep_alive),
        }
    }
}

impl http_body::Body for EventBody {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let mut this = self.project();
        let State::Open(source) = this.state else {
            return this.state.poll_end(cx);
        };
        // A source that is always ready takes part in the task's budget. One that waits pays nothing.
        if *this.busy {
            ready!(pin!(consume_budget()).poll(cx));
        }

        let mut until = this.until.iter_mut();
        let over = until.any(|ending| ending.as_mut().poll(cx).is_ready())
            || match this.fired {
                Some(fired) => Pin::new(fired).poll(cx).is_ready(),
                None => this.shutdown.as_ref().is_some_and(Shutdown::is_fired),
            };
        if over {
            *this.state = State::Ended;
            return Poll::Ready(None);
        }

        let mut out = take_scratch();
        if let Some(text) = this.comment.take() {
            encode::comment(&mut out, &text);
        }
        let writer = Writer {
            out: &mut out,
            defaults: this.defaults,
        };
        let filled = source.as_mut().fill(cx, writer);
        let frame = into_frame(out);
        *this.busy = matches!(filled, Filled::Enough);
        match filled {
            Filled::Enough | Filled::Pending => {}
            Filled::Ended => *this.state = State::Ended,
            Filled::Failed(error) => {
                tracing::error!(%error, "a stream of server-sent events failed");
                if let Some(hook) = this.on_error.take() {
                    hook(&*error);
                }
                *this.state = State::Failing(error);
            }
        }
        if let Some(frame) = frame {
            this.keep_alive.sent();
            return Poll::Ready(Some(Ok(Frame::data(frame))));
        }
        if !matches!(this.state, State::Open(_)) {
            return this.state.poll_end(cx);
        }
        if *this.busy {
            // Events without content, and no end of them.
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }

        if let (None, Some(shutdown)) = (&this.fired, &this.shutdown) {
            let fired = this.fired.insert(shutdown.fired());
            if Pin::new(fired).poll(cx).is_ready() {
                *this.state = State::Ended;
                return Poll::Ready(None);
            }
        }
        ready!(this.keep_alive.as_mut().poll_silence(cx));
        this.keep_alive.sent();
        Poll::Ready(Some(Ok(Frame::data(Bytes::from_static(
            keep_alive::COMMENT,
        )))))
    }

    fn is_end_stream(&self) -> bool {
        matches!(self.state, State::Ended)
    }
}
