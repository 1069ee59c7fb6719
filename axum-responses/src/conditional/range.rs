//! Byte ranges (RFC 9110 §14).

use std::fmt;
use std::ops;
use std::str::FromStr;

use http::HeaderValue;

/// The byte ranges that a request asks for (RFC 9110 §14.2).
///
/// On the wire: `bytes=0-499` or `bytes=0-0,-1`.
///
/// What a server is to ignore is no `Range`: another unit, a set that is malformed, and more than
/// [`MOST`](Self::MOST) ranges, which no honest client needs. Positions beyond 64 bits are as good as the last one.
/// [`Conditional::selection`](super::Conditional::selection) reads and selects at once, with `If-Range`.
///
/// ```
/// use axum_responses::conditional::{Range, Selection};
///
/// let range: Range = "bytes=0-4, 3-9, -5".parse().unwrap();
/// // overlapping and adjacent ones are one, in the place of the first
/// assert_eq!(range.select(100), Selection::Parts(vec![0..10, 95..100]));
/// assert_eq!("bytes=100-".parse::<Range>().unwrap().select(100), Selection::Unsatisfiable);
/// assert!("lines=1-2".parse::<Range>().is_err());
/// assert!("bytes=5-1".parse::<Range>().is_err());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Range(Vec<Spec>);

/// RFC 9110 §14.1.1: `int-range / suffix-range`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Spec {
    /// `first-`
    From(u64),
    /// `first-last`, the last one included
    Between(u64, u64),
    /// `-length`
    Suffix(u64),
}

/// What a [`Range`] selects of a representation.
///
/// Parts are half-open, as ranges of Rust are: `bytes=0-4` is `0..5`. One part is sent by itself with a
/// [`ContentRange`], several as `multipart/byteranges` (RFC 9110 §15.3.7).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Selection {
    /// All of it, under 200.
    Whole,
    /// These parts, disjoint and not adjacent, in the order in which they were asked for: 206. Never empty.
    Parts(Vec<ops::Range<u64>>),
    /// Nothing that there is: 416.
    Unsatisfiable,
}

impl Range {
    /// More ranges than these in one request are ignored (RFC 9110 §14.2 lets a server do so, §17.15 says why).
    ///
    /// ```
    /// # use axum_responses::conditional::Range;
    /// let ask = |ranges: usize| format!("bytes={}", vec!["0-0"; ranges].join(",")).parse::<Range>();
    /// assert!(ask(Range::MOST).is_ok());
    /// assert!(ask(Range::MOST + 1).is_err()); // also where they are all the same
    /// ```
    pub const MOST: usize = 16;

