//! A responder's content under another media type, told in the signature.

use std::fmt;
use std::marker::PhantomData;

use axum::response::{IntoResponse, Response};
use http::{HeaderMap, StatusCode, header};

use crate::media_type::{MediaType, TypedMedia};
use crate::status::allows_content;

/// What `R` answers, sent and documented as `M`: JSON of a vendor's own kind, for instance.
///
/// Problems and other answers that are no success keep their type, and so does a [`File`](crate::File) of which
/// several parts were asked for: what its parts are, [`File::media_type`](crate::File::media_type) says.
/// [`Reply::content_type`](crate::Reply::content_type) does the same at run time, unknown to the document.
///
/// ```
/// use axum::response::IntoResponse;
/// use axum_responses::{Json, Typed, media_type};
///
/// media_type!(
///     /// JSON:API
///     pub JsonApi = "application/vnd.api+json"
/// );
///
/// async fn resource() -> Typed<Json<[u8; 2]>, JsonApi> {
///     Typed::new(Json([1, 2]))
/// }
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// let response = resource().await.into_response();
/// assert_eq!(response.status(), 200);
/// assert_eq!(response.headers()["content-type"], "application/vnd.api+json");
/// # }
/// ```
#[must_use]
pub struct Typed<R, M> {
    responder: R,
    media_type: PhantomData<fn() -> M>,
}

impl<R, M> Typed<R, M> {
    /// What this responder answers, as `M`. The content is not changed, and nothing tells whether it is such.
    ///
    /// ```
    /// use axum::{http::StatusCode, response::IntoResponse};
    /// use axum_responses::{Html, Problem, Typed, media_type::XmlType};
    ///
    /// let page = Typed::<_, XmlType>::new(Html("<html xmlns='http://www.w3.org/1999/xhtml'/>"));
    /// assert_eq!(page.into_response().headers()["content-type"], "application/xml");
    /// let problem = Typed::<_, XmlType>::new(Problem::new(StatusCode::NOT_FOUND));
    /// assert_eq!(problem.into_response().headers()["content-type"], "application/problem+json");
    /// ```
    pub fn new(responder: R) -> Self {
        Self {
            responder,
            media_type: PhantomData,
        }
    }
}

impl<R: IntoResponse, M: TypedMedia> IntoResponse for Typed<R, M> {
    fn into_response(self) -> Response {
        let mut response = self.responder.into_response();
        let status = response.status();
        retype(status, response.headers_mut(), &M::MEDIA_TYPE);
        response
    }
}

const SEVERAL_PARTS: &str = "multipart/byteranges";

/// Puts a type in the place of the content's, as far as it is a success, and whole or one part.
pub(crate) fn retype(status: StatusCode, headers: &mut HeaderMap, media_type: &MediaType) {
    // RFC 9110 §14.6: the type of several parts says where one ends.
    let is_several_parts = status == StatusCode::PARTIAL_CONTENT
        && headers
            .get(header::CONTENT_TYPE)
            .is_some_and(|value| value.as_bytes().starts_with(SEVERAL_PARTS.as_bytes()));
    if status.is_success() && allows_content(status) && !is_several_parts {
        headers.insert(header::CONTENT_TYPE, media_type.content_type());
    }
}

impl<R: fmt::Debug, M> fmt::Debug for Typed<R, M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Typed").field(&self.responder).finish()
    }
}

/// The responses of `R`, the content of its successes under `M`.
#[cfg(feature = "openapi")]
impl<R: utoipa::IntoResponses, M: TypedMedia> utoipa::IntoResponses for Typed<R, M> {
    fn responses() -> crate::openapi::Responses {
        let mut responses = R::responses();
        for (_, response) in responses
            .iter_mut()
            .filter(|(status, _)| status.starts_with('2'))
        {
            let utoipa::openapi::RefOr::T(response) = response else {
                continue;
            };
            let (parts, content): (Vec<_>, Vec<_>) = std::mem::take(&mut response.content)
                .into_iter()
                .partition(|(media_type, _)| media_type == SEVERAL_PARTS);
            let content = content.into_iter().next();
            let content = content.map(|(_, content)| (M::MEDIA_TYPE.essence().to_owned(), content));
            response.content.extend(content.into_iter().chain(parts));
        }
        responses
    }
}
