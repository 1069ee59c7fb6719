//! What holds for every set of ranges: what comes is what lies at the positions that were asked.

use axum::Router;
use axum::body::Bytes;
use axum::routing::get;
use axum_responses::{File, RequestContextLayer};
use proptest::prelude::*;
use suite_support::{Answer, ask};
use tower::Layer;

use super::multipart;

/// One range as it is asked.
#[derive(Clone, Copy, Debug)]
enum Asked {
    /// `3-5`
    Between(usize, usize),
    /// `3-`
    From(usize),
    /// `-3`
    Last(usize),
}

impl Asked {
    fn text(self) -> String {
        match self {
            Self::Between(first, last) => format!("{first}-{last}"),
            Self::From(first) => format!("{first}-"),
            Self::Last(count) => format!("-{count}"),
        }
    }

    /// Each position is asked whether it is meant: slow, and hard to get wrong.
    fn positions(self, length: usize) -> Vec<usize> {
        let meant = |position: &usize| match self {
            Self::Between(first, last) => (first..=last).contains(position),
            Self::From(first) => *position >= first,
            Self::Last(count) => position + count >= length,
        };
        (0..length).filter(meant).collect()
    }
}

/// What is due, as first positions and contents: runs of marked positions, in the order in which the first
/// byte of any range of theirs was mentioned.
fn due(content: &[u8], asked: &[Asked]) -> Vec<(usize, Vec<u8>)> {
    let mut marked = vec![false; content.len()];
    for range in asked {
        for position in range.positions(content.len()) {
            marked[position] = true;
        }
    }
    let mut runs: Vec<(usize, Vec<u8>)> = Vec::new();
    for range in asked {
        let Some(&somewhere) = range.positions(content.len()).first() else {
            continue;
        };
        let mut first = somewhere;
        while first > 0 && marked[first - 1] {
            first -= 1;
        }
        if runs.iter().all(|(known, _)| *known != first) {
            let run = (first..content.len()).take_while(|position| marked[*position]);
            runs.push((first, run.map(|position| content[position]).collect()));
        }
    }
    runs
}

/// The ranges that an answer holds, likewise; all of them say how long the whole is.
fn came(answer: &Answer, length: usize) -> Vec<(usize, Vec<u8>)> {
    let read = |range: Option<&str>, content: &[u8]| {
        let range = range.and_then(|range| range.strip_prefix("bytes "));
        let (range, size) = range.unwrap().split_once('/').unwrap();
        let (first, last) = range.split_once('-').unwrap();
        let (first, last): (usize, usize) = (first.parse().unwrap(), last.parse().unwrap());
        assert_eq!(size, length.to_string());
        assert_eq!(last + 1 - first, content.len());
        (first, content.to_vec())
    };
    match answer.header("content-range") {
        Some(range) => vec![read(Some(range), &answer.body)],
        None => {
            let kind = answer.header("content-type").unwrap();
            let parts = multipart::parts(kind, &answer.body).unwrap();
            assert!(parts.len() > 1, "a multipart of one");
            let parts = parts.iter();
            let parts = parts.map(|part| read(part.content_range.as_deref(), &part.content));
            parts.collect()
        }
    }
}

fn answer(content: &[u8], range: &str) -> Answer {
    let content = Bytes::copy_from_slice(content);
    let file = get(move || async move { File::from_bytes(content) });
    let app = RequestContextLayer::new().layer(Router::new().route("/", file));
    let request = suite_support::get("/", &[("range", range)]);
    let runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = { runtime }.enable_all().build().unwrap();
    runtime.block_on(ask(&app, request))
}

/// Positions around a content of up to 5000 bytes, small ones more often.
fn position() -> impl Strategy<Value = usize> {
    prop_oneof![0..20_usize, 0..400_usize, 0..6000_usize]
}

fn asked() -> impl Strategy<Value = Asked> {
    prop_oneof![
        3 => (position(), position()).prop_map(|(one, other)| Asked::Between(one.min(other), one.max(other))),
        3 => (position(), 0..30_usize).prop_map(|(first, more)| Asked::Between(first, first + more)),
        1 => position().prop_map(Asked::From),
        1 => position().prop_map(Asked::Last),
    ]
}

fn content() -> impl Strategy<Value = Vec<u8>> {
    let length = prop_oneof![1 => 0..3_usize, 4 => 0..400_usize, 4 => 0..=5000_usize];
    length.prop_flat_map(|length| prop::collection::vec(any::<u8>(), length))
}

proptest! {
    #[test]
    fn any_ranges_are_the_slices_that_they_name(
        content in content(),
        asked in prop::collection::vec(asked(), 1..=16),
    ) {
        let ranges: Vec<_> = asked.iter().map(|range| range.text()).collect();
        let answer = answer(&content, &format!("bytes={}", ranges.join(",")));
        let due = due(&content, &asked);
        let length = answer.header("content-length").map(str::to_owned);
        prop_assert!(answer.complete);
        // A suffix of nothing is all of it, which no 206 can say.
        let suffix = asked.iter().any(|range| matches!(range, Asked::Last(1..)));
        if content.is_empty() && suffix {
            prop_assert_eq!(answer.status, 200, "{:?}", answer);
            prop_assert!(answer.body.is_empty());
        } else if due.is_empty() {
            prop_assert_eq!(answer.status, 416, "{:?}", answer);
            let range = format!("bytes */{}", content.len());
            prop_assert_eq!(answer.header("content-range"), Some(range.as_str()));
        } else {
            prop_assert_eq!(answer.status, 206, "{:?}", answer);
            prop_assert_eq!(length, Some(answer.body.len().to_string()));
            prop_assert_eq!(came(&answer, content.len()), due);
        }
    }
}
