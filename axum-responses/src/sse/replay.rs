//! The last events, kept for clients that come back.

use std::collections::VecDeque;
use std::fmt;
use std::hash::{BuildHasher, RandomState};
use std::str::FromStr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{SystemTime, UNIX_EPOCH};

use tokio::sync::Notify;
use tokio::sync::broadcast::{self, error::RecvError};

use super::{Event, IntoEvent, LastEventId, Subscription};

/// The last events of a feed, and all who listen to it.
///
/// Every [`publish`](Self::publish)ed event gets an id. A client that comes back with one gets exactly the
/// events behind it and then what is live, with neither gap nor duplicate. Where that cannot be (the events
/// are no longer kept, or the id is another process's) it gets one resync event and then what is live.
///
/// ```
/// use axum::{Router, body::Body, extract::State, http::Request, routing::get};
/// use axum_responses::{LastEventId, ServerSentEvent, sse::Replay};
/// # use tower::ServiceExt;
///
/// async fn news(State(replay): State<Replay>, last: LastEventId) -> ServerSentEvent {
///     ServerSentEvent::new(replay.subscribe(&last))
/// }
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// let replay = Replay::new(1024);
/// let first = replay.publish("first");
/// let second = replay.publish("second");
///
/// let app = Router::new().route("/", get(news)).with_state(replay);
/// let request = Request::get("/").header("last-event-id", first.to_string()).body(Body::empty()).unwrap();
/// let response = app.oneshot(request).await.unwrap(); // here the last handle is gone, so the stream ends
/// let body = axum::body::to_bytes(response.into_body(), 1000).await.unwrap();
/// assert_eq!(body, format!("id: {second}\ndata: second\n\n"));
/// # }
/// ```
///
/// Cloning gives another handle to the same feed. A subscriber holds nothing but its place: it reads the
/// events that all of them share, and a slow one keeps back neither those who publish nor the others. The feed
/// keeps the events themselves and bounds their number, not their size.
///
/// The feed ends when the last handle is dropped: its streams go on to its last event and end.
#[derive(Clone)]
pub struct Replay {
    feed: Arc<Feed>,
    resync: Arc<Event>,
}

/// Lives as long as somebody can publish.
struct Feed {
    shared: Arc<Shared>,
}

impl Drop for Feed {
    fn drop(&mut self) {
        self.shared.ring().closed = true;
        self.shared.news.notify_waiters();
    }
}

pub(super) struct Shared {
    epoch: u64,
    capacity: usize,
    ring: Mutex<Ring>,
    pub(super) news: Arc<Notify>,
}

pub(super) struct Ring {
    events: VecDeque<Arc<Event>>,
    /// The sequence number of the event to come. The first is 1, so that 0 is before them all.
    next: u64,
    closed: bool,
}

/// What a subscriber finds at its place.
pub(super) enum Found {
    Event(Arc<Event>),
    /// What it should have seen is gone.
    Gone,
    Nothing,
    Closed,
}

impl Shared {
    fn new(capacity: usize) -> Self {
        Self {
            epoch: epoch(),
            capacity: capacity.max(1),
            ring: Mutex::new(Ring {
                events: VecDeque::new(),
                next: 1,
                closed: false,
            }),
            news: Arc::new(Notify::new()),
        }
    }

    /// Held for a few instructions, never across an await, and by nothing that panics.
    pub(super) fn ring(&self) -> MutexGuard<'_, Ring> {
        self.ring.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn publish(&self, mut event: Event) -> EventId {
        let mut ring = self.ring();
        let id = self.id(ring.next);
        event.id = Some(id.to_string().into());
        ring.next += 1;
        let oldest = (ring.events.len() == self.capacity)
            .then(|| ring.events.pop_front())
            .flatten();
        ring.events.push_back(Arc::new(event));
        drop(ring);
        drop(oldest); // freed when nobody waits for the lock
        self.news.notify_waiters();
        id
    }

    pub(super) fn id(&self, sequence: u64) -> EventId {
        EventId {
            epoch: self.epoch,
            sequence,
        }
    }
}

impl Ring {
    pub(super) fn find(&self, sequence: u64) -> Found {
        let first = self.next - self.events.len() as u64;
        let Some(place) = sequence.checked_sub(first) else {
            return Found::Gone;
        };
        match usize::try_from(place).map(|place| self.events.get(place)) {
            Ok(Some(event)) => Found::Event(event.clone()),
            _ if self.closed => Found::Closed,
            _ => Found::Nothing,
        }
    }

