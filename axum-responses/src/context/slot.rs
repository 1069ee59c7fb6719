//! The thread's slot, the future that fills it for each poll, and the pool that makes it cheap.
//!
//! `tokio::task_local!` would do and costs about twice as much: a plain cell, swapped in by a drop
//! guard for the length of one poll, needs no lazy initialisation and no closure, and restores the
//! outer context when the handler panics.

use std::cell::Cell;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use axum::body::{Body, Bytes};
use axum::response::Response;
use http::{HeaderMap, Method};
use pin_project_lite::pin_project;

use super::{Inner, Registered, RequestContext};
use crate::background::{self, BackgroundTasks};
use crate::status::strip_forbidden_content;

/// What a thread keeps: the slot in force, and a list of spare ones.
struct Local {
    current: Cell<Option<Box<Slot>>>,
    spare: Cell<Option<Box<Slot>>>,
    /// How many are spare.
    spares: Cell<usize>,
}

/// More than a thread has in flight for long; the rest is given back to the allocator.
const MOST_SPARES: usize = 64;

thread_local! {
    static LOCAL: Local =
        const { Local { current: Cell::new(None), spare: Cell::new(None), spares: Cell::new(0) } };
}

/// One request's context, and the background tasks its responders left for the outermost service.
pub(super) struct Slot {
    context: RequestContext,
    deferred: Option<BackgroundTasks>,
    /// The next one in the list of spares.
    next: Option<Box<Slot>>,
}

impl Local {
    fn take_spare(&self) -> Option<Box<Slot>> {
        let mut slot = self.spare.take()?;
        self.spare.set(slot.next.take());
        self.spares.set(self.spares.get() - 1);
        Some(slot)
    }

    fn keep(&self, mut slot: Box<Slot>) {
        if self.spares.get() < MOST_SPARES {
            slot.next = self.spare.take();
            self.spare.set(Some(slot));
            self.spares.set(self.spares.get() + 1);
        }
    }

    fn peek<R>(&self, look: impl FnOnce(&mut Slot) -> R) -> Option<R> {
        let mut slot = self.current.take()?;
        let result = look(&mut slot);
        self.current.set(Some(slot));
        Some(result)
    }
}

impl Slot {
    pub(super) fn of(
        method: &Method,
        headers: &HeaderMap,
        own: Option<&Arc<Registered>>,
    ) -> Box<Self> {
        let (around, spare) = LOCAL
            .try_with(|local| {
                let around = local
                    .peek(|slot| slot.context.0.registered.clone())
                    .flatten();
                (around, local.take_spare())
            })
            .unwrap_or_default();
        let mut slot = spare.unwrap_or_else(Self::new);
        // Only slots whose context nobody else holds are kept as spares.
        if let Some(inner) = Arc::get_mut(&mut slot.context.0) {
            inner.fill(method.clone(), headers, Registered::closest(own, around));
        }
        slot
    }

    fn new() -> Box<Self> {
        Box::new(Self {
            context: RequestContext(Arc::new(Inner::empty())),
            deferred: None,
            next: None,
        })
    }

    fn release(mut self: Box<Self>) {
        let Some(inner) = Arc::get_mut(&mut self.context.0) else {
            return; // a clone lives on, in an extractor or a spawned task
        };
        inner.clear();
        self.deferred = None;
        let _ = LOCAL.try_with(|local| local.keep(self));
    }
}

/// Looks at the slot in force.
fn peek<R>(look: impl FnOnce(&mut Slot) -> R) -> Option<R> {
    LOCAL.try_with(|local| local.peek(look)).ok().flatten()
}

pub(super) fn current() -> Option<RequestContext> {
    peek(|slot| slot.context.clone())
}

/// Leaves tasks for the service that finishes this response; gives them back where there is none.
pub(crate) fn defer(tasks: BackgroundTasks) -> Result<(), BackgroundTasks> {
    let mut tasks = Some(tasks);
    peek(|slot| {
        if let Some(tasks) = tasks.take() {
            slot.deferred = Some(match slot.deferred.take() {
                Some(earlier) => earlier.then(tasks),
                None => tasks,
            });
        }
    });
    tasks.map_or(Ok(()), Err)
}

