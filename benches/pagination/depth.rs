//! Pages by cursor beside pages by OFFSET, the deeper the worse.

use std::io::Write;
use std::time::Duration;

use axum_pagination::Count;

use crate::Failure;
use crate::list::{NEWEST, Params, SELECT, SIZE, around, key};
use crate::measure::{median, verdict};
use crate::subject::{Opened, Subject};

/// The deepest page beside the first one, and what it may take in microseconds
const GOALS: (f64, f64) = (2.5, 1_000.0);

const TIME: Duration = Duration::from_secs(4);

pub(crate) async fn report<DB: Subject>(
    out: &mut impl Write,
    opened: &Opened<DB>,
    rows: u64,
) -> Result<(), Failure> {
    let order = NEWEST.order();
    let key = key();
    writeln!(
        out,
        "| page of {SIZE}, newest first | OFFSET, µs | x page 1 | by cursor, µs | x page 1, goal |\n|---|---|---|---|---|"
    )?;
    let pages = rows / SIZE;
    let mut first = (0.0, 0.0);
    for page in [1, 100.min(pages / 4), pages / 5, pages * 98 / 100] {
        let offset = (page - 1) * SIZE;
        let sql = format!(
            "{SELECT}posts ORDER BY {} LIMIT {SIZE} OFFSET ",
            NEWEST.order_by()
        );
        let by_offset = format!("{sql}{offset}");
        let params = match offset.checked_sub(1) {
            None => Params::default(),
            Some(last) => {
                let rows = DB::rows(&opened.pool, &format!("{sql}{last}"), &[]).await?;
                let [after, _] = around(&order, rows.first().ok_or("too few rows")?)?;
                after
            }
        };
        let by_offset = median(500, TIME, async || {
            DB::rows(&opened.pool, &by_offset, &[]).await.map(drop)
        })
        .await?;
        let by_cursor = median(2_000, TIME, async || {
            let page = DB::page(&opened.pool, &order, &key, Count::Skip, &params).await?;
            drop(page);
            Ok(())
        })
        .await?;
        if page == 1 {
            first = (by_offset, by_cursor);
        }
        let ratio = by_cursor / first.1;
        let holds = ratio <= GOALS.0 && by_cursor <= GOALS.1;
        writeln!(
            out,
            "| {page} | {by_offset:.0} | {:.1} | {by_cursor:.0} | {ratio:.2}, <= {} and <= {} µs{} |",
            by_offset / first.0,
            GOALS.0,
            GOALS.1,
            verdict(holds)
        )?;
        out.flush()?;
    }
    Ok(())
}
