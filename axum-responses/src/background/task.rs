//! Tasks, their order, and what becomes of one that fails.

use std::fmt::{self, Display};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_util::future::join_all;

/// How the response ended that a task belongs to.
///
/// Where no [`RequestContext`](crate::RequestContext) is in force nobody knows whether it was a `HEAD`: a body that was
/// never asked for is then taken for [`Completed`](Self::Completed).
///
/// ```
/// use axum::{http::Request, response::IntoResponse};
/// use axum_responses::{BackgroundTask, Reply, RequestContextLayer, Text, background::Outcome};
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// let ask = async |client_reads: bool| {
///     let (tell, told) = tokio::sync::oneshot::channel();
///     let task = BackgroundTask::told(|outcome| async move { let _ = tell.send(outcome); });
///     let reply: Reply<_> = Reply::new(Text("hello")).background(task);
///     let layer = RequestContextLayer::new();
///     let response = layer.scope(Request::new(()), |_| async { reply.into_response() }).await;
///     if client_reads {
///         axum::body::to_bytes(response.into_body(), 100).await.unwrap();
///     } else {
///         drop(response);
///     }
///     told.await.unwrap()
/// };
/// assert_eq!(ask(true).await, Outcome::Completed);
/// assert_eq!(ask(false).await, Outcome::Aborted);
/// # }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The last byte was handed over, or there was none to hand over (HEAD, 204, 304, a redirect).
    Completed,
    /// The body was dropped before its end: the client left, or the body failed.
    Aborted,
}

