//! A numbered page and its total: ours beside two queries by hand.

use std::io::Write;
use std::time::{Duration, Instant};

use crate::Failure;
use crate::list::{NEWEST, Numbered, SELECT, SIZE};
use crate::measure::{micros, middle, spent_by, verdict};
use crate::subject::{Opened, Subject};

/// Processor time of ours beside that of two queries
const GOAL: f64 = 0.90;

const ROUNDS: usize = 15;
/// How long one side has its turn
const TURN: Duration = Duration::from_millis(150);

/// What one page took, in microseconds.
#[derive(Clone, Copy)]
struct Cost {
    time: f64,
    processor: Option<f64>,
}

pub(crate) async fn report<DB: Subject>(
    out: &mut impl Write,
    opened: &Opened<DB>,
    rows: u64,
) -> Result<(), Failure> {
    writeln!(
        out,
        "\n| a numbered page and the total, of | two queries: µs, of processor time | ours | ratio of time | of processor time, goal |\n|---|---|---|---|---|"
    )?;
    let order = NEWEST.order();
    for (table, length) in [
        ("posts_1000", 1_000),
        ("posts_100000", 100_000),
        ("posts", rows),
    ] {
        if table != "posts" {
            opened.table(table, length).await?;
            opened.index(table, &NEWEST).await?;
        }
        let count = format!("SELECT COUNT(*) FROM {table}");
        let items = format!(
            "{SELECT}{table} ORDER BY {} LIMIT {SIZE} OFFSET 0",
            NEWEST.order_by()
        );
        let params = Numbered::default();
        let mut sides = (Vec::new(), Vec::new());
        for round in 0..=ROUNDS {
            let two = cost(opened, async || {
                DB::number(&opened.pool, &count).await?;
                DB::rows(&opened.pool, &items, &[]).await.map(drop)
            })
            .await?;
            let ours = cost(opened, async || {
                let page = DB::numbered(&opened.pool, table, &order, &params).await?;
                drop(page);
                Ok(())
            })
            .await?;
            // The first one fills the caches.
            if round > 0 {
                sides.0.push(two);
                sides.1.push(ours);
            }
        }
        let time = |side: &[Cost]| middle(side.iter().map(|cost| cost.time).collect());
        let processor =
            |side: &[Cost]| middle(side.iter().filter_map(|cost| cost.processor).collect());
        let (two, ours) = sides;
        let ratio = processor(&ours) / processor(&two);
        writeln!(
            out,
            "| {length} rows | {:.0}, {:.0} | {:.0}, {:.0} | {:.2} | {ratio:.2}, <= {GOAL:.2}{} |",
            time(&two),
            processor(&two),
            time(&ours),
            processor(&ours),
            time(&ours) / time(&two),
            verdict(ratio <= GOAL || ratio.is_nan())
        )?;
        out.flush()?;
    }
    Ok(())
}

/// What a page takes, of as many as fit into a turn.
async fn cost<DB: Subject>(
    opened: &Opened<DB>,
    page: impl AsyncFn() -> Result<(), Failure>,
) -> Result<Cost, Failure> {
    let spent = || spent_by(opened.processes.as_deref()?);
    let mut pages = 0;
    let before = spent();
    let start = Instant::now();
    while pages == 0 || start.elapsed() < TURN {
        page().await?;
        pages += 1;
    }
    let time = start.elapsed();
    let after = spent();
    let each = |time: Duration| micros(time) / f64::from(pages);
    Ok(Cost {
        time: each(time),
        processor: after
            .zip(before)
            .map(|(after, before)| each(after.saturating_sub(before))),
    })
}
