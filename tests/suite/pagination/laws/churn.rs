//! Walks through a table that others write to: rows come and go between any two pages.

use std::time::Instant;

use axum_pagination::{Backend, keyset, testing};
use sqlx::{Encode, Executor, FromRow, Pool, Type};
use suite_support::database;

use super::bases::Base;
use super::orders::{Shape, shapes};
use super::rows::{Dice, Row, drawn, insert};
use super::{MARIADB, POSTGRES, SQLITE, Types, create, fill, run, seed, single};
use crate::pagination::Id;

/// Enough that pages have rows before and behind them, few enough that the row at a page's end often goes.
const ROWS: usize = 12;

async fn walk_through<DB>(pool: &Pool<DB>, shape: &Shape, base: Base, seed: u64) -> usize
where
    DB: Backend,
    for<'p> &'p Pool<DB>: Executor<'p, Database = DB>,
    for<'q> i64: Encode<'q, DB> + Type<DB>,
    Id: for<'r> FromRow<'r, DB::Row>,
{
    let mut dice = Dice(seed);
    let mut rows: Vec<Row> = drawn(&mut dice, ROWS);
    fill(pool, &rows).await;
    let mut unused = 1_000;
    let change = async || {
        let mut gone = Vec::new();
        for _ in 0..dice.below(3) {
            if rows.len() > 3 {
                let at = dice.below(rows.len());
                gone.push(rows.swap_remove(at).id.to_string());
            }
        }
        if !gone.is_empty() {
            let sql = format!("DELETE FROM t WHERE id IN ({})", gone.join(", "));
            run(pool, sql).await;
        }
        let mut new = Vec::new();
        for _ in 0..dice.below(3) {
            unused += 1;
            let id = if dice.below(2) == 0 { unused } else { -unused };
            new.push(Row::drawn(&mut dice, id));
        }
        if let Some(sql) = insert(&new) {
            run(pool, sql).await;
        }
        rows.extend(new);
        rows.iter().map(|row| row.id).collect::<Vec<_>>()
    };
    let order = shape.order();
    let list = keyset(&order).select::<DB>(|query| base.push(query, -1));
    let list = testing::list(list, pool);
    let report = testing::laws(&list, |id: &Id| id.id)
        .sizes([1, 2, 3, 7])
        .churn(change)
        .await;
    let report = report
        .unwrap_or_else(|violation| panic!("{violation}\n{order:?}, {base:?}, the seed is {seed}"));
    report.walks()
}

async fn every_shape<DB>(name: &str, pool: &Pool<DB>, types: &Types)
where
    DB: Backend,
    for<'p> &'p Pool<DB>: Executor<'p, Database = DB>,
    for<'q> i64: Encode<'q, DB> + Type<DB>,
    Id: for<'r> FromRow<'r, DB::Row>,
{
    let (begun, first) = (Instant::now(), seed());
    eprintln!("{name}, changing: PAGINATION_SEED={first}");
    create(pool, types).await;
    let mut walks = 0;
    for (at, shape) in shapes().iter().enumerate() {
        let base = Base::ALL[at % Base::ALL.len()];
        let seed = first.wrapping_add(u64::try_from(at).unwrap());
        walks += walk_through(pool, &shape.turned(at), base, seed).await;
    }
    eprintln!("{name}, changing: {walks} walks, {:?}", begun.elapsed());
}

#[tokio::test]
async fn sqlite_rows_that_stay_are_seen_once_while_others_come_and_go() {
    let database = database::sqlite().await;
    every_shape("SQLite", &database.pool, &SQLITE).await;
}

#[tokio::test]
async fn postgres_rows_that_stay_are_seen_once_while_others_come_and_go() {
    if let Some(database) = database::postgres().await {
        every_shape("PostgreSQL", &single(&database).await, &POSTGRES).await;
    }
}

#[tokio::test]
async fn mariadb_rows_that_stay_are_seen_once_while_others_come_and_go() {
    if let Some(database) = database::mariadb().await {
        every_shape("MariaDB", &single(&database).await, &MARIADB).await;
    }
}