/// What a task may end with: nothing, or a result whose error is logged.
///
/// The error is anything that can be displayed. What it says goes to `tracing`, at the level of errors, with the task's
/// [name](BackgroundTask::named); nobody else is told.
///
/// ```
/// use axum_responses::{BackgroundTask, BackgroundTasks, Reply, Text};
/// # use axum::response::IntoResponse;
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// let (done, told) = tokio::sync::oneshot::channel();
/// let tasks = BackgroundTasks::new([
///     BackgroundTask::new(async { Err::<(), _>("the mail server is gone") }),
///     BackgroundTask::new(async { let _ = done.send("all the same"); }),
/// ]);
/// let response = Reply::<_>::new(Text("hello")).background(tasks).into_response();
/// axum::body::to_bytes(response.into_body(), 100).await.unwrap();
/// assert_eq!(told.await.unwrap(), "all the same");
/// # }
/// ```
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
/// A task that fails or panics is logged by `tracing` with its name, and the next one runs. Nothing bounds how long it
/// takes, and it ends with the runtime: see [`BackgroundTracker`](super::BackgroundTracker). Where the response is
/// dropped outside of a runtime, it is lost, and that is logged.
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
    ///
    /// ```
    /// use axum_responses::{BackgroundTask, Reply, Text};
    /// # use axum::response::IntoResponse;
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let (done, mut told) = tokio::sync::oneshot::channel();
    /// let task = BackgroundTask::new(async { let _ = done.send(()); });
    /// let response = Reply::<_>::new(Text("hello")).background(task).into_response();
    /// tokio::task::yield_now().await;
    /// assert!(told.try_recv().is_err()); // the response was made, and nobody has it yet
    ///
    /// drop(response); // the client leaves: it runs all the same
    /// assert!(told.await.is_ok());
    /// # }
    /// ```
    #[must_use]
    pub fn new<F>(future: F) -> Self
    where
        F: Future<Output: TaskOutput> + Send + 'static,
    {
        Self::of(Job::Ready(Box::pin(async { future.await.into_error() })))
    }

    /// A future made from how the response ended.
    ///
    /// The closure is called once the response is through, in the task that the future runs in. If it panics, that is
    /// logged like a panic of the future.
    ///
    /// ```
    /// use axum_responses::{BackgroundTask, Reply, Text, background::Outcome};
    /// # use axum::response::IntoResponse;
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let (tell, told) = tokio::sync::oneshot::channel();
    /// let task = BackgroundTask::told(|outcome| async move {
    ///     let _ = tell.send(if outcome == Outcome::Aborted { "the download was not finished" } else { "thank you" });
    /// });
    /// let response = Reply::<_>::new(Text("hello")).background(task).into_response();
    /// axum::body::to_bytes(response.into_body(), 100).await.unwrap();
    /// assert_eq!(told.await.unwrap(), "thank you");
    /// # }
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

    /// A function that blocks: it runs on tokio's pool for blocking work. The task behind it waits for its end.
    ///
    /// ```
    /// use axum_responses::{BackgroundTask, BackgroundTasks, Reply, Text};
    /// # use axum::response::IntoResponse;
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// # let path = std::env::temp_dir().join(format!("blocking-task-doc-{}", std::process::id()));
    /// # let (log, read) = (path.clone(), path.clone());
    /// let (done, told) = tokio::sync::oneshot::channel();
    /// let tasks = BackgroundTasks::new([
    ///     BackgroundTask::blocking(move || std::fs::write(log, "greeted")), // an error would be logged
    ///     BackgroundTask::new(async move { let _ = done.send(std::fs::read_to_string(read).unwrap()); }),
    /// ]);
    /// let response = Reply::<_>::new(Text("hello")).background(tasks).into_response();
    /// axum::body::to_bytes(response.into_body(), 100).await.unwrap();
    /// assert_eq!(told.await.unwrap(), "greeted");
    /// # std::fs::remove_file(&path).unwrap();
    /// # }
    /// ```
    #[must_use]
    pub fn blocking<F, R>(function: F) -> Self
    where
        F: FnOnce() -> R + Send + 'static,
        R: TaskOutput,
    {
        Self::of(Job::Blocking(Box::new(|| function().into_error())))
    }

    /// The name that log events carry, in the field `task`; `background task` if none is given.
    ///
    /// ```
    /// use axum_responses::BackgroundTask;
    ///
    /// assert!(format!("{:?}", BackgroundTask::new(async {})).contains("background task"));
    /// assert!(format!("{:?}", BackgroundTask::new(async {}).named("send mail")).contains("send mail"));
    /// ```
    #[must_use]
    pub fn named(mut self, name: &'static str) -> Self {
        self.name = name;
        self
    }

    /// Drops the task unrun when the client left before the end. Of several tasks the others run.
    ///
    /// ```
    /// use axum::{http::Request, response::IntoResponse};
    /// use axum_responses::{BackgroundTask, BackgroundTasks, Reply, RequestContextLayer, Text};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let (thank, thanked) = tokio::sync::oneshot::channel();
    /// let (log, logged) = tokio::sync::oneshot::channel();
    /// let reply: Reply<_> = Reply::new(Text("hello")).background(BackgroundTasks::new([
    ///     BackgroundTask::new(async { let _ = thank.send(()); }).unless_aborted(),
    ///     BackgroundTask::new(async { let _ = log.send(()); }),
    /// ]));
    /// let layer = RequestContextLayer::new();
    /// drop(layer.scope(Request::new(()), |_| async { reply.into_response() }).await); // the client leaves
    /// assert!(logged.await.is_ok());
    /// assert!(thanked.await.is_err());
    /// # }
    /// ```
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

