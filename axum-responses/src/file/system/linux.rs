//! `openat2` and `preadv2`, which answer from the kernel's caches alone when they are asked to.

use std::fs;
use std::io::{self, IoSliceMut};
use std::os::fd::OwnedFd;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

use rustix::fs::{CWD, Mode, OFlags, ResolveFlags, openat2};
use rustix::io::{Errno, ReadWriteFlags, preadv2};

use super::{Attempt, Base, Opened};

/// Without `NONBLOCK` the opening of a FIFO waits for somebody who writes to it.
const READ: OFlags = OFlags::RDONLY
    .union(OFlags::CLOEXEC)
    .union(OFlags::NONBLOCK)
    .union(OFlags::NOCTTY);

/// Not one step of the path may need a disk.
const CACHED: ResolveFlags = ResolveFlags::CACHED;

/// Not one step of the path, symbolic links included, may lead out of the folder.
const BENEATH: ResolveFlags = ResolveFlags::BENEATH.union(ResolveFlags::NO_MAGICLINKS);

pub(super) fn open(base: &Base, path: &Path) -> Attempt<io::Result<Opened>> {
    match open_cached(base, path) {
        Ok(file) => Attempt::Done(Opened::of(file.into(), false)),
        // AGAIN: not cached. The others are final only when a call that may wait gives them, too: an old kernel
        // (NOSYS, INVAL, 2BIG), a sandbox (PERM), a signal.
        Err(
            Errno::AGAIN | Errno::NOSYS | Errno::INVAL | Errno::TOOBIG | Errno::PERM | Errno::INTR,
        ) => Attempt::Ask,
        // The path leads out of the folder.
        Err(Errno::XDEV) => Attempt::Done(Err(io::ErrorKind::NotFound.into())),
        Err(errno) => Attempt::Done(Err(errno.into())),
    }
}

fn open_cached(base: &Base, path: &Path) -> Result<OwnedFd, Errno> {
    let none = Mode::empty();
    match base {
        Base::Ambient => openat2(CWD, path, READ, none, CACHED),
        Base::Held { folder, follow } => {
            let resolve = if *follow {
                CACHED
            } else {
                CACHED.union(BENEATH)
            };
            openat2(&folder.dir, path, READ, none, resolve)
        }
        Base::Once(folder) => {
            let hold = OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC;
            let folder = openat2(CWD, folder.as_path(), hold, none, CACHED)?;
            openat2(&folder, path, READ, none, CACHED.union(BENEATH))
        }
    }
}

pub(super) fn read(
    file: &fs::File,
    device: u64,
    buffer: &mut [u8],
    at: u64,
) -> Attempt<io::Result<usize>> {
    let mut buffers = [IoSliceMut::new(buffer)];
    match preadv2(file, &mut buffers, at, ReadWriteFlags::NOWAIT) {
        Ok(read) => Attempt::Done(Ok(read)),
        Err(Errno::AGAIN | Errno::INTR) => Attempt::Ask,
        // overlayfs, tmpfs and others know no NOWAIT; old kernels and sandboxes no preadv2.
        Err(Errno::OPNOTSUPP | Errno::NOSYS | Errno::INVAL | Errno::PERM) => {
            forgo(device);
            Attempt::Ask
        }
        Err(errno) => Attempt::Done(Err(errno.into())),
    }
}

/// File systems that cannot be read this way. More of them than this are asked in vain each time.
static WITHOUT: [AtomicU64; 8] = [const { AtomicU64::new(NOBODY) }; 8];

/// No device has this number.
const NOBODY: u64 = u64::MAX;

/// Whether nothing is known to the contrary.
pub(super) fn reads_from_cache(device: u64) -> bool {
    WITHOUT
        .iter()
        .all(|without| without.load(Ordering::Relaxed) != device)
}

fn forgo(device: u64) {
    for without in &WITHOUT {
        match without.compare_exchange(NOBODY, device, Ordering::Relaxed, Ordering::Relaxed) {
            Ok(_) => return,
            Err(known) if known == device => return,
            Err(_) => {}
        }
    }
}
