//! A body together with what goes around it: status, headers, cookies, work for afterwards.

use std::fmt;

use axum::body::HttpBody;
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
/// a file's 206 or 304, a redirect's 302, a template's 500. It is between 200 and 599, or the program does not compile.
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
/// What is set goes out with what the body answers by itself, too: a file's 404 and a 406 get the reply's headers and
/// cookies, and its `Cache-Control`.
///
/// ```
/// # use axum::http::StatusCode;
/// # use axum::response::IntoResponse;
/// # use axum_responses::{Problem, Reply};
/// let body = Problem::new(StatusCode::NOT_FOUND);
/// let response = <Reply<_, 201>>::new(body).header(("cache-control", "max-age=60")).into_response();
/// assert_eq!(response.status(), 404);
/// assert_eq!(response.headers()["cache-control"], "max-age=60");
/// ```
///
/// A status without content (204, 205, 304) takes content, type, coding and length away (RFC 9110 §6.4.1, §15.3.6):
///
/// ```
/// # use axum::response::IntoResponse;
/// # use axum_responses::{Reply, Text};
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// let reply: Reply<_, 204> = Reply::new(Text("lost")).header(("x-own", "kept")).header(("content-length", "4"));
/// let response = reply.into_response();
/// assert_eq!(response.headers().keys().collect::<Vec<_>>(), ["x-own"]);
/// assert!(axum::body::to_bytes(response.into_body(), 100).await.unwrap().is_empty());
/// # }
/// ```
///
/// A header or a cookie that cannot be sent is neither dropped nor a panic: the answer is a logged 500, without
/// anything that was set, and background tasks do not run. Where the value comes from outside, use the `try_` twin and
/// answer the error:
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
    Status(StatusCode),
    Framing,
    Cookie(InvalidCookie),
}

impl<T, const STATUS: u16> Reply<T, STATUS> {
    /// This body, with nothing around it yet.
    ///
    /// `STATUS` is taken from where the reply goes, such as the handler's signature. In the middle of an expression say
    /// it: `<Reply<_, 201>>::new(body)`.
    ///
    /// ```
    /// use axum::response::IntoResponse;
    /// use axum_responses::{Redirect, Reply, Text};
    ///
    /// assert_eq!(<Reply<_>>::new(Text("ok")).into_response().status(), 200);
    /// assert_eq!(<Reply<_, 201>>::new(Text("made")).into_response().status(), 201);
    /// assert_eq!(<Reply<_, 201>>::new(Redirect::to("/")).into_response().status(), 302); // its own
    /// ```
    ///
    /// ```compile_fail
    /// # use axum_responses::{Reply, Text};
    /// let early = <Reply<_, 103>>::new(Text("no final status"));
    /// ```
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
    ///
    /// As `STATUS` it takes the place of a 200 alone: what the body chose by itself stands. Of two calls the later
    /// counts. One that is not final, below 200 or above 599, makes the whole a logged 500 (RFC 9110 §15).
    ///
    /// ```
    /// use axum::http::StatusCode;
    /// use axum::response::IntoResponse;
    /// use axum_responses::{Redirect, Reply, Text};
    ///
    /// let reply = <Reply<_, 201>>::new(Text("was there")).status(StatusCode::OK);
    /// assert_eq!(reply.into_response().status(), 200);
    /// let reply = <Reply<_>>::new(Redirect::to("/")).status(StatusCode::CREATED);
    /// assert_eq!(reply.into_response().status(), 302);
    /// ```
    pub fn status(mut self, status: StatusCode) -> Self {
        // RFC 9110 §15: one below is not final, one above belongs to no class.
        if !(200..600).contains(&status.as_u16()) {
            self.invalid = Some(InvalidReply::Status(status));
        }
        self.status = Some(status);
        self
    }

    /// A media type in the place of the body's. The OpenAPI document says the body's.
    ///
    /// What the body answers by itself and is no success keeps its type: a file's 412 is a problem. A
    /// [`header`](Self::header) of that name goes before this one.
    ///
    /// ```
    /// use axum::{http::StatusCode, response::IntoResponse};
    /// use axum_responses::{Json, MediaType, Problem, Reply};
    ///
    /// const API: MediaType = MediaType::from_static("application/vnd.api+json");
    /// let response = <Reply<_, 201>>::new(Json(1)).content_type(API).into_response();
    /// assert_eq!(response.headers()["content-type"], "application/vnd.api+json");
    ///
    /// let response = <Reply<_>>::new(Problem::new(StatusCode::NOT_FOUND)).content_type(API).into_response();
    /// assert_eq!(response.headers()["content-type"], "application/problem+json");
    /// ```
    pub fn content_type(mut self, media_type: MediaType) -> Self {
        self.content_type = Some(media_type);
        self
    }