    pub(super) fn next(&self) -> u64 {
        self.next
    }
}

impl Replay {
    /// A feed that keeps this many events, at least one. It takes their room as they come.
    ///
    /// ```
    /// use axum_responses::{LastEventId, sse::Replay};
    /// use futures_util::{FutureExt, StreamExt};
    ///
    /// let replay = Replay::new(0); // keeps one
    /// let before = LastEventId::new(replay.last_id().to_string());
    /// replay.publish("kept");
    /// let event = replay.subscribe(&before).next().now_or_never().unwrap().unwrap();
    /// assert_eq!(*event, axum_responses::sse::Event::data("kept").id(replay.last_id().to_string()));
    /// ```
    #[must_use]
    pub fn new(capacity: usize) -> Self {
        Self {
            feed: Arc::new(Feed {
                shared: Arc::new(Shared::new(capacity)),
            }),
            resync: Arc::new(Event::data("").event("resync")),
        }
    }

    /// The event for subscribers of this handle, and of its clones, that have missed what is no longer
    /// kept: `event: resync` with empty data when nothing is said. Its id is always that of the newest event.
    ///
    /// ```
    /// use axum::response::IntoResponse;
    /// use axum_responses::{LastEventId, ServerSentEvent, sse::{Event, Replay}};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let replay = Replay::new(1).resync(Event::data("load the page again").id("not this one"));
    /// replay.publish("lost");
    /// let newest = replay.publish("kept");
    /// let events = ServerSentEvent::new(replay.subscribe(&LastEventId::new("of another process")));
    /// drop(replay); // the feed ends
    /// let body = axum::body::to_bytes(events.into_response().into_body(), 100).await.unwrap();
    /// assert_eq!(body, format!("id: {newest}\ndata: load the page again\n\n")); // what was kept does not follow
    /// # }
    /// ```
    #[must_use]
    pub fn resync(self, event: impl IntoEvent) -> Self {
        Self {
            resync: Arc::new(event.into_event()),
            ..self
        }
    }

    /// Keeps an event and sends it to all who listen. It gets the id that is returned, whatever id it had.
    ///
    /// Nobody is waited for, and it may be called outside of a runtime. One that listens slowly is told to
    /// [resync](Self::resync) once its next event is no longer kept.
    ///
    /// ```
    /// use axum_responses::sse::{Event, Replay};
    ///
    /// let replay = Replay::new(8);
    /// let first = replay.publish(Event::data("a").id("mine"));
    /// assert_ne!(first.to_string(), "mine");
    /// assert!(first.to_string().ends_with("-1"));
    /// assert!(replay.publish("b").to_string().ends_with("-2"));
    /// ```
    pub fn publish(&self, event: impl IntoEvent) -> EventId {
        self.feed.shared.publish(event.into_event())
    }

    /// The id of the newest event; before the first one an id that stands before it.
    ///
    /// A page that was made from data up to here opens its stream at
    /// `?last_event_id=` with this id and misses nothing in between.
    ///
    /// ```
    /// use axum_responses::sse::Replay;
    ///
    /// let replay = Replay::new(8);
    /// assert!(replay.last_id().to_string().ends_with("-0"));
    /// let id = replay.publish("a");
    /// assert_eq!(replay.last_id(), id);
    /// ```
    #[must_use]
    pub fn last_id(&self) -> EventId {
        let shared = &self.feed.shared;
        let next = shared.ring().next;
        shared.id(next - 1)
    }

    /// The events behind this one, those to come included.
    ///
    /// - No id: what is published from now on.
    /// - An id of this feed whose successors are all kept: they and what follows, each once.
    /// - Any other: a resync event, and what follows.
    ///
    /// A subscriber so slow that its next event is no longer kept gets a resync event too, and goes on
    /// with what is published from then on.
    ///
    /// ```
    /// use axum::response::IntoResponse;
    /// use axum_responses::{LastEventId, ServerSentEvent, sse::Replay};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let replay = Replay::new(2);
    /// let [a, b, c] = ["a", "b", "c"].map(|text| replay.publish(text)); // `a` is no longer kept
    /// let listen = |id: &str| ServerSentEvent::new(replay.subscribe(&LastEventId::new(id)));
    /// let [first_time, resumed, stranger] = [listen(""), listen(&a.to_string()), listen("7")];
    /// drop(replay); // the feed ends
    /// let read = async |events: ServerSentEvent| {
    ///     axum::body::to_bytes(events.into_response().into_body(), 1000).await.unwrap()
    /// };
    /// assert_eq!(read(first_time).await, "");
    /// assert_eq!(read(resumed).await, format!("id: {b}\ndata: b\n\nid: {c}\ndata: c\n\n"));
    /// assert_eq!(read(stranger).await, format!("id: {c}\nevent: resync\ndata: \n\n"));
    /// # }
    /// ```
    pub fn subscribe(&self, last: &LastEventId) -> Subscription {
        let shared = &self.feed.shared;
        let next = shared.ring().next;
        let place = match last.get() {
            None => next,
            Some(id) => id
                .parse()
                .ok()
                .filter(|id: &EventId| id.epoch == shared.epoch && id.sequence < next)
                .map_or(0, |id| id.sequence + 1), // nothing is ever at 0
        };
        Subscription::at(place, shared.clone(), self.resync.clone())
    }

