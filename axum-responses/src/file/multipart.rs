//! `multipart/byteranges` (RFC 9110 §14.6): several parts of a file in one answer.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};
use std::ops::Range;

use http::HeaderValue;

use super::body::Piece;
use crate::conditional::ContentRange;

/// 128 bits that nobody can foresee, so that no content can hold them: a keyed hash whose keys are random in
/// each process and new with each call.
pub(super) fn boundary() -> String {
    let random = || RandomState::new().build_hasher().finish();
    format!("{:016x}{:016x}", random(), random())
}

/// The value for the `Content-Type` field of the whole.
pub(super) fn content_type(boundary: &str) -> HeaderValue {
    let value = format!("multipart/byteranges; boundary={boundary}");
    HeaderValue::try_from(value).unwrap_or(HeaderValue::from_static("multipart/byteranges"))
}

/// These parts of a file of this type and length, and the frame around them.
pub(super) fn pieces(
    parts: Vec<Range<u64>>,
    boundary: &str,
    content_type: &HeaderValue,
    length: u64,
) -> Vec<Piece> {
    let content_type = content_type.to_str().unwrap_or_default();
    let mut pieces = Vec::with_capacity(2 * parts.len() + 1);
    for part in parts {
        // RFC 2046 §5.1.1: the line end before a boundary belongs to it.
        let line_end = if pieces.is_empty() { "" } else { "\r\n" };
        let range = ContentRange::of(part.clone(), length);
        let head = format!(
            "{line_end}--{boundary}\r\ncontent-type: {content_type}\r\ncontent-range: {range}\r\n\r\n"
        );
        pieces.extend([Piece::Text(head.into()), Piece::OfFile(part)]);
    }
    pieces.push(Piece::Text(format!("\r\n--{boundary}--\r\n").into()));
    pieces
}
