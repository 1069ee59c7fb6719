//! The methods of an endpoint.

use std::fmt;

use axum::routing::{MethodFilter, MethodRouter};
use http::Method;

/// The methods that have a handler of their own, and whether the others are answered too. None where a router does not
/// tell. The HEAD that axum answers with the handler of GET is not among them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Methods(u16);

/// As axum's method router has them; the last one stands for those without a handler of their own.
const NAMES: [&str; 10] = [
    "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "any",
];

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

impl Methods {
    /// What `any` answers: every method that has no handler of its own.
    pub(crate) const ANY: Self = Self(1 << 9);
    /// A service has the path to itself.
    pub(crate) const ALL: Self = Self(0x3ff);

    fn of_bits(bits: impl Iterator<Item = bool>) -> Self {
        let bits = bits.enumerate().map(|(at, is_set)| u16::from(is_set) << at);
        Self(bits.sum())
    }

    /// Those that axum would not let another handler have.
    ///
    /// A method router does not tell them but in its `Debug` form. What cannot be read there is not known, and
    /// axum panics by itself where two routes of one path overlap.
    pub(crate) fn of_router<S>(router: &MethodRouter<S>) -> Self {
        let text = format!("{router:?}");
        let field = |name: &str| Some(text.split_once(&format!("{name}: "))?.1);
        let has = |name: &str, nothing| field(name).is_some_and(|it| !it.starts_with(nothing));
        Self::of_bits(NAMES.iter().map(|name| match *name {
            "any" => has("fallback", "Default"),
            name => has(&name.to_ascii_lowercase(), "None"),
        }))
    }

    pub(crate) fn of_filter(filter: MethodFilter) -> Self {
        Self::of_bits(FILTERS.iter().map(|one| filter.or(*one) == filter))
    }

    pub(crate) fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Methods that both have a handler for.
    pub(crate) fn overlap(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Whether a request of this method finds a handler; a HEAD may find that of GET.
    pub(crate) fn answer(self, method: &Method) -> bool {
        let own = match *method {
            Method::GET => 1,
            Method::HEAD => 1 | 1 << 1,
            Method::POST => 1 << 2,
            Method::PUT => 1 << 3,
            Method::PATCH => 1 << 4,
            Method::DELETE => 1 << 5,
            Method::OPTIONS => 1 << 6,
            Method::TRACE => 1 << 7,
            Method::CONNECT => 1 << 8,
            _ => 0,
        };
        self.0 & (own | Self::ANY.0) != 0
    }

    pub(crate) fn is_empty(self) -> bool {
        self.0 == 0
    }

    pub(crate) fn names(self) -> impl Iterator<Item = &'static str> {
        let all = NAMES.iter().enumerate();
        all.filter(move |(at, _)| self.0 & (1 << at) != 0)
            .map(|(_, name)| *name)
    }
}

/// `GET POST`
impl fmt::Display for Methods {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.names().collect::<Vec<_>>().join(" "))
    }
}

#[cfg(test)]
mod tests {
    use axum::routing;

    use super::*;

    async fn handler() {}

    #[test]
    fn a_method_router_tells_its_methods() {
        let check = |router: MethodRouter, expected: &str| {
            let methods = Methods::of_router(&router);
            assert_eq!(methods.to_string(), expected);
            assert_eq!(methods.is_empty(), expected.is_empty());
        };
        check(routing::get(handler), "GET");
        check(routing::get(handler).post(handler), "GET POST");
        check(routing::delete(handler).head(handler), "HEAD DELETE");
        check(routing::get(handler).head(handler), "GET HEAD");
        check(routing::any(handler), "any");
        check(routing::any(handler).put(handler), "PUT any");
        check(routing::get(handler).fallback(handler), "GET any");
        check(routing::get_service(routing::get(handler)), "GET");
        check(
            routing::get(handler).layer(tower_layer::Identity::new()),
            "GET",
        );
        check(routing::trace(handler).with_state(()), "TRACE");
        check(MethodRouter::new(), "");
        for (filter, name) in FILTERS.into_iter().zip(NAMES) {
            check(routing::on(filter, handler), name);
        }
    }

    #[test]
    fn a_request_finds_a_handler() {
        let check = |router: MethodRouter, method: Method, expected: bool| {
            let methods = Methods::of_router(&router);
            assert_eq!(methods.answer(&method), expected, "{methods} {method}");
        };
        check(routing::get(handler), Method::GET, true);
        check(routing::get(handler), Method::HEAD, true);
        check(routing::get(handler), Method::POST, false);
        check(routing::post(handler), Method::HEAD, false);
        let propfind = || Method::from_bytes(b"PROPFIND").unwrap();
        check(routing::any(handler), propfind(), true);
        check(routing::get(handler), propfind(), false);
        for (filter, name) in FILTERS.into_iter().zip(NAMES) {
            let method = || Method::from_bytes(name.as_bytes()).unwrap();
            check(routing::on(filter, handler), method(), true);
            check(routing::any(handler), method(), true);
            check(MethodRouter::new(), method(), false);
        }
    }

    #[test]
    fn filters_are_sets_of_methods() {
        let check = |filter: MethodFilter, expected: &str| {
            assert_eq!(Methods::of_filter(filter).to_string(), expected);
        };
        check(MethodFilter::PUT.or(MethodFilter::PATCH), "PUT PATCH");
        for (filter, name) in FILTERS.into_iter().zip(NAMES) {
            check(filter, name);
        }
    }

    #[test]
    fn what_overlaps_is_what_axum_refuses_to_merge() {
        let routers = || -> [MethodRouter; 6] {
            [
                routing::get(handler),
                routing::head(handler),
                routing::get(handler).head(handler),
                routing::post(handler),
                routing::any(handler),
                routing::any(handler).post(handler),
            ]
        };
        for (one, first) in routers().into_iter().enumerate() {
            for (two, second) in routers().into_iter().enumerate() {
                let (a, b) = (Methods::of_router(&first), Methods::of_router(&second));
                let first = first.clone();
                let merge = std::panic::AssertUnwindSafe(move || drop(first.merge(second)));
                let refused = std::panic::catch_unwind(merge).is_err();
                assert_eq!(
                    !a.overlap(b).is_empty(),
                    refused,
                    "{a} ({one}), {b} ({two})"
                );
            }
        }
    }
}
