//! Where the plain functions of a paginator run.

use std::fmt;
use std::panic::resume_unwind;
use std::sync::Arc;

use tokio::task::{JoinHandle, spawn_blocking};

use crate::rejection::PageError;

/// Runs a paginator of plain functions on tokio's blocking pool: for what waits, for a disk or a lock.
///
/// A page is one job, in which the items are counted and fetched. A job whose client has left before its turn is not
/// run; one that has begun ends by itself. A panic inside goes on in the handler.
///
/// ```
/// use std::num::NonZeroU64;
/// use axum_pagination::{Blocking, OffsetPaginator, OffsetParams, SyncOffsetPaginator};
///
/// struct Lines(std::path::PathBuf);
///
/// impl SyncOffsetPaginator for Lines {
///     type Item = String;
///     type Error = std::io::Error;
///
///     fn get_total(&self) -> std::io::Result<u64> {
///         Ok(std::fs::read_to_string(&self.0)?.lines().count() as u64)
///     }
///
///     fn get_items(&self, limit: NonZeroU64, offset: u64) -> std::io::Result<Vec<String>> {
///         let text = std::fs::read_to_string(&self.0)?;
///         Ok(text.lines().skip(offset as usize).take(limit.get() as usize).map(str::to_owned).collect())
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// let lines = Blocking::new(Lines("Cargo.toml".into()));
/// let page = lines.paginate(OffsetParams::<20, 100>::new(1, 0).unwrap()).await.unwrap();
/// assert_eq!(page.items, ["[package]"]);
/// assert_eq!(lines.inner().0, std::path::Path::new("Cargo.toml"));
///
/// let lost = Blocking::new(Lines("no such file".into()));
/// let error = lost.paginate(OffsetParams::<20, 100>::default()).await.unwrap_err();
/// assert_eq!(error.status(), 500); // the cause is logged
/// # }
/// ```
#[must_use]
pub struct Blocking<P>(Arc<P>);

impl<P> Blocking<P> {
    /// This paginator, on the blocking pool of the tokio runtime that a page is asked for in.
    ///
    /// ```
    /// use std::{convert::Infallible, num::NonZeroU64, thread::ThreadId};
    /// use axum_pagination::{Blocking, CursorPaginator, CursorParams, SyncCursorPaginator};
    ///
    /// struct Threads;
    ///
    /// impl SyncCursorPaginator for Threads {
    ///     type Item = ThreadId;
    ///     type Cursor = u32;
    ///     type Error = Infallible;
    ///
    ///     fn get_items(&self, _: Option<u32>, _: NonZeroU64) -> Result<(Vec<ThreadId>, Option<u32>), Infallible> {
    ///         Ok((vec![std::thread::current().id()], None))
    ///     }
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let page = Blocking::new(Threads).paginate(CursorParams::<20, 100>::default()).await.unwrap();
    /// assert_ne!(page.items, [std::thread::current().id()]);
    /// # }
    /// ```
    pub fn new(paginator: P) -> Self {
        Self(Arc::new(paginator))
    }

    /// The paginator itself.
    #[must_use]
    pub fn inner(&self) -> &P {
        &self.0
    }

    /// One job of the pool; errors become ours in there, so that they need not be sent.
    pub(crate) async fn run<T, F>(&self, job: F) -> Result<T, PageError>
    where
        P: Send + Sync + 'static,
        T: Send + 'static,
        F: FnOnce(&P) -> Result<T, PageError> + Send + 'static,
    {
        let paginator = Arc::clone(&self.0);
        let mut job = Dropped(spawn_blocking(move || job(&paginator)));
        match (&mut job.0).await {
            Ok(result) => result,
            Err(error) => match error.try_into_panic() {
                Ok(panic) => resume_unwind(panic),
                Err(cancelled) => Err(PageError::source(cancelled)),
            },
        }
    }
}

/// Takes the job back from the queue when nobody waits for it any more.
struct Dropped<T>(JoinHandle<T>);

impl<T> Drop for Dropped<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl<P> Clone for Blocking<P> {
    /// Another handle on the same paginator.
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<P: fmt::Debug> fmt::Debug for Blocking<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Blocking").field(&self.0).finish()
    }
}

/// Runs a paginator of plain functions where it is called: for what only computes.
///
/// What waits, for a disk or a lock, holds up every other request of the thread: that is for [`Blocking`].
///
/// ```
/// use std::convert::Infallible;
/// use std::num::NonZeroU64;
/// use axum_pagination::{ClassicPaginator, ClassicParams, Inline, SyncClassicPaginator};
///
/// struct Squares;
///
/// impl SyncClassicPaginator for Squares {
///     type Item = u64;
///     type Error = Infallible;
///
///     fn get_total(&self) -> Result<u64, Infallible> {
///         Ok(10)
///     }
///
///     fn get_items(&self, size: NonZeroU64, page: NonZeroU64) -> Result<Vec<u64>, Infallible> {
///         let from = (page.get() - 1) * size.get();
///         Ok((from..10).take(size.get() as usize).map(|n| n * n).collect())
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// let page = Inline::new(Squares).paginate(ClassicParams::<20, 100>::new(4, 3).unwrap()).await.unwrap();
/// assert_eq!((page.items, page.total_pages), (vec![64, 81], 3));
/// # }
/// ```
#[derive(Clone, Copy, Debug, Default)]
#[must_use]
pub struct Inline<P>(P);

impl<P> Inline<P> {
    /// This paginator, where it is called.
    ///
    /// ```
    /// use std::{convert::Infallible, num::NonZeroU64, thread::ThreadId};
    /// use axum_pagination::{Inline, CursorPaginator, CursorParams, SyncCursorPaginator};
    ///
    /// struct Threads;
    ///
    /// impl SyncCursorPaginator for Threads {
    ///     type Item = ThreadId;
    ///     type Cursor = u32;
    ///     type Error = Infallible;
    ///
    ///     fn get_items(&self, _: Option<u32>, _: NonZeroU64) -> Result<(Vec<ThreadId>, Option<u32>), Infallible> {
    ///         Ok((vec![std::thread::current().id()], None))
    ///     }
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let page = Inline::new(Threads).paginate(CursorParams::<20, 100>::default()).await.unwrap();
    /// assert_eq!(page.items, [std::thread::current().id()]);
    /// # }
    /// ```
    pub fn new(paginator: P) -> Self {
        Self(paginator)
    }

    /// The paginator itself.
    #[must_use]
    pub fn inner(&self) -> &P {
        &self.0
    }
}
