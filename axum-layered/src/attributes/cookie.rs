//! A cookie that a layer declares.

use std::borrow::Cow;

use axum_responses::SetCookie;

/// A cookie that a layer declares: sent, or documented only.
///
/// Cookies are the same when name, path and domain are. The closest layer's wins, and a response that sets the same one
/// keeps its own.
///
/// ```
/// use axum_layered::{Declare, Layered, ResponseCookie, SetCookie};
///
/// let layer: Layered = Layered::new()
///     .cookie(("seen", "yes"))
///     .cookie(SetCookie::new("theme", "dark").describe("how pages look"))
///     .cookie(ResponseCookie::from(("consent", "none")).always())
///     .cookie(ResponseCookie::documented("session").describe("set at login"));
/// # let _ = layer;
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

    /// A cookie that handlers set themselves. Those of this name from layers above are not sent.
    pub fn documented(name: impl Into<Cow<'static, str>>) -> Self {
        Self::of(CookieRule::Documented(name.into()))
    }

    pub(crate) fn removed(name: Cow<'static, str>) -> Self {
        Self::of(CookieRule::Removed(name))
    }

    /// Sends it with errors too.
    pub fn always(mut self) -> Self {
        self.always = true;
        self
    }

    /// What documents say of it.
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
