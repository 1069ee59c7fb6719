//! The body that reads a file while it is sent.

use std::io;
use std::ops::Range;
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::BoxError;
use axum::body::Bytes;
use http_body::{Frame, SizeHint};

use super::buffer::CHUNK;
use super::stored_file::StoredFile;
use crate::stream::Failing;

/// How much is handed over before others have their turn: what is in memory never waits.
const TURN: u64 = CHUNK as u64;

/// Where the bytes are.
#[derive(Debug)]
pub(super) enum Source {
    Stored(StoredFile),
    Memory(Bytes),
}

/// What a body consists of.
#[derive(Debug)]
pub(super) enum Piece {
    /// What stands around the parts of a file.
    Text(Bytes),
    /// Bytes of the file, from here up to there.
    OfFile(Range<u64>),
}

impl Piece {
    pub(super) fn length(&self) -> u64 {
        match self {
            Self::Text(text) => text.len() as u64,
            Self::OfFile(range) => range.end - range.start,
        }
    }
}

/// Pieces of a file, one after the other.
#[derive(Debug)]
pub(super) struct FileBody {
    source: Source,
    /// The piece that is sent, and those behind it.
    piece: Option<Piece>,
    more: std::vec::IntoIter<Piece>,
    /// Bytes still to come.
    left: u64,
    /// Bytes that were handed over since the last pause.
    turn: u64,
    failing: Failing,
}

type Polled = Poll<Option<Result<Frame<Bytes>, BoxError>>>;

impl FileBody {
    /// One part, and nothing around it.
    pub(super) fn one(source: Source, part: Range<u64>) -> Self {
        Self::new(source, Some(Piece::OfFile(part)), Vec::new())
    }

    pub(super) fn several(source: Source, pieces: Vec<Piece>) -> Self {
        Self::new(source, None, pieces)
    }

    fn new(source: Source, piece: Option<Piece>, more: Vec<Piece>) -> Self {
        Self {
            source,
            left: piece.iter().chain(&more).map(Piece::length).sum(),
            piece,
            more: more.into_iter(),
            turn: 0,
            failing: Failing::default(),
        }
    }

    fn hand_over(&mut self, bytes: Bytes) -> Polled {
        self.left -= bytes.len() as u64;
        self.turn += bytes.len() as u64;
        Poll::Ready(Some(Ok(Frame::data(bytes))))
    }

    /// The body ends here: what was announced and is not there must not pass for the end.
    fn fail(&mut self, error: io::Error, cx: &Context<'_>) -> Polled {
        tracing::error!(%error, left = self.left, "a file was not sent to its end");
        self.more = Vec::new().into_iter();
        self.failing.with(error.into(), cx)
    }

    fn poll_part(&mut self, part: Range<u64>, cx: &mut Context<'_>) -> Polled {
        let read = match &mut self.source {
            Source::Memory(bytes) => Ok(slice(bytes, &part)),
            Source::Stored(file) => match file.poll_read(&part, cx) {
                Poll::Ready(read) => read,
                Poll::Pending => {
                    self.piece = Some(Piece::OfFile(part));
                    return Poll::Pending;
                }
            },
        };
        match read {
            Ok(bytes) => {
                let rest = part.start + bytes.len() as u64..part.end;
                self.piece = (!rest.is_empty()).then_some(Piece::OfFile(rest));
                self.hand_over(bytes)
            }
            Err(error) => self.fail(error, cx),
        }
    }
}

/// Parts are within the length, which is a `usize` for what is in memory.
pub(super) fn slice(bytes: &Bytes, part: &Range<u64>) -> Bytes {
    let at = |position: u64| usize::try_from(position).unwrap_or(bytes.len());
    bytes.slice(at(part.start)..at(part.end))
}

impl http_body::Body for FileBody {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Polled {
        if self.turn >= TURN {
            self.turn = 0;
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        match self.piece.take().or_else(|| self.more.next()) {
            None => self.failing.take(),
            Some(Piece::Text(text)) => self.hand_over(text),
            Some(Piece::OfFile(part)) if part.is_empty() => Poll::Ready(None), // an empty file
            Some(Piece::OfFile(part)) => self.poll_part(part, cx),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.left == 0 && self.failing.is_none()
    }

    /// Exact: what was announced and has not been handed over.
    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left)
    }
}
