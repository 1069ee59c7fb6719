//! `/bg`: a body that takes its time, a task behind it, and the log that shows their order.

use std::time::Duration;

use async_stream::stream;
use axum::body::Bytes;
use axum::extract::State;
use axum_responses::background::Outcome;
use axum_responses::problem::Query;
use axum_responses::rejection::InvalidQuery;
use axum_responses::{BackgroundTask, Json, Reply, Stream};
use serde::Deserialize;
use tokio::time::{Instant, sleep};
use utoipa::IntoParams;

use crate::events::Id;
use crate::marks::Marks;

/// How much is sent at once.
static PIECE: [u8; 64 * 1024] = [b'.'; 64 * 1024];

/// No body dawdles for longer than this, however many pieces it has.
const PATIENCE: Duration = Duration::from_secs(4);

/// A whole number from 0 to `MAX`.
#[derive(Clone, Copy, Default, Deserialize)]
#[serde(try_from = "u32")]
struct UpTo<const MAX: u32>(u32);

impl<const MAX: u32> TryFrom<u32> for UpTo<MAX> {
    type Error = String;

    fn try_from(number: u32) -> Result<Self, String> {
        if number <= MAX {
            Ok(Self(number))
        } else {
            Err(format!("must be at most {MAX}"))
        }
    }
}

impl<const MAX: u32> UpTo<MAX> {
    fn milliseconds(self) -> Duration {
        Duration::from_millis(self.0.into())
    }
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Job {
    /// Whose marks
    #[param(example = "me")]
    id: String,
    /// How many bytes
    #[param(value_type = u32, minimum = 0, maximum = 67108864, example = 1000)]
    size: UpTo<67_108_864>,
    /// How many milliseconds to wait before each piece of 64 KiB, as long as four seconds have not passed
    #[serde(default)]
    #[param(value_type = u32, minimum = 0, maximum = 1000, default = 0)]
    delay: UpTo<1000>,
    /// For how many milliseconds the task sleeps
    #[serde(default)]
    #[param(value_type = u32, minimum = 0, maximum = 5000, default = 0)]
    task: UpTo<5000>,
}

/// A streamed body and a task behind it
#[utoipa::path(get, path = "/bg", tag = "Background", params(Job), responses(Reply<Stream>, InvalidQuery))]
pub(crate) async fn bg(State(marks): State<Marks>, Query(job): Query<Job>) -> Reply<Stream> {
    let Job {
        id,
        size,
        delay,
        task,
    } = job;
    marks.add(&id, "handler");
    let body = stream! {
        let started = Instant::now();
        let mut left = usize::try_from(size.0).unwrap_or(usize::MAX);
        while left > 0 {
            if started.elapsed() < PATIENCE {
                sleep(delay.milliseconds()).await;
            }
            let piece = left.min(PIECE.len());
            left -= piece;
            yield Bytes::from_static(&PIECE[..piece]);
        }
    };
    let afterwards = BackgroundTask::told(move |outcome| async move {
        sleep(task.milliseconds()).await;
        marks.add(
            &id,
            match outcome {
                Outcome::Completed => "task-after-body",
                Outcome::Aborted => "task-after-abort",
            },
        );
    });
    Reply::new(Stream::new(body)).background(afterwards)
}

/// What happened under an id, in order
#[utoipa::path(get, path = "/bg/log", tag = "Background", params(Id), responses(Json<Vec<String>>, InvalidQuery))]
pub(crate) async fn log(
    State(marks): State<Marks>,
    Query(Id { id }): Query<Id>,
) -> Json<Vec<&'static str>> {
    Json(marks.of(&id))
}
