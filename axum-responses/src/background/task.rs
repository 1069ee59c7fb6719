//! Tasks, their order, and what becomes of one that fails.

use std::fmt::{self, Display};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_util::future::join_all;

/// How the response ended that a task belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The last byte was handed over, or there was none to hand over (HEAD, 204, 304, a redirect).
    Completed,
    /// The body was dropped before its end: the client left, or the body failed.
    Aborted,
}

/// What a task may end with: nothing, or a result whose error is logged.
pub trait TaskOutput: sealed::Sealed {
    #[doc(hidden)]
    fn into_error(self) -> Option<String>;
}

impl TaskOutput for () {
    fn into_error(self) -> Option<String> {
        None
    }
}

impl<E: Display> TaskOutput for Result<(), E> {
    fn into_error(self) -> Option<String> {
        self.err().map(|error| error.to_string())
    }
}

mod sealed {
    /// Sealed: a task's value has nowhere to go.
    pub trait Sealed {}
    impl Sealed for () {}
    impl<E: std::fmt::Display> Sealed for Result<(), E> {}
}

type Work = Pin<Box<dyn Future<Output = Option<String>> + Send>>;

/// One piece of work to do after the response.
///
/// A task that fails or panics is logged by `tracing` with its name, and the next one runs.
///
/// ```
/// use axum_responses::{BackgroundTask, Reply, Text};
/// # use axum::response::IntoResponse;
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// let (done, told) = tokio::sync::oneshot::channel();
/// let reply: Reply<_> = Reply::new(Text("hello"))
///     .background(BackgroundTask::new(async { let _ = done.send("greeted"); }));
///
/// let response = reply.into_response();
/// assert_eq!(response.status(), 200);
/// axum::body::to_bytes(response.into_body(), 100).await.unwrap(); // the client reads
/// assert_eq!(told.await.unwrap(), "greeted");
/// # }
/// ```
pub struct BackgroundTask {
    name: &'static str,
    unless_aborted: bool,
    job: Job,
}

enum Job {
    Ready(Work),
    Told(Box<dyn FnOnce(Outcome) -> Work + Send>),
    Blocking(Box<dyn FnOnce() -> Option<String> + Send>),
}

impl BackgroundTask {
    /// A future that is polled once the response is through. Its error, if any, is logged.
    #[must_use]
    pub fn new<F>(future: F) -> Self
    where
        F: Future<Output: TaskOutput> + Send + 'static,
    {
        Self::of(Job::Ready(Box::pin(async { future.await.into_error() })))
    }

    /// A future made from how the response ended.
    ///
    /// ```
    /// use axum_responses::{BackgroundTask, background::Outcome};
    ///
    /// let task = BackgroundTask::told(|outcome| async move {
    ///     if outcome == Outcome::Aborted {
    ///         tracing::info!("the download was not finished");
    ///     }
    /// });
    /// ```
    #[must_use]
    pub fn told<F, Fut>(make: F) -> Self
    where
        F: FnOnce(Outcome) -> Fut + Send + 'static,
        Fut: Future<Output: TaskOutput> + Send + 'static,
    {
        Self::of(Job::Told(Box::new(|outcome| {
            let future = make(outcome);
            Box::pin(async { future.await.into_error() })
        })))
    }

    /// A function that blocks: it runs on tokio's pool for blocking work.
    #[must_use]
    pub fn blocking<F, R>(function: F) -> Self
    where
        F: FnOnce() -> R + Send + 'static,
        R: TaskOutput,
    {
        Self::of(Job::Blocking(Box::new(|| function().into_error())))
    }

    /// The name that log events carry; `background task` if none is given.
    #[must_use]
    pub fn named(mut self, name: &'static str) -> Self {
        self.name = name;
        self
    }

    /// Drops the task unrun when the client left before the end.
    #[must_use]
    pub fn unless_aborted(mut self) -> Self {
        self.unless_aborted = true;
        self
    }

    fn of(job: Job) -> Self {
        Self {
            name: "background task",
            unless_aborted: false,
            job,
        }
    }

