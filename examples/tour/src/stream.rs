//! `/stream`: bodies that are produced while they are sent.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::{Duration, SystemTime};

use async_stream::stream;
use axum::extract::State;
use axum_layered::Layered;
use axum_responses::media_type::{CsvType, JsonType};
use axum_responses::problem::Query;
use axum_responses::rejection::InvalidQuery;
use axum_responses::{BackgroundTask, Csv, HttpDate, JsonArray, NdJson, Reply, Stream};
use serde::Deserialize;
use tokio::time::sleep;
use utoipa::IntoParams;
use utoipa_axum::routes;

use crate::Tour;
use crate::data::{Log, Person, UpTo};

pub(crate) fn routes() -> Layered<Tour> {
    Layered::new()
        .routes(routes!(time))
        .routes(routes!(endless))
        .routes(routes!(sync_generator))
        .routes(routes!(sync_callable))
        .routes(routes!(async_callable))
        .routes(routes!(sync_iterator))
        .routes(routes!(async_iterator))
        .routes(routes!(list))
        .routes(routes!(empty))
        .routes(routes!(media_type))
        .routes(routes!(content_length))
        .routes(routes!(error_midway))
        .routes(routes!(value_error_sync))
        .routes(routes!(ndjson))
        .routes(routes!(json_array))
        .routes(routes!(csv))
}

fn piece(time: &str) -> String {
    format!(r#"{{"current_time":"{time}"}}"#)
}

/// The first seconds of a year.
fn seconds(count: u8) -> impl futures_util::Stream<Item = String> + Send {
    stream! {
        for second in 0..count {
            yield piece(&format!("2024-01-01T00:00:{second:02}"));
        }
    }
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Time {
    /// How many pieces
    #[serde(default = "three")]
    #[param(value_type = u8, minimum = 0, maximum = 60, default = 3)]
    count: UpTo<60>,
}

fn three() -> UpTo<60> {
    UpTo::new(3)
}

/// As many pieces of JSON as are asked for, nothing between them
#[utoipa::path(get, path = "/time", params(Time), responses(Stream<JsonType>, InvalidQuery))]
async fn time(Query(Time { count }): Query<Time>) -> Stream<JsonType> {
    Stream::new(seconds(count.get()))
}

/// Notes when the stream that holds it is dropped.
struct NoteOnDrop(Log, &'static str);

impl Drop for NoteOnDrop {
    fn drop(&mut self) {
        self.0.note(self.1);
    }
}

/// The time of day, until the client leaves or the server ends
///
/// Then the source is dropped and the background task runs.
#[utoipa::path(get, path = "/endless", responses(Reply<Stream<JsonType>>))]
async fn endless(State(log): State<Log>) -> Reply<Stream<JsonType>> {
    let closed = NoteOnDrop(log.clone(), "endless generator closed");
    let times = stream! {
        let _closed = closed;
        loop {
            yield piece(&HttpDate::clamped(SystemTime::now()).to_string());
            sleep(Duration::from_millis(10)).await;
        }
    };
    let task = BackgroundTask::new(async move { log.note("endless background") });
    Reply::new(Stream::new(times).until_shutdown()).background(task)
}

/// From an iterator
#[utoipa::path(get, path = "/sync-generator", responses(Stream))]
async fn sync_generator() -> Stream {
    Stream::iter(('a'..='c').map(String::from))
}

/// From a closure that returns an iterator: both run on the pool for blocking work
#[utoipa::path(get, path = "/sync-callable", responses(Stream))]
async fn sync_callable() -> Stream {
    Stream::blocking_lazy(|| ["a", "b", "c"])
}

/// From a closure that returns a stream
#[utoipa::path(get, path = "/async-callable", responses(Stream<JsonType>))]
async fn async_callable() -> Stream<JsonType> {
    Stream::lazy(|| seconds(2))
}

/// Counts to three.
#[derive(Default)]
struct Counter(u8);

impl Iterator for Counter {
    type Item = String;

    fn next(&mut self) -> Option<String> {
        self.0 += 1;
        (self.0 <= 3).then(|| format!("{};", self.0))
    }
}

impl futures_util::Stream for Counter {
    type Item = String;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<String>> {
        Poll::Ready(self.next())
    }
}

/// From an iterator type of one's own
#[utoipa::path(get, path = "/sync-iterator", responses(Stream))]
async fn sync_iterator() -> Stream {
    Stream::iter(Counter::default())
}

/// From a stream type of one's own
#[utoipa::path(get, path = "/async-iterator", responses(Stream))]
async fn async_iterator() -> Stream {
    Stream::new(Counter::default())
}

/// From a list
#[utoipa::path(get, path = "/list", responses(Stream))]
async fn list() -> Stream {
    Stream::iter(vec!["x", "y", "z"])
}

/// Nothing
#[utoipa::path(get, path = "/empty", responses(Stream))]
async fn empty() -> Stream {
    Stream::iter(Vec::<String>::new())
}

/// A media type of its own
#[utoipa::path(get, path = "/media-type", responses(Stream<CsvType>))]
async fn media_type() -> Stream<CsvType> {
    Stream::iter(["x"])
}

/// A length that is known: no chunked coding
#[utoipa::path(get, path = "/content-length", responses(Stream))]
async fn content_length() -> Stream {
    Stream::iter(["a", "b", "c"]).content_length(3)
}

/// An error in the middle cuts the connection: nobody takes the body for complete
#[utoipa::path(get, path = "/error-midway", responses(Stream))]
async fn error_midway() -> Stream {
    Stream::new(stream! {
        yield Ok("first");
        yield Err(io::Error::other("the stream fails on purpose"));
    })
}

/// The same from an iterator of results
#[utoipa::path(get, path = "/value-error-sync", responses(Stream))]
async fn value_error_sync() -> Stream {
    Stream::blocking([
        Ok("first"),
        Err(io::Error::other("the iterator fails on purpose")),
    ])
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct People {
    /// How many people
    #[serde(default = "all")]
    #[param(value_type = u8, minimum = 0, maximum = 50, default = 50)]
    count: UpTo<50>,
}

fn all() -> UpTo<50> {
    UpTo::new(50)
}

impl People {
    fn iter(&self) -> impl Iterator<Item = Person> + Send + use<> {
        Person::all().take(self.count.get().into())
    }
}

/// A document per line
#[utoipa::path(get, path = "/ndjson", params(People), responses(NdJson<Person>, InvalidQuery))]
async fn ndjson(Query(people): Query<People>) -> NdJson<Person> {
    NdJson::iter(people.iter())
}

/// One array, written while it is sent
#[utoipa::path(get, path = "/json-array", params(People), responses(JsonArray<Person>, InvalidQuery))]
async fn json_array(Query(people): Query<People>) -> JsonArray<Person> {
    JsonArray::iter(people.iter())
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Rows {
    /// How many people
    #[serde(default = "all")]
    #[param(value_type = u8, minimum = 0, maximum = 50, default = 50)]
    count: UpTo<50>,
    /// The name in one more row
    #[param(example = r#"a "b", c"#)]
    extra: Option<String>,
}

/// A table, quoted where it must be
#[utoipa::path(get, path = "/csv", params(Rows), responses(Csv<Person>, InvalidQuery))]
async fn csv(Query(rows): Query<Rows>) -> Csv<Person> {
    let people = Person::all().take(rows.count.get().into());
    let extra = rows.extra.map(|name| Person {
        id: "extra".to_owned(),
        name,
    });
    Csv::iter(people.chain(extra)).header(["id", "name"])
}
