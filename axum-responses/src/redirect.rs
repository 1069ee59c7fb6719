//! Redirects: the status is part of the type, so that the document cannot lie.

use std::fmt;

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// What a `Location` keeps as it is: letters, digits, and the characters that mean something in a URI.
/// `%` is among them, so that what is encoded already is not encoded twice.
const LOCATION: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'_')
    .remove(b'.')
    .remove(b'-')
    .remove(b'~')
    .remove(b'/')
    .remove(b'#')
    .remove(b'%')
    .remove(b'[')
    .remove(b']')
    .remove(b'=')
    .remove(b':')
    .remove(b';')
    .remove(b'$')
    .remove(b'&')
    .remove(b'(')
    .remove(b')')
    .remove(b'+')
    .remove(b',')
    .remove(b'!')
    .remove(b'?')
    .remove(b'*')
    .remove(b'@')
    .remove(b'\'');

/// A redirect with the status `CODE`: 301, 302, 303, 307 or 308; 302 unless said.
///
/// The target is any text: what cannot stand in a URI is percent-encoded, so that no target can
/// split the header. The body is empty.
///
/// A `%` stays as it is, for what is encoded already is not encoded twice: a text that may hold one, such as a file's
/// name, is encoded before it is put into a target. Nothing else is checked: for a target from outside there is
/// [`local`](Redirect::local).
///
/// On the wire: `location: /orders/17` or `location: https://example.com/?q=a+b#top`.
///
/// ```
/// use axum::response::IntoResponse;
/// use axum_responses::Redirect;
///
/// async fn after_post() -> Redirect<303> {
///     Redirect::see_other("/orders?page=2#top").query([("sort", "naïve")])
/// }
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// let response = after_post().await.into_response();
/// assert_eq!(response.status(), 303);
/// assert_eq!(response.headers()["location"], "/orders?page=2&sort=na%C3%AFve#top");
/// # }
/// ```
///
/// The status is told by the constructor, which is where axum's type of this name differs: its `to` is a 303.
///
/// ```
/// use axum::response::IntoResponse;
/// use axum_responses::Redirect;
///
/// assert_eq!(Redirect::moved_permanently("/").into_response().status(), 301);
/// assert_eq!(Redirect::to("/").into_response().status(), 302);
/// assert_eq!(Redirect::found("/").into_response().status(), 302);
/// assert_eq!(Redirect::see_other("/").into_response().status(), 303);
/// assert_eq!(Redirect::temporary("/").into_response().status(), 307);
/// assert_eq!(Redirect::permanent("/").into_response().status(), 308);
/// assert_eq!(axum::response::Redirect::to("/").into_response().status(), 303);
///
/// let location = |target: &str| Redirect::to(target).into_response().headers()["location"].clone();
/// assert_eq!(location("/é b|%20"), "/%C3%A9%20b%7C%20");
/// assert_eq!(location("/a\r\nx-injected: 1"), "/a%0D%0Ax-injected:%201");
/// assert_eq!(location("/100%"), "/100%"); // stays wrong
/// ```
///
/// | constructor | status | the client asks again with |
/// |---|---|---|
/// | [`moved_permanently`](Redirect::moved_permanently) | 301 | GET or the same method; remembers it |
/// | [`to`](Redirect::to), [`found`](Redirect::found) | 302 | GET or the same method |
/// | [`see_other`](Redirect::see_other) | 303 | GET: what an answer to a POST wants |
/// | [`temporary`](Redirect::temporary) | 307 | the same method and content |
/// | [`permanent`](Redirect::permanent) | 308 | the same method and content; remembers it |
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct Redirect<const CODE: u16 = 302> {
    target: String,
}

impl Redirect<301> {
    /// 301 Moved Permanently (RFC 9110 §15.4.2): caches and browsers may keep it for good, and most ask again with GET.
    pub fn moved_permanently(target: impl Into<String>) -> Self {
        Self {
            target: target.into(),
        }
    }
}

impl Redirect<302> {
    /// 302 Found (RFC 9110 §15.4.3): for now, and most clients ask again with GET.
    pub fn to(target: impl Into<String>) -> Self {
        Self {
            target: target.into(),
        }
    }

    /// 302 Found, by its name: the same as [`to`](Self::to).
    pub fn found(target: impl Into<String>) -> Self {
        Self::to(target)
    }

