//! Reading what others sent.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use http::HeaderValue;

use super::{ANY, CacheControl, Extensions, MOST, Scope, Scoped};
use crate::media_type::token_end;

/// The directives that have a setter.
pub(super) const KNOWN: [&str; 16] = [
    "max-age",
    "s-maxage",
    "no-cache",
    "no-store",
    "public",
    "private",
    "no-transform",
    "must-revalidate",
    "proxy-revalidate",
    "must-understand",
    "immutable",
    "stale-while-revalidate",
    "stale-if-error",
    "max-stale",
    "min-fresh",
    "only-if-cached",
];

impl CacheControl {
    /// Several field lines are one list (RFC 9110 §5.3); no line at all is no directive.
    ///
    /// As [`FromStr`]: names in any case, arguments with and without quotes (RFC 9111 §5.2), empty elements,
    /// and combinations that make no sense, which [`check`](Self::check) finds. Of two values the first counts
    /// (§4.2.1), and `private` goes before `private="…"`. A time that is none counts as the strictest
    /// there is: `max-age=soon` is `max-age=0`.
    ///
    /// ```
    /// use axum::http::HeaderValue;
    /// use axum_responses::{CacheControl, conditional::InvalidCacheControl};
    ///
    /// let read = |lines: &[&'static str]| {
    ///     let lines: Vec<_> = lines.iter().map(|line| HeaderValue::from_static(line)).collect();
    ///     CacheControl::from_lines(&lines).map(|control| control.to_string())
    /// };
    /// assert_eq!(read(&["No-Cache,, max-age=\"5\"", "max-age=9"]).unwrap(), "max-age=5, no-cache");
    /// assert_eq!(read(&["max-age=soon, private"]).unwrap(), "max-age=0, private");
    /// assert_eq!(read(&[]).unwrap(), "");
    /// assert_eq!(read(&["no-cache", "max-age = 5"]), Err(InvalidCacheControl)); // no blanks there
    /// ```
    ///
    /// # Errors
    /// [`InvalidCacheControl`] when a line is no list of directives. Then it is unknown what was forbidden:
    /// take it for [`NO_STORE`](Self::NO_STORE).
    pub fn from_lines<'a>(
        lines: impl IntoIterator<Item = &'a HeaderValue>,
    ) -> Result<Self, InvalidCacheControl> {
        let mut all = Self::new();
        for line in lines {
            // obs-text in an extension's quotes has no encoding; we take it for UTF-8 and hand it on.
            let line = std::str::from_utf8(line.as_bytes()).map_err(|_| InvalidCacheControl)?;
            all.take_line(line)?;
        }
        Ok(all)
    }

    fn take_line(&mut self, line: &str) -> Result<(), InvalidCacheControl> {
        for element in Elements(line) {
            let Element {
                text,
                name,
                argument,
            } = element.ok_or(InvalidCacheControl)?;
            self.take(text, name, argument);
        }
        Ok(())
    }

    /// An argument where none is defined means nothing.
    fn take(&mut self, text: &str, name: &str, argument: &str) {
        let name = KNOWN.iter().find(|known| known.eq_ignore_ascii_case(name));
        match name.copied() {
            Some("max-age") => first(&mut self.max_age, argument, 0),
            Some("s-maxage") => first(&mut self.s_maxage, argument, 0),
            Some("no-cache") => self.no_cache.take(argument),
            Some("no-store") => self.no_store = true,
            Some("public") => self.public = true,
            Some("private") => self.private.take(argument),
            Some("no-transform") => self.no_transform = true,
            Some("must-revalidate") => self.must_revalidate = true,
            Some("proxy-revalidate") => self.proxy_revalidate = true,
            Some("must-understand") => self.must_understand = true,
            Some("immutable") => self.immutable = true,
            Some("stale-while-revalidate") => first(&mut self.stale_while_revalidate, argument, 0),
            Some("stale-if-error") => first(&mut self.stale_if_error, argument, 0),
            Some("max-stale") if argument.is_empty() => {
                self.max_stale.get_or_insert(ANY);
            }
            Some("max-stale") => first(&mut self.max_stale, argument, 0),
            Some("min-fresh") => first(&mut self.min_fresh, argument, MOST),
            Some("only-if-cached") => self.only_if_cached = true,
            _ => self.extensions.push(text),
        }
    }
}

/// RFC 9111 §4.2.1: of several values the first, and what is no number counts as stale.
fn first(slot: &mut Option<u32>, argument: &str, strictest: u32) {
    slot.get_or_insert_with(|| delta_seconds(&unquoted(argument)).unwrap_or(strictest));
}

/// RFC 9111 §1.2.2: `1*DIGIT`; what is too large counts as 2^31.
fn delta_seconds(text: &str) -> Option<u32> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().unwrap_or(MOST).min(MOST))
}

impl Scoped {
    /// RFC 9111 §4.2.1: the stricter counts, which is the one for the whole; fields add up. A list that
    /// cannot be read is taken for the whole, as the stricter too.
    fn take(&mut self, argument: &str) {
        let list = unquoted(argument);
        let all_tokens = names(&list).all(|name| token_end(name.as_bytes(), 0) == name.len());
        if self.is_whole() || !all_tokens || names(&list).next().is_none() {
            self.scope = Scope::Whole;
            self.parsed.clear();
            return;
        }
        self.scope = Scope::Fields;
        for name in names(&list) {
            push(&mut self.parsed, name);
        }
    }
}

impl Extensions {
    pub(super) fn push(&mut self, directive: &str) {
        push(&mut self.parsed, directive);
    }
}

