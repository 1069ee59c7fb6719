//! `/sse` and `/sse-slow`: what an event stream may hold, and one that never ends.

use std::time::Duration;

use async_stream::stream;
use axum::extract::State;
use axum_responses::problem::Query;
use axum_responses::rejection::InvalidQuery;
use axum_responses::sse::Event;
use axum_responses::{LastEventId, ServerSentEvent};
use futures_util::stream::{iter, pending};
use serde::Deserialize;
use serde_json::json;
use tokio::time::sleep;
use utoipa::IntoParams;

use crate::marks::Marks;

/// Every kind of event there is, once
///
/// A client that comes back with an id has seen them: it finds the stream open and silent.
#[utoipa::path(get, path = "/sse", tag = "Events", responses(ServerSentEvent))]
pub(crate) async fn sse(last: LastEventId) -> ServerSentEvent {
    if last.get().is_some() {
        return ServerSentEvent::new(pending::<Event>());
    }
    ServerSentEvent::new(iter([
        Ok(Event::data("hello")),
        Ok(Event::data("line1\nline2\n\nline4").event("update").id("1")),
        Ok(Event::data("unicode ✓ é 日本 😀")),
        Ok(Event::comment("clients skip this")),
        Ok(Event::data(" leading and trailing ")),
        Ok(Event::data(": looks like a comment")),
        Ok(Event::data("event: not-a-field")),
        Ok(Event::data("").id("2")),
        Event::json(&json!({"a": [1, 2, {"b": "\n"}]})).map(|event| event.event("json")),
        Ok(Event::data("retry set").retry(Duration::from_millis(1500))),
        Ok(Event::data("tab\there")),
        Ok(Event::data("trailing newline\n")),
        Ok(Event::data("cr\rsplit")),
        Ok(Event::data("crlf\r\nsplit")),
        Ok(Event::data("bye").event("end").id("last")),
    ]))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Id {
    /// Whose marks
    #[param(example = "me")]
    pub(crate) id: String,
}

/// Marks when the stream that holds it is dropped.
struct MarkOnDrop {
    marks: Marks,
    id: String,
}

impl Drop for MarkOnDrop {
    fn drop(&mut self) {
        self.marks.add(&self.id, "dropped");
    }
}

/// An event every 50 ms, until the client leaves
#[utoipa::path(
    get,
    path = "/sse-slow",
    tag = "Events",
    params(Id),
    responses(ServerSentEvent, InvalidQuery)
)]
pub(crate) async fn sse_slow(
    State(marks): State<Marks>,
    Query(Id { id }): Query<Id>,
) -> ServerSentEvent {
    let dropped = MarkOnDrop { marks, id };
    ServerSentEvent::new(stream! {
        let _dropped = dropped;
        for number in 1_u64.. {
            yield Event::data(number.to_string()).id(number.to_string());
            sleep(Duration::from_millis(50)).await;
        }
    })
}
