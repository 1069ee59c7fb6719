//! What every system has: calls that may wait, for the blocking pool.

use std::fs;
use std::io;
use std::path::Path;
#[cfg(not(unix))]
use std::path::PathBuf;

use cap_std::ambient_authority;
use cap_std::fs::Dir;

use super::{Base, Folder, Opened};

/// As `READ` on Linux: the opening of a FIFO must not wait.
#[cfg(unix)]
const READ: rustix::fs::OFlags = rustix::fs::OFlags::NONBLOCK.union(rustix::fs::OFlags::NOCTTY);

/// Opens a folder, to hold it.
///
/// # Errors
/// Those of the operating system.
pub(in crate::file) fn open_folder(path: &Path) -> io::Result<Folder> {
    Ok(Folder {
        dir: Dir::open_ambient_dir(path, ambient_authority())?,
        #[cfg(not(unix))]
        path: PathBuf::from(path),
    })
}

/// Opens a regular file.
///
/// # Errors
/// Those of the operating system; `NotFound` for a path that leads out of its folder, `IsADirectory` for all that
/// is no regular file.
pub(in crate::file) fn open(base: &Base, path: &Path, portable: bool) -> io::Result<Opened> {
    let file = match base {
        Base::Ambient => open_ambient(path),
        Base::Held {
            folder,
            follow: false,
        } => open_beneath(&folder.dir, path),
        Base::Held {
            folder,
            follow: true,
        } => open_from(folder, path),
        Base::Once(folder) => Dir::open_ambient_dir(folder, ambient_authority())
            .and_then(|dir| open_beneath(&dir, path)),
    }?;
    Opened::of(file, portable)
}

fn open_ambient(path: &Path) -> io::Result<fs::File> {
    let mut options = fs::OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.custom_flags(READ.bits().cast_signed());
    }
    options.open(path)
}

/// The descriptor that is opened is proved to be below the folder, step by step where the system cannot do it.
fn open_beneath(dir: &Dir, path: &Path) -> io::Result<fs::File> {
    let mut options = cap_std::fs::OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    {
        use cap_std::fs::OpenOptionsExt;
        options.custom_flags(READ.bits().cast_signed());
    }
    match dir.open_with(path, &options) {
        Ok(file) => Ok(file.into_std()),
        // An escape; what the system refuses has a number.
        Err(error)
            if error.kind() == io::ErrorKind::PermissionDenied
                && error.raw_os_error().is_none() =>
        {
            Err(io::ErrorKind::NotFound.into())
        }
        Err(error) => Err(error),
    }
}

/// Links may lead anywhere.
#[cfg(unix)]
fn open_from(folder: &Folder, path: &Path) -> io::Result<fs::File> {
    use rustix::fs::{Mode, OFlags, openat};

    let flags = READ | OFlags::RDONLY | OFlags::CLOEXEC;
    Ok(openat(&folder.dir, path, flags, Mode::empty())?.into())
}

#[cfg(not(unix))]
fn open_from(folder: &Folder, path: &Path) -> io::Result<fs::File> {
    open_ambient(&folder.path.join(path))
}

/// Fills the buffer.
///
/// # Errors
/// Those of the operating system; `UnexpectedEof` when the file ends earlier.
pub(in crate::file) fn read_exact_at(
    file: &fs::File,
    mut buffer: &mut [u8],
    mut at: u64,
) -> io::Result<()> {
    while !buffer.is_empty() {
        match read_at(file, buffer, at) {
            Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
            Ok(read) => {
                at += read as u64;
                buffer = &mut buffer[read..];
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

#[cfg(unix)]
fn read_at(file: &fs::File, buffer: &mut [u8], at: u64) -> io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, buffer, at)
}

#[cfg(windows)]
fn read_at(file: &fs::File, buffer: &mut [u8], at: u64) -> io::Result<usize> {
    std::os::windows::fs::FileExt::seek_read(file, buffer, at)
}
