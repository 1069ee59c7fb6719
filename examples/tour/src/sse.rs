//! `/sse`: server-sent events.

use std::time::Duration;

use async_stream::stream;
use axum_layered::{Declare, Layered, ResponseHeader};
use axum_responses::problem::Query;
use axum_responses::rejection::InvalidQuery;
use axum_responses::sse::Event;
use axum_responses::{LastEventId, Reply, ServerSentEvent};
use futures_util::stream::{self, iter};
use serde::Deserialize;
use serde_json::json;
use tokio::time::sleep;
use utoipa::IntoParams;
use utoipa_axum::routes;

use crate::Tour;

pub(crate) fn routes() -> Layered<Tour> {
    Layered::new()
        .routes(routes!(count))
        .routes(routes!(options))
        .routes(routes!(comment_only))
        .routes(routes!(messages))
        .routes(routes!(messages_with_defaults))
        .routes(routes!(data))
        .routes(routes!(event))
        .routes(routes!(message_event))
        .routes(routes!(string))
        .routes(routes!(empty))
        .routes(
            routes!(headers)
                .header(ResponseHeader::documented("x-own").describe("set by the response")),
        )
        .routes(routes!(json))
        .routes(routes!(resume))
        .routes(routes!(endless))
}

/// Ten events in a second
#[utoipa::path(get, path = "/count", responses(ServerSentEvent))]
async fn count() -> ServerSentEvent {
    ServerSentEvent::new(stream! {
        for number in 1..=10 {
            yield number.to_string();
            sleep(Duration::from_millis(100)).await;
        }
    })
}

/// Options of the response hold for each event
#[utoipa::path(get, path = "/options", responses(ServerSentEvent))]
async fn options() -> ServerSentEvent {
    ServerSentEvent::new(iter(["1", "2"]))
        .event_type("tick")
        .event_id("123")
        .retry(Duration::from_secs(1))
        .comment("hello comment")
}

/// A comment of two lines
#[utoipa::path(get, path = "/comment-only", responses(ServerSentEvent))]
async fn comment_only() -> ServerSentEvent {
    ServerSentEvent::new(iter(["1"])).comment("line1\nline2")
}

/// Events with all sorts of fields
#[utoipa::path(get, path = "/messages", responses(ServerSentEvent))]
async fn messages() -> ServerSentEvent {
    ServerSentEvent::new(iter([
        Event::data("plain"),
        Event::data(7.to_string()),
        Event::data("bytes"),
        Event::data("dict")
            .event("custom")
            .id("1")
            .retry(Duration::from_millis(50)),
        Event::comment("ping"),
        Event::data("message")
            .event("e2")
            .id("abc")
            .retry(Duration::from_millis(9))
            .commented("c"),
        Event::new().event("only-event"),
        Event::data(""),
    ]))
}

/// Options of the response fill in what an event leaves out
#[utoipa::path(get, path = "/messages-with-defaults", responses(ServerSentEvent))]
async fn messages_with_defaults() -> ServerSentEvent {
    ServerSentEvent::new(iter([
        Event::data("first, own event").event("own"),
        Event::data("second, no event"),
        Event::data("third, plain"),
    ]))
    .event_type("default-event")
    .event_id("default-id")
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Value {
    /// Any text
    #[param(example = "a\nb")]
    value: String,
}

/// Any text as data: one line of it for each line
#[utoipa::path(
    get,
    path = "/data",
    params(Value),
    responses(ServerSentEvent, InvalidQuery)
)]
async fn data(Query(Value { value }): Query<Value>) -> ServerSentEvent {
    ServerSentEvent::new(iter([value]))
}

/// Any text as the response's event type: no other field is opened
#[utoipa::path(
    get,
    path = "/event",
    params(Value),
    responses(ServerSentEvent, InvalidQuery)
)]
async fn event(Query(Value { value }): Query<Value>) -> ServerSentEvent {
    ServerSentEvent::new(iter(["x", "y"])).event_type(value)
}

/// Any text as an event's type and id
#[utoipa::path(
    get,
    path = "/message-event",
    params(Value),
    responses(ServerSentEvent, InvalidQuery)
)]
async fn message_event(Query(Value { value }): Query<Value>) -> ServerSentEvent {
    let event = Event::data("x").event(value.clone()).id(value);
    ServerSentEvent::new(iter([event]))
}

/// A text is one event
#[utoipa::path(get, path = "/string", responses(ServerSentEvent))]
async fn string() -> ServerSentEvent {
    ServerSentEvent::new(iter(["whole string is one event"]))
}

/// No event
#[utoipa::path(get, path = "/empty", responses(ServerSentEvent))]
async fn empty() -> ServerSentEvent {
    ServerSentEvent::new(stream::empty::<Event>())
}

/// Another status, and headers of one's own
#[utoipa::path(get, path = "/headers", responses(Reply<ServerSentEvent, 201>))]
async fn headers() -> Reply<ServerSentEvent, 201> {
    Reply::new(ServerSentEvent::new(iter(["x"])))
        .header(("cache-control", "private"))
        .header(("x-own", "1"))
}

/// A value as JSON in an event
#[utoipa::path(get, path = "/json", responses(ServerSentEvent))]
async fn json() -> ServerSentEvent {
    ServerSentEvent::new(iter([Event::json(&json!({"n": 1}))]))
}

/// Twenty events, or those that a client has not seen yet
#[utoipa::path(get, path = "/resume", params(LastEventId), responses(ServerSentEvent))]
async fn resume(last: LastEventId) -> ServerSentEvent {
    let seen: u64 = last.parse().unwrap_or(0);
    let missed = (1..=20).skip_while(move |number| *number <= seen);
    ServerSentEvent::new(iter(
        missed.map(|number| Event::data(format!("event {number}")).id(number.to_string())),
    ))
}

/// Silence that is kept alive: it ends with the client or the server
#[utoipa::path(get, path = "/endless", responses(ServerSentEvent))]
async fn endless() -> ServerSentEvent {
    ServerSentEvent::new(stream::pending::<Event>()).keep_alive(Duration::from_millis(900))
}
