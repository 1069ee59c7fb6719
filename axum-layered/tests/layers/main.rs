//! What goes out through a router, one theme a file: each row of the crate's page is a test.
#![allow(clippy::unwrap_used)] // Tests say what is wrong by panicking.

mod around;
mod caching;
mod cookies;
mod data;
#[cfg(feature = "openapi")]
mod documents;
mod errors;
mod explain;
mod extractors;
mod fallbacks;
mod headers;
mod hooks;
mod laws;
mod mistakes;
mod public_api;
mod routing;
mod services;
mod status;
mod streams;
mod tags;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode};
use axum::response::Response;
use axum_layered::Layered;
use tower::ServiceExt;

/// An answer that was read to its end.
#[derive(Debug)]
struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: String,
}

impl Answer {
    /// Every line of a header.
    fn lines(&self, name: &str) -> Vec<&str> {
        self.headers
            .get_all(name)
            .iter()
            .map(|line| line.to_str().unwrap())
            .collect()
    }

    /// The only line of a header.
    #[track_caller]
    fn line(&self, name: &str) -> Option<&str> {
        let lines = self.lines(name);
        assert!(lines.len() < 2, "several lines of {name}: {self:?}");
        lines.first().copied()
    }

    #[track_caller]
    fn has(&self, fields: &[(&str, &str)]) {
        for (name, value) in fields {
            assert_eq!(self.lines(name), [*value], "{name} of {self:?}");
        }
    }

    #[track_caller]
    fn has_none(&self, names: &[&str]) {
        for name in names {
            assert_eq!(self.lines(name), [""; 0], "{name} of {self:?}");
        }
    }
}

async fn send(router: &Router, method: &str, path: &str, headers: &[(&str, &str)]) -> Response {
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let request = request.body(Body::empty()).unwrap();
    router.clone().oneshot(request).await.unwrap()
}

async fn read(response: Response) -> Answer {
    let (parts, body) = response.into_parts();
    let body = axum::body::to_bytes(body, 1 << 20).await.unwrap();
    Answer {
        status: parts.status,
        headers: parts.headers,
        body: String::from_utf8(body.to_vec()).unwrap(),
    }
}

async fn ask(router: &Router, method: &str, path: &str, headers: &[(&str, &str)]) -> Answer {
    read(send(router, method, path, headers).await).await
}

async fn fetch(router: &Router, path: &str) -> Answer {
    ask(router, "GET", path, &[]).await
}

/// A layer whose routes need no state.
fn layered() -> Layered {
    Layered::new()
}

async fn hello() -> &'static str {
    "hello world"
}
