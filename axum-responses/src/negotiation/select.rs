//! The choice itself: one pass over the list, nothing allocated.

use crate::media_type::{MediaType, starts_with, token_end};

/// Nobody offers more; what is beyond is never chosen over what is before.
const MOST_OFFERS: usize = 16;

/// Which of `offers` the client likes best; the first when it says nothing it can be held to.
pub(super) fn select<'a>(
    lines: impl Iterator<Item = &'a [u8]>,
    offers: &[MediaType],
) -> Option<usize> {
    let mut liked = [Liked::default(); MOST_OFFERS];
    for (liked, offer) in liked.iter_mut().zip(offers) {
        (liked.kind, liked.subtype, liked.parameters) = offer.parts();
    }
    let offered = liked.len().min(offers.len());
    let liked = &mut liked[..offered];

    let mut position = 0;
    for line in lines {
        // Hardly any list has quotes in it.
        let quotes = line.contains(&b'"');
        for element in Parts::of(line, b',', quotes) {
            let Some(range) = Range::parse(element, quotes) else {
                continue;
            };
            position += 1;
            for offer in &mut *liked {
                let specificity = range.specificity(offer);
                if specificity > offer.specificity {
                    (offer.specificity, offer.quality, offer.position) =
                        (specificity, range.quality, position);
                }
            }
        }
    }
    if position == 0 {
        return (!offers.is_empty()).then_some(0);
    }
    liked
        .iter()
        .enumerate()
        .filter(|(_, liked)| liked.quality > 0)
        // min_by_key keeps the first of equals: the server's order
        .min_by_key(|(_, liked)| (1000 - liked.quality, liked.position))
        .map(|(index, _)| index)
}

/// An offer, and what the client's list says of it.
#[derive(Clone, Copy, Default)]
struct Liked<'a> {
    kind: &'a [u8],
    subtype: &'a [u8],
    parameters: &'a [u8],
    specificity: u8,
    /// In thousandths.
    quality: u16,
    position: usize,
}

/// A media range with its weight (RFC 9110 §12.5.1).
struct Range<'a> {
    kind: &'a [u8],
    subtype: &'a [u8],
    parameters: &'a [u8],
    quality: u16,
    quotes: bool,
}

impl<'a> Range<'a> {
    /// `None` for what is no media range: it is skipped, the others still count.
    fn parse(element: &'a [u8], quotes: bool) -> Option<Self> {
        let slash = token_end(element, 0);
        if slash == 0 || element.get(slash) != Some(&b'/') {
            return None;
        }
        let end = token_end(element, slash + 1);
        let (kind, subtype) = (&element[..slash], &element[slash + 1..end]);
        if subtype.is_empty() || (kind == b"*" && subtype != b"*") {
            return None;
        }
        let parameters = match element[end..].trim_ascii_start() {
            [] => &[],
            [b';', parameters @ ..] => parameters,
            _ => return None,
        };
        let mut quality = 1000;
        for parameter in Parts::of(parameters, b';', quotes) {
            if let [b'q' | b'Q', b'=', weight @ ..] = parameter {
                quality = parse_quality(weight)?;
            }
        }
        Some(Self {
            kind,
            subtype,
            parameters,
            quality,
            quotes,
        })
    }

    /// How exactly the range names this type: 0 not at all, 1 `*/*`, 2 `type/*`, 3 `type/subtype`, 4
    /// with its parameters.
    fn specificity(&self, offer: &Liked<'_>) -> u8 {
        if self.kind == b"*" {
            1
        } else if !same(self.kind, offer.kind) {
            0
        } else if self.subtype == b"*" {
            2
        } else if !same(self.subtype, offer.subtype) {
            0
        } else {
            self.parameters_match(offer.parameters)
        }
    }

    fn parameters_match(&self, offered: &[u8]) -> u8 {
        let mut specificity = 3;
        for parameter in Parts::of(self.parameters, b';', self.quotes) {
            match parameter {
                // From the weight on, nothing belongs to the range.
                [b'q' | b'Q', b'=', ..] => break,
                [] => {}
                // What we write is UTF-8, asked for or not.
                parameter if starts_with(parameter, b"charset=") => {}
                parameter
                    if Parts::of(offered, b';', true)
                        .any(|theirs| theirs.eq_ignore_ascii_case(parameter)) =>
                {
                    specificity = 4;
                }
                _ => return 0,
            }
        }
        specificity
    }
}

/// Equal but for case; mostly equal as they are.
fn same(a: &[u8], b: &[u8]) -> bool {
    a == b || a.eq_ignore_ascii_case(b)
}

/// The trimmed parts between separators that are not inside a quoted string (RFC 9110 §5.6.4).
struct Parts<'a> {
    rest: &'a [u8],
    separator: u8,
    quotes: bool,
}

