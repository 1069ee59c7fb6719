//! Which packed form of a file the client takes (RFC 9110 §12.5.3).

use http::{HeaderValue, header};

use crate::context::RequestContext;
use crate::negotiation::quality;

/// A content coding (RFC 9110 §8.4.1) in which a file may lie beside itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Coding {
    Brotli,
    Zstd,
    Gzip,
}

impl Coding {
    /// The smallest first: this is the order among equals.
    const ALL: [Self; 3] = [Self::Brotli, Self::Zstd, Self::Gzip];

    pub(super) fn suffix(self) -> &'static str {
        match self {
            Self::Brotli => ".br",
            Self::Zstd => ".zst",
            Self::Gzip => ".gz",
        }
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Brotli => "br",
            Self::Zstd => "zstd",
            Self::Gzip => "gzip",
        }
    }

    pub(super) fn header(self) -> HeaderValue {
        HeaderValue::from_static(self.name())
    }

    fn is_named(self, name: &[u8]) -> bool {
        name.eq_ignore_ascii_case(self.name().as_bytes())
            // RFC 9110 §8.4.1.3
            || self == Self::Gzip && name.eq_ignore_ascii_case(b"x-gzip")
    }
}

/// The forms of a file in the order in which they are looked for: packed ones, and last the file itself, which is
/// always there: an answer in no coding is better than none.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Forms {
    packed: [Option<Coding>; 3],
}

impl Forms {
    /// What the client accepts (RFC 9110 §12.5.3): what is not listed is not acceptable, `*` stands for it. The
    /// file itself is acceptable unless it is excluded, and comes before others only when it is named.
    pub(super) fn of(request: &RequestContext) -> Self {
        let mut named = [None; 3];
        let (mut identity, mut others) = (1, 0);
        for element in request
            .lines(&header::ACCEPT_ENCODING)
            .flat_map(|line| line.as_bytes().split(|byte| *byte == b','))
        {
            let Some((name, weight)) = weighted(element) else {
                continue;
            };
            match Coding::ALL.iter().position(|coding| coding.is_named(name)) {
                Some(index) => named[index] = Some(weight),
                None if name.eq_ignore_ascii_case(b"identity") => identity = weight,
                None if name == b"*" => others = weight,
                None => {}
            }
        }
        let weight = |index: usize| named[index].unwrap_or(others);
        let mut order = [0, 1, 2];
        order.sort_by_key(|index| std::cmp::Reverse(weight(*index))); // stable: ours is the order among equals
        let packed = order.map(|index| {
            let weight = weight(index);
            (weight > 0 && weight >= identity).then_some(Coding::ALL[index])
        });
        Self { packed }
    }

    /// `None` is the file itself.
    pub(super) fn iter(self) -> impl Iterator<Item = Option<Coding>> {
        self.packed.into_iter().flatten().map(Some).chain([None])
    }
}

/// A name and its weight in thousandths; `None` for what is neither.
fn weighted(element: &[u8]) -> Option<(&[u8], u16)> {
    let mut parts = element.split(|byte| *byte == b';').map(<[u8]>::trim_ascii);
    let name = parts.next().filter(|name| !name.is_empty())?;
    match parts.next() {
        None | Some(b"") => Some((name, 1000)),
        Some([b'q' | b'Q', b'=', weight @ ..]) => Some((name, quality(weight)?)),
        Some(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use http::{HeaderMap, Method};
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(lines: &[&str], expected: &[&str]) {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(header::ACCEPT_ENCODING, line.parse().unwrap());
        }
        let forms = Forms::of(&RequestContext::new(Method::GET, &headers));
        let names: Vec<_> = forms
            .iter()
            .map(|form| form.map_or("identity", Coding::name))
            .collect();
        assert_eq!(names, expected, "{lines:?}");
    }

    #[test]
    fn the_client_is_taken_by_its_word() {
        check(&[], &["identity"]);
        check(&[""], &["identity"]);
        check(
            &["gzip, deflate, br, zstd"],
            &["br", "zstd", "gzip", "identity"],
        );
        check(&["gzip", "br"], &["br", "gzip", "identity"]);
        check(&["br;q=0, gzip"], &["gzip", "identity"]);
        check(&["GZIP;Q=0.5, br;q=0.4"], &["gzip", "br", "identity"]);
        check(&["*"], &["br", "zstd", "gzip", "identity"]);
        check(&["br;q=0.1, *;q=0.5"], &["zstd", "gzip", "br", "identity"]);
        check(&["*;q=0"], &["identity"]);
        check(&["identity, gzip;q=0.5"], &["identity"]);
        check(&["identity, gzip"], &["gzip", "identity"]);
        check(
            &["identity;q=0.5, gzip;q=0.6, br;q=0.4"],
            &["gzip", "identity"],
        );
        check(&["identity;q=0, gzip;q=0.001"], &["gzip", "identity"]);
        check(&["x-gzip"], &["gzip", "identity"]);
        check(&["gzipx, xgzip, deflate"], &["identity"]);
        check(
            &["gzip;q=2, br;level=1, ;, zstd;q=0.1"],
            &["zstd", "identity"],
        );
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_and_the_file_itself_is_always_there(line in "[a-z*;=,q0-9. ]{0,60}") {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_ENCODING, line.parse().unwrap());
            let forms: Vec<_> = Forms::of(&RequestContext::new(Method::GET, &headers)).iter().collect();
            prop_assert!(forms.len() <= 4);
            prop_assert_eq!(forms.last(), Some(&None));
        }
    }
}
