//! `cargo bench -p benches [-- NAME]`: each responder beside what is written by hand, in one run.
//!
//! Instructions and bytes allocated are counted by valgrind (`callgrind`, `dhat`), which repeats within about a
//! per cent whatever else the machine does: each side runs N and 2N requests in a process of its own, and the
//! difference divided by N is what one request takes. Without valgrind only the streams are timed.
//! Nothing fails here: the figures are for reading.

use std::env;
use std::io::{self, Write};
use std::process::Command;
use std::time::Duration;

use axum_responses::RequestContextLayer;
use benches::{App, PAIRS, Pair, answers_per_second, app, in_actix, in_process, over_http1};
use tower::Layer;

fn main() -> io::Result<()> {
    let arguments: Vec<String> = env::args()
        .skip(1)
        .filter(|argument| argument != "--bench")
        .collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["run", _, path, requests] if path.starts_with("/actix") => {
            block_on(in_actix(path, number(requests)));
        }
        ["run", "http1", path, requests] => block_on(over_http1(app(), path, number(requests))),
        ["run", "http1-outside", path, requests] => {
            block_on(over_http1(outside(), path, number(requests)));
        }
        ["run", "browser-outside", path, requests] => {
            block_on(in_process(&outside(), path, number(requests), "browser"));
        }
        ["run", mode, path, requests] => block_on(in_process(&app(), path, number(requests), mode)),
        ref names => return report(names),
    }
    Ok(())
}

/// The application with the context around all of it.
fn outside() -> impl App {
    RequestContextLayer::new().layer(app())
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    match tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime.block_on(future),
        Err(error) => panic!("no runtime: {error}"),
    }
}

fn number(text: &str) -> u64 {
    text.parse().unwrap_or(1)
}

fn report(names: &[&str]) -> io::Result<()> {
    let mut out = io::stdout().lock();
    let wanted =
        |pair: &&Pair| names.is_empty() || names.iter().any(|name| pair.what.contains(name));
    if Command::new("valgrind").arg("--version").output().is_ok() {
        writeln!(
            out,
            "| what | by hand | ours | ratio | goal |\n|---|---|---|---|---|"
        )?;
        for pair in PAIRS.iter().filter(wanted) {
            line(
                &mut out,
                pair,
                "instructions",
                pair.instructions,
                instructions,
            )?;
            if let Some(goal) = pair.bytes_allocated {
                line(&mut out, pair, "bytes allocated", goal, bytes_allocated)?;
            }
            if let Some(goal) = pair.allocations {
                line(&mut out, pair, "allocations", goal, allocations)?;
            }
        }
    } else {
        writeln!(
            out,
            "valgrind is not installed: instructions are not counted"
        )?;
    }
    if names.is_empty() || names.contains(&"throughput") {
        timed(
            &mut out,
            "stream of 1024 chunks",
            "/stream",
            "/stream/ours",
            1.0,
        )?;
        timed(
            &mut out,
            "1000 events that are ready",
            "/sse",
            "/sse/ours",
            15.0,
        )?;
    }
    Ok(())
}

/// Over a loopback socket; the two sides in turn.
fn timed(
    out: &mut impl Write,
    what: &str,
    by_hand: &'static str,
    ours: &'static str,
    goal: f64,
) -> io::Result<()> {
    const ROUNDS: usize = 9;
    let time = Duration::from_millis(500);
    let measure = |path| answers_per_second(path, time);
    let rounds: Vec<(f64, f64)> = (0..ROUNDS)
        .map(|_| Ok((measure(by_hand)?, measure(ours)?)))
        .collect::<io::Result<_>>()?;
    let median = |of: fn(&(f64, f64)) -> f64| {
        let mut figures: Vec<f64> = rounds.iter().map(of).collect();
        figures.sort_by(f64::total_cmp);
        figures[ROUNDS / 2]
    };
    writeln!(
        out,
        "| {what}, answers/s, median of {ROUNDS} | {:.0} | {:.0} | {:.2} | >= {goal:.2} |",
        median(|round| round.0),
        median(|round| round.1),
        median(|(by_hand, ours)| ours / by_hand),
    )
}

fn line(
    out: &mut impl Write,
    pair: &Pair,
    unit: &str,
    goal: f64,
    count: fn(&str, &str, u64) -> io::Result<u64>,
) -> io::Result<()> {
    let outside = if pair.context_outside { "-outside" } else { "" };
    let per_request = |mode: &str, path| -> io::Result<f64> {
        let once = count(mode, path, pair.requests)?;
        let twice = count(mode, path, 2 * pair.requests)?;
        Ok(twice.saturating_sub(once) as f64 / pair.requests as f64)
    };
    let (by_hand, ours) = (
        per_request(pair.mode, pair.by_hand)?,
        per_request(&format!("{}{outside}", pair.mode), pair.ours)?,
    );
    let ratio = ours / by_hand;
    // To the digits that are shown: what a process does once is spread over its requests.
    let shown = (ratio * 1000.0).round() / 1000.0;
    let verdict = if shown <= goal { "" } else { " MISSED" };
    writeln!(
        out,
        "| {}, {unit} | {by_hand:.0} | {ours:.0} | {ratio:.3} | <= {goal:.2}{verdict} |",
        pair.what
    )?;
    out.flush()
}

fn instructions(mode: &str, path: &str, requests: u64) -> io::Result<u64> {
    let arguments = ["--tool=callgrind", "--callgrind-out-file=/dev/null"];
    valgrind(&arguments, mode, path, requests, "Collected")
}

fn bytes_allocated(mode: &str, path: &str, requests: u64) -> io::Result<u64> {
    valgrind(&DHAT, mode, path, requests, "Total:")
}

fn allocations(mode: &str, path: &str, requests: u64) -> io::Result<u64> {
    // "Total: N bytes in M blocks", and more of the kind in the lines behind it
    valgrind(&DHAT, mode, path, requests, " bytes in ")
}

const DHAT: [&str; 2] = ["--tool=dhat", "--dhat-out-file=/dev/null"];

/// Runs this program under valgrind, and takes the first number behind `label` of what it prints.
fn valgrind(tool: &[&str], mode: &str, path: &str, requests: u64, label: &str) -> io::Result<u64> {
    let output = Command::new("valgrind")
        .args(tool)
        .arg(env::current_exe()?)
        .args(["run", mode, path, &requests.to_string()])
        .output()?;
    let text = String::from_utf8_lossy(&output.stderr);
    let number = text.lines().find_map(|line| {
        let behind = line.split_once(label)?.1;
        let digits: String = behind
            .chars()
            .skip_while(|c| !c.is_ascii_digit())
            .take_while(|c| c.is_ascii_digit() || *c == ',')
            .filter(|c| *c != ',')
            .collect();
        digits.parse().ok()
    });
    number.ok_or_else(|| io::Error::other(format!("valgrind said nothing of it: {text}")))
}
