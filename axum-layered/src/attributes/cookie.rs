//! A cookie that a layer declares.

use std::borrow::Cow;

use axum_responses::SetCookie;

/// A cookie that a layer declares: sent, or documented only.
///
/// Cookies are the same when name, path and domain are. The closest layer's wins, and a response that sets the same one
/// keeps its own.
///
/// A pair and a [`SetCookie`] become one: `Path=/` and `SameSite=Lax` unless said. What browsers refuse
/// (RFC 6265bis §5.7) is [a mistake](crate::Mistake::Cookie).
///
/// ```
/// use axum_layered::{Declare, Layered, ResponseCookie, SetCookie, get};
/// # use axum::{body::Body, http::Request};
/// # use tower::ServiceExt;
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// let app = Layered::<()>::new()
///     .cookie(("seen", "yes"))
///     .cookie(SetCookie::new("theme", "dark").describe("how pages look"))
///     .cookie(ResponseCookie::documented("session").describe("set at login"))
///     .route("/", get(|| async { ([("set-cookie", "seen=again; Path=/")], "hello") }))
///     .into_router();
/// let response = app.oneshot(Request::get("/").body(Body::empty()).unwrap()).await.unwrap();
/// let lines: Vec<_> = response.headers().get_all("set-cookie").iter().collect();
/// assert_eq!(lines, ["seen=again; Path=/", "theme=dark; Path=/; SameSite=Lax"]);
/// # }
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct ResponseCookie {
    pub(crate) rule: CookieRule,
    pub(crate) always: bool,
    pub(crate) description: Option<Cow<'static, str>>,
}

#[derive(Clone, Debug)]
pub(crate) enum CookieRule {
    Set(SetCookie),
    /// Cookies of this name from above are not sent; the response may set one.
    Documented(Cow<'static, str>),
    /// Nor documented.
    Removed(Cow<'static, str>),
}

impl ResponseCookie {
    fn of(rule: CookieRule) -> Self {
        Self {
            rule,
            always: false,
            description: None,
        }
    }

    /// A cookie that handlers set themselves. Those of this name from layers above are not sent, whatever their path
    /// and domain.
    ///
    /// ```
    /// use axum_layered::{Declare, Layered, ResponseCookie, get};
    /// use axum_responses::Reply;
    /// # use axum::{body::Body, http::Request};
    /// # use tower::ServiceExt;
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let users = Layered::new()
    ///     .cookie(ResponseCookie::documented("session").describe("set at login"))
    ///     .route("/login", get(|| async { <Reply<_>>::new("welcome").cookie(("session", "7")) }))
    ///     .route("/list", get(|| async { "nobody" }));
    /// let app = Layered::<()>::new().cookie(("session", "none")).merge(users).into_router();
    /// # let ask = async |path: &str| {
    /// #     let request = Request::get(path).body(Body::empty()).unwrap();
    /// #     app.clone().oneshot(request).await.unwrap()
    /// # };
    /// assert_eq!(ask("/login").await.headers()["set-cookie"], "session=7; Path=/; SameSite=Lax");
    /// assert!(!ask("/list").await.headers().contains_key("set-cookie"));
    /// # }
    /// ```
    pub fn documented(name: impl Into<Cow<'static, str>>) -> Self {
        Self::of(CookieRule::Documented(name.into()))
    }

    pub(crate) fn removed(name: Cow<'static, str>) -> Self {
        Self::of(CookieRule::Removed(name))
    }

    /// Sends it with errors too: 4xx and 5xx, refusals, 404 and 405, as
    /// [a header that is always sent](crate::ResponseHeader::always).
    ///
    /// ```
    /// use axum_layered::{Declare, Layered, ResponseCookie, get};
    /// # use axum::{body::Body, http::{Request, StatusCode}};
    /// # use tower::ServiceExt;
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let app = Layered::<()>::new()
    ///     .cookie(("seen", "1"))
    ///     .cookie(ResponseCookie::from(("consent", "none")).always())
    ///     .route("/", get(|| async { StatusCode::FORBIDDEN }))
    ///     .into_router();
    /// let response = app.oneshot(Request::get("/").body(Body::empty()).unwrap()).await.unwrap();
    /// let lines: Vec<_> = response.headers().get_all("set-cookie").iter().collect();
    /// assert_eq!(lines, ["consent=none; Path=/; SameSite=Lax"]);
    /// # }
    /// ```
    pub fn always(mut self) -> Self {
        self.always = true;
        self
    }

    /// What documents say of it, in the place of what [`SetCookie::describe`] says. It is not sent.
    ///
    /// A document has one `Set-Cookie` a response, which names every cookie.
    ///
    /// ```
    /// # #[cfg(not(feature = "openapi"))] fn main() {}
    /// # #[cfg(feature = "openapi")] fn main() -> Result<(), axum_layered::ConfigErrors> {
    /// use axum_layered::{Declare, Layered, ResponseCookie};
    /// use utoipa_axum::routes;
    ///
    /// #[utoipa::path(get, path = "/users", responses((status = 200, description = "all of them")))]
    /// async fn users() {}
    ///
    /// let session = ResponseCookie::documented("session").describe("set at login");
    /// let built = Layered::<()>::new().routes(routes!(users).cookie(session).cookie(("seen", "1"))).build()?;
    /// let document = serde_json::to_value(&built.openapi).unwrap();
    /// let header = &document["paths"]["/users"]["get"]["responses"]["200"]["headers"]["set-cookie"];
    /// assert_eq!(header["description"], "session: set at login; seen");
    /// # Ok(()) }
    /// ```
    pub fn describe(mut self, description: impl Into<Cow<'static, str>>) -> Self {
        self.description = Some(description.into());
        self
    }

    pub(crate) fn name(&self) -> &str {
        match &self.rule {
            CookieRule::Set(cookie) => cookie.name(),
            CookieRule::Documented(name) | CookieRule::Removed(name) => name,
        }
    }

    pub(crate) fn description(&self) -> Option<&str> {
        match (&self.description, &self.rule) {
            (Some(description), _) => Some(description),
            (None, CookieRule::Set(cookie)) => cookie.description(),
            (None, _) => None,
        }
    }
}

impl<C: Into<SetCookie>> From<C> for ResponseCookie {
    fn from(cookie: C) -> Self {
        Self::of(CookieRule::Set(cookie.into()))
    }
}
