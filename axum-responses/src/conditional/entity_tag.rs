//! Entity tags (RFC 9110 §8.8.3).

use std::borrow::Cow;
use std::fmt;
#[cfg(feature = "file")]
use std::fmt::Write;
use std::str::FromStr;

use bytes::Bytes;
use http::HeaderValue;

/// An entity tag, strong or weak (RFC 9110 §8.8.3).
///
/// Strong: the representation is the same byte for byte. Weak: it is as good as the same (§8.8.1).
///
/// On the wire: `"v1"` or `W/"v1"`.
///
/// ```
/// use axum_responses::ETag;
///
/// let tag: ETag = r#""v1""#.parse().unwrap();
/// assert_eq!(tag, ETag::strong("v1"));
/// assert_eq!(ETag::weak("v1").to_string(), r#"W/"v1""#);
///
/// // RFC 9110 §8.8.3.2
/// assert!(ETag::weak("v1").weak_eq(&tag));
/// assert!(!ETag::weak("v1").strong_eq(&tag));
/// assert!(tag.strong_eq(&tag));
/// ```
///
/// `==` is neither of the two comparisons: it tells a weak tag from a strong one, and takes two weak ones for the same.
///
/// ```
/// # use axum_responses::ETag;
/// assert_ne!(ETag::weak("v1"), ETag::strong("v1"));
/// assert_eq!(ETag::weak("v1"), ETag::weak("v1"));
/// assert!(!ETag::weak("v1").strong_eq(&ETag::weak("v1")));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ETag {
    weak: bool,
    tag: Cow<'static, str>,
}

impl ETag {
    /// A strong tag known when the program is written.
    ///
    /// ```
    /// # use axum_responses::ETag;
    /// const FIRST: ETag = ETag::strong("v1");
    /// assert_eq!(FIRST.to_header(), r#""v1""#);
    /// assert_eq!(ETag::strong("").to_header(), r#""""#); // a tag as good as another
    /// ```
    ///
    /// ```compile_fail
    /// # use axum_responses::ETag;
    /// const QUOTED: ETag = ETag::strong(r#""v1""#); // the quotes come by themselves
    /// ```
    ///
    /// # Panics
    /// When `tag` has a quote, a blank or a control character; in a `const`, at compile time.
    #[must_use]
    pub const fn strong(tag: &'static str) -> Self {
        assert!(
            is_opaque(tag.as_bytes()),
            "not an entity tag: no quotes, blanks and control characters"
        );
        Self {
            weak: false,
            tag: Cow::Borrowed(tag),
        }
    }

    /// A weak tag known when the program is written; `W/` comes by itself.
    ///
    /// ```
    /// # use axum_responses::ETag;
    /// assert_eq!(ETag::weak("v1").to_header(), r#"W/"v1""#);
    /// ```
    ///
    /// # Panics
    /// As [`strong`](Self::strong).
    #[must_use]
    pub const fn weak(tag: &'static str) -> Self {
        assert!(
            is_opaque(tag.as_bytes()),
            "not an entity tag: no quotes, blanks and control characters"
        );
        Self {
            weak: true,
            tag: Cow::Borrowed(tag),
        }
    }

    /// A strong tag made at run time, from a hash for instance. There is no limit to its length but the server's.
    ///
    /// Characters beyond ASCII are allowed, and go out as UTF-8.
    ///
    /// ```
    /// use axum_responses::{ETag, conditional::InvalidETag};
    ///
    /// let tag = ETag::try_strong(format!("{}-é", 7)).unwrap();
    /// assert_eq!(tag.to_header().as_bytes(), "\"7-é\"".as_bytes());
    /// for text in ["a b", "\"v1\"", "a\r\nb"] {
    ///     assert_eq!(ETag::try_strong(text), Err(InvalidETag));
    /// }
    /// ```
    ///
    /// # Errors
    /// [`InvalidETag`] when `tag` has a character that cannot stand in one.
    pub fn try_strong(tag: impl Into<Cow<'static, str>>) -> Result<Self, InvalidETag> {
        let tag = tag.into();
        if is_opaque(tag.as_bytes()) {
            Ok(Self { weak: false, tag })
        } else {
            Err(InvalidETag)
        }
    }

    /// A weak tag made at run time, as [`try_strong`](Self::try_strong) makes a strong one.
    ///
    /// # Errors
    /// As [`try_strong`](Self::try_strong).
    pub fn try_weak(tag: impl Into<Cow<'static, str>>) -> Result<Self, InvalidETag> {
        Self::try_strong(tag).map(Self::into_weak)
    }

