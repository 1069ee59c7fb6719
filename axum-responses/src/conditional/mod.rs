//! Conditional and range requests (RFC 9110 §13, §14), implemented once for all that needs them.
//!
//! | what | for |
//! |---|---|
//! | [`ETag`], [`HttpDate`], [`Validators`] | what a representation is known by |
//! | [`Conditional`] | what the request asks of them: an extractor, and [`File`](crate::File)'s own judge |
//! | [`Range`], [`ContentRange`] | parts of a representation |
//! | [`CacheControl`] | what caches may do with it (RFC 9111 §5.2) |
//! | [`AroundCompressionLayer`] | what a compression layer leaves untrue: strong tags, 304 with a coding |
//! | [`ETagList`] | the field values of `If-Match` and `If-None-Match` |
//!
//! The order is that of RFC 9110 §13.2.2, whoever asks:
//!
//! 1. `If-Match`: strong comparison, else 412;
//! 2. without it, `If-Unmodified-Since`: else 412;
//! 3. `If-None-Match`: weak comparison; a match is 304 for `GET` and `HEAD`, and 412 for the others;
//! 4. without it, `If-Modified-Since`, for `GET` and `HEAD`: 304;
//! 5. `Range` with `If-Range`, for `GET` alone: 206, 416, or the whole.

mod around_compression;
mod cache_control;
mod check;
mod entity_tag;
mod entity_tag_list;
mod http_date;
mod preconditions;
mod range;
#[cfg(feature = "headers")]
mod typed_header;

pub use self::around_compression::{
    AroundCompression, AroundCompressionFuture, AroundCompressionLayer,
};
pub use self::cache_control::{CacheControl, Contradiction, InvalidCacheControl};
#[cfg(feature = "file")]
pub(crate) use self::check::not_modified;
pub use self::check::{Conditional, Optional, Required, Requirement, Unmet};
pub use self::entity_tag::{ETag, InvalidETag};
pub use self::entity_tag_list::ETagList;
pub use self::http_date::{HttpDate, InvalidHttpDate};
#[cfg(feature = "file")]
pub(crate) use self::preconditions::STRONG_AFTER;
pub use self::preconditions::{Validators, Verdict};
pub use self::range::{ContentRange, InvalidContentRange, InvalidRange, Range, Selection};
#[cfg(feature = "headers")]
pub use self::typed_header::{IfMatch, IfNoneMatch};
