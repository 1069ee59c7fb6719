//! The published laws, for every shape of an order over every form of a base query, on each database.
//!
//! `PAGINATION_SEED` repeats a run: each prints the number that it began with.

mod bases;
mod churn;
mod faults;
mod orders;
mod rows;

use std::time::Instant;

use axum_pagination::testing::{self, Law, Report};
use axum_pagination::{Backend, Count, CursorKey, keyset};
use sqlx::pool::PoolOptions;
use sqlx::{AssertSqlSafe, Encode, Executor, FromRow, Pool, Type};
use suite_support::database::{self, Database};

use self::bases::Base;
use self::orders::{Shape, shapes};
use self::rows::{Dice, Row};
use super::Id;

/// How many rows a list has.
const ROWS: [usize; 6] = [0, 1, 2, 5, 17, 40];

/// How many lists are walked through in each order.
const LISTS: usize = ROWS.len();

/// What each shape has to be walked through at least, and all of them together, on each database.
const WALKS_OF_A_SHAPE: usize = 100;
const WALKS: usize = 5_000;

/// One connection, which has prepared every statement before: four would each prepare it once more.
async fn single<DB: Backend>(database: &Database<DB>) -> Pool<DB> {
    let options = PoolOptions::new().max_connections(1);
    options.connect(&database.url).await.unwrap()
}

/// The types of the table's columns: whole number, text in the order of bytes, float, time.
struct Types {
    int: &'static str,
    text: &'static str,
    float: &'static str,
    time: &'static str,
}

const SQLITE: Types = Types {
    int: "INTEGER",
    text: "TEXT",
    float: "REAL",
    time: "DATETIME",
};

const POSTGRES: Types = Types {
    int: "INT",
    text: "TEXT",
    float: "DOUBLE PRECISION",
    time: "TIMESTAMP",
};

const MARIADB: Types = Types {
    int: "INT",
    text: "VARCHAR(9) COLLATE utf8mb4_nopad_bin",
    float: "DOUBLE",
    time: "DATETIME(6)",
};

fn seed() -> u64 {
    let named = std::env::var("PAGINATION_SEED").ok();
    let named = named.map(|text| text.parse().expect("PAGINATION_SEED is a number"));
    named.unwrap_or_else(|| {
        let since = std::time::SystemTime::UNIX_EPOCH.elapsed().unwrap();
        u64::from(since.subsec_nanos())
    })
}

async fn run<DB>(pool: &Pool<DB>, sql: String)
where
    DB: Backend,
    for<'p> &'p Pool<DB>: Executor<'p, Database = DB>,
{
    let ran = pool.execute(AssertSqlSafe(sql.clone())).await;
    ran.unwrap_or_else(|error| panic!("{sql}: {error}"));
}

async fn create<DB>(pool: &Pool<DB>, types: &Types)
where
    DB: Backend,
    for<'p> &'p Pool<DB>: Executor<'p, Database = DB>,
{
    let Types {
        int,
        text,
        float,
        time,
    } = types;
    let table = format!(
        "CREATE TABLE t (id BIGINT PRIMARY KEY, \
         i {int} NOT NULL, t {text} NOT NULL, f {float} NOT NULL, d {time} NOT NULL, \
         ni {int}, nt {text}, nf {float}, nd {time} NULL)"
    );
    run(pool, table).await;
    for table in ["once", "twice"] {
        run(pool, format!("CREATE TABLE {table} (n BIGINT NOT NULL)")).await;
        let values = "INSERT INTO {} VALUES (-1), (0), (1), (2)".replace("{}", table);
        run(pool, values.clone()).await;
        if table == "twice" {
            run(pool, values).await;
        }
    }
}

async fn fill<DB>(pool: &Pool<DB>, rows: &[Row])
where
    DB: Backend,
    for<'p> &'p Pool<DB>: Executor<'p, Database = DB>,
{
    run(pool, "DELETE FROM t".to_owned()).await;
    if let Some(sql) = rows::insert(rows) {
        run(pool, sql).await;
    }
}

