//! The body that runs its tasks once it is through.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use axum::body::Body;
use axum::response::Response;
use bytes::Bytes;
use http::{HeaderMap, Method, header};
use http_body::{Body as _, Frame, SizeHint};
use tokio::runtime::Handle;

use super::{BackgroundTasks, BackgroundTracker, Outcome};
use crate::context::RequestContext;
use crate::status::allows_content;

/// Makes the response run `tasks` when its body is through.
pub(crate) fn attach(
    response: &mut Response,
    tasks: BackgroundTasks,
    context: Option<&RequestContext>,
) {
    let head = context.is_some_and(|context| context.method() == Method::HEAD);
    let body = std::mem::take(response.body_mut());
    let left = body
        .size_hint()
        .exact()
        .or_else(|| declared_length(response.headers()));
    // RFC 9110 §9.3.2, §6.4.1: where no content is due, hyper drops the body unpolled. Without a
    // context nobody told us of a HEAD; a body that is due is polled as soon as the head is written.
    let unpolled_is_fine =
        context.is_none() || head || !allows_content(response.status()) || left == Some(0);
    *response.body_mut() = Body::new(AfterBody {
        body,
        rest: Bytes::new(),
        left,
        state: State::Untouched,
        unpolled_is_fine,
        tasks: Some(tasks),
        tracker: context.and_then(|context| context.registered()?.tracker.clone()),
    });
}

fn declared_length(headers: &HeaderMap) -> Option<u64> {
    headers
        .get(header::CONTENT_LENGTH)?
        .to_str()
        .ok()?
        .parse()
        .ok()
}

enum State {
    Untouched,
    Flowing,
    /// Every byte of a known length was handed over.
    Delivered,
    /// The body said that it is at its end.
    Ended,
    Failed,
}

/// A larger frame is handed over in pieces of this size. What was handed over counts as sent, and an
/// HTTP implementation takes a frame of any size at once: in pieces it stops when its buffers are full.
const PIECE: usize = 64 * 1024;

struct AfterBody {
    body: Body,
    /// What is left of a large frame.
    rest: Bytes,
    /// Bytes still to come, where the length is known.
    left: Option<u64>,
    state: State,
    unpolled_is_fine: bool,
    tasks: Option<BackgroundTasks>,
    tracker: Option<BackgroundTracker>,
}

impl http_body::Body for AfterBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let frame = if self.rest.is_empty() {
            ready!(Pin::new(&mut self.body).poll_frame(cx))
        } else {
            Some(Ok(Frame::data(std::mem::take(&mut self.rest))))
        };
        Poll::Ready(match frame {
            None => {
                self.state = State::Ended;
                None
            }
            Some(Err(error)) => {
                self.state = State::Failed;
                Some(Err(error))
            }
            Some(Ok(frame)) => Some(Ok(self.hand_over(frame))),
        })
    }

    /// Not before `None` once a byte has flowed: hyper drops a body that is at its end before it has
    /// written the last bytes, and one that is not after the write.
    fn is_end_stream(&self) -> bool {
        match self.state {
            State::Untouched => self.body.is_end_stream(),
            State::Flowing | State::Delivered | State::Failed => false,
            State::Ended => true,
        }
    }

    fn size_hint(&self) -> SizeHint {
        let rest = self.rest.len() as u64;
        let mut hint = self.body.size_hint();
        hint.set_lower(hint.lower() + rest);
        if let Some(upper) = hint.upper() {
            hint.set_upper(upper + rest);
        }
        hint
    }
}

impl AfterBody {
    fn hand_over(&mut self, frame: Frame<Bytes>) -> Frame<Bytes> {
        let mut data = match frame.into_data() {
            Ok(data) => data,
            Err(trailers) => return trailers,
        };
        if data.len() > PIECE {
            self.rest = data.split_off(PIECE);
        }
        self.state = State::Flowing;
        if let Some(left) = &mut self.left {
            *left = left.saturating_sub(data.len() as u64);
            if *left == 0 {
                self.state = State::Delivered;
            }
        }
        Frame::data(data)
    }

    fn outcome(&self) -> Outcome {
        match self.state {
            State::Delivered | State::Ended => Outcome::Completed,
            State::Untouched if self.unpolled_is_fine => Outcome::Completed,
            State::Untouched | State::Flowing | State::Failed => Outcome::Aborted,
        }
    }
}

impl Drop for AfterBody {
    fn drop(&mut self) {
        let Some(tasks) = self.tasks.take() else {
            return;
        };
        if Handle::try_current().is_err() {
            tracing::error!(
                "background tasks lost: their response was dropped outside of a tokio runtime"
            );
            return;
        }
        tasks.start(self.outcome(), self.tracker.as_ref());
    }
}