    /// The strong tag of a stored row that counts its versions.
    ///
    /// It tells versions of one row apart and not rows: what is at one address must be one row, in one media type and
    /// one coding.
    ///
    /// ```
    /// # use axum_responses::ETag;
    /// assert_eq!(ETag::of_version(7).to_string(), r#""7""#);
    /// ```
    #[must_use]
    pub fn of_version(version: u64) -> Self {
        Self {
            weak: false,
            tag: Cow::Owned(version.to_string()),
        }
    }

    /// The strong tag of these bytes, made of their XXH3 hash (128 bits): the same on every machine and in
    /// every version. About a millisecond for 10 MiB.
    ///
    /// The hash is no cryptographic one: who may choose two contents can make them share a tag.
    ///
    /// ```
    /// # use axum_responses::ETag;
    /// assert_eq!(ETag::of_content(b"").to_string(), r#""99aa06d3014798d86001c324468d497f""#);
    /// ```
    #[must_use]
    pub fn of_content(content: &[u8]) -> Self {
        let hash = twox_hash::XxHash3_128::oneshot(content);
        Self {
            weak: false,
            tag: Cow::Owned(format!("{hash:032x}")),
        }
    }

    /// The tag of a stored file: when it was modified (in nanoseconds since 1970), how long it is, which one it is,
    /// and in which coding.
    #[cfg(feature = "file")]
    pub(crate) fn of_stamp(
        nanoseconds: u128,
        length: u64,
        inode: u64,
        coding: Option<&str>,
        weak: bool,
    ) -> Self {
        let mut tag = format!("{nanoseconds:x}-{length:x}");
        if inode != 0 {
            // Writing to a text does not fail.
            let _ = write!(tag, "-{inode:x}");
        }
        if let Some(coding) = coding {
            tag.push('-');
            tag.push_str(coding);
        }
        Self {
            weak,
            tag: Cow::Owned(tag),
        }
    }

    /// The same tag, weak; a weak one stays as it is.
    ///
    /// ```
    /// # use axum_responses::ETag;
    /// let tag = ETag::of_version(7).into_weak();
    /// assert!(tag.is_weak());
    /// assert_eq!((tag.tag(), tag.to_string().as_str()), ("7", r#"W/"7""#));
    /// assert_eq!(tag.clone().into_weak(), tag);
    /// ```
    #[must_use]
    pub fn into_weak(mut self) -> Self {
        self.weak = true;
        self
    }

    /// Whether it is weak: such a tag never satisfies `If-Match`.
    #[must_use]
    pub fn is_weak(&self) -> bool {
        self.weak
    }

    /// The text between the quotes, the same for a weak and a strong one.
    #[must_use]
    pub fn tag(&self) -> &str {
        &self.tag
    }

    /// Strong comparison: both strong, and the same (RFC 9110 §8.8.3.2). For `If-Match` and `If-Range`.
    #[must_use]
    pub fn strong_eq(&self, other: &Self) -> bool {
        !self.weak && !other.weak && self.tag == other.tag
    }

    /// Weak comparison: the same, whether weak or not (RFC 9110 §8.8.3.2). For `If-None-Match`.
    #[must_use]
    pub fn weak_eq(&self, other: &Self) -> bool {
        self.tag == other.tag
    }

    /// The value for the `ETag` field, with its quotes. It is the same text as it [prints](fmt::Display).
    #[must_use]
    pub fn to_header(&self) -> HeaderValue {
        let mut value = Vec::with_capacity(self.tag.len() + 4);
        value.extend_from_slice(if self.weak { b"W/\"" } else { b"\"" });
        value.extend_from_slice(self.tag.as_bytes());
        value.push(b'"');
        // Every byte of an opaque tag may stand in a field value.
        HeaderValue::from_maybe_shared(Bytes::from(value))
            .unwrap_or(HeaderValue::from_static("\"\""))
    }
}

/// RFC 9110 §8.8.3: `etagc = %x21 / %x23-7E / obs-text`.
const fn is_opaque(tag: &[u8]) -> bool {
    let mut at = 0;
    while at < tag.len() {
        if !matches!(tag[at], 0x21 | 0x23..=0x7e | 0x80..) {
            return false;
        }
        at += 1;
    }
    true
}

impl fmt::Display for ETag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let weak = if self.weak { "W/" } else { "" };
        write!(f, "{weak}\"{}\"", self.tag)
    }
}

impl FromStr for ETag {
    type Err = InvalidETag;

