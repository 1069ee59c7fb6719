//! An event as it stands in the stream.

use std::borrow::Cow;
use std::io::Write;
use std::time::Duration;

use memchr::memchr2;

use super::Event;

/// What the response says where an event says nothing.
#[derive(Clone, Debug, Default)]
pub(super) struct Defaults {
    pub(super) event_type: Option<Cow<'static, str>>,
    pub(super) event_id: Option<Cow<'static, str>>,
    pub(super) retry: Option<Duration>,
}

impl Defaults {
    fn is_empty(&self) -> bool {
        self.event_type.is_none() && self.event_id.is_none() && self.retry.is_none()
    }
}

/// Where events are written, and what they are completed with.
#[derive(Debug)]
pub struct Writer<'a> {
    pub(super) out: &'a mut Vec<u8>,
    pub(super) defaults: &'a Defaults,
}

impl Writer<'_> {
    /// Writes a block: every field at most once, then the blank line that dispatches it (HTML §9.2.6).
    #[inline(always)]
    pub(super) fn event(&mut self, event: &Event) {
        // The way of most events. Inlined, it costs no more than text that was never an event.
        if let Some(data) = &event.data
            && event.is_only_data()
            && self.defaults.is_empty()
            && is_one_line(data)
        {
            self.out.extend_from_slice(b"data: ");
            self.out.extend_from_slice(data);
            self.out.extend_from_slice(b"\n\n");
        } else {
            block(self.out, event, self.defaults);
        }
    }
}

#[inline(never)]
fn block(out: &mut Vec<u8>, event: &Event, defaults: &Defaults) {
    if let Some(text) = &event.comment {
        lines(out, b": ", text.as_bytes());
    }
    if event.has_fields() {
        if let Some(id) = event.id.as_ref().or(defaults.event_id.as_ref()) {
            line(out, b"id: ", id.as_bytes());
        }
        if let Some(event_type) = event.event.as_ref().or(defaults.event_type.as_ref()) {
            line(out, b"event: ", event_type.as_bytes());
        }
        if let Some(delay) = event.retry.or(defaults.retry) {
            retry(out, delay);
        }
        // Data comes last. Empty data has its line as well: without one a client dispatches nothing.
        if let Some(data) = &event.data {
            lines(out, b"data: ", data);
        }
    } else if event.comment.is_none() {
        return;
    }
    out.push(b'\n');
}

/// Whether no byte of the text is as low as a line end; a tab makes us search for one.
///
/// On lines of usual length this takes half of the instructions of a search, which has to say where.
/// The last chunk overlaps the one before it: no rest has to be gone through byte by byte.
#[inline(always)]
pub(super) fn is_one_line(text: &[u8]) -> bool {
    if let Some(last) = text.last_chunk::<16>() {
        let (chunks, _) = text.as_chunks::<16>();
        let lowest = chunks.iter().fold(*last, |lowest, chunk| {
            std::array::from_fn(|at| lowest[at].min(chunk[at]))
        });
        return lowest
            .iter()
            .fold(true, |above, byte| above & (*byte > b'\r'));
    }
    if let (Some(first), Some(last)) = (text.first_chunk(), text.last_chunk()) {
        return !has_low(u64::from_ne_bytes(*first)) && !has_low(u64::from_ne_bytes(*last));
    }
    text.iter().all(|byte| *byte > b'\r')
}

/// Whether one of the eight bytes is a CR or below: without its highest bit, and with it once 14 are taken
/// away. What is borrowed may mark the next byte too, never the first.
#[inline(always)]
fn has_low(bytes: u64) -> bool {
    const EACH: u64 = u64::MAX / 255;
    bytes.wrapping_sub(EACH * (b'\r' as u64 + 1)) & !bytes & (EACH * 0x80) != 0
}

/// Writes a comment as a block of its own.
pub(super) fn comment(out: &mut Vec<u8>, text: &str) {
    lines(out, b": ", text.as_bytes());
    out.push(b'\n');
}

/// The prefix ends with a space, so that a space at the start of the text is not taken for it.
#[inline]
fn line<const N: usize>(out: &mut Vec<u8>, prefix: &[u8; N], text: &[u8]) {
    out.extend_from_slice(prefix);
    out.extend_from_slice(text);
    out.push(b'\n');
}

/// HTML §9.2.5: a line ends with CRLF, CR or LF; nothing else ends one.
fn lines<const N: usize>(out: &mut Vec<u8>, prefix: &[u8; N], mut text: &[u8]) {
    if is_one_line(text) {
        return line(out, prefix, text);
    }
    while let Some(end) = memchr2(b'\r', b'\n', text) {
        line(out, prefix, &text[..end]);
        let rest = &text[end..];
        text = rest.strip_prefix(b"\r\n").unwrap_or(&rest[1..]);
    }
    line(out, prefix, text);
}