    /// Publishes what arrives in a channel, until all its senders are gone.
    ///
    /// Messages that the channel dropped because they came too fast are published as one resync event for
    /// all. The future holds no handle: it ends with the first message after the last one was dropped.
    ///
    /// ```
    /// use axum_responses::sse::{Event, Replay};
    /// use tokio::sync::broadcast;
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let (prices, receiver) = broadcast::channel(16);
    /// let replay = Replay::new(1024);
    /// let task = tokio::spawn(replay.feed(receiver, |cents: u32| Event::data(cents.to_string())));
    /// prices.send(5).unwrap();
    /// drop(prices);
    /// task.await.unwrap();
    /// assert!(replay.last_id().to_string().ends_with("-1"));
    /// # }
    /// ```
    pub fn feed<T, E>(
        &self,
        mut receiver: broadcast::Receiver<T>,
        mut to_event: impl FnMut(T) -> E + Send + 'static,
    ) -> impl Future<Output = ()> + Send + 'static
    where
        T: Clone + Send + 'static,
        E: IntoEvent,
    {
        let feed: Weak<Feed> = Arc::downgrade(&self.feed);
        let resync = self.resync.clone();
        async move {
            loop {
                let event = match receiver.recv().await {
                    Ok(message) => to_event(message).into_event(),
                    Err(RecvError::Lagged(missed)) => {
                        tracing::warn!(
                            missed,
                            "a feed of events could not keep up with its channel"
                        );
                        (*resync).clone()
                    }
                    Err(RecvError::Closed) => return,
                };
                match feed.upgrade() {
                    Some(feed) => drop(feed.shared.publish(event)),
                    None => return,
                }
            }
        }
    }
}

impl fmt::Debug for Replay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Replay")
            .field("capacity", &self.feed.shared.capacity)
            .field("last_id", &self.last_id().to_string())
            .finish_non_exhaustive()
    }
}

/// The id that a [`Replay`] gives an event: `19c3f06a7be2f31-42`, on the wire and displayed.
///
/// The first part, in hexadecimal, is the feed's: its start and 20 random bits, so that an id from another
/// process or another feed is not taken for one of its own. The second counts its events from 1.
///
/// ```
/// use axum_responses::sse::EventId;
///
/// let id: EventId = "19c3f06a7be2f31-42".parse().unwrap();
/// assert_eq!(id.to_string(), "19c3f06a7be2f31-42");
/// assert!("19C3F06A7BE2F31-042".parse::<EventId>().is_err()); // no feed writes it like that
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct EventId {
    epoch: u64,
    sequence: u64,
}

/// 44 bits of milliseconds since 1970 last until the year 2527.
fn epoch() -> u64 {
    let started = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_millis());
    let started = u64::try_from(started).unwrap_or_default();
    started << 20 | RandomState::new().hash_one(started) >> 44
}

impl fmt::Display for EventId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:x}-{}", self.epoch, self.sequence)
    }
}

impl FromStr for EventId {
    type Err = InvalidEventId;

    fn from_str(id: &str) -> Result<Self, InvalidEventId> {
        let (epoch, sequence) = id.split_once('-').ok_or(InvalidEventId)?;
        let parsed = Self {
            epoch: u64::from_str_radix(epoch, 16).map_err(|_| InvalidEventId)?,
            sequence: sequence.parse().map_err(|_| InvalidEventId)?,
        };
        // Signs, capitals and leading zeros are none of ours.
        (parsed.to_string() == id)
            .then_some(parsed)
            .ok_or(InvalidEventId)
    }
}

/// A text that is not an [`EventId`]: another server's, or made up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidEventId;

impl fmt::Display for InvalidEventId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not the id of a replayed event")
    }
}

impl std::error::Error for InvalidEventId {}

