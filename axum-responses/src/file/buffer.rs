//! Buffers that are used again.
//!
//! A fresh one would have to be zeroed before the kernel may write to it: an eighth of what the reading
//! itself takes.

use std::sync::{Mutex, PoisonError};

use bytes::Bytes;

/// The largest piece of a file that is in memory at once: 256 KiB. Larger pieces fall out of the processor's cache,
/// smaller ones cost more calls.
pub(super) const CHUNK: usize = 256 * 1024;

/// Small files are not worth it: theirs are as long as they are.
const FRESH: usize = 16 * 1024;

static MIDDLE: Pool = Pool::new(64 * 1024, 32);
static LARGE: Pool = Pool::new(CHUNK, 32);

struct Pool {
    size: usize,
    /// So many are kept when nobody needs them.
    most: usize,
    spare: Mutex<Vec<Box<[u8]>>>,
}

impl Pool {
    const fn new(size: usize, most: usize) -> Self {
        Self {
            size,
            most,
            spare: Mutex::new(Vec::new()),
        }
    }

    fn take(&self) -> Box<[u8]> {
        let spare = self
            .spare
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .pop();
        spare.unwrap_or_else(|| vec![0; self.size].into_boxed_slice())
    }

    fn keep(&self, buffer: Box<[u8]>) {
        let mut spare = self.spare.lock().unwrap_or_else(PoisonError::into_inner);
        if spare.len() < self.most {
            spare.push(buffer);
        }
    }
}

/// Room for some bytes of a file.
pub(super) struct Buffer {
    bytes: Box<[u8]>,
    length: usize,
    pool: Option<&'static Pool>,
}

impl Buffer {
    /// Room for this many, at most [`CHUNK`].
    pub(super) fn new(length: usize) -> Self {
        let pool = match length {
            ..=FRESH => None,
            _ if length <= MIDDLE.size => Some(&MIDDLE),
            _ => Some(&LARGE),
        };
        let bytes = match pool {
            Some(pool) => pool.take(),
            None => vec![0; length].into_boxed_slice(),
        };
        Self {
            length: length.min(bytes.len()),
            bytes,
            pool,
        }
    }

    pub(super) fn room(&mut self) -> &mut [u8] {
        &mut self.bytes[..self.length]
    }

    /// The first `length` bytes; the buffer goes back when the last of them was sent.
    pub(super) fn into_bytes(mut self, length: usize) -> Bytes {
        self.length = self.length.min(length);
        match self.pool {
            Some(_) => Bytes::from_owner(self),
            None => {
                let mut bytes = Vec::from(std::mem::take(&mut self.bytes));
                bytes.truncate(self.length);
                bytes.into()
            }
        }
    }
}

impl AsRef<[u8]> for Buffer {
    fn as_ref(&self) -> &[u8] {
        &self.bytes[..self.length]
    }
}

impl Drop for Buffer {
    fn drop(&mut self) {
        if let Some(pool) = self.pool {
            pool.keep(std::mem::take(&mut self.bytes));
        }
    }
}
