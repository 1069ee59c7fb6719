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
    /// A layer that registers nothing: the context alone, and what a layer further out has registered.
    ///
    /// ```
    /// use axum::{http::Request, response::IntoResponse};
    /// use axum_responses::{RequestContext, RequestContextLayer};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// assert!(RequestContext::current().is_none());
    /// RequestContextLayer::new().scope(Request::new(()), |_| async {
    ///     let context = RequestContext::current().unwrap();
    ///     assert!(context.shutdown().is_none());
    ///     "hello".into_response()
    /// }).await;
    /// # }
    /// ```
    pub fn new() -> Self {
        Self::default()
    }

    /// The engine that renders [`Template::named`](crate::Template::named) and
    /// [`Template::source`](crate::Template::source). A second one takes the place of the first.
    ///
    /// Without one their answer is a 500. See [`TemplateEngine`] for an example.
    pub fn template_engine(self, engine: impl TemplateEngine) -> Self {
        self.register(|registered| registered.template_engine = Some(Arc::new(engine)))
    }

    /// What turns a [`Problem`](crate::Problem) into a response, in place of `application/problem+json`. Refusals of
    /// files and of extractors are problems, too. A second one takes the place of the first. See [`ProblemRenderer`]
    /// for an example.
    pub fn problem_renderer(self, renderer: impl ProblemRenderer) -> Self {
        self.register(|registered| registered.problem_renderer = Some(Arc::new(renderer)))
    }

    /// Counts the background tasks, so that a shutdown can wait for them: see [`BackgroundTracker::wait`] for an
    /// example. A second one takes the place of the first, which then counts nothing here.
    pub fn background_tracker(self, tracker: BackgroundTracker) -> Self {
        self.register(|registered| registered.tracker = Some(tracker))
    }

    /// The signal that ends every [`ServerSentEvent`](crate::sse::ServerSentEvent) stream, so that a graceful
    /// shutdown does not wait for clients that never leave. Other [streams](crate::Stream) end with it where
    /// [`until_shutdown`](crate::Stream::until_shutdown) says so. A second signal takes the place of the first.
    ///
    /// ```
    /// use axum::{Router, body::Body, http::Request, routing::get};
    /// use axum_responses::{RequestContext, RequestContextLayer, Shutdown};
    /// # use tower::ServiceExt;
    ///
    /// async fn state(context: RequestContext) -> &'static str {
    ///     if context.shutdown().is_some_and(|shutdown| shutdown.is_fired()) { "closing" } else { "open" }
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let shutdown = Shutdown::new();
    /// let app = Router::new().route("/", get(state)).layer(RequestContextLayer::new().shutdown(shutdown.clone()));
    /// # let ask = async || {
    /// #     let response = app.clone().oneshot(Request::get("/").body(Body::empty()).unwrap()).await.unwrap();
    /// #     axum::body::to_bytes(response.into_body(), 100).await.unwrap()
    /// # };
    /// assert_eq!(ask().await, "open");
    /// shutdown.fire();
    /// assert_eq!(ask().await, "closing");
    /// # }
    /// ```
    pub fn shutdown(self, shutdown: Shutdown) -> Self {
        self.register(|registered| registered.shutdown = Some(shutdown))
    }

    /// A value for responders of another crate, which ask
    /// [`RequestContext::extension`](super::RequestContext::extension) for it. There is one, whatever its type; the
    /// innermost layer that has any wins.
    ///
    /// ```
    /// use std::sync::Arc;
    /// use axum::{http::Request, response::IntoResponse};
    /// use axum_responses::{RequestContext, RequestContextLayer};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let outer = RequestContextLayer::new().extension(Arc::new("text"));
    /// let inner = RequestContextLayer::new().extension(Arc::new(7));
    /// outer.scope(Request::new(()), |request| inner.scope(request, |_| async {
    ///     let context = RequestContext::current().unwrap();
    ///     assert_eq!(context.extension::<i32>(), Some(&7));
    ///     assert_eq!(context.extension::<&str>(), None); // hidden, although of another type
    ///     "hello".into_response()
    /// })).await;
    /// # }
    /// ```
    pub fn extension<T: Any + Send + Sync>(self, value: Arc<T>) -> Self {
        self.register(|registered| registered.extension = Some(value))
    }

    fn register(mut self, set: impl FnOnce(&mut Registered)) -> Self {
        set(Arc::make_mut(self.registered.get_or_insert_default()));
        self
    }

    /// Calls `start`, with the context of this request in force for it and for the future it gives.
    ///
    /// For services of one's own that already stand at the right place; everybody else uses the layer. What the layer
    /// does to a response it does here as well: content goes where the status has none, and background tasks are
    /// attached.
    ///
    /// ```
    /// use axum::{http::{Request, header}, response::{IntoResponse, Response}};
    /// use axum_responses::{Json, Negotiated, RequestContextLayer, Text};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let layer = RequestContextLayer::new();
    /// let ask = async |accept: &str| -> Response {
    ///     let request = Request::get("/").header(header::ACCEPT, accept).body(()).unwrap();
    ///     layer.scope(request, |_| async { Negotiated::<_, (Json, Text)>::new(42).into_response() }).await
    /// };
    /// assert_eq!(ask("text/plain").await.headers()["content-type"], "text/plain; charset=utf-8");
    /// assert_eq!(ask("image/png").await.status(), 406);
    /// # }
    /// ```
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

/// The service that [`RequestContextLayer`] makes: ready when the one inside is, with its errors. Bodies become axum's.
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