    /// 302 to a place on this site only: the guard against open redirects.
    ///
    /// Takes a path (with query and fragment) that begins with one slash. `//host`, `/\host`,
    /// `https://host`, `javascript:` and everything with a backslash or a control character, which browsers
    /// drop or turn into slashes, is `None`; so is a path without a slash in front, and the empty one.
    ///
    /// ```
    /// # use axum_responses::Redirect;
    /// let next = "//evil.example/login"; // from ?next=
    /// let redirect = Redirect::local(next).unwrap_or(Redirect::to("/"));
    /// assert_eq!(redirect, Redirect::to("/"));
    /// assert!(Redirect::local("/orders?page=2").is_some());
    /// for evil in ["https://evil.example", "/\\evil.example", "/\t/evil.example", "orders", ""] {
    ///     assert!(Redirect::local(evil).is_none());
    /// }
    /// ```
    #[must_use]
    pub fn local(target: &str) -> Option<Self> {
        is_local(target).then(|| Self::to(target))
    }

    /// 302 to where the client came from, if that was this site; to `otherwise` if it was not or is not told.
    ///
    /// Only path and query of `Referer` (RFC 9110 §10.1.3) are taken, and only when its authority is the request's
    /// `Host`, port included. Over HTTP/2, which has no `Host`, the browser's `Sec-Fetch-Site: same-origin` says the same.
    /// `otherwise` is not checked. A request with neither goes there.
    ///
    /// ```
    /// use axum::http::HeaderMap;
    /// use axum_responses::Redirect;
    ///
    /// async fn logged_in(headers: HeaderMap) -> Redirect {
    ///     Redirect::back(&headers, "/")
    /// }
    ///
    /// let mut headers = HeaderMap::new();
    /// headers.insert("host", "example.com".parse().unwrap());
    /// headers.insert("referer", "https://example.com/orders?page=2".parse().unwrap());
    /// assert_eq!(Redirect::back(&headers, "/"), Redirect::to("/orders?page=2"));
    /// headers.insert("referer", "https://evil.example/orders".parse().unwrap());
    /// assert_eq!(Redirect::back(&headers, "/"), Redirect::to("/"));
    /// ```
    pub fn back(headers: &HeaderMap, otherwise: &str) -> Self {
        Self::to(came_from(headers).unwrap_or_else(|| otherwise.to_owned()))
    }
}

impl Redirect<303> {
    /// 303 See Other (RFC 9110 §15.4.4): another resource, asked for with GET whatever the method was.
    pub fn see_other(target: impl Into<String>) -> Self {
        Self {
            target: target.into(),
        }
    }
}

impl Redirect<307> {
    /// 307 Temporary Redirect (RFC 9110 §15.4.8): for now, with the same method and content.
    pub fn temporary(target: impl Into<String>) -> Self {
        Self {
            target: target.into(),
        }
    }
}

impl Redirect<308> {
    /// 308 Permanent Redirect (RFC 9110 §15.4.9): for good, with the same method and content.
    pub fn permanent(target: impl Into<String>) -> Self {
        Self {
            target: target.into(),
        }
    }
}

impl<const CODE: u16> Redirect<CODE> {
    /// Adds query parameters, behind those the target has and before its fragment.
    ///
    /// Names and values are any text, encoded as forms do: a blank is `+`, and `%` is encoded here. None is replaced,
    /// not even one of the same name; no pairs at all leave the target as it is.
    ///
    /// ```
    /// use axum::response::IntoResponse;
    /// use axum_responses::Redirect;
    ///
    /// let redirect = Redirect::to("/list?page=1#top").query([("page", "2"), ("q", "50% & more")]);
    /// let response = redirect.query([("lang", "é")]).into_response();
    /// assert_eq!(response.headers()["location"], "/list?page=1&page=2&q=50%25+%26+more&lang=%C3%A9#top");
    /// ```
    pub fn query<K, V>(mut self, pairs: impl IntoIterator<Item = (K, V)>) -> Self
    where
        K: AsRef<str>,
        V: AsRef<str>,
    {
        self.target = with_query(&self.target, pairs);
        self
    }
}

fn with_query<K, V>(target: &str, pairs: impl IntoIterator<Item = (K, V)>) -> String
where
    K: AsRef<str>,
    V: AsRef<str>,
{
    let added = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(pairs)
        .finish();
    if added.is_empty() {
        return target.to_owned();
    }
    // RFC 3986 §3: the query ends where the fragment begins.
    let (before, fragment) = target.split_at(target.find('#').unwrap_or(target.len()));
    let joint = match before.split_once('?') {
        None => "?",
        Some((_, query)) if query.is_empty() || query.ends_with('&') => "",
        Some(_) => "&",
    };
    format!("{before}{joint}{added}{fragment}")
}

