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

/// A cookie to set (RFC 6265bis §4.1): `Path=/` and `SameSite=Lax` unless said otherwise.
///
/// The value is any text: it is percent-encoded as UTF-8, which `axum_extra`'s jar and every
/// JavaScript cookie library decode. [`SetCookie::raw`] sends a value that is legal as it is.
///
/// On the wire: `theme=dark; Path=/; SameSite=Lax` or `__Host-id=7; Path=/; Secure; HttpOnly; SameSite=Strict`. The
/// attributes stand in one order, whatever order they were given in; of two calls of one setter the later counts.
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
///
/// All attributes, and a second call that takes the place of the first:
///
/// ```
/// # use axum_responses::{SameSite, SetCookie};
/// # use std::time::{Duration, UNIX_EPOCH};
/// let cookie = SetCookie::new("id", "7")
///     .partitioned(true)
///     .same_site(SameSite::None)
///     .http_only(true)
///     .secure(true)
///     .expires(UNIX_EPOCH + Duration::from_secs(784_111_777))
///     .max_age(Duration::from_secs(60))
///     .path("/shop")
///     .path("/admin")
///     .domain("example.com");
/// assert_eq!(
///     cookie.to_header().unwrap(),
///     "id=7; Domain=example.com; Path=/admin; Max-Age=60; Expires=Sun, 06 Nov 1994 08:49:37 GMT; \
///      Secure; HttpOnly; SameSite=None; Partitioned"
/// );
/// ```
#[derive(Clone, PartialEq, Eq)]
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

/// Without the value, which may be a secret: logs keep what `Debug` prints.
impl fmt::Debug for SetCookie {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SetCookie")
            .field("name", &self.name)
            .field("path", &self.path)
            .field("domain", &self.domain)
            .field("max_age", &self.max_age)
            .field("expires", &self.expires)
            .field("same_site", &self.same_site)
            .field("secure", &self.secure)
            .field("http_only", &self.http_only)
            .field("partitioned", &self.partitioned)
            .finish_non_exhaustive()
    }
}

#[derive(Clone, PartialEq, Eq)]
enum Value {
    Text(Cow<'static, str>),
    Raw(Cow<'static, str>),
}

/// When a cookie goes along with a request from another site (RFC 6265bis §4.1.2.7).
///
/// A site is more than a host: `shop.example.com` and `www.example.com` are the same one.
///
/// ```
/// use axum_responses::{SameSite, SetCookie, set_cookie::InvalidCookie};
///
/// let cookie = SetCookie::new("n", "v").same_site(SameSite::None);
/// assert_eq!(cookie.to_header(), Err(InvalidCookie::NotSecure));
/// assert_eq!(cookie.secure(true).to_header().unwrap(), "n=v; Path=/; Secure; SameSite=None");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SameSite {
    /// Never: not even where somebody follows a link to us, who then seems to be logged out.
    Strict,
    /// With navigations to us by a safe method (RFC 9110 §9.2.1): links, but no forms that POST.
    Lax,
    /// Always; needs [`Secure`](SetCookie::secure).
    None,
}

impl SetCookie {
    /// A cookie for the whole site that lasts as long as the browser's session.
    ///
    /// The name must be a token (RFC 9110 §5.6.2), the value may be any text: all but cookie-octets is percent-encoded,
    /// and `%` too. So what is encoded already is encoded twice; that is what [`raw`](Self::raw) is for. A pair of both
    /// is the same: `("theme", "dark")`.
    ///
    /// ```
    /// use axum_responses::SetCookie;
    ///
    /// let line = |cookie: SetCookie| cookie.to_header().unwrap();
    /// assert_eq!(line(SetCookie::new("n", "é; ☃")), "n=%C3%A9%3B%20%E2%98%83; Path=/; SameSite=Lax");
    /// assert_eq!(line(SetCookie::new("n", "a%20b")), "n=a%2520b; Path=/; SameSite=Lax");
    /// assert_eq!(line(("n", "v").into()), "n=v; Path=/; SameSite=Lax");
    /// ```
    pub fn new(name: impl Into<Cow<'static, str>>, value: impl Into<Cow<'static, str>>) -> Self {
        Self::of(name.into(), Value::Text(value.into()))
    }

