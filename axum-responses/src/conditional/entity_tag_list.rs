//! Lists of entity tags, as `If-Match` and `If-None-Match` hold them (RFC 9110 §13.1.1, §13.1.2).

use std::fmt;
use std::str::FromStr;

use http::HeaderValue;

use super::entity_tag::{ETag, InvalidETag, TagRef};

/// What `If-Match` and `If-None-Match` hold (RFC 9110 §13.1.1, §13.1.2).
///
/// On the wire: `"a,b", W/"c"` or `*`. Handlers ask [`Conditional`](super::Conditional), which reads both fields; this
/// is for what else has such lists.
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
    /// `*` stands alone. A tag that is not UTF-8 is left out: none of ours is such.
    ///
    /// ```
    /// use axum::http::HeaderValue;
    /// use axum_responses::conditional::{ETagList, InvalidETag};
    ///
    /// let read = |lines: &[&'static str]| {
    ///     let lines: Vec<_> = lines.iter().map(|line| HeaderValue::from_static(line)).collect();
    ///     ETagList::from_lines(&lines)
    /// };
    /// let both = read(&[r#""a""#, r#"W/"b""#]).unwrap().unwrap();
    /// assert_eq!(both.to_string(), r#""a", W/"b""#);
    /// assert_eq!(read(&[]), Ok(None));
    /// assert_eq!(read(&["*"]), Ok(Some(ETagList::Any)));
    /// assert_eq!(read(&[r#""a""#, "*"]), Err(InvalidETag));
    /// assert_eq!(read(&[""]), Err(InvalidETag));
    /// ```
    ///
    /// # Errors
    /// [`InvalidETag`] when a line cannot be read.
    pub fn from_lines<'a>(
        lines: impl IntoIterator<Item = &'a HeaderValue>,
    ) -> Result<Option<Self>, InvalidETag> {
        let mut tags = Vec::new();
        let listed = walk(lines.into_iter().map(HeaderValue::as_bytes), |tag| {
            tags.extend(tag.to_owned());
        })?;
        Ok(listed.map(|listed| match listed {
            Listed::Any => Self::Any,
            Listed::Tags => Self::Tags(tags),
        }))
    }

    /// Strong comparison with the current tag: for `If-Match` (RFC 9110 §13.1.1). `*` matches any tag, a weak one too;
    /// where there is nothing yet, do not ask.
    ///
    /// ```
    /// use axum_responses::{ETag, conditional::ETagList};
    ///
    /// let list = ETagList::Tags(vec![ETag::strong("a"), ETag::weak("b")]);
    /// assert!(list.matches_strongly(&ETag::strong("a")));
    /// assert!(!list.matches_strongly(&ETag::weak("b")) && list.matches_weakly(&ETag::weak("b")));
    /// assert!(ETagList::Any.matches_strongly(&ETag::weak("b")));
    /// ```
    #[must_use]
    pub fn matches_strongly(&self, current: &ETag) -> bool {
        match self {
            Self::Any => true,
            Self::Tags(tags) => tags.iter().any(|tag| tag.strong_eq(current)),
        }
    }

    /// Weak comparison with the current tag: for `If-None-Match` (RFC 9110 §13.1.2), where a match means that the
    /// condition does *not* hold.
    #[must_use]
    pub fn matches_weakly(&self, current: &ETag) -> bool {
        match self {
            Self::Any => true,
            Self::Tags(tags) => tags.iter().any(|tag| tag.weak_eq(current)),
        }
    }
}

/// Whether one of the listed tags is it, without keeping any: a header section may hold thousands.
/// `Ok(None)` when there is no line.
pub(super) fn any<'a>(
    lines: impl Iterator<Item = &'a HeaderValue>,
    is_it: impl Fn(TagRef<'a>) -> bool,
) -> Result<Option<bool>, InvalidETag> {
    let mut found = false;
    let listed = walk(lines.map(HeaderValue::as_bytes), |tag| {
        found = found || is_it(tag);
    })?;
    Ok(listed.map(|listed| matches!(listed, Listed::Any) || found))
}

enum Listed {
    /// `*`
    Any,
    /// Those that were visited
    Tags,
}