/// Several tasks: one after the other, or all at once. All of them are told the same [`Outcome`].
///
/// ```
/// use axum_responses::{BackgroundTask, BackgroundTasks, Reply, Text};
/// # use axum::response::IntoResponse;
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// # fn panics() { panic!("on purpose") }
/// let (done, mut told) = tokio::sync::mpsc::unbounded_channel();
/// # let [one, two] = [done.clone(), done];
/// let in_order = BackgroundTasks::new([
///     BackgroundTask::new(async move { let _ = one.send("first"); }),
///     BackgroundTask::new(async { panics() }), // logged, and no end of the others
///     BackgroundTask::new(async move { let _ = two.send("third"); }),
/// ]);
/// let response = Reply::<_>::new(Text("hello")).background(in_order).into_response();
/// axum::body::to_bytes(response.into_body(), 100).await.unwrap();
/// assert_eq!(told.recv().await, Some("first"));
/// assert_eq!(told.recv().await, Some("third"));
/// # }
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
    /// These tasks, one after the other: the next one starts when the one before has ended, failed or panicked.
    #[must_use]
    pub fn new(tasks: impl IntoIterator<Item = BackgroundTask>) -> Self {
        Self(Plan::InOrder(tasks.into_iter().map(Plan::One).collect()))
    }

    /// The same tasks, all at once, in one task of the runtime.
    ///
    /// ```
    /// use axum_responses::{BackgroundTask, BackgroundTasks, Reply, Text};
    /// # use axum::response::IntoResponse;
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let (ask, asked) = tokio::sync::oneshot::channel();
    /// let (answer, answered) = tokio::sync::oneshot::channel();
    /// let tasks = BackgroundTasks::new([
    ///     BackgroundTask::new(async { let _ = answer.send(asked.await.unwrap() + 1); }), // waits for the other one
    ///     BackgroundTask::new(async { let _ = ask.send(41); }),
    /// ]);
    /// let response = Reply::<_>::new(Text("hello")).background(tasks.concurrent()).into_response();
    /// axum::body::to_bytes(response.into_body(), 100).await.unwrap();
    /// assert_eq!(answered.await.unwrap(), 42);
    /// # }
    /// ```
    #[must_use]
    pub fn concurrent(self) -> Self {
        Self(match self.0 {
            Plan::InOrder(plans) => Plan::AtOnce(plans),
            other => other,
        })
    }

    /// These, and when they are through the others. It is how a plan is put together of parts that run in order and
    /// parts that run at once.
    ///
    /// ```
    /// use axum_responses::{BackgroundTask, BackgroundTasks, Reply, Text};
    /// # use axum::response::IntoResponse;
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let (done, mut told) = tokio::sync::mpsc::unbounded_channel();
    /// # let say = |text: &'static str| {
    /// #     let done = done.clone();
    /// #     BackgroundTask::new(async move { let _ = done.send(text); })
    /// # };
    /// let uploads = BackgroundTasks::new([say("uploaded"), say("uploaded")]).concurrent();
    /// let tasks = uploads.then(say("all are there"));
    /// let response = Reply::<_>::new(Text("hello")).background(tasks).into_response();
    /// axum::body::to_bytes(response.into_body(), 100).await.unwrap();
    /// for text in ["uploaded", "uploaded", "all are there"] {
    ///     assert_eq!(told.recv().await, Some(text));
    /// }
    /// # }
    /// ```
    #[must_use]
    pub fn then(self, others: impl Into<Self>) -> Self {
        let mut plans = self.0.in_order();
        plans.extend(others.into().0.in_order());
        Self(Plan::InOrder(plans))
    }

    /// Leaves them to the response that is being made, unless it has tasks of its own: for middleware, behind the
    /// handler. Tasks that the response gets later run as well, after these.
    ///
    /// Gives them back where there is no [`RequestContext`](crate::RequestContext) in force, or where they were not
    /// needed.
    ///
    /// # Errors
    /// These tasks, which nobody runs.
    ///
    /// ```
    /// use axum::{http::Request, response::IntoResponse};
    /// use axum_responses::{BackgroundTask, BackgroundTasks, RequestContextLayer};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let (done, told) = tokio::sync::oneshot::channel();
    /// let tasks = BackgroundTasks::new([BackgroundTask::new(async { let _ = done.send("ours"); })]);
    /// let tasks = tasks.run_by_default().unwrap_err(); // no context here
    ///
    /// let layer = RequestContextLayer::new();
    /// let response = layer.scope(Request::new(()), |_| async {
    ///     assert!(tasks.run_by_default().is_ok());
    ///     let others = BackgroundTasks::from(BackgroundTask::new(async {}));
    ///     assert!(others.run_by_default().is_err()); // the response has some
    ///     "hello".into_response()
    /// }).await;
    /// axum::body::to_bytes(response.into_body(), 100).await.unwrap();
    /// assert_eq!(told.await.unwrap(), "ours");
    /// # }
    /// ```
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
    /// Its parts, one after the other: so that none stands in another for nothing.
    fn in_order(self) -> Vec<Self> {
        match self {
            Self::InOrder(plans) => plans,
            one => vec![one],
        }
    }

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
