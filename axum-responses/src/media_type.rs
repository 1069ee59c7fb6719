//! Media types: as values, and as types where a responder's signature names them.

use std::fmt;
use std::str::FromStr;

use http::HeaderValue;

/// A media type, with the parameters that go out in `Content-Type` (RFC 9110 §8.3.1).
///
/// On the wire: `application/json` or `text/plain; charset=utf-8`.
///
/// Every `text/*` type without a `charset` gets `; charset=utf-8`: what we write is UTF-8, and
/// without the parameter old clients guess. Nothing else gets one (RFC 8259 §11 defines none for JSON).
///
/// ```
/// # use axum_responses::MediaType;
/// assert_eq!(MediaType::TEXT.content_type(), "text/plain; charset=utf-8");
/// assert_eq!(MediaType::JSON.content_type(), "application/json");
/// const REPORT: MediaType = MediaType::from_static("application/vnd.acme.report+json");
/// assert_eq!(REPORT.essence(), "application/vnd.acme.report+json");
/// assert!("nonsense".parse::<MediaType>().is_err());
/// ```
///
/// Two of them are the same when they are written the same, in any case: with their parameters and the blanks between
/// them, and not by what is sent.
///
/// ```
/// # use axum_responses::MediaType;
/// const PLAIN: MediaType = MediaType::from_static("text/plain");
/// assert_eq!(PLAIN, MediaType::from_static("Text/PLAIN"));
/// assert_ne!(PLAIN, MediaType::TEXT);
/// assert_eq!(PLAIN.content_type(), MediaType::TEXT.content_type());
/// ```
// The field value itself: a constant of it costs nothing to send.
#[derive(Clone, Debug, Eq)]
pub struct MediaType {
    value: HeaderValue,
    /// Where the subtype begins, behind the slash.
    subtype: usize,
    /// Where it ends, and the parameters begin.
    end: usize,
}

impl MediaType {
    /// `application/json` (RFC 8259 §11), which has no charset.
    ///
    /// ```
    /// # use axum_responses::MediaType;
    /// assert_eq!(MediaType::JSON.content_type(), "application/json");
    /// assert_eq!(MediaType::CSV.content_type(), "text/csv; charset=utf-8");
    /// assert_eq!(MediaType::VND_MESSAGE_PACK.content_type(), "application/vnd.msgpack");
    /// ```
    pub const JSON: Self = Self::from_static("application/json");
    /// `application/x-msgpack`: what most clients send and understand.
    pub const MESSAGE_PACK: Self = Self::from_static("application/x-msgpack");
    /// `application/vnd.msgpack`: the registered spelling, for clients that insist on it.
    pub const VND_MESSAGE_PACK: Self = Self::from_static("application/vnd.msgpack");
    /// `text/plain; charset=utf-8` (RFC 2046 §4.1)
    pub const TEXT: Self = Self::from_static("text/plain; charset=utf-8");
    /// `text/html; charset=utf-8`
    pub const HTML: Self = Self::from_static("text/html; charset=utf-8");
    /// `text/csv; charset=utf-8` (RFC 4180 §3)
    pub const CSV: Self = Self::from_static("text/csv; charset=utf-8");
    /// `application/xml` (RFC 7303 §9.1): what the document itself says of its charset counts.
    pub const XML: Self = Self::from_static("application/xml");
    /// `application/octet-stream` (RFC 2046 §4.5.1): bytes of which nothing is known.
    pub const OCTET_STREAM: Self = Self::from_static("application/octet-stream");
    /// `application/x-ndjson`: a JSON document a line.
    pub const NDJSON: Self = Self::from_static("application/x-ndjson");
    /// `text/event-stream; charset=utf-8`: server-sent events.
    pub const EVENT_STREAM: Self = Self::from_static("text/event-stream; charset=utf-8");
    /// `application/problem+json` (RFC 9457 §6.1)
    pub const PROBLEM_JSON: Self = Self::from_static("application/problem+json");

