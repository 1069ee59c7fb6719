//! What is wrong with what one layer declares.

use std::collections::HashSet;

use http::{StatusCode, header};

use crate::attributes::Attributes;
use crate::attributes::caching::CacheRule;
use crate::attributes::cookie::CookieRule;
use crate::attributes::header::{HeaderRule, is_of_server};
use crate::config_error::Mistake;

/// Every mistake of a layer, in the sequence of its declarations.
pub(crate) fn check(attributes: &Attributes) -> Vec<Mistake> {
    let mut mistakes = Vec::new();
    headers(attributes, &mut mistakes);
    cookies(attributes, &mut mistakes);
    for rule in &attributes.cache_control {
        // A patch is checked where it is merged, which clears what it excludes.
        if let CacheRule::Set(cache_control) = rule
            && let Err(contradiction) = cache_control.check()
        {
            mistakes.push(Mistake::CacheControl(contradiction));
        }
    }
    let twice = [
        ("cache-control", attributes.cache_control.len()),
        ("etag", attributes.etag.len()),
        ("status", attributes.status.len()),
        ("method_status_codes", attributes.method_status_codes.len()),
        ("after_request", attributes.after_request.len()),
        ("background", attributes.background.len()),
        ("response_class", attributes.response_class.len()),
        ("template_engine", attributes.template_engine.len()),
    ];
    mistakes.extend(
        twice
            .iter()
            .filter(|(_, count)| *count > 1)
            .map(|(what, _)| Mistake::Twice(what)),
    );
    let types: HashSet<_> = attributes.encoders.iter().map(|(of, _)| of).collect();
    if types.len() < attributes.encoders.len() {
        mistakes.push(Mistake::Twice("type_encoder of one type"));
    }
    for status in &attributes.status {
        let success = StatusCode::from_u16(*status).is_ok_and(|status| status.is_success());
        if !success {
            mistakes.push(Mistake::Status(*status));
        }
    }
    mistakes
}

fn headers(attributes: &Attributes, mistakes: &mut Vec<Mistake>) {
    let mut seen = HashSet::new();
    for declared in &attributes.headers {
        let name = match declared.checked_name() {
            Ok(name) => name,
            Err(mistake) => {
                mistakes.push(mistake);
                continue;
            }
        };
        if name == header::SET_COOKIE {
            mistakes.push(Mistake::SetCookieHeader);
        } else if name == header::CACHE_CONTROL {
            mistakes.push(Mistake::HeaderWithDeclaration("cache-control"));
        } else if name == header::ETAG {
            mistakes.push(Mistake::HeaderWithDeclaration("etag"));
        } else if declared.value().is_some() && is_of_server(name.as_str()) {
            mistakes.push(Mistake::HeaderOfServer(name.as_str().to_owned()));
        }
        mistakes.extend(declared.checked_value().err());
        // Lines that are appended may be many, and Vary adds up.
        let alone = !matches!(declared.rule, HeaderRule::Append(_)) && name != header::VARY;
        if alone && !seen.insert(name) {
            mistakes.push(Mistake::HeaderTwice(declared.name.clone().into_owned()));
        }
    }
}

fn cookies(attributes: &Attributes, mistakes: &mut Vec<Mistake>) {
    for (at, declared) in attributes.cookies.iter().enumerate() {
        let earlier = &attributes.cookies[..at];
        let twice = match &declared.rule {
            CookieRule::Set(cookie) => {
                if let Err(invalid) = cookie.to_header() {
                    mistakes.push(Mistake::Cookie(cookie.name().to_owned(), invalid));
                }
                earlier.iter().any(|other| matches!(&other.rule, CookieRule::Set(other) if other.is_same_cookie(cookie)))
            }
            CookieRule::Documented(_) | CookieRule::Removed(_) => {
                let same = |other: &&crate::attributes::cookie::ResponseCookie| {
                    std::mem::discriminant(&other.rule) == std::mem::discriminant(&declared.rule)
                };
                earlier
                    .iter()
                    .filter(same)
                    .any(|other| other.name() == declared.name())
            }
        };
        if twice {
            mistakes.push(Mistake::CookieTwice(declared.name().to_owned()));
        }
    }
}
