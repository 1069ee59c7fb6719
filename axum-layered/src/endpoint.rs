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
///
/// let app: Layered = Layered::new()
///     .route("/", get(|| async { "hello" }).header(header!("x-local", "yes")))
///     .route("/plain", axum::routing::get(|| async { "axum's" }).cookie(("seen", "1")));
/// # let _ = app;
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
    ($($name:ident $filter:ident)*) => {
        $(
            #[doc = concat!("An endpoint that answers ", stringify!($filter), ".")]
            pub fn $name<H: Handler<T, S>, T: 'static, S: Clone + Send + Sync + 'static>(handler: H) -> Endpoint<S> {
                Endpoint::of(handler, Methods::of_filter(MethodFilter::$filter), routing::$name)
            }
        )*

        impl<S: Clone + Send + Sync + 'static> Endpoint<S> {
            $(
                #[doc = concat!("One more handler, for ", stringify!($filter), ".")]
                pub fn $name<H: Handler<T, S>, T: 'static>(self, handler: H) -> Self {
                    self.on(MethodFilter::$filter, handler)
                }
            )*
        }
    };
}

by_method! {
    get GET
    head HEAD
    post POST
    put PUT
    patch PATCH
    delete DELETE
    options OPTIONS
    trace TRACE
    connect CONNECT
}

/// An endpoint that answers these methods.
pub fn on<H: Handler<T, S>, T: 'static, S: Clone + Send + Sync + 'static>(
    filter: MethodFilter,
    handler: H,
) -> Endpoint<S> {
    Endpoint::of(handler, Methods::of_filter(filter), |handler| {
        routing::on(filter, handler)
    })
}

/// An endpoint that answers every method.
pub fn any<H: Handler<T, S>, T: 'static, S: Clone + Send + Sync + 'static>(
    handler: H,
) -> Endpoint<S> {
    Endpoint::of(handler, Methods::ANY, routing::any)
}

impl<S: Clone + 'static> From<MethodRouter<S, Infallible>> for Endpoint<S> {
    fn from(router: MethodRouter<S, Infallible>) -> Self {
        let slot = Slot::default();
        Self {
            methods: Methods::of_router(&router),
            router: router.layer(SlotLayer(slot.clone())),
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
