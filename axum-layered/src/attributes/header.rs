//! A header that a layer declares.

use std::borrow::Cow;
use std::fmt;

use http::{HeaderName, HeaderValue};

use crate::config_error::Mistake;

/// A header that a layer declares: sent, or documented only.
///
/// The closest layer's wins, whatever the case of its name; a response that has the header already keeps its own.
///
/// ```
/// use axum_layered::{Declare, Layered, ResponseHeader, get};
/// # use axum::{body::Body, http::{Request, StatusCode}};
/// # use tower::ServiceExt;
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// let app = Layered::<()>::new()
///     .header(("x-powered-by", "patience"))
///     .header(ResponseHeader::new("x-frame-options", "DENY").always().describe("nobody may frame it"))
///     .header(ResponseHeader::documented("x-request-cost").describe("set by the handler").example("42"))
///     .route("/", get(|| async { ([("x-request-cost", "7")], "hello") }))
///     .route("/error", get(|| async { StatusCode::NOT_FOUND }))
///     .into_router();
/// # let ask = async |path: &str| {
/// #     let request = Request::get(path).body(Body::empty()).unwrap();
/// #     app.clone().oneshot(request).await.unwrap()
/// # };
/// let response = ask("/").await;
/// assert_eq!(response.headers()["x-powered-by"], "patience");
/// assert_eq!(response.headers()["x-request-cost"], "7");
/// let error = ask("/error").await;
/// assert_eq!(error.headers()["x-frame-options"], "DENY");
/// assert!(!error.headers().contains_key("x-powered-by"));
/// # }
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct ResponseHeader {
    pub(crate) name: Cow<'static, str>,
    pub(crate) rule: HeaderRule,
    pub(crate) always: bool,
    pub(crate) description: Option<Cow<'static, str>>,
    pub(crate) required: bool,
    pub(crate) deprecated: bool,
    pub(crate) example: Option<Cow<'static, str>>,
}

