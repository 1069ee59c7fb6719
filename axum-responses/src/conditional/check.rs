//! The preconditions of a request, for handlers and responders to ask.

use std::convert::Infallible;
use std::fmt;
use std::marker::PhantomData;

use axum::extract::FromRequestParts;
use axum::response::{IntoResponse, Response};
use http::request::Parts;
use http::{HeaderMap, Method, StatusCode, header};

use super::preconditions::{Validators, Verdict, evaluate, guards_a_write, range_holds};
use super::range::{Range, Selection};
use crate::context::RequestContext;
use crate::problem::Problem;
use crate::rejection::{PreconditionFailed, PreconditionRequired};
use crate::status::no_content;

/// What the request says under which condition it wants to be carried out (RFC 9110 §13).
///
/// Ask it before anything is changed: the `?` answers 304 or 412.
///
/// ```
/// use axum::{Router, body::Body, http::Request, routing::get};
/// use axum_responses::{ETag, Json, Reply, conditional::{Conditional, Required, Unmet}};
/// # use tower::ServiceExt;
///
/// const VERSION: u64 = 7; // of a stored row
///
/// async fn read(conditional: Conditional) -> Result<Reply<Json<u64>>, Unmet> {
///     let etag = ETag::of_version(VERSION);
///     conditional.check(&etag)?;
///     Ok(Reply::new(Json(VERSION)).etag(&etag))
/// }
///
/// // Writers must say what they have seen: 428 without a condition.
/// async fn write(conditional: Conditional<Required>) -> Result<Reply<Json<u64>>, Unmet<Required>> {
///     conditional.check(&ETag::of_version(VERSION))?;
///     // ... and only now write
///     Ok(Reply::new(Json(VERSION + 1)).etag(&ETag::of_version(VERSION + 1)))
/// }
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// let app: Router = Router::new().route("/row", get(read).put(write));
/// let ask = async |method, name: &str, value: &str| {
///     let request = Request::builder().method(method).uri("/row").header(name, value);
///     app.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap()
/// };
/// assert_eq!(ask("GET", "x", "").await.headers()["etag"], r#""7""#);
/// let fresh = ask("GET", "if-none-match", r#""7""#).await;
/// assert_eq!(fresh.status(), 304);
/// assert_eq!(fresh.headers()["etag"], r#""7""#);
/// assert_eq!(ask("PUT", "if-match", r#""7""#).await.status(), 200);
/// assert_eq!(ask("PUT", "if-match", r#""6""#).await.status(), 412);
/// assert_eq!(ask("PUT", "x", "").await.status(), 428);
/// # }
/// ```
///
/// Between the check and the write somebody else may write: let the statement that writes compare the version
/// once more, or hold a lock.
#[derive(Clone)]
pub struct Conditional<R = Optional> {
    request: RequestContext,
    requirement: PhantomData<fn() -> R>,
}

/// A request without conditions is carried out: what [`Conditional`] means by itself.
#[derive(Clone, Copy, Debug)]
pub struct Optional;

/// A request that changes something must have a condition: 428 without (RFC 6585 §3). `If-Match`,
/// `If-Unmodified-Since` with a valid date, and `If-None-Match: *` are such.
///
/// `If-None-Match` with tags does not count, as it holds for all that the client has not seen; nor does a date where
/// what is there has none to compare. The safe methods (RFC 9110 §9.2.1) need no condition.
///
/// A document cannot say which tags will be taken, so tools that make requests of it up (schemathesis) have to be told that
/// 412 and 428 are answers, and no failures.
///
/// ```
/// use axum::http::{HeaderMap, HeaderName};
/// use axum_responses::{Conditional, ETag, RequestContext, conditional::Required};
///
/// let status = |method: &str, name: &'static str, value: &str| {
///     let headers = HeaderMap::from_iter([(HeaderName::from_static(name), value.parse().unwrap())]);
///     let request = RequestContext::new(method.parse().unwrap(), &headers);
///     let checked = Conditional::<Required>::of(&request).check(&ETag::of_version(7));
///     checked.err().map(|unmet| unmet.status().as_u16())
/// };
/// assert_eq!(status("PUT", "if-match", r#""7""#), None);
/// assert_eq!(status("PUT", "if-match", r#""6""#), Some(412));
/// assert_eq!(status("PUT", "if-none-match", r#""6""#), Some(428));
/// assert_eq!(status("PUT", "if-unmodified-since", "Tue, 14 Nov 2023 22:13:20 GMT"), Some(428)); // no date here
/// assert_eq!(status("GET", "accept", "*/*"), None);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Required;

