//! `Content-Disposition` (RFC 6266), for names of any kind.

use std::borrow::Cow;
use std::fmt;

use http::HeaderValue;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// RFC 8187 §3.2.1: all but `attr-char`.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'!')
    .remove(b'#')
    .remove(b'$')
    .remove(b'&')
    .remove(b'+')
    .remove(b'-')
    .remove(b'.')
    .remove(b'^')
    .remove(b'_')
    .remove(b'`')
    .remove(b'|')
    .remove(b'~');

/// No file system takes a longer name.
const LONGEST: usize = 255;

/// Whether a response is to be shown or saved, and under which name (RFC 6266).
///
/// On the wire: `inline; filename="plan.txt"`, `attachment; filename="na_ve.pdf"; filename*=UTF-8''na%C3%AFve.pdf`.
///
/// Any text may be a name. What could lead the client astray does not reach it: everything up to the last `/` is
/// dropped; control characters, those that turn the direction of writing, and backslashes become `_`; a name that is
/// empty or made of dots and blanks alone is none. Names are cut to 255 bytes, a suffix of up to 16 kept. A name that
/// not every client reads from `filename` (quotes, percent signs, all that is not ASCII) goes out twice: with `_` in
/// the place of quotes and of what is not ASCII, and as it is in `filename*` (RFC 8187), which clients prefer.
///
/// ```
/// use axum_responses::file::ContentDisposition;
///
/// let named = |name| ContentDisposition::attachment(name).to_string();
/// assert_eq!(named("my report.pdf"), r#"attachment; filename="my report.pdf""#);
/// assert_eq!(named("€ 5.pdf"), r#"attachment; filename="_ 5.pdf"; filename*=UTF-8''%E2%82%AC%205.pdf"#);
/// assert_eq!(named("5 %.pdf"), r#"attachment; filename="5 %.pdf"; filename*=UTF-8''5%20%25.pdf"#);
/// assert_eq!(named("../../etc/passwd"), r#"attachment; filename="passwd""#);
/// assert_eq!(named("a\r\nset-cookie: b"), r#"attachment; filename="a__set-cookie: b""#);
/// assert_eq!(named(".."), "attachment");
/// assert_eq!(ContentDisposition::inline("plan.txt").to_string(), r#"inline; filename="plan.txt""#);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContentDisposition {
    kind: Kind,
    name: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Inline,
    Attachment,
}

impl ContentDisposition {
    /// To be saved, under this name; one that is none leaves it to the client (RFC 6266 §4.2).
    #[must_use]
    pub fn attachment(name: &str) -> Self {
        Self::of(Kind::Attachment, name)
    }

    /// To be shown; the name is for those who save it all the same (RFC 6266 §4.2).
    #[must_use]
    pub fn inline(name: &str) -> Self {
        Self::of(Kind::Inline, name)
    }

    fn of(kind: Kind, name: &str) -> Self {
        Self {
            kind,
            name: cleaned(name).map(Cow::into_owned),
        }
    }

    /// The name that is sent, if there is one: cleaned and cut, not yet encoded.
    ///
    /// ```
    /// use axum_responses::file::ContentDisposition;
    ///
    /// let name = |name| ContentDisposition::attachment(name).name().map(str::to_owned);
    /// assert_eq!(name("reports/größe\t\"1\".pdf").as_deref(), Some("größe_\"1\".pdf"));
    /// assert_eq!(name("reports/"), None);
    /// let long = name(&format!("{}.pdf", "ü".repeat(200))).unwrap();
    /// assert!(long.len() <= 255 && long.ends_with("ü.pdf"));
    /// ```
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// The value for the `Content-Disposition` field. It is always printable ASCII, and the same as `to_string` gives.
    ///
    /// ```
    /// use axum_responses::file::ContentDisposition;
    ///
    /// let disposition = ContentDisposition::inline("a\nb.txt");
    /// assert_eq!(disposition.to_header(), r#"inline; filename="a_b.txt""#);
    /// ```
    #[must_use]
    pub fn to_header(&self) -> HeaderValue {
        header_of(self.kind, self.name())
    }
}

/// The value for a name that is clean.
pub(super) fn header_of(kind: Kind, name: Option<&str>) -> HeaderValue {
    let kind_alone = HeaderValue::from_static(kind.token());
    let Some(name) = name else {
        return kind_alone;
    };
    let mut value = String::with_capacity(32 + name.len());
    // Writing to a text does not fail, and nothing but printable ASCII is written.
    let _ = write(&mut value, kind, Some(name));
    HeaderValue::try_from(value).unwrap_or(kind_alone)
}

impl Kind {
    const fn token(self) -> &'static str {
        match self {
            Self::Inline => "inline",
            Self::Attachment => "attachment",
        }
    }
}

/// What may be sent of a name.
pub(super) fn cleaned(name: &str) -> Option<Cow<'_, str>> {
    let base = name.rsplit('/').next().unwrap_or_default();
    if base.chars().all(|c| c == '.' || c.is_whitespace()) {
        return None;
    }
    if base.len() <= LONGEST && !base.contains(is_dangerous) {
        return Some(Cow::Borrowed(base));
    }
    let clean = base.chars().map(|c| if is_dangerous(c) { '_' } else { c });
    Some(Cow::Owned(cut(clean.collect())))
}

