//! What a compression layer leaves untrue.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use axum::BoxError;
use axum::body::{Body, Bytes};
use http::header::{ACCEPT_RANGES, CONTENT_ENCODING, ETAG, IF_NONE_MATCH};
use http::{HeaderMap, HeaderValue, Request, Response, StatusCode};
use pin_project_lite::pin_project;
use tower_layer::Layer;
use tower_service::Service;

use super::entity_tag::{ETag, TagRef};
use super::entity_tag_list;
use crate::status::strip_forbidden_content;

/// Puts right what a compression layer such as tower-http's leaves untrue. It stands around that layer.
///
/// - A strong tag of what was coded becomes weak. It says that two representations are the same byte for byte, and the
///   coded one is another than the plain one (RFC 9110 §8.8.3.3): caches would put pieces of one into the other. A 304
///   has the tag in the form that the client has named, so that its cache finds what it has stored (RFC 9111 §4.3.4).
/// - A 204 or 304 that was coded has no coding and no content again. tower-http codes what has no known length, and an
///   empty body of ours has none: axum would write `content-length: 0` (RFC 9110 §8.6). Over HTTP/2 the coded nothing
///   would go out as content.
///
/// A coded response that offers ranges was stored as it is sent, as `File`'s packed siblings are: its tag is its own
/// and stays.
///
/// `If-Match` compares strongly: a client that was given a weak tag cannot change the document by it. Keep compression
/// away from documents that are edited.
///
/// ```
/// use axum::{Router, body::Body, http::Request, routing::get};
/// use axum_responses::conditional::AroundCompressionLayer;
/// use tower_http::compression::CompressionLayer;
/// # use tower::ServiceExt;
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// let app = Router::new()
///     .route("/", get(|| async { ([("etag", r#""v1""#)], "hello ".repeat(99)) }))
///     .layer(CompressionLayer::new())
///     .layer(AroundCompressionLayer::new()); // the outer one
///
/// let ask = |coding| Request::get("/").header("accept-encoding", coding).body(Body::empty()).unwrap();
/// let coded = app.clone().oneshot(ask("gzip")).await.unwrap();
/// assert_eq!(coded.headers()["etag"], r#"W/"v1""#);
/// let plain = app.oneshot(ask("identity")).await.unwrap();
/// assert_eq!(plain.headers()["etag"], r#""v1""#);
/// # }
/// ```
#[derive(Clone, Copy, Debug, Default)]
#[must_use]
pub struct AroundCompressionLayer(());

impl AroundCompressionLayer {
    /// The layer; there is nothing to set. What is not coded goes through it untouched, and so does a tag that is none.
    ///
    /// ```
    /// use axum::{Router, body::Body, http::Request, routing::get};
    /// use axum_responses::conditional::AroundCompressionLayer;
    /// # use tower::ServiceExt;
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let app = Router::new()
    ///     .route("/coded", get(|| async { ([("etag", r#""v1""#), ("content-encoding", "br")], "…") }))
    ///     .route("/plain", get(|| async { ([("etag", r#""v1""#)], "…") }))
    ///     .layer(AroundCompressionLayer::new());
    /// # let ask = async |path: &str| {
    /// #     let request = Request::get(path).body(Body::empty()).unwrap();
    /// #     app.clone().oneshot(request).await.unwrap()
    /// # };
    /// assert_eq!(ask("/coded").await.headers()["etag"], r#"W/"v1""#); // whoever has coded it
    /// assert_eq!(ask("/plain").await.headers()["etag"], r#""v1""#);
    /// # }
    /// ```
    pub fn new() -> Self {
        Self(())
    }
}

impl<S> Layer<S> for AroundCompressionLayer {
    type Service = AroundCompression<S>;

    fn layer(&self, inner: S) -> AroundCompression<S> {
        AroundCompression { inner }
    }
}

