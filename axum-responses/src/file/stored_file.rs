//! The bytes of a stored file, as they are asked for.

use std::fs;
use std::io;
use std::ops::Range;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use axum::body::Bytes;
use tokio::task::{JoinHandle, spawn_blocking};

use super::buffer::{Buffer, CHUNK};
use super::system::{Attempt, Reading, read_exact_at, try_read};

/// Reads a file in chunks. At most two are in memory: one that is sent, and one that is read meanwhile.
#[derive(Debug)]
pub(super) struct StoredFile {
    file: Arc<fs::File>,
    reading: Reading,
    /// The first bytes, where the job that opened the file has read them as well.
    head: Bytes,
    /// A chunk that a job reads.
    job: Option<JoinHandle<io::Result<Chunk>>>,
}

/// What a job has read.
#[derive(Debug)]
struct Chunk {
    bytes: Bytes,
    /// Whether no disk was needed for it.
    cached: bool,
}

impl StoredFile {
    pub(super) fn new(file: Arc<fs::File>, reading: Reading, head: Bytes) -> Self {
        Self {
            file,
            reading,
            head,
            job: None,
        }
    }

    /// The first bytes of this range, which is not empty: as many as are at hand. Once asked for, a range is read
    /// to its end, each time from where the last answer ended, before another one.
    ///
    /// # Errors
    /// Those of the operating system; `UnexpectedEof` when the file ends within the range.
    pub(super) fn poll_read(
        &mut self,
        wanted: &Range<u64>,
        cx: &mut Context<'_>,
    ) -> Poll<io::Result<Bytes>> {
        if self.job.is_none() {
            if wanted.start < self.head.len() as u64 {
                return Poll::Ready(Ok(self.of_head(wanted)));
            }
            match self.read_cached(wanted) {
                Attempt::Done(read) => return Poll::Ready(read),
                Attempt::Ask => self.start_job(wanted.clone()),
            }
        }
        let Some(job) = &mut self.job else {
            return Poll::Pending; // it has just been started
        };
        let read = ready!(Pin::new(job).poll(cx));
        self.job = None;
        let chunk = read.map_err(io::Error::other)??;
        // Read ahead, unless the cache will do.
        let rest = wanted.start + chunk.bytes.len() as u64..wanted.end;
        let cache_will_do = chunk.cached && matches!(self.reading, Reading::CacheFirst { .. });
        if !rest.is_empty() && !cache_will_do {
            self.start_job(rest);
        }
        Poll::Ready(Ok(chunk.bytes))
    }

    /// What of it stands in the first bytes; they are not kept when they were handed over.
    fn of_head(&mut self, wanted: &Range<u64>) -> Bytes {
        let head = std::mem::take(&mut self.head);
        let known = head.len();
        let at = |position: u64| usize::try_from(position).map_or(known, |at| at.min(known));
        head.slice(at(wanted.start)..at(wanted.end))
    }

    fn read_cached(&self, wanted: &Range<u64>) -> Attempt<io::Result<Bytes>> {
        if matches!(self.reading, Reading::Jobs) {
            return Attempt::Ask;
        }
        let mut buffer = Buffer::new(chunk_length(wanted));
        match try_read(&self.file, self.reading, buffer.room(), wanted.start) {
            Attempt::Done(Ok(0)) => Attempt::Done(Err(io::ErrorKind::UnexpectedEof.into())),
            Attempt::Done(Ok(read)) => Attempt::Done(Ok(buffer.into_bytes(read))),
            Attempt::Done(Err(error)) => Attempt::Done(Err(error)),
            Attempt::Ask => Attempt::Ask,
        }
    }

    fn start_job(&mut self, wanted: Range<u64>) {
        let (file, reading) = (Arc::clone(&self.file), self.reading);
        self.job = Some(spawn_blocking(move || read_chunk(&file, reading, &wanted)));
    }
}

/// How many bytes of it are read at once.
fn chunk_length(wanted: &Range<u64>) -> usize {
    usize::try_from(wanted.end - wanted.start).map_or(CHUNK, |left| left.min(CHUNK))
}

/// The job.
fn read_chunk(file: &fs::File, reading: Reading, wanted: &Range<u64>) -> io::Result<Chunk> {
    let length = chunk_length(wanted);
    let mut buffer = Buffer::new(length);
    let room = buffer.room();
    let cached = match try_read(file, reading, room, wanted.start) {
        Attempt::Done(read) => read?,
        Attempt::Ask => 0,
    };
    read_exact_at(file, &mut room[cached..], wanted.start + cached as u64)?;
    Ok(Chunk {
        bytes: buffer.into_bytes(length),
        cached: cached == length,
    })
}

/// The first bytes of a file of this length, for the job that has just opened it.
///
/// # Errors
/// As [`StoredFile::poll_read`].
pub(super) fn read_head(file: &fs::File, length: u64) -> io::Result<Bytes> {
    if length == 0 {
        return Ok(Bytes::new());
    }
    read_chunk(file, Reading::Jobs, &(0..length)).map(|chunk| chunk.bytes)
}
