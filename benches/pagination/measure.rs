//! Medians of what takes turns, and the processor time of those who take part.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use crate::Failure;

/// The median time of one run, in microseconds: of so many runs, or of those that fit into the time, and of three at
/// least.
pub(crate) async fn median(
    runs: usize,
    time: Duration,
    mut run: impl AsyncFnMut() -> Result<(), Failure>,
) -> Result<f64, Failure> {
    // The first ones prepare the statement, and fill the caches.
    for _ in 0..2 {
        run().await?;
    }
    let mut figures = Vec::with_capacity(runs);
    let begin = Instant::now();
    while figures.len() < 3 || (figures.len() < runs && begin.elapsed() < time) {
        let start = Instant::now();
        run().await?;
        figures.push(micros(start.elapsed()));
    }
    Ok(middle(figures))
}

pub(crate) fn micros(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}

pub(crate) fn middle(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied().unwrap_or(f64::NAN)
}

/// What a process and those that it has ended have spent, so far; `None` where the system does not tell.
pub(crate) fn spent(process: &str) -> Option<Duration> {
    const TICK: Duration = Duration::from_millis(10); // proc_pid_stat(5): USER_HZ is 100 on every architecture of ours.

    let folder = Path::new("/proc").join(process);
    let tasks = fs::read_dir(folder.join("task")).ok()?;
    let mut sum = Duration::ZERO;
    for task in tasks.flatten() {
        // A thread may be gone by now.
        let Ok(text) = fs::read_to_string(task.path().join("schedstat")) else {
            continue;
        };
        sum += Duration::from_nanos(text.split(' ').next()?.parse().ok()?);
    }
    // The name is in parentheses, and may have blanks; `cutime` and `cstime` are the 16th and 17th field.
    let stat = fs::read_to_string(folder.join("stat")).ok()?;
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let ended = fields.get(13..15)?.iter();
    let ended: u32 = ended.filter_map(|field| field.parse::<u32>().ok()).sum();
    Some(sum + TICK * ended)
}

/// What all of these have spent together.
pub(crate) fn spent_by(processes: &[String]) -> Option<Duration> {
    processes.iter().map(|process| spent(process)).sum()
}

/// The word for a figure that is not as it was to be.
pub(crate) fn verdict(holds: bool) -> &'static str {
    if holds { "" } else { " MISSED" }
}
