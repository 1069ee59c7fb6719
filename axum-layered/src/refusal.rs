//! What is declared as `always`, on errors that no endpoint answered: axum's own 404 and 405, and those of tower layers.

use std::collections::HashMap;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use axum::extract::{MatchedPath, Request};
use axum::response::Response;
use http::{HeaderMap, Method};
use pin_project_lite::pin_project;
use tower_layer::Layer;
use tower_service::Service;

use crate::methods::Methods;
use crate::plan::Filling;
use crate::slot::{Answered, add, failed};

/// What goes with an error, by path and method.
pub(crate) struct Refusals {
    /// Every path, so that one which has nothing is not taken for another.
    paths: HashMap<String, Vec<(Methods, Filling)>>,
    /// Where no route fits.
    elsewhere: Filling,
}

impl Refusals {
    /// With what goes out where no route fits.
    pub(crate) fn new(elsewhere: Filling) -> Self {
        Self {
            paths: HashMap::new(),
            elsewhere,
        }
    }

    pub(crate) fn insert(&mut self, path: &str, methods: Methods, filling: &Filling) {
        let there = self.paths.entry(path.to_owned()).or_default();
        there.push((methods, filling.clone()));
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.elsewhere.is_empty()
            && self
                .paths
                .values()
                .flatten()
                .all(|(_, filling)| filling.is_empty())
    }

    fn of(&self, path: Option<&MatchedPath>, method: &Method) -> Option<&Filling> {
        let Some(path) = path else {
            return Some(&self.elsewhere);
        };
        let endpoints = self.endpoints(path.as_str())?;
        let own = endpoints.iter().find(|(methods, _)| methods.answer(method));
        // A method that none of them answers: the first that says something counts.
        let any = || endpoints.iter().find(|(_, filling)| !filling.is_empty());
        own.or_else(any).map(|(_, filling)| filling)
    }

    /// The router may be nested below a path that it does not know: then the longest path that fits is meant.
    fn endpoints(&self, path: &str) -> Option<&Vec<(Methods, Filling)>> {
        self.paths.get(path).or_else(|| {
            let fitting = self
                .paths
                .iter()
                .filter(|(own, _)| *own == "/" || path.ends_with(own.as_str()));
            fitting
                .max_by_key(|(own, _)| own.len())
                .map(|(_, endpoints)| endpoints)
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
        RefusalFuture {
            path: request.extensions().get::<MatchedPath>().cloned(),
            method: request.method().clone(),
            future: self.inner.call(request),
            refusals: Arc::clone(&self.refusals),
        }
    }
}

pin_project! {
    pub(crate) struct RefusalFuture<F> {
        #[pin]
        future: F,
        path: Option<MatchedPath>,
        method: Method,
        refusals: Arc<Refusals>,
    }
}

impl<F: Future<Output = Result<Response, E>>, E> Future for RefusalFuture<F> {
    type Output = Result<Response, E>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let mut answer = ready!(this.future.poll(cx));
        if let Ok(response) = &mut answer
            && failed(response.status())
            && response.extensions().get::<Answered>().is_none()
            && let Some(filling) = this.refusals.of(this.path.as_ref(), this.method)
            && !has_lines_of(filling, response.headers())
        {
            add(filling, response.headers_mut());
        }
        Poll::Ready(answer)
    }
}

/// Whether an endpoint has answered after all, and a layer has changed the status.
fn has_lines_of(filling: &Filling, headers: &HeaderMap) -> bool {
    let mut appended = filling.appended.iter();
    appended.any(|(name, value)| headers.get_all(name).iter().any(|line| line == value))
}
