//! The responses of one operation.

use http::{Method, StatusCode};
use utoipa::openapi::path::Operation;
use utoipa::openapi::{RefOr, Response};

use super::headers::{self, Reach};
use super::{class_of, has_place_for_content};
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
        media_type(response, documented);
        let reach = match (status.as_str(), class_of(status)) {
            ("304", _) => Reach::NotModified,
            (_, Some(2)) => Reach::Success {
                tag: reads && takes_tag(status, response, documented.etag_is_computed),
            },
            (_, Some(3)) => Reach::Redirect,
            // 4xx, 5xx and `default`
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
    let redirects = responses
        .keys()
        .any(|status| class_of(status) == Some(3) && status != "304");
    let has_success = responses.keys().any(|status| class_of(status) == Some(2));
    if let (Some(declared), true, false) = (documented.success.status, redirects, has_success) {
        return Some(Mistake::StatusOfRedirect(declared));
    }
    let has_content = match responses.get("200") {
        Some(RefOr::T(response)) => !response.content.is_empty(),
        Some(RefOr::Ref(_)) => true,
        None => false,
    };
    let method = Method::from_bytes(method.as_bytes()).unwrap_or_default();
    let status = documented.success.of(&method, !has_content);
    if !has_success && !redirects {
        // It is described when the document is finished.
        responses.insert(status.as_str().to_owned(), Response::default().into());
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

/// Partial content and what offers ranges have tags of their own; of a stream, and of anything but 200, none is computed.
fn takes_tag(status: &str, response: &Response, is_computed: bool) -> bool {
    let offers_ranges = response
        .headers
        .keys()
        .any(|name| name.eq_ignore_ascii_case("accept-ranges"));
    let computed = || matches!(status, "200" | "2XX") && !is_stream(response);
    status != "206" && !offers_ranges && (!is_computed || computed())
}

/// Whether it is documented item by item (OpenAPI 3.2 §4.14.3).
fn is_stream(response: &Response) -> bool {
    let mut contents = response.content.values();
    contents.any(|content| matches!(content, RefOr::T(content) if content.item_schema.is_some()))
}

/// [`Data`](crate::Data) under the media type of the closest class.
fn media_type(response: &mut Response, documented: &Documented) {
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
