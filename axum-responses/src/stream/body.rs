//! The bodies behind every streamed response.
//!
//! [`SourceBody`] stands directly around the source, and costs what axum's own stream body costs. What
//! only some responses ask for, a length and a hook, is a second body around it.

use std::error::Error;
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use axum::BoxError;
use axum::body::{Body, Bytes};
use axum::response::Response;
use futures_core::Stream;
use http_body::{Body as _, Frame, SizeHint};
use pin_project_lite::pin_project;

use super::chunk::IntoChunk;
use crate::media_type::MediaType;
use crate::payload;

/// What the application wants to do about an error, once.
pub(super) type OnError = Box<dyn FnOnce(&(dyn Error + 'static)) + Send>;

type Polled = Poll<Option<Result<Frame<Bytes>, BoxError>>>;

/// What this source gives, until its end or its first error.
pub(super) fn body<S>(source: S) -> Body
where
    S: Stream<Item: IntoChunk> + Send + 'static,
{
    Body::new(SourceBody {
        source: Some(source),
        failing: Failing::default(),
        sent: 0,
    })
}

/// A 200 with that body, held to its length where there is one.
pub(super) fn response(
    media_type: &MediaType,
    body: Body,
    length: Option<u64>,
    on_error: Option<OnError>,
) -> Response {
    if length.is_none() && on_error.is_none() {
        return payload::response(media_type, body);
    }
    let watched = WatchedBody {
        body: Some(body),
        failing: Failing::default(),
        sent: 0,
        length,
        on_error,
    };
    payload::response(media_type, Body::new(watched))
}

/// The same body, until this future is ready.
pub(super) fn until<F>(body: Body, end: F) -> Body
where
    F: Future + Send + 'static,
{
    Body::new(EndedBody {
        body: Some(body),
        end,
    })
}

fn log(error: &BoxError, sent: u64) {
    tracing::error!(%error, sent, "a streamed body was cut off");
}

/// An error on its way out.
///
/// hyper cuts a connection whose body failed without sending what it still holds, the head of the
/// response among it. A body that is pending once makes it send that first.
#[derive(Debug, Default)]
pub(crate) struct Failing(Option<BoxError>);

impl Failing {
    /// Holds it back for one poll.
    pub(crate) fn with(&mut self, error: BoxError, cx: &Context<'_>) -> Polled {
        self.0 = Some(error);
        cx.waker().wake_by_ref();
        Poll::Pending
    }

    /// The error, or the end where there is none.
    pub(crate) fn take(&mut self) -> Polled {
        Poll::Ready(self.0.take().map(Err))
    }

    pub(crate) fn is_none(&self) -> bool {
        self.0.is_none()
    }
}

pin_project! {
    struct SourceBody<S> {
        // `None` once it ended or failed: it is dropped at that moment and cannot be polled again.
        #[pin]
        source: Option<S>,
        failing: Failing,
        sent: u64,
    }
}

impl<S> http_body::Body for SourceBody<S>
where
    S: Stream<Item: IntoChunk>,
{
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Polled {
        let mut this = self.project();
        let Some(source) = this.source.as_mut().as_pin_mut() else {
            return this.failing.take();
        };
        Poll::Ready(match ready!(source.poll_next(cx)) {
            Some(item) => match item.into_chunk() {
                Ok(chunk) => {
                    *this.sent += chunk.len() as u64;
                    Some(Ok(Frame::data(chunk)))
                }
                Err(error) => {
                    this.source.set(None);
                    log(&error, *this.sent);
                    return this.failing.with(error, cx);
                }
            },
            None => {
                this.source.set(None);
                None
            }
        })
    }

    fn is_end_stream(&self) -> bool {
        self.source.is_none() && self.failing.is_none()
    }
}

pin_project! {
    struct EndedBody<F> {
        // `None` once it ended or failed.
        body: Option<Body>,
        #[pin]
        end: F,
    }
}

impl<F: Future> http_body::Body for EndedBody<F> {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Polled {
        let this = self.project();
        let Some(body) = this.body else {
            return Poll::Ready(None);
        };
        if this.end.poll(cx).is_ready() {
            *this.body = None;
            return Poll::Ready(None);
        }
        let frame = ready!(Pin::new(body).poll_frame(cx));
        if !matches!(frame, Some(Ok(_))) {
            *this.body = None;
        }
        // It was logged by the body around the source, and held back there.
        Poll::Ready(frame.map(|frame| frame.map_err(axum::Error::into_inner)))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_none()
    }
}

struct WatchedBody {
    /// As in [`SourceBody`].
    body: Option<Body>,
    failing: Failing,
    sent: u64,
    length: Option<u64>,
    on_error: Option<OnError>,
}

impl WatchedBody {
    fn pass(&mut self, frame: Frame<Bytes>, cx: &mut Context<'_>) -> Polled {
        let Some(length) = self.length else {
            return Poll::Ready(Some(Ok(frame)));
        };
        let more = frame.data_ref().map_or(0, Bytes::len) as u64;
        // RFC 9110 §8.6: never more than was announced; on a connection that is used again the rest
        // would be read as the next response.
        if self.sent + more > length {
            return self.fail_by_length(Reason::Longer, cx);
        }
        if more > 0
            && self.sent + more == length
            && let Some(failed) = self.look_behind_the_end(cx)
        {
            return failed;
        }
        self.sent += more;
        Poll::Ready(Some(Ok(frame)))
    }

    /// hyper asks no more once it has the announced number of bytes, so a source that has more, or
    /// that ends with an error, would pass for a complete one. What it has at hand is looked at before
    /// the last chunk goes out; it is not waited for.
    fn look_behind_the_end(&mut self, cx: &mut Context<'_>) -> Option<Polled> {
        let body = self.body.as_mut()?;
        let behind = match Pin::new(&mut *body).poll_frame(cx) {
            // A body that failed is pending once.
            Poll::Pending => Pin::new(body).poll_frame(cx),
            ready @ Poll::Ready(_) => ready,
        };
        match behind {
            Poll::Pending => None,
            Poll::Ready(None) => {
                self.body = None;
                None
            }
            Poll::Ready(Some(Ok(frame))) if frame.data_ref().is_none_or(Bytes::is_empty) => None,
            Poll::Ready(Some(Ok(_))) => Some(self.fail_by_length(Reason::Longer, cx)),
            Poll::Ready(Some(Err(error))) => Some(self.fail(error.into_inner(), cx)),
        }
    }

    fn end(&mut self, cx: &Context<'_>) -> Polled {
        if self.length.is_some_and(|length| self.sent < length) {
            return self.fail_by_length(Reason::Shorter { sent: self.sent }, cx);
        }
        self.body = None;
        Poll::Ready(None)
    }

    fn fail_by_length(&mut self, reason: Reason, cx: &Context<'_>) -> Polled {
        let announced = self.length.unwrap_or_default();
        let error = WrongLength { announced, reason }.into();
        log(&error, self.sent);
        self.fail(error, cx)
    }

    fn fail(&mut self, error: BoxError, cx: &Context<'_>) -> Polled {
        self.tell(&error);
        self.failing.with(error, cx)
    }

    fn tell(&mut self, error: &BoxError) {
        self.body = None;
        if let Some(on_error) = self.on_error.take() {
            on_error(&**error);
        }
    }
}

impl http_body::Body for WatchedBody {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Polled {
        let Some(body) = &mut self.body else {
            return self.failing.take();
        };
        match ready!(Pin::new(body).poll_frame(cx)) {
            Some(Ok(frame)) => self.pass(frame, cx),
            // It was logged by the body around the source, and held back there.
            Some(Err(error)) => {
                let error = error.into_inner();
                self.tell(&error);
                Poll::Ready(Some(Err(error)))
            }
            None => self.end(cx),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_none() && self.failing.is_none()
    }

    fn size_hint(&self) -> SizeHint {
        match self.length {
            Some(length) => SizeHint::with_exact(length.saturating_sub(self.sent)),
            None => SizeHint::default(),
        }
    }
}

/// A source that gave more or fewer bytes than `content-length` announced.
#[derive(Debug)]
struct WrongLength {
    announced: u64,
    reason: Reason,
}

#[derive(Debug)]
enum Reason {
    Longer,
    Shorter { sent: u64 },
}

impl fmt::Display for WrongLength {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let announced = self.announced;
        match self.reason {
            Reason::Longer => write!(f, "there are more than the announced {announced} bytes"),
            Reason::Shorter { sent } => {
                write!(f, "there are {sent} of the announced {announced} bytes")
            }
        }
    }
}

impl Error for WrongLength {}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use futures_util::{StreamExt, stream};
    use tracing::span::{Attributes, Id, Record};
    use tracing::{Event, Level, Metadata, Subscriber};

    use super::*;

    /// Counts the errors that are logged.
    #[derive(Clone, Default)]
    struct Errors(Arc<AtomicUsize>);

    impl Subscriber for Errors {
        fn enabled(&self, _: &Metadata<'_>) -> bool {
            true
        }

        fn new_span(&self, _: &Attributes<'_>) -> Id {
            Id::from_u64(1)
        }

        fn record(&self, _: &Id, _: &Record<'_>) {}

        fn record_follows_from(&self, _: &Id, _: &Id) {}

        fn event(&self, event: &Event<'_>) {
            if *event.metadata().level() == Level::ERROR {
                self.0.fetch_add(1, Ordering::SeqCst);
            }
        }

        fn enter(&self, _: &Id) {}

        fn exit(&self, _: &Id) {}
    }

    fn check(items: &[Result<&'static str, &'static str>], length: Option<u64>, logged: usize) {
        let errors = Errors::default();
        tracing::subscriber::with_default(errors.clone(), || {
            let body = body(stream::iter(items.to_vec()));
            let body = response(&MediaType::TEXT, body, length, None).into_body();
            let runtime = tokio::runtime::Builder::new_current_thread()
                .build()
                .unwrap();
            runtime.block_on(body.into_data_stream().collect::<Vec<_>>());
        });
        assert_eq!(errors.0.load(Ordering::SeqCst), logged, "{items:?}");
    }

    #[test]
    fn a_failure_is_logged_once() {
        check(&[Ok("a"), Ok("b")], None, 0);
        check(&[Ok("a"), Ok("b")], Some(2), 0);
        check(&[Ok("a"), Err("gone"), Err("twice")], None, 1);
        check(&[Ok("a"), Ok("b")], Some(1), 1);
        check(&[Ok("a"), Ok("b")], Some(3), 1);
    }
}
