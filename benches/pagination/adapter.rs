//! A page of ours beside the same statement by hand.

use std::env;
use std::io::Write;
use std::process::Command;
use std::time::Instant;

use axum_pagination::{Count, Order};
use sqlx::Sqlite;
use suite_support::database;

use crate::Failure;
use crate::list::{NEWEST, Params, Post, SELECT, around, binds, key};
use crate::measure::{micros, middle, verdict};
use crate::subject::{Opened, Subject};

const GOAL: f64 = 1.10;
const ROUNDS: usize = 3_000;

/// The same page, asked for in two ways.
struct Pair {
    order: Order<Post>,
    params: Params,
    sql: String,
    binds: Vec<i64>,
}

impl Pair {
    async fn of<DB: Subject>(opened: &Opened<DB>, rows: u64) -> Result<Self, Failure> {
        let order = NEWEST.order();
        let row = format!(
            "{SELECT}posts ORDER BY {} LIMIT 1 OFFSET {}",
            NEWEST.order_by(),
            rows / 2
        );
        let row = DB::rows(&opened.pool, &row, &[]).await?;
        let row = row.first().ok_or("too few rows")?;
        let [params, _] = around(&order, row)?;
        let sql = DB::statement(&order, &key(), Count::Skip, &params)?;
        let binds = binds(&sql, row);
        Ok(Self {
            order,
            params,
            sql,
            binds,
        })
    }
}

/// The two take turns, and take turns in being the first.
pub(crate) async fn report<DB: Subject>(
    out: &mut impl Write,
    opened: &Opened<DB>,
    rows: u64,
) -> Result<(), Failure> {
    let pair = Pair::of(opened, rows).await?;
    let key = key();
    let by_hand = async || -> Result<f64, Failure> {
        let start = Instant::now();
        let rows = DB::rows(&opened.pool, &pair.sql, &pair.binds).await?;
        let time = micros(start.elapsed());
        drop(rows);
        Ok(time)
    };
    let ours = async || -> Result<f64, Failure> {
        let start = Instant::now();
        let page = DB::page(&opened.pool, &pair.order, &key, Count::Skip, &pair.params).await?;
        let time = micros(start.elapsed());
        drop(page);
        Ok(time)
    };
    let (mut hands, mut pages) = (Vec::new(), Vec::new());
    for round in 0..ROUNDS + 100 {
        let (hand, page) = if round % 2 == 0 {
            let hand = by_hand().await?;
            (hand, ours().await?)
        } else {
            let page = ours().await?;
            (by_hand().await?, page)
        };
        if round >= 100 {
            hands.push(hand);
            pages.push(page);
        }
    }
    let (hand, page) = (middle(hands), middle(pages));
    let ratio = page / hand;
    writeln!(
        out,
        "\n| a page, cursors signed | by hand | ours | ratio, goal |\n|---|---|---|---|\n\
         | µs, median of {ROUNDS} | {hand:.1} | {page:.1} | {ratio:.3}, <= {GOAL:.2}{} |",
        verdict(ratio <= GOAL)
    )?;
    // An index is smaller in memory; what the library spends is the same.
    if DB::TITLE == Sqlite::TITLE && Command::new("valgrind").arg("--version").output().is_ok() {
        let (hand, page) = (instructions("hand")?, instructions("ours")?);
        writeln!(
            out,
            "| instructions, 10,000 rows in memory | {hand:.0} | {page:.0} | {:.3} |",
            page / hand
        )?;
    }
    out.flush()?;
    Ok(())
}

/// One side in a process of its own, for valgrind: `run hand|ours PAGES`.
pub(crate) async fn alone(side: &str, pages: u64) -> Result<(), Failure> {
    const ROWS: u64 = 10_000;

    let database = database::sqlite().await;
    let opened = Opened {
        pool: database.pool.clone(),
        processes: None,
    };
    opened.fill(ROWS).await?;
    let pair = Pair::of(&opened, ROWS).await?;
    let key = key();
    for _ in 0..pages {
        match side {
            "hand" => drop(Sqlite::rows(&opened.pool, &pair.sql, &pair.binds).await?),
            _ => {
                let count = Count::Skip;
                let page =
                    Sqlite::page(&opened.pool, &pair.order, &key, count, &pair.params).await?;
                drop(page);
            }
        }
    }
    Ok(())
}

/// Instructions a page: what so many more pages take, divided.
fn instructions(side: &str) -> Result<f64, Failure> {
    const PAGES: u32 = 1_000;

    let count = |pages: u32| -> Result<f64, Failure> {
        let output = Command::new("valgrind")
            .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
            .arg(env::current_exe()?)
            .args(["run", side, &pages.to_string()])
            .output()?;
        let text = String::from_utf8_lossy(&output.stderr);
        let collected = text.split_once("Collected : ").map_or("", |parts| parts.1);
        let digits = collected.split_whitespace().next().unwrap_or_default();
        Ok(digits.parse()?)
    };
    Ok((count(2 * PAGES)? - count(PAGES)?) / f64::from(PAGES))
}