    /// A cookie whose value goes out as it is: it must consist of cookie-octets (RFC 6265 §4.1.1).
    ///
    /// These are the visible ASCII characters without `"`, `,`, `;` and `\\`. The quotes that the RFC allows around a
    /// value are refused: clients keep them as a part of it.
    ///
    /// ```
    /// use axum_responses::{SetCookie, set_cookie::InvalidCookie};
    ///
    /// let token = SetCookie::raw("token", "a%20b+/=");
    /// assert_eq!(token.to_header().unwrap(), "token=a%20b+/=; Path=/; SameSite=Lax");
    /// for value in ["a b", "\"quoted\"", "é"] {
    ///     assert_eq!(SetCookie::raw("token", value).to_header(), Err(InvalidCookie::Value));
    /// }
    /// ```
    pub fn raw(name: impl Into<Cow<'static, str>>, value: impl Into<Cow<'static, str>>) -> Self {
        Self::of(name.into(), Value::Raw(value.into()))
    }

    /// The removal of a cookie. The client removes the one of the same name, path and domain only.
    ///
    /// It is a cookie without a value that ends at once (RFC 6265bis §4.1.2.2). What browsers ask of the cookie they
    /// ask of its removal too: that of a `__Host-` or `__Secure-` cookie is [`secure`](Self::secure), and a
    /// [partitioned](Self::partitioned) cookie goes by a partitioned removal alone.
    ///
    /// ```
    /// use axum_responses::SetCookie;
    ///
    /// let removal = SetCookie::removal("session").path("/admin");
    /// assert_eq!(removal.to_header().unwrap(), "session=; Path=/admin; Max-Age=0; SameSite=Lax");
    ///
    /// let removal = SetCookie::removal("__Host-id");
    /// assert_eq!(removal.to_header().unwrap(), "__Host-id=; Path=/; Max-Age=0; Secure; SameSite=Lax");
    /// ```
    pub fn removal(name: impl Into<Cow<'static, str>>) -> Self {
        let removal = Self::new(name, "").max_age(Duration::ZERO);
        let needs_secure = removal.has_secure_name();
        removal.secure(needs_secure)
    }