    /// A type known when the program is written; [`parse`](str::parse) makes one at run time.
    ///
    /// Of the parameters only the bytes are checked: visible ASCII and blanks.
    ///
    /// ```
    /// # use axum_responses::MediaType;
    /// const LATIN: MediaType = MediaType::from_static("text/csv; charset=iso-8859-1; header=present");
    /// assert_eq!(LATIN.content_type(), "text/csv; charset=iso-8859-1; header=present");
    /// assert!("text/é".parse::<MediaType>().is_err());
    /// assert!("text/plain\r\nx-injected: 1".parse::<MediaType>().is_err());
    /// ```
    ///
    /// ```compile_fail
    /// # use axum_responses::MediaType;
    /// const NONE: MediaType = MediaType::from_static("plain");
    /// ```
    ///
    /// # Panics
    /// When it is not `type/subtype`, optionally with parameters; in a `const`, at compile time.
    #[must_use]
    pub const fn from_static(text: &'static str) -> Self {
        match parse(text.as_bytes()) {
            Some((subtype, end)) => Self {
                value: HeaderValue::from_static(text),
                subtype,
                end,
            },
            None => panic!("not a media type: type/subtype expected"),
        }
    }

    /// `type/subtype`, without parameters, in the case it was given in.
    ///
    /// ```
    /// # use axum_responses::MediaType;
    /// assert_eq!(MediaType::TEXT.essence(), "text/plain");
    /// assert_eq!(MediaType::from_static("Text/HTML;level=1").essence(), "Text/HTML");
    /// ```
    #[must_use]
    pub fn essence(&self) -> &str {
        &self.text()[..self.end]
    }

    /// The value for the `Content-Type` field: as it was given, with `; charset=utf-8` behind a `text/*` that has no
    /// charset. [Printed](fmt::Display) it is without what was added.
    ///
    /// ```
    /// # use axum_responses::MediaType;
    /// const CSS: MediaType = MediaType::from_static("text/css");
    /// assert_eq!(CSS.content_type(), "text/css; charset=utf-8");
    /// assert_eq!(CSS.to_string(), "text/css");
    /// assert_eq!(MediaType::from_static("text/css; CHARSET=latin1").content_type(), "text/css; CHARSET=latin1");
    /// assert_eq!(MediaType::XML.content_type(), "application/xml");
    /// ```
    #[must_use]
    pub fn content_type(&self) -> HeaderValue {
        if self.lacks_charset()
            && let Ok(value) = HeaderValue::try_from(format!("{}; charset=utf-8", self.text()))
        {
            return value;
        }
        self.value.clone()
    }

    /// Type, subtype, and what is behind them.
    pub(crate) fn parts(&self) -> (&[u8], &[u8], &[u8]) {
        let text = self.as_bytes();
        (
            &text[..self.subtype - 1],
            &text[self.subtype..self.end],
            &text[self.end..],
        )
    }

    fn as_bytes(&self) -> &[u8] {
        self.value.as_bytes()
    }

    fn text(&self) -> &str {
        self.value.to_str().unwrap_or_default() // always ASCII
    }

    /// Whether it is JSON: `application/json` or any `+json` (RFC 6839 §3.1), in any case and with any parameters.
    ///
    /// ```
    /// # use axum_responses::MediaType;
    /// assert!(MediaType::JSON.is_json() && MediaType::PROBLEM_JSON.is_json());
    /// assert!(MediaType::from_static("application/ld+JSON; profile=x").is_json());
    /// assert!(!MediaType::from_static("text/json").is_json()); // nobody has registered it
    /// assert!(!MediaType::NDJSON.is_json()); // several documents
    /// ```
    #[must_use]
    pub fn is_json(&self) -> bool {
        is_or_has_suffix(self.essence(), "application/json", "+json")
    }

