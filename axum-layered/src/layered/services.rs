//! Services, and what answers where no route does.

use std::convert::Infallible;

use axum::extract::Request;
use axum::handler::Handler;
use axum::response::IntoResponse;
use tower_layer::Layer;
use tower_service::Service;

use super::{Kind, Layered, Leaf};
use crate::config_error::Mistake;
use crate::methods::Methods;
use crate::paths::checked_nest;
use crate::slot::{Slot, SlotLayer, Slotted};

impl<S: Clone + Send + Sync + 'static> Layered<S> {
    /// Puts any service below a path, as axum's [`Router::nest_service`](axum::Router::nest_service).
    ///
    /// Its responses get what is declared here, as far as they do not have it.
    ///
    /// The service sees the rest of the path, and answers everything below it: nothing else can stand there. Mistakes:
    /// those of [`nest`](Self::nest).
    ///
    /// ```
    /// use std::convert::Infallible;
    /// use axum::{extract::Request, response::{IntoResponse, Response}};
    /// use axum_layered::{Declare, Layered};
    /// # use axum::body::{Body, to_bytes};
    /// # use tower::ServiceExt;
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let echo = tower::service_fn(|request: Request| async move {
    ///     Ok::<Response, Infallible>(request.uri().path().to_owned().into_response())
    /// });
    /// let app = Layered::<()>::new().header(("x-layer", "app")).nest_service("/echo", echo).into_router();
    /// let response = app.oneshot(Request::get("/echo/any/thing").body(Body::empty()).unwrap()).await.unwrap();
    /// assert_eq!(response.headers()["x-layer"], "app");
    /// assert_eq!(to_bytes(response.into_body(), 99).await.unwrap(), "/any/thing");
    /// # }
    /// ```
    pub fn nest_service<T>(mut self, path: &str, service: T) -> Self
    where
        T: Service<Request, Error = Infallible> + Clone + Send + Sync + 'static,
        T::Response: IntoResponse,
        T::Future: Send + 'static,
    {
        let taken =
            ["", "/", "/{*rest}"].map(|rest| format!("{}{rest}", path.trim_end_matches('/')));
        let claimed = checked_nest(path, "fallback_service").and_then(|()| {
            taken
                .iter()
                .try_for_each(|path| self.paths.claim(path, Methods::ALL))
        });
        if let Err(mistake) = claimed {
            self.mistake(Some(path.to_owned()), None, mistake);
            return self;
        }
        let slot = Slot::default();
        self.router = self
            .router
            .nest_service(path, SlotLayer::new(slot.clone()).layer(service));
        self.leaves.push(Leaf {
            path: path.to_owned(),
            ..Leaf::of(Kind::Opaque, slot)
        });
        self
    }

    /// A service that answers where no route does: as [`fallback`](Self::fallback).
    ///
    /// ```
    /// use std::convert::Infallible;
    /// use axum::{extract::Request, http::StatusCode, response::{IntoResponse, Response}};
    /// use axum_layered::{Declare, Layered, ResponseHeader};
    /// # use axum::body::Body;
    /// # use tower::ServiceExt;
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let gone = || Ok::<Response, Infallible>(StatusCode::GONE.into_response());
    /// let service = tower::service_fn(move |_: Request| async move { gone() });
    /// let app = Layered::<()>::new()
    ///     .header(("x-ordinary", "yes"))
    ///     .header(ResponseHeader::new("x-policy", "strict").always())
    ///     .fallback_service(service)
    ///     .into_router();
    /// let response = app.oneshot(Request::get("/nowhere").body(Body::empty()).unwrap()).await.unwrap();
    /// assert_eq!(response.status(), 410);
    /// assert_eq!(response.headers()["x-policy"], "strict");
    /// assert!(!response.headers().contains_key("x-ordinary"));
    /// # }
    /// ```
    pub fn fallback_service<T>(mut self, service: T) -> Self
    where
        T: Service<Request, Error = Infallible> + Clone + Send + Sync + 'static,
        T::Response: IntoResponse,
        T::Future: Send + 'static,
    {
        self.first_fallback();
        let slot = Slot::default();
        self.router = self
            .router
            .fallback_service(SlotLayer::new(slot.clone()).layer(service));
        self.leaves.push(Leaf::of(Kind::Fallback, slot));
        self
    }

    /// What answers where no route does. Of what this layer declares it gets what is declared as `always`, and all of
    /// it where it answers with success.
    ///
    /// Without one axum's 404 answers, with what is `always` on the outermost layer. A nested layer has its own, below
    /// its path. [`problem::not_found`](axum_responses::problem::not_found) is one. Mistakes:
    /// [a second one](crate::Mistake::TwoFallbacks).
    ///
    /// ```
    /// use axum_layered::{Declare, Layered, ResponseHeader, get};
    /// # use axum::{body::Body, http::{Request, StatusCode}};
    /// # use tower::ServiceExt;
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let api = Layered::new()
    ///     .header(ResponseHeader::new("x-policy", "of the api").always())
    ///     .route("/users", get(|| async { "nobody" }))
    ///     .fallback(|| async { StatusCode::NOT_FOUND });
    /// let app = Layered::<()>::new()
    ///     .header(("x-ordinary", "yes"))
    ///     .nest("/api", api)
    ///     .fallback(|| async { "the start page" })
    ///     .into_router();
    /// # let ask = async |path: &str| {
    /// #     let request = Request::get(path).body(Body::empty()).unwrap();
    /// #     app.clone().oneshot(request).await.unwrap()
    /// # };
    /// let missing = ask("/api/nowhere").await;
    /// assert_eq!(missing.headers()["x-policy"], "of the api");
    /// assert!(!missing.headers().contains_key("x-ordinary"));
    /// assert_eq!(ask("/nowhere").await.headers()["x-ordinary"], "yes");
    /// # }
    /// ```
    pub fn fallback<H: Handler<T, S>, T: 'static>(mut self, handler: H) -> Self {
        self.first_fallback();
        let slot = Slot::default();
        self.router = self.router.fallback(Slotted {
            handler,
            slot: slot.clone(),
        });
        self.leaves.push(Leaf::of(Kind::Fallback, slot));
        self
    }

    fn first_fallback(&mut self) {
        if self.has_fallback {
            let name = self.level_name("");
            self.mistake(None, Some(name), Mistake::TwoFallbacks);
        }
        self.has_fallback = true;
    }

    /// What answers to a method that a path has not, as axum's
    /// [`Router::method_not_allowed_fallback`](axum::Router::method_not_allowed_fallback): for the routes that are here by
    /// now.
    ///
    /// Its 405 (RFC 9110 §15.5.6) gets what is declared as [`always`](crate::ResponseHeader::always) at that path, and
    /// axum's `Allow`. [`problem::method_not_allowed`](axum_responses::problem::method_not_allowed) is one.
    ///
    /// ```
    /// use axum_layered::{Declare, Layered, ResponseHeader, get};
    /// use axum_responses::problem;
    /// # use axum::{body::Body, http::Request};
    /// # use tower::ServiceExt;
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let app = Layered::<()>::new()
    ///     .header(ResponseHeader::new("x-policy", "strict").always())
    ///     .route("/", get(|| async { "hello" }))
    ///     .method_not_allowed_fallback(problem::method_not_allowed)
    ///     .into_router();
    /// let response = app.oneshot(Request::post("/").body(Body::empty()).unwrap()).await.unwrap();
    /// assert_eq!(response.headers()["content-type"], "application/problem+json");
    /// assert_eq!(response.headers()["allow"], "GET,HEAD");
    /// assert_eq!(response.headers()["x-policy"], "strict");
    /// # }
    /// ```
    pub fn method_not_allowed_fallback<H: Handler<T, S>, T: 'static>(mut self, handler: H) -> Self {
        // Its slot stays empty: it gives the handler its context.
        let slot = Slot::default();
        let fallback = Slotted { handler, slot };
        for pending in &mut self.pending {
            if !Methods::of_router(&pending.router)
                .overlap(Methods::ANY)
                .is_empty()
            {
                continue; // it has one of its own
            }
            let router = std::mem::take(&mut pending.router);
            pending.router = router.fallback(fallback.clone());
        }
        self.router = self.router.method_not_allowed_fallback(fallback);
        self
    }
}
