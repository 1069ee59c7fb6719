//! Paths that axum refuses, and routes that overlap: found before axum panics.

use std::collections::HashMap;

use crate::config_error::Mistake;
use crate::layered::route;
use crate::methods::Methods;

/// The paths that are taken.
pub(crate) struct Paths {
    /// As axum keeps them: it finds patterns that cannot stand beside each other.
    patterns: matchit::Router<()>,
    taken: HashMap<String, Methods>,
    /// What fallbacks answer for; axum keeps them apart from the routes.
    fallbacks: matchit::Router<()>,
}

/// What a fallback answers for, below its path.
const REST: &str = "/{*rest}";

impl Default for Paths {
    fn default() -> Self {
        let mut fallbacks = matchit::Router::new();
        // Every router has one of its own: it answers with 404 where none is given.
        let _ = fallbacks.insert(REST, ());
        Self {
            patterns: matchit::Router::new(),
            taken: HashMap::new(),
            fallbacks,
        }
    }
}

impl Paths {
    /// Takes what is below a path for a nested fallback.
    pub(crate) fn claim_fallback(&mut self, path: &str) -> Result<(), Mistake> {
        let rest = joined(path, REST);
        self.fallbacks
            .insert(&rest, ())
            .map_err(|error| match error {
                matchit::InsertError::Conflict { with } if with == rest => Mistake::TwoFallbacks,
                matchit::InsertError::Conflict { with } => {
                    Mistake::FallbackOverlap(with.trim_end_matches("{*rest}").to_owned())
                }
                other => Mistake::Path(format!("the path {path:?}: {other}")),
            })
    }

    /// Takes these methods of a path.
    pub(crate) fn claim(&mut self, path: &str, methods: Methods) -> Result<(), Mistake> {
        if let Some(taken) = self.taken.get_mut(path) {
            let both = taken.overlap(methods);
            if !both.is_empty() {
                return Err(Mistake::Overlap(route(both, path)));
            }
            *taken = taken.with(methods);
            return Ok(());
        }
        self.patterns
            .insert(path, ())
            .map_err(|error| match error {
                matchit::InsertError::Conflict { with } => Mistake::Overlap(with),
                other => Mistake::Path(format!("the path {path:?}: {other}")),
            })?;
        self.taken.insert(path.to_owned(), methods);
        Ok(())
    }
}

/// What axum demands of a route's path.
pub(crate) fn checked_route(path: &str) -> Result<(), Mistake> {
    let wrong = |why: &str| Err(Mistake::Path(format!("the path {path:?} {why}")));
    if !path.starts_with('/') {
        return wrong("must begin with /");
    }
    for segment in path.split('/') {
        if segment.starts_with(':') {
            return wrong("has a segment that begins with a colon; a parameter is written {name}");
        }
        if segment.starts_with('*') {
            return wrong(
                "has a segment that begins with an asterisk; the rest of a path is written {*name}",
            );
        }
    }
    Ok(())
}

/// What axum demands of a path that something is nested below, and what to use in its place at the root.
pub(crate) fn checked_nest(path: &str, at_root: &str) -> Result<(), Mistake> {
    checked_route(path)?;
    if path == "/" {
        return Err(Mistake::Path(format!(
            "nothing can be nested at \"/\"; use {at_root}"
        )));
    }
    if path.split('/').any(|segment| segment.starts_with("{*")) {
        return Err(Mistake::Path(format!(
            "nothing can be nested below the rest of a path, {path:?}"
        )));
    }
    Ok(())
}

/// A path below another, as axum joins them.
pub(crate) fn joined(prefix: &str, path: &str) -> String {
    if prefix.ends_with('/') {
        format!("{prefix}{}", path.trim_start_matches('/'))
    } else if path == "/" {
        prefix.to_owned()
    } else {
        format!("{prefix}{path}")
    }
}

/// A route below another path: `GET /b` below `/a` is `GET /a/b`.
pub(crate) fn route_below(prefix: &str, route: &str) -> String {
    match route.find('/') {
        Some(at) => format!("{}{}", &route[..at], joined(prefix, &route[at..])),
        None => format!("{route} below {prefix}"),
    }
}

#[cfg(test)]
mod tests {
    use axum::routing::MethodFilter;

    use super::*;

    #[test]
    fn paths_are_joined_as_axum_does() {
        let check = |prefix, path, expected: &str| assert_eq!(joined(prefix, path), expected);
        check("/a", "/b", "/a/b");
        check("/a", "/", "/a");
        check("/a/", "/b", "/a/b");
        check("/a/", "/", "/a/");
    }

    #[test]
    fn routes_below_a_path_keep_their_methods() {
        let check = |route, expected: &str| assert_eq!(route_below("/x", route), expected);
        check("GET /a", "GET /x/a");
        check("GET POST /a b", "GET POST /x/a b");
        check("/", "/x");
        check("GET", "GET below /x");
    }

    #[test]
    fn paths_that_axum_refuses_are_told() {
        let check = |path, expected: &str| {
            let said = checked_nest(path, "merge")
                .err()
                .map(|mistake| mistake.to_string())
                .unwrap_or_default();
            assert!(
                said.contains(expected) && said.is_empty() == expected.is_empty(),
                "{path}: {said}"
            );
        };
        check("/a/{b}", "");
        check("a", "must begin with /");
        check("", "must begin with /");
        check("/:a", "colon");
        check("/*a", "asterisk");
        check("/", "use merge");
        check("/{*a}", "rest of a path");
    }

    #[test]
    fn routes_that_overlap_are_told() {
        let of = Methods::of_filter;
        let mut paths = Paths::default();
        paths.claim("/a/{b}", of(MethodFilter::GET)).unwrap();
        paths.claim("/a/{b}", of(MethodFilter::POST)).unwrap();
        paths.claim("/a/{b}", Methods::ANY).unwrap();
        paths.claim("/a/b", of(MethodFilter::GET)).unwrap();
        for (path, methods, other) in [
            ("/a/{b}", of(MethodFilter::GET), "GET /a/{b}"),
            ("/a/{b}", of(MethodFilter::POST), "POST /a/{b}"),
            ("/a/{b}", Methods::ANY, "any /a/{b}"),
            ("/a/{c}", of(MethodFilter::PUT), "/a/{b}"),
            ("/a/b", Methods::ALL, "GET /a/b"),
        ] {
            let overlap = paths.claim(path, methods).unwrap_err();
            assert_eq!(overlap, Mistake::Overlap(other.to_owned()), "{path}");
        }
    }
}