    /// Sets a header; one line of this name goes out, whatever the body or an earlier call set.
    ///
    /// `Vary` alone is united with the body's (RFC 9110 §12.5.5); of two calls the later counts there too. A
    /// `Set-Cookie` set here takes the body's cookies away, which [`cookie`](Self::cookie) does not.
    ///
    /// A header that cannot be sent makes the whole a logged 500, even if a later one of that name could be. So do a
    /// `Content-Length` that is not the content's, and any `Transfer-Encoding`: they are best left to the server.
    ///
    /// ```
    /// use axum::response::IntoResponse;
    /// use axum_responses::{Reply, Text};
    ///
    /// let inner = <Reply<_>>::new(Text("ok")).header(("x-by", "body")).header(("vary", "accept"));
    /// let reply = <Reply<_>>::new(inner)
    ///     .header(("X-By", "first"))
    ///     .header(("x-by", "second"))
    ///     .header(("vary", "origin"));
    /// let response = reply.into_response();
    /// assert_eq!(response.headers().get_all("x-by").iter().collect::<Vec<_>>(), ["second"]);
    /// assert_eq!(response.headers()["vary"], "accept, origin");
    ///
    /// let response = <Reply<_>>::new(Text("ok")).header(("x-by", "a\r\nb")).header(("x-by", "ab")).into_response();
    /// assert_eq!(response.status(), 500);
    /// assert!(!response.headers().contains_key("x-by"));
    /// ```
    pub fn header(mut self, header: impl IntoHeader) -> Self {
        match header.into_header() {
            Ok((name, value)) => drop(self.headers.insert(name, value)),
            Err(invalid) => self.invalid = Some(InvalidReply::Header(invalid)),
        }
        self
    }

    /// As [`header`](Self::header), for values from outside. The error leaves no reply behind.
    ///
    /// ```
    /// use axum_responses::{Problem, Reply, Text};
    /// use axum::http::StatusCode;
    ///
    /// fn named(name: &str) -> Result<Reply<Text<&'static str>>, Problem> {
    ///     let refuse = |_| Problem::new(StatusCode::BAD_REQUEST).detail("The name has a line break.");
    ///     Reply::new(Text("hello")).try_header(("x-name", name)).map_err(refuse)
    /// }
    /// assert!(named("Zoë").is_ok());
    /// assert_eq!(named("a\nb").unwrap_err().status(), 400);
    /// ```
    ///
    /// # Errors
    /// [`InvalidHeader`] when it cannot be sent.
    pub fn try_header(self, header: impl IntoHeader) -> Result<Self, InvalidHeader> {
        let (name, value) = header.into_header()?;
        Ok(self.header((name, value)))
    }

    /// Adds a line to a header that may have several, after those that were set or added here before.
    /// The body's own lines of this name are replaced.
    ///
    /// Several lines mean the same as one list with commas (RFC 9110 §5.3). What cannot be sent is as for
    /// [`header`](Self::header).
    ///
    /// ```
    /// use axum::response::IntoResponse;
    /// use axum_responses::{Reply, Text};
    ///
    /// let inner = <Reply<_>>::new(Text("ok")).header(("link", "</0>"));
    /// let reply = <Reply<_>>::new(inner).header(("link", "</1>")).append_header(("link", "</2>"));
    /// let response = reply.into_response();
    /// assert_eq!(response.headers().get_all("link").iter().collect::<Vec<_>>(), ["</1>", "</2>"]);
    /// ```
    pub fn append_header(mut self, header: impl IntoHeader) -> Self {
        match header.into_header() {
            Ok((name, value)) => drop(self.headers.append(name, value)),
            Err(invalid) => self.invalid = Some(InvalidReply::Header(invalid)),
        }
        self
    }

    /// Sets the entity tag (RFC 9110 §8.8.3), in the place of the body's.
    ///
    /// It only tells it: [`Conditional::check`](crate::Conditional::check), asked before, is what answers 304 and 412.
    ///
    /// ```
    /// use axum::response::IntoResponse;
    /// use axum_responses::{ETag, Reply, Text};
    ///
    /// let response = <Reply<_>>::new(Text("ok")).etag(&ETag::of_version(7)).into_response();
    /// assert_eq!(response.status(), 200);
    /// assert_eq!(response.headers()["etag"], r#""7""#);
    /// ```
    pub fn etag(mut self, tag: &ETag) -> Self {
        self.headers.insert(header::ETAG, tag.to_header());
        self
    }

    /// Sets a cookie: in the place of an earlier one of the same name, path and domain.
    /// `SetCookie::removal(name)` removes one from the client.
    ///
    /// Each goes out on a line of its own, behind those of the body, which all stay, and behind a `Set-Cookie` that
    /// [`header`](Self::header) set. One that [browsers refuse](SetCookie) makes the whole a logged 500.
    ///
    /// ```
    /// use axum::response::IntoResponse;
    /// use axum_responses::{Reply, SetCookie, Text};
    ///
    /// let reply = <Reply<_>>::new(Text("ok"))
    ///     .cookie(("theme", "light"))
    ///     .cookie(("seen", "1"))
    ///     .cookie(SetCookie::new("theme", "plain").path("/admin")) // another one
    ///     .cookie(("theme", "dark"));
    /// let response = reply.into_response();
    /// let lines: Vec<_> = response.headers().get_all("set-cookie").iter().collect();
    /// assert_eq!(lines[0], "theme=dark; Path=/; SameSite=Lax");
    /// assert_eq!(lines[1..], ["seen=1; Path=/; SameSite=Lax", "theme=plain; Path=/admin; SameSite=Lax"]);
    ///
    /// let response = <Reply<_>>::new(Text("ok")).cookie(("no token", "1")).into_response();
    /// assert_eq!(response.status(), 500);
    /// ```
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