    /// What these field lines ask for. Several lines are joined by commas (RFC 9110 §5.3): the unit stands in
    /// the first. `None` when there is no line, or nothing that a server is to heed.
    ///
    /// ```
    /// use axum::http::HeaderValue;
    /// use axum_responses::conditional::Range;
    ///
    /// let read = |lines: &[&'static str]| {
    ///     let lines: Vec<_> = lines.iter().map(|line| HeaderValue::from_static(line)).collect();
    ///     Range::from_lines(&lines).map(|range| range.to_string())
    /// };
    /// assert_eq!(read(&["Bytes=0-1, -5", "7-"]).as_deref(), Some("bytes=0-1,-5,7-"));
    /// assert_eq!(read(&["bytes=0-1", "bytes=7-"]), None); // `bytes=7-` is no range
    /// assert_eq!(read(&["bytes=0-1, 5-4"]), None); // one that is malformed spoils the set
    /// assert_eq!(read(&[]), None);
    /// ```
    #[must_use]
    pub fn from_lines<'a>(lines: impl IntoIterator<Item = &'a HeaderValue>) -> Option<Self> {
        let mut lines = lines.into_iter().map(HeaderValue::as_bytes);
        let first = after_unit(lines.next()?)?;
        Self::of_sets([first].into_iter().chain(lines))
    }

    /// RFC 9110 §14.1.1: `range-set = 1#range-spec`.
    fn of_sets<'a>(sets: impl Iterator<Item = &'a [u8]>) -> Option<Self> {
        let mut specs = Vec::with_capacity(1);
        for element in sets.flat_map(|set| set.split(|byte| *byte == b',')) {
            let element = element.trim_ascii();
            if element.is_empty() {
                continue; // RFC 9110 §5.6.1.2
            }
            if specs.len() == Self::MOST {
                return None;
            }
            specs.push(Spec::parse(element)?);
        }
        (!specs.is_empty()).then_some(Self(specs))
    }

    /// What is selected of a representation of this length, in bytes (RFC 9110 §14.1.2).
    ///
    /// Ends are cut off at the length, beginnings beyond it make a range unsatisfiable. The whole is unsatisfiable when
    /// all are. Of nothing, a suffix selects [`Whole`](Selection::Whole): no `Content-Range` could say so.
    ///
    /// ```
    /// use axum_responses::conditional::{Range, Selection};
    ///
    /// let select = |range: &str, length| range.parse::<Range>().unwrap().select(length);
    /// assert_eq!(select("bytes=5-99", 10), Selection::Parts(vec![5..10]));
    /// assert_eq!(select("bytes=-99", 10), Selection::Parts(vec![0..10])); // all of it, and none the less 206
    /// assert_eq!(select("bytes=10-, 2-3", 10), Selection::Parts(vec![2..4]));
    /// assert_eq!(select("bytes=10-", 10), Selection::Unsatisfiable);
    /// assert_eq!(select("bytes=-0", 10), Selection::Unsatisfiable);
    /// assert_eq!(select("bytes=-1", 0), Selection::Whole);
    /// ```
    #[must_use]
    pub fn select(&self, length: u64) -> Selection {
        let mut parts: Vec<ops::Range<u64>> = Vec::with_capacity(self.0.len());
        for spec in &self.0 {
            if let Some(part) = spec.of(length) {
                merge_into(&mut parts, part);
            }
        }
        if !parts.is_empty() {
            return Selection::Parts(parts);
        }
        // RFC 9110 §14.1.2: a suffix that is not zero is satisfiable, also where there is nothing; but no
        // Content-Range can say so (§14.4).
        if self.0.iter().any(|spec| matches!(spec, Spec::Suffix(1..))) {
            Selection::Whole
        } else {
            Selection::Unsatisfiable
        }
    }
}

/// What is behind `bytes=`. Units compare without regard to case (RFC 9110 §14.1).
fn after_unit(line: &[u8]) -> Option<&[u8]> {
    let (unit, set) = line.split_at_checked(b"bytes=".len())?;
    unit.eq_ignore_ascii_case(b"bytes=").then_some(set)
}

/// Makes one of all that touch, in the place of the first of them: RFC 9110 §14.2 lets a server coalesce.
fn merge_into(parts: &mut Vec<ops::Range<u64>>, mut part: ops::Range<u64>) {
    let mut place = None;
    let mut index = 0;
    while index < parts.len() {
        let other = &parts[index];
        if part.start > other.end || other.start > part.end {
            index += 1;
            continue;
        }
        part = part.start.min(other.start)..part.end.max(other.end);
        parts.remove(index);
        // What grew may touch those before it.
        place = Some(place.map_or(index, |place: usize| place.min(index)));
        index = 0;
    }
    parts.insert(place.unwrap_or(parts.len()), part);
}

impl Spec {
    fn parse(text: &[u8]) -> Option<Self> {
        let dash = text.iter().position(|byte| *byte == b'-')?;
        let (first, last) = (&text[..dash], &text[dash + 1..]);
        match (first, last) {
            (b"", last) => number(last).map(Self::Suffix),
            (first, b"") => number(first).map(Self::From),
            (first, last) => {
                // RFC 9110 §14.1.1: invalid when the last is before the first. Digits are compared, for
                // positions that have more than 64 bits.
                let (from, to) = (number(first)?, number(last)?);
                (!is_less(last, first)).then_some(Self::Between(from, to))
            }
        }
    }

    /// The part of a representation of this length; `None` where it is not satisfiable (RFC 9110 §14.1.2).
    fn of(self, length: u64) -> Option<ops::Range<u64>> {
        let part = match self {
            Self::From(first) => first..length,
            Self::Between(first, last) => first..last.saturating_add(1).min(length),
            Self::Suffix(suffix) => length.saturating_sub(suffix)..length,
        };
        (part.start < part.end).then_some(part)
    }
}

/// `1*DIGIT`, beyond 64 bits the largest number.
fn number(digits: &[u8]) -> Option<u64> {
    if digits.is_empty() {
        return None;
    }
    digits.iter().try_fold(0_u64, |number, digit| {
        let digit = digit.is_ascii_digit().then(|| u64::from(digit - b'0'))?;
        Some(number.saturating_mul(10).saturating_add(digit))
    })
}

