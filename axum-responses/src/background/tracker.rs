//! Counting the tasks, so that a shutdown can wait for them.

use std::fmt;
use std::time::Duration;

use tokio_util::task::TaskTracker;

use super::task::Spawn;

/// Knows the background tasks that run, and waits for them.
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

    /// How many responses have tasks running now. The tasks of one response count once.
    #[must_use]
    pub fn running(&self) -> usize {
        self.0.len()
    }

    /// Waits until no task runs, at most for `deadline`.
    ///
    /// Call it when the server has returned: a response whose body is still on its way has not
    /// started its tasks.
    ///
    /// # Errors
    /// [`StillRunning`] when the deadline passed first. The tasks go on until the runtime ends.
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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StillRunning(
    /// How many responses had tasks running.
    pub usize,
);

impl fmt::Display for StillRunning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the background tasks of {} responses were still running at the deadline",
            self.0
        )
    }
}

impl std::error::Error for StillRunning {}
