//! A value, written as the client likes it best.

use std::fmt;
use std::marker::PhantomData;

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, header};

use super::representation::Offers;
use super::select::select;
use crate::context::RequestContext;
use crate::payload::response;
use crate::problem::Problem;
use crate::rejection::{NotAcceptable, failure};
use crate::vary;

/// A value in the media type that the client likes best among those offered; the offers are the type.
///
/// `Vary: accept` goes with every answer. When nothing offered is acceptable the answer is a 406 problem that
/// lists the offers. With [`or_default`](Self::or_default) it is the first of them; the signature says
/// so: `Negotiated<T, O, OrDefault>`.
///
/// It reads the [`RequestContext`]; where none is installed, the first offer is what everybody gets. A value that
/// cannot be written is a logged 500. [The module](super) says how it is chosen.
///
/// ```
/// use axum::{Router, body::Body, http::Request, routing::get};
/// use axum_responses::{Json, MessagePack, Negotiated, Text, with_context};
/// # use tower::ServiceExt;
///
/// async fn answer() -> Negotiated<u8, (Json, MessagePack, Text)> {
///     Negotiated::new(42)
/// }
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// let app = Router::new().route("/", get(with_context(answer)));
/// # let ask = |accept| app.clone().oneshot(Request::get("/").header("accept", accept).body(Body::empty()).unwrap());
/// let response = ask("application/json;q=0.2, application/x-msgpack;q=0.8").await.unwrap();
/// assert_eq!(response.headers()["content-type"], "application/x-msgpack");
/// assert_eq!(response.headers()["vary"], "accept");
///
/// let response = ask("image/png").await.unwrap();
/// assert_eq!(response.status(), 406);
/// # }
/// ```
#[must_use]
pub struct Negotiated<T, O, P = Strict> {
    value: T,
    offers: PhantomData<fn() -> (O, P)>,
}

/// What becomes of a request that nothing offered suits: [`Strict`] or [`OrDefault`].
pub trait Policy: sealed::Sealed {
    #[doc(hidden)]
    const OTHERWISE: Option<usize>;
}

/// It is refused with a 406 (RFC 9110 §15.5.7): what [`Negotiated::new`] means.
#[derive(Clone, Copy, Debug)]
pub struct Strict;

/// It gets the first offer, as RFC 9110 §12.4.1 allows: what [`Negotiated::or_default`] means. The document then has no
/// 406.
#[derive(Clone, Copy, Debug)]
pub struct OrDefault;

impl Policy for Strict {
    const OTHERWISE: Option<usize> = None;
}

impl Policy for OrDefault {
    const OTHERWISE: Option<usize> = Some(0);
}

mod sealed {
    /// Sealed: RFC 9110 §12.1 knows these two.
    pub trait Sealed {}
    impl Sealed for super::Strict {}
    impl Sealed for super::OrDefault {}
}

impl<T, O: Offers<T>> Negotiated<T, O> {
    /// This value, in one of the offered types. The offers are taken from where it goes, such as the handler's
    /// signature.
    ///
    /// ```
    /// use axum::response::IntoResponse;
    /// use axum_responses::{Json, Negotiated, Reply, Text};
    ///
    /// let created: Reply<_, 201> = Reply::new(Negotiated::<_, (Text, Json)>::new(42));
    /// let response = created.into_response(); // without a context
    /// assert_eq!(response.status(), 201);
    /// assert_eq!(response.headers()["content-type"], "text/plain; charset=utf-8");
    /// assert_eq!(response.headers()["vary"], "accept");
    /// ```
    pub fn new(value: T) -> Self {
        Self {
            value,
            offers: PhantomData,
        }
    }

