//! A sign of life for a stream that has nothing to say.

use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use pin_project_lite::pin_project;
use tokio::runtime::Handle;
use tokio::time::{Instant, Sleep, sleep_until};

/// Shorter than the minute after which proxies usually give up.
pub(super) const DEFAULT: Duration = Duration::from_secs(15);

/// A comment without text: clients skip it (HTML §9.2.7).
pub(super) const COMMENT: &[u8] = b":\n\n";

pin_project! {
    /// Measures silence. A stream that is never silent does not pay for it: the clock is read when there
    /// is nothing to send, and a timer that fires too early because of what was sent since is wound up again.
    pub(super) struct KeepAlive {
        interval: Option<Duration>,
        due: Option<Instant>,
        #[pin]
        timer: Option<Sleep>,
    }
}

impl KeepAlive {
    pub(super) fn every(interval: Option<Duration>) -> Self {
        Self {
            // The timer counts milliseconds; none at all would be a comment after the other.
            interval: interval.map(|interval| interval.max(Duration::from_millis(1))),
            due: None,
            timer: None,
        }
    }

    /// Something was sent.
    pub(super) fn sent(self: Pin<&mut Self>) {
        *self.project().due = None;
    }

    /// Nothing is there to be sent: ready once that has lasted for the interval.
    pub(super) fn poll_silence(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let mut this = self.project();
        let Some(interval) = *this.interval else {
            return Poll::Pending;
        };
        let due = match *this.due {
            Some(due) => due,
            None => match Instant::now().checked_add(interval) {
                // Without a runtime there is nobody to wake us.
                Some(due) if this.timer.is_some() || Handle::try_current().is_ok() => {
                    *this.due.insert(due)
                }
                _ => {
                    *this.interval = None; // never
                    return Poll::Pending;
                }
            },
        };
        if this.timer.is_none() {
            this.timer.set(Some(sleep_until(due)));
        }
        while let Some(mut timer) = this.timer.as_mut().as_pin_mut() {
            ready!(timer.as_mut().poll(cx));
            if timer.deadline() >= due {
                break;
            }
            timer.reset(due);
        }
        *this.due = None;
        Poll::Ready(())
    }
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use axum::response::IntoResponse;
    use futures_util::stream::{self, StreamExt};
    use http_body_util::BodyExt;

    use super::*;
    use crate::sse::{Event, ServerSentEvent};

    /// The frames that come within this time, with the second at which they came.
    async fn frames(events: ServerSentEvent, within: u64) -> Vec<(u64, String)> {
        let start = Instant::now();
        let mut body: Body = events.into_response().into_body();
        let mut frames = Vec::new();
        let read = async {
            while let Some(frame) = body.frame().await {
                let bytes = frame.unwrap().into_data().unwrap();
                let text = String::from_utf8(bytes.to_vec()).unwrap();
                frames.push((start.elapsed().as_secs(), text));
            }
        };
        let _ = tokio::time::timeout(Duration::from_secs(within), read).await;
        frames
    }

    fn at(second: u64, text: &str) -> (u64, String) {
        (second, text.to_owned())
    }

    /// Events at these seconds, then silence.
    fn events_at(seconds: &'static [u64]) -> ServerSentEvent {
        let start = Instant::now();
        let events = stream::iter(seconds).then(move |second| async move {
            tokio::time::sleep_until(start + Duration::from_secs(*second)).await;
            Event::data("x")
        });
        ServerSentEvent::new(events.chain(stream::pending()))
    }

    #[tokio::test(start_paused = true)]
    async fn silence_is_broken_after_fifteen_seconds() {
        assert_eq!(
            frames(events_at(&[]), 40).await,
            [at(15, ":\n\n"), at(30, ":\n\n")]
        );
    }

    #[tokio::test(start_paused = true)]
    async fn only_silence_counts() {
        assert_eq!(
            frames(
                events_at(&[4, 14, 20]).keep_alive(Duration::from_secs(9)),
                40
            )
            .await,
            [
                at(4, "data: x\n\n"),
                at(13, ":\n\n"),
                at(14, "data: x\n\n"),
                at(20, "data: x\n\n"),
                at(29, ":\n\n"),
                at(38, ":\n\n"),
            ]
        );
    }

    #[tokio::test(start_paused = true)]
    async fn a_stream_may_stay_silent() {
        let hour = 3600;
        assert_eq!(frames(events_at(&[]).no_keep_alive(), hour).await, []);
        assert_eq!(
            frames(events_at(&[]).keep_alive(Duration::MAX), hour).await,
            []
        );
    }

    #[tokio::test(start_paused = true)]
    async fn no_interval_is_a_short_one() {
        let comments = frames(events_at(&[]).keep_alive(Duration::ZERO), 1).await;
        assert!((900..=1000).contains(&comments.len()), "{}", comments.len());
    }

    #[test]
    fn without_a_runtime_there_is_no_keep_alive() {
        let silence = ServerSentEvent::new(stream::pending::<Event>());
        let mut body = silence.into_response().into_body();
        let mut cx = Context::from_waker(std::task::Waker::noop());
        let frame = http_body::Body::poll_frame(Pin::new(&mut body), &mut cx);
        assert!(frame.is_pending());
    }
}
