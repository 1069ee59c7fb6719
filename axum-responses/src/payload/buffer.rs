//! A buffer that is as large as the last one of its kind needed to be.

use std::sync::atomic::{AtomicU32, Ordering};

/// Kinds share a cell when they collide: a wrong guess costs one copy, never a wrong answer.
const CELLS: usize = 256;
/// A guess is never larger than this: one large answer must not make every later one large.
const LARGEST: usize = 64 * 1024;
const SMALLEST: usize = 128;

static LENGTHS: [AtomicU32; CELLS] = [const { AtomicU32::new(0) }; CELLS];

/// Where the length that a type `T` was last written in is remembered.
///
/// Growing from nothing is what makes serialisers slow: a `Vec` of the right size takes about half the
/// instructions. serde writes in many small pieces, and `Vec` takes those with less than `BytesMut`.
pub(crate) struct Buffer(&'static AtomicU32);

impl Buffer {
    pub(crate) fn of<T: ?Sized>() -> Self {
        // The address of the name is a constant per type, and known without `T: 'static`.
        let name = std::any::type_name::<T>();
        let address = name.as_ptr().addr() as u64 ^ (name.len() as u64) << 7;
        let mixed = address.wrapping_mul(0x9E37_79B9_7F4A_7C15); // Fibonacci hashing
        let cell = mixed >> (u64::BITS - CELLS.ilog2());
        Self(&LENGTHS[usize::try_from(cell).unwrap_or_default()])
    }

    /// How much room to make.
    pub(crate) fn capacity(&self) -> usize {
        let last = self.0.load(Ordering::Relaxed) as usize;
        (last + last / 8).clamp(SMALLEST, LARGEST)
    }

    /// An empty buffer of that size.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        Vec::with_capacity(self.capacity())
    }

    /// Remembers how long it became, and gives back room that was far too much.
    pub(crate) fn finish(&self, mut bytes: Vec<u8>) -> Vec<u8> {
        let length = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
        self.0.store(length, Ordering::Relaxed);
        if bytes.capacity() > 4 * bytes.len().max(SMALLEST) {
            bytes.shrink_to_fit();
        }
        bytes
    }
}
