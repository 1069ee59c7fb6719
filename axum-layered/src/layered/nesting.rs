//! Layers in layers: below a path, or side by side.

use std::collections::HashSet;
use std::sync::Arc;

use axum::Router;

use super::{Kind, Layered, Leaf, Level, Pending, route};
use crate::config_error::Mistake;
#[cfg(feature = "openapi")]
use crate::openapi::Operations;
use crate::paths::{checked_nest, joined};
use crate::slot::{Slot, SlotLayer};

impl<S: Clone + Send + Sync + 'static> Layered<S> {
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
