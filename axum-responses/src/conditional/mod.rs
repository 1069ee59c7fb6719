//! What the conditional headers are made of (RFC 9110 §8.8): validators and dates.

mod entity_tag;
mod http_date;

pub use self::entity_tag::{ETag, ETagList, InvalidETag};
pub use self::http_date::{HttpDate, InvalidHttpDate};
