//! Every mistake of a build, in one list.

use std::fmt;

use axum_responses::conditional::Contradiction;
use axum_responses::set_cookie::InvalidCookie;
use http::StatusCode;

use crate::paths::route_below;

/// What is wrong with what a layer declares.
///
/// ```
/// use axum_layered::{Declare, Layered, Mistake, get};
///
/// let errors = Layered::<()>::new()
///     .header(("cache-control", "no-store"))
///     .status(304)
///     .route("/", get(|| async {}))
///     .build()
///     .unwrap_err();
/// let mistakes: Vec<_> = errors.iter().map(|error| error.mistake().clone()).collect();
/// assert_eq!(mistakes, [Mistake::HeaderWithDeclaration("cache-control"), Mistake::Status(304)]);
/// assert_eq!(mistakes[0].to_string(), "`cache-control` is declared as a header; use `cache_control`");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Mistake {
    /// A header's name is no token (RFC 9110 §5.1).
    HeaderName(String),
    /// The value of this header has a character that cannot be sent (RFC 9110 §5.5).
    HeaderValue(String),
    /// One layer declares this header twice, whatever the case of its name. `append` and `Vary` may come more than
    /// once.
    HeaderTwice(String),
    /// `Set-Cookie` as a header: that is what `cookie` is for.
    SetCookieHeader,
    /// `Cache-Control` or `ETag` as a header: they have declarations of their own.
    HeaderWithDeclaration(&'static str),
    /// A header of the connection or the framing, such as `Content-Length`: the server sets it (RFC 9110 §7.6.1, §8.6).
    HeaderOfServer(String),
    /// This cookie cannot be sent: browsers would refuse it (RFC 6265bis §5.7).
    Cookie(String, InvalidCookie),
    /// One layer declares this cookie twice: name, path and domain are the same.
    CookieTwice(String),
    /// Directives of `Cache-Control` that exclude each other (RFC 9111 §5.2.2), such as `public` and `private`.
    CacheControl(Contradiction),
    /// One layer declares the same thing twice: `etag`, `status`, `after_request` and the like.
    Twice(&'static str),
    /// No status that a response of success can have: 200 to 299 (RFC 9110 §15.3).
    Status(u16),
    /// This status is declared on an endpoint whose documented answer is a redirect. Found with the feature `openapi`.
    StatusOfRedirect(StatusCode),
    /// A status without content, and the document says that there is some. Found with the feature `openapi`.
    ContentWithoutPlace(StatusCode),
    /// A path that axum refuses, and why.
    Path(String),
    /// `routes` of an endpoint that no document gives a path: use `route`.
    NoDocument,
    /// Two routes that one request would fit: the other one. They may be of one endpoint.
    Overlap(String),
    /// Two fallbacks for the same paths: on one layer, on two that are merged, or on two nested below one path.
    TwoFallbacks,
    /// A nested fallback that axum cannot tell from the one at this path, because a parameter is between the two.
    FallbackOverlap(String),
    /// `mount` of a layer that has a fallback: use `nest`.
    MountedFallback,
    /// `route_layer` before there are routes: it would be around nothing.
    RouteLayerWithoutRoutes,
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::HeaderName(name) => write!(f, "the header name {name:?} is no token"),
            Self::HeaderValue(name) => {
                write!(
                    f,
                    "the value of the header `{name}` has a character that cannot be sent"
                )
            }
            Self::HeaderTwice(name) => write!(
                f,
                "the header `{name}` is declared twice; `append` adds lines"
            ),
            Self::SetCookieHeader => {
                f.write_str("`set-cookie` is declared as a header; use `cookie`")
            }
            Self::HeaderWithDeclaration(name) => {
                write!(
                    f,
                    "`{name}` is declared as a header; use `{}`",
                    name.replace('-', "_")
                )
            }
            Self::HeaderOfServer(name) => write!(
                f,
                "the header `{name}` is the server's: it depends on the connection and the content"
            ),
            Self::Cookie(name, invalid) => write!(f, "the cookie `{name}`: {invalid}"),
            Self::CookieTwice(name) => write!(f, "the cookie `{name}` is declared twice"),
            Self::CacheControl(contradiction) => write!(f, "cache-control: {contradiction}"),
            Self::Twice(what) => write!(f, "{what} is declared twice"),
            Self::Status(status) => write!(f, "{status} is no status of success (200 to 299)"),
            Self::StatusOfRedirect(status) => {
                write!(
                    f,
                    "status {status} is declared, and the endpoint's redirect has one of its own"
                )
            }
            Self::ContentWithoutPlace(status) => {
                write!(
                    f,
                    "status {status} has no content, and the document says that there is some"
                )
            }
            Self::Path(why) => f.write_str(why),
            Self::Overlap(other) => write!(f, "a request to it would fit {other} as well"),
            Self::NoDocument => {
                f.write_str("the endpoint has no document that would give it a path; use `route`")
            }
            Self::TwoFallbacks => f.write_str("there are two fallbacks for the same paths"),
            Self::FallbackOverlap(other) => write!(
                f,
                "axum cannot tell its fallback from that of {other}: a parameter is between the two"
            ),
            Self::MountedFallback => {
                f.write_str("a mounted layer cannot have a fallback; use `nest`")
            }
            Self::RouteLayerWithoutRoutes => {
                f.write_str("`route_layer` comes before any route, and would be around nothing")
            }
        }
    }
}