/// Whether there must be a condition: [`Optional`] or [`Required`].
// Sealed: there is no third answer.
pub trait Requirement: sealed::Sealed {
    #[doc(hidden)]
    const REQUIRED: bool;
}

impl Requirement for Optional {
    const REQUIRED: bool = false;
}

impl Requirement for Required {
    const REQUIRED: bool = true;
}

mod sealed {
    pub trait Sealed {}
    impl Sealed for super::Optional {}
    impl Sealed for super::Required {}
}

impl<R> Conditional<R> {
    /// The conditions of this request, where it is not extracted.
    ///
    /// ```
    /// use axum::http::{HeaderMap, Method};
    /// use axum_responses::{Conditional, ETag, RequestContext};
    ///
    /// let request = RequestContext::new(Method::PUT, &HeaderMap::new());
    /// let conditional: Conditional = Conditional::of(&request);
    /// assert!(conditional.check(&ETag::of_version(7)).is_ok()); // no condition
    /// ```
    #[must_use]
    pub fn of(request: &RequestContext) -> Self {
        Self {
            request: request.clone(),
            requirement: PhantomData,
        }
    }
}

impl<R: Requirement> Conditional<R> {
    /// Whether the request is to be carried out on a representation with these validators.
    ///
    /// The order is that of RFC 9110 §13.2.2: `If-Match`, or without it `If-Unmodified-Since`; then `If-None-Match`, or
    /// without it `If-Modified-Since`. Dates that cannot be read are ignored. An `If-Match` that cannot be read fails;
    /// such an `If-None-Match` fails for writers only. `OPTIONS`, `TRACE` and `CONNECT` have no conditions.
    ///
    /// The validators are those of the representation that a 200 would have: of its media type and coding.
    ///
    /// ```
    /// use axum::http::{HeaderMap, HeaderName};
    /// use axum_responses::{Conditional, ETag, RequestContext};
    ///
    /// let status = |method: &str, name: &'static str, value: &str| {
    ///     let headers = HeaderMap::from_iter([(HeaderName::from_static(name), value.parse().unwrap())]);
    ///     let conditional: Conditional = Conditional::of(&RequestContext::new(method.parse().unwrap(), &headers));
    ///     conditional.check(&ETag::of_version(7)).err().map(|unmet| unmet.status().as_u16())
    /// };
    /// assert_eq!(status("HEAD", "if-none-match", r#"W/"7""#), Some(304)); // weak comparison
    /// assert_eq!(status("PUT", "if-none-match", r#""7""#), Some(412));
    /// assert_eq!(status("PUT", "if-match", r#"W/"7""#), Some(412)); // strong comparison
    /// assert_eq!(status("PUT", "if-match", "7"), Some(412)); // no tag
    /// assert_eq!(status("GET", "if-none-match", "7"), None);
    /// assert_eq!(status("GET", "if-modified-since", "Tue, 14 Nov 2023 22:13:20 GMT"), None); // no date here
    /// ```
    ///
    /// # Errors
    /// [`Unmet`]: 304 with the validators, 412, and 428 where a condition is [`Required`].
    pub fn check(&self, current: impl Into<Validators>) -> Result<(), Unmet<R>> {
        let current = current.into();
        self.refuse_the_unguarded(Some(&current))?;
        match self.verdict(&current) {
            Verdict::Proceed => Ok(()),
            Verdict::NotModified => Err(Unmet::of(Why::NotModified(current))),
            Verdict::Failed => Err(Unmet::of(Why::Failed)),
        }
    }

    /// The same where there is no representation yet: `If-Match` fails, `If-None-Match: *` holds.
    ///
    /// ```
    /// use axum::http::{HeaderMap, HeaderName, Method};
    /// use axum_responses::{Conditional, ETag, RequestContext, conditional::Required};
    ///
    /// let put = |name: &'static str| {
    ///     let headers = HeaderMap::from_iter([(HeaderName::from_static(name), "*".parse().unwrap())]);
    ///     Conditional::<Required>::of(&RequestContext::new(Method::PUT, &headers))
    /// };
    /// assert!(put("if-none-match").check_absent().is_ok()); // created
    /// assert!(put("if-none-match").check(&ETag::of_version(1)).is_err()); // somebody else was first
    /// assert_eq!(put("if-match").check_absent().unwrap_err().status(), 412);
    /// assert_eq!(put("accept").check_absent().unwrap_err().status(), 428);
    /// ```
    ///
    /// # Errors
    /// [`Unmet`]: 412, and 428 where a condition is [`Required`].
    pub fn check_absent(&self) -> Result<(), Unmet<R>> {
        self.refuse_the_unguarded(None)?;
        match evaluate(&self.request, None) {
            Verdict::Proceed | Verdict::NotModified => Ok(()),
            Verdict::Failed => Err(Unmet::of(Why::Failed)),
        }
    }

