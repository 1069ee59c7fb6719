//! The context around a single handler.

use axum::extract::Request;
use axum::handler::Handler;

use super::slot::{ContextFuture, Slot};

/// Gives one handler a [`RequestContext`](super::RequestContext).
///
/// The cheapest way to install it. What a [`RequestContextLayer`](super::RequestContextLayer)
/// further out registered stays in force.
///
/// ```
/// use axum::{Router, body::Body, http::Request, routing::get};
/// use axum_responses::{Json, Negotiated, Text, with_context};
/// # use tower::ServiceExt;
///
/// async fn answer() -> Negotiated<u8, (Json, Text)> {
///     Negotiated::new(42)
/// }
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// let app = Router::new().route("/", get(with_context(answer)));
/// let request = Request::get("/").header("accept", "text/plain").body(Body::empty()).unwrap();
/// let response = app.oneshot(request).await.unwrap();
/// assert_eq!(response.headers()["content-type"], "text/plain; charset=utf-8");
/// assert_eq!(response.headers()["vary"], "accept");
/// # }
/// ```
pub fn with_context<H>(handler: H) -> WithContext<H> {
    WithContext(handler)
}

/// A handler with a [`RequestContext`](super::RequestContext): see [`with_context`].
#[derive(Clone, Copy, Debug)]
pub struct WithContext<H>(H);

impl<H, T, S> Handler<T, S> for WithContext<H>
where
    H: Handler<T, S>,
{
    type Future = ContextFuture<H::Future>;

    fn call(self, request: Request, state: S) -> Self::Future {
        let slot = Slot::of(request.method(), request.headers(), None);
        ContextFuture::start(slot, || self.0.call(request, state))
    }
}