fn is_local(target: &str) -> bool {
    target.starts_with('/')
        && !target.starts_with("//")
        && !target.contains(|c: char| c == '\\' || c.is_control())
}

fn came_from(headers: &HeaderMap) -> Option<String> {
    let referer: Uri = headers.get(header::REFERER)?.to_str().ok()?.parse().ok()?;
    let same_origin = match headers.get(header::HOST) {
        Some(host) => host
            .as_bytes()
            .eq_ignore_ascii_case(referer.authority()?.as_str().as_bytes()),
        // HTTP/2 has no `Host` (RFC 9113 §8.3.1). Browsers say it themselves (Fetch Metadata §2.3).
        None => headers
            .get("sec-fetch-site")
            .is_some_and(|site| site == "same-origin"),
    };
    let path = referer.path_and_query()?.as_str();
    (same_origin && is_local(path)).then(|| path.to_owned())
}

fn respond(status: StatusCode, target: &str) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    // Everything that cannot stand in a field value has been encoded.
    let location = HeaderValue::try_from(utf8_percent_encode(target, LOCATION).to_string())
        .unwrap_or(HeaderValue::from_static("/"));
    response.headers_mut().insert(header::LOCATION, location);
    response
}

impl<const CODE: u16> IntoResponse for Redirect<CODE> {
    fn into_response(self) -> Response {
        let status = const {
            assert!(is_redirect(CODE), "a redirect is 301, 302, 303, 307 or 308");
            CODE
        };
        respond(
            StatusCode::from_u16(status).unwrap_or(StatusCode::FOUND),
            &self.target,
        )
    }
}

const fn is_redirect(code: u16) -> bool {
    matches!(code, 301 | 302 | 303 | 307 | 308)
}

/// A redirect whose status is known at run time only. The document says all five.
///
/// Its target is as for [`Redirect`]: any text, and nothing but `local` keeps it on this site.
///
/// ```
/// use axum::{http::StatusCode, response::IntoResponse};
/// use axum_responses::AnyRedirect;
///
/// let redirect = AnyRedirect::new(StatusCode::PERMANENT_REDIRECT, "/elsewhere").unwrap();
/// let response = redirect.into_response();
/// assert_eq!(response.status(), 308);
/// assert_eq!(response.headers()["location"], "/elsewhere");
/// assert!(AnyRedirect::new(StatusCode::MULTIPLE_CHOICES, "/elsewhere").is_err());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct AnyRedirect {
    status: StatusCode,
    target: String,
}

impl AnyRedirect {
    /// A redirect with this status.
    ///
    /// 300 and 304 are none: the one has several places to go, the other none (RFC 9110 §15.4.1, §15.4.5).
    ///
    /// ```
    /// use axum::http::StatusCode;
    /// use axum_responses::{AnyRedirect, NotARedirect};
    ///
    /// let refused = AnyRedirect::new(StatusCode::NOT_MODIFIED, "/").unwrap_err();
    /// assert_eq!(refused, NotARedirect(StatusCode::NOT_MODIFIED));
    /// assert_eq!(refused.to_string(), "304 is no redirect: 301, 302, 303, 307 and 308 are");
    /// ```
    ///
    /// # Errors
    /// [`NotARedirect`] for every status but 301, 302, 303, 307 and 308.
    pub fn new(status: StatusCode, target: impl Into<String>) -> Result<Self, NotARedirect> {
        if is_redirect(status.as_u16()) {
            Ok(Self {
                status,
                target: target.into(),
            })
        } else {
            Err(NotARedirect(status))
        }
    }

    /// Adds query parameters, as [`Redirect::query`] does.
    pub fn query<K, V>(mut self, pairs: impl IntoIterator<Item = (K, V)>) -> Self
    where
        K: AsRef<str>,
        V: AsRef<str>,
    {
        self.target = with_query(&self.target, pairs);
        self
    }
}

impl IntoResponse for AnyRedirect {
    fn into_response(self) -> Response {
        respond(self.status, &self.target)
    }
}

/// A status that sends nobody elsewhere: what [`AnyRedirect::new`] refuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotARedirect(
    /// The status that was given.
    pub StatusCode,
);

