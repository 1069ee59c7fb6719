//! `headers::Header` on the types of this module: handlers take and return them in `axum_extra::TypedHeader`.

use headers_core::{Error, Header};
use http::{HeaderName, HeaderValue, header};

use super::{CacheControl, ContentRange, ETag, ETagList, Range};

/// All lines of `Cache-Control`. Without directives none is sent.
impl Header for CacheControl {
    fn name() -> &'static HeaderName {
        &header::CACHE_CONTROL
    }

    fn decode<'i, I: Iterator<Item = &'i HeaderValue>>(lines: &mut I) -> Result<Self, Error> {
        let mut lines = lines.peekable();
        lines.peek().ok_or_else(Error::invalid)?;
        Self::from_lines(lines).map_err(|_| Error::invalid())
    }

    fn encode<E: Extend<HeaderValue>>(&self, values: &mut E) {
        values.extend((!self.is_empty()).then(|| self.to_header()));
    }
}

/// The one line of `ETag`.
impl Header for ETag {
    fn name() -> &'static HeaderName {
        &header::ETAG
    }

    fn decode<'i, I: Iterator<Item = &'i HeaderValue>>(lines: &mut I) -> Result<Self, Error> {
        // RFC 9110 §5.3: no list, so more than one line is an error.
        let (Some(line), None) = (lines.next(), lines.next()) else {
            return Err(Error::invalid());
        };
        let line = std::str::from_utf8(line.as_bytes()).map_err(|_| Error::invalid())?;
        line.parse().map_err(|_| Error::invalid())
    }

    fn encode<E: Extend<HeaderValue>>(&self, values: &mut E) {
        values.extend([self.to_header()]);
    }
}

/// `If-Match` (RFC 9110 §13.1.1), for clients and for handlers that read it by themselves; others take
/// [`Conditional`](super::Conditional).
///
/// All lines are read as one list, and one is sent. No line, and a line that is no list, are errors.
///
/// ```
/// use axum::http::HeaderValue;
/// use axum_responses::conditional::{ETagList, IfMatch};
/// use headers_core::Header;
///
/// let lines = [HeaderValue::from_static(r#""a""#), HeaderValue::from_static(r#"W/"b""#)];
/// let read = IfMatch::decode(&mut lines.iter()).unwrap();
/// let mut sent: Vec<HeaderValue> = Vec::new();
/// read.encode(&mut sent);
/// assert_eq!(sent, [r#""a", W/"b""#]);
/// assert!(IfMatch::decode(&mut [].iter()).is_err());
/// assert!(IfMatch::decode(&mut [HeaderValue::from_static("a")].iter()).is_err());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IfMatch(
    /// What is matched against.
    pub ETagList,
);

/// `If-None-Match` (RFC 9110 §13.1.2), read and sent as [`IfMatch`] is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IfNoneMatch(
    /// What is matched against.
    pub ETagList,
);

macro_rules! list_of_tags {
    ($($name:ident: $field:ident),*) => {$(
        /// All lines of it.
        impl Header for $name {
            fn name() -> &'static HeaderName {
                &header::$field
            }

            fn decode<'i, I: Iterator<Item = &'i HeaderValue>>(lines: &mut I) -> Result<Self, Error> {
                match ETagList::from_lines(lines) {
                    Ok(Some(list)) => Ok(Self(list)),
                    Ok(None) | Err(_) => Err(Error::invalid()),
                }
            }

            fn encode<E: Extend<HeaderValue>>(&self, values: &mut E) {
                values.extend(HeaderValue::try_from(self.0.to_string()));
            }
        }
    )*};
}

list_of_tags!(IfMatch: IF_MATCH, IfNoneMatch: IF_NONE_MATCH);

/// All lines of `Range`; what a server is to ignore is an error.
impl Header for Range {
    fn name() -> &'static HeaderName {
        &header::RANGE
    }

    fn decode<'i, I: Iterator<Item = &'i HeaderValue>>(lines: &mut I) -> Result<Self, Error> {
        Self::from_lines(lines).ok_or_else(Error::invalid)
    }

    fn encode<E: Extend<HeaderValue>>(&self, values: &mut E) {
        values.extend(HeaderValue::try_from(self.to_string()));
    }
}

/// The one line of `Content-Range`.
impl Header for ContentRange {
    fn name() -> &'static HeaderName {
        &header::CONTENT_RANGE
    }

    fn decode<'i, I: Iterator<Item = &'i HeaderValue>>(lines: &mut I) -> Result<Self, Error> {
        let (Some(line), None) = (lines.next(), lines.next()) else {
            return Err(Error::invalid());
        };
        let line = line.to_str().map_err(|_| Error::invalid())?;
        line.parse().map_err(|_| Error::invalid())
    }

    fn encode<E: Extend<HeaderValue>>(&self, values: &mut E) {
        values.extend([self.to_header()]);
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Debug;

    use http::HeaderMap;

    use super::*;

    /// What these lines are read as, and that what is read goes out as `sent`.
    #[track_caller]
    fn check<H: Header + Debug>(lines: &[&'static str], sent: Option<&[&str]>) {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(H::name(), HeaderValue::from_static(line));
        }
        let read = H::decode(&mut headers.get_all(H::name()).iter()).ok();
        let again = read.map(|header| {
            let mut lines: Vec<HeaderValue> = Vec::new();
            header.encode(&mut lines);
            let lines = lines.iter();
            lines
                .map(|line| line.to_str().unwrap().to_owned())
                .collect::<Vec<_>>()
        });
        assert_eq!(
            again
                .as_deref()
                .map(|lines| lines.iter().map(String::as_str).collect()),
            sent.map(<[_]>::to_vec),
            "{lines:?}"
        );
    }

    #[test]
    fn cache_control_is_one_list() {
        check::<CacheControl>(&["no-cache", "Max-Age=5"], Some(&["max-age=5, no-cache"]));
        check::<CacheControl>(&[""], Some(&[]));
        check::<CacheControl>(&["no-cache", "?"], None);
        check::<CacheControl>(&[], None);
    }

    #[test]
    fn an_entity_tag_is_one_line() {
        check::<ETag>(&[r#"W/"v1""#], Some(&[r#"W/"v1""#]));
        check::<ETag>(&[r#""a""#, r#""b""#], None);
        check::<ETag>(&["a"], None);
        check::<ETag>(&[], None);
    }

    #[test]
    fn lists_of_tags_are_all_their_lines() {
        check::<IfMatch>(&[r#""a""#, r#"W/"b""#], Some(&[r#""a", W/"b""#]));
        check::<IfNoneMatch>(&["*"], Some(&["*"]));
        check::<IfNoneMatch>(&["*", r#""a""#], None);
        check::<IfMatch>(&[], None);
    }

    #[test]
    fn ranges_go_there_and_back() {
        check::<Range>(&["bytes=0-1, -5", "7-"], Some(&["bytes=0-1,-5,7-"]));
        check::<Range>(&["lines=1-2"], None);
        check::<ContentRange>(&["bytes 0-9/100"], Some(&["bytes 0-9/100"]));
        check::<ContentRange>(&["bytes */100"], Some(&["bytes */100"]));
        check::<ContentRange>(&["bytes 0-9/100", "bytes */100"], None);
    }
}