/// What becomes of a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum HeaderRule {
    /// This value, unless the response has one.
    Set(Cow<'static, str>),
    /// A line of this value beside those of other layers.
    Append(Cow<'static, str>),
    /// Nothing is sent; the response may have one.
    Documented,
    /// Nothing is sent, nothing documented.
    Removed,
}

impl ResponseHeader {
    fn of(name: Cow<'static, str>, rule: HeaderRule) -> Self {
        Self {
            name,
            rule,
            always: false,
            description: None,
            required: false,
            deprecated: false,
            example: None,
        }
    }

    /// A header of this value. Name and value are checked when the router is built; those of
    /// [`header!`](crate::header!) by the compiler.
    ///
    /// The name is a token (RFC 9110 §5.1), the value has no control characters but tabs (RFC 9110 §5.5). They may be
    /// made at run time: each is a `&'static str` or a `String`.
    ///
    /// ```
    /// use axum_layered::{Declare, Layered, ResponseHeader, get};
    /// # use axum::{body::Body, http::Request};
    /// # use tower::ServiceExt;
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let version = ResponseHeader::new("x-version", format!("{}.{}", 1, 2));
    /// let app = Layered::<()>::new().header(version).route("/", get(|| async { "hello" })).into_router();
    /// let response = app.oneshot(Request::get("/").body(Body::empty()).unwrap()).await.unwrap();
    /// assert_eq!(response.headers()["x-version"], "1.2");
    ///
    /// let injected = ResponseHeader::new("x-version", "1\r\nx-injected: 1");
    /// let errors = Layered::<()>::new().header(injected).build().unwrap_err();
    /// assert!(errors.to_string().contains("the value of the header `x-version` has a character that cannot be sent"));
    /// # }
    /// ```
    pub fn new(name: impl Into<Cow<'static, str>>, value: impl Into<Cow<'static, str>>) -> Self {
        Self::of(name.into(), HeaderRule::Set(value.into()))
    }

    /// A header that handlers set themselves. The value of layers above is not sent.
    ///
    /// Where the handler sets none, none goes out. With [`always`](Self::always) errors are documented to have it too.
    ///
    /// ```
    /// use axum_layered::{Declare, Layered, ResponseHeader, get};
    /// # use axum::{body::Body, http::Request};
    /// # use tower::ServiceExt;
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let counted = Layered::new()
    ///     .header(ResponseHeader::documented("X-Cost").describe("what the request has cost"))
    ///     .route("/cheap", get(|| async { "hello" }))
    ///     .route("/dear", get(|| async { ([("x-cost", "42")], "hello") }));
    /// let app = Layered::<()>::new().header(("x-cost", "unknown")).merge(counted).into_router();
    /// # let ask = async |path: &str| {
    /// #     let request = Request::get(path).body(Body::empty()).unwrap();
    /// #     app.clone().oneshot(request).await.unwrap()
    /// # };
    /// assert!(!ask("/cheap").await.headers().contains_key("x-cost"));
    /// assert_eq!(ask("/dear").await.headers()["x-cost"], "42");
    /// # }
    /// ```
    pub fn documented(name: impl Into<Cow<'static, str>>) -> Self {
        Self::of(name.into(), HeaderRule::Documented)
    }

    pub(crate) fn removed(name: Cow<'static, str>) -> Self {
        Self::of(name, HeaderRule::Removed)
    }

    /// Adds a line to those of the layers above, instead of taking their place: for `Link`, `Server-Timing`.
    ///
    /// The lines go out closest first, behind those of the response (RFC 9110 §5.3). A plain declaration of the name
    /// closes it to the layers above. One layer may append several. `Vary` needs no `append`: it becomes one line in
    /// any case. On what is [documented](Self::documented) it changes nothing.
    ///
    /// ```
    /// use axum_layered::{Declare, Layered, ResponseHeader, get};
    /// # use axum::{body::Body, http::Request};
    /// # use tower::ServiceExt;
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let link = |to: &'static str| ResponseHeader::new("link", to).append();
    /// let app = Layered::<()>::new()
    ///     .header(link("</terms>; rel=terms-of-service"))
    ///     .route("/2", get(|| async { "hello" }).header(link("</3>; rel=next")))
    ///     .into_router();
    /// let response = app.oneshot(Request::get("/2").body(Body::empty()).unwrap()).await.unwrap();
    /// let lines: Vec<_> = response.headers().get_all("link").iter().collect();
    /// assert_eq!(lines, ["</3>; rel=next", "</terms>; rel=terms-of-service"]);
    /// # }
    /// ```
    pub fn append(mut self) -> Self {
        if let HeaderRule::Set(value) = self.rule {
            self.rule = HeaderRule::Append(value);
        }
        self
    }

    /// Sends it with errors too: 4xx and 5xx, refusals, axum's own 404 and 405, and what middleware answers in the
    /// handler's place.
    ///
    /// axum's 404 has what is `always` on the outermost layer. A plain declaration closer to the handler is for success
    /// alone, and leaves errors with this value.
    ///
    /// ```
    /// use axum_layered::{Declare, Layered, ResponseHeader, get};
    /// # use axum::{body::Body, http::{Request, StatusCode}};
    /// # use tower::ServiceExt;
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let app = Layered::<()>::new()
    ///     .header(ResponseHeader::new("x-policy", "strict").always())
    ///     .route("/missing", get(|| async { StatusCode::NOT_FOUND }))
    ///     .into_router();
    /// # let ask = async |method: &str, path: &str| {
    /// #     let request = Request::builder().method(method).uri(path).body(Body::empty()).unwrap();
    /// #     app.clone().oneshot(request).await.unwrap()
    /// # };
    /// assert_eq!(ask("GET", "/missing").await.headers()["x-policy"], "strict"); // the handler's 404
    /// assert_eq!(ask("POST", "/missing").await.headers()["x-policy"], "strict"); // a 405
    /// assert_eq!(ask("GET", "/nowhere").await.headers()["x-policy"], "strict"); // axum's 404
    /// # }
    /// ```
    pub fn always(mut self) -> Self {
        self.always = true;
        self
    }

    /// What documents say of it: nothing unless given. It is not sent.
    ///
    /// What the handler's own documentation says of the header stands; it gets this text where it says nothing.
    ///
    /// ```
    /// # #[cfg(not(feature = "openapi"))] fn main() {}
    /// # #[cfg(feature = "openapi")] fn main() -> Result<(), axum_layered::ConfigErrors> {
    /// use axum_layered::{Declare, Layered, ResponseHeader};
    /// use utoipa_axum::routes;
    ///
    /// #[utoipa::path(get, path = "/users", responses((status = 200, description = "all of them")))]
    /// async fn users() {}
    ///
    /// let cost = ResponseHeader::new("x-cost", "1").describe("in cents");
    /// let built = Layered::<()>::new().routes(routes!(users).header(cost)).build()?;
    /// let document = serde_json::to_value(&built.openapi).unwrap();
    /// let header = &document["paths"]["/users"]["get"]["responses"]["200"]["headers"]["x-cost"];
    /// assert_eq!(header["description"], "in cents");
    /// # Ok(()) }
    /// ```
    pub fn describe(mut self, description: impl Into<Cow<'static, str>>) -> Self {
        self.description = Some(description.into());
        self
    }

    /// Documents say that it is always there. It is a word in the document: nothing is checked.
    ///
    /// ```
    /// # #[cfg(not(feature = "openapi"))] fn main() {}
    /// # #[cfg(feature = "openapi")] fn main() -> Result<(), axum_layered::ConfigErrors> {
    /// use axum_layered::{Declare, Layered, ResponseHeader};
    /// use utoipa_axum::routes;
    ///
    /// #[utoipa::path(get, path = "/users", responses((status = 200, description = "all of them")))]
    /// async fn users() {}
    ///
    /// let cost = ResponseHeader::documented("x-cost").required();
    /// let built = Layered::<()>::new().routes(routes!(users).header(cost)).build()?;
    /// let document = serde_json::to_value(&built.openapi).unwrap();
    /// let header = &document["paths"]["/users"]["get"]["responses"]["200"]["headers"]["x-cost"];
    /// assert_eq!(header["required"], true);
    /// # Ok(()) }
    /// ```
    pub fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// Documents say that it will go. Until then it is sent.
    ///
    /// ```
    /// # #[cfg(not(feature = "openapi"))] fn main() {}
    /// # #[cfg(feature = "openapi")] fn main() -> Result<(), axum_layered::ConfigErrors> {
    /// use axum_layered::{Declare, Layered, ResponseHeader};
    /// use utoipa_axum::routes;
    ///
    /// #[utoipa::path(get, path = "/users", responses((status = 200, description = "all of them")))]
    /// async fn users() {}
    ///
    /// let cost = ResponseHeader::new("x-cost", "1").deprecated();
    /// let built = Layered::<()>::new().routes(routes!(users).header(cost)).build()?;
    /// let document = serde_json::to_value(&built.openapi).unwrap();
    /// let header = &document["paths"]["/users"]["get"]["responses"]["200"]["headers"]["x-cost"];
    /// assert_eq!(header["deprecated"], true);
    /// # Ok(()) }
    /// ```
    pub fn deprecated(mut self) -> Self {
        self.deprecated = true;
        self
    }

    /// A value as documents show it: the value that is sent unless given. It is not checked, and not sent.
    ///
    /// ```
    /// # #[cfg(not(feature = "openapi"))] fn main() {}
    /// # #[cfg(feature = "openapi")] fn main() -> Result<(), axum_layered::ConfigErrors> {
    /// use axum_layered::{Declare, Layered, ResponseHeader};
    /// use utoipa_axum::routes;
    ///
    /// #[utoipa::path(get, path = "/users", responses((status = 200, description = "all of them")))]
    /// async fn users() {}
    ///
    /// let cost = ResponseHeader::documented("x-cost").example("42");
    /// let built = Layered::<()>::new().routes(routes!(users).header(cost)).build()?;
    /// let document = serde_json::to_value(&built.openapi).unwrap();
    /// let header = &document["paths"]["/users"]["get"]["responses"]["200"]["headers"]["x-cost"];
    /// assert_eq!(header["example"], "42");
    /// # Ok(()) }
    /// ```
    pub fn example(mut self, example: impl Into<Cow<'static, str>>) -> Self {
        self.example = Some(example.into());
        self
    }

    /// The name as it goes out.
    pub(crate) fn checked_name(&self) -> Result<HeaderName, Mistake> {
        HeaderName::try_from(self.name.as_ref())
            .map_err(|_| Mistake::HeaderName(self.name.clone().into_owned()))
    }

    /// What is sent, where something is.
    pub(crate) fn value(&self) -> Option<&str> {
        match &self.rule {
            HeaderRule::Set(value) | HeaderRule::Append(value) => Some(value),
            HeaderRule::Documented | HeaderRule::Removed => None,
        }
    }

    pub(crate) fn checked_value(&self) -> Result<Option<HeaderValue>, Mistake> {
        let (HeaderRule::Set(value) | HeaderRule::Append(value)) = &self.rule else {
            return Ok(None);
        };
        let value = match value {
            Cow::Borrowed(text) if text.bytes().all(|byte| matches!(byte, b'\t' | b' '..=b'~')) => {
                HeaderValue::from_static(text) // no allocation when it is cloned
            }
            text => HeaderValue::from_str(text)
                .map_err(|_| Mistake::HeaderValue(self.name.clone().into_owned()))?,
        };
        Ok(Some(value))
    }
}

impl<N, V> From<(N, V)> for ResponseHeader
where
    N: Into<Cow<'static, str>>,
    V: Into<Cow<'static, str>>,
{
    fn from((name, value): (N, V)) -> Self {
        Self::new(name, value)
    }
}

impl fmt::Display for ResponseHeader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.value() {
            Some(value) => write!(f, "{}: {value}", self.name),
            None => f.write_str(&self.name),
        }
    }
}

