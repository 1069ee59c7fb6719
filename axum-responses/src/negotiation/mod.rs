//! Choosing a representation by `Accept` (RFC 9110 §12).
//!
//! For each offered type the most specific range that matches gives its quality; q=0 excludes. The
//! highest quality wins; ties go to the type whose range stands first in the client's list, then
//! to the server's order.

mod accept;
mod negotiated;
mod representation;
mod select;

pub use self::accept::Accept;
pub use self::negotiated::{Negotiated, OrDefault, Policy, Strict};
pub use self::representation::{Offers, Representation, RepresentationError};
#[cfg(feature = "file")]
pub(crate) use self::select::parse_quality as quality;
