//! The builder: a real router, its endpoints, and what is declared around them.

use std::borrow::Cow;
use std::collections::HashSet;
use std::convert::Infallible;
use std::fmt;
use std::sync::Arc;

use axum::extract::Request;
use axum::handler::Handler;
use axum::response::IntoResponse;
use axum::routing::{MethodRouter, Route};
use axum::{Extension, Router};
use tower_layer::Layer;
use tower_service::Service;

use crate::attributes::{Attributes, Declare};
use crate::built::Built;
use crate::config_error::{ConfigError, ConfigErrors, Mistake};
use crate::endpoint::Endpoint;
use crate::methods::Methods;
#[cfg(feature = "openapi")]
use crate::openapi::Operations;
use crate::paths::{Paths, checked_nest, checked_route, joined};
use crate::slot::{Slot, SlotLayer, Slotted};

/// A router on which responses' headers, cookies, caching, status and encoding are declared.
///
/// It is put together like axum's [`Router`], whose words it uses, and becomes one: [`build`](Self::build) gives a
/// plain `Router`, the OpenAPI document and [an explanation](crate::Explain), or everything that is wrong. What is
/// [declared](Declare) on it holds for all of its endpoints, whatever the sequence. See the [crate's page](crate).
///
/// `S` is the state that its handlers still want, as that of a `Router<S>`.
///
/// ```
/// use axum_layered::{Declare, Layered, get};
/// # use axum::{body::Body, http::Request};
/// # use tower::ServiceExt;
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// let users = Layered::new()
///     .route("/{id}", get(|| async { "somebody" }))
///     .header(("x-layer", "users"));
/// let app = Layered::<()>::new()
///     .nest("/users", users)
///     .header(("x-layer", "app"))
///     .header(("x-app", "yes"))
///     .into_router();
/// let response = app.oneshot(Request::get("/users/7").body(Body::empty()).unwrap()).await.unwrap();
/// assert_eq!(response.headers()["x-layer"], "users");
/// assert_eq!(response.headers()["x-app"], "yes");
/// # }
/// ```
#[must_use]
pub struct Layered<S = ()> {
    name: Option<Cow<'static, str>>,
    pub(crate) attributes: Attributes,
    pub(crate) router: Router<S>,
    /// Not in the router yet, so that `mount` can join their paths.
    pending: Vec<Pending<S>>,
    pub(crate) leaves: Vec<Leaf>,
    /// Layers below that have no leaf: their mistakes are told none the less.
    pub(crate) empty: Vec<Arc<Level>>,
    paths: Paths,
    has_fallback: bool,
    pub(crate) mistakes: Vec<ConfigError>,
    #[cfg(feature = "openapi")]
    pub(crate) openapi: utoipa::openapi::OpenApi,
}

struct Pending<S> {
    path: String,
    router: MethodRouter<S>,
}

/// What has a slot, and the layers above it.
pub(crate) struct Leaf {
    pub(crate) kind: Kind,
    pub(crate) path: String,
    pub(crate) methods: Methods,
    pub(crate) slot: Slot,
    pub(crate) own: Attributes,
    /// Closest first.
    pub(crate) above: Vec<Arc<Level>>,
    #[cfg(feature = "openapi")]
    pub(crate) operations: Operations,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Endpoint,
    Fallback,
    /// A router of axum's, as a whole
    Opaque,
}

/// A layer that is finished.
pub(crate) struct Level {
    pub(crate) name: String,
    pub(crate) attributes: Attributes,
}