/// The service that [`AroundCompressionLayer`] makes.
#[derive(Clone, Debug)]
pub struct AroundCompression<S> {
    inner: S,
}

impl<S, B, R> Service<Request<B>> for AroundCompression<S>
where
    S: Service<Request<B>, Response = Response<R>>,
    R: http_body::Body<Data = Bytes, Error: Into<BoxError>> + Send + 'static,
{
    type Response = Response<Body>;
    type Error = S::Error;
    type Future = AroundCompressionFuture<S::Future>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let lines = request.headers().get_all(IF_NONE_MATCH);
        AroundCompressionFuture {
            known: lines.iter().cloned().collect(),
            future: self.inner.call(request),
        }
    }
}

pin_project! {
    /// The future of [`AroundCompression`].
    #[derive(Debug)]
    #[must_use = "futures do nothing unless polled"]
    pub struct AroundCompressionFuture<F> {
        #[pin]
        future: F,
        // The lines of If-None-Match
        known: Vec<HeaderValue>,
    }
}

impl<F, R, E> Future for AroundCompressionFuture<F>
where
    F: Future<Output = Result<Response<R>, E>>,
    R: http_body::Body<Data = Bytes, Error: Into<BoxError>> + Send + 'static,
{
    type Output = Result<Response<Body>, E>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let mut response = ready!(this.future.poll(cx))?.map(Body::new);
        let weaken = if response.status() == StatusCode::NOT_MODIFIED {
            is_known_as_weak(this.known, response.headers())
        } else {
            let headers = response.headers();
            headers.contains_key(CONTENT_ENCODING) && !headers.contains_key(ACCEPT_RANGES)
        };
        if response.headers().contains_key(CONTENT_ENCODING) {
            strip_forbidden_content(&mut response);
        }
        if weaken && let Some(tag) = strong_tag(response.headers()) {
            response
                .headers_mut()
                .insert(ETAG, tag.into_weak().to_header());
        }
        Poll::Ready(Ok(response))
    }
}

fn strong_tag(headers: &HeaderMap) -> Option<ETag> {
    let (tag, rest) = TagRef::take(headers.get(ETAG)?.as_bytes())?;
    let tag = tag.to_owned().filter(|tag| !tag.is_weak())?;
    rest.is_empty().then_some(tag)
}