/// A [`ResponseHeader`] of literals that the compiler checks: name, value, and what documents say of it.
///
/// A name is a token (RFC 9110 §5.6.2), a value has no control characters but tabs (RFC 9110 §5.5). What is no matter
/// of characters, a name that is declared twice or belongs to the server, is told at [`build`](crate::Layered::build).
///
/// ```
/// use axum_layered::{Declare, Layered, get, header};
/// # use axum::{body::Body, http::Request};
/// # use tower::ServiceExt;
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// let app = Layered::<()>::new()
///     .header(header!("x-policy", "strict"))
///     .route("/", get(|| async { "hello" }).header(header!("my-local-header", "local header", "local level header")))
///     .into_router();
/// let response = app.oneshot(Request::get("/").body(Body::empty()).unwrap()).await.unwrap();
/// assert_eq!(response.headers()["x-policy"], "strict");
/// assert_eq!(response.headers()["my-local-header"], "local header");
/// # }
/// ```
///
/// ```compile_fail
/// let header = axum_layered::header!("no token", "value");
/// ```
#[macro_export]
macro_rules! header {
    ($name:literal, $value:literal $(,)?) => {{
        // An item: `cargo check` evaluates it, as it does not with a `const` block.
        const _: () = $crate::checked_header($name, $value);
        $crate::ResponseHeader::new($name, $value)
    }};
    ($name:literal, $value:literal, $description:literal $(,)?) => {
        $crate::header!($name, $value).describe($description)
    };
}

