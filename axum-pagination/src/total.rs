//! How many items there are in all.

use http::{HeaderMap, HeaderName, HeaderValue};

/// What is known of the number of items in all pages together.
///
/// A page sends it as `X-Total-Count: 50`; a bound or an estimate says so in a second header,
/// `X-Total-Count-Relation: at-least` or `about`; [`Unknown`](Self::Unknown) sends neither.
///
/// ```
/// use axum_pagination::Total;
///
/// assert_eq!(Total::AtLeast(10_000).count(), Some(10_000));
/// assert_eq!(Total::Unknown.count(), None);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Total {
    /// Nobody counted.
    #[default]
    Unknown,
    /// This many, at the time of counting.
    Exact(u64),
    /// Counting stopped here.
    AtLeast(u64),
    /// An estimate.
    About(u64),
}

const COUNT: HeaderName = HeaderName::from_static("x-total-count");
const RELATION: HeaderName = HeaderName::from_static("x-total-count-relation");

impl Total {
    /// The number, whatever it is worth.
    #[must_use]
    pub fn count(self) -> Option<u64> {
        match self {
            Self::Unknown => None,
            Self::Exact(count) | Self::AtLeast(count) | Self::About(count) => Some(count),
        }
    }

    pub(crate) fn write(self, headers: &mut HeaderMap) {
        if let Some(count) = self.count() {
            headers.insert(COUNT, count.into());
        }
        let relation = match self {
            Self::AtLeast(_) => "at-least",
            Self::About(_) => "about",
            Self::Unknown | Self::Exact(_) => return,
        };
        headers.insert(RELATION, HeaderValue::from_static(relation));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_and_estimates_say_what_they_are() {
        for (total, count, relation) in [
            (Total::Unknown, None, None),
            (Total::Exact(0), Some("0"), None),
            (Total::Exact(50), Some("50"), None),
            (Total::AtLeast(10_000), Some("10000"), Some("at-least")),
            (
                Total::About(u64::MAX),
                Some("18446744073709551615"),
                Some("about"),
            ),
        ] {
            let mut headers = HeaderMap::new();
            total.write(&mut headers);
            let text = |name| {
                headers
                    .get(name)
                    .map(|value: &HeaderValue| value.to_str().unwrap())
            };
            assert_eq!(
                (text(COUNT), text(RELATION)),
                (count, relation),
                "{total:?}"
            );
        }
    }
}