impl<'a> Parts<'a> {
    fn of(text: &'a [u8], separator: u8, quotes: bool) -> Self {
        Self {
            rest: text,
            separator,
            quotes,
        }
    }

    fn end(&self) -> usize {
        let end = if self.quotes {
            let (mut quoted, mut escaped) = (false, false);
            self.rest.iter().position(|byte| {
                match byte {
                    _ if escaped => escaped = false,
                    b'"' => quoted = !quoted,
                    b'\\' if quoted => escaped = true,
                    _ => {}
                }
                *byte == self.separator && !quoted
            })
        } else {
            self.rest.iter().position(|byte| *byte == self.separator)
        };
        end.unwrap_or(self.rest.len())
    }
}

impl<'a> Iterator for Parts<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        if self.rest.is_empty() {
            return None;
        }
        let end = self.end();
        let part = &self.rest[..end];
        self.rest = self.rest.get(end + 1..).unwrap_or_default();
        Some(part.trim_ascii())
    }
}

/// `0` to `1` with up to three decimals, in thousandths (RFC 9110 §12.4.2).
pub(crate) fn parse_quality(weight: &[u8]) -> Option<u16> {
    let (one, decimals) = match weight {
        [digit @ (b'0' | b'1')] | [digit @ (b'0' | b'1'), b'.'] => (*digit == b'1', &[][..]),
        [digit @ (b'0' | b'1'), b'.', decimals @ ..] if decimals.len() <= 3 => {
            (*digit == b'1', decimals)
        }
        _ => return None,
    };
    let mut thousandths = 0;
    for place in 0..3 {
        let digit = decimals.get(place).copied().unwrap_or(b'0');
        if !digit.is_ascii_digit() {
            return None;
        }
        thousandths = thousandths * 10 + u16::from(digit - b'0');
    }
    match (one, thousandths) {
        (true, 0) => Some(1000),
        (true, _) => None,
        (false, thousandths) => Some(thousandths),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: MediaType = MediaType::TEXT;
    const LEVEL: MediaType = MediaType::from_static("text/html;level=1");

    fn check(accept: &[&str], expected: Option<usize>) {
        let offers = [PLAIN, MediaType::HTML, MediaType::XML];
        let chosen = select(accept.iter().map(|line| line.as_bytes()), &offers);
        assert_eq!(chosen, expected, "{accept:?}");
    }

    #[test]
    fn the_client_is_taken_by_its_word() {
        check(&[], Some(0));
        check(&["*/*"], Some(0));
        check(&["text/html"], Some(1));
        check(&["TEXT/Html;q=1.000"], Some(1));
        check(&["application/json"], None);
        check(&["text/html;q=0.5, application/xml;q=0.9"], Some(2));
        check(&["text/html, application/xml"], Some(1));
        check(&["application/xml, text/html"], Some(2));
        check(&["text/*;q=0.9, text/plain;q=0.1"], Some(1));
        check(&["text/html;q=0"], None);
        check(&["text/html;q=0, */*;q=0.5"], Some(0));
        check(&["text/html;q=0.001, text/plain;q=0.002"], Some(0));
        check(&["text/html;charset=utf-8"], Some(1));
        check(&["text/html;q=0.1", "application/xml"], Some(2));
        check(
            &["text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"],
            Some(1),
        );
        check(
            &["text/html; x=\"a, */*;q=0\"", "application/xml;q=0.1"],
            Some(2),
        );
        check(&["text/html;q=0.3;ext=\"1\", text/plain;q=0.2"], Some(1));
    }

    #[test]
    fn what_is_no_media_range_is_skipped() {
        check(&[""], Some(0));
        check(&[";"], Some(0));
        check(&["*/html"], Some(0));
        check(&["garbage, application/xml"], Some(2));
        for quality in ["abc", "1.5", "-1", "0.1234", "1.001", "", ".5", "0.x"] {
            check(
                &[&format!("text/html;q={quality}, application/xml;q=0.1")],
                Some(2),
            );
        }
        check(&["text/html, \"unclosed, application/xml"], Some(1));
        check(&["te\u{e4}xt/html, application/xml"], Some(2));
    }

    #[test]
    fn parameters_name_a_type_more_exactly() {
        // RFC 9110 §12.5.1's example, as far as it concerns these two
        let line = ["text/*;q=0.3, text/plain;q=0.7, text/html;level=1, */*;q=0.5"];
        let chosen = select(line.iter().map(|line| line.as_bytes()), &[PLAIN, LEVEL]);
        assert_eq!(chosen, Some(1));
        let chosen = select(
            [&b"text/html;level=2"[..]].into_iter(),
            &[LEVEL, MediaType::HTML],
        );
        assert_eq!(chosen, None);
    }
}
