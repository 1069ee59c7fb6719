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
/// use axum_layered::{Declare, Layered, ResponseHeader};
///
/// let layer: Layered = Layered::new()
///     .header(("x-powered-by", "patience"))
///     .header(ResponseHeader::new("x-frame-options", "DENY").always().describe("nobody may frame it"))
///     .header(ResponseHeader::documented("x-request-cost").describe("set by the handler").example("42"));
/// # let _ = layer;
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

    /// A header of this value. Name and value are checked when the router is built; those of [`header!`](crate::header!)
    /// by the compiler.
    pub fn new(name: impl Into<Cow<'static, str>>, value: impl Into<Cow<'static, str>>) -> Self {
        Self::of(name.into(), HeaderRule::Set(value.into()))
    }

    /// A header that handlers set themselves. The value of layers above is not sent.
    pub fn documented(name: impl Into<Cow<'static, str>>) -> Self {
        Self::of(name.into(), HeaderRule::Documented)
    }

    pub(crate) fn removed(name: Cow<'static, str>) -> Self {
        Self::of(name, HeaderRule::Removed)
    }

    /// Adds a line to those of the layers above, instead of taking their place: for `Link`, `Server-Timing`.
    pub fn append(mut self) -> Self {
        if let HeaderRule::Set(value) = self.rule {
            self.rule = HeaderRule::Append(value);
        }
        self
    }

    /// Sends it with errors too: 4xx and 5xx, refusals, 404 and 405.
    pub fn always(mut self) -> Self {
        self.always = true;
        self
    }

    /// What documents say of it.
    pub fn describe(mut self, description: impl Into<Cow<'static, str>>) -> Self {
        self.description = Some(description.into());
        self
    }

    /// Documents say that it is always there.
    pub fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// Documents say that it will go.
    pub fn deprecated(mut self) -> Self {
        self.deprecated = true;
        self
    }

    /// A value as documents show it.
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
/// ```
/// use axum_layered::header;
///
/// let local = header!("my-local-header", "local header", "local level header");
/// let plain = header!("x-policy", "strict");
/// # let _ = (local, plain);
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

/// The check of [`header!`](crate::header!).
///
/// # Panics
/// Where the name is no token or the value cannot be sent: at compile time.
#[doc(hidden)]
pub const fn checked_header(name: &str, value: &str) {
    let name = name.as_bytes();
    assert!(!name.is_empty(), "a header's name is not empty");
    let mut at = 0;
    while at < name.len() {
        // RFC 9110 §5.6.2
        assert!(
            matches!(name[at], b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' | b'!' | b'#' | b'$' | b'%' | b'&' | b'\'' | b'*'
                | b'+' | b'-' | b'.' | b'^' | b'_' | b'`' | b'|' | b'~'),
            "a header's name is a token: letters, digits and !#$%&'*+-.^_`|~ (RFC 9110 section 5.6.2)"
        );
        at += 1;
    }
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
