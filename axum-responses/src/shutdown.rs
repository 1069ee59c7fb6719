//! The signal that tells endless responses to end.

use tokio_util::sync::{CancellationToken, WaitForCancellationFutureOwned};

/// A shutdown signal: fired once, seen by every clone. There is no way back.
///
/// A signal that is dropped is not fired: who waits for one that nobody can fire any more waits for ever.
///
/// ```
/// use axum_responses::Shutdown;
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// let (ours, theirs) = (Shutdown::new(), Shutdown::new());
/// let clone = ours.clone();
/// clone.fire();
/// ours.fired().await; // at once, and as often as one likes
/// assert!(ours.is_fired());
/// assert!(!theirs.is_fired()); // made by itself, another signal
/// # }
/// ```
///
/// Registered with [`RequestContextLayer::shutdown`](crate::RequestContextLayer::shutdown) it ends
/// all server-sent event streams; the same value drives axum's own graceful shutdown:
///
/// ```no_run
/// use axum::{Router, ServiceExt, extract::Request};
/// use axum_responses::{RequestContextLayer, Shutdown};
/// use tower::Layer;
///
/// # async fn run(router: Router) -> std::io::Result<()> {
/// let shutdown = Shutdown::on(async { drop(tokio::signal::ctrl_c().await) });
/// let app = RequestContextLayer::new().shutdown(shutdown.clone()).layer(router);
/// let listener = tokio::net::TcpListener::bind("127.0.0.1:3000").await?;
/// axum::serve(listener, ServiceExt::<Request>::into_make_service(app))
///     .with_graceful_shutdown(shutdown.fired())
///     .await
/// # }
/// ```
#[derive(Clone, Debug, Default)]
pub struct Shutdown(CancellationToken);

impl Shutdown {
    /// A signal that [`fire`](Self::fire) gives, and nothing else.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A signal that is given when `future` ends; it is awaited in a task of its own.
    ///
    /// [`fire`](Self::fire) may come before. A future that panics ends the task, and the signal is not given.
    ///
    /// ```
    /// use axum_responses::Shutdown;
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    /// let shutdown = Shutdown::on(async { drop(stopped.await) });
    /// assert!(!shutdown.is_fired());
    /// stop.send(()).unwrap();
    /// shutdown.fired().await;
    /// assert!(shutdown.is_fired());
    /// # }
    /// ```
    ///
    /// # Panics
    /// Outside of a tokio runtime.
    pub fn on(future: impl Future<Output = ()> + Send + 'static) -> Self {
        let shutdown = Self::new();
        let fired = shutdown.clone();
        tokio::spawn(async move {
            future.await;
            fired.fire();
        });
        shutdown
    }

    /// Gives the signal. A second time changes nothing.
    pub fn fire(&self) {
        self.0.cancel();
    }

    /// Whether it was given. It does not wait.
    #[must_use]
    pub fn is_fired(&self) -> bool {
        self.0.is_cancelled()
    }

    /// Waits for the signal; where it was given already, not at all.
    ///
    /// The future is `'static` and holds on to the signal: axum's `with_graceful_shutdown` takes it. A [`Shutdown`]
    /// itself can be awaited as well.
    ///
    /// ```
    /// use axum_responses::Shutdown;
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let shutdown = Shutdown::new();
    /// let waiting = tokio::spawn(shutdown.fired());
    /// assert!(!waiting.is_finished());
    /// shutdown.fire();
    /// waiting.await.unwrap();
    /// shutdown.await;
    /// # }
    /// ```
    pub fn fired(&self) -> Fired {
        Fired(Box::pin(self.0.clone().cancelled_owned()))
    }
}

/// The future of [`Shutdown::fired`].
#[must_use = "futures do nothing unless polled"]
#[derive(Debug)]
pub struct Fired(std::pin::Pin<Box<WaitForCancellationFutureOwned>>);

impl Future for Fired {
    type Output = ();

    fn poll(
        mut self: std::pin::Pin<&mut Self>,
        cx: &mut std::task::Context<'_>,
    ) -> std::task::Poll<()> {
        self.0.as_mut().poll(cx)
    }
}

/// Awaiting a shutdown, or giving it to `until(..)`, is waiting for the signal.
impl IntoFuture for Shutdown {
    type Output = ();
    type IntoFuture = Fired;

    fn into_future(self) -> Fired {
        self.fired()
    }
}
