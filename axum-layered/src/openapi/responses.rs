//! The responses of one operation.

use http::{Method, StatusCode};
use utoipa::openapi::path::Operation;
use utoipa::openapi::{RefOr, Response};

use super::headers::{self, Reach};
use super::{empty, has_place_for_content, number};
use crate::config_error::Mistake;
use crate::data::description::DATA;
use crate::plan::Documented;

/// Statuses, headers and types of what an operation answers.
pub(super) fn describe_operation(
    method: &str,
    operation: &mut Operation,
    documented: &Documented,
) -> impl Iterator<Item = Mistake> + use<> {
    let mistake = success(method, operation, documented);
    let reads = matches!(method, "GET" | "HEAD");
    let responses = &mut operation.responses.responses;
    for (status, response) in responses.iter_mut() {
        let RefOr::T(response) = response else {
            continue;
        };
        class(response, documented);
        let reach = match number(status) {
            Some(304) => Reach::NotModified,
            Some(200..=299) => Reach::Success {
                tag: reads && takes_tag(status, response),
            },
            Some(300..=399) => Reach::Redirect,
            // `default` and the ranges of errors
            _ => Reach::Error,
        };
        headers::add(response, documented, reach);
    }
    let has_tag = responses.values().any(|response| {
        matches!(response, RefOr::T(response) if response.headers.keys().any(|name| name.eq_ignore_ascii_case("etag")))
    });
    if reads && documented.etag.is_some() && has_tag && !responses.contains_key("304") {
        let mut response = Response::new("The client has it already");
        headers::add(&mut response, documented, Reach::NotModified);
        responses.insert("304".to_owned(), response.into());
    }
    mistake.into_iter()
}

/// Moves 200 to the status that is sent in its place, and adds a success where none is documented.
fn success(method: &str, operation: &mut Operation, documented: &Documented) -> Option<Mistake> {
    let responses = &mut operation.responses.responses;
    let redirect = responses
        .keys()
        .filter_map(|status| number(status))
        .find(|status| (300..400).contains(status) && *status != 304);
    let has_success = responses
        .keys()
        .filter_map(|status| number(status))
        .any(|status| (200..300).contains(&status));
    if let (Some(redirect), Some(_), false) = (redirect, documented.success.status, has_success) {
        return StatusCode::from_u16(redirect)
            .ok()
            .map(Mistake::StatusOfRedirect);
    }
    let has_content = match responses.get("200") {
        Some(RefOr::T(response)) => !response.content.is_empty(),
        Some(RefOr::Ref(_)) => true,
        None => false,
    };
    let method = Method::from_bytes(method.as_bytes()).unwrap_or_default();
    let status = documented.success.of(&method, !has_content);
    if !has_success && redirect.is_none() {
        responses.insert(status.as_u16().to_string(), empty(status.as_u16()).into());
        return None;
    }
    if status == StatusCode::OK || responses.contains_key(status.as_str()) {
        return None;
    }
    let mut response = responses.remove("200")?;
    let mut mistake = None;
    if let RefOr::T(response) = &mut response
        && !has_place_for_content(status.as_u16())
        && !response.content.is_empty()
    {
        mistake = Some(Mistake::ContentWithoutPlace(status));
        response.content.clear();
    }
    responses.insert(status.as_u16().to_string(), response);
    mistake
}

/// Partial content and what offers ranges have tags of their own.
fn takes_tag(status: &str, response: &Response) -> bool {
    status != "206"
        && !response
            .headers
            .keys()
            .any(|name| name.eq_ignore_ascii_case("accept-ranges"))
}

/// [`Data`](crate::Data) under the media type of the closest class.
fn class(response: &mut Response, documented: &Documented) {
    let Some(extensions) = &mut response.extensions else {
        return;
    };
    if extensions.remove(DATA).is_none() {
        return;
    }
    if extensions.is_empty() {
        response.extensions = None;
    }
    if let Some(class) = &documented.class
        && let Some(content) = response.content.shift_remove("application/json")
    {
        response.content.insert(class.essence().to_owned(), content);
    }
}
