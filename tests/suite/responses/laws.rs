//! What holds for every input.

use axum::http::{HeaderMap, HeaderValue, Method, header};
use axum::response::IntoResponse;
use axum_responses::conditional::ETagList;
use axum_responses::{
    ETag, HttpDate, Json, MediaType, MessagePack, Negotiated, Redirect, RequestContext, SetCookie,
    Text,
};
use proptest::prelude::*;

/// Text with the characters in it that break things.
fn hostile() -> impl Strategy<Value = String> {
    let odd = prop::sample::select(vec![
        "\r\n", "\0", "\t", " ", ";", ",", "\"", "\\", "%", "%41", "=", "/", "//", "?", "&", "#",
        "é", "😀", "\u{2028}", "\u{7f}",
    ]);
    prop::collection::vec(
        prop_oneof![
            odd.prop_map(str::to_owned),
            "[a-z0-9]{1,3}",
            any::<String>()
        ],
        0..8,
    )
    .prop_map(|parts| parts.concat())
}

proptest! {
    #[test]
    fn a_cookie_gives_back_what_was_set(value in hostile()) {
        let line = SetCookie::new("name", value.clone()).to_header();
        prop_assume!(line.is_ok() || value.len() * 3 > 4000);
        let line = line.unwrap();
        let line = line.to_str().unwrap();
        let (pair, attributes) = line.split_once("; ").unwrap();
        prop_assert_eq!(attributes, "Path=/; SameSite=Lax");
        let sent = pair.strip_prefix("name=").unwrap();
        prop_assert!(sent.bytes().all(|byte| (0x21..0x7f).contains(&byte) && !b"\",;\\".contains(&byte)));
        let decoded: Vec<u8> = decode(sent);
        prop_assert_eq!(String::from_utf8(decoded).unwrap(), value);
    }

    #[test]
    fn a_target_is_one_line_of_ascii_that_loses_nothing(target in hostile()) {
        let response = Redirect::to(target.clone()).into_response();
        let location = response.headers()[header::LOCATION].to_str().unwrap();
        prop_assert!(location.bytes().all(|byte| (0x21..0x7f).contains(&byte)));
        prop_assert_eq!(decode(location), decode(&target));
    }

    #[test]
    fn a_local_target_stays_on_its_site(target in hostile()) {
        for target in [target.clone(), format!("/{target}")] {
            if Redirect::local(&target).is_some() {
                prop_assert!(target.starts_with('/') && !target[1..].starts_with(['/', '\\']));
                prop_assert!(!target.contains(['\\', '\t', '\r', '\n']));
            }
        }
    }

    #[test]
    fn a_tag_reads_as_it_was_written(tag in "[!#-~¡-ÿ☃]{0,20}", weak: bool) {
        let tag = if weak { ETag::try_weak(tag) } else { ETag::try_strong(tag) }.unwrap();
        prop_assert_eq!(tag.to_string().parse(), Ok(tag.clone()));
        let list: ETagList = format!("\"other\", {tag}").parse().unwrap();
        prop_assert!(list.matches_weakly(&tag));
        prop_assert_eq!(list.matches_strongly(&tag), !weak);
    }

    #[test]
    fn tags_that_cannot_be_written_cannot_be_made(text in hostile()) {
        let fine = text.bytes().all(|byte| matches!(byte, 0x21 | 0x23..=0x7e | 0x80..));
        prop_assert_eq!(ETag::try_strong(text).is_ok(), fine);
    }

    #[test]
    fn a_date_reads_as_it_was_written(seconds in 0_u64..253_402_300_800) {
        let date = HttpDate::new(std::time::UNIX_EPOCH + std::time::Duration::from_secs(seconds)).unwrap();
        prop_assert_eq!(date.to_string().parse(), Ok(date));
    }

    #[test]
    fn parsers_take_any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = ETagList::from_lines(HeaderValue::from_bytes(&bytes).iter());
        let text = String::from_utf8_lossy(&bytes);
        let _ = text.parse::<ETag>();
        let _ = text.parse::<HttpDate>();
        let _ = text.parse::<MediaType>();
        if let Ok(accept) = HeaderValue::from_bytes(&bytes) {
            choose(accept);
        }
    }

    #[test]
    fn what_was_refused_is_not_sent(
        weights in prop::collection::vec((0_usize..3, 0_u16..=1000), 0..6),
        garbage in hostile(),
    ) {
        let types = ["application/json", "application/x-msgpack", "text/plain"];
        let mut list: Vec<String> = weights
            .iter()
            .map(|(index, weight)| format!("{};q={}.{:03}", types[*index], weight / 1000, weight % 1000))
            .collect();
        list.insert(list.len() / 2, garbage.replace([',', '"'], ""));
        let Ok(accept) = HeaderValue::from_str(&list.join(", ")) else { return Ok(()) };
        let chosen = choose(accept);
        // The first element that names a type decides for it.
        let weight = |name: &str| weights.iter().find(|(index, _)| types[*index] == name).map(|(_, weight)| *weight);
        if let Some(chosen) = chosen.filter(|_| !weights.is_empty()) {
            let chosen = chosen.split(';').next().unwrap().to_owned();
            let sent = weight(&chosen).unwrap_or(0);
            let most = types.iter().filter_map(|name| weight(name)).max().unwrap_or(0);
            prop_assert!(sent > 0 && sent == most, "{list:?} -> {chosen}");
        }
    }
}

/// The content type that this list gets; `None` for a 406.
fn choose(accept: HeaderValue) -> Option<String> {
    let mut headers = HeaderMap::new();
    headers.insert(header::ACCEPT, accept);
    let context = RequestContext::new(Method::GET, &headers);
    let response = Negotiated::<_, (Json, MessagePack, Text)>::new(7).respond_to(&context);
    (response.status() == 200).then(|| {
        response.headers()[header::CONTENT_TYPE]
            .to_str()
            .unwrap()
            .to_owned()
    })
}

/// Percent-decoding (RFC 3986 §2.1).
fn decode(text: &str) -> Vec<u8> {
    let mut decoded = Vec::new();
    let mut rest = text.as_bytes();
    while let [byte, behind @ ..] = rest {
        match behind {
            [high, low, behind @ ..]
                if *byte == b'%' && high.is_ascii_hexdigit() && low.is_ascii_hexdigit() =>
            {
                let hex = String::from_utf8_lossy(&[*high, *low]).into_owned();
                decoded.push(u8::from_str_radix(&hex, 16).unwrap());
                rest = behind;
            }
            _ => {
                decoded.push(*byte);
                rest = behind;
            }
        }
    }
    decoded
}
