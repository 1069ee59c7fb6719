//! What answers at a path, and what it declares of its own.

use std::convert::Infallible;
use std::fmt;

use axum::extract::Request;
use axum::handler::Handler;
use axum::response::IntoResponse;
use axum::routing::{self, MethodFilter, MethodRouter, Route};
use tower_layer::Layer;
use tower_service::Service;

use crate::attributes::{Attributes, Declare};
use crate::methods::Methods;
#[cfg(feature = "openapi")]
use crate::openapi::Operations;
use crate::slot::{Slot, SlotLayer, Slotted};

/// What answers at a path: handlers by method, with declarations of their own.
///
/// [`get`], [`post`] and their siblings make one out of a handler, at the lowest cost. axum's
/// [`MethodRouter`](axum::routing::MethodRouter) and what utoipa-axum's `routes!` makes become one by
/// [declaring](Declare) something, or by being given to [`route`](crate::Layered::route).
///
/// What an endpoint declares holds for all of its methods. For one method call
/// [`route`](crate::Layered::route) twice with the same path.
///
/// ```
/// use axum_layered::{Declare, Layered, get, header};
/// # use axum::{body::Body, http::Request};
/// # use tower::ServiceExt;
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// let app = Layered::<()>::new()
///     .route("/", get(|| async { "hello" }).post(|| async { "made" }).header(header!("x-local", "yes")))
///     .route("/plain", axum::routing::get(|| async { "axum's" }).cookie(("seen", "1")))
///     .into_router();
/// # let ask = async |method: &str, path: &str| {
/// #     let request = Request::builder().method(method).uri(path).body(Body::empty()).unwrap();
/// #     app.clone().oneshot(request).await.unwrap()
/// # };
/// assert_eq!(ask("GET", "/").await.headers()["x-local"], "yes");
/// assert_eq!(ask("POST", "/").await.headers()["x-local"], "yes");
/// assert_eq!(ask("GET", "/plain").await.headers()["set-cookie"], "seen=1; Path=/; SameSite=Lax");
/// # }
/// ```
#[must_use]
pub struct Endpoint<S = ()> {
    pub(crate) router: MethodRouter<S>,
    pub(crate) slot: Slot,
    pub(crate) attributes: Attributes,
    pub(crate) methods: Methods,
    /// Those that were given a second handler, which is a mistake.
    pub(crate) twice: Methods,
    #[cfg(feature = "openapi")]
    pub(crate) operations: Operations,
}

impl<S> Clone for Endpoint<S> {
    fn clone(&self) -> Self {
        Self {
            router: self.router.clone(),
            slot: self.slot.clone(),
            attributes: self.attributes.clone(),
            methods: self.methods,
            twice: self.twice,
            #[cfg(feature = "openapi")]
            operations: self.operations.clone(),
        }
    }
}

impl<S> fmt::Debug for Endpoint<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Endpoint")
            .field("methods", &self.methods.to_string())
            .field("attributes", &self.attributes)
            .finish_non_exhaustive()
    }
}

impl<S: Clone + Send + Sync + 'static> Endpoint<S> {
    fn of<H: Handler<T, S>, T: 'static>(
        handler: H,
        methods: Methods,
        make: impl FnOnce(Slotted<H>) -> MethodRouter<S>,
    ) -> Self {
        let slot = Slot::default();
        Self {
            router: make(Slotted {
                handler,
                slot: slot.clone(),
            }),
            slot,
            attributes: Attributes::default(),
            methods,
            twice: Methods::default(),
            #[cfg(feature = "openapi")]
            operations: Operations::default(),
        }
    }

    /// One more handler, for these methods.
    ///
    /// A second one for a method is a [mistake](crate::Mistake::Overlap), told with the others when the router is built.
    ///
    /// ```
    /// use axum::routing::MethodFilter;
    /// use axum_layered::{Declare, Layered, get};
    /// # use axum::{body::Body, http::Request};
    /// # use tower::ServiceExt;
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let endpoint = get(|| async { "hello" })
    ///     .on(MethodFilter::PUT.or(MethodFilter::PATCH), || async { "changed" })
    ///     .header(("x-local", "yes"));
    /// let app = Layered::<()>::new().route("/", endpoint).into_router();
    /// # let ask = async |method: &str, path: &str| {
    /// #     let request = Request::builder().method(method).uri(path).body(Body::empty()).unwrap();
    /// #     app.clone().oneshot(request).await.unwrap()
    /// # };
    /// assert_eq!(ask("PATCH", "/").await.headers()["x-local"], "yes");
    /// assert_eq!(ask("DELETE", "/").await.headers()["allow"], "GET,HEAD,PUT,PATCH");
    /// # }
    /// ```
    pub fn on<H: Handler<T, S>, T: 'static>(mut self, filter: MethodFilter, handler: H) -> Self {
        let methods = Methods::of_filter(filter);
        let twice = self.methods.overlap(methods);
        if !twice.is_empty() {
            // axum would panic; it is told with the other mistakes.
            self.twice = self.twice.with(twice);
            return self;
        }
        self.methods = self.methods.with(methods);
        self.router = self.router.on(
            filter,
            Slotted {
                handler,
                slot: self.slot.clone(),
            },
        );
        self
    }
}

