//! A page of each shape of an order, in the middle of the list, in both directions.

use std::io::Write;
use std::time::Duration;

use axum_pagination::{Count, CursorKey, Order};

use crate::Failure;
use crate::list::Goes::{Asc, AscNullsFirst, AscNullsLast, Desc, DescNullsFirst, DescNullsLast};
use crate::list::{NEWEST, Params, Post, SELECT, Shape, around, binds, key};
use crate::measure::{median, verdict};
use crate::subject::{Opened, Subject};

const TIME: Duration = Duration::from_millis(500);

const SHAPES: [Shape; 18] = [
    NEWEST,
    shape("as good as unique, mixed", &[("at", Desc)], Asc),
    shape(
        "1,024 values, one direction",
        &[("bucket", Asc), ("at", Asc)],
        Asc,
    ),
    shape("1,024 values, mixed", &[("bucket", Desc), ("at", Asc)], Asc),
    shape(
        "3 values, one direction",
        &[("level", Asc), ("at", Asc)],
        Asc,
    ),
    shape("3 values, mixed", &[("level", Asc), ("at", Desc)], Desc),
    shape("3 values, then the id", &[("level", Desc)], Asc),
    shape(
        "nullable, asc nulls first",
        &[("pinned", AscNullsFirst)],
        Asc,
    ),
    shape("nullable, asc nulls last", &[("pinned", AscNullsLast)], Asc),
    shape(
        "nullable, desc nulls first",
        &[("pinned", DescNullsFirst)],
        Desc,
    ),
    shape(
        "nullable, desc nulls last",
        &[("pinned", DescNullsLast)],
        Desc,
    ),
    shape(
        "nullable, mixed, asc nulls last",
        &[("pinned", AscNullsLast)],
        Desc,
    ),
    shape(
        "nullable of 3 values, asc nulls first",
        &[("state", AscNullsFirst), ("at", Asc)],
        Asc,
    ),
    shape(
        "nullable of 3 values, asc nulls last",
        &[("state", AscNullsLast), ("at", Asc)],
        Asc,
    ),
    shape(
        "nullable of 3 values, desc nulls first",
        &[("state", DescNullsFirst), ("at", Desc)],
        Desc,
    ),
    shape(
        "nullable of 3 values, mixed, desc nulls last",
        &[("state", DescNullsLast), ("at", Asc)],
        Asc,
    ),
    shape(
        "3 values, then nullable, nulls first",
        &[("level", Asc), ("pinned", AscNullsFirst)],
        Asc,
    ),
    shape(
        "3 values, then nullable, nulls last",
        &[("level", Asc), ("pinned", AscNullsLast)],
        Asc,
    ),
];

const fn shape(
    what: &'static str,
    columns: &'static [(&'static str, crate::list::Goes)],
    id: crate::list::Goes,
) -> Shape {
    Shape { what, columns, id }
}

/// NULLs where the index has them at the other end, behind a column with equals: an index of the database's own sequence
/// does not help, and there is no goal.
fn needs_its_own_index(shape: &Shape) -> bool {
    shape
        .columns
        .iter()
        .skip(1)
        .any(|(_, goes)| matches!(goes, AscNullsLast | DescNullsFirst))
}

/// Where a page stands.
struct Cell {
    place: String,
    params: Params,
    row: Post,
}

pub(crate) async fn report<DB: Subject>(
    out: &mut impl Write,
    opened: &Opened<DB>,
    rows: u64,
) -> Result<(), Failure> {
    let key = key();
    writeln!(
        out,
        "\n| order | page | form | µs, goal <= {} |\n|---|---|---|---|",
        DB::WORST_SHAPE
    )?;
    let mut slow = Vec::new();
    for shape in &SHAPES {
        let order = shape.order();
        // The index of the newest is there already.
        let index = match shape.index() == NEWEST.index() {
            true => None,
            false => Some(opened.index("posts", shape).await?),
        };
        for cell in cells(opened, shape, &order, rows).await? {
            let sql = DB::statement(&order, &key, Count::Skip, &cell.params)?;
            let time = time(opened, &order, &key, &cell.params).await?;
            let holds = time <= DB::WORST_SHAPE || needs_its_own_index(shape);
            writeln!(
                out,
                "| {} | {} | {} | {time:.0}{} |",
                shape.what,
                cell.place,
                form(&sql),
                verdict(holds)
            )?;
            out.flush()?;
            if !holds {
                let plan = DB::explain(&opened.pool, &sql, &binds(&sql, &cell.row)).await?;
                slow.push(format!("{}, {}: {sql}\n{plan}", shape.what, cell.place));
            }
        }
        if let Some(index) = index {
            opened.run(DB::drop_index("posts", &index)).await?;
        }
    }
    for slow in slow {
        writeln!(out, "\n{slow}")?;
    }
    Ok(())
}

async fn cells<DB: Subject>(
    opened: &Opened<DB>,
    shape: &Shape,
    order: &Order<Post>,
    rows: u64,
) -> Result<Vec<Cell>, Failure> {
    let first = Cell {
        place: "first".to_owned(),
        params: Params::default(),
        row: Post::default(),
    };
    let mut cells = vec![first];
    // Where the NULLs are, at either end
    let ends = [rows / 10, rows / 10 * 9];
    let ends = ends.iter().filter(|_| shape.has_nulls());
    for at in std::iter::once(&(rows / 2)).chain(ends) {
        let row = opened.row(shape, *at).await?;
        let [after, before] = around(order, &row)?;
        for (place, params) in [("after", after), ("before", before)] {
            cells.push(Cell {
                place: format!("{place} row {at}"),
                params,
                row: row.clone(),
            });
        }
    }
    Ok(cells)
}

async fn time<DB: Subject>(
    opened: &Opened<DB>,
    order: &Order<Post>,
    key: &CursorKey,
    params: &Params,
) -> Result<f64, Failure> {
    median(200, TIME, async || {
        let page = DB::page(&opened.pool, order, key, Count::Skip, params).await?;
        drop(page);
        Ok(())
    })
    .await
}

/// The form of a statement, in words.
fn form(sql: &str) -> String {
    let ranges = sql.matches(" AS r").count();
    let hinted = sql.contains(" OR (");
    match (ranges, hinted) {
        (0, true) => "hinted OR".to_owned(),
        (0, false) if sql.contains(") > (") || sql.contains(") < (") => "row value".to_owned(),
        (0, false) => "one range".to_owned(),
        (ranges, true) => format!("{ranges} ranges, hinted OR"),
        (ranges, false) => format!("{ranges} ranges"),
    }
}

impl<DB: Subject> Opened<DB> {
    /// The row at this place of an order, the first being 0.
    async fn row(&self, shape: &Shape, at: u64) -> Result<Post, Failure> {
        let order_by = shape.order_by();
        // Only keys are sorted.
        let id = format!("SELECT id FROM posts ORDER BY {order_by} LIMIT 1 OFFSET {at}");
        let id = DB::number(&self.pool, &id).await?;
        let row = format!("{SELECT}posts WHERE id = {id}");
        let rows = DB::rows(&self.pool, &row, &[]).await?;
        Ok(rows.into_iter().next().ok_or("too few rows")?)
    }
}
