//! The piece of a body that is being written.

use axum::BoxError;
use axum::body::Bytes;

use crate::payload::Buffer;

/// From this length on a frame is sent, whatever else is ready: 16 KiB.
pub(super) const FULL: usize = 16 * 1024;

/// Collects what is ready together, in a buffer of the size that such a frame needed last time.
pub(super) struct Frame {
    bytes: Vec<u8>,
    sizes: Buffer,
}

impl Frame {
    /// Frames of one source `S` are guessed by each other's lengths.
    pub(super) fn of<S: ?Sized>() -> Self {
        Self {
            bytes: Vec::new(),
            sizes: Buffer::of::<S>(),
        }
    }

    /// Adds what `write` writes; nothing of it when it fails.
    pub(super) fn add(
        &mut self,
        write: impl FnOnce(&mut Vec<u8>) -> Result<(), BoxError>,
    ) -> Result<(), BoxError> {
        if self.bytes.capacity() == 0 {
            self.bytes = self.sizes.bytes();
        }
        let before = self.bytes.len();
        let written = write(&mut self.bytes);
        if written.is_err() {
            self.bytes.truncate(before);
        }
        written
    }

    pub(super) fn is_full(&self) -> bool {
        self.bytes.len() >= FULL
    }

    /// What was added since the last time; `None` when that is nothing.
    pub(super) fn take(&mut self) -> Option<Bytes> {
        if self.bytes.is_empty() {
            return None;
        }
        let bytes = std::mem::take(&mut self.bytes);
        Some(self.sizes.finish(bytes).into())
    }
}
