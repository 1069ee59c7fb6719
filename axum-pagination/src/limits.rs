//! What a query parameter may be: one, a plain number, between its bounds.

use std::borrow::Cow;
use std::num::NonZeroU64;

use axum_responses::rejection::InvalidQuery;
use http::request::Parts;
use http::uri::PathAndQuery;
use percent_encoding::percent_decode_str;

use crate::rejection::PageError;

/// The longest cursor, in bytes: longer ones are neither made nor read.
pub(crate) const LONGEST_CURSOR: usize = 4096;

/// What is given out as a cursor has to lead on when it comes back.
pub(crate) fn check_cursor(cursor: &str) -> Result<(), PageError> {
    let what = match cursor.len() {
        0 => "an empty cursor was given out, which leads to the first page".to_owned(),
        1..=LONGEST_CURSOR => return Ok(()),
        long => format!("a cursor of {long} bytes was given out, and {LONGEST_CURSOR} are read"),
    };
    Err(PageError::Declaration(what))
}

/// Databases count rows in `i64`, and a page may ask for one row more than it shows.
const LAST_ROW: u64 = i64::MAX as u64 - 1;

/// What the bounds of a page size have to be; where they are not, the program does not compile.
pub(crate) const fn assert_bounds(default: u64, max: u64) {
    assert!(
        1 <= default && default <= max,
        "the default page size is between 1 and the maximum"
    );
    assert!(max < LAST_ROW, "a page's rows are counted in i64");
}

/// What the names of the parameters that one request may have have to be: different.
pub(crate) const fn assert_names<const N: usize>(names: [&str; N]) {
    let mut one = 0;
    while one < N {
        let mut other = one + 1;
        while other < N {
            assert!(
                !is_same(names[one], names[other]),
                "two parameters of a page have the same name"
            );
            other += 1;
        }
        one += 1;
    }
}

/// `==`, which is not const.
const fn is_same(one: &str, other: &str) -> bool {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    let mut at = 0;
    while at < one.len() && at < other.len() && one[at] == other[at] {
        at += 1;
    }
    at == one.len() && at == other.len()
}

/// The query that parameters were read from, as it was sent.
#[derive(Clone, Default)]
pub(crate) struct RawQuery(Option<PathAndQuery>);

impl RawQuery {
    pub(crate) fn of(parts: &Parts) -> Self {
        Self(parts.uri.path_and_query().cloned())
    }

    pub(crate) fn as_str(&self) -> &str {
        let query = self.0.as_ref().and_then(PathAndQuery::query);
        query.unwrap_or_default()
    }

    /// The values of these parameters, decoded.
    pub(crate) fn values<const N: usize>(
        &self,
        names: [&str; N],
    ) -> Result<[Option<Cow<'_, str>>; N], InvalidQuery> {
        let mut values = [const { None }; N];
        for (name, value) in form_urlencoded::parse(self.as_str().as_bytes()) {
            if let Some(at) = names.iter().position(|known| *known == name)
                && values[at].replace(value).is_some()
            {
                return Err(InvalidQuery::because(names[at], "is given more than once"));
            }
        }
        Ok(values)
    }

    /// Whether the values of a parameter are UTF-8. Decoding puts U+FFFD in the place of what is not, which clients may
    /// send as well.
    pub(crate) fn is_utf8(&self, name: &str) -> bool {
        let mut pairs = self.as_str().split('&').filter(|pair| {
            let decoded = form_urlencoded::parse(pair.as_bytes()).next();
            decoded.is_some_and(|(known, _)| known == name)
        });
        pairs.all(|pair| {
            let (_, value) = pair.split_once('=').unwrap_or_default();
            percent_decode_str(value).decode_utf8().is_ok()
        })
    }
}

/// A parameter that is a number, and what it may be.
#[derive(Clone, Copy)]
pub(crate) struct Bounds {
    pub(crate) name: &'static str,
    pub(crate) min: u64,
    pub(crate) max: u64,
}

impl Bounds {
    /// How many items a page may have.
    pub(crate) const fn size(name: &'static str, max: u64) -> Self {
        Self { name, min: 1, max }
    }

    /// Which page of up to this size: no further than its rows can be counted in `i64`. The size is the largest
    /// one, so that the document can say the bound.
    pub(crate) const fn page(name: &'static str, size: NonZeroU64) -> Self {
        let max = LAST_ROW / size.get();
        Self { name, min: 1, max }
    }

    /// How many items are passed over before a page of up to this size.
    pub(crate) const fn offset(name: &'static str, size: NonZeroU64) -> Self {
        let max = LAST_ROW - size.get();
        Self { name, min: 0, max }
    }

