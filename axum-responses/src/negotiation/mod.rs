//! Choosing a representation by `Accept` (RFC 9110 §12).
//!
//! For each offered type the most specific range that matches gives its quality; q=0 excludes. The
//! highest quality wins; ties go to the type whose range stands first in the client's list, then
//! to the server's order.
//!
//! No `Accept`, an empty one, and one that has no media range at all ask for nothing: the first offer is taken. A range
//! that is malformed is skipped. Parameters of a range must be those of the offer, but for `charset`.
//!
//! ```
//! use axum::http::{HeaderMap, Method};
//! use axum_responses::{MediaType, RequestContext};
//!
//! let choose = |accept: &str| {
//!     let mut headers = HeaderMap::new();
//!     headers.insert("accept", accept.parse().unwrap());
//!     let accept = RequestContext::new(Method::GET, &headers).accept();
//!     let none = MediaType::OCTET_STREAM;
//!     accept.best_match([MediaType::JSON, MediaType::TEXT, MediaType::HTML], none).essence().to_owned()
//! };
//! assert_eq!(choose("text/html;q=0.5, text/plain;q=0.9"), "text/plain"); // quality
//! assert_eq!(choose("text/html, text/plain"), "text/html"); // the client's order
//! assert_eq!(choose("text/*"), "text/plain"); // the server's
//! assert_eq!(choose("*/*, application/json;q=0"), "text/plain"); // the specific range counts
//! assert_eq!(choose("text/html;level=1, text/plain;charset=latin1;q=0.1"), "text/plain");
//! assert_eq!(choose("text/html;q=0.1234, text/plain;q=0.1"), "text/plain"); // three decimals at most
//! assert_eq!(choose("html"), "application/json"); // nothing it can be held to
//! assert_eq!(choose("image/png"), "application/octet-stream");
//! ```

mod accept;
mod negotiated;
mod representation;
mod select;

pub use self::accept::Accept;
pub use self::negotiated::{Negotiated, OrDefault, Policy, Strict};
pub use self::representation::{Offers, Representation, RepresentationError};
#[cfg(feature = "file")]
pub(crate) use self::select::parse_quality as quality;
