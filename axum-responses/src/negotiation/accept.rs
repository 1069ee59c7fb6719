//! The `Accept` field, to choose by hand.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use http::request::Parts;
use http::{HeaderValue, header};

use super::select::select;
use crate::media_type::MediaType;

/// What the client accepts: all lines of its `Accept` field (RFC 9110 §12.5.1).
///
/// It is an extractor that refuses nothing, and needs no context; [`RequestContext::accept`](crate::RequestContext)
/// gives it too. [By default](Default) it is that of a client that says nothing.
///
/// Where the representations are written from one value, [`Negotiated`](super::Negotiated) chooses,
/// writes, and sends `Vary`. By hand:
///
/// ```
/// use axum::{Router, body::Body, http::Request, routing::get};
/// use axum::response::{IntoResponse, Response};
/// use axum_responses::{Accept, Html, MediaType, Reply, Text};
/// # use tower::ServiceExt;
///
/// async fn greeting(accept: Accept) -> Response {
///     let best = accept.best_match([MediaType::TEXT, MediaType::HTML], MediaType::TEXT);
///     let body = if best == MediaType::HTML {
///         Html("<h1>Hello World!</h1>").into_response()
///     } else {
///         Text("Hello World!").into_response()
///     };
///     Reply::<_>::new(body).header(("vary", "accept")).into_response()
/// }
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// let app = Router::new().route("/", get(greeting));
/// let request = Request::get("/").header("accept", "text/plain;q=0.5, text/html").body(Body::empty()).unwrap();
/// let response = app.oneshot(request).await.unwrap();
/// assert_eq!(response.headers()["content-type"], "text/html; charset=utf-8");
/// # }
/// ```
#[derive(Clone, Debug, Default)]
pub struct Accept(Vec<HeaderValue>);

impl Accept {
    pub(crate) fn from_lines<'a>(lines: impl Iterator<Item = &'a HeaderValue>) -> Self {
        Self(lines.cloned().collect())
    }

    /// The offer the client likes best, `default` when it likes none. At most 16 offers are looked at.
    ///
    /// A client that says nothing gets the first offer and not the default. [The module](super) says how it is chosen.
    ///
    /// ```
    /// use axum_responses::{Accept, MediaType};
    ///
    /// let silent = Accept::default();
    /// assert_eq!(silent.best_match([MediaType::HTML, MediaType::TEXT], MediaType::TEXT), MediaType::HTML);
    /// assert_eq!(silent.best_match([], MediaType::TEXT), MediaType::TEXT);
    /// ```
    #[must_use]
    pub fn best_match<const N: usize>(
        &self,
        offers: [MediaType; N],
        default: MediaType,
    ) -> MediaType {
        match self.select(&offers) {
            Some(index) => offers.into_iter().nth(index).unwrap_or(default),
            None => default,
        }
    }

    /// Whether the client takes this type at all: whether its quality is more than 0.
    ///
    /// ```
    /// # use axum::http::{HeaderMap, Method, header};
    /// # use axum_responses::{MediaType, RequestContext};
    /// let mut headers = HeaderMap::new();
    /// headers.insert(header::ACCEPT, "text/*, application/json;q=0".parse().unwrap());
    /// let accept = RequestContext::new(Method::GET, &headers).accept();
    /// assert!(accept.accepts(&MediaType::HTML));
    /// assert!(!accept.accepts(&MediaType::JSON));
    /// assert!(!accept.accepts(&MediaType::XML)); // not named
    /// assert!(axum_responses::Accept::default().accepts(&MediaType::XML)); // a client that says nothing
    /// ```
    #[must_use]
    pub fn accepts(&self, media_type: &MediaType) -> bool {
        self.select(std::slice::from_ref(media_type)).is_some()
    }

    fn select(&self, offers: &[MediaType]) -> Option<usize> {
        select(self.0.iter().map(HeaderValue::as_bytes), offers)
    }
}

impl<S: Sync> FromRequestParts<S> for Accept {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::from_lines(
            parts.headers.get_all(header::ACCEPT).iter(),
        ))
    }
}
