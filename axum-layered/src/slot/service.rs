//! Around a method router or a router of axum's.

use std::convert::Infallible;
use std::task::{Context, Poll};

use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use axum_responses::context::ContextFuture;
use futures_util::FutureExt;
use futures_util::future::Map;
use tower_layer::Layer;
use tower_service::Service;

use super::Slot;
use super::apply::Apply;
use crate::methods::Methods;

/// Puts a slot around a service.
#[derive(Clone)]
pub(crate) struct SlotLayer {
    slot: Slot,
    methods: Methods,
}

impl SlotLayer {
    /// Around what answers every request.
    pub(crate) fn new(slot: Slot) -> Self {
        Self::of_methods(slot, Methods::ALL)
    }

    /// Around a method router that has handlers for these; none where it does not tell.
    pub(crate) fn of_methods(slot: Slot, methods: Methods) -> Self {
        let is_known = !methods.is_empty();
        let methods = if is_known { methods } else { Methods::ALL };
        Self { slot, methods }
    }
}

impl<I> Layer<I> for SlotLayer {
    type Service = SlotService<I>;

    fn layer(&self, inner: I) -> SlotService<I> {
        SlotService {
            inner,
            slot: self.slot.clone(),
            methods: self.methods,
        }
    }
}

/// A service with a slot.
#[derive(Clone)]
pub(crate) struct SlotService<I> {
    inner: I,
    slot: Slot,
    methods: Methods,
}

type Answered<R> = fn(Result<R, Infallible>) -> Response;
type Ready = fn(Response) -> Result<Response, Infallible>;

impl<I, R> Service<Request> for SlotService<I>
where
    I: Service<Request, Response = R, Error = Infallible>,
    R: IntoResponse,
{
    type Response = Response;
    type Error = Infallible;
    type Future = Map<ContextFuture<Apply<Map<I::Future, Answered<R>>>>, Ready>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let method = request.method().clone();
        // What no handler has seen is refused as that of a handler is: around the router, and no hook runs.
        let slot = if self.methods.answer(&method) {
            self.slot.clone()
        } else {
            Slot::default()
        };
        let answered: Answered<R> = |answer| match answer {
            Ok(response) => response.into_response(),
            Err(never) => match never {},
        };
        let future = slot.context().scope(request, |request| {
            Apply::new(self.inner.call(request).map(answered), slot, method)
        });
        future.map(Ok as Ready)
    }
}
