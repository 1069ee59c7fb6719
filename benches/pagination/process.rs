//! What a page costs in this process alone: its statement, and its cursors.

use std::hint::black_box;
use std::io::Write;
use std::time::Instant;

use axum_pagination::{Count, CursorKey, Order, Position, keyset};
use sqlx::{MySql, Postgres, Sqlite};

use crate::Failure;
use crate::list::{NEWEST, Params, Post, around, key};
use crate::measure::{micros, middle, verdict};
use crate::subject::Subject;

const ROUNDS: usize = 201;
const IN_A_ROUND: u32 = 1_000;

/// Of a statement, and of a cursor made or read, in microseconds
const GOALS: (f64, f64) = (2.0, 1.0);

type Statement = fn(&Order<Post>, &CursorKey, Count, &Params) -> Result<String, Failure>;

pub(crate) fn report(out: &mut impl Write) -> Result<(), Failure> {
    let order = NEWEST.order();
    let key = key();
    let row = Post {
        id: 123_456,
        at: 654_321,
        ..Post::default()
    };
    let [after, _] = around(&order, &row)?;
    let start = Params::default();
    writeln!(
        out,
        "\n| in this process, median of {ROUNDS} times {IN_A_ROUND} | µs, goal |\n|---|---|"
    )?;

    let list = || keyset(&order).signed(&key);
    let read = || {
        let position: Position<(i64, i64)> = list().position(black_box(&after))?;
        black_box(position);
        Ok(())
    };
    let rows = || vec![black_box(&row).clone()];
    let at_the_start = || {
        drop(black_box(list().assemble(rows(), &start)?));
        Ok(())
    };
    let behind_a_row = || {
        drop(black_box(list().assemble(rows(), &after)?));
        Ok(())
    };
    let build = |statement: Statement| {
        black_box(statement(&order, &key, Count::Skip, &after)?);
        Ok(())
    };
    // Differences are taken within a round: the rounds of a busy machine differ more than what is measured.
    let mut rounds = Vec::with_capacity(ROUNDS);
    for _ in 0..ROUNDS {
        let read = each(read)?;
        rounds.push([
            read,
            // One row alone makes the cursor of the end; behind another row, which is read, also the one that leads back.
            each(behind_a_row)? - each(at_the_start)? - read,
            // The cursor is read for a statement, which is not what it costs.
            each(|| build(Sqlite::statement))? - read,
            each(|| build(Postgres::statement))? - read,
            each(|| build(MySql::statement))? - read,
        ]);
    }
    for (at, (what, goal)) in [
        ("a signed cursor read", GOALS.1),
        ("a signed cursor made", GOALS.1),
        ("a statement for sqlite", GOALS.0),
        ("a statement for postgres", GOALS.0),
        ("a statement for mariadb", GOALS.0),
    ]
    .into_iter()
    .enumerate()
    {
        let time = middle(rounds.iter().map(|round| round[at]).collect());
        line(out, what, time, goal)?;
    }
    Ok(())
}

fn line(out: &mut impl Write, what: &str, time: f64, goal: f64) -> Result<(), Failure> {
    writeln!(
        out,
        "| {what} | {time:.2}, <= {goal}{} |",
        verdict(time <= goal)
    )?;
    out.flush()?;
    Ok(())
}

/// The time of one run, in microseconds.
fn each(run: impl Fn() -> Result<(), Failure>) -> Result<f64, Failure> {
    let start = Instant::now();
    for _ in 0..IN_A_ROUND {
        run()?;
    }
    Ok(micros(start.elapsed()) / f64::from(IN_A_ROUND))
}
