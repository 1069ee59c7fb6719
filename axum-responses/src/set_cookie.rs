//! `Set-Cookie`, built so that what browsers refuse cannot be sent.

use std::borrow::Cow;
use std::fmt::{self, Write};
use std::time::{Duration, SystemTime};

use http::HeaderValue;
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

use crate::conditional::HttpDate;
use crate::media_type::is_token_byte;

/// RFC 6265 §4.1.1: all but cookie-octets, and `%`, so that decoding gives back what was set.
const VALUE: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b',')
    .add(b';')
    .add(b'\\')
    .add(b'%');

/// A cookie to set: `Path=/` and `SameSite=Lax` unless said otherwise.
///
/// The value is any text: it is percent-encoded as UTF-8, which `axum_extra`'s jar and every
/// JavaScript cookie library decode. [`SetCookie::raw`] sends a value that is legal as it is.
///
/// What a browser would refuse is an error instead of a cookie that never arrives: a name that is no
/// token, `SameSite=None` or `Partitioned` without `Secure`, `__Host-` with a domain, another path or
/// without `Secure`, `__Secure-` without `Secure`, more than 4096 bytes of name and value.
///
/// ```
/// use std::time::Duration;
/// use axum_responses::{SameSite, SetCookie};
///
/// let cookie = SetCookie::new("session", "a b").max_age(Duration::from_secs(60)).secure(true).http_only(true);
/// assert_eq!(
///     cookie.to_header().unwrap(),
///     "session=a%20b; Path=/; Max-Age=60; Secure; HttpOnly; SameSite=Lax"
/// );
/// assert!(SetCookie::new("n", "v").same_site(SameSite::None).to_header().is_err());
/// assert!(SetCookie::new("no token", "v").to_header().is_err());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct SetCookie {
    name: Cow<'static, str>,
    value: Value,
    path: Option<Cow<'static, str>>,
    domain: Option<Cow<'static, str>>,
    max_age: Option<Duration>,
    expires: Option<SystemTime>,
    same_site: Option<SameSite>,
    secure: bool,
    http_only: bool,
    partitioned: bool,
    description: Option<Cow<'static, str>>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Value {
    Text(Cow<'static, str>),
    Raw(Cow<'static, str>),
}

/// When a cookie goes along with a request from another site (RFC 6265bis §4.1.2.7).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SameSite {
    /// Never.
    Strict,
    /// With navigations to us.
    Lax,
    /// Always; needs `Secure`.
    None,
}

impl SetCookie {
    /// A cookie for the whole site that lasts as long as the browser's session.
    pub fn new(name: impl Into<Cow<'static, str>>, value: impl Into<Cow<'static, str>>) -> Self {
        Self::of(name.into(), Value::Text(value.into()))
    }

    /// A cookie whose value goes out as it is: it must consist of cookie-octets (RFC 6265 §4.1.1).
    pub fn raw(name: impl Into<Cow<'static, str>>, value: impl Into<Cow<'static, str>>) -> Self {
        Self::of(name.into(), Value::Raw(value.into()))
    }

    /// The removal of a cookie. The client removes the one of the same name, path and domain only.
    ///
    /// ```
    /// # use axum_responses::SetCookie;
    /// let removal = SetCookie::removal("session").path("/admin");
    /// assert_eq!(removal.to_header().unwrap(), "session=; Path=/admin; Max-Age=0; SameSite=Lax");
    /// ```
    pub fn removal(name: impl Into<Cow<'static, str>>) -> Self {
        Self::new(name, "").max_age(Duration::ZERO)
    }

    fn of(name: Cow<'static, str>, value: Value) -> Self {
        Self {
            name,
            value,
            path: Some(Cow::Borrowed("/")),
            domain: None,
            max_age: None,
            expires: None,
            same_site: Some(SameSite::Lax),
            secure: false,
            http_only: false,
            partitioned: false,
            description: None,
        }
    }