/// Digits alone: with anything else a client ignores the field.
fn retry(out: &mut Vec<u8>, delay: Duration) {
    // Writing to a `Vec` does not fail.
    let _ = writeln!(out, "retry: {}", delay.as_millis());
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn write(out: &mut Vec<u8>, event: &Event, defaults: &Defaults) {
        Writer { out, defaults }.event(event);
    }

    #[track_caller]
    fn check(given: &Event, sent: &str) {
        check_with(given, &Defaults::default(), sent);
    }

    #[track_caller]
    fn check_with(given: &Event, defaults: &Defaults, sent: &str) {
        let mut out = Vec::new();
        write(&mut out, given, defaults);
        assert_eq!(String::from_utf8(out).unwrap(), sent, "{given:?}");
    }

    #[test]
    fn each_line_of_the_data_gets_a_field() {
        check(&Event::data("a"), "data: a\n\n");
        check(&Event::data("a\nb"), "data: a\ndata: b\n\n");
        check(&Event::data("a\r\nb"), "data: a\ndata: b\n\n");
        check(&Event::data("a\rb"), "data: a\ndata: b\n\n");
        check(&Event::data("\r"), "data: \ndata: \n\n");
        check(&Event::data("\n\r"), "data: \ndata: \ndata: \n\n");
        check(&Event::data("\r\r\n"), "data: \ndata: \ndata: \n\n");
        check(&Event::data("a\n"), "data: a\ndata: \n\n");
        check(&Event::data("\na"), "data: \ndata: a\n\n");
        check(&Event::data("a\n\nb"), "data: a\ndata: \ndata: b\n\n");
        check(
            &Event::data("a\n\nid: 1"),
            "data: a\ndata: \ndata: id: 1\n\n",
        );
    }

    #[test]
    fn a_line_end_is_found_wherever_it_stands() {
        for length in 0..70 {
            let text = "x".repeat(length);
            assert!(is_one_line(text.as_bytes()), "{length}");
            for at in 0..length {
                for end in ["\r", "\n"] {
                    let mut text = text.clone();
                    text.replace_range(at..=at, end);
                    assert!(!is_one_line(text.as_bytes()), "{at} of {length}");
                    let lines = text.replace(end, "\ndata: ");
                    check(&Event::data(text), &format!("data: {lines}\n\n"));
                }
            }
        }
    }

    #[test]
    fn a_tab_is_no_line_end() {
        check(&Event::data("a\tb"), "data: a\tb\n\n");
        check(
            &Event::new().id("a\tb").event("\u{b}"),
            "id: a\tb\nevent: \u{b}\n\n",
        );
    }

    #[test]
    fn empty_data_is_an_event_and_no_data_is_not() {
        check(&Event::data(""), "data: \n\n");
        check(&Event::new().id("1"), "id: 1\n\n");
        check(&Event::new(), "");
    }

    #[test]
    fn what_is_no_line_end_survives() {
        check(&Event::data(" a"), "data:  a\n\n");
        check(&Event::data(":a: b"), "data: :a: b\n\n");
        check(
            &Event::data("a\u{2028}b\u{85}c\u{b}"),
            "data: a\u{2028}b\u{85}c\u{b}\n\n",
        );
        check(&Event::data("a\0b"), "data: a\0b\n\n");
        check(&Event::data("\u{feff}é😀"), "data: \u{feff}é😀\n\n");
    }

    #[test]
    fn fields_have_one_order() {
        let event = Event::json(&[1])
            .unwrap()
            .retry(Duration::from_millis(1500))
            .event("tick")
            .id("7")
            .commented("hello");
        check(
            &event,
            ": hello\nid: 7\nevent: tick\nretry: 1500\ndata: [1]\n\n",
        );
    }

    #[test]
    fn nothing_opens_another_field() {
        let evil = "a\r\ndata: injected";
        check(
            &Event::data("x").id(evil),
            "id: adata: injected\ndata: x\n\n",
        );
        check(
            &Event::data("x").event(evil),
            "event: adata: injected\ndata: x\n\n",
        );
        check(&Event::comment(evil), ": a\n: data: injected\n\n");
        check(&Event::comment("a\rb\n"), ": a\n: b\n: \n\n");
        check(&Event::comment(""), ": \n\n");
        check(&Event::new().id("a\0b\0"), "id: ab\n\n");
        check(&Event::new().event("a\0b"), "event: a\0b\n\n");
    }

    #[test]
    fn retry_is_whole_milliseconds() {
        for (delay, sent) in [
            (Duration::ZERO, "0"),
            (Duration::from_micros(1999), "1"),
            (Duration::from_secs(3), "3000"),
            (Duration::from_secs(u64::MAX), "18446744073709551615000"),
        ] {
            check(&Event::new().retry(delay), &format!("retry: {sent}\n\n"));
        }
    }

    #[test]
    fn defaults_fill_only_what_is_left_out() {
        let defaults = Defaults {
            event_type: Some("tick".into()),
            event_id: Some("123".into()),
            retry: Some(Duration::from_secs(1)),
        };
        for (event, sent) in [
            (
                Event::data("a"),
                "id: 123\nevent: tick\nretry: 1000\ndata: a\n\n",
            ),
            (
                Event::data("a").id("7").retry(Duration::ZERO),
                "id: 7\nevent: tick\nretry: 0\ndata: a\n\n",
            ),
            (
                Event::data("a").event("").id(""),
                "id: \nevent: \nretry: 1000\ndata: a\n\n",
            ),
            (
                Event::data("a").commented("c"),
                ": c\nid: 123\nevent: tick\nretry: 1000\ndata: a\n\n",
            ),
            (Event::comment("c"), ": c\n\n"),
            (Event::new(), ""),
        ] {
            check_with(&event, &defaults, sent);
        }
    }

    /// What a client sees, by the steps of HTML §9.2.6 and nothing of ours.
    #[derive(Debug, Default, PartialEq)]
    struct Seen {
        dispatched: Vec<(String, String, String)>,
        last_id: String,
        retry: Option<u128>,
        comments: Vec<String>,
    }

    fn client(stream: &str) -> Seen {
        let mut seen = Seen::default();
        let (mut data, mut kind) = (String::new(), String::new());
        let lines = stream.replace("\r\n", "\n").replace('\r', "\n");
        for line in lines.split_terminator('\n') {
            if line.is_empty() {
                if !data.is_empty() {
                    data.pop();
                    let kind = if kind.is_empty() {
                        "message".to_owned()
                    } else {
                        kind.clone()
                    };
                    seen.dispatched
                        .push((kind, seen.last_id.clone(), data.clone()));
                }
                data.clear();
                kind.clear();
                continue;
            }
            let (name, value) = line.split_once(':').unwrap_or((line, ""));
            let value = value.strip_prefix(' ').unwrap_or(value);
            match name {
                "" => seen.comments.push(value.to_owned()),
                "data" => {
                    data.push_str(value);
                    data.push('\n');
                }
                "event" => value.clone_into(&mut kind),
                "id" if !value.contains('\0') => value.clone_into(&mut seen.last_id),
                "retry" if value.bytes().all(|byte| byte.is_ascii_digit()) => {
                    seen.retry = value.parse().ok();
                }
                _ => {}
            }
        }
        seen
    }

    /// Text in which line ends, colons and field names are frequent.
    fn text() -> impl Strategy<Value = String> {
        let part = prop_oneof![
            Just("\r".to_owned()),
            Just("\n".to_owned()),
            Just("\r\n".to_owned()),
            Just(" ".to_owned()),
            Just("\0".to_owned()),
            Just("data: x".to_owned()),
            Just("id:".to_owned()),
            Just("\u{2028}".to_owned()),
            any::<char>().prop_map(String::from),
            any::<String>(),
        ];
        prop::collection::vec(part, 0..6).prop_map(|parts| parts.concat())
    }

    fn normal(text: &str) -> String {
        text.replace("\r\n", "\n").replace('\r', "\n")
    }

    proptest! {
        #[test]
        fn a_client_gets_back_what_was_given(
            data in text(), id in text(), kind in text(), comment in text(), millis in any::<u32>(),
        ) {
            let mut out = Vec::new();
            let given = Event::data(data.clone())
                .id(id.clone())
                .event(kind.clone())
                .commented(comment.clone())
                .retry(Duration::from_millis(millis.into()));
            write(&mut out, &given, &Defaults::default());
            write(&mut out, &Event::data("next"), &Defaults::default());

            let id = id.replace(['\r', '\n', '\0'], "");
            let kind = match kind.replace(['\r', '\n'], "") {
                kind if kind.is_empty() => "message".to_owned(),
                kind => kind,
            };
            prop_assert_eq!(client(std::str::from_utf8(&out).unwrap()), Seen {
                dispatched: vec![
                    (kind, id.clone(), normal(&data)),
                    ("message".to_owned(), id.clone(), "next".to_owned()),
                ],
                last_id: id,
                retry: Some(millis.into()),
                comments: normal(&comment).split('\n').map(str::to_owned).collect(),
            });
        }
    }
}