/// Compares numbers of any length.
fn is_less(a: &[u8], b: &[u8]) -> bool {
    let significant = |digits: &[u8]| {
        let start = digits.iter().position(|digit| *digit != b'0');
        start.unwrap_or(digits.len())
    };
    let (a, b) = (&a[significant(a)..], &b[significant(b)..]);
    (a.len(), a) < (b.len(), b)
}

impl FromStr for Range {
    type Err = InvalidRange;

    fn from_str(text: &str) -> Result<Self, InvalidRange> {
        after_unit(text.as_bytes())
            .and_then(|set| Self::of_sets([set].into_iter()))
            .ok_or(InvalidRange)
    }
}

impl fmt::Display for Range {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, spec) in self.0.iter().enumerate() {
            f.write_str(if index == 0 { "bytes=" } else { "," })?;
            match spec {
                Spec::From(first) => write!(f, "{first}-"),
                Spec::Between(first, last) => write!(f, "{first}-{last}"),
                Spec::Suffix(length) => write!(f, "-{length}"),
            }?;
        }
        Ok(())
    }
}

/// A text that is no set of byte ranges, or one that is to be ignored: a server answers as if it were not there, and
/// never with 416 (RFC 9110 §14.2).
///
/// ```
/// use axum_responses::conditional::{InvalidRange, Range};
///
/// for text in ["lines=0-1", "bytes=", "bytes=a-b", "bytes=-", "0-1", "bytes = 0-1"] {
///     assert_eq!(text.parse::<Range>(), Err(InvalidRange));
/// }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidRange;

impl fmt::Display for InvalidRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a set of byte ranges")
    }
}

impl std::error::Error for InvalidRange {}

/// Which part of a representation a response holds (RFC 9110 §14.4).
///
/// On the wire: `bytes 0-9/100` with a 206, `bytes */100` with a 416.
///
/// ```
/// use axum_responses::conditional::ContentRange;
///
/// assert_eq!(ContentRange::of(0..10, 100).to_string(), "bytes 0-9/100");
/// assert_eq!(ContentRange::unsatisfied(100).to_string(), "bytes */100");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContentRange {
    part: Option<ops::Range<u64>>,
    length: u64,
}

impl ContentRange {
    /// This part of a representation of this length, both in bytes. The part is half-open; on the wire the last byte is
    /// included.
    ///
    /// ```
    /// # use axum_responses::conditional::ContentRange;
    /// assert_eq!(ContentRange::of(0..1, 10).to_header(), "bytes 0-0/10");
    /// assert_eq!(ContentRange::of(0..10, 10).to_header(), "bytes 0-9/10");
    /// ```
    ///
    /// ```should_panic
    /// # use axum_responses::conditional::ContentRange;
    /// let empty = ContentRange::of(5..5, 10);
    /// ```
    ///
    /// # Panics
    /// When the part is empty or ends behind the representation: neither can be written.
    #[must_use]
    #[track_caller]
    pub const fn of(part: ops::Range<u64>, length: u64) -> Self {
        assert!(
            part.start < part.end && part.end <= length,
            "not a part of the representation"
        );
        Self {
            part: Some(part),
            length,
        }
    }

    /// No part of a representation of this length: for a 416 (RFC 9110 §15.5.17).
    #[must_use]
    pub const fn unsatisfied(length: u64) -> Self {
        Self { part: None, length }
    }

    /// The value for the `Content-Range` field: the same text as it [prints](fmt::Display).
    #[must_use]
    pub fn to_header(&self) -> HeaderValue {
        HeaderValue::try_from(self.to_string()).unwrap_or(HeaderValue::from_static(""))
    }
}

impl fmt::Display for ContentRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let length = self.length;
        match &self.part {
            Some(ops::Range { start, end }) => write!(f, "bytes {start}-{}/{length}", end - 1),
            None => write!(f, "bytes */{length}"),
        }
    }
}

impl FromStr for ContentRange {
    type Err = InvalidContentRange;

    /// Bytes of a known length alone: RFC 9110 §14.4 has `*` for a length that is not known.
    fn from_str(text: &str) -> Result<Self, InvalidContentRange> {
        let parse = || {
            let (unit, rest) = text.split_once(' ')?;
            // RFC 9110 §14.1: range units are case-insensitive.
            let (range, length) = unit
                .eq_ignore_ascii_case("bytes")
                .then_some(rest)?
                .split_once('/')?;
            let length = number(length.as_bytes()).filter(|length| *length < u64::MAX)?;
            if range == "*" {
                return Some(Self::unsatisfied(length));
            }
            let (first, last) = range.split_once('-')?;
            let (start, last) = (number(first.as_bytes())?, number(last.as_bytes())?);
            (start <= last && last < length).then(|| Self::of(start..last + 1, length))
        };
        parse().ok_or(InvalidContentRange)
    }
}

