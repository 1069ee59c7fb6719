//! Counting the tasks, so that a shutdown can wait for them.

use std::fmt;
use std::time::Duration;

use tokio_util::task::TaskTracker;

use super::task::Spawn;

/// Knows the background tasks that run, and waits for them.
///
/// Cloning gives another handle to the same one. It counts the tasks of responses inside the
/// [`RequestContextLayer`](crate::RequestContextLayer) that it is registered with, and no others.
///
/// ```no_run
/// use std::time::Duration;
/// use axum::{Router, ServiceExt, extract::Request};
/// use axum_responses::{BackgroundTracker, RequestContextLayer};
/// use tower::Layer;
///
/// # async fn run(router: Router, listener: tokio::net::TcpListener) -> std::io::Result<()> {
/// let tracker = BackgroundTracker::new();
/// let app = RequestContextLayer::new().background_tracker(tracker.clone()).layer(router);
/// axum::serve(listener, ServiceExt::<Request>::into_make_service(app)).await?;
/// if let Err(left) = tracker.wait(Duration::from_secs(10)).await {
///     eprintln!("{left}");
/// }
/// # Ok(()) }
/// ```
#[derive(Clone, Debug, Default)]
pub struct BackgroundTracker(TaskTracker);

impl BackgroundTracker {
    /// A tracker that counts nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// How many responses have tasks running now. The tasks of one response count once, and from the moment that it is
    /// through.
    #[must_use]
    pub fn running(&self) -> usize {
        self.0.len()
    }

    /// Waits until no task runs, at most for `deadline`.
    ///
    /// Call it when the server has returned: a response whose body is still on its way has not
    /// started its tasks. It may be called again; tasks that start meanwhile are taken.
    ///
    /// # Errors
    /// [`StillRunning`] when the deadline passed first. The tasks go on until the runtime ends.
    ///
    /// # Panics
    /// On a runtime that was built without a timer.
    ///
    /// ```
    /// use std::time::Duration;
    /// use axum::{Router, body::Body, http::Request, routing::get};
    /// use axum_responses::{BackgroundTask, BackgroundTracker, Reply, RequestContextLayer, Text};
    /// # use tower::ServiceExt;
    ///
    /// async fn hello() -> Reply<Text<&'static str>> {
    ///     let slow = BackgroundTask::new(tokio::time::sleep(Duration::from_secs(30)));
    ///     Reply::new(Text("hello")).background(slow)
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread", start_paused = true)] async fn main() {
    /// let tracker = BackgroundTracker::new();
    /// let app = Router::new()
    ///     .route("/", get(hello))
    ///     .layer(RequestContextLayer::new().background_tracker(tracker.clone()));
    /// let response = app.oneshot(Request::get("/").body(Body::empty()).unwrap()).await.unwrap();
    /// assert!(tracker.wait(Duration::ZERO).await.is_ok()); // it is not through yet
    ///
    /// axum::body::to_bytes(response.into_body(), 100).await.unwrap();
    /// assert_eq!(tracker.running(), 1);
    /// assert_eq!(tracker.wait(Duration::from_secs(10)).await.unwrap_err().0, 1);
    /// assert!(tracker.wait(Duration::from_secs(30)).await.is_ok());
    /// # }
    /// ```
    pub async fn wait(&self, deadline: Duration) -> Result<(), StillRunning> {
        self.0.close(); // what "closed" means to it: that the waiting may end; tasks are still taken
        tokio::time::timeout(deadline, self.0.wait())
            .await
            .map_err(|_| StillRunning(self.running()))
    }
}

impl Spawn for Option<&BackgroundTracker> {
    fn spawn(self, future: impl Future<Output = ()> + Send + 'static) {
        match self {
            Some(tracker) => drop(tracker.0.spawn(future)),
            None => drop(tokio::spawn(future)),
        }
    }
}

/// Tasks had not ended when the deadline passed.
///
/// Displayed: `the background tasks of 2 responses were still running at the deadline`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StillRunning(
    /// How many responses had tasks running.
    pub usize,
);

impl fmt::Display for StillRunning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (number, responses) = (self.0, if self.0 == 1 { "response" } else { "responses" });
        write!(
            f,
            "the background tasks of {number} {responses} were still running at the deadline"
        )
    }
}

impl std::error::Error for StillRunning {}