impl<S: Clone + Send + Sync + 'static> Endpoint<S> {
    /// A tower layer around the handlers that are here by now, as axum's [`MethodRouter::layer`].
    ///
    /// It stands around what is declared, as [`Layered::layer`](crate::Layered::layer) does, and what it sets goes out.
    /// To be inside, put it on a method router of axum's before anything is declared: then it is as if the handler had
    /// set it.
    ///
    /// ```
    /// use axum::middleware::map_response;
    /// use axum::response::Response;
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
    ///     .header(("x-layer", "app"))
    ///     .route("/around", get(|| async { "hello" }).layer(sees.clone()))
    ///     .route("/inside", axum::routing::get(|| async { "hello" }).layer(sees))
    ///     .into_router();
    /// # let ask = async |path: &str| {
    /// #     let request = Request::get(path).body(Body::empty()).unwrap();
    /// #     app.clone().oneshot(request).await.unwrap()
    /// # };
    /// assert_eq!(ask("/around").await.headers()["x-sees"], "true");
    /// assert_eq!(ask("/inside").await.headers()["x-sees"], "false");
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
        self.router = self.router.layer(layer);
        self
    }
}

/// The handlers of an endpoint, a method each: free functions to begin with, methods to go on.
macro_rules! by_method {
    ($($(#[$more:meta])* $name:ident $filter:ident $section:literal)*) => {
        $(
            #[doc = concat!("An endpoint that answers ", stringify!($filter), " (", $section, ").")]
            ///
            $(#[$more])*
            pub fn $name<H: Handler<T, S>, T: 'static, S: Clone + Send + Sync + 'static>(handler: H) -> Endpoint<S> {
                Endpoint::of(handler, Methods::of_filter(MethodFilter::$filter), routing::$name)
            }
        )*

        impl<S: Clone + Send + Sync + 'static> Endpoint<S> {
            $(
                #[doc = concat!("One more handler, for ", stringify!($filter), " (", $section, "): see [`on`](Self::on).")]
                pub fn $name<H: Handler<T, S>, T: 'static>(self, handler: H) -> Self {
                    self.on(MethodFilter::$filter, handler)
                }
            )*
        }
    };
}

by_method! {
    /// And HEAD, without the content, unless the endpoint has a handler for that. Other methods are refused with 405.
    ///
    /// The siblings are written alike: `post(handler)` begins an endpoint, `.post(handler)` goes on with it.
    ///
    /// ```
    /// use axum_layered::{Declare, Layered, delete, get};
    /// # use axum::{body::Body, http::Request};
    /// # use tower::ServiceExt;
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let endpoint = get(|| async { "hello" }).post(|| async { "made" }).header(("x-local", "yes"));
    /// let app = Layered::<()>::new()
    ///     .route("/", endpoint)
    ///     .route("/gone", delete(|| async {}))
    ///     .into_router();
    /// # let ask = async |method: &str, path: &str| {
    /// #     let request = Request::builder().method(method).uri(path).body(Body::empty()).unwrap();
    /// #     app.clone().oneshot(request).await.unwrap()
    /// # };
    /// assert_eq!(ask("POST", "/").await.headers()["x-local"], "yes");
    /// let head = ask("HEAD", "/").await;
    /// assert_eq!(head.headers()["content-length"], "5");
    /// assert_eq!(head.headers()["x-local"], "yes");
    /// assert_eq!(ask("GET", "/gone").await.headers()["allow"], "DELETE");
    /// # }
    /// ```
    get GET "RFC 9110 §9.3.1"
    /// See [`get`] for an example of the family.
    head HEAD "RFC 9110 §9.3.2"
    /// See [`get`] for an example of the family.
    post POST "RFC 9110 §9.3.3"
    /// See [`get`] for an example of the family.
    put PUT "RFC 9110 §9.3.4"
    /// See [`get`] for an example of the family.
    patch PATCH "RFC 5789 §2"
    /// See [`get`] for an example of the family.
    delete DELETE "RFC 9110 §9.3.5"
    /// See [`get`] for an example of the family.
    options OPTIONS "RFC 9110 §9.3.7"
    /// See [`get`] for an example of the family.
    trace TRACE "RFC 9110 §9.3.8"
    /// See [`get`] for an example of the family.
    connect CONNECT "RFC 9110 §9.3.6"
}

/// An endpoint that answers these methods.
///
/// ```
/// use axum::{http::Method, routing::MethodFilter};
/// use axum_layered::{Declare, Layered, on};
/// # use axum::{body::Body, http::Request};
/// # use tower::ServiceExt;
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// let endpoint = on(MethodFilter::PUT.or(MethodFilter::PATCH), |method: Method| async move { method.to_string() });
/// let app = Layered::<()>::new().route("/", endpoint.header(("x-local", "yes"))).into_router();
/// # let ask = async |method: &str, path: &str| {
/// #     let request = Request::builder().method(method).uri(path).body(Body::empty()).unwrap();
/// #     app.clone().oneshot(request).await.unwrap()
/// # };
/// assert_eq!(ask("PUT", "/").await.headers()["x-local"], "yes");
/// assert_eq!(ask("PATCH", "/").await.headers()["x-local"], "yes");
/// assert_eq!(ask("GET", "/").await.status(), 405);
/// # }
/// ```
pub fn on<H: Handler<T, S>, T: 'static, S: Clone + Send + Sync + 'static>(
    filter: MethodFilter,
    handler: H,
) -> Endpoint<S> {
    Endpoint::of(handler, Methods::of_filter(filter), |handler| {
        routing::on(filter, handler)
    })
}

/// An endpoint that answers every method, also those that have no name here. A handler that is added for one goes
/// before it.
///
/// ```
/// use axum_layered::{Declare, Layered, any};
/// # use axum::{body::{Body, to_bytes}, http::Request};
/// # use tower::ServiceExt;
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// let endpoint = any(|| async { "any" }).get(|| async { "get" }).header(("x-local", "yes"));
/// let app = Layered::<()>::new().route("/", endpoint).into_router();
/// # let ask = async |method: &str, path: &str| {
/// #     let request = Request::builder().method(method).uri(path).body(Body::empty()).unwrap();
/// #     app.clone().oneshot(request).await.unwrap()
/// # };
/// let response = ask("PROPFIND", "/").await;
/// assert_eq!(response.headers()["x-local"], "yes");
/// assert_eq!(to_bytes(response.into_body(), 99).await.unwrap(), "any");
/// assert_eq!(to_bytes(ask("GET", "/").await.into_body(), 99).await.unwrap(), "get");
/// # }
/// ```
pub fn any<H: Handler<T, S>, T: 'static, S: Clone + Send + Sync + 'static>(
    handler: H,
) -> Endpoint<S> {
    Endpoint::of(handler, Methods::ANY, routing::any)
}

impl<S: Clone + 'static> From<MethodRouter<S, Infallible>> for Endpoint<S> {
    fn from(router: MethodRouter<S, Infallible>) -> Self {
        let slot = Slot::default();
        let methods = Methods::of_router(&router);
        Self {
            methods,
            router: router.layer(SlotLayer::of_methods(slot.clone(), methods)),
            slot,
            attributes: Attributes::default(),
            twice: Methods::default(),
            #[cfg(feature = "openapi")]
            operations: Operations::default(),
        }
    }
}

#[cfg(feature = "openapi")]
impl<S: Clone + Send + Sync + 'static> From<utoipa_axum::router::UtoipaMethodRouter<S>>
    for Endpoint<S>
{
    fn from((schemas, paths, router): utoipa_axum::router::UtoipaMethodRouter<S>) -> Self {
        Self {
            operations: Operations::new(schemas, paths),
            ..router.into()
        }
    }
}

impl<S> Declare for Endpoint<S> {
    type Declared = Self;

    fn declare(mut self, declare: impl FnOnce(&mut Attributes)) -> Self {
        declare(&mut self.attributes);
        self
    }
}

impl<S: Clone + 'static> Declare for MethodRouter<S, Infallible> {
    type Declared = Endpoint<S>;

    fn declare(self, declare: impl FnOnce(&mut Attributes)) -> Endpoint<S> {
        Endpoint::from(self).declare(declare)
    }
}

#[cfg(feature = "openapi")]
impl<S: Clone + Send + Sync + 'static> Declare for utoipa_axum::router::UtoipaMethodRouter<S> {
    type Declared = Endpoint<S>;

    fn declare(self, declare: impl FnOnce(&mut Attributes)) -> Endpoint<S> {
        Endpoint::from(self).declare(declare)
    }
}
