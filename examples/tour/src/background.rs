//! `/background`: work for after the last byte, and the log that shows it was done.

use std::time::Duration;

use axum::extract::State;
use axum_layered::{Declare, Layered};
use axum_responses::problem::{ProblemOf, Query};
use axum_responses::rejection::InvalidQuery;
use axum_responses::{BackgroundTask, BackgroundTasks, Empty, Json, Redirect, Reply, Stream};
use serde::{Deserialize, Serialize};
use tokio::time::sleep;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::routes;

use crate::Tour;
use crate::data::Log;

pub(crate) fn routes(notes: &Log) -> Layered<Tour> {
    Layered::new()
        .routes(routes!(one))
        .routes(routes!(decorator).background(noting(notes, "greeter: was called")))
        .routes(routes!(decorator_and_response).background(noting(notes, "from: decorator")))
        .routes(routes!(many))
        .routes(routes!(task_group))
        .routes(routes!(failing))
        .routes(routes!(failing_group))
        .routes(routes!(panicking))
        .routes(routes!(slow))
        .routes(routes!(on_error).background(noting(notes, "on: error")))
        .routes(routes!(redirect))
        .routes(routes!(no_content))
        .routes(routes!(stream))
        .routes(routes!(log))
}

/// Makes a task for each response.
fn noting(log: &Log, text: &'static str) -> impl Fn() -> BackgroundTask + Send + Sync + 'static {
    let log = log.clone();
    move || BackgroundTask::new(note(log.clone(), text))
}

const SHORTLY: Duration = Duration::from_millis(50);

#[derive(Serialize, ToSchema)]
struct Hello {
    #[schema(example = "you")]
    hello: String,
}

impl Hello {
    fn to(name: impl Into<String>) -> Json<Self> {
        Json(Self { hello: name.into() })
    }
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Greet {
    /// Whom to greet
    #[serde(default = "you")]
    #[param(default = "you")]
    name: String,
}

fn you() -> String {
    "you".to_owned()
}

/// Notes something, at once.
async fn note(log: Log, text: impl Into<String>) {
    log.note(text);
}

/// Notes something after a while.
async fn note_after(log: Log, wait: Duration, text: impl Into<String>) {
    sleep(wait).await;
    log.note(text);
}

/// Notes something and fails.
async fn fail(log: Log) -> Result<(), &'static str> {
    log.note("first fails");
    Err("this task fails on purpose")
}

/// Notes something and panics.
async fn panic(log: Log) {
    log.note("first panics");
    panic!("this task panics on purpose");
}

/// One task
#[utoipa::path(get, path = "/one", params(Greet), responses(Reply<Json<Hello>>, InvalidQuery))]
async fn one(State(log): State<Log>, Query(Greet { name }): Query<Greet>) -> Reply<Json<Hello>> {
    let greeter = note(log, format!("greeter: was called with name {name}"));
    Reply::new(Hello::to(name)).background(BackgroundTask::new(greeter))
}

/// One task, declared for the route
#[utoipa::path(get, path = "/decorator", responses(Json<Hello>))]
async fn decorator() -> Json<Hello> {
    Hello::to("world")
}

/// The response's own task wins over the one declared for the route
#[utoipa::path(get, path = "/decorator-and-response", responses(Reply<Json<Hello>>))]
async fn decorator_and_response(State(log): State<Log>) -> Reply<Json<Hello>> {
    Reply::new(Hello::to("both")).background(BackgroundTask::new(note(log, "from: response")))
}

/// Several tasks, one after the other
#[utoipa::path(get, path = "/many", params(Greet), responses(Reply<Json<Hello>>, InvalidQuery))]
async fn many(State(log): State<Log>, Query(Greet { name }): Query<Greet>) -> Reply<Json<Hello>> {
    let slow = note_after(log.clone(), SHORTLY, format!("slow {name} done"));
    let last = note(log.clone(), "last done");
    let sync = format!("sync {name}");
    Reply::new(Hello::to(name)).background(BackgroundTasks::new([
        BackgroundTask::new(slow),
        BackgroundTask::blocking(move || log.note(sync)),
        BackgroundTask::new(last),
    ]))
}

/// Several tasks at once
#[utoipa::path(get, path = "/task-group", params(Greet), responses(Reply<Json<Hello>>, InvalidQuery))]
async fn task_group(
    State(log): State<Log>,
    Query(Greet { name }): Query<Greet>,
) -> Reply<Json<Hello>> {
    let slow = note_after(log.clone(), SHORTLY, format!("slow {name} done"));
    let fast = note(log, "fast done");
    let both = BackgroundTasks::new([BackgroundTask::new(slow), BackgroundTask::new(fast)]);
    Reply::new(Hello::to(name)).background(both.concurrent())
}

/// A task that fails is reported, and the next one runs
#[utoipa::path(get, path = "/failing", responses(Reply<Json<Hello>>))]
async fn failing(State(log): State<Log>) -> Reply<Json<Hello>> {
    Reply::new(Hello::to("failing")).background(BackgroundTasks::new([
        BackgroundTask::new(fail(log.clone())).named("fails"),
        BackgroundTask::new(note(log, "second done")),
    ]))
}

/// A task that fails does not disturb those beside it
#[utoipa::path(get, path = "/failing-group", responses(Reply<Json<Hello>>))]
async fn failing_group(State(log): State<Log>) -> Reply<Json<Hello>> {
    let both = BackgroundTasks::new([
        BackgroundTask::new(fail(log.clone())).named("fails"),
        BackgroundTask::new(note_after(log, SHORTLY, "second done")),
    ]);
    Reply::new(Hello::to("failing")).background(both.concurrent())
}

/// A task that panics is reported, and the next one runs
#[utoipa::path(get, path = "/panicking", responses(Reply<Json<Hello>>))]
async fn panicking(State(log): State<Log>) -> Reply<Json<Hello>> {
    let next = note(log.clone(), "second done");
    Reply::new(Hello::to("panicking")).background(BackgroundTasks::new([
        BackgroundTask::new(panic(log)).named("panics"),
        BackgroundTask::new(next),
    ]))
}

/// A task that takes its time does not hold back the answer
#[utoipa::path(get, path = "/slow", responses(Reply<Json<Hello>>))]
async fn slow(State(log): State<Log>) -> Reply<Json<Hello>> {
    let slow = note_after(log, Duration::from_millis(300), "slow done");
    Reply::new(Hello::to("slow")).background(BackgroundTask::new(slow))
}

/// An error has no background
#[utoipa::path(get, path = "/on-error", responses(ProblemOf<404>))]
async fn on_error() -> ProblemOf<404> {
    ProblemOf::detail("no background for errors")
}

/// A task after a redirect
#[utoipa::path(get, path = "/redirect", responses(Reply<Redirect>))]
async fn redirect(State(log): State<Log>) -> Reply<Redirect> {
    let task = BackgroundTask::new(note(log, "on: redirect"));
    Reply::new(Redirect::to("/other-path")).background(task)
}

/// A task after nothing
#[utoipa::path(get, path = "/no-content", responses(Reply<Empty, 204>))]
async fn no_content(State(log): State<Log>) -> Reply<Empty, 204> {
    Reply::new(Empty).background(BackgroundTask::new(note(log, "after nothing")))
}

/// Streamed, each piece noted when it is produced, the task behind the last
#[utoipa::path(get, path = "/stream", responses(Reply<Stream>))]
async fn stream(State(log): State<Log>) -> Reply<Stream> {
    let task = BackgroundTask::new(note(log.clone(), "task"));
    let pieces = async_stream::stream! {
        for number in 1..=3 {
            log.note(format!("chunk {number}"));
            yield number.to_string();
            sleep(Duration::from_millis(5)).await;
        }
    };
    Reply::new(Stream::new(pieces)).background(task)
}

/// What was noted since the last look
#[utoipa::path(get, path = "/log", responses(Json<Vec<String>>))]
async fn log(State(log): State<Log>) -> Json<Vec<String>> {
    Json(log.take())
}