/// RFC 9110 §7.6.1, RFC 9113 §8.2.2: of the connection; RFC 9110 §8.6: of the content that is sent.
pub(crate) const fn is_of_server(name: &str) -> bool {
    const NAMES: [&str; 7] = [
        "connection",
        "content-length",
        "keep-alive",
        "proxy-connection",
        "te",
        "transfer-encoding",
        "upgrade",
    ];
    let mut at = 0;
    while at < NAMES.len() {
        if NAMES[at].eq_ignore_ascii_case(name) {
            return true;
        }
        at += 1;
    }
    false
}

/// The check of [`header!`](crate::header!).
///
/// # Panics
/// Where the name is no token or not one for a header that is declared, or the value cannot be sent: at compile time.
#[doc(hidden)]
pub const fn checked_header(name: &str, value: &str) {
    let bytes = name.as_bytes();
    assert!(!bytes.is_empty(), "a header's name is not empty");
    let mut at = 0;
    while at < bytes.len() {
        // RFC 9110 §5.6.2
        assert!(
            matches!(bytes[at], b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' | b'!' | b'#' | b'$' | b'%' | b'&' | b'\'' | b'*'
                | b'+' | b'-' | b'.' | b'^' | b'_' | b'`' | b'|' | b'~'),
            "a header's name is a token: letters, digits and !#$%&'*+-.^_`|~ (RFC 9110 section 5.6.2)"
        );
        at += 1;
    }
    // `check` tells the same of names that are no literals.
    assert!(
        !name.eq_ignore_ascii_case("set-cookie"),
        "`set-cookie` is declared by `cookie`"
    );
    assert!(
        !name.eq_ignore_ascii_case("cache-control") && !name.eq_ignore_ascii_case("etag"),
        "`cache-control` and `etag` are declared by the methods of that name"
    );
    assert!(
        !is_of_server(name),
        "the server sets what depends on the connection and the content (RFC 9110 sections 7.6.1 and 8.6)"
    );
    let value = value.as_bytes();
    at = 0;
    while at < value.len() {
        // RFC 9110 §5.5
        assert!(
            value[at] == b'\t' || value[at] >= b' ' && value[at] != 0x7f,
            "a header's value has no control characters (RFC 9110 section 5.5)"
        );
        at += 1;
    }
}
