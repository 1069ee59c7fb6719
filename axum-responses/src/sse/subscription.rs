//! One listener's place in a feed.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use futures_core::Stream;
use tokio::sync::futures::OwnedNotified;

use super::Event;
use super::replay::{Found, Shared};

/// The stream of one subscriber to a [`Replay`](super::Replay), for
/// [`ServerSentEvent::new`](super::ServerSentEvent::new).
///
/// Its events are shared by all subscribers, and it ends when the feed does. Dropping it is all it takes to leave.
///
/// ```
/// use axum_responses::{LastEventId, sse::Replay};
/// use futures_util::StreamExt;
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// let replay = Replay::new(8);
/// let mut one = replay.subscribe(&LastEventId::default());
/// let mut other = replay.subscribe(&LastEventId::default());
/// replay.publish("news");
/// let (one, other) = (one.next().await.unwrap(), other.next().await.unwrap());
/// assert!(std::sync::Arc::ptr_eq(&one, &other));
/// # }
/// ```
#[must_use = "streams do nothing unless polled"]
pub struct Subscription {
    /// The sequence number of the next event to give out.
    place: u64,
    shared: Arc<Shared>,
    resync: Arc<Event>,
    /// Made once and wound up again: it is there while this one waits or has waited.
    news: Option<Pin<Box<OwnedNotified>>>,
    waiting: bool,
}

impl Subscription {
    pub(super) fn at(place: u64, shared: Arc<Shared>, resync: Arc<Event>) -> Self {
        Self {
            place,
            shared,
            resync,
            news: None,
            waiting: false,
        }
    }

    /// What is there now, without waiting. `None` inside is the end.
    fn take(&mut self) -> Option<Option<Arc<Event>>> {
        let ring = self.shared.ring();
        match ring.find(self.place) {
            Found::Event(event) => {
                self.place += 1;
                Some(Some(event))
            }
            Found::Gone => {
                self.place = ring.next();
                drop(ring);
                let newest = self.shared.id(self.place - 1);
                let event = (*self.resync).clone().id(newest.to_string());
                Some(Some(Arc::new(event)))
            }
            Found::Nothing => None,
            Found::Closed => Some(None),
        }
    }
}

impl Stream for Subscription {
    type Item = Arc<Event>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Arc<Event>>> {
        let this = self.get_mut();
        loop {
            if let Some(found) = this.take() {
                return Poll::Ready(found);
            }
            let Some(news) = this.news.as_mut().filter(|_| this.waiting) else {
                // It counts what is published from here on; what came before is looked for once more.
                let notified = this.shared.news.clone().notified_owned();
                match &mut this.news {
                    Some(news) => news.set(notified),
                    None => this.news = Some(Box::pin(notified)),
                }
                this.waiting = true;
                continue;
            };
            ready!(news.as_mut().poll(cx));
            this.waiting = false;
        }
    }
}

impl fmt::Debug for Subscription {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Subscription")
            .field("next", &self.shared.id(self.place).to_string())
            .finish_non_exhaustive()
    }
}