impl fmt::Display for NotARedirect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} is no redirect: 301, 302, 303, 307 and 308 are",
            self.0.as_u16()
        )
    }
}

impl std::error::Error for NotARedirect {}

#[cfg(feature = "openapi")]
impl<const CODE: u16> utoipa::IntoResponses for Redirect<CODE> {
    fn responses() -> crate::openapi::Responses {
        describe(CODE).alone()
    }
}

/// Any of the five.
#[cfg(feature = "openapi")]
impl utoipa::IntoResponses for AnyRedirect {
    fn responses() -> crate::openapi::Responses {
        [301, 302, 303, 307, 308]
            .map(|code| describe(code).build())
            .into()
    }
}

#[cfg(feature = "openapi")]
fn describe(code: u16) -> crate::openapi::Describe {
    let reason = StatusCode::from_u16(code)
        .ok()
        .and_then(|status| status.canonical_reason());
    crate::openapi::Describe::new(code, reason.unwrap_or("Redirect"))
        .header("location", "Where to ask instead")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_target_splits_the_header() {
        for (target, location) in [
            ("/é b", "/%C3%A9%20b"),
            ("/%C3%A9%zz%", "/%C3%A9%zz%"),
            ("/a\r\nX-Injected: 1", "/a%0D%0AX-Injected:%201"),
            (
                "/\\evil\0\t\"<>^`{|}",
                "/%5Cevil%00%09%22%3C%3E%5E%60%7B%7C%7D",
            ),
            (
                "https://example.com/?a=(b)&c=['d'];e@f,g!*$+~",
                "https://example.com/?a=(b)&c=['d'];e@f,g!*$+~",
            ),
            ("", ""),
        ] {
            let response = Redirect::to(target).into_response();
            assert_eq!(response.headers()[header::LOCATION], location);
        }
    }

    #[test]
    fn parameters_go_behind_the_query_and_before_the_fragment() {
        for (target, location) in [
            ("/p", "/p?a=1&%C3%BC=%C3%A4%26%3D"),
            ("/p?", "/p?a=1&%C3%BC=%C3%A4%26%3D"),
            ("/p?x=1", "/p?x=1&a=1&%C3%BC=%C3%A4%26%3D"),
            ("/p?x=1&#f?g", "/p?x=1&a=1&%C3%BC=%C3%A4%26%3D#f?g"),
            ("/p#f", "/p?a=1&%C3%BC=%C3%A4%26%3D#f"),
        ] {
            assert_eq!(with_query(target, [("a", "1"), ("ü", "ä&=")]), location);
        }
        assert_eq!(
            with_query("/p#f", std::iter::empty::<(&str, &str)>()),
            "/p#f"
        );
    }

    #[test]
    fn back_is_to_where_this_site_was_left() {
        let back = |fields: &[(&'static str, &str)]| {
            let fields = fields.iter().map(|(name, value)| {
                let name = http::HeaderName::from_static(name);
                (name, HeaderValue::from_str(value).unwrap())
            });
            Redirect::back(&fields.collect(), "/otherwise").target
        };
        let referer = ("referer", "https://example.com:8443/orders?page=2");
        let host = ("host", "Example.com:8443");
        let same = ("sec-fetch-site", "same-origin");
        assert_eq!(back(&[referer, host]), "/orders?page=2");
        assert_eq!(back(&[referer, same]), "/orders?page=2"); // over HTTP/2
        for fields in [
            &[][..],
            &[referer],
            &[host],
            &[same],
            &[referer, ("host", "example.com")],
            &[referer, ("host", "other.example"), same],
            &[referer, ("sec-fetch-site", "same-site")],
            &[referer, ("sec-fetch-site", "cross-site")],
            &[("referer", "https://example.com:8443//evil.example/"), host],
        ] {
            assert_eq!(back(fields), "/otherwise", "{fields:?}");
        }
    }

    #[test]
    fn only_paths_of_this_site_are_local() {
        for target in ["/", "/a", "/a//b", "/a?next=//x", "/a#b", "/é"] {
            assert!(Redirect::local(target).is_some(), "{target}");
        }
        for target in [
            "",
            "a",
            "//h",
            "///h",
            "/\\h",
            "\\\\h",
            "/\t/h",
            "/\n/h",
            "https://h",
            "javascript:x",
            " /a",
            "?a",
            "/a\\b",
        ] {
            assert!(Redirect::local(target).is_none(), "{target:?}");
        }
    }
}