    /// As [`cookie`](Self::cookie), for names and values from outside. The error leaves no reply behind.
    ///
    /// Any value can be sent, as it is encoded; of names and lengths that is not so.
    ///
    /// ```
    /// use axum_responses::{Reply, Text, set_cookie::InvalidCookie};
    ///
    /// let reply = |name: &'static str, value: String| <Reply<_>>::new(Text("ok")).try_cookie((name, value));
    /// assert!(reply("name", "é;\r\n".to_owned()).is_ok());
    /// assert_eq!(reply("é", "name".to_owned()).unwrap_err(), InvalidCookie::Name);
    /// assert_eq!(reply("name", "n".repeat(5000)).unwrap_err(), InvalidCookie::TooLong);
    /// ```
    ///
    /// # Errors
    /// [`InvalidCookie`] when clients would refuse it.
    pub fn try_cookie(self, cookie: impl Into<SetCookie>) -> Result<Self, InvalidCookie> {
        let cookie = cookie.into();
        cookie.to_header()?;
        Ok(self.cookie(cookie))
    }

    /// Runs these once the response is through, after those given before.
    ///
    /// They run whatever the status is, and not at all where the reply or its body cannot be sent or written: the
    /// answer is then a 500 that is not theirs.
    ///
    /// ```
    /// use axum::response::IntoResponse;
    /// use axum_responses::{BackgroundTask, Reply, Text};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let (log, mut lines) = tokio::sync::mpsc::unbounded_channel();
    /// let task = move |line: &'static str| {
    ///     let log = log.clone();
    ///     BackgroundTask::new(async move { log.send(line).unwrap() })
    /// };
    /// let reply = <Reply<_>>::new(Text("ok")).background(task("first")).background(task("second"));
    /// let response = reply.into_response();
    /// assert!(lines.try_recv().is_err()); // nothing is read yet
    /// axum::body::to_bytes(response.into_body(), 100).await.unwrap();
    /// assert_eq!((lines.recv().await, lines.recv().await), (Some("first"), Some("second")));
    ///
    /// let reply = <Reply<_>>::new(Text("ok")).header(("no token", "")).background(task("never"));
    /// assert_eq!(reply.into_response().status(), 500);
    /// drop(task); // and with it the last sender
    /// assert_eq!(lines.recv().await, None);
    /// # }
    /// ```
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
        let mut framed = false;
        if !self.headers.is_empty() {
            framed = replace(headers, self.headers);
        }
        for cookie in cookies {
            headers.append(header::SET_COOKIE, cookie);
        }
        strip_forbidden_content(&mut response);
        if framed && !is_framed_well(&response) {
            return failure("a reply cannot be sent", &InvalidReply::Framing);
        }
        if let Some(tasks) = self.tasks
            && let Err(tasks) = defer(tasks)
        {
            background::attach(&mut response, tasks, None);
        }
        response
    }
}

/// Each name of `new` replaces what `headers` had under it; several lines of one name stay several. Whether there is one
/// of the framing among them, which has to be true.
fn replace(headers: &mut HeaderMap, new: HeaderMap) -> bool {
    let mut framed = false;
    let mut current: Option<HeaderName> = None;
    for (name, value) in new {
        let is_first = name.is_some();
        let Some(name) = name.or(current.take()) else {
            continue;
        };
        if name == header::VARY {
            crate::vary::unite(headers, &value);
        } else if is_first {
            framed |= name == header::CONTENT_LENGTH || name == header::TRANSFER_ENCODING;
            headers.insert(&name, value);
        } else {
            headers.append(&name, value);
        }
        current = Some(name);
    }
    framed
}

/// Whether what was said of the content's length is so: a server must not send more or less (RFC 9110 §8.6), and codes
/// the transfer itself (RFC 9112 §6.1). An empty body may be that of an answer to HEAD.
fn is_framed_well(response: &Response) -> bool {
    let headers = response.headers();
    let said = headers.get(header::CONTENT_LENGTH).map(|said| {
        let said: Option<u64> = said.to_str().ok().and_then(|said| said.parse().ok());
        let length = response.body().size_hint().exact();
        said.is_some() && (length == Some(0) || length == said)
    });
    !headers.contains_key(header::TRANSFER_ENCODING) && said.unwrap_or(true)
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
            Self::Status(status) => write!(f, "{} is no final status", status.as_u16()),
            Self::Framing => f.write_str("the content has another length than content-length says"),
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
