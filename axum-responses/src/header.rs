//! What counts as a header where one is set.

use std::fmt;

use http::{HeaderName, HeaderValue};

pub use crate::vary::unite as unite_vary;

/// A header to set: a pair of anything that may be a name and anything that may be a value.
///
/// Names are sent in lower case. Values are bytes: text goes out as UTF-8, and blanks around it are kept here although
/// no recipient sees them (RFC 9110 §5.5).
///
/// ```
/// use axum::http::header::RETRY_AFTER;
/// use axum_responses::header::{IntoHeader, InvalidHeader};
///
/// let (name, value) = ("X-Town", "Köln").into_header().unwrap();
/// assert_eq!((name.as_str(), value.as_bytes()), ("x-town", "Köln".as_bytes()));
/// assert_eq!((RETRY_AFTER, 120).into_header().unwrap().1, "120");
/// assert_eq!(("x town", "Köln").into_header(), Err(InvalidHeader::Name));
/// assert_eq!(("x-town", "Köln\r\nx-injected: 1").into_header(), Err(InvalidHeader::Value));
/// ```
pub trait IntoHeader {
    /// The checked pair.
    ///
    /// # Errors
    /// [`InvalidHeader`] when the name is no token or the value cannot be sent: it has a control character, such as CR,
    /// LF, NUL or DEL, that is no tab.
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

/// A header that cannot be sent. Where both are wrong, it is the name that is told.
///
/// ```
/// use axum_responses::header::{IntoHeader, InvalidHeader};
///
/// let invalid = ("", "a\0b").into_header().unwrap_err();
/// assert_eq!(invalid, InvalidHeader::Name);
/// assert_eq!(invalid.to_string(), "the header's name is no token");
/// ```
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
