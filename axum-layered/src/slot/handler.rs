//! Around a handler: no second box.

use axum::extract::Request;
use axum::handler::Handler;
use axum_responses::context::ContextFuture;

use super::Slot;
use super::apply::Apply;

/// A handler with a slot.
#[derive(Clone)]
pub(crate) struct Slotted<H> {
    pub(crate) handler: H,
    pub(crate) slot: Slot,
}

impl<H, T, S> Handler<T, S> for Slotted<H>
where
    H: Handler<T, S>,
    T: 'static,
    S: 'static,
{
    type Future = ContextFuture<Apply<H::Future>>;

    fn call(self, request: Request, state: S) -> Self::Future {
        let Self { handler, slot } = self;
        let method = request.method().clone();
        slot.context().scope(request, |request| {
            Apply::new(handler.call(request, state), slot, method)
        })
    }
}