/// Whether the client has named the tag of this 304, and only as a weak one.
fn is_known_as_weak(known: &[HeaderValue], headers: &HeaderMap) -> bool {
    let Some(tag) = strong_tag(headers) else {
        return false;
    };
    let named = |strongly: bool| {
        let is_it = |one: TagRef<'_>| match strongly {
            true => one.strong_eq(&tag),
            false => one.weak_eq(&tag),
        };
        entity_tag_list::any(known.iter(), is_it) == Ok(Some(true))
    };
    named(false) && !named(true)
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::routing::get;
    use tower::ServiceExt;

    use super::*;

    /// The tag of an answer that says this, to a request that says that.
    async fn tag(status: u16, answer: &'static [(&str, &str)], known: &[&str]) -> Option<String> {
        let handler = move || async move {
            let mut response = Response::new(Body::empty());
            *response.status_mut() = StatusCode::from_u16(status).unwrap();
            for (name, value) in answer {
                response.headers_mut().append(*name, value.parse().unwrap());
            }
            response
        };
        let app = Router::new()
            .route("/", get(handler))
            .layer(AroundCompressionLayer::new());
        let mut request = Request::get("/");
        for line in known {
            request = request.header(IF_NONE_MATCH, *line);
        }
        let response = app
            .oneshot(request.body(Body::empty()).unwrap())
            .await
            .unwrap();
        let tag = response.headers().get(ETAG)?;
        Some(String::from_utf8(tag.as_bytes().to_vec()).unwrap())
    }

    #[tokio::test]
    async fn the_strong_tag_of_coded_content_becomes_weak() {
        for (answer, expected) in [
            (
                &[("etag", "\"v\""), ("content-encoding", "gzip")][..],
                Some("W/\"v\""),
            ),
            (
                &[("etag", "\"é\""), ("content-encoding", "gzip")],
                Some("W/\"é\""),
            ),
            (
                &[("etag", "W/\"v\""), ("content-encoding", "gzip")],
                Some("W/\"v\""),
            ),
            (&[("etag", "\"v\"")], Some("\"v\"")),
            (&[("etag", "v"), ("content-encoding", "gzip")], Some("v")),
            (&[("content-encoding", "gzip")], None),
            // Stored as it is sent.
            (
                &[
                    ("etag", "\"v\""),
                    ("content-encoding", "br"),
                    ("accept-ranges", "bytes"),
                ],
                Some("\"v\""),
            ),
        ] {
            for status in [200, 201, 203, 404] {
                assert_eq!(
                    tag(status, answer, &[]).await.as_deref(),
                    expected,
                    "{status} {answer:?}"
                );
            }
        }
    }

    /// RFC 9111 §4.3.4
    #[tokio::test]
    async fn a_304_has_the_tag_that_the_client_has_stored() {
        for (known, expected) in [
            (&["W/\"v\""][..], "W/\"v\""),
            (&["\"other\"", "W/\"v\""], "W/\"v\""),
            (&["\"v\""], "\"v\""),
            (&["W/\"v\", \"v\""], "\"v\""), // both forms are stored
            (&["*"], "\"v\""),
            (&["W/\"w\""], "\"v\""),
            (&["no list"], "\"v\""),
            (&[], "\"v\""),
        ] {
            let tag = tag(304, &[("etag", "\"v\"")], known).await;
            assert_eq!(tag.as_deref(), Some(expected), "{known:?}");
        }
    }

    /// tower-http codes a body of unknown length, and ours that must not be there has none.
    #[tokio::test]
    async fn statuses_without_content_have_no_coding() {
        use tower_http::compression::CompressionLayer;
        for status in [StatusCode::NO_CONTENT, StatusCode::NOT_MODIFIED] {
            let app = Router::new()
                .route("/", get(move || async move { status }))
                .layer(crate::RequestContextLayer::new())
                .layer(CompressionLayer::new())
                .layer(AroundCompressionLayer::new());
            let request = Request::get("/").header("accept-encoding", "gzip");
            let request = request.body(Body::empty()).unwrap();
            let response = app.oneshot(request).await.unwrap();
            assert_eq!(response.status(), status);
            for name in ["content-encoding", "content-length", "content-type"] {
                assert!(!response.headers().contains_key(name), "{status}: {name}");
            }
            let body = axum::body::to_bytes(response.into_body(), 99)
                .await
                .unwrap();
            assert_eq!(body, "", "{status}");
        }
    }

    #[tokio::test]
    async fn a_client_that_has_the_coded_form_is_told_so() {
        use tower_http::compression::CompressionLayer;
        let handler = |conditional: super::super::Conditional| async move {
            conditional.check(ETag::strong("v"))?;
            let content = "hello ".repeat(99);
            Ok::<_, super::super::Unmet>(([(ETAG, "\"v\"")], content))
        };
        let app = Router::new()
            .route("/", get(handler))
            .layer(CompressionLayer::new())
            .layer(AroundCompressionLayer::new());
        let ask = async |known: &str| {
            let request = Request::get("/")
                .header("accept-encoding", "gzip")
                .header(IF_NONE_MATCH, known);
            let request = request.body(Body::empty()).unwrap();
            let response = app.clone().oneshot(request).await.unwrap();
            let tag = response.headers()[ETAG].to_str().unwrap().to_owned();
            (response.status().as_u16(), tag)
        };
        assert_eq!(ask("\"old\"").await, (200, "W/\"v\"".to_owned()));
        assert_eq!(ask("W/\"v\"").await, (304, "W/\"v\"".to_owned()));
    }
}
