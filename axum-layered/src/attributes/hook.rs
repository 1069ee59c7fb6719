//! What runs when the handler is through.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;

use axum::response::{IntoResponse, Response};
use axum_responses::background::BackgroundTasks;

type HookFuture = Pin<Box<dyn Future<Output = Response> + Send>>;

/// See [`Declare::after_request`](crate::Declare::after_request).
#[derive(Clone)]
pub(crate) struct Hook(Arc<dyn Fn(Response) -> HookFuture + Send + Sync>);

impl Hook {
    pub(crate) fn new<F, Fut>(hook: F) -> Self
    where
        F: Fn(Response) -> Fut + Send + Sync + 'static,
        Fut: Future<Output: IntoResponse> + Send + 'static,
    {
        Self(Arc::new(move |response| {
            let answer = hook(response);
            Box::pin(async move { answer.await.into_response() })
        }))
    }

    pub(crate) fn run(&self, response: Response) -> HookFuture {
        (self.0)(response)
    }
}

impl fmt::Debug for Hook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Hook")
    }
}

/// See [`Declare::background`](crate::Declare::background).
#[derive(Clone)]
pub(crate) struct MakeTasks(Arc<dyn Fn() -> BackgroundTasks + Send + Sync>);

impl MakeTasks {
    pub(crate) fn new<T: Into<BackgroundTasks>>(
        make: impl Fn() -> T + Send + Sync + 'static,
    ) -> Self {
        Self(Arc::new(move || make().into()))
    }

    pub(crate) fn make(&self) -> BackgroundTasks {
        (self.0)()
    }
}

impl fmt::Debug for MakeTasks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MakeTasks")
    }
}
