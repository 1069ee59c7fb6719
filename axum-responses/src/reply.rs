//! A body together with what goes around it: status, headers, cookies, work for afterwards.

use std::fmt;

use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};

use crate::background::{self, BackgroundTasks};
use crate::conditional::ETag;
use crate::context::defer;
use crate::header::{IntoHeader, InvalidHeader};
use crate::media_type::MediaType;
use crate::payload::retype;
use crate::rejection::{Failed, failure};
use crate::set_cookie::{InvalidCookie, SetCookie};
use crate::status::{ExplicitStatus, strip_forbidden_content};

/// A response whose signature says what it is: the body `T`, sent with `STATUS`.
///
/// `STATUS` takes the place of the body's 200. Any other status that the body chose by itself stands:
/// a file's 206 or 304, a redirect's 302, a template's 500.
///
/// ```
/// use axum::response::IntoResponse;
/// use axum_responses::{Json, Reply};
///
/// async fn annotated() -> Reply<Json<&'static str>, 202> {
///     Reply::new(Json("accepted")).header(("my-header", "xyz")).cookie(("my-cookie", "abc"))
/// }
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// let response = annotated().await.into_response();
/// assert_eq!(response.status(), 202);
/// assert_eq!(response.headers()["my-header"], "xyz");
/// assert_eq!(response.headers()["set-cookie"], "my-cookie=abc; Path=/; SameSite=Lax");
/// # }
/// ```
///
/// A header or a cookie that cannot be sent is neither dropped nor a panic: the answer is a logged 500.
/// Where the value comes from outside, use the `try_` twin and answer the error:
///
/// ```
/// # use axum_responses::{Reply, Text};
/// let reply: Result<Reply<_>, _> = Reply::new(Text("ok")).try_header(("x-edge", "a\r\nx-injected: 1"));
/// assert_eq!(reply.unwrap_err().to_string(), "the header's value has a character that cannot be sent");
/// ```
#[must_use]
pub struct Reply<T, const STATUS: u16 = 200> {
    body: T,
    status: Option<StatusCode>,
    content_type: Option<MediaType>,
    headers: HeaderMap,
    cookies: Vec<SetCookie>,
    tasks: Option<BackgroundTasks>,
    invalid: Option<InvalidReply>,
}

#[derive(Clone, Copy, Debug)]
enum InvalidReply {
    Header(InvalidHeader),
    Cookie(InvalidCookie),
}

impl<T, const STATUS: u16> Reply<T, STATUS> {
    /// This body, with nothing around it yet.
    pub fn new(body: T) -> Self {
        const {
            assert!(
                200 <= STATUS && STATUS <= 599,
                "a final status is between 200 and 599"
            )
        };
        Self {
            body,
            status: None,
            content_type: None,
            headers: HeaderMap::new(),
            cookies: Vec::new(),
            tasks: None,
            invalid: None,
        }
    }

    /// A status chosen at run time, in the place of `STATUS`. The OpenAPI document says `STATUS`.
    pub fn status(mut self, status: StatusCode) -> Self {
        self.status = Some(status);
        self
    }

    /// A media type in the place of the body's. The OpenAPI document says the body's.
    ///
    /// What the body answers by itself and is no success keeps its type: a file's 412 is a problem.
    pub fn content_type(mut self, media_type: MediaType) -> Self {
        self.content_type = Some(media_type);
        self
    }

    /// Sets a header; one line of this name goes out, whatever the body or an earlier call set.
    pub fn header(mut self, header: impl IntoHeader) -> Self {
        match header.into_header() {
            Ok((name, value)) => drop(self.headers.insert(name, value)),
            Err(invalid) => self.invalid = Some(InvalidReply::Header(invalid)),
        }
        self
    }

    /// As [`header`](Self::header), for values from outside.
    ///
    /// # Errors
    /// [`InvalidHeader`] when it cannot be sent.
    pub fn try_header(self, header: impl IntoHeader) -> Result<Self, InvalidHeader> {
        let (name, value) = header.into_header()?;
        Ok(self.header((name, value)))
    }

    /// Adds a line to a header that may have several, after those that were set or added here before.
    /// The body's own lines of this name are replaced.
    pub fn append_header(mut self, header: impl IntoHeader) -> Self {
        match header.into_header() {
            Ok((name, value)) => drop(self.headers.append(name, value)),
            Err(invalid) => self.invalid = Some(InvalidReply::Header(invalid)),
        }
        self
    }

    /// Sets the entity tag.
    pub fn etag(mut self, tag: &ETag) -> Self {
        self.headers.insert(header::ETAG, tag.to_header());
        self
    }