    /// The path it is sent for; `/` unless given.
    pub fn path(mut self, path: impl Into<Cow<'static, str>>) -> Self {
        self.path = Some(path.into());
        self
    }

    /// Leaves the path to the client, which takes the folder of the request.
    pub fn without_path(mut self) -> Self {
        self.path = None;
        self
    }

    /// The domain whose hosts get it; only the answering host unless given.
    pub fn domain(mut self, domain: impl Into<Cow<'static, str>>) -> Self {
        self.domain = Some(domain.into());
        self
    }

    /// How long it lasts, in whole seconds. It goes before [`expires`](Self::expires) in every client.
    pub fn max_age(mut self, age: Duration) -> Self {
        self.max_age = Some(age);
        self
    }

    /// When it ends.
    pub fn expires(mut self, at: SystemTime) -> Self {
        self.expires = Some(at);
        self
    }

    /// Whether requests from other sites carry it; `Lax` unless given.
    pub fn same_site(mut self, same_site: SameSite) -> Self {
        self.same_site = Some(same_site);
        self
    }

    /// Leaves the attribute out, and with it the decision to the client.
    pub fn without_same_site(mut self) -> Self {
        self.same_site = None;
        self
    }

    /// Only over TLS.
    pub fn secure(mut self, secure: bool) -> Self {
        self.secure = secure;
        self
    }

    /// Not for scripts.
    pub fn http_only(mut self, http_only: bool) -> Self {
        self.http_only = http_only;
        self
    }

    /// One jar per top-level site (CHIPS); needs `Secure`.
    pub fn partitioned(mut self, partitioned: bool) -> Self {
        self.partitioned = partitioned;
        self
    }

    /// What documents say of it. It is not sent.
    pub fn describe(mut self, description: impl Into<Cow<'static, str>>) -> Self {
        self.description = Some(description.into());
        self
    }

    /// What documents say of it.
    #[must_use]
    pub fn description(&self) -> Option<&str> {
        self.description.as_deref()
    }

    /// Its path; without one browsers take the request's.
    #[must_use]
    pub fn path_attribute(&self) -> Option<&str> {
        self.path.as_deref()
    }

    /// Its domain; without one it is for the host alone.
    #[must_use]
    pub fn domain_attribute(&self) -> Option<&str> {
        self.domain.as_deref()
    }

    /// The cookie's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether both mean the same cookie of a client's store: name, path and domain (RFC 6265 §5.3).
    #[must_use]
    pub fn is_same_cookie(&self, other: &Self) -> bool {
        let domains = match (&self.domain, &other.domain) {
            (Some(ours), Some(theirs)) => ours
                .trim_start_matches('.')
                .eq_ignore_ascii_case(theirs.trim_start_matches('.')),
            (None, None) => true,
            _ => false,
        };
        domains && self.name == other.name && self.path == other.path
    }

    /// The value for the `Set-Cookie` field.
    ///
    /// # Errors
    /// [`InvalidCookie`] says what clients would refuse it for.
    pub fn to_header(&self) -> Result<HeaderValue, InvalidCookie> {
        self.check()?;
        let mut text = String::with_capacity(64);
        let _ = self.write(&mut text); // writing to a String does not fail
        if text.find(';').unwrap_or(text.len()) > 4096 {
            return Err(InvalidCookie::TooLong);
        }
        HeaderValue::try_from(text).map_err(|_| InvalidCookie::Value)
    }