/// Whether the response that is being made has tasks of its own.
pub(crate) fn has_deferred() -> bool {
    peek(|slot| slot.deferred.is_some()).unwrap_or(false)
}

/// Puts a slot in force until it is dropped, also by a panic.
pub(super) struct Entered<'a>(&'a mut Option<Box<Slot>>);

impl<'a> Entered<'a> {
    pub(super) fn new(slot: &'a mut Option<Box<Slot>>) -> Self {
        swap(slot);
        Self(slot)
    }
}

impl Drop for Entered<'_> {
    fn drop(&mut self) {
        swap(self.0);
    }
}

fn swap(slot: &mut Option<Box<Slot>>) {
    let _ = LOCAL.try_with(|local| *slot = local.current.replace(slot.take()));
}

pin_project! {
    /// A handler's or a service's future, with the request's context in force while it runs: what
    /// [`with_context`](super::with_context), [`RequestContextLayer`](super::RequestContextLayer) and its
    /// [`scope`](super::RequestContextLayer::scope) give.
    #[must_use = "futures do nothing unless polled"]
    pub struct ContextFuture<F> {
        #[pin]
        future: F,
        slot: Option<Box<Slot>>,
    }

    impl<F> PinnedDrop for ContextFuture<F> {
        fn drop(this: Pin<&mut Self>) {
            if let Some(slot) = this.project().slot.take() {
                slot.release();
            }
        }
    }
}

impl<F> std::fmt::Debug for ContextFuture<F> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ContextFuture").finish_non_exhaustive()
    }
}

impl<F> ContextFuture<F> {
    /// Calls `start` with the context in force and keeps it in force for the future it gives.
    pub(super) fn start(slot: Box<Slot>, start: impl FnOnce() -> F) -> Self {
        let mut slot = Some(slot);
        let entered = Entered::new(&mut slot);
        let future = start();
        drop(entered);
        Self { future, slot }
    }
}

impl<F> Future for ContextFuture<F>
where
    F: Future<Output: Answer>,
{
    type Output = <F::Output as Answer>::Settled;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let entered = Entered::new(this.slot);
        let polled = this.future.poll(cx);
        drop(entered);
        let answer = ready!(polled);
        let Some(mut slot) = this.slot.take() else {
            return Poll::Ready(answer.settle(|_| {}));
        };
        let answer = answer.settle(|response| {
            strip_forbidden_content(response);
            if let Some(tasks) = slot.deferred.take() {
                // The outermost of our services attaches them: no body or status can be changed
                // behind it by another of ours.
                if let Err(tasks) = defer(tasks) {
                    background::attach(response, tasks, Some(&slot.context));
                }
            }
        });
        slot.release();
        Poll::Ready(answer)
    }
}

/// What such a future may end with: a response, or a result that holds one.
pub trait Answer: sealed::Sealed {
    /// The same with axum's body in it.
    type Settled;
    #[doc(hidden)]
    fn settle(self, finish: impl FnOnce(&mut Response)) -> Self::Settled;
}

impl<B> Answer for http::Response<B>
where
    B: http_body::Body<Data = Bytes, Error: Into<axum::BoxError>> + Send + 'static,
{
    type Settled = Response;

    fn settle(self, finish: impl FnOnce(&mut Response)) -> Response {
        let mut response = self.map(Body::new); // no new box when it is axum's body already
        finish(&mut response);
        response
    }
}

impl<R: Answer, E> Answer for Result<R, E> {
    type Settled = Result<R::Settled, E>;

    fn settle(self, finish: impl FnOnce(&mut Response)) -> Self::Settled {
        self.map(|answer| answer.settle(finish))
    }
}

mod sealed {
    /// Sealed: the two kinds of future that axum and tower know are all there are.
    pub trait Sealed {}
    impl<B> Sealed for http::Response<B> {}
    impl<R: super::Answer, E> Sealed for Result<R, E> {}
}
