//! Counting along with a page: not at all, up to a bound, all.

use std::io::Write;
use std::time::Duration;

use axum_pagination::Count;

use crate::Failure;
use crate::list::{NEWEST, Params, key};
use crate::measure::{median, verdict};
use crate::subject::{Opened, Subject};

/// Of `Count::Capped(10_000)`, in microseconds
const GOAL: f64 = 5_000.0;

pub(crate) async fn report<DB: Subject>(
    out: &mut impl Write,
    opened: &Opened<DB>,
) -> Result<(), Failure> {
    let order = NEWEST.order();
    let key = key();
    let params = Params::default();
    writeln!(
        out,
        "\n| first page, counted | COUNTs sent | µs, goal |\n|---|---|---|"
    )?;
    for count in [
        Count::Skip,
        Count::Capped(10_000),
        Count::Estimate,
        Count::Exact,
    ] {
        let sql = DB::statement(&order, &key, count, &params)?;
        let counts = sql.matches("COUNT").count();
        let time = median(200, Duration::from_secs(2), async || {
            let page = DB::page(&opened.pool, &order, &key, count, &params).await?;
            drop(page);
            Ok(())
        })
        .await?;
        let (goal, holds) = match count {
            Count::Skip => (", none".to_owned(), counts == 0),
            Count::Capped(_) => (format!(", <= {GOAL}"), time <= GOAL),
            Count::Exact | Count::Estimate => (String::new(), true),
        };
        writeln!(
            out,
            "| {count:?} | {counts} | {time:.0}{goal}{} |",
            verdict(holds)
        )?;
        out.flush()?;
    }
    Ok(())
}
