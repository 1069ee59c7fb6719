//! Sources that block, on the blocking pool.
//!
//! One job pulls a batch and gives the source back with it; the next job starts when the client has
//! taken that batch. So no thread is held while a client reads slowly, nothing is produced far ahead, and a
//! hop between threads is paid once a batch and not once an item.

use std::collections::VecDeque;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant};

use axum::BoxError;
use axum::body::Bytes;
use futures_core::Stream;
use tokio::runtime::Handle;
use tokio::task::JoinHandle;

use super::chunk::IntoChunk;
use super::frame::Frame;

/// A batch is sent when it has this many bytes: 64 KiB.
const BATCH: usize = 64 * 1024;
/// A batch is sent when its job has run this long, so what took long to produce goes out at once.
const SLICE: Duration = Duration::from_millis(1);
/// Shorter chunks are copied together: below it a frame of its own costs more than the copy.
const SMALL: usize = 1024;

/// Something that adds to a batch piece by piece, and may block while it does.
pub(super) trait Produce: Send + 'static {
    /// Adds the next piece. `false` when that was the last one.
    fn produce(&mut self, batch: &mut Batch) -> Result<bool, BoxError>;
}

/// What one job has produced.
pub(super) struct Batch {
    frames: VecDeque<Bytes>,
    open: Frame,
    length: usize,
}

impl Batch {
    /// Adds what `write` writes to the frame at the end.
    pub(super) fn write(
        &mut self,
        write: impl FnOnce(&mut Vec<u8>) -> Result<(), BoxError>,
    ) -> Result<(), BoxError> {
        let mut written = 0;
        self.open.add(|out| {
            let before = out.len();
            let result = write(out);
            written = out.len().saturating_sub(before);
            result
        })?;
        self.length += written;
        if self.open.is_full() {
            self.close();
        }
        Ok(())
    }

    fn push(&mut self, chunk: Bytes) -> Result<(), BoxError> {
        if chunk.len() < SMALL {
            return self.write(|out| {
                out.extend_from_slice(&chunk);
                Ok(())
            });
        }
        self.close();
        self.length += chunk.len();
        self.frames.push_back(chunk);
        Ok(())
    }

    fn close(&mut self) {
        self.frames.extend(self.open.take());
    }
}

/// The chunks of an iterator.
pub(super) struct Chunks<I>(pub(super) I);

impl<I> Produce for Chunks<I>
where
    I: Iterator<Item: IntoChunk> + Send + 'static,
{
    fn produce(&mut self, batch: &mut Batch) -> Result<bool, BoxError> {
        match self.0.next() {
            Some(chunk) => {
                batch.push(chunk.into_chunk()?)?;
                Ok(true)
            }
            None => Ok(false),
        }
    }
}

/// The batches of `P`, as a stream.
pub(super) struct Blocking<P: Produce> {
    state: State<P>,
    batch: Option<Batch>,
    started: bool,
}

enum State<P> {
    Idle(P),
    Running(JoinHandle<(Batch, Outcome<P>)>),
    Failed(BoxError),
    Ended,
}

/// How a job ended.
enum Outcome<P> {
    More(P),
    Failed(BoxError),
    Ended,
}

impl<P: Produce> Blocking<P> {
    pub(super) fn new(producer: P, frame: Frame) -> Self {
        Self {
            state: State::Idle(producer),
            batch: Some(Batch {
                frames: VecDeque::new(),
                open: frame,
                length: 0,
            }),
            started: false,
        }
    }

    fn start(&mut self, producer: P) -> Result<State<P>, BoxError> {
        let handle = Handle::try_current()?;
        let batch = self.batch.take().ok_or("a batch was lost")?;
        self.started = true;
        Ok(State::Running(
            handle.spawn_blocking(move || run(producer, batch)),
        ))
    }
}

fn run<P: Produce>(mut producer: P, mut batch: Batch) -> (Batch, Outcome<P>) {
    let start = Instant::now();
    batch.length = 0;
    let outcome = loop {
        match producer.produce(&mut batch) {
            Ok(true) if batch.length < BATCH && start.elapsed() < SLICE => {}
            Ok(true) => break Outcome::More(producer),
            Ok(false) => break Outcome::Ended,
            Err(error) => break Outcome::Failed(error),
        }
    };
    batch.close();
    (batch, outcome)
}

// Nothing in it is pinned: the producer moves to the pool and back.
impl<P: Produce> Unpin for Blocking<P> {}

impl<P: Produce> Stream for Blocking<P> {
    type Item = Result<Bytes, BoxError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            if let Some(frame) = self
                .batch
                .as_mut()
                .and_then(|batch| batch.frames.pop_front())
            {
                return Poll::Ready(Some(Ok(frame)));
            }
            if let State::Running(job) = &mut self.state {
                let done = ready!(Pin::new(job).poll(cx));
                self.state = match done {
                    Ok((batch, outcome)) => {
                        self.batch = Some(batch);
                        match outcome {
                            Outcome::More(producer) => State::Idle(producer),
                            Outcome::Failed(error) => State::Failed(error),
                            Outcome::Ended => State::Ended,
                        }
                    }
                    // It panicked, or the runtime is shutting down.
                    Err(error) => State::Failed(error.into()),
                };
                continue;
            }
            match std::mem::replace(&mut self.state, State::Ended) {
                State::Idle(producer) => match self.start(producer) {
                    Ok(running) => self.state = running,
                    Err(error) => return Poll::Ready(Some(Err(error))),
                },
                State::Failed(error) => return Poll::Ready(Some(Err(error))),
                State::Running(_) | State::Ended => return Poll::Ready(None),
            }
        }
    }
}

impl<P: Produce> Drop for Blocking<P> {
    /// What blocks while it runs may block while it is dropped (a file, a database cursor).
    fn drop(&mut self) {
        if self.started
            && let State::Idle(producer) = std::mem::replace(&mut self.state, State::Ended)
            && let Ok(handle) = Handle::try_current()
        {
            handle.spawn_blocking(move || drop(producer));
        }
    }
}
