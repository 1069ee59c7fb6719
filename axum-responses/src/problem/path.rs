//! The path's parameters, refused as a problem.

use axum::extract::path::ErrorKind;
use axum::extract::rejection::PathRejection;
use axum::extract::{FromRequestParts, OptionalFromRequestParts, RawPathParams};
use http::request::Parts;
use serde::de::DeserializeOwned;

use crate::rejection::InvalidPath;

/// axum's `Path`, refused as a problem.
///
/// A segment that does not parse or is not UTF-8 is a 400 whose member `parameter` names it; a
/// handler whose type does not fit its route is a logged 500.
///
/// ```
/// use axum::{Router, body::Body, http::Request, routing::get};
/// use axum_responses::{Text, problem::Path};
/// # use tower::ServiceExt;
///
/// async fn show(Path(id): Path<u32>) -> Text<u32> {
///     Text(id)
/// }
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// let app = Router::new().route("/orders/{id}", get(show));
/// let response = app.oneshot(Request::get("/orders/x").body(Body::empty()).unwrap()).await.unwrap();
/// assert_eq!(response.status(), 400);
/// assert_eq!(response.headers()["content-type"], "application/problem+json");
/// # }
/// ```
///
/// Parameters are read as axum reads them. That is less strict than [`Query`](super::Query): `+5` is a 5 here.
///
/// ```
/// use axum::{Router, body::Body, http::Request, routing::get};
/// use axum_responses::{Text, problem::Path};
/// # use tower::ServiceExt;
///
/// #[derive(serde::Deserialize)]
/// struct Order { id: u32 }
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// let app = Router::new().route("/orders/{id}", get(async |Path(order): Path<Order>| Text(order.id)));
/// let ask = async |path: &str| {
///     let response = app.clone().oneshot(Request::get(path).body(Body::empty()).unwrap()).await.unwrap();
///     let body = axum::body::to_bytes(response.into_body(), 1000).await.unwrap();
///     serde_json::from_slice::<serde_json::Value>(&body).unwrap()
/// };
/// assert_eq!(ask("/orders/+5").await, 5);
/// let problem = ask("/orders/5000000000").await;
/// assert_eq!(problem["type"], "urn:problem-type:invalid-path");
/// assert_eq!(problem["parameter"], "id");
/// assert_eq!(problem["detail"], "The path parameter `id` is no u32.");
/// # }
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Path<T>(pub T);

impl<T, S> FromRequestParts<S> for Path<T>
where
    T: DeserializeOwned + Send,
    S: Send + Sync,
{
    type Rejection = InvalidPath;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, InvalidPath> {
        let read =
            <axum::extract::Path<T> as FromRequestParts<S>>::from_request_parts(parts, state);
        match read.await {
            Ok(axum::extract::Path(value)) => Ok(Self(value)),
            Err(PathRejection::FailedToDeserializePathParams(error)) => Err(match error.kind() {
                ErrorKind::InvalidUtf8InPathParam { key } => InvalidPath::Malformed {
                    parameter: Some(key.clone()),
                    reason: "is not UTF-8".to_owned(),
                },
                ErrorKind::ParseErrorAtKey {
                    key, expected_type, ..
                } => InvalidPath::Malformed {
                    parameter: Some(key.clone()),
                    reason: format!("is no {expected_type}"),
                },
                ErrorKind::DeserializeError { key, message, .. } => InvalidPath::Malformed {
                    parameter: Some(key.clone()),
                    reason: message.clone(),
                },
                ErrorKind::ParseErrorAtIndex {
                    index,
                    expected_type,
                    ..
                } => InvalidPath::Malformed {
                    parameter: nth(parts, state, *index).await,
                    reason: format!("is no {expected_type}"),
                },
                // Of one that is alone.
                ErrorKind::ParseError { expected_type, .. } => InvalidPath::Malformed {
                    parameter: nth(parts, state, 0).await,
                    reason: format!("is no {expected_type}"),
                },
                ErrorKind::Message(message) => InvalidPath::Malformed {
                    parameter: None,
                    reason: message.clone(),
                },
                _ => InvalidPath::WrongRoute(error.body_text()),
            }),
            Err(error) => Err(InvalidPath::WrongRoute(error.body_text())),
        }
    }
}

/// `None` where the route has no parameters.
impl<T, S> OptionalFromRequestParts<S> for Path<T>
where
    T: DeserializeOwned + Send,
    S: Send + Sync,
{
    type Rejection = InvalidPath;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Option<Self>, InvalidPath> {
        let read = <Self as FromRequestParts<S>>::from_request_parts(parts, state);
        match read.await {
            Err(InvalidPath::WrongRoute(_)) if nth(parts, state, 0).await.is_none() => Ok(None),
            read => read.map(Some),
        }
    }
}

/// The name of the parameter at this place of the path.
async fn nth<S: Send + Sync>(parts: &mut Parts, state: &S, index: usize) -> Option<String> {
    let parameters = RawPathParams::from_request_parts(parts, state).await.ok()?;
    let (name, _) = parameters.iter().nth(index)?;
    Some(name.to_owned())
}