impl<S: Clone + Send + Sync + 'static> Layered<S> {
    /// An empty one: no routes, nothing declared. What it is asked for is axum's 404.
    ///
    /// ```
    /// use axum_layered::Layered;
    /// # use axum::{body::Body, http::Request};
    /// # use tower::ServiceExt;
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let app = Layered::<()>::new().into_router();
    /// let response = app.oneshot(Request::get("/").body(Body::empty()).unwrap()).await.unwrap();
    /// assert_eq!(response.status(), 404);
    /// # }
    /// ```
    pub fn new() -> Self {
        Self {
            name: None,
            attributes: Attributes::default(),
            router: Router::new(),
            pending: Vec::new(),
            leaves: Vec::new(),
            empty: Vec::new(),
            paths: Paths::default(),
            has_fallback: false,
            mistakes: Vec::new(),
            #[cfg(feature = "openapi")]
            openapi: utoipa::openapi::OpenApiBuilder::new().build(),
        }
    }

    /// The name by which mistakes and explanations call it; without one its path: `the router at /users`, or `the
    /// router`.
    ///
    /// ```
    /// use axum_layered::{Declare, Layered, get};
    ///
    /// let users = |layer: Layered| layer.header(("x-layer", "users")).route("/{id}", get(|| async {}));
    /// let built = Layered::<()>::new()
    ///     .nest("/users", users(Layered::new()))
    ///     .nest("/members", users(Layered::new().named("members")))
    ///     .build()?;
    /// let said_by = |path: &str| built.explain.path(path).next().unwrap().said()[0].layer();
    /// assert_eq!(said_by("/users/{id}"), "the router at /users");
    /// assert_eq!(said_by("/members/{id}"), "members");
    /// # Ok::<(), axum_layered::ConfigErrors>(())
    /// ```
    pub fn named(mut self, name: impl Into<Cow<'static, str>>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// An endpoint at a path: [`get(handler)`](crate::get), a method router of axum's, what `routes!` makes.
    ///
    /// The path is written as axum has it: `/users/{id}`, `/files/{*rest}`. The same path may come twice, with other
    /// methods: each endpoint has what it declares. What `routes!` makes is served at this path, whatever its own
    /// document says.
    ///
    /// Mistakes: [a path](crate::Mistake::Path) that axum refuses, and routes that [overlap](crate::Mistake::Overlap).
    ///
    /// ```
    /// use axum_layered::{Declare, Layered, get, post};
    /// # use axum::{body::Body, http::Request};
    /// # use tower::ServiceExt;
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let app = Layered::<()>::new()
    ///     .route("/users/{id}", get(|| async { "somebody" }).header(("x-for", "GET")))
    ///     .route("/users/{id}", post(|| async { "changed" }).header(("x-for", "POST")))
    ///     .into_router();
    /// # let ask = async |method: &str, path: &str| {
    /// #     let request = Request::builder().method(method).uri(path).body(Body::empty()).unwrap();
    /// #     app.clone().oneshot(request).await.unwrap()
    /// # };
    /// assert_eq!(ask("GET", "/users/7").await.headers()["x-for"], "GET");
    /// assert_eq!(ask("POST", "/users/7").await.headers()["x-for"], "POST");
    ///
    /// let app = Layered::<()>::new().route("/{id}", get(|| async {})).route("/{name}", get(|| async {}));
    /// assert!(app.build().unwrap_err().to_string().contains("GET /{name}: a request to it would fit /{id} as well"));
    /// # }
    /// ```
    pub fn route(mut self, path: &str, endpoint: impl Into<Endpoint<S>>) -> Self {
        self.add(path, endpoint.into());
        self
    }

    /// An endpoint at the path that its document says: `routes!(handler)` of utoipa-axum.
    ///
    /// Feature `openapi`. What is declared stands in the document, on every response that gets it. Mistakes: those of
    /// [`route`](Self::route), and an endpoint [without a document](crate::Mistake::NoDocument), such as
    /// [`get(handler)`](crate::get).
    ///
    /// ```
    /// use axum_layered::{Declare, Layered};
    /// use utoipa_axum::routes;
    /// # use axum::{body::Body, http::Request};
    /// # use tower::ServiceExt;
    ///
    /// #[utoipa::path(get, path = "/users", responses(
    ///     (status = 200, description = "all of them"),
    ///     (status = 503, description = "later"),
    /// ))]
    /// async fn users() -> &'static str {
    ///     "nobody"
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let built = Layered::<()>::new().routes(routes!(users).header(("x-cost", "1"))).build().unwrap();
    /// let document = serde_json::to_value(&built.openapi).unwrap();
    /// let responses = &document["paths"]["/users"]["get"]["responses"];
    /// assert_eq!(responses["200"]["headers"]["x-cost"]["example"], "1");
    /// assert!(responses["503"]["headers"].is_null()); // errors do not get it
    ///
    /// let request = Request::get("/users").body(Body::empty()).unwrap();
    /// assert_eq!(built.router.oneshot(request).await.unwrap().headers()["x-cost"], "1");
    /// # }
    /// ```
    #[cfg(feature = "openapi")]
    pub fn routes(mut self, endpoint: impl Into<Endpoint<S>>) -> Self {
        let endpoint = endpoint.into();
        let paths = endpoint.operations.paths();
        if paths.is_empty() {
            let methods = endpoint.methods.to_string();
            self.mistake(Some(methods), None, Mistake::NoDocument);
        }
        for path in paths {
            let part = Endpoint {
                operations: endpoint.operations.of_path(&path),
                ..endpoint.clone()
            };
            self.add(if path.is_empty() { "/" } else { &path }, part);
        }
        self
    }

    fn add(&mut self, path: &str, endpoint: Endpoint<S>) {
        let Endpoint {
            router,
            slot,
            attributes,
            methods,
            twice,
            ..
        } = endpoint;
        if !twice.is_empty() {
            let other = Mistake::Overlap(route(twice, path));
            self.mistake(Some(route(methods, path)), None, other);
        }
        let checked = checked_route(path).and_then(|()| self.paths.claim(path, methods));
        if let Err(mistake) = checked {
            return self.mistake(Some(route(methods, path)), None, mistake);
        }
        self.leaves.push(Leaf {
            kind: Kind::Endpoint,
            path: path.to_owned(),
            methods,
            slot,
            own: attributes,
            above: Vec::new(),
            #[cfg(feature = "openapi")]
            operations: endpoint.operations,
        });
        self.pending.push(Pending {
            path: path.to_owned(),
            router,
        });
    }

    /// Puts a layer below a path, as axum's [`Router::nest`] does: handlers see the rest of the path.
    ///
    /// The layer is a `Layered`, a `Router` of axum's (its responses get what is declared here, as far as they do not
    /// have it) or an `OpenApiRouter` of utoipa-axum.
    ///
    /// A fallback of the layer answers below the path. Mistakes: [a path](crate::Mistake::Path) that nothing can be
    /// nested at (`/`, for which there is [`merge`](Self::merge)), routes that [overlap](crate::Mistake::Overlap), two
    /// fallbacks [at one path](crate::Mistake::TwoFallbacks) or too close for axum to
    /// [tell apart](crate::Mistake::FallbackOverlap).
    ///
    /// # Panics
    /// By axum, where two of axum's own routers have a route in common: what is in them cannot be seen from here.
    ///
    /// # Example
    /// ```
    /// use axum::{Router, http::Uri};
    /// use axum_layered::{Declare, Layered, get};
    /// # use axum::{body::{Body, to_bytes}, http::Request};
    /// # use tower::ServiceExt;
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let rest = |uri: Uri| async move { uri.path().to_owned() };
    /// let app = Layered::<()>::new()
    ///     .header(("x-layer", "app"))
    ///     .nest("/users", Layered::new().route("/{id}", get(rest)))
    ///     .nest("/axums", Router::new().route("/{id}", axum::routing::get(rest)))
    ///     .into_router();
    /// # let ask = async |path: &str| {
    /// #     let request = Request::get(path).body(Body::empty()).unwrap();
    /// #     app.clone().oneshot(request).await.unwrap()
    /// # };
    /// for path in ["/users/7", "/axums/7"] {
    ///     let response = ask(path).await;
    ///     assert_eq!(response.headers()["x-layer"], "app");
    ///     assert_eq!(to_bytes(response.into_body(), 99).await.unwrap(), "/7");
    /// }
    /// # }
    /// ```
    pub fn nest(mut self, path: &str, layer: impl Into<Self>) -> Self {
        let mut layer = layer.into();
        if let Err(mistake) = checked_nest(path, "merge") {
            self.refuse(layer, path, mistake);
            return self;
        }
        layer.settle();
        let router = std::mem::take(&mut layer.router);
        if self.adopt(layer, path) {
            self.router = std::mem::take(&mut self.router).nest(path, router);
        }
        self
    }

    /// Puts a layer below a path by joining the paths: handlers see the whole one, and a request costs no more than
    /// without the layer.
    ///
    /// What the layer has nested itself stays nested.
    ///
    /// Mistakes: those of [`nest`](Self::nest), and a layer that has [a fallback](crate::Mistake::MountedFallback).
    ///
    /// ```
    /// use axum::http::Uri;
    /// use axum_layered::{Declare, Layered, get};
    /// # use axum::{body::{Body, to_bytes}, http::Request};
    /// # use tower::ServiceExt;
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let seen = |uri: Uri| async move { uri.path().to_owned() };
    /// let app = Layered::<()>::new()
    ///     .mount("/mounted", Layered::new().header(("x-layer", "mounted")).route("/{id}", get(seen)))
    ///     .nest("/nested", Layered::new().header(("x-layer", "nested")).route("/{id}", get(seen)))
    ///     .into_router();
    /// # let ask = async |path: &str| {
    /// #     let request = Request::get(path).body(Body::empty()).unwrap();
    /// #     app.clone().oneshot(request).await.unwrap()
    /// # };
    /// let response = ask("/mounted/7").await;
    /// assert_eq!(response.headers()["x-layer"], "mounted");
    /// assert_eq!(to_bytes(response.into_body(), 99).await.unwrap(), "/mounted/7");
    /// assert_eq!(to_bytes(ask("/nested/7").await.into_body(), 99).await.unwrap(), "/7");
    /// # }
    /// ```
    pub fn mount(mut self, path: &str, layer: impl Into<Self>) -> Self {
        let mut layer = layer.into();
        let checked = checked_nest(path, "merge");
        let checked = if layer.has_fallback {
            Err(Mistake::MountedFallback)
        } else {
            checked
        };
        if let Err(mistake) = checked {
            self.refuse(layer, path, mistake);
            return self;
        }
        let pending = std::mem::take(&mut layer.pending);
        let nested = layer.leaves.len() > pending.len();
        let router = std::mem::take(&mut layer.router);
        if self.adopt(layer, path) {
            let pending = pending.into_iter();
            self.pending.extend(pending.map(|one| Pending {
                path: joined(path, &one.path),
                ..one
            }));
            if nested {
                self.router = std::mem::take(&mut self.router).nest(path, router);
            }
        }
        self
    }

    /// Takes another layer in, side by side: what it declares holds for its endpoints alone.
    ///
    /// What is declared here holds for them too. The layer is a `Layered`, a `Router` of axum's or an `OpenApiRouter`
    /// of utoipa-axum. Its fallback comes along. Mistakes: routes that [overlap](crate::Mistake::Overlap), and [a
    /// fallback on both sides](crate::Mistake::TwoFallbacks).
    ///
    /// # Panics
    /// By axum, where two of axum's own routers have a route in common, or both a fallback: what is in them cannot be
    /// seen from here.
    ///
    /// # Example
    /// ```
    /// use axum_layered::{Declare, Layered, get};
    /// # use axum::{body::Body, http::Request};
    /// # use tower::ServiceExt;
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let users = Layered::new().header(("x-layer", "users")).route("/users", get(|| async { "nobody" }));
    /// let app = Layered::<()>::new()
    ///     .header(("x-app", "yes"))
    ///     .route("/", get(|| async { "hello" }))
    ///     .merge(users)
    ///     .into_router();
    /// # let ask = async |path: &str| {
    /// #     let request = Request::get(path).body(Body::empty()).unwrap();
    /// #     app.clone().oneshot(request).await.unwrap()
    /// # };
    /// let response = ask("/users").await;
    /// assert_eq!(response.headers()["x-layer"], "users");
    /// assert_eq!(response.headers()["x-app"], "yes");
    /// assert!(!ask("/").await.headers().contains_key("x-layer"));
    /// # }
    /// ```
    pub fn merge(mut self, layer: impl Into<Self>) -> Self {
        let mut layer = layer.into();
        if self.has_fallback && layer.has_fallback {
            self.refuse(layer, "", Mistake::TwoFallbacks);
            return self;
        }
        let pending = std::mem::take(&mut layer.pending);
        let router = std::mem::take(&mut layer.router);
        let has_fallback = layer.has_fallback;
        if self.adopt(layer, "") {
            self.pending.extend(pending);
            self.router = std::mem::take(&mut self.router).merge(router);
            self.has_fallback |= has_fallback;
        }
        self
    }

    /// Takes the endpoints of a layer, and what it declares above them. Whether its paths are free.
    fn adopt(&mut self, layer: Self, path: &str) -> bool {
        let first = self.leaves.len();
        self.hold(layer, path);
        let mut found = Vec::new();
        let mut fallbacks = HashSet::new();
        for leaf in &self.leaves[first..] {
            let claimed = match leaf.kind {
                Kind::Endpoint => self.paths.claim(&leaf.path, leaf.methods),
                // That of the whole router is looked at where it is merged; two on one layer are told already.
                Kind::Fallback if leaf.path != "/" && fallbacks.insert(&leaf.path) => {
                    self.paths.claim_fallback(&leaf.path)
                }
                Kind::Fallback | Kind::Opaque => Ok(()),
            };
            if let Err(mistake) = claimed {
                found.push((route(leaf.methods, &leaf.path), mistake));
            }
        }
        let free = found.is_empty();
        for (route, mistake) in found {
            self.mistake(Some(route), None, mistake);
        }
        free
    }

    /// A layer that has no place here; what else is wrong with it is told too.
    fn refuse(&mut self, layer: Self, path: &str, mistake: Mistake) {
        let route = (!path.is_empty()).then(|| path.to_owned());
        let name = layer.name.as_deref().map(str::to_owned);
        self.mistake(route, name, mistake);
        self.hold(layer, path);
    }

    fn hold(&mut self, mut layer: Self, path: &str) {
        let name = layer.level_name(path);
        self.mistakes
            .extend(layer.mistakes.drain(..).map(|error| error.below(path)));
        let level = Arc::new(Level {
            name,
            attributes: std::mem::take(&mut layer.attributes),
        });
        for leaf in &mut layer.leaves {
            leaf.path = if path.is_empty() {
                leaf.path.clone()
            } else {
                joined(path, &leaf.path)
            };
            leaf.above.push(Arc::clone(&level));
        }
        if layer.leaves.is_empty() {
            self.empty.push(level);
        }
        self.empty.append(&mut layer.empty);
        self.leaves.append(&mut layer.leaves);
        #[cfg(feature = "openapi")]
        crate::openapi::take_in(&mut self.openapi, layer.openapi);
    }

    /// A tower layer around what is here by now, as axum's [`Router::layer`].
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
    /// axum's [`Router::route_layer`]. Mistakes: that there are [no routes](crate::Mistake::RouteLayerWithoutRoutes) by
    /// now.
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

    /// Puts any service below a path, as axum's [`Router::nest_service`].
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
    /// [`Router::method_not_allowed_fallback`]: for the routes that are here by now.
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

    /// Gives the state to the handlers that are here, as axum's [`Router::with_state`].
    ///
    /// What comes out may want another state, or none; declarations stay. It may also be given to the built router.
    ///
    /// ```
    /// use axum::extract::State;
    /// use axum_layered::{Declare, Layered, get};
    /// # use axum::{body::{Body, to_bytes}, http::Request};
    /// # use tower::ServiceExt;
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let greet = async |State(name): State<String>| format!("hello {name}");
    /// let count = async |State(number): State<u32>| number.to_string();
    /// let greeting = Layered::<String>::new().header(("x-layer", "greeting")).route("/greet", get(greet));
    /// let app = Layered::<u32>::new()
    ///     .route("/count", get(count))
    ///     .merge(greeting.with_state("you".to_owned()))
    ///     .with_state(7)
    ///     .into_router();
    /// # let ask = async |path: &str| {
    /// #     let request = Request::get(path).body(Body::empty()).unwrap();
    /// #     app.clone().oneshot(request).await.unwrap()
    /// # };
    /// let response = ask("/greet").await;
    /// assert_eq!(response.headers()["x-layer"], "greeting");
    /// assert_eq!(to_bytes(response.into_body(), 99).await.unwrap(), "hello you");
    /// assert_eq!(to_bytes(ask("/count").await.into_body(), 99).await.unwrap(), "7");
    /// # }
    /// ```
    pub fn with_state<S2: Clone + Send + Sync + 'static>(mut self, state: S) -> Layered<S2> {
        let pending = std::mem::take(&mut self.pending).into_iter();
        let pending = pending.map(|one| Pending {
            path: one.path,
            router: one.router.with_state(state.clone()),
        });
        Layered {
            pending: pending.collect(),
            router: self.router.with_state(state),
            name: self.name,
            attributes: self.attributes,
            leaves: self.leaves,
            empty: self.empty,
            paths: self.paths,
            has_fallback: self.has_fallback,
            mistakes: self.mistakes,
            #[cfg(feature = "openapi")]
            openapi: self.openapi,
        }
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

    /// The document to begin with: title, version, servers, tags.
    ///
    /// Feature `openapi`. What is put in with a document is added to it, before this call or after. Its shared
    /// responses stay as they are: an operation that refers to one has its own copy with what is declared.
    ///
    /// ```
    /// use axum_layered::Layered;
    /// use utoipa::openapi::{InfoBuilder, OpenApiBuilder};
    /// use utoipa_axum::routes;
    ///
    /// #[utoipa::path(get, path = "/users", responses((status = 200, description = "all of them")))]
    /// async fn users() {}
    ///
    /// let info = InfoBuilder::new().title("Users").version("7").build();
    /// let built = Layered::<()>::new()
    ///     .routes(routes!(users))
    ///     .openapi(OpenApiBuilder::new().info(info).build())
    ///     .build()?;
    /// let document = serde_json::to_value(&built.openapi).unwrap();
    /// assert_eq!(document["info"]["title"], "Users");
    /// assert!(document["paths"]["/users"]["get"].is_object());
    /// # Ok::<(), axum_layered::ConfigErrors>(())
    /// ```
    #[cfg(feature = "openapi")]
    pub fn openapi(mut self, openapi: utoipa::openapi::OpenApi) -> Self {
        let collected = std::mem::replace(&mut self.openapi, openapi);
        crate::openapi::take_in(&mut self.openapi, collected);
        self
    }

    /// Merges what is declared, once, and gives the router.
    ///
    /// # Errors
    /// Everything that is wrong, in one list: see [`Mistake`].
    ///
    /// # Example
    /// ```
    /// use axum_layered::{Declare, Layered, get};
    /// # use axum::{body::Body, http::Request};
    /// # use tower::ServiceExt;
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let app = || Layered::<()>::new().named("app").route("/", get(|| async { "hello" }));
    /// let built = app().header(("x-layer", "app")).build().unwrap();
    /// let response = built.router.oneshot(Request::get("/").body(Body::empty()).unwrap()).await.unwrap();
    /// assert_eq!(response.headers()["x-layer"], "app");
    ///
    /// let errors = app().status(404).header(("x-layer", "\n")).build().unwrap_err();
    /// assert_eq!(
    ///     errors.iter().map(ToString::to_string).collect::<Vec<_>>(),
    ///     [
    ///         "app: the value of the header `x-layer` has a character that cannot be sent",
    ///         "app: 404 is no status of success (200 to 299)",
    ///     ]
    /// );
    /// # }
    /// ```
    pub fn build(mut self) -> Result<Built<S>, ConfigErrors> {
        self.settle();
        let name = self.level_name("");
        crate::built::build(self, &name)
    }

    /// The router alone: [`build`](Self::build) for programs that cannot go on without it.
    ///
    /// # Panics
    /// With everything that is wrong.
    ///
    /// # Example
    /// ```should_panic
    /// use axum_layered::{Declare, Layered};
    ///
    /// let app = Layered::<()>::new().named("app").status(404);
    /// let router = app.into_router(); // 1 mistake in the router: app: 404 is no status of success (200 to 299)
    /// # drop(router);
    /// ```
    ///
    /// A router of axum's comes out, to be served or nested anywhere:
    ///
    /// ```
    /// use axum::Router;
    /// use axum_layered::{Declare, Layered, get};
    /// # use axum::{body::Body, http::Request};
    /// # use tower::ServiceExt;
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let api = Layered::new().header(("x-layer", "api")).route("/users", get(|| async { "nobody" }));
    /// let app: Router = Router::new().nest("/api", api.into_router());
    /// let response = app.oneshot(Request::get("/api/users").body(Body::empty()).unwrap()).await.unwrap();
    /// assert_eq!(response.headers()["x-layer"], "api");
    /// # }
    /// ```
    #[track_caller]
    pub fn into_router(self) -> Router<S> {
        match self.build() {
            Ok(built) => built.router,
            Err(errors) => panic!("{errors}"),
        }
    }

    /// Puts the routes that wait into the router.
    fn settle(&mut self) {
        for Pending { path, router } in std::mem::take(&mut self.pending) {
            self.router = std::mem::take(&mut self.router).route(&path, router);
        }
    }

    fn level_name(&self, path: &str) -> String {
        match (&self.name, path) {
            (Some(name), _) => name.clone().into_owned(),
            (None, "") => "the router".to_owned(),
            (None, path) => format!("the router at {path}"),
        }
    }

    fn mistake(&mut self, route: Option<String>, layer: Option<String>, mistake: Mistake) {
        self.mistakes.push(ConfigError {
            route,
            layer,
            mistake,
        });
    }
}

