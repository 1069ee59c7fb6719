//! tower's layers around what is here by now.

use std::convert::Infallible;

use axum::Extension;
use axum::extract::Request;
use axum::response::IntoResponse;
use axum::routing::Route;
use tower_layer::Layer;
use tower_service::Service;

use super::{Kind, Layered};
use crate::config_error::Mistake;

impl<S: Clone + Send + Sync + 'static> Layered<S> {
    /// A tower layer around what is here by now, as axum's [`Router::layer`](axum::Router::layer).
    ///
    /// Its place counts: routes that come later do not have it. It stands around what is declared, sees it and may
    /// change it. A middleware inside of an endpoint, `axum::routing::get(handler).layer(..)` before anything is
    /// declared, sees nothing declared, and what it sets wins.
    ///
    /// ```
    /// use axum::{middleware::map_response, response::Response};
    /// use axum_layered::{Declare, Layered, get};
    /// # use axum::{body::Body, http::Request};
    /// # use tower::ServiceExt;
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let sees = map_response(|mut response: Response| async move {
    ///     let declared = response.headers().contains_key("x-layer").to_string();
    ///     response.headers_mut().insert("x-sees", declared.parse().unwrap());
    ///     response
    /// });
    /// let app = Layered::<()>::new()
    ///     .route("/before", get(|| async { "hello" }))
    ///     .layer(sees)
    ///     .route("/after", get(|| async { "hello" }))
    ///     .header(("x-layer", "app"))
    ///     .into_router();
    /// # let ask = async |path: &str| {
    /// #     let request = Request::get(path).body(Body::empty()).unwrap();
    /// #     app.clone().oneshot(request).await.unwrap()
    /// # };
    /// assert_eq!(ask("/before").await.headers()["x-sees"], "true");
    /// assert!(!ask("/after").await.headers().contains_key("x-sees"));
    /// # }
    /// ```
    pub fn layer<L>(mut self, layer: L) -> Self
    where
        L: Layer<Route> + Clone + Send + Sync + 'static,
        L::Service: Service<Request> + Clone + Send + Sync + 'static,
        <L::Service as Service<Request>>::Response: IntoResponse + 'static,
        <L::Service as Service<Request>>::Error: Into<Infallible> + 'static,
        <L::Service as Service<Request>>::Future: Send + 'static,
    {
        for pending in &mut self.pending {
            let router = std::mem::take(&mut pending.router);
            pending.router = router.layer(layer.clone());
        }
        self.router = self.router.layer(layer);
        self
    }

    /// As [`layer`](Self::layer), but for requests that fit the path of a route: not for the fallback.
    ///
    /// For what decides who may ask: a request that goes nowhere is not asked for its right. A 405 is asked, as with
    /// axum's [`Router::route_layer`](axum::Router::route_layer). Mistakes: that there are
    /// [no routes](crate::Mistake::RouteLayerWithoutRoutes) by now.
    ///
    /// ```
    /// use axum::{extract::Request, http::StatusCode, middleware::{Next, from_fn}};
    /// use axum_layered::{Layered, get};
    /// # use axum::body::Body;
    /// # use tower::ServiceExt;
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let app = Layered::<()>::new()
    ///     .route("/secret", get(|| async { "secret" }))
    ///     .route_layer(from_fn(|_: Request, _: Next| async { StatusCode::UNAUTHORIZED }))
    ///     .route("/public", get(|| async { "hello" }))
    ///     .into_router();
    /// # let ask = async |method: &str, path: &str| {
    /// #     let request = Request::builder().method(method).uri(path).body(Body::empty()).unwrap();
    /// #     app.clone().oneshot(request).await.unwrap()
    /// # };
    /// assert_eq!(ask("GET", "/secret").await.status(), 401);
    /// assert_eq!(ask("POST", "/secret").await.status(), 401);
    /// assert_eq!(ask("GET", "/nowhere").await.status(), 404);
    /// assert_eq!(ask("GET", "/public").await.status(), 200);
    /// # }
    /// ```
    pub fn route_layer<L>(mut self, layer: L) -> Self
    where
        L: Layer<Route> + Clone + Send + Sync + 'static,
        L::Service: Service<Request> + Clone + Send + Sync + 'static,
        <L::Service as Service<Request>>::Response: IntoResponse + 'static,
        <L::Service as Service<Request>>::Error: Into<Infallible> + 'static,
        <L::Service as Service<Request>>::Future: Send + 'static,
    {
        if self.leaves.iter().all(|leaf| leaf.kind == Kind::Fallback) {
            let name = self.level_name("");
            self.mistake(None, Some(name), Mistake::RouteLayerWithoutRoutes);
        }
        for pending in &mut self.pending {
            let router = std::mem::take(&mut pending.router);
            pending.router = router.layer(layer.clone());
        }
        if self.router.has_routes() {
            self.router = self.router.route_layer(layer);
        }
        self
    }

    /// A value for axum's [`Extension`] extractor, as `.layer(Extension(value))`.
    ///
    /// As [`layer`](Self::layer) it is for what is here by now; a handler that comes later and wants it answers with
    /// 500.
    ///
    /// ```
    /// use axum::Extension;
    /// use axum_layered::{Layered, get};
    /// # use axum::{body::Body, http::Request};
    /// # use tower::ServiceExt;
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let number = async |Extension(number): Extension<u32>| number.to_string();
    /// let app = Layered::<()>::new()
    ///     .route("/before", get(number))
    ///     .extension(7u32)
    ///     .route("/after", get(number))
    ///     .into_router();
    /// # let ask = async |path: &str| {
    /// #     let request = Request::get(path).body(Body::empty()).unwrap();
    /// #     app.clone().oneshot(request).await.unwrap()
    /// # };
    /// assert_eq!(ask("/before").await.status(), 200);
    /// assert_eq!(ask("/after").await.status(), 500);
    /// # }
    /// ```
    pub fn extension<T: Clone + Send + Sync + 'static>(self, value: T) -> Self {
        self.layer(Extension(value))
    }
}