    /// The task as a future, now that it is known how the response ended.
    fn start(self, outcome: Outcome) -> Running {
        let work: Work = match self.job {
            _ if self.unless_aborted && outcome == Outcome::Aborted => Box::pin(async { None }),
            Job::Ready(work) => work,
            // the closure may panic as well: it runs when the future is polled
            Job::Told(make) => Box::pin(async move { make(outcome).await }),
            Job::Blocking(function) => Box::pin(async {
                match tokio::task::spawn_blocking(function).await {
                    Ok(ended) => ended,
                    Err(error) => Some(error.to_string()),
                }
            }),
        };
        Running {
            name: self.name,
            work,
        }
    }
}

/// A task that runs. Small, because spawning moves it.
pub(super) struct Running {
    name: &'static str,
    work: Work,
}

impl Future for Running {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let work = self.work.as_mut();
        // A panic ends this task alone; its future is not polled again.
        let polled = catch_unwind(AssertUnwindSafe(|| work.poll(cx)));
        match polled {
            Ok(Poll::Pending) => return Poll::Pending,
            Ok(Poll::Ready(None)) => {}
            Ok(Poll::Ready(Some(error))) => {
                tracing::error!(task = self.name, %error, "background task failed");
            }
            Err(_) => tracing::error!(task = self.name, "background task panicked"),
        }
        Poll::Ready(())
    }
}

impl fmt::Debug for BackgroundTask {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BackgroundTask")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

/// Several tasks: one after the other, or all at once.
///
/// ```
/// use axum_responses::{BackgroundTask, BackgroundTasks};
///
/// let in_order = BackgroundTasks::new([
///     BackgroundTask::new(async { /* first */ }),
///     BackgroundTask::new(async { /* second, whatever became of the first */ }),
/// ]);
/// let at_once = BackgroundTasks::new([BackgroundTask::new(async {})]).concurrent();
/// let both = in_order.then(at_once);
/// ```
#[derive(Debug)]
pub struct BackgroundTasks(Plan);

#[derive(Debug)]
enum Plan {
    One(BackgroundTask),
    InOrder(Vec<Plan>),
    AtOnce(Vec<Plan>),
}

impl BackgroundTasks {
    /// These tasks, one after the other.
    #[must_use]
    pub fn new(tasks: impl IntoIterator<Item = BackgroundTask>) -> Self {
        Self(Plan::InOrder(tasks.into_iter().map(Plan::One).collect()))
    }

    /// The same tasks, all at once.
    #[must_use]
    pub fn concurrent(self) -> Self {
        Self(match self.0 {
            Plan::InOrder(plans) => Plan::AtOnce(plans),
            other => other,
        })
    }

    /// These, and when they are through the others.
    #[must_use]
    pub fn then(self, others: impl Into<Self>) -> Self {
        Self(Plan::InOrder(vec![self.0, others.into().0]))
    }

    /// Leaves them to the response that is being made, unless it has tasks of its own: for middleware.
    ///
    /// Gives them back where there is no [`RequestContext`](crate::RequestContext) in force, or where they were not
    /// needed.
    ///
    /// # Errors
    /// These tasks, which nobody runs.
    pub fn run_by_default(self) -> Result<(), Self> {
        if crate::context::has_deferred() {
            Err(self)
        } else {
            crate::context::defer(self)
        }
    }

    /// Starts them, by `spawn`.
    pub(super) fn start(self, outcome: Outcome, spawn: impl Spawn) {
        match self.0 {
            Plan::One(task) => spawn.spawn(task.start(outcome)),
            plan => spawn.spawn(plan.run(outcome)),
        }
    }
}

/// Where tasks are spawned: counted or not.
pub(super) trait Spawn {
    fn spawn(self, future: impl Future<Output = ()> + Send + 'static);
}

impl Plan {
    fn run(self, outcome: Outcome) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        match self {
            Self::One(task) => Box::pin(task.start(outcome)),
            Self::InOrder(plans) => Box::pin(async move {
                for plan in plans {
                    plan.run(outcome).await;
                }
            }),
            Self::AtOnce(plans) => Box::pin(async move {
                join_all(plans.into_iter().map(|plan| plan.run(outcome))).await;
            }),
        }
    }
}

impl From<BackgroundTask> for BackgroundTasks {
    fn from(task: BackgroundTask) -> Self {
        Self(Plan::One(task))
    }
}
