//! Another service's answer, or another crate's response, as a handler's.

use std::future::poll_fn;

use axum::body::{Body, Bytes};
use axum::response::{IntoResponse, Response};
use tower_service::Service;

use crate::rejection::failure;

/// The answer of any tower service, or any `http::Response`, given as one's own.
///
/// Status, headers, body and extensions are handed on as they are, and the body while it comes. In a
/// [`Reply`](crate::Reply) its 200 gets another status, as that of any body, and headers set there replace its own.
///
/// ```
/// use axum::{Router, body::Body, extract::Request, routing::get};
/// use axum_responses::{Delegated, Reply};
/// # use tower::ServiceExt;
///
/// async fn mounted(request: Request) -> Delegated {
///     let legacy = tower::service_fn(async |request: Request| {
///         Ok::<_, std::convert::Infallible>(http::Response::new(format!("you asked for {}", request.uri())))
///     });
///     Delegated::to(legacy, request).await
/// }
///
/// async fn foreign() -> Reply<Delegated> {
///     Reply::new(Delegated::from(http::Response::new("made elsewhere".to_owned()))).header(("x-by", "us"))
/// }
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// let app = Router::new().route("/m", get(mounted)).route("/f", get(foreign));
/// let response = app.clone().oneshot(Request::get("/m").body(Body::empty()).unwrap()).await.unwrap();
/// assert_eq!(response.status(), 200);
/// let body = axum::body::to_bytes(response.into_body(), 100).await.unwrap();
/// assert_eq!(body, "you asked for /m");
/// let response = app.oneshot(Request::get("/f").body(Body::empty()).unwrap()).await.unwrap();
/// assert_eq!(response.headers()["x-by"], "us");
/// # }
/// ```
#[derive(Debug)]
#[must_use]
pub struct Delegated(Response);

impl Delegated {
    /// Waits until the service is ready, gives it the request, and takes its answer.
    ///
    /// A service that fails is a logged 500 that says nothing of it. One that is never ready is waited for: a limit of
    /// time is the service's own, `tower::timeout` for instance.
    ///
    /// ```
    /// use axum::response::IntoResponse;
    /// use axum_responses::Delegated;
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let broken = tower::service_fn(async |_: u8| Err::<http::Response<String>, _>("the secret reason"));
    /// let response = Delegated::to(broken, 7).await.into_response();
    /// assert_eq!(response.status(), 500);
    /// assert_eq!(response.headers()["content-type"], "application/problem+json");
    /// let body = axum::body::to_bytes(response.into_body(), 1000).await.unwrap();
    /// assert_eq!(body, r#"{"type":"about:blank","title":"Internal Server Error","status":500}"#);
    /// # }
    /// ```
    pub async fn to<S, R, B>(mut service: S, request: R) -> Self
    where
        S: Service<R, Response = http::Response<B>, Error: Into<axum::BoxError>>,
        B: http_body::Body<Data = Bytes, Error: Into<axum::BoxError>> + Send + 'static,
    {
        let answer = match poll_fn(|cx| service.poll_ready(cx)).await {
            Ok(()) => service.call(request).await,
            Err(error) => Err(error),
        };
        match answer {
            Ok(response) => Self::from(response),
            Err(error) => Self(failure("a delegated service failed", &error.into())),
        }
    }
}

impl<B> From<http::Response<B>> for Delegated
where
    B: http_body::Body<Data = Bytes, Error: Into<axum::BoxError>> + Send + 'static,
{
    fn from(response: http::Response<B>) -> Self {
        Self(response.map(Body::new))
    }
}

impl IntoResponse for Delegated {
    fn into_response(self) -> Response {
        let mut response = self.0;
        crate::status::strip_forbidden_content(&mut response);
        response
    }
}

#[cfg(feature = "openapi")]
/// Whatever the service answers: `default`.
impl utoipa::IntoResponses for Delegated {
    fn responses() -> crate::openapi::Responses {
        let (_, response) = crate::openapi::Describe::new(200, "What the service answers").build();
        [("default".to_owned(), response)].into()
    }
}