/// A text that is no `Content-Range` of bytes within a known length.
///
/// ```
/// use axum_responses::conditional::{ContentRange, InvalidContentRange};
///
/// assert_eq!("bytes 0-9/10".parse(), Ok(ContentRange::of(0..10, 10)));
/// for text in ["bytes 0-10/10", "bytes 5-4/10", "bytes 0-9/*", "lines 0-9/10", "bytes=0-9/10"] {
///     assert_eq!(text.parse::<ContentRange>(), Err(InvalidContentRange));
/// }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidContentRange;

impl fmt::Display for InvalidContentRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a range of bytes within a known length")
    }
}

impl std::error::Error for InvalidContentRange {}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(lines: &[&str], length: u64, expected: &str) {
        let values: Vec<_> = lines
            .iter()
            .map(|line| HeaderValue::from_str(line).unwrap())
            .collect();
        let selected = match Range::from_lines(&values).map(|range| range.select(length)) {
            None | Some(Selection::Whole) => "whole".to_owned(),
            Some(Selection::Unsatisfiable) => "unsatisfiable".to_owned(),
            Some(Selection::Parts(parts)) => {
                let parts = parts.iter().map(|part| format!("{part:?}"));
                parts.collect::<Vec<_>>().join(", ")
            }
        };
        assert_eq!(selected, expected, "{lines:?} of {length}");
    }

    #[test]
    fn a_content_range_is_of_bytes_in_any_case_and_of_64_bits() {
        let parse = |text: &str| text.parse::<ContentRange>();
        assert_eq!(parse("Bytes 0-9/100"), Ok(ContentRange::of(0..10, 100)));
        assert_eq!(parse("BYTES */100"), Ok(ContentRange::unsatisfied(100)));
        for text in [
            "bytes 0-9/99999999999999999999999",
            "bytes 0-99999999999999999999998/99999999999999999999999",
            "bytes0-9/100",
            "byte 0-9/100",
        ] {
            assert_eq!(parse(text), Err(InvalidContentRange), "{text}");
        }
    }

    #[test]
    fn the_examples_of_rfc_9110_section_14_1_2() {
        check(&["bytes=0-499"], 10000, "0..500");
        check(&["bytes=500-999"], 10000, "500..1000");
        check(&["bytes=-500"], 10000, "9500..10000");
        check(&["bytes=9500-"], 10000, "9500..10000");
        check(&["bytes=0-0,-1"], 10000, "0..1, 9999..10000");
        check(&["bytes= 0-0, -2"], 10000, "0..1, 9998..10000");
        check(
            &["bytes= 0-999, 4500-5499, -1000"],
            10000,
            "0..1000, 4500..5500, 9000..10000",
        );
        check(&["bytes=500-600,601-999"], 10000, "500..1000");
        check(&["bytes=500-700,601-999"], 10000, "500..1000");
    }

    #[test]
    fn ends_are_clamped_and_beginnings_are_not() {
        check(&["bytes=0-100"], 20, "0..20");
        check(&["bytes=19-"], 20, "19..20");
        check(&["bytes=-100"], 20, "0..20");
        check(&["bytes=20-"], 20, "unsatisfiable");
        check(&["bytes=20-30"], 20, "unsatisfiable");
        check(&["bytes=-0"], 20, "unsatisfiable");
        check(&["bytes=30-,0-0"], 20, "0..1");
        check(&["bytes=0-"], 0, "unsatisfiable");
        check(&["bytes=-0"], 0, "unsatisfiable");
        check(&["bytes=-5"], 0, "whole");
        check(&["bytes=-5,0-"], 0, "whole");
    }

    #[test]
    fn positions_beyond_64_bits_are_as_good_as_the_last() {
        let max = u64::MAX;
        check(&["bytes=18446744073709551616-"], 20, "unsatisfiable");
        check(&["bytes=5-99999999999999999999999"], 20, "5..20");
        check(&["bytes=-99999999999999999999999"], 20, "0..20");
        check(
            &["bytes=0-18446744073709551615"],
            max,
            "0..18446744073709551615",
        );
        check(
            &["bytes=99999999999999999999999-99999999999999999999998"],
            20,
            "whole",
        );
        check(&["bytes=007-0010"], 20, "7..11");
    }

    #[test]
    fn what_touches_is_one_in_the_place_of_the_first() {
        check(&["bytes=10-14,0-4"], 20, "10..15, 0..5");
        check(&["bytes=10-14,0-4,5-6"], 20, "10..15, 0..7");
        check(&["bytes=0-4,10-14,4-10"], 20, "0..15");
        check(&["bytes=12-14,0-4,8-9,5-7"], 20, "12..15, 0..10");
        check(&["bytes=0-0,2-2,4-4,-17"], 20, "0..1, 2..20");
        check(&["bytes=3-3,3-3,3-3"], 20, "3..4");
        check(&["bytes=0-4,6-9"], 20, "0..5, 6..10");
    }

    #[test]
    fn what_is_malformed_or_unknown_is_ignored() {
        for line in [
            "",
            "bytes",
            "bytes=",
            "bytes=,",
            "bytes= ",
            "bytes=-",
            "bytes=a-b",
            "bytes=1",
            "bytes=5-1",
            "bytes=0-1,x",
            "bytes=0-1;2-3",
            "bytes=+0-1",
            "bytes=0-+1",
            "bytes=--1",
            "bytes=0x0-1",
            "bytes=0 - 1",
            "bytes=1-2-3",
            "lines=0-1",
            "bytes 0-1",
            "bytes =0-1",
            "none=",
            "byte=0-1",
        ] {
            check(&[line], 20, "whole");
        }
        check(&["BYTES=0-1"], 20, "0..2");
        check(&["bytes=,0-1,,\t3-4 ,"], 20, "0..2, 3..5");
    }

    #[test]
    fn several_lines_are_one_set() {
        check(&["bytes=0-1", "3-4"], 20, "0..2, 3..5");
        check(&["bytes=0-1", "bytes=3-4"], 20, "whole");
        check(&[], 20, "whole");
    }

    #[test]
    fn more_than_sixteen_are_ignored() {
        let set = |count: u64| {
            let specs = (0..count).map(|at| format!("{}-{}", 2 * at, 2 * at));
            format!("bytes={}", specs.collect::<Vec<_>>().join(","))
        };
        let sixteen: Vec<_> = (0..16)
            .map(|at| format!("{}..{}", 2 * at, 2 * at + 1))
            .collect();
        check(&[&set(16)], 100, &sixteen.join(", "));
        check(&[&set(17)], 100, "whole");
    }

    #[test]
    fn what_is_refused_says_why() {
        assert_eq!(InvalidRange.to_string(), "not a set of byte ranges");
        let text = InvalidContentRange.to_string();
        assert_eq!(text, "not a range of bytes within a known length");
    }

    #[test]
    fn a_content_range_is_within_its_length() {
        for (text, part) in [
            ("bytes 0-499/1234", Some(Some(0..500))), // RFC 9110 §14.4's own
            ("bytes */1234", Some(None)),
            ("bytes 1233-1233/1234", Some(Some(1233..1234))),
            ("bytes 0-1234/1234", None),
            ("bytes 5-4/1234", None),
            ("bytes 0-1/*", None),
            ("lines 0-1/2", None),
            ("bytes 0-18446744073709551615/18446744073709551615", None),
        ] {
            let parsed = text.parse::<ContentRange>().ok();
            assert_eq!(
                parsed.as_ref().map(|range| range.part.clone()),
                part,
                "{text}"
            );
            if let Some(parsed) = parsed {
                assert_eq!(parsed.to_string(), text);
            }
        }
    }

    proptest! {
        #[test]
        fn whatever_is_read_is_written_the_same(text in "bytes=[0-9, -]{0,40}") {
            if let Ok(range) = text.parse::<Range>() {
                prop_assert_eq!(range.to_string().parse(), Ok(range));
            }
        }

        #[test]
        fn any_bytes_are_read(lines in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..60), 0..3), length: u64) {
            let lines: Vec<_> = lines.iter().filter_map(|line| HeaderValue::from_bytes(line).ok()).collect();
            if let Some(Selection::Parts(parts)) = Range::from_lines(&lines).map(|range| range.select(length)) {
                prop_assert!(!parts.is_empty() && parts.len() <= Range::MOST);
                prop_assert!(parts.iter().all(|part| part.start < part.end && part.end <= length));
            }
        }
    }
}