    /// Sets a cookie: in the place of an earlier one of the same name, path and domain.
    /// `SetCookie::removal(name)` removes one from the client.
    pub fn cookie(mut self, cookie: impl Into<SetCookie>) -> Self {
        let cookie = cookie.into();
        match self
            .cookies
            .iter_mut()
            .find(|earlier| earlier.is_same_cookie(&cookie))
        {
            Some(earlier) => *earlier = cookie,
            None => self.cookies.push(cookie),
        }
        self
    }

    /// As [`cookie`](Self::cookie), for names and values from outside.
    ///
    /// # Errors
    /// [`InvalidCookie`] when clients would refuse it.
    pub fn try_cookie(self, cookie: impl Into<SetCookie>) -> Result<Self, InvalidCookie> {
        let cookie = cookie.into();
        cookie.to_header()?;
        Ok(self.cookie(cookie))
    }

    /// Runs these once the response is through, after those given before.
    pub fn background(mut self, tasks: impl Into<BackgroundTasks>) -> Self {
        self.tasks = Some(match self.tasks.take() {
            Some(earlier) => earlier.then(tasks),
            None => tasks.into(),
        });
        self
    }

    fn lines(&mut self) -> Result<Vec<HeaderValue>, InvalidReply> {
        match self.invalid {
            Some(invalid) => Err(invalid),
            None => self
                .cookies
                .iter()
                .map(|cookie| cookie.to_header().map_err(InvalidReply::Cookie))
                .collect(),
        }
    }
}

impl<T: IntoResponse, const STATUS: u16> Reply<T, STATUS> {
    /// The response for a request of this context.
    fn finish(mut self) -> Response {
        let cookies = match self.lines() {
            Ok(cookies) => cookies,
            Err(invalid) => return failure("a reply cannot be sent", &invalid),
        };
        let mut response = self.body.into_response();
        if response.extensions().get::<Failed>().is_some() {
            return response;
        }
        let own_status = response.status();
        if own_status == StatusCode::OK {
            *response.status_mut() = self
                .status
                .or(StatusCode::from_u16(STATUS).ok())
                .unwrap_or(StatusCode::OK);
            if self.status == Some(StatusCode::OK) {
                response.extensions_mut().insert(ExplicitStatus);
            }
        }
        let headers = response.headers_mut();
        if let Some(media_type) = self.content_type {
            retype(own_status, headers, &media_type);
        }
        if !self.headers.is_empty() {
            replace(headers, self.headers);
        }
        for cookie in cookies {
            headers.append(header::SET_COOKIE, cookie);
        }
        strip_forbidden_content(&mut response);
        if let Some(tasks) = self.tasks
            && let Err(tasks) = defer(tasks)
        {
            background::attach(&mut response, tasks, None);
        }
        response
    }
}

/// Each name of `new` replaces what `headers` had under it; several lines of one name stay several.
fn replace(headers: &mut HeaderMap, new: HeaderMap) {
    let mut current: Option<HeaderName> = None;
    for (name, value) in new {
        match (name, &current) {
            (Some(name), _) => {
                if name == header::VARY {
                    crate::vary::unite(headers, &value);
                } else {
                    headers.insert(&name, value);
                }
                current = Some(name);
            }
            (None, Some(name)) => drop(headers.append(name, value)),
            (None, None) => {}
        }
    }
}

impl<T: IntoResponse, const STATUS: u16> IntoResponse for Reply<T, STATUS> {
    fn into_response(self) -> Response {
        self.finish()
    }
}

impl<T: fmt::Debug, const STATUS: u16> fmt::Debug for Reply<T, STATUS> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reply")
            .field("body", &self.body)
            .field(
                "status",
                &self.status.map_or(STATUS, |status| status.as_u16()),
            )
            .field("headers", &self.headers)
            .field("cookies", &self.cookies)
            .finish_non_exhaustive()
    }
}

impl fmt::Display for InvalidReply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Header(invalid) => invalid.fmt(f),
            Self::Cookie(invalid) => invalid.fmt(f),
        }
    }
}

#[cfg(feature = "openapi")]
/// The body's own responses, its 200 under `STATUS`.
impl<T: utoipa::IntoResponses, const STATUS: u16> utoipa::IntoResponses for Reply<T, STATUS> {
    fn responses() -> crate::openapi::Responses {
        let mut responses = T::responses();
        if STATUS != 200
            && let Some(mut ok) = responses.remove("200")
        {
            let status = StatusCode::from_u16(STATUS).unwrap_or(StatusCode::OK);
            if let utoipa::openapi::RefOr::T(response) = &mut ok {
                response.description = status.canonical_reason().unwrap_or("Response").to_owned();
                if !crate::status::allows_content(status) {
                    response.content.clear();
                }
            }
            responses.insert(STATUS.to_string(), ok);
        }
        responses
    }
}
