//! The folder that everybody serves.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, SystemTime};

/// More than one piece of what any server reads at once.
pub(super) const LARGE: u64 = 300_000;

/// How long the files are. Each is named after its length.
const SIZES: [u64; 6] = [0, 1, 10, 100, 1000, LARGE];

/// When all of them were last modified, in each format that a date may have (RFC 9110 §5.6.7).
pub(super) const DATE: &str = "Tue, 14 Nov 2023 22:13:20 GMT";
pub(super) const DATE_RFC850: &str = "Tuesday, 14-Nov-23 22:13:20 GMT";
pub(super) const DATE_ASCTIME: &str = "Tue Nov 14 22:13:20 2023";
pub(super) const EARLIER: &str = "Tue, 14 Nov 2023 22:13:19 GMT";
pub(super) const LATER: &str = "Tue, 14 Nov 2023 22:13:21 GMT";
pub(super) const LATER_RFC850: &str = "Tuesday, 14-Nov-23 22:13:21 GMT";
pub(super) const EARLIER_ASCTIME: &str = "Tue Nov 14 22:13:19 2023";
/// Not yet.
pub(super) const FUTURE: &str = "Tue, 31 Dec 2199 23:59:59 GMT";
const SECONDS: Duration = Duration::from_secs(1_700_000_000);

/// A file of the folder, or none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Of {
    /// So many bytes
    Bytes(u64),
    /// The same, under the weak tag [`WEAK`]
    Weak(u64),
    /// No file
    Missing,
}

/// The tag of what is [`Of::Weak`].
pub(super) const WEAK: &str = r#"W/"mine""#;

impl Of {
    pub(super) fn path(self) -> String {
        match self {
            Self::Bytes(size) => format!("/{size}.txt"),
            Self::Weak(size) => format!("/weak/{size}.txt"),
            Self::Missing => "/missing.txt".to_owned(),
        }
    }

    pub(super) fn content(self) -> Vec<u8> {
        match self {
            Self::Bytes(size) | Self::Weak(size) => content(size),
            Self::Missing => Vec::new(),
        }
    }
}

/// Letters in a disorder that is always the same: a slice is found in one place.
fn content(size: u64) -> Vec<u8> {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-\n";
    let mut state = 1_u32;
    let letters = (0..size).map(|_| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        LETTERS[usize::from(state.to_be_bytes()[0] & 63)]
    });
    letters.collect()
}

/// A folder that is gone when its test is.
#[derive(Debug)]
pub(super) struct Folder {
    home: PathBuf,
}

impl Folder {
    pub(super) fn new() -> Self {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let name = format!(
            "axum-responses-{}-{}",
            std::process::id(),
            NEXT.fetch_add(1, Ordering::Relaxed)
        );
        let folder = Self {
            home: std::env::temp_dir().join(name),
        };
        fs::create_dir_all(folder.files()).unwrap();
        fs::create_dir_all(folder.work()).unwrap();
        for size in SIZES {
            let path = folder.files().join(format!("{size}.txt"));
            fs::write(&path, content(size)).unwrap();
            let file = fs::File::options().write(true).open(&path).unwrap();
            file.set_modified(SystemTime::UNIX_EPOCH + SECONDS).unwrap();
        }
        folder
    }

    /// What is served.
    pub(super) fn files(&self) -> PathBuf {
        self.home.join("files")
    }

    /// What a server needs for itself.
    pub(super) fn work(&self) -> PathBuf {
        self.home.join("work")
    }

    pub(super) fn home(&self) -> &Path {
        &self.home
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        drop(fs::remove_dir_all(&self.home));
    }
}
