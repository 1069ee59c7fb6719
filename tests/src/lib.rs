//! What the tests at the boundaries share: an application in memory, one on a real socket, and small
//! assertions that say what they saw.

pub mod database;
pub mod outside;
mod server;
#[cfg(unix)]
pub mod throw_away;

use std::convert::Infallible;
use std::fmt;

use axum::body::Body;
use axum::response::Response;
use bytes::Bytes;
use http::{HeaderMap, Method, Request, StatusCode};
use http_body_util::BodyExt;
use tower::{Service, ServiceExt};

pub use self::server::{BOTH, Server, Version, ask_at};

/// No body of a test is longer: one that does not end must not eat the machine.
const MOST: usize = 256 << 20;

/// An answer that was read to its end.
#[derive(Clone)]
pub struct Answer {
    /// The status line's code.
    pub status: StatusCode,
    /// All header lines.
    pub headers: HeaderMap,
    /// The content, as far as it came.
    pub body: Bytes,
    /// Whether the body ended by itself and not by an error.
    pub complete: bool,
}

impl Answer {
    /// The content as text.
    #[must_use]
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The content as JSON.
    ///
    /// # Panics
    /// When it is not JSON.
    #[must_use]
    pub fn json(&self) -> serde_json::Value {
        match serde_json::from_slice(&self.body) {
            Ok(json) => json,
            Err(error) => panic!("{error}: {self:?}"),
        }
    }

    /// The only line of a header; `None` when there is none.
    ///
    /// # Panics
    /// When there are several lines, or one that is not text.
    #[must_use]
    #[track_caller]
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut lines = self.headers.get_all(name).iter();
        let line = lines.next()?;
        assert!(lines.next().is_none(), "several lines of {name}: {self:?}");
        Some(line.to_str().unwrap_or("(no text)"))
    }

    /// Asserts an RFC 9457 problem of this status, and gives it.
    ///
    /// # Panics
    /// When it is none.
    #[track_caller]
    pub fn problem(&self, status: u16) -> serde_json::Value {
        assert_eq!(self.status, status, "{self:?}");
        assert_eq!(
            self.header("content-type"),
            Some("application/problem+json")
        );
        let problem = self.json();
        assert_eq!(problem["status"], status);
        assert!(
            problem["title"].is_string() && problem["type"].is_string(),
            "{problem}"
        );
        problem
    }
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text: String = self.text().chars().take(400).collect();
        write!(
            f,
            "{} {:?} {text:?}{}",
            self.status,
            self.headers,
            if self.complete { "" } else { " (cut off)" }
        )
    }
}

/// A `GET` request with these headers.
///
/// # Panics
/// When path or headers are impossible.
#[must_use]
pub fn get(path: &str, headers: &[(&str, &str)]) -> Request<Body> {
    request(Method::GET, path, headers, Body::empty())
}

/// Any request.
///
/// # Panics
/// When path or headers are impossible.
#[must_use]
pub fn request(
    method: Method,
    path: &str,
    headers: &[(&str, &str)],
    body: impl Into<Body>,
) -> Request<Body> {
    let mut builder = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        builder = builder.header(*name, *value);
    }
    match builder.body(body.into()) {
        Ok(request) => request,
        Err(error) => panic!("{path} {headers:?}: {error}"),
    }
}

/// The application's answer, without a socket in between.
pub async fn ask<S>(app: &S, request: Request<Body>) -> Answer
where
    S: Service<Request<Body>, Response = Response, Error = Infallible> + Clone,
{
    let response = match app.clone().oneshot(request).await {
        Ok(response) => response,
        Err(never) => match never {},
    };
    read(response).await
}

/// Reads a response to its end.
///
/// # Panics
/// When the body is longer than 256 MiB.
pub async fn read<B>(response: http::Response<B>) -> Answer
where
    B: http_body::Body<Data = Bytes> + Unpin,
{
    let (head, mut body) = response.into_parts();
    let mut bytes = Vec::new();
    let complete = loop {
        match body.frame().await {
            None => break true,
            Some(Ok(frame)) => {
                bytes.extend_from_slice(frame.data_ref().map_or(&[][..], |data| data));
                assert!(bytes.len() <= MOST, "the body does not end");
            }
            Some(Err(_)) => break false,
        }
    };
    Answer {
        status: head.status,
        headers: head.headers,
        body: bytes.into(),
        complete,
    }
}

/// The program of the workspace's README compiles.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;