/// A mistake, and where it was made.
///
/// It is written as one line: `app: 404 is no status of success (200 to 299)`.
///
/// ```
/// use axum_layered::{Declare, Layered, Mistake, get};
///
/// let users = Layered::new().named("users").status(404).route("/{id}", get(|| async {}).header(("no token", "x")));
/// let errors = Layered::<()>::new().nest("/users", users).build().unwrap_err();
/// let [of_layer, of_route] = errors.iter().collect::<Vec<_>>()[..] else { panic!("{errors}") };
/// assert_eq!((of_layer.layer(), of_layer.route()), (Some("users"), None));
/// assert_eq!(of_layer.to_string(), "users: 404 is no status of success (200 to 299)");
/// assert_eq!((of_route.layer(), of_route.route()), (None, Some("GET /users/{id}")));
/// assert_eq!(of_route.mistake(), &Mistake::HeaderName("no token".to_owned()));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigError {
    pub(crate) route: Option<String>,
    pub(crate) layer: Option<String>,
    pub(crate) mistake: Mistake,
}

impl ConfigError {
    /// The route it was found at: `GET /users/{id}`; none where a layer as a whole is wrong.
    #[must_use]
    pub fn route(&self) -> Option<&str> {
        self.route.as_deref()
    }

    /// The layer it was made on, by its [name](crate::Layered::named) or its path; none where an endpoint is wrong.
    #[must_use]
    pub fn layer(&self) -> Option<&str> {
        self.layer.as_deref()
    }

    /// The same below a path.
    pub(crate) fn below(mut self, path: &str) -> Self {
        if path.is_empty() {
            return self;
        }
        self.route = self.route.map(|route| route_below(path, &route));
        if let Mistake::Overlap(other) | Mistake::FallbackOverlap(other) = &mut self.mistake {
            *other = route_below(path, other);
        }
        self
    }

    /// What is wrong.
    #[must_use]
    pub fn mistake(&self) -> &Mistake {
        &self.mistake
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.route, &self.layer) {
            (Some(route), Some(layer)) => write!(f, "{route}, {layer}: ")?,
            (Some(one), None) | (None, Some(one)) => write!(f, "{one}: ")?,
            (None, None) => {}
        }
        self.mistake.fmt(f)
    }
}

impl std::error::Error for ConfigError {}

/// Everything that is wrong with a router, found when it is built.
///
/// ```
/// use axum_layered::{Declare, Layered, get};
///
/// let errors = Layered::<()>::new()
///     .named("app")
///     .header(("no token", "x"))
///     .cookie(("__Host-id", "1"))
///     .route("/", get(|| async {}))
///     .build()
///     .unwrap_err();
/// assert_eq!(
///     errors.to_string(),
///     "2 mistakes in the router:\n\
///      - app: the header name \"no token\" is no token\n\
///      - app: the cookie `__Host-id`: the cookie needs Secure"
/// );
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigErrors(pub(crate) Vec<ConfigError>);

impl ConfigErrors {
    /// Each of them: what was found while the router was put together, then layer by layer from the outside.
    ///
    /// ```
    /// use axum_layered::{Declare, Layered, get};
    ///
    /// let errors = Layered::<()>::new()
    ///     .named("app")
    ///     .status(404)
    ///     .nest("/", Layered::new().route("/", get(|| async {})))
    ///     .build()
    ///     .unwrap_err();
    /// assert_eq!(errors.iter().len(), 2);
    /// assert_eq!(errors.iter().next().unwrap().to_string(), "/: nothing can be nested at \"/\"; use merge");
    /// ```
    #[must_use]
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &ConfigError> {
        self.0.iter()
    }
}

impl fmt::Display for ConfigErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.as_slice() {
            [_] => f.write_str("1 mistake in the router:")?,
            all => write!(f, "{} mistakes in the router:", all.len())?,
        }
        self.0.iter().try_for_each(|error| write!(f, "\n- {error}"))
    }
}

impl std::error::Error for ConfigErrors {}
