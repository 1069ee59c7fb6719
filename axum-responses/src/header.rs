//! What counts as a header where one is set.

use std::fmt;

use http::{HeaderName, HeaderValue};

pub use crate::vary::unite as unite_vary;

/// A header to set: a pair of anything that may be a name and anything that may be a value.
pub trait IntoHeader {
    /// The checked pair.
    ///
    /// # Errors
    /// [`InvalidHeader`] when the name is no token or the value cannot be sent (CR, LF, NUL, DEL).
    fn into_header(self) -> Result<(HeaderName, HeaderValue), InvalidHeader>;
}

impl<N, V> IntoHeader for (N, V)
where
    N: TryInto<HeaderName>,
    V: TryInto<HeaderValue>,
{
    fn into_header(self) -> Result<(HeaderName, HeaderValue), InvalidHeader> {
        let name = self.0.try_into().map_err(|_| InvalidHeader::Name)?;
        let value = self.1.try_into().map_err(|_| InvalidHeader::Value)?;
        Ok((name, value))
    }
}

/// A header that cannot be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InvalidHeader {
    /// The name is no token (RFC 9110 §5.1).
    Name,
    /// The value has a character that cannot stand in one (RFC 9110 §5.5).
    Value,
}

impl fmt::Display for InvalidHeader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Name => "the header's name is no token",
            Self::Value => "the header's value has a character that cannot be sent",
        })
    }
}

impl std::error::Error for InvalidHeader {}