    /// Sends the first offer instead of a 406, even to those who say `q=0` of it.
    ///
    /// ```
    /// use axum::http::{HeaderMap, Method};
    /// use axum_responses::{Json, Negotiated, RequestContext, Text, negotiation::OrDefault};
    ///
    /// fn answer() -> Negotiated<u8, (Json, Text), OrDefault> {
    ///     Negotiated::new(42).or_default()
    /// }
    ///
    /// let mut headers = HeaderMap::new();
    /// headers.insert("accept", "image/png, application/json;q=0".parse().unwrap());
    /// let response = answer().respond_to(&RequestContext::new(Method::GET, &headers));
    /// assert_eq!(response.status(), 200);
    /// assert_eq!(response.headers()["content-type"], "application/json");
    /// assert_eq!(response.headers()["vary"], "accept");
    /// ```
    pub fn or_default(self) -> Negotiated<T, O, OrDefault> {
        Negotiated {
            value: self.value,
            offers: PhantomData,
        }
    }
}

impl<T, O: Offers<T>, P: Policy> Negotiated<T, O, P> {
    /// The response for a request of this context: 200, 406 or a logged 500, each with `Vary: accept`.
    ///
    /// All lines of `Accept` are one list.
    ///
    /// ```
    /// use axum::http::{HeaderMap, HeaderValue, Method};
    /// use axum_responses::{Json, Negotiated, RequestContext, Text};
    ///
    /// let mut headers = HeaderMap::new();
    /// headers.append("accept", HeaderValue::from_static("text/plain;q=0.5"));
    /// headers.append("accept", HeaderValue::from_static("application/json;q=0.9"));
    /// let context = RequestContext::new(Method::GET, &headers);
    /// let response = Negotiated::<_, (Text, Json)>::new(42).respond_to(&context);
    /// assert_eq!(response.headers()["content-type"], "application/json");
    ///
    /// headers.insert("accept", HeaderValue::from_static("*/*;q=0"));
    /// let context = RequestContext::new(Method::GET, &headers);
    /// let response = Negotiated::<_, (Text, Json)>::new(42).respond_to(&context);
    /// assert_eq!(response.status(), 406);
    /// assert_eq!(response.headers()["vary"], "accept");
    /// ```
    #[must_use]
    pub fn respond_to(self, context: &RequestContext) -> Response {
        self.respond(Some(context))
    }

    fn respond(self, context: Option<&RequestContext>) -> Response {
        let offers = O::media_types();
        let offers = offers.as_ref();
        let best = match context {
            Some(context) => {
                let accept = context.lines(&header::ACCEPT).map(HeaderValue::as_bytes);
                select(accept, offers).or(P::OTHERWISE)
            }
            None => Some(0),
        };
        let mut answer = match best.and_then(|index| Some((index, offers.get(index)?))) {
            Some((index, media_type)) => match O::write(index, &self.value) {
                Ok(bytes) => response(media_type, bytes),
                Err(error) => failure("a negotiated value could not be written", &error),
            },
            None => {
                let available = offers
                    .iter()
                    .map(|offer| offer.essence().to_owned())
                    .collect();
                let problem = Problem::from(NotAcceptable { available });
                match context {
                    Some(context) => problem.respond_to(context),
                    None => problem.into_response(),
                }
            }
        };
        vary::unite(answer.headers_mut(), &HeaderValue::from_static("accept"));
        answer
    }
}

impl<T, O: Offers<T>, P: Policy> IntoResponse for Negotiated<T, O, P> {
    fn into_response(self) -> Response {
        self.respond(RequestContext::current().as_ref())
    }
}

impl<T: fmt::Debug, O, P> fmt::Debug for Negotiated<T, O, P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Negotiated").field(&self.value).finish()
    }
}

/// All offered types under one status, and 406 unless it is `OrDefault`.
#[cfg(feature = "openapi")]
impl<T, O: crate::openapi::DescribeOffers<T>, P: Policy> utoipa::IntoResponses
    for Negotiated<T, O, P>
{
    fn responses() -> crate::openapi::Responses {
        use crate::openapi::{Describe, Responses};

        let vary = |describe: Describe| {
            describe
                .header("vary", "`accept`: the answer depends on it")
                .build()
        };
        let mut responses = Responses::from([vary(O::describe(Describe::new(200, "OK")))]);
        if P::OTHERWISE.is_none() {
            responses.extend([vary(Describe::problem(
                406,
                "None of the available media types is acceptable",
            ))]);
        }
        responses
    }
}
