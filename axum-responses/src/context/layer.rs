//! The context around a whole service, and what an application registers with it.

use std::any::Any;
use std::sync::Arc;
use std::task::{Context, Poll};

use http::{Request, Response};
use tower_layer::Layer;
use tower_service::Service;

use super::registered::Registered;
use super::slot::{Answer, ContextFuture, Slot};
use crate::background::BackgroundTracker;
use crate::problem::ProblemRenderer;
use crate::shutdown::Shutdown;
use crate::template::TemplateEngine;

/// Gives everything inside a [`RequestContext`](super::RequestContext), and registers what
/// responders need once for the whole application.
///
/// Around the finished router it is cheapest and reaches every fallback:
///
/// ```
/// use axum::{Router, ServiceExt, extract::Request, routing::get};
/// use axum_responses::{RequestContextLayer, Shutdown, problem};
/// use tower::Layer;
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// let shutdown = Shutdown::new();
/// let router = Router::new().route("/", get(async || "hello")).fallback(problem::not_found);
/// let app = RequestContextLayer::new().shutdown(shutdown.clone()).layer(router);
/// # let request = Request::get("/nowhere").body(axum::body::Body::empty()).unwrap();
/// # let response = tower::ServiceExt::oneshot(app.clone(), request).await.unwrap();
/// # assert_eq!(response.headers()["content-type"], "application/problem+json");
/// let service = ServiceExt::<Request>::into_make_service(app); // what axum::serve takes
/// # }
/// ```
///
/// Where such layers are nested, the closest registration of each thing wins.
#[derive(Clone, Default)]
#[must_use]
pub struct RequestContextLayer {
    registered: Option<Arc<Registered>>,
}

impl RequestContextLayer {
    /// A layer that registers nothing: the context alone.
    pub fn new() -> Self {
        Self::default()
    }

    /// The engine that renders [`Template::named`](crate::Template::named) and
    /// [`Template::source`](crate::Template::source).
    pub fn template_engine(self, engine: impl TemplateEngine) -> Self {
        self.register(|registered| registered.template_engine = Some(Arc::new(engine)))
    }

    /// What turns a [`Problem`](crate::Problem) into a response, in place of
    /// `application/problem+json`.
    pub fn problem_renderer(self, renderer: impl ProblemRenderer) -> Self {
        self.register(|registered| registered.problem_renderer = Some(Arc::new(renderer)))
    }

    /// Counts the background tasks, so that a shutdown can wait for them.
    pub fn background_tracker(self, tracker: BackgroundTracker) -> Self {
        self.register(|registered| registered.tracker = Some(tracker))
    }

    /// The signal that ends every [`ServerSentEvent`](crate::sse::ServerSentEvent) stream, so that a graceful
    /// shutdown does not wait for clients that never leave.
    pub fn shutdown(self, shutdown: Shutdown) -> Self {
        self.register(|registered| registered.shutdown = Some(shutdown))
    }

    /// A value for responders of another crate, which ask [`RequestContext::extension`](super::RequestContext::extension)
    /// for it. There is one; the innermost layer that has any wins.
    pub fn extension<T: Any + Send + Sync>(self, value: Arc<T>) -> Self {
        self.register(|registered| registered.extension = Some(value))
    }

    fn register(mut self, set: impl FnOnce(&mut Registered)) -> Self {
        set(Arc::make_mut(self.registered.get_or_insert_default()));
        self
    }

    /// Calls `start`, with the context of this request in force for it and for the future it gives.
    ///
    /// For services of one's own that already stand at the right place; everybody else uses the layer.
    pub fn scope<F, B>(
        &self,
        request: Request<B>,
        start: impl FnOnce(Request<B>) -> F,
    ) -> ContextFuture<F>
    where
        F: Future<Output: Answer>,
    {
        let slot = self.slot(&request);
        ContextFuture::start(slot, || start(request))
    }

    fn slot<B>(&self, request: &Request<B>) -> Box<Slot> {
        Slot::of(
            request.method(),
            request.headers(),
            self.registered.as_ref(),
        )
    }
}

impl std::fmt::Debug for RequestContextLayer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RequestContextLayer")
            .finish_non_exhaustive()
    }
}

impl<S> Layer<S> for RequestContextLayer {
    type Service = RequestContextService<S>;

    fn layer(&self, inner: S) -> Self::Service {
        RequestContextService {
            inner,
            layer: self.clone(),
        }
    }
}

/// The service that [`RequestContextLayer`] makes.
#[derive(Clone, Debug)]
pub struct RequestContextService<S> {
    inner: S,
    layer: RequestContextLayer,
}

impl<S, B, R> Service<Request<B>> for RequestContextService<S>
where
    S: Service<Request<B>, Response = Response<R>>,
    R: http_body::Body<Data = bytes::Bytes, Error: Into<axum::BoxError>> + Send + 'static,
{
    type Response = axum::response::Response;
    type Error = S::Error;
    type Future = ContextFuture<S::Future>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let slot = self.layer.slot(&request);
        ContextFuture::start(slot, || self.inner.call(request))
    }
}