    fn refuse_the_unguarded(&self, current: Option<&Validators>) -> Result<(), Unmet<R>> {
        if R::REQUIRED
            && !self.request.method().is_safe()
            && !guards_a_write(&self.request, current)
        {
            return Err(Unmet::of(Why::Required));
        }
        Ok(())
    }
}

impl<R> Conditional<R> {
    /// What the preconditions say of a representation with these validators (RFC 9110 §13.2.2, steps 1 to 4).
    ///
    /// As [`check`](Self::check), for those who answer by themselves: whether a condition is [`Required`] is not asked.
    ///
    /// ```
    /// use axum::http::{HeaderMap, Method};
    /// use axum_responses::{Conditional, ETag, RequestContext};
    /// use axum_responses::conditional::{Required, Validators, Verdict};
    ///
    /// let mut headers = HeaderMap::new();
    /// headers.insert("if-none-match", r#""7""#.parse().unwrap());
    /// let of = |method, headers| Conditional::<Required>::of(&RequestContext::new(method, headers));
    /// let current = Validators::from(&ETag::of_version(7));
    /// assert_eq!(of(Method::GET, &headers).verdict(&current), Verdict::NotModified);
    /// assert_eq!(of(Method::PUT, &headers).verdict(&current), Verdict::Failed);
    /// assert_eq!(of(Method::PUT, &HeaderMap::new()).verdict(&current), Verdict::Proceed); // and no 428
    /// ```
    #[must_use]
    pub fn verdict(&self, current: &Validators) -> Verdict {
        evaluate(&self.request, Some(current))
    }

    /// Which parts are asked for of a representation with this length and these validators
    /// (RFC 9110 §13.2.2, step 5): all of it but for a `GET` whose `If-Range` holds.
    ///
    /// `If-Range` (§13.1.5) compares strongly; a date must be the very same, and two seconds old. Ask after
    /// [`check`](Self::check). It asks for no other precondition.
    ///
    /// ```
    /// use axum::http::{HeaderMap, Method};
    /// use axum_responses::{Conditional, ETag, RequestContext};
    /// use axum_responses::conditional::{Selection, Validators};
    ///
    /// let mut headers = HeaderMap::new();
    /// headers.insert("range", "bytes=0-4".parse().unwrap());
    /// headers.insert("if-range", r#""7""#.parse().unwrap());
    /// let select = |method, current: ETag| {
    ///     let conditional: Conditional = Conditional::of(&RequestContext::new(method, &headers));
    ///     conditional.selection(100, &Validators::from(current))
    /// };
    /// assert_eq!(select(Method::GET, ETag::of_version(7)), Selection::Parts(vec![0..5]));
    /// assert_eq!(select(Method::GET, ETag::of_version(8)), Selection::Whole);
    /// assert_eq!(select(Method::GET, ETag::of_version(7).into_weak()), Selection::Whole);
    /// assert_eq!(select(Method::HEAD, ETag::of_version(7)), Selection::Whole);
    /// ```
    #[must_use]
    pub fn selection(&self, length: u64, current: &Validators) -> Selection {
        // §14.2: Range has a meaning for GET alone.
        if self.request.method() != Method::GET {
            return Selection::Whole;
        }
        match Range::from_lines(self.request.lines(&header::RANGE)) {
            Some(range) if range_holds(&self.request, current) => range.select(length),
            _ => Selection::Whole,
        }
    }
}

impl<R> fmt::Debug for Conditional<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Conditional").field(&self.request).finish()
    }
}

impl<S: Sync, R> FromRequestParts<S> for Conditional<R> {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Infallible> {
        let Ok(request) =
            <RequestContext as FromRequestParts<S>>::from_request_parts(parts, state).await;
        Ok(Self {
            request,
            requirement: PhantomData,
        })
    }
}