#[cfg(test)]
mod tests {
    use futures_util::{FutureExt, StreamExt};

    use super::*;

    /// What the subscriber finds without waiting: data, or the type of an event without data.
    fn ready(subscription: &mut Subscription) -> Vec<String> {
        std::iter::from_fn(|| subscription.next().now_or_never().flatten())
            .map(|event| {
                let data = String::from_utf8(event.data.as_deref().unwrap().to_vec()).unwrap();
                match &event.event {
                    Some(kind) => format!("{kind} {}", sequence(&event)),
                    None => data,
                }
            })
            .collect()
    }

    fn sequence(event: &Event) -> u64 {
        let id: EventId = event.id.as_deref().unwrap().parse().unwrap();
        id.sequence
    }

    fn publish(replay: &Replay, numbers: impl IntoIterator<Item = u64>) -> Vec<EventId> {
        let publish = |n: u64| replay.publish(n.to_string());
        numbers.into_iter().map(publish).collect()
    }

    fn after(id: &impl ToString) -> LastEventId {
        LastEventId::new(id.to_string())
    }

    #[test]
    fn ids_are_written_and_read_back() {
        let id = EventId {
            epoch: 0x19c,
            sequence: 42,
        };
        assert_eq!(id.to_string(), "19c-42");
        assert_eq!("19c-42".parse(), Ok(id));
        for text in [
            "",
            "-",
            "19c",
            "19c-",
            "-42",
            "19C-42",
            "+19c-42",
            "19c-042",
            "19c--42",
            "19c-42 ",
            "19c-99999999999999999999",
            "é-1",
        ] {
            assert_eq!(text.parse::<EventId>(), Err(InvalidEventId), "{text}");
        }
    }

    #[test]
    fn feeds_do_not_share_ids() {
        let (one, other) = (Replay::new(8), Replay::new(8));
        publish(&other, 1..=3);
        let id = publish(&one, 1..=3)[0];
        assert_eq!(ready(&mut one.subscribe(&after(&id))), ["2", "3"]);
        assert_eq!(ready(&mut other.subscribe(&after(&id))), ["resync 3"]);
    }

    #[test]
    fn missed_events_come_once_and_then_live_ones() {
        let replay = Replay::new(4);
        let ids = publish(&replay, 1..=5);
        let mut subscription = replay.subscribe(&after(&ids[2]));
        publish(&replay, 6..=6);
        assert_eq!(ready(&mut subscription), ["4", "5", "6"]);
        publish(&replay, 7..=7);
        assert_eq!(ready(&mut subscription), ["7"]);
        assert_eq!(ready(&mut subscription), [""; 0]);
    }

    #[test]
    fn without_an_id_only_live_events_come() {
        let replay = Replay::new(4);
        publish(&replay, 1..=2);
        let mut subscription = replay.subscribe(&LastEventId::default());
        publish(&replay, 3..=4);
        assert_eq!(ready(&mut subscription), ["3", "4"]);
    }

    #[test]
    fn the_id_before_the_first_event_misses_none() {
        let replay = Replay::new(4);
        let start = after(&replay.last_id());
        publish(&replay, 1..=2);
        assert_eq!(ready(&mut replay.subscribe(&start)), ["1", "2"]);
    }

    #[test]
    fn an_unknown_id_resyncs_once() {
        let replay = Replay::new(2);
        let mut early = replay.subscribe(&after(&"garbage"));
        assert_eq!(ready(&mut early), ["resync 0"]);
        publish(&replay, 1..=1);
        assert_eq!(ready(&mut early), ["1"]);

        let ids = publish(&replay, 2..=4);
        assert_eq!(ready(&mut replay.subscribe(&after(&ids[0]))), ["3", "4"]);
        let old = after(&EventId {
            sequence: 1,
            ..ids[0]
        });
        let mut subscription = replay.subscribe(&old);
        assert_eq!(ready(&mut subscription), ["resync 4"]);
        publish(&replay, 5..=5);
        assert_eq!(ready(&mut subscription), ["5"]);
    }

    #[test]
    fn a_subscriber_that_lags_resyncs_and_goes_on() {
        let replay = Replay::new(3).resync(Event::data("reload").event("stale"));
        let mut slow = replay.subscribe(&LastEventId::default());
        let mut exact = replay.subscribe(&LastEventId::default());
        publish(&replay, 1..=3);
        assert_eq!(ready(&mut exact), ["1", "2", "3"]);
        publish(&replay, 4..=4);
        assert_eq!(ready(&mut slow), ["stale 4"]);
        publish(&replay, 5..=5);
        assert_eq!(ready(&mut slow), ["5"]);
    }