/// One list in one order: its rows drawn, put into the table, and walked through.
async fn check<DB>(pool: &Pool<DB>, shape: &Shape, base: Base, count: usize, seed: u64) -> Report
where
    DB: Backend,
    for<'p> &'p Pool<DB>: Executor<'p, Database = DB>,
    for<'q> i64: Encode<'q, DB> + Type<DB>,
    Id: for<'r> FromRow<'r, DB::Row>,
{
    let mut dice = Dice(seed);
    let mut rows = rows::drawn(&mut dice, count);
    fill(pool, &rows).await;
    let least = i64::try_from(dice.below(4)).unwrap() - 1;
    rows.retain(|row| base.has(row, least));
    rows.sort_by(|one, other| shape.compare(one, other));

    let order = shape.order();
    let key = CursorKey::new([5; 32]);
    let list = keyset(&order)
        .scope(&least)
        .select::<DB>(|query| base.push(query, least))
        .count([Count::Skip, Count::Exact, Count::Capped(9), Count::Estimate][dice.below(4)]);
    let list = if seed.is_multiple_of(2) {
        list.signed(&key)
    } else {
        list
    };
    let list = testing::list(list, pool);
    let expected = rows.iter().map(|row| row.id);
    let mut laws = testing::laws(&list, |id: &Id| id.id).expected(expected);
    if count > 20 {
        // Forty pages of one row say no more than seventeen do.
        laws = laws.sizes([3, 7, 50]);
    }
    if !seed.is_multiple_of(7) {
        // It asks for as many pages as a cursor has characters, and no database.
        laws = laws.without(Law::Cursor);
    }
    let report = laws.check().await;
    report.unwrap_or_else(|violation| {
        panic!("{violation}\n{order:?} of {count} rows, {base:?}, the seed is {seed}\n{rows:?}")
    })
}

async fn every_shape<DB>(name: &str, pool: &Pool<DB>, types: &Types)
where
    DB: Backend,
    for<'p> &'p Pool<DB>: Executor<'p, Database = DB>,
    for<'q> i64: Encode<'q, DB> + Type<DB>,
    Id: for<'r> FromRow<'r, DB::Row>,
{
    let (begun, first) = (Instant::now(), seed());
    eprintln!("{name}: PAGINATION_SEED={first}");
    create(pool, types).await;
    let (mut walks, mut pages, shapes) = (0, 0, shapes());
    for (number, shape) in shapes.iter().enumerate() {
        let mut of_this = 0;
        for at in (number * LISTS..).take(LISTS) {
            let count = ROWS[at % ROWS.len()];
            let base = Base::ALL[at % Base::ALL.len()];
            let seed = first.wrapping_add(u64::try_from(at).unwrap());
            let report = check(pool, &shape.turned(at), base, count, seed).await;
            of_this += report.walks();
            pages += report.pages();
        }
        assert!(of_this >= WALKS_OF_A_SHAPE, "{of_this} walks: {shape:?}");
        walks += of_this;
    }
    assert!(walks >= WALKS, "{walks} walks");
    let elapsed = begun.elapsed();
    eprintln!(
        "{name}: {} shapes, {walks} walks, {pages} pages, {elapsed:?}",
        shapes.len()
    );
}

#[tokio::test]
async fn sqlite_keeps_the_laws_in_every_shape() {
    let database = database::sqlite().await;
    every_shape("SQLite", &database.pool, &SQLITE).await;
}

#[tokio::test]
async fn postgres_keeps_the_laws_in_every_shape() {
    if let Some(database) = database::postgres().await {
        every_shape("PostgreSQL", &single(&database).await, &POSTGRES).await;
    }
}

#[tokio::test]
async fn mariadb_keeps_the_laws_in_every_shape() {
    if let Some(database) = database::mariadb().await {
        every_shape("MariaDB", &single(&database).await, &MARIADB).await;
    }
}
