//! What is declared as `always`, on the 405 that axum answers before any endpoint is asked.

use std::collections::HashMap;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use axum::extract::{MatchedPath, Request};
use axum::response::Response;
use http::StatusCode;
use pin_project_lite::pin_project;
use tower_layer::Layer;
use tower_service::Service;

use crate::plan::Filling;
use crate::slot::{Filled, add};

/// What goes with a 405, by path: every path, so that one which has nothing is not taken for another.
#[derive(Default)]
pub(crate) struct Refusals(HashMap<String, Filling>);

impl Refusals {
    /// Takes a path in; of several endpoints at one path the first that says something counts.
    pub(crate) fn insert(&mut self, path: &str, filling: &Filling) {
        let there = self.0.entry(path.to_owned()).or_default();
        if there.is_empty() {
            there.clone_from(filling);
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.values().all(Filling::is_empty)
    }

    /// The router may be nested below a path that it does not know: then the longest path that fits is meant.
    fn of(&self, path: &str) -> Option<&Filling> {
        self.0.get(path).or_else(|| {
            let fitting = self
                .0
                .iter()
                .filter(|(own, _)| *own == "/" || path.ends_with(own.as_str()));
            fitting
                .max_by_key(|(own, _)| own.len())
                .map(|(_, filling)| filling)
        })
    }
}

/// Stands around a router that declares something as `always`, and only there.
#[derive(Clone)]
pub(crate) struct RefusalLayer(pub(crate) Arc<Refusals>);

impl<I> Layer<I> for RefusalLayer {
    type Service = RefusalService<I>;

    fn layer(&self, inner: I) -> RefusalService<I> {
        RefusalService {
            inner,
            refusals: Arc::clone(&self.0),
        }
    }
}

#[derive(Clone)]
pub(crate) struct RefusalService<I> {
    inner: I,
    refusals: Arc<Refusals>,
}

impl<I: Service<Request, Response = Response>> Service<Request> for RefusalService<I> {
    type Response = Response;
    type Error = I::Error;
    type Future = RefusalFuture<I::Future>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), I::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let path = request.extensions().get::<MatchedPath>().cloned();
        RefusalFuture {
            future: self.inner.call(request),
            path,
            refusals: Arc::clone(&self.refusals),
        }
    }
}

pin_project! {
    pub(crate) struct RefusalFuture<F> {
        #[pin]
        future: F,
        path: Option<MatchedPath>,
        refusals: Arc<Refusals>,
    }
}

impl<F: Future<Output = Result<Response, E>>, E> Future for RefusalFuture<F> {
    type Output = Result<Response, E>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let mut answer = ready!(this.future.poll(cx));
        if let (Ok(response), Some(path)) = (&mut answer, this.path.as_ref())
            && response.status() == StatusCode::METHOD_NOT_ALLOWED
            && response.extensions().get::<Filled>().is_none()
            && let Some(filling) = this.refusals.of(path.as_str())
        {
            add(filling, response.headers_mut());
        }
        Poll::Ready(answer)
    }
}
