//! Entity tags (RFC 9110 §8.8.3).

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use http::HeaderValue;

/// An entity tag, strong or weak.
///
/// Strong: the representation is the same byte for byte. Weak: it is as good as the same.
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
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ETag {
    weak: bool,
    tag: Cow<'static, str>,
}

impl ETag {
    /// A strong tag known when the program is written.
    ///
    /// # Panics
    /// When `tag` has a quote, a blank, a control or a non-ASCII character; in a `const`, at compile time.
    #[must_use]
    pub const fn strong(tag: &'static str) -> Self {
        assert!(
            is_opaque(tag.as_bytes()),
            "not an entity tag: printable ASCII without quotes and blanks"
        );
        Self {
            weak: false,
            tag: Cow::Borrowed(tag),
        }
    }

    /// A weak tag known when the program is written.
    ///
    /// # Panics
    /// As [`strong`](Self::strong).
    #[must_use]
    pub const fn weak(tag: &'static str) -> Self {
        assert!(
            is_opaque(tag.as_bytes()),
            "not an entity tag: printable ASCII without quotes and blanks"
        );
        Self {
            weak: true,
            tag: Cow::Borrowed(tag),
        }
    }

    /// A strong tag made at run time, from a hash for instance.
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

    /// A weak tag made at run time.
    ///
    /// # Errors
    /// As [`try_strong`](Self::try_strong).
    pub fn try_weak(tag: impl Into<Cow<'static, str>>) -> Result<Self, InvalidETag> {
        Self::try_strong(tag).map(Self::into_weak)
    }

    /// The strong tag of a stored row that counts its versions.
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

    /// The same tag, weak.
    #[must_use]
    pub fn into_weak(mut self) -> Self {
        self.weak = true;
        self
    }

    /// Whether it is weak.
    #[must_use]
    pub fn is_weak(&self) -> bool {
        self.weak
    }

    /// The text between the quotes.
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

    /// The value for the `ETag` field.
    #[must_use]
    pub fn to_header(&self) -> HeaderValue {
        // Every byte of an opaque tag may stand in a field value.
        HeaderValue::try_from(self.to_string()).unwrap_or(HeaderValue::from_static("\"\""))
    }
}

/// RFC 9110 §8.8.3: `etagc = %x21 / %x23-7E / obs-text`. We take and make no obs-text: it has no encoding.
const fn is_opaque(tag: &[u8]) -> bool {
    let mut at = 0;
    while at < tag.len() {
        if !matches!(tag[at], 0x21 | 0x23..=0x7e) {
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
        match take_tag(text) {
            Some((tag, "")) => Ok(tag),
            _ => Err(InvalidETag),
        }
    }
}

/// Takes a tag off the front of `text`.
fn take_tag(text: &str) -> Option<(ETag, &str)> {
    let (weak, quoted) = match text.strip_prefix("W/") {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (tag, rest) = quoted.strip_prefix('"')?.split_once('"')?;
    is_opaque(tag.as_bytes()).then(|| {
        (
            ETag {
                weak,
                tag: Cow::Owned(tag.to_owned()),
            },
            rest,
        )
    })
}

/// What `If-Match` and `If-None-Match` hold (RFC 9110 §13.1.1, §13.1.2).
///
/// ```
/// use axum_responses::{ETag, conditional::ETagList};
///
/// let list: ETagList = r#""a,b", W/"c""#.parse().unwrap();
/// assert!(list.matches_weakly(&ETag::strong("c")));
/// assert!(!list.matches_strongly(&ETag::strong("c")));
/// assert!("*".parse::<ETagList>().unwrap().matches_strongly(&ETag::strong("any")));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ETagList {
    /// `*`: whatever there is.
    Any,
    /// These tags.
    Tags(Vec<ETag>),
}

impl ETagList {
    /// Several field lines are one list (RFC 9110 §5.3). A line that is no list of tags makes the whole
    /// invalid; no line at all is `Ok(None)`.
    ///
    /// # Errors
    /// [`InvalidETag`] when a line cannot be read.
    pub fn from_lines<'a>(
        lines: impl IntoIterator<Item = &'a HeaderValue>,
    ) -> Result<Option<Self>, InvalidETag> {
        let mut all: Option<Self> = None;
        for line in lines {
            let line: Self = line.to_str().map_err(|_| InvalidETag)?.parse()?;
            all = Some(match (all, line) {
                (None, line) => line,
                (Some(Self::Tags(mut tags)), Self::Tags(more)) => {
                    tags.extend(more);
                    Self::Tags(tags)
                }
                _ => return Err(InvalidETag), // `*` stands alone
            });
        }
        Ok(all)
    }

    /// Strong comparison with the current tag: for `If-Match`.
    #[must_use]
    pub fn matches_strongly(&self, current: &ETag) -> bool {
        match self {
            Self::Any => true,
            Self::Tags(tags) => tags.iter().any(|tag| tag.strong_eq(current)),
        }
    }

    /// Weak comparison with the current tag: for `If-None-Match`.
    #[must_use]
    pub fn matches_weakly(&self, current: &ETag) -> bool {
        match self {
            Self::Any => true,
            Self::Tags(tags) => tags.iter().any(|tag| tag.weak_eq(current)),
        }
    }
}

impl FromStr for ETagList {
    type Err = InvalidETag;

    fn from_str(text: &str) -> Result<Self, InvalidETag> {
        if text.trim() == "*" {
            return Ok(Self::Any);
        }
        let mut tags = Vec::new();
        let mut rest = text;
        loop {
            // RFC 9110 §5.6.1.2: empty elements are taken and mean nothing.
            rest = rest.trim_start_matches([' ', '\t', ',']);
            if rest.is_empty() {
                return if tags.is_empty() {
                    Err(InvalidETag)
                } else {
                    Ok(Self::Tags(tags))
                };
            }
            let (tag, behind) = take_tag(rest).ok_or(InvalidETag)?;
            tags.push(tag);
            rest = behind.trim_start_matches([' ', '\t']);
            if !rest.is_empty() && !rest.starts_with(',') {
                return Err(InvalidETag);
            }
        }
    }
}

/// A text that is no entity tag, or no list of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidETag;

impl fmt::Display for InvalidETag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not an entity tag: printable ASCII without quotes and blanks, in quotes")
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

    #[test]
    fn lists_keep_commas_inside_quotes() {
        for (text, count) in [
            (r#""a""#, Some(1)),
            (r#""a","b"  ,	W/"c""#, Some(3)),
            (r#""a,b""#, Some(1)),
            (r#", "a",, "b","#, Some(2)),
            (r#""a" "b""#, None),
            ("a, b", None),
            ("", None),
            (r#""a", *"#, None),
        ] {
            let parsed = match text.parse() {
                Ok(ETagList::Tags(tags)) => Some(tags.len()),
                Ok(ETagList::Any) => Some(0),
                Err(InvalidETag) => None,
            };
            assert_eq!(parsed, count, "{text}");
        }
        assert_eq!(" * ".parse(), Ok(ETagList::Any));
    }
}
