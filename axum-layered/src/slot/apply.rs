//! A plan on its way: the handler's future, then the hook, then what is declared.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use axum::body::{Body, HttpBody};
use axum::response::Response;
use axum_responses::conditional::{Conditional, Validators, Verdict};
use axum_responses::header::unite_vary;
use axum_responses::{CacheControl, ETag, HttpDate, RequestContext, SetCookie};
use http::header::{
    ACCEPT_RANGES, CACHE_CONTROL, CONTENT_LANGUAGE, CONTENT_RANGE, ETAG, Entry, IF_MODIFIED_SINCE,
    IF_NONE_MATCH, IntoHeaderName, LAST_MODIFIED, SET_COOKIE,
};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use pin_project_lite::pin_project;

use super::{Answered, Slot};
use crate::plan::{Filling, Plan, Tag};

type Later = Pin<Box<dyn Future<Output = Response> + Send>>;

pin_project! {
    /// Runs inside of the request's context.
    #[must_use = "futures do nothing unless polled"]
    pub(crate) struct Apply<F> {
        #[pin]
        stage: Stage<F>,
        slot: Slot,
        method: Method,
    }
}

pin_project! {
    #[project = StageProject]
    enum Stage<F> {
        Handler { #[pin] future: F },
        /// The hook; the cookies that were there before it.
        Hook { future: Later, before: Vec<HeaderValue> },
        /// The body is read, for its tag.
        Body { future: Later },
    }
}

impl<F> Apply<F> {
    pub(crate) fn new(future: F, slot: Slot, method: Method) -> Self {
        Self {
            stage: Stage::Handler { future },
            slot,
            method,
        }
    }
}

impl<F: Future<Output = Response>> Future for Apply<F> {
    type Output = Response;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Response> {
        let mut this = self.project();
        let Some(plan) = this.slot.plan() else {
            // Not built: an endpoint on its own.
            return match this.stage.project() {
                StageProject::Handler { future } => future.poll(cx),
                StageProject::Hook { future, .. } | StageProject::Body { future } => {
                    future.as_mut().poll(cx)
                }
            };
        };
        loop {
            let mut response = match this.stage.as_mut().project() {
                StageProject::Handler { future } => {
                    let response = ready!(future.poll(cx));
                    if let Some(hook) = &plan.hook {
                        let before = response
                            .headers()
                            .get_all(SET_COOKIE)
                            .iter()
                            .cloned()
                            .collect();
                        this.stage.set(Stage::Hook {
                            future: hook.run(response),
                            before,
                        });
                        continue;
                    }
                    response
                }
                StageProject::Hook { future, before } => {
                    let mut response = ready!(future.as_mut().poll(cx));
                    replace_cookies(response.headers_mut(), before);
                    response
                }
                StageProject::Body { future } => {
                    let mut response = ready!(future.as_mut().poll(cx));
                    revalidate(None, &mut response);
                    return Poll::Ready(response);
                }
            };
            if let Some(make) = &plan.background
                && !failed(response.status())
            {
                drop(make.make().run_by_default());
            }
            fill(plan, this.method, &mut response);
            let Some(limit) = limit_of_tag(plan, this.method, &response) else {
                return Poll::Ready(response);
            };
            this.stage.set(Stage::Body {
                future: Box::pin(tagged(response, limit)),
            });
        }
    }
}

/// Fills in what the response has not by itself.
fn fill(plan: &Plan, method: &Method, response: &mut Response) {
    if !plan.success.is_default() && response.status() == StatusCode::OK {
        let explicit = response
            .extensions()
            .get::<axum_responses::status::ExplicitStatus>()
            .is_some();
        if !explicit {
            let is_empty = response.body().size_hint().exact() == Some(0);
            *response.status_mut() = plan.success.of(method, is_empty);
        }
    }
    let status = response.status();
    if failed(status) {
        add(&plan.failed, response.headers_mut());
        if plan.marks_errors {
            response.extensions_mut().insert(Answered);
        }
        return;
    }
    add(&plan.normal, response.headers_mut());
    if let Some(cache_control) = &plan.cache_control {
        set(response.headers_mut(), CACHE_CONTROL, cache_control);
    }
    let reads = matches!(*method, Method::GET | Method::HEAD);
    if !reads || !status.is_success() {
        return;
    }
    let mut own = None;
    if let Some(Tag::Static { line, validators }) = &plan.tag
        && takes_tag(status, response.headers())
    {
        response.headers_mut().insert(ETAG, line.clone());
        own = Some(validators);
    }
    revalidate(own, response);
}

pub(crate) fn failed(status: StatusCode) -> bool {
    status.is_client_error() || status.is_server_error()
}

/// Partial content and what offers ranges have a tag of the whole, or none.
fn takes_tag(status: StatusCode, headers: &HeaderMap) -> bool {
    status != StatusCode::PARTIAL_CONTENT
        && !headers.contains_key(ETAG)
        && !headers.contains_key(ACCEPT_RANGES)
}

pub(crate) fn add(filling: &Filling, headers: &mut HeaderMap) {
    if filling.is_empty() {
        return;
    }
    headers.reserve(filling.len());
    for (name, value) in &filling.headers {
        set(headers, name, value);
    }
    for (name, value) in &filling.appended {
        headers.append(name, value.clone());
    }
    if let Some(vary) = &filling.vary {
        unite_vary(headers, vary);
    }
    let dynamic: Vec<CookieKey> = headers
        .get_all(SET_COOKIE)
        .iter()
        .filter_map(CookieKey::of)
        .collect();
    for (cookie, line) in &filling.cookies {
        if !dynamic.iter().any(|key| key.is_of(cookie)) {
            headers.append(SET_COOKIE, line.clone());
        }
    }
}

fn set(headers: &mut HeaderMap, name: impl IntoHeaderName, value: &HeaderValue) {
    if let Entry::Vacant(place) = headers.entry(name) {
        place.insert(value.clone());
    }
}

/// What makes two cookies the same (RFC 6265bis §5.7).
#[derive(Debug, PartialEq, Eq)]
struct CookieKey {
    name: String,
    path: Option<String>,
    domain: Option<String>,
}

impl CookieKey {
    fn of(line: &HeaderValue) -> Option<Self> {
        let line = line.to_str().ok()?;
        let mut parts = line.split(';');
        let (name, _) = parts.next()?.split_once('=')?;
        let mut key = Self {
            name: name.trim().to_owned(),
            path: None,
            domain: None,
        };
        for part in parts {
            let (attribute, value) = part.split_once('=').unwrap_or((part, ""));
            let (attribute, value) = (attribute.trim(), value.trim());
            if attribute.eq_ignore_ascii_case("path") {
                key.path = Some(value.to_owned());
            } else if attribute.eq_ignore_ascii_case("domain") {
                key.domain = Some(value.trim_start_matches('.').to_ascii_lowercase());
            }
        }
        Some(key)
    }

    fn is_of(&self, cookie: &SetCookie) -> bool {
        let domain = cookie
            .domain_attribute()
            .map(|domain| domain.trim_start_matches('.').to_ascii_lowercase());
        self.name == cookie.name()
            && self.path.as_deref() == cookie.path_attribute()
            && self.domain == domain
    }
}

/// A cookie that the hook sets takes the place of the handler's.
fn replace_cookies(headers: &mut HeaderMap, before: &[HeaderValue]) {
    let lines: Vec<HeaderValue> = headers.get_all(SET_COOKIE).iter().cloned().collect();
    if before.is_empty() || lines.len() <= before.len() || lines[..before.len()] != *before {
        return;
    }
    let (old, new) = lines.split_at(before.len());
    let set: Vec<_> = new.iter().filter_map(CookieKey::of).collect();
    let kept = old
        .iter()
        .filter(|line| CookieKey::of(line).is_none_or(|key| !set.contains(&key)));
    headers.remove(SET_COOKIE);
    for line in kept.chain(new) {
        headers.append(SET_COOKIE, line.clone());
    }
}

/// Answers a GET or HEAD with 304 when the client has what it succeeded with already (RFC 9110 §13.2.2, steps 3 and 4).
fn revalidate(own: Option<&Validators>, response: &mut Response) {
    let headers = response.headers();
    // Responses have few headers: comparing the names costs less than two look-ups.
    let is_validator = |name: &HeaderName| *name == ETAG || *name == LAST_MODIFIED;
    if own.is_none() && !headers.keys().any(is_validator) {
        return;
    }
    let Some(context) = RequestContext::current() else {
        return;
    };
    if context.header(&IF_NONE_MATCH).is_none() && context.header(&IF_MODIFIED_SINCE).is_none() {
        return;
    }
    let read;
    let validators = match own {
        Some(own) if !headers.contains_key(LAST_MODIFIED) => own,
        _ => {
            read = validators(headers);
            &read
        }
    };
    // If-Match and If-Unmodified-Since are for the handler: it has run.
    if <Conditional>::of(&context).verdict(validators) == Verdict::NotModified {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        // §15.4.5: what describes the representation, which is not sent. The context takes the body, and the rest of it.
        let headers = response.headers_mut();
        headers.remove(CONTENT_LANGUAGE);
        headers.remove(CONTENT_RANGE);
    }
}

fn validators(headers: &HeaderMap) -> Validators {
    fn parsed<T: std::str::FromStr>(value: Option<&HeaderValue>) -> Option<T> {
        value?.to_str().ok()?.parse().ok()
    }
    Validators {
        etag: parsed::<ETag>(headers.get(ETAG)),
        last_modified: parsed::<HttpDate>(headers.get(LAST_MODIFIED)),
    }
}

/// How many bytes are read for a tag, where one is to be computed.
fn limit_of_tag(plan: &Plan, method: &Method, response: &Response) -> Option<usize> {
    let Some(Tag::Computed { limit }) = plan.tag else {
        return None;
    };
    let reads = matches!(*method, Method::GET | Method::HEAD);
    if !reads
        || response.status() != StatusCode::OK
        || !takes_tag(response.status(), response.headers())
    {
        return None;
    }
    let length = response.body().size_hint().exact()?;
    if *method == Method::HEAD && length == 0 {
        return None; // of a handler or a service that answers HEAD by itself: the content is not here
    }
    let fits = usize::try_from(length).is_ok_and(|length| length <= limit);
    let lines = response.headers().get_all(CACHE_CONTROL);
    let no_store = CacheControl::from_lines(&lines).is_ok_and(|cache| cache.is_no_store());
    (fits && !no_store).then_some(limit)
}

/// The same response with a tag of its bytes.
async fn tagged(response: Response, limit: usize) -> Response {
    let (mut parts, body) = response.into_parts();
    match axum::body::to_bytes(body, limit).await {
        Ok(bytes) => {
            parts
                .headers
                .insert(ETAG, ETag::of_content(&bytes).into_weak().to_header());
            Response::from_parts(parts, Body::from(bytes))
        }
        Err(error) => {
            tracing::error!(%error, "a body broke off while its entity tag was computed");
            axum::response::IntoResponse::into_response(axum_responses::Problem::internal())
        }
    }
}