/// Control characters of ASCII and Unicode, a separator of folders, and marks that let `exe.txt` read `txt.exe`.
fn is_dangerous(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\\' | '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
        )
}

/// As long as file systems take it, with its suffix.
fn cut(name: String) -> String {
    if name.len() <= LONGEST {
        return name;
    }
    let suffix = match name.rfind('.') {
        Some(dot) if name.len() - dot <= 16 => &name[dot..],
        _ => "",
    };
    let end = name.floor_char_boundary(LONGEST - suffix.len());
    format!("{}{suffix}", &name[..end])
}

impl fmt::Display for ContentDisposition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write(f, self.kind, self.name())
    }
}

fn write(out: &mut impl fmt::Write, kind: Kind, name: Option<&str>) -> fmt::Result {
    out.write_str(kind.token())?;
    let Some(name) = name else {
        return Ok(());
    };
    // RFC 6266 §4.3: `filename` first, for those who know no other. A quote is not escaped: many clients
    // take the backslash for a part of the name. A percent sign stays: those who would decode it read `filename*`.
    let simple = |c: char| matches!(c, ' '..='~') && c != '"';
    let all_simple = name.chars().all(simple);
    out.write_str("; filename=\"")?;
    if all_simple {
        out.write_str(name)?;
    } else {
        for c in name.chars() {
            out.write_char(if simple(c) { c } else { '_' })?;
        }
    }
    out.write_str("\"")?;
    if !all_simple || name.contains('%') {
        let encoded = utf8_percent_encode(name, ENCODED);
        write!(out, "; filename*=UTF-8''{encoded}")?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(name: &str, expected: &str) {
        let value = ContentDisposition::attachment(name).to_string();
        let expected = match expected {
            "" => "attachment".to_owned(),
            parameters => format!("attachment; {parameters}"),
        };
        assert_eq!(value, expected, "{name:?}");
    }

    #[test]
    fn a_plain_name_is_sent_once() {
        check("report.pdf", r#"filename="report.pdf""#);
        check("it's (1); a~b=c.txt", r#"filename="it's (1); a~b=c.txt""#);
        check(".profile", r#"filename=".profile""#);
    }

    #[test]
    fn what_not_all_clients_read_is_sent_twice() {
        // RFC 6266 §5's own
        check(
            "€ rates",
            r#"filename="_ rates"; filename*=UTF-8''%E2%82%AC%20rates"#,
        );
        check(
            r#"a"b.txt"#,
            r#"filename="a_b.txt"; filename*=UTF-8''a%22b.txt"#,
        );
        check(
            "100%25.txt",
            r#"filename="100%25.txt"; filename*=UTF-8''100%2525.txt"#,
        );
        check(
            "naïve (ü).pdf",
            r#"filename="na_ve (_).pdf"; filename*=UTF-8''na%C3%AFve%20%28%C3%BC%29.pdf"#,
        );
        check("😀", r#"filename="_"; filename*=UTF-8''%F0%9F%98%80"#);
    }

    #[test]
    fn what_leads_astray_is_not_sent() {
        check("../../etc/passwd", r#"filename="passwd""#);
        check(r"..\..\evil.exe", r#"filename=".._.._evil.exe""#);
        check("a\tb.txt", r#"filename="a_b.txt""#);
        check("a\r\nX-Evil: 1.txt", r#"filename="a__X-Evil: 1.txt""#);
        check("a\0\u{7f}\u{9f}.txt", r#"filename="a___.txt""#);
        check("txt.\u{202e}exe", r#"filename="txt._exe""#);
        for none in ["", ".", "..", "dir/", " ", ". .", "/"] {
            check(none, "");
        }
    }

    #[test]
    fn a_long_name_keeps_its_suffix() {
        let long = format!("{}.tar.gz", "ü".repeat(200));
        let name = cleaned(&long).unwrap();
        assert!(name.len() <= LONGEST && name.ends_with("ü.gz"), "{name}");
        for long in ["a.".repeat(200), format!("a.{}", "b".repeat(400))] {
            assert_eq!(cleaned(&long).unwrap().len(), LONGEST);
        }
    }

    proptest! {
        #[test]
        fn any_text_is_a_name(name in any::<String>()) {
            let value = ContentDisposition::attachment(&name).to_string();
            prop_assert!(value.bytes().all(|byte| matches!(byte, b' '..=b'~')));
            prop_assert!(HeaderValue::try_from(&value).is_ok());
            prop_assert_eq!(value.matches('"').count() % 2, 0);
            prop_assert!(!value.contains(['/', '\\']));
            // What filename* says is what was meant.
            if let Some((_, encoded)) = value.split_once("UTF-8''") {
                let decoded = percent_encoding::percent_decode_str(encoded).decode_utf8().unwrap();
                prop_assert_eq!(decoded, cleaned(&name).unwrap());
            }
        }
    }
}
