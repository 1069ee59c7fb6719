//! Buffers that are used again.
//!
//! A fresh one would have to be zeroed before the kernel may write to it: an eighth of what the reading
//! itself takes.

use std::ops::Range;
use std::sync::{Mutex, PoisonError};

use bytes::Bytes;

/// The largest piece of a file that is in memory at once: 256 KiB. Larger pieces fall out of the processor's cache,
/// smaller ones cost more calls.
pub(super) const CHUNK: usize = 256 * 1024;

/// Less is not worth it: such buffers are as long as their files.
const FRESH: usize = 4 * 1024;

static SMALL: Pool = Pool::new(16 * 1024, 64);
static MIDDLE: Pool = Pool::new(64 * 1024, 32);
static LARGE: Pool = Pool::new(CHUNK, 32);

/// Buffers begin at a multiple of it, as the pages of a file do. Processors that copy from page to page with one
/// instruction take three times as long where one end lies 1 to 31 bytes behind the other, and 16 bytes is where
/// allocators put what they give.
const PAGE: usize = 4096;

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

    /// The one whose buffers are long enough and no longer than they must be.
    fn of(length: usize) -> Option<&'static Self> {
        match length {
            ..=FRESH => None,
            _ if length <= SMALL.size => Some(&SMALL),
            _ if length <= MIDDLE.size => Some(&MIDDLE),
            _ => Some(&LARGE),
        }
    }

    fn take(&self) -> Box<[u8]> {
        let spare = self
            .spare
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .pop();
        spare.unwrap_or_else(|| vec![0; self.size + PAGE].into_boxed_slice())
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
    room: Range<usize>,
    pool: Option<&'static Pool>,
}

impl Buffer {
    /// Room for this many, at most [`CHUNK`].
    pub(super) fn new(length: usize) -> Self {
        let Some(pool) = Pool::of(length) else {
            return Self {
                bytes: vec![0; length].into_boxed_slice(),
                room: 0..length,
                pool: None,
            };
        };
        let bytes = pool.take();
        let start = bytes.as_ptr().align_offset(PAGE).min(PAGE);
        Self {
            bytes,
            room: start..start + length.min(pool.size),
            pool: Some(pool),
        }
    }

    pub(super) fn room(&mut self) -> &mut [u8] {
        &mut self.bytes[self.room.clone()]
    }

    /// The first `length` bytes; the buffer goes back when the last of them was sent.
    pub(super) fn into_bytes(mut self, length: usize) -> Bytes {
        self.room.end = self.room.end.min(self.room.start + length);
        if self.pool.is_some() {
            return Bytes::from_owner(self);
        }
        let mut bytes = Vec::from(std::mem::take(&mut self.bytes));
        bytes.truncate(self.room.end);
        bytes.into()
    }
}

impl AsRef<[u8]> for Buffer {
    fn as_ref(&self) -> &[u8] {
        &self.bytes[self.room.clone()]
    }
}

impl Drop for Buffer {
    fn drop(&mut self) {
        if let Some(pool) = self.pool {
            pool.keep(std::mem::take(&mut self.bytes));
        }
    }
}