/// `GET /users/{id}`; the path alone where the methods are not known or do not matter.
pub(crate) fn route(methods: Methods, path: &str) -> String {
    if methods.is_empty() || methods == Methods::ALL {
        path.to_owned()
    } else {
        format!("{methods} {path}")
    }
}

impl Leaf {
    fn of(kind: Kind, slot: Slot) -> Self {
        Self {
            kind,
            path: "/".to_owned(),
            methods: Methods::default(),
            slot,
            own: Attributes::default(),
            above: Vec::new(),
            #[cfg(feature = "openapi")]
            operations: Operations::default(),
        }
    }
}

impl<S: Clone + Send + Sync + 'static> Default for Layered<S> {
    fn default() -> Self {
        Self::new()
    }
}

impl<S> fmt::Debug for Layered<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Layered")
            .field("name", &self.name)
            .field("attributes", &self.attributes)
            .field("endpoints", &self.leaves.len())
            .finish_non_exhaustive()
    }
}

impl<S> Declare for Layered<S> {
    type Declared = Self;

    fn declare(mut self, declare: impl FnOnce(&mut Attributes)) -> Self {
        declare(&mut self.attributes);
        self
    }
}

/// One slot around all of it: its own headers win, and nothing that it sets can be removed.
impl<S: Clone + Send + Sync + 'static> From<Router<S>> for Layered<S> {
    fn from(router: Router<S>) -> Self {
        let slot = Slot::default();
        let mut layered = Self::new();
        layered.router = router.layer(SlotLayer::new(slot.clone()));
        layered.leaves.push(Leaf::of(Kind::Opaque, slot));
        layered
    }
}

/// As a `Router` of axum's. Its document goes into the document, with what is declared.
#[cfg(feature = "openapi")]
impl<S: Clone + Send + Sync + 'static> From<utoipa_axum::router::OpenApiRouter<S>> for Layered<S> {
    fn from(router: utoipa_axum::router::OpenApiRouter<S>) -> Self {
        let (router, mut openapi) = router.split_for_parts();
        let mut layered = Self::from(router);
        let paths = std::mem::take(&mut openapi.paths);
        if let Some(leaf) = layered.leaves.first_mut() {
            leaf.operations = Operations::new(Vec::new(), paths);
        }
        layered.openapi = openapi;
        layered
    }
}