    /// One tag and nothing else. `W/` is case-sensitive (RFC 9110 §8.8.3).
    fn from_str(text: &str) -> Result<Self, InvalidETag> {
        match TagRef::take(text.as_bytes()) {
            Some((tag, b"")) => tag.to_owned().ok_or(InvalidETag),
            _ => Err(InvalidETag),
        }
    }
}

/// A tag where it stands in a field value.
#[derive(Clone, Copy)]
pub(super) struct TagRef<'a> {
    weak: bool,
    tag: &'a [u8],
}

impl<'a> TagRef<'a> {
    /// Takes a tag off the front of `text`. `W/` is case-sensitive (RFC 9110 §8.8.3).
    pub(super) fn take(text: &'a [u8]) -> Option<(Self, &'a [u8])> {
        let (weak, quoted) = match text.strip_prefix(b"W/") {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let quoted = quoted.strip_prefix(b"\"")?;
        let end = quoted.iter().position(|byte| *byte == b'"')?;
        let tag = &quoted[..end];
        is_opaque(tag).then_some((Self { weak, tag }, &quoted[end + 1..]))
    }

    /// As [`ETag::strong_eq`].
    pub(super) fn strong_eq(&self, other: &ETag) -> bool {
        !self.weak && !other.weak && self.weak_eq(other)
    }

    /// As [`ETag::weak_eq`].
    pub(super) fn weak_eq(&self, other: &ETag) -> bool {
        self.tag == other.tag.as_bytes()
    }

    /// `None` for obs-text that is not UTF-8: it equals no tag of ours.
    pub(super) fn to_owned(self) -> Option<ETag> {
        let tag = std::str::from_utf8(self.tag).ok()?;
        Some(ETag {
            weak: self.weak,
            tag: Cow::Owned(tag.to_owned()),
        })
    }
}

/// A text that is no entity tag, or no list of them.
///
/// ```
/// use axum_responses::{ETag, conditional::InvalidETag};
///
/// for text in ["v1", r#"w/"v1""#, r#" "v1""#, r#""v1", "v2""#, "*"] {
///     assert_eq!(text.parse::<ETag>(), Err(InvalidETag));
/// }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidETag;

impl fmt::Display for InvalidETag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "not an entity tag: text without quotes, blanks and control characters, in quotes",
        )
    }
}

impl std::error::Error for InvalidETag {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_quoted_and_nothing_else() {
        for (text, tag) in [
            (r#""xyzzy""#, Some((false, "xyzzy"))), // RFC 9110 §8.8.3's own
            (r#"W/"xyzzy""#, Some((true, "xyzzy"))),
            (r#""""#, Some((false, ""))),
            (r#"w/"x""#, None),
            ("x", None),
            (r#""x"#, None),
            (r#""a b""#, None),
            ("\"a\u{7f}\"", None),
            (r#""é""#, Some((false, "é"))),
            (r#""a""b""#, None),
            (r#""a", "b""#, None),
            (r#" "a""#, None),
            ("*", None),
        ] {
            let parsed = text.parse::<ETag>().ok();
            assert_eq!(
                parsed.as_ref().map(|tag| (tag.is_weak(), tag.tag())),
                tag,
                "{text}"
            );
            if let Some(tag) = parsed {
                assert_eq!(tag.to_string(), text);
            }
        }
    }

    #[test]
    fn comparisons_are_those_of_rfc_9110_section_8_8_3_2() {
        let (w1, w2, s1) = (ETag::weak("1"), ETag::weak("2"), ETag::strong("1"));
        for (a, b, strong, weak) in [
            (&w1, &w1, false, true),
            (&w1, &w2, false, false),
            (&w1, &s1, false, true),
            (&s1, &s1, true, true),
        ] {
            assert_eq!((a.strong_eq(b), a.weak_eq(b)), (strong, weak), "{a} {b}");
        }
    }

    #[cfg(feature = "file")]
    #[test]
    fn the_tag_of_a_file_says_when_how_long_which_and_in_which_coding() {
        for (tag, expected) in [
            (ETag::of_stamp(0x10, 0x2f, 0, None, false), r#""10-2f""#),
            (
                ETag::of_stamp(0x10, 0x2f, 0xa, None, true),
                r#"W/"10-2f-a""#,
            ),
            (ETag::of_stamp(0, 0, 1, Some("br"), false), r#""0-0-1-br""#),
        ] {
            assert_eq!(tag.to_string(), expected);
        }
    }

    #[test]
    fn what_is_no_tag_says_so() {
        let text = InvalidETag.to_string();
        assert!(text.starts_with("not an entity tag"), "{text}");
        assert!(ETag::try_weak("a b").is_err());
    }
}
