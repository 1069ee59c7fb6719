//! Paginators of plain functions, on the blocking pool and where they are called.

use std::num::NonZeroU64;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::thread::{self, ThreadId};
use std::time::Duration;

use axum_pagination::{
    Blocking, ClassicPaginator, ClassicParams, CursorPaginator, CursorParams, Inline,
    OffsetPaginator, OffsetParams, PageError, SyncClassicPaginator, SyncCursorPaginator,
    SyncOffsetPaginator,
};

/// Ten numbers, and the threads that they were asked for on.
#[derive(Clone, Default)]
struct Ten {
    threads: Arc<Mutex<Vec<ThreadId>>>,
}

impl Ten {
    fn note(&self) {
        self.threads.lock().unwrap().push(thread::current().id());
    }

    fn range(from: u64, size: NonZeroU64) -> Vec<u64> {
        (from..10)
            .take(usize::try_from(size.get()).unwrap())
            .collect()
    }
}

impl SyncClassicPaginator for Ten {
    type Item = u64;
    type Error = std::io::Error;

    fn get_total(&self) -> std::io::Result<u64> {
        self.note();
        Ok(10)
    }

    fn get_items(&self, size: NonZeroU64, page: NonZeroU64) -> std::io::Result<Vec<u64>> {
        self.note();
        Ok(Self::range((page.get() - 1) * size.get(), size))
    }
}

impl SyncOffsetPaginator for Ten {
    type Item = u64;
    type Error = std::io::Error;

    fn get_total(&self) -> std::io::Result<u64> {
        self.note();
        Ok(10)
    }

    fn get_items(&self, limit: NonZeroU64, offset: u64) -> std::io::Result<Vec<u64>> {
        self.note();
        if offset == 7 {
            return Err(std::io::Error::other("seven"));
        }
        Ok(Self::range(offset, limit))
    }
}

impl SyncCursorPaginator for Ten {
    type Item = u64;
    type Cursor = u64;
    type Error = std::convert::Infallible;

    fn get_items(
        &self,
        cursor: Option<u64>,
        size: NonZeroU64,
    ) -> Result<(Vec<u64>, Option<u64>), Self::Error> {
        self.note();
        let items = Self::range(cursor.unwrap_or_default(), size);
        let next = items.last().map(|last| last + 1).filter(|next| *next < 10);
        Ok((items, next))
    }
}

fn params() -> (ClassicParams, OffsetParams, CursorParams) {
    (
        ClassicParams::new(4, 3).unwrap(),
        OffsetParams::new(4, 8).unwrap(),
        CursorParams::new(Some("8"), 4).unwrap(),
    )
}

#[tokio::test]
async fn inline_runs_where_it_is_called() {
    let ten = Ten::default();
    let (classic, offset, cursor) = params();
    let inline = Inline::new(ten.clone());
    assert_eq!(
        ClassicPaginator::paginate(&inline, classic)
            .await
            .unwrap()
            .items,
        [8, 9]
    );
    assert_eq!(
        OffsetPaginator::paginate(&inline, offset)
            .await
            .unwrap()
            .items,
        [8, 9]
    );
    assert_eq!(
        CursorPaginator::paginate(&inline, cursor)
            .await
            .unwrap()
            .items,
        [8, 9]
    );
    let threads = ten.threads.lock().unwrap();
    assert_eq!(*threads, vec![thread::current().id(); 5]);
}

#[tokio::test]
async fn blocking_never_runs_where_it_is_called() {
    let ten = Ten::default();
    let (classic, offset, cursor) = params();
    let blocking = Blocking::new(ten.clone());
    assert_eq!(
        ClassicPaginator::paginate(&blocking, classic)
            .await
            .unwrap()
            .items,
        [8, 9]
    );
    assert_eq!(
        OffsetPaginator::paginate(&blocking, offset)
            .await
            .unwrap()
            .items,
        [8, 9]
    );
    assert_eq!(
        CursorPaginator::paginate(&blocking, cursor)
            .await
            .unwrap()
            .items,
        [8, 9]
    );
    let threads = ten.threads.lock().unwrap();
    assert_eq!(threads.len(), 5);
    assert!(!threads.contains(&thread::current().id()));
}

#[tokio::test]
async fn errors_of_plain_functions_are_page_errors() {
    let seven = OffsetParams::<20, 100>::new(1, 7).unwrap();
    let blocking = Blocking::new(Ten::default());
    let error = OffsetPaginator::paginate(&blocking, seven.clone())
        .await
        .unwrap_err();
    assert!(matches!(error, PageError::Source(error) if error.to_string() == "seven"));
    let inline = Inline::new(Ten::default());
    let error = OffsetPaginator::page(&inline, seven).await.unwrap_err();
    assert!(matches!(error, PageError::Source(error) if error.to_string() == "seven"));
}

/// Counts how often it is asked; says when it is, and waits to be let go.
struct Gate {
    asked: Arc<AtomicUsize>,
    entered: mpsc::Sender<()>,
    release: Mutex<mpsc::Receiver<()>>,
}

impl SyncClassicPaginator for Gate {
    type Item = ();
    type Error = PageError;

    fn get_total(&self) -> Result<u64, PageError> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        self.entered.send(()).unwrap();
        let release = self.release.lock().unwrap();
        release.recv_timeout(Duration::from_secs(10)).unwrap();
        Ok(1)
    }

    fn get_items(&self, _: NonZeroU64, _: NonZeroU64) -> Result<Vec<()>, PageError> {
        Ok(vec![()])
    }
}

#[test]
fn a_page_that_nobody_waits_for_is_not_begun() {
    // One thread: the second page has to wait for the first one.
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .max_blocking_threads(1)
        .enable_time()
        .build()
        .unwrap();
    let (entered, has_entered) = mpsc::channel();
    let (let_go, release) = mpsc::channel();
    let asked = Arc::new(AtomicUsize::new(0));
    let gate = Blocking::new(Gate {
        asked: Arc::clone(&asked),
        entered,
        release: Mutex::new(release),
    });
    let ask = |gate: Blocking<Gate>| async move {
        gate.paginate(ClassicParams::<20, 100>::default()).await
    };

    let first = runtime.spawn(ask(gate.clone()));
    has_entered.recv_timeout(Duration::from_secs(10)).unwrap();
    let second = ask(gate.clone());
    runtime.block_on(async {
        let waited = tokio::time::timeout(Duration::from_millis(20), second).await;
        assert!(waited.is_err(), "it went past the gate");
    });
    let_go.send(()).unwrap();
    assert_eq!(runtime.block_on(first).unwrap().unwrap().items.len(), 1);
    let_go.send(()).unwrap(); // for a third one, which shows that the queue is empty
    assert!(runtime.block_on(ask(gate)).is_ok());
    assert_eq!(asked.load(Ordering::Relaxed), 2);
}

struct Bomb;

impl SyncClassicPaginator for Bomb {
    type Item = ();
    type Error = PageError;

    fn get_total(&self) -> Result<u64, PageError> {
        panic!("the bomb")
    }

    fn get_items(&self, _: NonZeroU64, _: NonZeroU64) -> Result<Vec<()>, PageError> {
        Ok(Vec::new())
    }
}

#[tokio::test]
async fn a_panic_on_the_blocking_pool_goes_on_in_the_handler() {
    let handler = tokio::spawn(async {
        Blocking::new(Bomb)
            .paginate(ClassicParams::<20, 100>::default())
            .await
    });
    let panic = handler.await.unwrap_err().into_panic();
    assert_eq!(panic.downcast_ref::<&str>(), Some(&"the bomb"));
}