    fn lacks_charset(&self) -> bool {
        let text = self.as_bytes();
        starts_with(text, b"text/")
            && !text
                .split(|byte| *byte == b';')
                .skip(1)
                .any(|parameter| starts_with(parameter.trim_ascii_start(), b"charset="))
    }
}

fn essence(text: &str) -> &str {
    text.split(';').next().unwrap_or_default().trim_end()
}

/// Whether a `Content-Type` names this essence or one with this structured suffix, ignoring case
/// and parameters.
pub(crate) fn is_or_has_suffix(content_type: &str, exact: &str, suffix: &str) -> bool {
    let essence = essence(content_type).trim_start();
    essence.eq_ignore_ascii_case(exact)
        || essence.len() > suffix.len()
            && essence.is_char_boundary(essence.len() - suffix.len())
            && essence[essence.len() - suffix.len()..].eq_ignore_ascii_case(suffix)
}

/// Whether it begins with this, ignoring case.
pub(crate) fn starts_with(text: &[u8], prefix: &[u8]) -> bool {
    text.get(..prefix.len())
        .is_some_and(|start| start.eq_ignore_ascii_case(prefix))
}

/// RFC 9110 §8.3.1: `type "/" subtype parameters`. Where the subtype begins and ends; the parameters
/// are only checked for what a field value may hold.
const fn parse(text: &[u8]) -> Option<(usize, usize)> {
    let slash = token_end(text, 0);
    if slash == 0 || slash == text.len() || text[slash] != b'/' {
        return None;
    }
    let end = token_end(text, slash + 1);
    if end == slash + 1 {
        return None;
    }
    let mut at = end;
    while at < text.len() && text[at] == b' ' {
        at += 1;
    }
    if at < text.len() && text[at] != b';' {
        return None;
    }
    while at < text.len() {
        if text[at] < b' ' || text[at] > b'~' {
            return None;
        }
        at += 1;
    }
    Some((slash + 1, end))
}

/// Where the token ends that begins at `start`.
pub(crate) const fn token_end(text: &[u8], start: usize) -> usize {
    let mut at = start;
    while at < text.len() && is_token_byte(text[at]) {
        at += 1;
    }
    at
}

/// Whether a byte may stand in a token.
pub(crate) const fn is_token_byte(byte: u8) -> bool {
    TOKEN[byte as usize]
}

/// RFC 9110 §5.6.2: `tchar`.
const TOKEN: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0_u8;
    while byte < 128 {
        table[byte as usize] = byte.is_ascii_alphanumeric();
        byte += 1;
    }
    let others = b"!#$%&'*+-.^_`|~";
    let mut at = 0;
    while at < others.len() {
        table[others[at] as usize] = true;
        at += 1;
    }
    table
};

/// Types compare without regard to case.
impl PartialEq for MediaType {
    fn eq(&self, other: &Self) -> bool {
        self.as_bytes().eq_ignore_ascii_case(other.as_bytes())
    }
}

impl fmt::Display for MediaType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text())
    }
}

impl FromStr for MediaType {
    type Err = InvalidMediaType;

    fn from_str(text: &str) -> Result<Self, InvalidMediaType> {
        let (subtype, end) = parse(text.as_bytes()).ok_or(InvalidMediaType)?;
        let value = HeaderValue::try_from(text).map_err(|_| InvalidMediaType)?;
        Ok(Self {
            value,
            subtype,
            end,
        })
    }
}

/// A text that is not `type/subtype`, optionally with parameters. Blanks in front are such, too.
///
/// ```
/// use axum_responses::{MediaType, media_type::InvalidMediaType};
///
/// assert_eq!(" text/plain".parse::<MediaType>(), Err(InvalidMediaType));
/// assert_eq!("text/plain charset=utf-8".parse::<MediaType>(), Err(InvalidMediaType));
/// assert_eq!(InvalidMediaType.to_string(), "not a media type: type/subtype expected");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidMediaType;

impl fmt::Display for InvalidMediaType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a media type: type/subtype expected")
    }
}

impl std::error::Error for InvalidMediaType {}