fn push(list: &mut String, element: &str) {
    if !list.is_empty() {
        list.push_str(", ");
    }
    list.push_str(element);
}

/// The names of a list.
pub(super) fn names(list: &str) -> impl Iterator<Item = &str> {
    list.split(',')
        .map(|name| name.trim_matches([' ', '\t']))
        .filter(|name| !name.is_empty())
}

/// The directives of a list that was checked before.
pub(super) fn directives(list: &str) -> impl Iterator<Item = &str> {
    Elements(list).map_while(|element| Some(element?.text))
}

/// The name of a directive.
pub(super) fn name_of(directive: &str) -> &str {
    &directive[..token_end(directive.as_bytes(), 0)]
}

struct Element<'a> {
    text: &'a str,
    name: &'a str,
    /// With its quotes; empty where there is none.
    argument: &'a str,
}

/// The elements that are not empty (RFC 9110 §5.6.1.2); `None` for one that is no directive.
struct Elements<'a>(&'a str);

impl<'a> Iterator for Elements<'a> {
    type Item = Option<Element<'a>>;

    fn next(&mut self) -> Option<Option<Element<'a>>> {
        let rest = self.0.trim_start_matches([' ', '\t', ',']);
        if rest.is_empty() {
            return None;
        }
        let Some((name, end)) = directive(rest.as_bytes()) else {
            return Some(None);
        };
        // All of these are next to ASCII, and so between characters.
        self.0 = rest[end..].trim_start_matches([' ', '\t']);
        if !self.0.is_empty() && !self.0.starts_with(',') {
            return Some(None);
        }
        let argument = rest.get(name + 1..end).unwrap_or_default();
        Some(Some(Element {
            // An empty argument is none: `name=` could not be sent on.
            text: &rest[..if argument.is_empty() { name } else { end }],
            name: &rest[..name],
            argument,
        }))
    }
}

/// RFC 9111 §5.2: `token [ "=" ( token / quoted-string ) ]`. Where the name ends, and where the whole does.
const fn directive(text: &[u8]) -> Option<(usize, usize)> {
    let name = token_end(text, 0);
    if name == 0 {
        return None;
    }
    if name == text.len() || text[name] != b'=' {
        return Some((name, name));
    }
    let end = token_end(text, name + 1);
    if end == name + 1 && end < text.len() && text[end] == b'"' {
        return match quoted_end(text, end + 1) {
            Some(end) => Some((name, end)),
            None => None,
        };
    }
    Some((name, end))
}

/// RFC 9110 §5.6.4: where the quoted string ends whose inside begins at `at`.
const fn quoted_end(text: &[u8], mut at: usize) -> Option<usize> {
    while at < text.len() {
        match text[at] {
            b'"' => return Some(at + 1),
            b'\\' => at += 1,
            _ => {}
        }
        if at == text.len() || !matches!(text[at], b'\t' | b' '..=b'~' | 0x80..) {
            return None;
        }
        at += 1;
    }
    None
}

/// An argument without its quotes and their backslashes.
fn unquoted(argument: &str) -> Cow<'_, str> {
    let Some(inside) = argument
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'))
    else {
        return Cow::Borrowed(argument);
    };
    if !inside.contains('\\') {
        return Cow::Borrowed(inside);
    }
    let mut escaped = false;
    let kept = inside.chars().filter(|char| {
        escaped = !escaped && *char == '\\';
        !escaped
    });
    Cow::Owned(kept.collect())
}

/// Whether it is one directive, and none that has a setter.
pub(super) const fn is_extension(text: &str) -> bool {
    let text = text.as_bytes();
    let Some((name, end)) = directive(text) else {
        return false;
    };
    if end != text.len() || end == name + 1 {
        return false;
    }
    let (name, _) = text.split_at(name);
    let mut at = 0;
    while at < KNOWN.len() {
        if KNOWN[at].as_bytes().eq_ignore_ascii_case(name) {
            return false;
        }
        at += 1;
    }
    true
}

/// Whether it is names, separated by commas and blanks; at least one.
pub(super) const fn is_field_list(text: &[u8]) -> bool {
    let mut at = 0;
    loop {
        at = blanks_end(text, at);
        let end = token_end(text, at);
        if end == at {
            return false;
        }
        at = blanks_end(text, end);
        if at == text.len() {
            return true;
        }
        if text[at] != b',' {
            return false;
        }
        at += 1;
    }
}

const fn blanks_end(text: &[u8], mut at: usize) -> usize {
    while at < text.len() && text[at] == b' ' {
        at += 1;
    }
    at
}

impl FromStr for CacheControl {
    type Err = InvalidCacheControl;

    /// As [`from_lines`](Self::from_lines), of one line.
    fn from_str(text: &str) -> Result<Self, InvalidCacheControl> {
        let mut all = Self::new();
        all.take_line(text)?;
        Ok(all)
    }
}

/// A text that is no list of cache directives. What is meant is then unknown: it is safest to take it for
/// [`NO_STORE`](CacheControl::NO_STORE).
///
/// ```
/// use axum_responses::{CacheControl, conditional::InvalidCacheControl};
///
/// for text in ["max-age=1; public", "=1", "private=\"x", "no store"] {
///     assert_eq!(text.parse::<CacheControl>(), Err(InvalidCacheControl));
/// }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidCacheControl;

impl fmt::Display for InvalidCacheControl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a list of cache directives: name or name=argument, separated by commas")
    }
}

impl std::error::Error for InvalidCacheControl {}