/// Why a request is not carried out: 304 with the validators, 412, or 428.
///
/// 412 and 428 are [`PreconditionFailed`] and [`PreconditionRequired`].
///
/// A 304 must also have the `Cache-Control`, `Content-Location`, `Expires` and `Vary` that a 200 would have (RFC 9110
/// §15.4.5). These it does not know: a [`Reply`](crate::Reply) around it adds them.
///
/// ```
/// use axum::{http::{HeaderMap, Method}, response::IntoResponse};
/// use axum_responses::{CacheControl, Conditional, ETag, Reply, RequestContext};
///
/// let mut headers = HeaderMap::new();
/// headers.insert("if-none-match", r#""7""#.parse().unwrap());
/// let conditional: Conditional = Conditional::of(&RequestContext::new(Method::GET, &headers));
/// let unmet = conditional.check(&ETag::of_version(7)).unwrap_err();
/// assert_eq!(unmet.to_string(), "the client has the current representation");
///
/// let reply = <Reply<_>>::new(unmet).header(("cache-control", CacheControl::NO_CACHE.to_header()));
/// let response = reply.into_response();
/// assert_eq!(response.status(), 304);
/// assert_eq!(response.headers()["etag"], r#""7""#);
/// assert_eq!(response.headers()["cache-control"], "no-cache");
/// ```
#[derive(Clone)]
pub struct Unmet<R = Optional> {
    why: Why,
    requirement: PhantomData<fn() -> R>,
}

#[derive(Clone, Debug)]
enum Why {
    NotModified(Validators),
    Failed,
    Required,
}

impl<R> Unmet<R> {
    fn of(why: Why) -> Self {
        Self {
            why,
            requirement: PhantomData,
        }
    }

    /// The status it is answered with: 304, 412 or 428.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        match self.why {
            Why::NotModified(_) => StatusCode::NOT_MODIFIED,
            Why::Failed => StatusCode::PRECONDITION_FAILED,
            Why::Required => StatusCode::PRECONDITION_REQUIRED,
        }
    }
}

/// A 304 with these fields, none of which describes content (RFC 9110 §15.4.5).
pub(crate) fn not_modified(headers: HeaderMap) -> Response {
    let mut response = Response::new(no_content());
    *response.status_mut() = StatusCode::NOT_MODIFIED;
    *response.headers_mut() = headers;
    response
}

impl<R> IntoResponse for Unmet<R> {
    fn into_response(self) -> Response {
        match self.why {
            Why::NotModified(current) => {
                let mut headers = HeaderMap::new();
                current.write(&mut headers);
                not_modified(headers)
            }
            Why::Failed => Problem::from(PreconditionFailed::new()).into_response(),
            Why::Required => Problem::from(PreconditionRequired::new()).into_response(),
        }
    }
}

impl Validators {
    pub(crate) fn write(&self, headers: &mut HeaderMap) {
        if let Some(etag) = &self.etag {
            headers.insert(header::ETAG, etag.to_header());
        }
        if let Some(date) = self.last_modified {
            headers.insert(header::LAST_MODIFIED, date.to_header());
        }
    }
}

impl<R> fmt::Display for Unmet<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.why {
            Why::NotModified(_) => "the client has the current representation",
            Why::Failed => "a precondition does not hold",
            Why::Required => "the request has no precondition",
        })
    }
}

impl<R> fmt::Debug for Unmet<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Unmet").field(&self.why).finish()
    }
}

impl<R> std::error::Error for Unmet<R> {}

#[cfg(feature = "openapi")]
mod description {
    use utoipa::IntoResponses;

    use super::{Optional, Required, Unmet};
    use crate::openapi::{Describe, Responses};

    const FAILED: &str = "A precondition does not hold";

    /// For reading: 304 and 412.
    impl IntoResponses for Unmet<Optional> {
        fn responses() -> Responses {
            let fresh = Describe::new(304, "The client has the current representation")
                .header("etag", "The entity tag of the current representation");
            Responses::from([fresh.build(), Describe::problem(412, FAILED).build()])
        }
    }

