//! Files at the boundary: what is opened and what is not, what a client gets when the file changes, and what many
//! clients cost. Each for both ways of reading: from the kernel's caches first, and by jobs alone.

mod change;
mod compat;
mod folder_service;
mod load;
mod memory;
mod opening;
mod precompressed;
mod reader;
mod root;
mod slow_disk;

use std::fs;
use std::path::{Path, PathBuf};
use std::process;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, SystemTime};

use axum::Router;
use axum::extract;
use axum::routing::get;
use axum_responses::file::Opening;
use axum_responses::{File, FileError, Root, with_context};

/// How files are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// From the kernel's caches where it is there.
    CacheFirst,
    /// By jobs of the blocking pool.
    Portable,
}

const WAYS: [Way; 2] = [Way::CacheFirst, Way::Portable];

impl Way {
    fn root(self, folder: impl AsRef<Path>) -> Root {
        let root = Root::open(folder).unwrap();
        match self {
            Self::CacheFirst => root,
            Self::Portable => root.portable(),
        }
    }

    fn of(self, opening: Opening) -> Opening {
        match self {
            Self::CacheFirst => opening,
            Self::Portable => opening.portable(),
        }
    }

    fn open(self, path: impl Into<PathBuf>) -> Opening {
        self.of(File::open(path))
    }
}

/// A folder that is removed in the end. It is where the build is: that is a disk more often than `/tmp`.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        Self::below(env!("CARGO_TARGET_TMPDIR"), name)
    }

    fn below(place: impl AsRef<Path>, name: &str) -> Self {
        static NUMBER: AtomicUsize = AtomicUsize::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let folder = place
            .as_ref()
            .join(format!("file-{name}-{}-{number}", process::id()));
        fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// A file of an age at which its tag is strong; its folders are made.
    fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, content).unwrap();
        set_modified(&path, SystemTime::now() - Duration::from_secs(3600));
        path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn set_modified(path: &Path, time: SystemTime) {
    let file = fs::File::options().write(true).open(path).unwrap();
    file.set_modified(time).unwrap();
}

/// Content of which each eight bytes say where they stand.
fn pattern(length: usize) -> Vec<u8> {
    let words = (0..length.div_ceil(8) as u64).map(|word| (word * 8).to_be_bytes());
    let mut pattern: Vec<u8> = words.flatten().collect();
    pattern.truncate(length);
    pattern
}

/// The files of a root, below `/`.
fn serving(root: Root) -> Router {
    let file = async move |extract::Path(path): extract::Path<String>| -> Result<File, FileError> {
        root.file(&path).await
    };
    Router::new().route("/{*path}", get(with_context(file)))
}

/// The file at this path, at `/`.
fn serving_one(way: Way, path: impl Into<PathBuf>) -> Router {
    let path = path.into();
    let file = async move || -> Result<File, FileError> { way.open(path.clone()).await };
    Router::new().route("/", get(with_context(file)))
}

/// Runs this on a runtime of one thread that may be blocked: the test fails then, and does not hang.
fn within<F, T>(limit: Duration, work: impl FnOnce() -> F + Send + 'static) -> T
where
    F: Future<Output = T>,
    T: Send + 'static,
{
    let (sender, receiver) = mpsc::channel();
    let runs = thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        let result = runtime.block_on(work());
        // With it goes what still runs, and what that holds open.
        drop(runtime);
        let _ = sender.send(result);
    });
    match receiver.recv_timeout(limit) {
        Ok(result) => result,
        Err(mpsc::RecvTimeoutError::Timeout) => panic!("nothing within {limit:?}"),
        Err(mpsc::RecvTimeoutError::Disconnected) => match runs.join() {
            Err(panic) => std::panic::resume_unwind(panic),
            Ok(()) => panic!("no result"),
        },
    }
}

/// Held by those who measure, so that they do not measure each other.
static ALONE: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());

/// Far away.
const LIMIT: Duration = Duration::from_secs(20);