    /// Digits alone: no sign, no blank. Zeros in front mean nothing.
    pub(crate) fn read(self, value: Option<&str>, default: u64) -> Result<u64, InvalidQuery> {
        let Some(text) = value else {
            return Ok(default);
        };
        if !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(self.refuse());
        }
        let number = text.parse().map_err(|_| self.refuse())?;
        self.check(number)
    }

    pub(crate) fn check(self, number: u64) -> Result<u64, InvalidQuery> {
        if self.min <= number && number <= self.max {
            Ok(number)
        } else {
            Err(self.refuse())
        }
    }

    pub(crate) fn positive(self, number: u64) -> Result<NonZeroU64, InvalidQuery> {
        NonZeroU64::new(self.check(number)?).ok_or_else(|| self.refuse())
    }

    fn refuse(self) -> InvalidQuery {
        let Self { name, min, max } = self;
        let reason = format!("must be a whole number from {min} to {max}, in decimal digits");
        InvalidQuery::because(name, &reason)
    }
}

/// `n`, which is not 0. For constants whose bounds [`assert_bounds`] has checked.
pub(crate) const fn non_zero(n: u64) -> NonZeroU64 {
    match NonZeroU64::new(n) {
        Some(n) => n,
        None => NonZeroU64::MIN,
    }
}

/// What the three kinds of parameters have in common. Not derived: that would ask the same of `N`.
macro_rules! params {
    ($name:ident { $($field:ident),* }) => {
        impl<const DEFAULT: u64, const MAX: u64, N: Names> Clone for $name<DEFAULT, MAX, N> {
            fn clone(&self) -> Self {
                Self {
                    $($field: self.$field.clone(),)*
                    query: self.query.clone(),
                    names: PhantomData,
                }
            }
        }

        impl<const DEFAULT: u64, const MAX: u64, N: Names> fmt::Debug for $name<DEFAULT, MAX, N> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_struct(stringify!($name))
                    $(.field(stringify!($field), &self.$field))*
                    .field("query", &self.query())
                    .finish()
            }
        }

        impl<const DEFAULT: u64, const MAX: u64, N: Names, S: Sync> FromRequestParts<S>
            for $name<DEFAULT, MAX, N>
        {
            type Rejection = InvalidQuery;

            async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, InvalidQuery> {
                Self::read(RawQuery::of(parts))
            }
        }

        impl<const DEFAULT: u64, const MAX: u64, N: Names> $name<DEFAULT, MAX, N> {
            /// The query that they were read from, as it was sent, without the `?`; empty when there was none.
            /// Links keep its other parameters.
            ///
            /// ```
            /// use axum::{Router, body::Body, http::Request, routing::get};
            #[doc = concat!("use axum_pagination::", stringify!($name), ";")]
            /// # use tower::ServiceExt;
            ///
            #[doc = concat!("async fn query(page: ", stringify!($name), ") -> String {")]
            ///     page.query().to_owned()
            /// }
            ///
            /// # #[tokio::main(flavor = "current_thread")] async fn main() {
            /// let app: Router = Router::new().route("/", get(query));
            /// let request = Request::get("/?tag=x%20y&&tag=z").body(Body::empty()).unwrap();
            /// let body = app.oneshot(request).await.unwrap().into_body();
            /// assert_eq!(axum::body::to_bytes(body, 99).await.unwrap(), "tag=x%20y&&tag=z"); // not decoded
            #[doc = concat!("assert_eq!(", stringify!($name), "::<20, 100>::default().query(), \"\");")]
            /// # }
            /// ```
            #[must_use]
            pub fn query(&self) -> &str {
                self.query.as_str()
            }
        }
    };
}

pub(crate) use params;

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Option<u64>) {
        let bounds = Bounds::size("n", 100);
        assert_eq!(bounds.read(Some(text), 20).ok(), expected, "{text:?}");
    }

    #[test]
    fn numbers_are_digits_between_the_bounds() {
        check("1", Some(1));
        check("100", Some(100));
        check("010", Some(10));
        check("0", None);
        check("101", None);
        check("", None);
        check("-1", None);
        check("+5", None);
        check(" 5", None);
        check("5 ", None);
        check("5\n", None);
        check("1e1", None);
        check("0x10", None);
        check("10.0", None);
        check("ten", None);
        check("\u{665}", None); // a digit, and none of ours
        check("18446744073709551616", None);
        check("99999999999999999999999999999999999999999", None);
    }

    #[test]
    fn names_are_the_same_when_all_of_their_bytes_are() {
        for (one, other, expected) in [
            ("", "", true),
            ("page", "page", true),
            ("page", "pages", false),
            ("page", "pagE", false),
            ("", "a", false),
        ] {
            assert_eq!(is_same(one, other), expected, "{one} {other}");
            assert_eq!(is_same(other, one), expected, "{other} {one}");
        }
        assert_names(["a", "b", "ab"]);
    }

    #[test]
    #[should_panic(expected = "the same name")]
    fn a_name_that_comes_again_is_found_wherever_it_stands() {
        assert_names(["a", "b", "b"]);
    }

    #[test]
    fn every_page_ends_where_i64_can_count() {
        for size in [1, 2, 3, 20, 100, 1 << 40, i64::MAX as u64 - 2] {
            let rows = NonZeroU64::new(size).unwrap();
            let last = Bounds::page("n", rows).max;
            assert!(
                last >= 1 && i64::try_from(last * size + 1).is_ok(),
                "{size}"
            );
            let offset = Bounds::offset("n", rows).max;
            assert_eq!(i64::try_from(offset + size + 1), Ok(i64::MAX), "{size}");
        }
    }
}
