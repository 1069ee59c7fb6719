//! Opening and reading, in the two ways there are.
//!
//! On Linux both are tried on the runtime's thread first: they answer from the kernel's caches or not at all.
//! What is not cached, and everything elsewhere, is a job of the blocking pool.

#[cfg(target_os = "linux")]
mod linux;
mod portable;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

pub(super) use self::portable::{open, open_folder, read_exact_at};

/// Where a path begins.
#[derive(Clone, Debug)]
pub(super) enum Base {
    /// Where the operating system says.
    Ambient,
    /// In a folder that is held open.
    Held {
        folder: Arc<Folder>,
        /// Whether symbolic links may lead out of it.
        follow: bool,
    },
    /// In a folder that is opened for once; links do not lead out of it.
    Once(PathBuf),
}

/// A folder that is held open: what is below it stays what it was, also when it is moved.
#[derive(Debug)]
pub(super) struct Folder {
    dir: cap_std::fs::Dir,
    #[cfg(not(unix))]
    path: PathBuf,
}

/// What the kernel said at once, or that the blocking pool must be asked.
#[derive(Debug)]
pub(super) enum Attempt<T> {
    Done(T),
    Ask,
}

/// An open, regular file and what its descriptor says of it.
#[derive(Debug)]
pub(super) struct Opened {
    pub(super) file: fs::File,
    pub(super) length: u64,
    pub(super) modified: Option<SystemTime>,
    /// Zero where there are none.
    pub(super) inode: u64,
    pub(super) reading: Reading,
}

/// How a file is read.
#[derive(Clone, Copy, Debug)]
pub(super) enum Reading {
    /// By jobs of the blocking pool.
    Jobs,
    /// From the page cache where it is there, else by a job.
    #[cfg_attr(
        not(target_os = "linux"),
        expect(dead_code, reason = "there is no such call")
    )]
    CacheFirst {
        /// The file system it is on.
        device: u64,
    },
}

impl Opened {
    /// Asks the descriptor, which no rename can exchange.
    ///
    /// # Errors
    /// Those of `fstat`, and `IsADirectory` for all that is no regular file.
    pub(super) fn of(file: fs::File, portable: bool) -> io::Result<Self> {
        let metadata = file.metadata()?;
        if !metadata.is_file() {
            return Err(io::ErrorKind::IsADirectory.into());
        }
        #[cfg(unix)]
        let (inode, device) = {
            use std::os::unix::fs::MetadataExt;
            (metadata.ino(), metadata.dev())
        };
        #[cfg(not(unix))]
        let (inode, device) = (0, 0);
        Ok(Self {
            length: metadata.len(),
            modified: metadata.modified().ok(),
            inode,
            reading: Reading::of(device, portable),
            file,
        })
    }
}

impl Reading {
    fn of(device: u64, portable: bool) -> Self {
        #[cfg(target_os = "linux")]
        if !portable && linux::reads_from_cache(device) {
            return Self::CacheFirst { device };
        }
        let _ = (device, portable);
        Self::Jobs
    }
}

/// Opens without ever waiting for a disk.
pub(super) fn try_open(base: &Base, path: &Path) -> Attempt<io::Result<Opened>> {
    #[cfg(target_os = "linux")]
    return linux::open(base, path);
    #[cfg(not(target_os = "linux"))]
    {
        let _ = (base, path);
        Attempt::Ask
    }
}

/// Reads without ever waiting for a disk. Fewer bytes than there is room for are no end; none are.
pub(super) fn try_read(
    file: &fs::File,
    reading: Reading,
    buffer: &mut [u8],
    at: u64,
) -> Attempt<io::Result<usize>> {
    match reading {
        Reading::Jobs => Attempt::Ask,
        #[cfg(target_os = "linux")]
        Reading::CacheFirst { device } => linux::read(file, device, buffer, at),
        #[cfg(not(target_os = "linux"))]
        Reading::CacheFirst { .. } => {
            let _ = (file, buffer, at);
            Attempt::Ask
        }
    }
}