    #[test]
    fn a_feed_that_keeps_nothing_keeps_one() {
        let replay = Replay::new(0);
        let mut subscription = replay.subscribe(&LastEventId::default());
        publish(&replay, 1..=1);
        assert_eq!(ready(&mut subscription), ["1"]);
        publish(&replay, 2..=3);
        assert_eq!(ready(&mut subscription), ["resync 3"]);
    }

    #[test]
    fn subscribers_share_the_events() {
        let replay = Replay::new(3);
        let mut one = replay.subscribe(&LastEventId::default());
        let mut other = replay.subscribe(&LastEventId::default());
        replay.publish("a");
        let next = |subscription: &mut Subscription| subscription.next().now_or_never().unwrap();
        assert!(Arc::ptr_eq(
            &next(&mut one).unwrap(),
            &next(&mut other).unwrap()
        ));
    }

    /// A subscriber that is never woken fails its test.
    async fn in_time<T>(task: tokio::task::JoinHandle<T>) -> T {
        tokio::time::timeout(std::time::Duration::from_secs(10), task)
            .await
            .expect("it was woken")
            .unwrap()
    }

    #[tokio::test]
    async fn a_subscriber_that_waits_is_woken() {
        let replay = Replay::new(3);
        let mut subscription = replay.subscribe(&LastEventId::default());
        for n in 1..=3 {
            let waiting = tokio::spawn(async move {
                let event = subscription.next().await;
                (event.map(|event| sequence(&event)), subscription)
            });
            tokio::task::yield_now().await;
            publish(&replay, n..=n);
            let (seen, after) = in_time(waiting).await;
            assert_eq!(seen, Some(n));
            subscription = after;
        }
    }

    #[tokio::test]
    async fn a_stream_ends_behind_the_last_event_of_the_last_handle() {
        let replay = Replay::new(3);
        let mut subscription = replay.subscribe(&LastEventId::default());
        let other = replay.clone();
        drop(replay);
        publish(&other, 1..=1);
        let reading = tokio::spawn(async move {
            assert_eq!(subscription.next().await.as_deref().map(sequence), Some(1));
            subscription.next().await.is_none()
        });
        tokio::task::yield_now().await;
        drop(other);
        assert!(in_time(reading).await);
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
    async fn nothing_is_lost_or_doubled_between_threads() {
        const EVENTS: u64 = 2_000;
        let replay = Replay::new(usize::try_from(EVENTS).unwrap());
        let start = after(&replay.last_id());
        let subscribers: Vec<_> = (0..4)
            .map(|_| {
                let subscription = replay.subscribe(&start);
                tokio::spawn(
                    subscription
                        .map(|event| sequence(&event))
                        .collect::<Vec<_>>(),
                )
            })
            .collect();
        let publishers: Vec<_> = (0..2)
            .map(|_| {
                let replay = replay.clone();
                tokio::spawn(async move {
                    for n in 0..EVENTS / 2 {
                        replay.publish("x");
                        if n % 64 == 0 {
                            tokio::task::yield_now().await;
                        }
                    }
                })
            })
            .collect();
        drop(replay);
        for publisher in publishers {
            publisher.await.unwrap();
        }
        for subscriber in subscribers {
            assert_eq!(subscriber.await.unwrap(), Vec::from_iter(1..=EVENTS));
        }
    }

    #[tokio::test]
    async fn what_a_channel_dropped_is_one_resync_for_all() {
        let (sender, receiver) = broadcast::channel(2);
        let replay = Replay::new(8);
        let mut one = replay.subscribe(&LastEventId::default());
        let mut other = replay.subscribe(&LastEventId::default());
        for n in 1..=5 {
            sender.send(n).unwrap();
        }
        drop(sender);
        replay
            .feed(receiver, |n: u64| Event::data(n.to_string()))
            .await;
        assert_eq!(ready(&mut one), ["resync 1", "4", "5"]);
        assert_eq!(ready(&mut other), ["resync 1", "4", "5"]);
    }

    #[tokio::test]
    async fn a_feed_does_not_outlive_its_handles() {
        let (sender, receiver) = broadcast::channel(2);
        let replay = Replay::new(8);
        let feeding = tokio::spawn(replay.feed(receiver, |text: &'static str| text));
        drop(replay);
        sender.send("a").unwrap();
        feeding.await.unwrap();
        assert_eq!(sender.receiver_count(), 0);
    }
}
