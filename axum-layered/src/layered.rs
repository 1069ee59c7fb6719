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
/// It is put together like axum's [`Router`], whose words it uses, and becomes one: [`build`](Self::build) gives a plain
/// `Router`, the OpenAPI document and [an explanation](crate::Explain), or everything that is wrong. What is
/// [declared](Declare) on it holds for all of its endpoints, whatever the sequence. See the [crate's page](crate).
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
    /// An empty one.
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

    /// The name by which mistakes and explanations call it; without one its path.
    pub fn named(mut self, name: impl Into<Cow<'static, str>>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// An endpoint at a path: [`get(handler)`](crate::get), a method router of axum's, what `routes!` makes.
    pub fn route(mut self, path: &str, endpoint: impl Into<Endpoint<S>>) -> Self {
        self.add(path, endpoint.into());
        self
    }

    /// An endpoint at the path that its document says: `routes!(handler)` of utoipa-axum.
    #[cfg(feature = "openapi")]
    pub fn routes(mut self, endpoint: impl Into<Endpoint<S>>) -> Self {
        let endpoint = endpoint.into();
        for path in endpoint.operations.paths() {
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
    /// # Panics
    /// By axum, where two of axum's own routers have a route in common: what is in them cannot be seen from here.
    pub fn nest(mut self, path: &str, layer: impl Into<Self>) -> Self {
        let mut layer = layer.into();
        if let Err(mistake) = checked_nest(path) {
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
    pub fn mount(mut self, path: &str, layer: impl Into<Self>) -> Self {
        let mut layer = layer.into();
        let checked = checked_nest(path);
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
    /// # Panics
    /// By axum, where two of axum's own routers have a route in common, or both a fallback: what is in them cannot be
    /// seen from here.
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
                // Of several on one layer, the last one answers. That of the whole router is looked at where it is merged.
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

    /// As [`layer`](Self::layer), but for requests that a route fits: not for the fallback and not for a 405.
    pub fn route_layer<L>(mut self, layer: L) -> Self
    where
        L: Layer<Route> + Clone + Send + Sync + 'static,
        L::Service: Service<Request, Error = Infallible> + Clone + Send + Sync + 'static,
        <L::Service as Service<Request>>::Response: IntoResponse + 'static,
        <L::Service as Service<Request>>::Future: Send + 'static,
    {
        let nested = self.leaves.iter().any(|leaf| leaf.kind != Kind::Fallback);
        for pending in &mut self.pending {
            let router = std::mem::take(&mut pending.router);
            pending.router = router.route_layer(layer.clone());
        }
        if nested && self.router.has_routes() {
            self.router = self.router.route_layer(layer);
        }
        self
    }

    /// Puts any service below a path, as axum's [`Router::nest_service`].
    ///
    /// Its responses get what is declared here, as far as they do not have it.
    pub fn nest_service<T>(mut self, path: &str, service: T) -> Self
    where
        T: Service<Request, Error = Infallible> + Clone + Send + Sync + 'static,
        T::Response: IntoResponse,
        T::Future: Send + 'static,
    {
        let taken =
            ["", "/", "/{*rest}"].map(|rest| format!("{}{rest}", path.trim_end_matches('/')));
        let claimed = checked_nest(path).and_then(|()| {
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
            .nest_service(path, SlotLayer(slot.clone()).layer(service));
        self.leaves.push(Leaf {
            path: path.to_owned(),
            ..Leaf::of(Kind::Opaque, slot)
        });
        self
    }

    /// A service that answers where no route does: as [`fallback`](Self::fallback).
    pub fn fallback_service<T>(mut self, service: T) -> Self
    where
        T: Service<Request, Error = Infallible> + Clone + Send + Sync + 'static,
        T::Response: IntoResponse,
        T::Future: Send + 'static,
    {
        let slot = Slot::default();
        self.router = self
            .router
            .fallback_service(SlotLayer(slot.clone()).layer(service));
        self.has_fallback = true;
        self.leaves.push(Leaf::of(Kind::Fallback, slot));
        self
    }

    /// What answers where no route does. Of what this layer declares it gets what is declared as `always`, and all of
    /// it where it answers with success.
    pub fn fallback<H: Handler<T, S>, T: 'static>(mut self, handler: H) -> Self {
        let slot = Slot::default();
        self.router = self.router.fallback(Slotted {
            handler,
            slot: slot.clone(),
        });
        self.has_fallback = true;
        self.leaves.push(Leaf::of(Kind::Fallback, slot));
        self
    }

    /// What answers to a method that a path has not, as axum's
    /// [`Router::method_not_allowed_fallback`]: for the routes that are here by now.
    pub fn method_not_allowed_fallback<H: Handler<T, S>, T: 'static>(mut self, handler: H) -> Self {
        self.settle();
        let slot = Slot::default(); // stays empty: it gives the handler its context
        self.router = self
            .router
            .method_not_allowed_fallback(Slotted { handler, slot });
        self
    }

    /// Gives the state to the handlers that are here, as axum's [`Router::with_state`].
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
    pub fn extension<T: Clone + Send + Sync + 'static>(self, value: T) -> Self {
        self.layer(Extension(value))
    }

    /// The document to begin with: title, version, servers, tags.
    #[cfg(feature = "openapi")]
    pub fn openapi(mut self, openapi: utoipa::openapi::OpenApi) -> Self {
        let collected = std::mem::replace(&mut self.openapi, openapi);
        crate::openapi::take_in(&mut self.openapi, collected);
        self
    }

    /// Merges what is declared, once, and gives the router.
    ///
    /// # Errors
    /// Everything that is wrong, in one list.
    pub fn build(mut self) -> Result<Built<S>, ConfigErrors> {
        self.settle();
        let name = self.level_name("");
        crate::built::build(self, &name)
    }

    /// The router alone.
    ///
    /// # Panics
    /// With everything that is wrong.
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
        layered.router = router.layer(SlotLayer(slot.clone()));
        layered.leaves.push(Leaf::of(Kind::Opaque, slot));
        layered
    }
}

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