/// RFC 9110 §13.1.1: `"*" / #entity-tag`, over all field lines.
fn walk<'a>(
    lines: impl Iterator<Item = &'a [u8]>,
    mut visit: impl FnMut(TagRef<'a>),
) -> Result<Option<Listed>, InvalidETag> {
    let (mut any, mut some) = (false, false);
    let mut there = false;
    for line in lines {
        if there && any {
            return Err(InvalidETag); // `*` stands alone
        }
        there = true;
        if line.trim_ascii() == b"*" {
            any = true;
            continue;
        }
        let mut rest = line;
        loop {
            // RFC 9110 §5.6.1.2: empty elements are taken and mean nothing.
            rest = trim_start(rest, |byte| matches!(byte, b' ' | b'\t' | b','));
            if rest.is_empty() {
                break;
            }
            let (tag, behind) = TagRef::take(rest).ok_or(InvalidETag)?;
            some = true;
            visit(tag);
            rest = trim_start(behind, |byte| matches!(byte, b' ' | b'\t'));
            if !rest.is_empty() && !rest.starts_with(b",") {
                return Err(InvalidETag);
            }
        }
    }
    match (there, any, some) {
        (false, ..) => Ok(None),
        (true, true, false) => Ok(Some(Listed::Any)),
        (true, false, true) => Ok(Some(Listed::Tags)),
        (true, true, true) | (true, false, false) => Err(InvalidETag),
    }
}

fn trim_start(text: &[u8], is_blank: impl Fn(u8) -> bool) -> &[u8] {
    let start = text.iter().position(|byte| !is_blank(*byte));
    &text[start.unwrap_or(text.len())..]
}

impl FromStr for ETagList {
    type Err = InvalidETag;

    /// One line.
    fn from_str(text: &str) -> Result<Self, InvalidETag> {
        let mut tags = Vec::new();
        match walk([text.as_bytes()].into_iter(), |tag| {
            tags.extend(tag.to_owned());
        })? {
            Some(Listed::Any) => Ok(Self::Any),
            Some(Listed::Tags) => Ok(Self::Tags(tags)),
            None => Err(InvalidETag),
        }
    }
}

impl fmt::Display for ETagList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tags = match self {
            Self::Any => return f.write_str("*"),
            Self::Tags(tags) => tags,
        };
        for (index, tag) in tags.iter().enumerate() {
            let separator = if index == 0 { "" } else { ", " };
            write!(f, "{separator}{tag}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
            (",", None),
            (r#""a", *"#, None),
            ("*, *", None),
            (r#""é""#, Some(1)),
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

    fn check(lines: &[&[u8]], expected: Result<Option<&str>, InvalidETag>) {
        let lines: Vec<_> = lines
            .iter()
            .map(|line| HeaderValue::from_bytes(line).unwrap())
            .collect();
        let list = ETagList::from_lines(&lines);
        let printed = list.clone().map(|list| list.map(|list| list.to_string()));
        assert_eq!(
            printed,
            expected.map(|expected| expected.map(str::to_owned))
        );
        let current = ETag::strong("b");
        assert_eq!(
            any(lines.iter(), |tag| tag.weak_eq(&current)),
            list.map(|list| list.map(|list| list.matches_weakly(&current))),
            "{lines:?}"
        );
    }

    #[test]
    fn several_lines_are_one_list() {
        check(&[], Ok(None));
        check(&[br#""a""#, br#"W/"b""#], Ok(Some(r#""a", W/"b""#)));
        check(&[br#""a""#, b"", br#""b""#], Ok(Some(r#""a", "b""#)));
        check(&[b"*"], Ok(Some("*")));
        check(&[b"*", br#""a""#], Err(InvalidETag));
        check(&[br#""a""#, b"*"], Err(InvalidETag));
        check(&[b"*", b"*"], Err(InvalidETag));
        check(&[br#""b""#, b"broken"], Err(InvalidETag));
        // obs-text that is no UTF-8 is a tag, and none that we could have made
        check(&[b"\"\xff\", \"b\""], Ok(Some(r#""b""#)));
    }

    #[test]
    fn a_list_matches_by_the_comparison_that_is_asked_for() {
        let (strong, weak) = (ETag::strong("a"), ETag::weak("a"));
        for (list, current, strongly, weakly) in [
            (r#""a""#, &strong, true, true),
            (r#"W/"a""#, &strong, false, true),
            (r#""a""#, &weak, false, true),
            (r#""b""#, &strong, false, false),
            ("*", &weak, true, true),
        ] {
            let list: ETagList = list.parse().unwrap();
            let found = (list.matches_strongly(current), list.matches_weakly(current));
            assert_eq!(found, (strongly, weakly), "{list} {current}");
        }
    }
}
