//! The builder: a real router, its endpoints, and what is declared around them.

mod around;
mod nesting;
mod services;

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use axum::Router;
use axum::routing::MethodRouter;

use crate::attributes::{Attributes, Declare};
use crate::built::Built;
use crate::config_error::{ConfigError, ConfigErrors, Mistake};
use crate::endpoint::Endpoint;
use crate::methods::Methods;
#[cfg(feature = "openapi")]
use crate::openapi::Operations;
use crate::paths::{Paths, checked_route};
use crate::slot::Slot;

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
