//! Which statuses may carry content, and how the others lose theirs.

use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::Body;
use axum::response::Response;
use bytes::Bytes;
use http::{HeaderMap, StatusCode, header};
use http_body::Frame;

/// Marks a 200 that was chosen by hand, so that middleware which has another status for success leaves it alone.
///
/// [`Reply::status`](crate::Reply::status) puts it into the response's extensions; a 200 that is the type's own, and
/// any other status, has no such mark. It is not sent.
///
/// ```
/// use axum::{http::StatusCode, response::IntoResponse};
/// use axum_responses::{Reply, Text, status::ExplicitStatus};
///
/// let by_hand = <Reply<_>>::new(Text("ok")).status(StatusCode::OK).into_response();
/// assert_eq!(by_hand.extensions().get(), Some(&ExplicitStatus));
/// let by_type = <Reply<_>>::new(Text("ok")).into_response();
/// assert_eq!(by_type.extensions().get::<ExplicitStatus>(), None);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExplicitStatus;

/// Whether a response of this status has content at all.
///
/// RFC 9110 §6.4.1: 1xx, 204 and 304 never do; §15.3.6: 205 must not. What the method forbids, such as the content of
/// an answer to HEAD, is not looked at. [`Reply`](crate::Reply) takes content away by this rule.
///
/// ```
/// # use axum_responses::status::allows_content;
/// # use axum::http::StatusCode;
/// assert!(allows_content(StatusCode::OK));
/// assert!(!allows_content(StatusCode::NO_CONTENT));
/// assert!(!allows_content(StatusCode::RESET_CONTENT));
/// assert!(!allows_content(StatusCode::NOT_MODIFIED));
/// assert!(allows_content(StatusCode::SEE_OTHER));
/// ```
#[must_use]
pub fn allows_content(status: StatusCode) -> bool {
    !(status.is_informational()
        || matches!(
            status,
            StatusCode::NO_CONTENT | StatusCode::RESET_CONTENT | StatusCode::NOT_MODIFIED
        ))
}

/// Takes content, its type, its coding and its length away where the status forbids them.
///
/// A 304 keeps its validators (RFC 9110 §15.4.5); a 101 is left alone, its connection belongs to another protocol.
pub(crate) fn strip_forbidden_content(response: &mut Response) {
    let status = response.status();
    if allows_content(status) || status == StatusCode::SWITCHING_PROTOCOLS {
        return;
    }
    strip_headers(response.headers_mut());
    *response.body_mut() = no_content();
}

/// The body of such a response.
pub(crate) fn no_content() -> Body {
    Body::new(NoContent)
}

fn strip_headers(headers: &mut HeaderMap) {
    headers.remove(header::CONTENT_TYPE);
    headers.remove(header::CONTENT_ENCODING);
    headers.remove(header::CONTENT_LENGTH);
    headers.remove(header::TRANSFER_ENCODING);
}

/// An empty body of *unknown* length.
///
/// axum writes `content-length: 0` for a body whose length is known to be zero, which RFC 9110
/// §8.6 forbids on 1xx and 204 and which HTTP/2 would put on the wire. hyper frames a 205 on HTTP/1.1
/// with `content-length: 0` by itself, as RFC 9112 §6.3 needs.
struct NoContent;

impl http_body::Body for NoContent {
    type Data = Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        Poll::Ready(None)
    }

    fn is_end_stream(&self) -> bool {
        true
    }
}