    /// For writing: 412 and 428.
    impl IntoResponses for Unmet<Required> {
        fn responses() -> Responses {
            let required = Describe::problem(428, "The request needs a precondition");
            Responses::from([Describe::problem(412, FAILED).build(), required.build()])
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conditional::{ETag, HttpDate};

    fn conditional<R>(method: Method, fields: &[(http::HeaderName, &str)]) -> Conditional<R> {
        let mut headers = HeaderMap::new();
        for (name, value) in fields {
            headers.append(name, value.parse().unwrap());
        }
        Conditional::of(&RequestContext::new(method, &headers))
    }

    /// The status of what is refused, with a requirement and without; 0 for what is carried out.
    #[track_caller]
    fn check(method: &Method, fields: &[(http::HeaderName, &str)], optional: u16, required: u16) {
        fn status<R>(checked: Result<(), Unmet<R>>) -> u16 {
            checked.err().map_or(0, |unmet| {
                let status = unmet.status();
                assert_eq!(unmet.into_response().status(), status);
                status.as_u16()
            })
        }
        let etag = ETag::strong("v1");
        let lax = conditional::<Optional>(method.clone(), fields).check(&etag);
        let strict = conditional::<Required>(method.clone(), fields).check(&etag);
        assert_eq!(
            (status(lax), status(strict)),
            (optional, required),
            "{method} {fields:?}"
        );
    }

    #[test]
    fn a_writer_needs_a_condition_where_one_is_required() {
        check(&Method::PUT, &[], 0, 428);
        check(&Method::DELETE, &[], 0, 428);
        check(&Method::GET, &[], 0, 0);
        check(&Method::PUT, &[(header::IF_MATCH, r#""v1""#)], 0, 0);
        check(&Method::PUT, &[(header::IF_MATCH, r#""v0""#)], 412, 412);
        check(&Method::PUT, &[(header::IF_NONE_MATCH, "*")], 412, 412);
        check(
            &Method::GET,
            &[(header::IF_NONE_MATCH, r#""v1""#)],
            304,
            304,
        );
    }

    #[test]
    fn what_is_not_there_yet_is_created_once() {
        let create = [(header::IF_NONE_MATCH, "*")];
        assert!(
            conditional::<Required>(Method::PUT, &create)
                .check_absent()
                .is_ok()
        );
        let replace = [(header::IF_MATCH, "*")];
        let unmet = conditional::<Required>(Method::PUT, &replace)
            .check_absent()
            .unwrap_err();
        assert_eq!(unmet.status(), 412);
        let unmet = conditional::<Required>(Method::PUT, &[])
            .check_absent()
            .unwrap_err();
        assert_eq!(unmet.status(), 428);
        assert_eq!(unmet.to_string(), "the request has no precondition");
    }

    #[test]
    fn a_304_has_the_validators_and_no_content() {
        let date: HttpDate = "Sat, 29 Oct 1994 19:43:31 GMT".parse().unwrap();
        let request = conditional::<Optional>(Method::GET, &[(header::IF_NONE_MATCH, "*")]);
        let unmet = request.check((ETag::weak("v1"), date)).unwrap_err();
        assert_eq!(format!("{unmet:?}").find("NotModified"), Some(6));
        let response = unmet.into_response();
        assert_eq!(response.headers()[header::ETAG], r#"W/"v1""#);
        assert_eq!(
            response.headers()[header::LAST_MODIFIED],
            "Sat, 29 Oct 1994 19:43:31 GMT"
        );
        assert_eq!(response.headers().len(), 2);
    }

    #[test]
    fn ranges_are_for_get() {
        let fields = [(header::RANGE, "bytes=0-1")];
        for (method, expected) in [
            (
                Method::GET,
                Selection::Parts(std::iter::once(0..2).collect()),
            ),
            (Method::HEAD, Selection::Whole),
            (Method::POST, Selection::Whole),
        ] {
            let request = conditional::<Optional>(method, &fields);
            assert_eq!(request.selection(10, &Validators::default()), expected);
        }
        let fields = [(header::RANGE, "bytes=0-1"), (header::IF_RANGE, r#""v0""#)];
        let stale = conditional::<Optional>(Method::GET, &fields);
        assert_eq!(
            stale.selection(10, &ETag::strong("v1").into()),
            Selection::Whole
        );
    }

    #[test]
    fn what_is_shown_of_it_has_no_values() {
        let request = conditional::<Optional>(Method::GET, &[(header::IF_MATCH, r#""secret""#)]);
        let shown = format!("{request:?}");
        assert!(
            shown.starts_with("Conditional(") && !shown.contains("secret"),
            "{shown}"
        );
    }

    #[cfg(feature = "openapi")]
    #[test]
    fn readers_and_writers_are_documented_as_they_are_answered() {
        use utoipa::IntoResponses;

        let statuses = |responses: crate::openapi::Responses| {
            responses.into_keys().collect::<Vec<_>>().join(" ")
        };
        assert_eq!(statuses(Unmet::<Optional>::responses()), "304 412");
        assert_eq!(statuses(Unmet::<Required>::responses()), "412 428");
    }
}