/// A media type as a type, for signatures: `Stream<CsvType>`, `Template<Feed, XmlType>`.
///
/// [`media_type!`](crate::media_type!) makes more of them. By hand it is one constant, for a type that has other uses:
///
/// ```
/// use axum::response::IntoResponse;
/// use axum_responses::{Content, MediaType, media_type::TypedMedia};
///
/// struct Report;
///
/// impl TypedMedia for Report {
///     const MEDIA_TYPE: MediaType = MediaType::from_static("text/x-report");
/// }
/// let response = Content::<Report>::new("all well").into_response();
/// assert_eq!(response.headers()["content-type"], "text/x-report; charset=utf-8");
/// ```
pub trait TypedMedia: Send + Sync + 'static {
    /// The media type that this type stands for.
    const MEDIA_TYPE: MediaType;
}

/// Declares a type that stands for a media type: a unit struct that is a
/// [`TypedMedia`](crate::media_type::TypedMedia).
///
/// A text that is none, such as `"webm"`, does not compile where the type is used.
///
/// ```
/// use axum_responses::{MediaType, media_type, media_type::TypedMedia};
///
/// media_type!(
///     /// A video in WebM.
///     pub WebM = "video/webm"
/// );
/// assert_eq!(WebM::MEDIA_TYPE, MediaType::from_static("video/webm"));
/// ```
///
/// ```compile_fail
/// # use axum_responses::media_type::TypedMedia;
/// axum_responses::media_type!(WebM = "webm");
/// let used = WebM::MEDIA_TYPE;
/// ```
#[macro_export]
macro_rules! media_type {
    ($(#[$meta:meta])* $vis:vis $name:ident = $text:expr) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug)]
        $vis struct $name;

        impl $crate::media_type::TypedMedia for $name {
            const MEDIA_TYPE: $crate::MediaType = $crate::MediaType::from_static($text);
        }

        // A text that is none does not compile, whether the type is used or not.
        const _: $crate::MediaType = $crate::MediaType::from_static($text);
    };
}

media_type!(
    /// `application/octet-stream`
    pub OctetStream = "application/octet-stream"
);
media_type!(
    /// `application/json`
    pub JsonType = "application/json"
);
media_type!(
    /// `text/plain; charset=utf-8`
    pub PlainText = "text/plain; charset=utf-8"
);
media_type!(
    /// `text/html; charset=utf-8`
    pub HtmlType = "text/html; charset=utf-8"
);
media_type!(
    /// `text/csv; charset=utf-8`
    pub CsvType = "text/csv; charset=utf-8"
);
media_type!(
    /// `application/xml`
    pub XmlType = "application/xml"
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_gets_a_charset_once() {
        for (given, sent) in [
            ("text/css", "text/css; charset=utf-8"),
            ("text/css; Charset=latin1", "text/css; Charset=latin1"),
            ("TEXT/x", "TEXT/x; charset=utf-8"),
            ("application/xml", "application/xml"),
            (
                "application/problem+json; charset=utf-8",
                "application/problem+json; charset=utf-8",
            ),
        ] {
            assert_eq!(given.parse::<MediaType>().unwrap().content_type(), sent);
        }
    }

    #[test]
    fn what_is_no_media_type_is_refused() {
        for text in [
            "",
            "text",
            "text/",
            "/plain",
            "text/plain x",
            "te xt/plain",
            "text/plain;\r\nx",
            "text/é",
        ] {
            assert_eq!(text.parse::<MediaType>(), Err(InvalidMediaType), "{text}");
        }
    }

    #[test]
    fn structured_suffixes_count_as_json() {
        for (text, json) in [
            ("application/json", true),
            ("Application/Vnd.Api+JSON", true),
            ("application/jsonfoo", false),
            ("+json", false),
        ] {
            assert_eq!(
                is_or_has_suffix(text, "application/json", "+json"),
                json,
                "{text}"
            );
        }
    }
}
