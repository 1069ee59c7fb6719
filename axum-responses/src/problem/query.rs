//! The query string, refused as a problem that names the parameter.

use axum::extract::FromRequestParts;
use http::request::Parts;
use percent_encoding::percent_decode_str;
use serde::de::DeserializeOwned;

use super::values::{Named, ValueError};
use crate::rejection::InvalidQuery;

/// The query string as a value.
///
/// Stricter than axum's extractor of the same name: numbers are plain decimal digits (`%2B5` is not 5), a
/// parameter that stands twice is refused unless its field is a `Vec`, a number beyond its type is
/// refused. Unknown parameters are ignored. The refusal is a 400 problem whose detail and member
/// `parameter` name the culprit. As in every serde format of texts, numbers below
/// `#[serde(flatten)]` are not understood.
///
/// A parameter without a value is empty text, and that is no number: an `Option` is `None` only where the parameter is
/// not there. A `Vec` that may be missing needs `#[serde(default)]`.
///
/// ```
/// use axum::{Router, body::Body, http::Request, routing::get};
/// use axum_responses::{Text, problem::Query};
/// # use tower::ServiceExt;
///
/// #[derive(serde::Deserialize)]
/// struct Count { count: u8 }
///
/// async fn show(Query(query): Query<Count>) -> Text<u8> {
///     Text(query.count)
/// }
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// let app = Router::new().route("/", get(show));
/// let response = app.oneshot(Request::get("/?count=300").body(Body::empty()).unwrap()).await.unwrap();
/// assert_eq!(response.status(), 400);
/// let body = axum::body::to_bytes(response.into_body(), 1000).await.unwrap();
/// let problem: serde_json::Value = serde_json::from_slice(&body).unwrap();
/// assert_eq!(problem["parameter"], "count");
/// assert_eq!(problem["detail"], "The query parameter `count` must be a whole number from 0 to 255.");
/// # }
/// ```
///
/// ```
/// use axum::{extract::FromRequestParts, http::Request};
/// use axum_responses::problem::Query;
///
/// #[derive(serde::Deserialize, Debug, PartialEq)]
/// struct Filter {
///     page: Option<u32>,
///     #[serde(default)]
///     tag: Vec<String>,
/// }
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// let read = async |query: &str| {
///     let (mut parts, _) = Request::get(format!("/?{query}")).body(()).unwrap().into_parts();
///     Query::<Filter>::from_request_parts(&mut parts, &()).await.map(|Query(filter)| filter)
/// };
/// let tags = vec!["a b".to_owned(), "c".to_owned()];
/// assert_eq!(read("tag=a+b&tag=c&other=1").await.unwrap(), Filter { page: None, tag: tags });
/// assert_eq!(read("").await.unwrap(), Filter { page: None, tag: Vec::new() });
/// for wrong in ["page=", "page=%2B5", "page=5.0", "page=1&page=1"] {
///     assert_eq!(read(wrong).await.unwrap_err().parameter(), Some("page"));
/// }
/// # }
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct Query<T>(pub T);

impl<T, S> FromRequestParts<S> for Query<T>
where
    T: DeserializeOwned,
    S: Sync,
{
    type Rejection = InvalidQuery;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, InvalidQuery> {
        let query = parts.uri.query().unwrap_or_default();
        if let Some(name) = not_utf_8(query) {
            return Err(InvalidQuery::new(Some(name), "is not UTF-8"));
        }
        let named = Named::new(form_urlencoded::parse(query.as_bytes()));
        T::deserialize(named)
            .map(Self)
            .map_err(|ValueError { name, reason }| InvalidQuery::new(name, &reason))
    }
}

/// The first parameter that is no text once it is decoded. Decoding would put U+FFFD for what it cannot read.
fn not_utf_8(query: &str) -> Option<String> {
    let is_text = |part: &str| percent_decode_str(part).decode_utf8().is_ok();
    if is_text(query) {
        return None;
    }
    let pair = query.split('&').find(|pair| !is_text(pair))?;
    let name = pair.split('=').next().unwrap_or_default();
    Some(percent_decode_str(name).decode_utf8_lossy().into_owned())
}