    /// RFC 6265bis §4.1.3: names that no cookie without `Secure` has.
    fn has_secure_name(&self) -> bool {
        has_prefix(&self.name, "__Secure-") || has_prefix(&self.name, "__Host-")
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

    /// The path it is sent for, with all below it; `/` unless given (RFC 6265bis §4.1.2.4).
    ///
    /// Visible ASCII and blanks without `;`: anything else is an error, and nothing is encoded. It should begin with a
    /// slash: browsers take any other, and one of more than 1024 bytes, for [none at all](Self::without_path)
    /// (§5.6.4, §5.6), which is no error here.
    ///
    /// ```
    /// use axum_responses::{SetCookie, set_cookie::InvalidCookie};
    ///
    /// let cookie = |path: &'static str| SetCookie::new("n", "v").path(path).to_header();
    /// assert_eq!(cookie("/a b").unwrap(), "n=v; Path=/a b; SameSite=Lax");
    /// assert_eq!(cookie("/é"), Err(InvalidCookie::Attribute));
    /// assert_eq!(cookie("/; Domain=evil.example"), Err(InvalidCookie::Attribute));
    /// ```
    pub fn path(mut self, path: impl Into<Cow<'static, str>>) -> Self {
        self.path = Some(path.into());
        self
    }

    /// Leaves the path to the client, which takes the folder of the request (RFC 6265bis §5.1.4): `/shop` for
    /// `/shop/cart`.
    ///
    /// ```
    /// # use axum_responses::SetCookie;
    /// let cookie = SetCookie::new("n", "v").without_path();
    /// assert_eq!(cookie.to_header().unwrap(), "n=v; SameSite=Lax");
    /// assert_eq!(cookie.path_attribute(), None);
    /// ```
    pub fn without_path(mut self) -> Self {
        self.path = None;
        self
    }

    /// The domain whose hosts get it; only the answering host unless given (RFC 6265bis §4.1.2.3).
    ///
    /// So this gives the cookie to more hosts, also where it is the answering host's own name. Browsers ignore a dot in
    /// front, and refuse a cookie whose domain is neither the answering host nor one above it. The bytes are those of
    /// [`path`](Self::path); a name that is not ASCII must be given as punycode.
    ///
    /// ```
    /// use axum_responses::{SetCookie, set_cookie::InvalidCookie};
    ///
    /// let cookie = |domain: &'static str| SetCookie::new("n", "v").domain(domain).to_header();
    /// assert_eq!(cookie("example.com").unwrap(), "n=v; Domain=example.com; Path=/; SameSite=Lax");
    /// assert_eq!(cookie("bücher.example"), Err(InvalidCookie::Attribute));
    /// ```
    pub fn domain(mut self, domain: impl Into<Cow<'static, str>>) -> Self {
        self.domain = Some(domain.into());
        self
    }

    /// How long it lasts, in whole seconds (RFC 6265bis §4.1.2.2). It goes before [`expires`](Self::expires) in every
    /// client.
    ///
    /// The fraction is cut off; less than a second is one, and zero removes the cookie. Browsers keep none for longer than
    /// 400 days (§5.5), whatever is sent.
    ///
    /// ```
    /// # use axum_responses::SetCookie;
    /// # use std::time::Duration;
    /// let cookie = |age| SetCookie::new("n", "v").max_age(age).to_header().unwrap();
    /// assert_eq!(cookie(Duration::from_millis(1999)), "n=v; Path=/; Max-Age=1; SameSite=Lax");
    /// assert_eq!(cookie(Duration::from_millis(999)), "n=v; Path=/; Max-Age=1; SameSite=Lax");
    /// assert_eq!(cookie(Duration::ZERO), "n=v; Path=/; Max-Age=0; SameSite=Lax");
    /// ```
    pub fn max_age(mut self, age: Duration) -> Self {
        self.max_age = Some(age);
        self
    }

    /// When it ends, in whole seconds of the client's clock; a time that has been removes it (RFC 6265bis §4.1.2.1).
    ///
    /// A time before 1970 goes out as the first [`HttpDate`], one after 9999 as the last.
    ///
    /// ```
    /// # use axum_responses::SetCookie;
    /// # use std::time::{Duration, UNIX_EPOCH};
    /// let cookie = SetCookie::new("n", "v").expires(UNIX_EPOCH - Duration::from_secs(1));
    /// assert_eq!(cookie.to_header().unwrap(), "n=v; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT; SameSite=Lax");
    /// ```
    pub fn expires(mut self, at: SystemTime) -> Self {
        self.expires = Some(at);
        self
    }

    /// Whether requests from other sites carry it; `Lax` unless given (RFC 6265bis §4.1.2.7). [`SameSite`] has an
    /// example.
    pub fn same_site(mut self, same_site: SameSite) -> Self {
        self.same_site = Some(same_site);
        self
    }

    /// Leaves the attribute out, and with it the decision to the client: some take it for `Lax`, some for `None`.
    ///
    /// ```
    /// # use axum_responses::SetCookie;
    /// assert_eq!(SetCookie::new("n", "v").without_same_site().to_header().unwrap(), "n=v; Path=/");
    /// ```
    pub fn without_same_site(mut self) -> Self {
        self.same_site = None;
        self
    }

    /// Only over TLS (RFC 6265bis §4.1.2.5); off unless given, and not guessed from the request.
    ///
    /// `SameSite=None`, `Partitioned` and the prefixes `__Secure-` and `__Host-` (§4.1.3), in any case, need it.
    ///
    /// ```
    /// use axum_responses::{SetCookie, set_cookie::InvalidCookie};
    ///
    /// let id = SetCookie::new("__secure-id", "7");
    /// assert_eq!(id.to_header(), Err(InvalidCookie::NotSecure));
    /// assert_eq!(id.secure(true).to_header().unwrap(), "__secure-id=7; Path=/; Secure; SameSite=Lax");
    /// ```
    pub fn secure(mut self, secure: bool) -> Self {
        self.secure = secure;
        self
    }

    /// Not for scripts: `document.cookie` does not show it (RFC 6265bis §4.1.2.6). Off unless given.
    pub fn http_only(mut self, http_only: bool) -> Self {
        self.http_only = http_only;
        self
    }

    /// One jar per top-level site (CHIPS); needs `Secure`, and for use in frames `SameSite=None`. Off unless given.
    ///
    /// ```
    /// use axum_responses::{SetCookie, set_cookie::InvalidCookie};
    ///
    /// let cookie = SetCookie::new("n", "v").partitioned(true);
    /// assert_eq!(cookie.to_header(), Err(InvalidCookie::NotSecure));
    /// assert_eq!(cookie.secure(true).to_header().unwrap(), "n=v; Path=/; Secure; SameSite=Lax; Partitioned");
    /// ```
    pub fn partitioned(mut self, partitioned: bool) -> Self {
        self.partitioned = partitioned;
        self
    }

    /// What documents say of it; nothing unless given. It is not sent.
    ///
    /// ```
    /// # use axum_responses::SetCookie;
    /// let cookie = SetCookie::new("theme", "dark").describe("How pages look");
    /// assert_eq!(cookie.description(), Some("How pages look"));
    /// assert_eq!(cookie.to_header().unwrap(), "theme=dark; Path=/; SameSite=Lax");
    /// ```
    pub fn describe(mut self, description: impl Into<Cow<'static, str>>) -> Self {
        self.description = Some(description.into());
        self
    }

    /// What documents say of it, if something was [given](Self::describe).
    #[must_use]
    pub fn description(&self) -> Option<&str> {
        self.description.as_deref()
    }

    /// Its path, as it was given; without one browsers take the folder of the request's.
    ///
    /// ```
    /// # use axum_responses::SetCookie;
    /// let cookie = SetCookie::new("n", "v");
    /// assert_eq!((cookie.name(), cookie.path_attribute(), cookie.domain_attribute()), ("n", Some("/"), None));
    /// assert_eq!(cookie.domain(".example.com").domain_attribute(), Some(".example.com"));
    /// ```
    #[must_use]
    pub fn path_attribute(&self) -> Option<&str> {
        self.path.as_deref()
    }

    /// Its domain, as it was given; without one it is for the host alone.
    #[must_use]
    pub fn domain_attribute(&self) -> Option<&str> {
        self.domain.as_deref()
    }

    /// The cookie's name, as it was given: with its prefix, and whether it may be sent or not.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether both mean the same cookie of a client's store: name, path and domain (RFC 6265bis §5.7).
    ///
    /// Name and path compare byte by byte, domains in any case and without the dot in front. What a client makes of a
    /// path that is left out is not known here: it is the same as another one that is left out. Nor is looked at
    /// whether one of them is [partitioned](Self::partitioned).
    ///
    /// ```
    /// # use axum_responses::SetCookie;
    /// let of = |name, path: &'static str| SetCookie::new(name, "").path(path);
    /// assert!(of("a", "/").is_same_cookie(&SetCookie::new("a", "other").secure(true)));
    /// assert!(!of("a", "/").is_same_cookie(&of("A", "/")));
    /// assert!(!of("a", "/").is_same_cookie(&of("a", "/admin")));
    /// assert!(!of("a", "/").is_same_cookie(&of("a", "/").domain("example.com")));
    /// assert!(of("a", "/").domain("example.com").is_same_cookie(&of("a", "/").domain(".Example.com")));
    /// ```
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

    /// The value for the `Set-Cookie` field; always ASCII.
    ///
    /// Each cookie is a field line of its own: they are no list (RFC 9110 §5.3).
    /// [`Reply::cookie`](crate::Reply::cookie) adds one.
    ///
    /// ```
    /// use axum_responses::{SetCookie, set_cookie::InvalidCookie};
    ///
    /// assert_eq!(SetCookie::new("n", "").to_header().unwrap(), "n=; Path=/; SameSite=Lax");
    /// assert_eq!(SetCookie::new("", "v").to_header(), Err(InvalidCookie::Name));
    /// assert_eq!(SetCookie::new("n", "☃".repeat(456)).to_header(), Err(InvalidCookie::TooLong)); // nine bytes each
    /// ```
    ///
    /// # Errors
    /// [`InvalidCookie`] says what clients would refuse it for.
    pub fn to_header(&self) -> Result<HeaderValue, InvalidCookie> {
        self.check()?;
        let mut text = String::with_capacity(64);
        let _ = self.write(&mut text); // writing to a String does not fail
        // The `=` between the two does not count.
        if text.find(';').unwrap_or(text.len()) > 4096 + 1 {
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
        // RFC 6265bis §5.5: a path that begins with something else is not heard, nor is an empty domain.
        let is_path = |path: &str| path.starts_with('/') && path.len() <= 1024;
        let is_domain = |domain: &str| !domain.is_empty() && !domain.contains(' ');
        if !self.path.as_deref().is_none_or(is_path)
            || !self.domain.as_deref().is_none_or(is_domain)
        {
            return Err(InvalidCookie::Attribute);
        }
        for attribute in [&self.path, &self.domain].into_iter().flatten() {
            if !attribute
                .bytes()
                .all(|byte| (b' '..=b'~').contains(&byte) && byte != b';')
            {
                return Err(InvalidCookie::Attribute);
            }
        }
        let needs_secure =
            self.same_site == Some(SameSite::None) || self.partitioned || self.has_secure_name();
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
            // 0 is the removal.
            let seconds = age.as_secs().max(u64::from(!age.is_zero()));
            write!(out, "; Max-Age={seconds}")?;
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
///
/// ```
/// use axum_responses::{SetCookie, set_cookie::InvalidCookie};
///
/// let host = SetCookie::new("__Host-id", "7").secure(true).path("/admin");
/// assert_eq!(host.to_header(), Err(InvalidCookie::HostPrefix));
/// assert_eq!(InvalidCookie::HostPrefix.to_string(), "a __Host- cookie needs Path=/ and no Domain");
/// assert_eq!(SetCookie::new("é", "v").to_header(), Err(InvalidCookie::Name));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum InvalidCookie {
    /// The name is no token (RFC 9110 §5.6.2): it is empty, or has a blank, a separator or a character beyond ASCII.
    Name,
    /// A raw value has a byte that is no cookie-octet (RFC 6265 §4.1.1).
    Value,
    /// The path does not begin with `/` or is longer than 1024 bytes, the domain is empty or has a blank, or either has a
    /// `;`, a control or a non-ASCII character: clients would not hear it (RFC 6265bis §5.5).
    Attribute,
    /// `SameSite=None`, `Partitioned` and the prefixes `__Secure-` and `__Host-` need `Secure`.
    NotSecure,
    /// `__Host-` needs `Path=/` and no domain (RFC 6265bis §4.1.3.2).
    HostPrefix,
    /// Name and value are longer than 4096 bytes together (RFC 6265bis §5.6).
    TooLong,
}

impl fmt::Display for InvalidCookie {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Name => "the cookie's name is no token",
            Self::Value => "the cookie's raw value has a character that cannot stand in a cookie",
            Self::Attribute => "the cookie's path or domain is none that clients hear",
            Self::NotSecure => "the cookie needs Secure",
            Self::HostPrefix => "a __Host- cookie needs Path=/ and no Domain",
            Self::TooLong => "the cookie is longer than 4096 bytes",
        })
    }
}

impl std::error::Error for InvalidCookie {}