    fn check(&self) -> Result<(), InvalidCookie> {
        if self.name.is_empty() || !self.name.bytes().all(is_token_byte) {
            return Err(InvalidCookie::Name);
        }
        if let Value::Raw(value) = &self.value
            && !value.bytes().all(is_cookie_octet)
        {
            return Err(InvalidCookie::Value);
        }
        for attribute in [&self.path, &self.domain].into_iter().flatten() {
            if !attribute
                .bytes()
                .all(|byte| (b' '..=b'~').contains(&byte) && byte != b';')
            {
                return Err(InvalidCookie::Attribute);
            }
        }
        let needs_secure = self.same_site == Some(SameSite::None)
            || self.partitioned
            || has_prefix(&self.name, "__Secure-")
            || has_prefix(&self.name, "__Host-");
        if needs_secure && !self.secure {
            return Err(InvalidCookie::NotSecure);
        }
        // RFC 6265bis §4.1.3.2
        if has_prefix(&self.name, "__Host-")
            && (self.domain.is_some() || self.path.as_deref() != Some("/"))
        {
            return Err(InvalidCookie::HostPrefix);
        }
        Ok(())
    }

    fn write(&self, out: &mut String) -> fmt::Result {
        write!(out, "{}=", self.name)?;
        match &self.value {
            Value::Text(text) => write!(out, "{}", utf8_percent_encode(text, VALUE))?,
            Value::Raw(raw) => out.push_str(raw),
        }
        if let Some(domain) = &self.domain {
            write!(out, "; Domain={domain}")?;
        }
        if let Some(path) = &self.path {
            write!(out, "; Path={path}")?;
        }
        if let Some(age) = self.max_age {
            write!(out, "; Max-Age={}", age.as_secs())?;
        }
        if let Some(at) = self.expires {
            write!(out, "; Expires={}", HttpDate::clamped(at))?;
        }
        if self.secure {
            out.push_str("; Secure");
        }
        if self.http_only {
            out.push_str("; HttpOnly");
        }
        match self.same_site {
            Some(SameSite::Strict) => out.push_str("; SameSite=Strict"),
            Some(SameSite::Lax) => out.push_str("; SameSite=Lax"),
            Some(SameSite::None) => out.push_str("; SameSite=None"),
            None => {}
        }
        if self.partitioned {
            out.push_str("; Partitioned");
        }
        Ok(())
    }
}

/// RFC 6265 §4.1.1
const fn is_cookie_octet(byte: u8) -> bool {
    matches!(byte, 0x21 | 0x23..=0x2b | 0x2d..=0x3a | 0x3c..=0x5b | 0x5d..=0x7e)
}

/// The prefixes compare without regard to case (RFC 6265bis §5.4).
fn has_prefix(name: &str, prefix: &str) -> bool {
    name.get(..prefix.len())
        .is_some_and(|start| start.eq_ignore_ascii_case(prefix))
}

impl<N, V> From<(N, V)> for SetCookie
where
    N: Into<Cow<'static, str>>,
    V: Into<Cow<'static, str>>,
{
    fn from((name, value): (N, V)) -> Self {
        Self::new(name, value)
    }
}

/// What clients would refuse a cookie for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum InvalidCookie {
    /// The name is no token (RFC 9110 §5.6.2).
    Name,
    /// A raw value has a byte that is no cookie-octet.
    Value,
    /// The path or the domain has a `;`, a control or a non-ASCII character.
    Attribute,
    /// `SameSite=None`, `Partitioned` and the prefixes `__Secure-` and `__Host-` need `Secure`.
    NotSecure,
    /// `__Host-` needs `Path=/` and no domain.
    HostPrefix,
    /// Name and value are longer than 4096 bytes together (RFC 6265bis §5.6).
    TooLong,
}

impl fmt::Display for InvalidCookie {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Name => "the cookie's name is no token",
            Self::Value => "the cookie's raw value has a character that cannot stand in a cookie",
            Self::Attribute => {
                "the cookie's path or domain has a character that cannot stand in it"
            }
            Self::NotSecure => "the cookie needs Secure",
            Self::HostPrefix => "a __Host- cookie needs Path=/ and no Domain",
            Self::TooLong => "the cookie is longer than 4096 bytes",
        })
    }
}

impl std::error::Error for InvalidCookie {}
