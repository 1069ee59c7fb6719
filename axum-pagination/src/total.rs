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
///
/// On the wire:
///
/// ```
/// use axum::response::IntoResponse;
/// use axum_pagination::{CursorPage, CursorParams, Total};
///
/// let headers = |total| {
///     let page = CursorPage::new(vec![1], CursorParams::<20, 100>::default().results_per_page(), None, None);
///     let response = page.total(total).into_response();
///     let text = |name| Some(response.headers().get(name)?.to_str().unwrap().to_owned());
///     [text("x-total-count"), text("x-total-count-relation")].into_iter().flatten().collect::<Vec<_>>()
/// };
/// assert_eq!(headers(Total::Unknown), [""; 0]);
/// assert_eq!(headers(Total::Exact(0)), ["0"]);
/// assert_eq!(headers(Total::AtLeast(10_000)), ["10000", "at-least"]);
/// assert_eq!(headers(Total::About(70_000)), ["70000", "about"]);
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
    /// The number, whatever it is worth: exact, a lower bound or an estimate. `None` is not 0.
    ///
    /// ```
    /// use axum_pagination::Total;
    ///
    /// assert_eq!([Total::Exact(7), Total::AtLeast(7), Total::About(7)].map(Total::count), [Some(7); 3]);
    /// assert_eq!(Total::default().count(), None);
    /// ```
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
