//! The methods of an endpoint.

use std::fmt;

use axum::routing::{MethodFilter, MethodRouter};

/// A set of methods; all of them, or none known, where a router does not tell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Methods(u16);

const NAMES: [&str; 9] = [
    "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT",
];

impl Methods {
    pub(crate) const ALL: Self = Self(0x1ff);

    pub(crate) fn of_names<'a>(names: impl IntoIterator<Item = &'a str>) -> Self {
        let bits = names
            .into_iter()
            .filter_map(|name| NAMES.iter().position(|known| *known == name.trim()));
        Self(bits.fold(0, |all, bit| all | 1 << bit))
    }

    /// What axum would answer in `Allow`.
    ///
    /// A method router does not tell its methods but in its `Debug` form. What cannot be read there is not known, and
    /// axum panics by itself where two routes of one path overlap.
    pub(crate) fn of_router<S>(router: &MethodRouter<S>) -> Self {
        let text = format!("{router:?}");
        let allowed = text
            .split_once("allow_header: Bytes(b\"")
            .and_then(|(_, rest)| rest.split_once('"'));
        if let Some((allowed, _)) = allowed {
            return Self::of_names(allowed.split(','));
        }
        if text.contains("allow_header: Skip") {
            Self::ALL
        } else {
            Self::default()
        }
    }

    pub(crate) fn of_filter(filter: MethodFilter) -> Self {
        const FILTERS: [MethodFilter; 9] = [
            MethodFilter::GET,
            MethodFilter::HEAD,
            MethodFilter::POST,
            MethodFilter::PUT,
            MethodFilter::PATCH,
            MethodFilter::DELETE,
            MethodFilter::OPTIONS,
            MethodFilter::TRACE,
            MethodFilter::CONNECT,
        ];
        let bits = FILTERS
            .iter()
            .enumerate()
            .filter(|(_, one)| filter.or(**one) == filter);
        Self(bits.fold(0, |all, (bit, _)| all | 1 << bit))
    }

    pub(crate) fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Methods that both answer. axum lets a HEAD stand beside a GET.
    pub(crate) fn overlap(self, other: Self) -> Self {
        let head = 1 << 1;
        let implied = |set: Self| set.0 & 1 != 0 && set != Self::ALL;
        let mut both = self.0 & other.0;
        if implied(self) != implied(other) && !(self == Self::ALL || other == Self::ALL) {
            both &= !head;
        }
        Self(both)
    }

    pub(crate) fn is_empty(self) -> bool {
        self.0 == 0
    }

    pub(crate) fn names(self) -> impl Iterator<Item = &'static str> {
        NAMES
            .iter()
            .enumerate()
            .filter(move |(bit, _)| self.0 & (1 << bit) != 0)
            .map(|(_, name)| *name)
    }

    /// Without the HEAD that comes with a GET.
    pub(crate) fn declared(self) -> Self {
        if self.0 & 1 != 0 && self != Self::ALL {
            Self(self.0 & !(1 << 1))
        } else {
            self
        }
    }
}

/// `GET POST`
impl fmt::Display for Methods {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if *self == Self::ALL {
            return f.write_str("any method");
        }
        for (at, name) in self.declared().names().enumerate() {
            write!(f, "{}{name}", if at == 0 { "" } else { " " })?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use axum::routing;

    use super::*;

    #[test]
    fn a_method_router_tells_its_methods() {
        async fn handler() {}
        let check = |router: MethodRouter, expected: &str| {
            assert_eq!(Methods::of_router(&router).to_string(), expected);
        };
        check(routing::get(handler), "GET");
        check(routing::get(handler).post(handler), "GET POST");
        check(routing::delete(handler).head(handler), "HEAD DELETE");
        check(routing::any(handler), "any method");
        check(MethodRouter::new(), "");
    }

    #[test]
    fn filters_are_sets_of_methods() {
        let check = |filter: MethodFilter, expected: &str| {
            assert_eq!(Methods::of_filter(filter).to_string(), expected);
        };
        check(MethodFilter::PUT.or(MethodFilter::PATCH), "PUT PATCH");
        check(MethodFilter::GET, "GET");
    }

    #[test]
    fn a_head_may_stand_beside_a_get() {
        let of = |names: &[&str]| Methods::of_names(names.iter().copied());
        assert!(of(&["GET", "HEAD"]).overlap(of(&["HEAD"])).is_empty());
        assert!(of(&["GET", "HEAD"]).overlap(of(&["POST"])).is_empty());
        assert_eq!(
            of(&["GET", "HEAD"])
                .overlap(of(&["GET", "HEAD"]))
                .to_string(),
            "GET"
        );
        assert_eq!(Methods::ALL.overlap(of(&["HEAD"])).to_string(), "HEAD");
    }
}
