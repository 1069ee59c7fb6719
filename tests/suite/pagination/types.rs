//! Keys of every type travel through a cursor to the bit, on each database.

use std::num::NonZeroU64;

use axum_pagination::{Backend, CursorKey, CursorParams, Key, NotNull, Order, PageError, keyset};
use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use rust_decimal::Decimal;
use sqlx::{FromRow, Pool};
use suite_support::database;
use uuid::Uuid;

use super::Id;

/// The ids of the whole list, page by page, forwards and backwards.
pub(super) async fn walked<DB: Backend>(
    pool: &Pool<DB>,
    order: &Order<Id>,
    size: u64,
    sql: &str,
) -> Result<[Vec<i64>; 2], PageError>
where
    Id: for<'r> FromRow<'r, DB::Row>,
    for<'p> &'p Pool<DB>: sqlx::Acquire<'p, Database = DB>,
{
    let key = CursorKey::new([1; 32]);
    let mut cursor = None::<String>;
    let mut forwards = Vec::new();
    let mut last = None;
    loop {
        let params = CursorParams::<20, 100>::new(cursor.as_deref(), size)?;
        let page = keyset(order)
            .select::<DB>(|q| {
                q.push(sql);
            })
            .signed(&key)
            .fetch(pool, &params)
            .await?;
        forwards.extend(page.items().iter().map(|item| item.id));
        if let Some(previous) = page.previous_cursor() {
            last = Some(previous.to_owned());
        }
        match page.next_cursor() {
            Some(next) => cursor = Some(next.to_owned()),
            None => break,
        }
    }
    let mut backwards = Vec::new();
    while let Some(cursor) = last.take() {
        let params = CursorParams::<20, 100>::new(Some(&cursor), size)?;
        let page = keyset(order)
            .select::<DB>(|q| {
                q.push(sql);
            })
            .signed(&key)
            .fetch(pool, &params)
            .await?;
        backwards.splice(0..0, page.items().iter().map(|item| item.id));
        last = page.previous_cursor().map(str::to_owned);
    }
    Ok([forwards, backwards])
}

/// An order by a column `k` of this type.
fn by<K: Key + Default + 'static>() -> Order<Id> {
    Order::named("k")
        .asc("k", |_: &Id| K::default())
        .unique_asc("id", |id| id.id)
}

macro_rules! checks {
    ($database:expr, $create:expr, $order:expr) => {{
        let database = $database;
        let pool = &database.pool;
        for statement in $create {
            sqlx::query(sqlx::AssertSqlSafe(statement.to_string()))
                .execute(pool)
                .await
                .unwrap();
        }
        let expected: Vec<i64> = sqlx::query_scalar("SELECT id FROM t ORDER BY k, id")
            .fetch_all(pool)
            .await
            .unwrap();
        for size in [1, 2, 3, 50] {
            let [forwards, backwards] = walked(pool, &$order, size, "SELECT * FROM t")
                .await
                .unwrap();
            assert_eq!(forwards, expected, "{:?}", $create);
            let rest = expected.len().saturating_sub(backwards.len());
            assert_eq!(backwards, expected[..backwards.len()], "{rest}");
        }
    }};
}

fn rows(kind: &str, values: &[&str]) -> Vec<String> {
    let mut all = vec![format!(
        "CREATE TABLE t (id BIGINT PRIMARY KEY, k {kind} NOT NULL)"
    )];
    for (id, value) in values.iter().chain(values).enumerate() {
        all.push(format!("INSERT INTO t VALUES ({id}, {value})"));
    }
    all
}

#[tokio::test]
async fn postgres_keys_of_every_type() {
    macro_rules! pg {
        ($kind:literal, $type:ty, $($value:literal),*) => {
            let Some(database) = database::postgres().await else { return };
            checks!(database, rows($kind, &[$($value),*]), by::<$type>());
        };
    }
    pg!("INT", i32, "-1", "0", "5");
    pg!("SMALLINT", i64, "-1", "0", "5");
    pg!("BIGINT", i64, "-9223372036854775808", "9223372036854775807");
    pg!("BOOL", bool, "true", "false");
    pg!(
        "REAL",
        f32,
        "'-0'",
        "0",
        "0.1",
        "'NaN'",
        "'Infinity'",
        "1e30"
    );
    pg!(
        "DOUBLE PRECISION",
        f64,
        "'-0'",
        "0",
        "0.1",
        "0.30000000000000004",
        "'NaN'",
        "'-Infinity'"
    );
    pg!("TEXT", String, "''", "'a'", "'B'", "'é'", "'a '");
    pg!("VARCHAR(9)", String, "''", "'a'", "'B'", "'é'", "'a '");
    pg!("CHAR(9)", String, "''", "'a'", "'B'", "'é'");
    pg!(
        "TEXT COLLATE \"en-x-icu\"",
        String,
        "''",
        "'a'",
        "'B'",
        "'é'",
        "'a '",
        "'b'"
    );
    pg!("UUID", Uuid, "gen_random_uuid()", "gen_random_uuid()");
    pg!("BYTEA", Vec<u8>, "'\\x00'", "'\\x'", "'\\xff'");
    pg!(
        "TIMESTAMPTZ",
        DateTime<Utc>,
        "'2026-01-01 00:00:00.000001+00'",
        "'2026-01-01 00:00:00.000002+00'",
        "'-infinity'",
        "'infinity'"
    );
    pg!(
        "TIMESTAMP",
        NaiveDateTime,
        "'2026-01-01 00:00:00.000001'",
        "'1626-01-01 00:00:00.000002'"
    );
    pg!("DATE", NaiveDate, "'2026-01-01'", "'1626-01-01'");
    pg!("TIME", NaiveTime, "'00:00:00.000001'", "'23:59:59.999999'");
    pg!(
        "NUMERIC",
        Decimal,
        "0",
        "-1.5",
        "12345678901234567890123456789.000000001",
        "'NaN'",
        "0.00001",
        "10000"
    );
    let Some(database) = database::postgres().await else {
        return;
    };
    sqlx::query("CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy')")
        .execute(&database.pool)
        .await
        .unwrap();
    checks!(
        database,
        rows("mood", &["'sad'", "'ok'", "'happy'"]),
        by::<String>()
    );
}

#[tokio::test]
async fn mariadb_keys_of_every_type() {
    macro_rules! my {
        ($kind:literal, $type:ty, $($value:literal),*) => {
            let Some(database) = database::mariadb().await else { return };
            checks!(database, rows($kind, &[$($value),*]), by::<$type>());
        };
    }
    my!("INT", i32, "-1", "0", "5");
    my!("TINYINT UNSIGNED", u8, "255", "0", "5");
    my!(
        "BIGINT UNSIGNED",
        u64,
        "18446744073709551615",
        "0",
        "18446744073709551614"
    );
    my!("BOOL", bool, "true", "false");
    my!("FLOAT", f32, "-0", "0", "0.1", "1e30");
    my!("DOUBLE", f64, "-0", "0", "0.1", "0.30000000000000004");
    my!(
        "VARCHAR(9)",
        String,
        "''",
        "'a'",
        "'B'",
        "'é'",
        "'a '",
        "'A'",
        "'b'"
    );
    my!(
        "VARCHAR(9) COLLATE utf8mb4_nopad_bin",
        String,
        "''",
        "'a'",
        "'B'",
        "'é'",
        "'a '",
        "'A'",
        "'b'"
    );
    my!(
        "CHAR(9) CHARACTER SET latin1",
        String,
        "''",
        "'a'",
        "'B'",
        "'é'",
        "'A'",
        "'b'"
    );
    my!(
        "BINARY(16)",
        Uuid,
        "0x00112233445566778899aabbccddeeff",
        "0xff112233445566778899aabbccddeeff"
    );
    my!("VARBINARY(9)", Vec<u8>, "0x00", "''", "0xff");
    my!(
        "DATETIME(6)",
        NaiveDateTime,
        "'2026-01-01 00:00:00.000001'",
        "'2026-01-01 00:00:00.000002'",
        "'1626-01-01'"
    );
    my!(
        "TIMESTAMP(6)",
        DateTime<Utc>,
        "'2026-01-01 00:00:00.000001'",
        "'2026-01-01 00:00:00.000002'"
    );
    my!("DATE", NaiveDate, "'2026-01-01'", "'1626-01-01'");
    my!(
        "TIME(6)",
        NaiveTime,
        "'00:00:00.000001'",
        "'23:59:59.999999'",
        "'-11:00:00'",
        "'100:00:00'"
    );
    my!(
        "DECIMAL(40, 10)",
        Decimal,
        "0",
        "-1.5",
        "12345678901234567890123456789.0000000001",
        "12345678901234567890123456789.0000000002"
    );
    my!("YEAR", u16, "1999", "2026");
}

#[tokio::test]
async fn sqlite_keys_of_every_type() {
    macro_rules! lite {
        ($kind:literal, $type:ty, $($value:literal),*) => {
            checks!(database::sqlite().await, rows($kind, &[$($value),*]), by::<$type>());
        };
    }
    lite!(
        "INTEGER",
        i64,
        "-9223372036854775808",
        "0",
        "9223372036854775807"
    );
    lite!(
        "REAL",
        f64,
        "-0.0",
        "0.0",
        "0.1",
        "0.30000000000000004",
        "9e999"
    );
    lite!("TEXT", String, "''", "'a'", "'B'", "'é'", "'a '");
    lite!(
        "TEXT COLLATE NOCASE",
        String,
        "'a'",
        "'B'",
        "'é'",
        "'A'",
        "'b'"
    );
    lite!("NUMERIC", f64, "10.5", "'9.5'", "'text'", "x'00'", "1");
    lite!(
        "DATETIME",
        DateTime<Utc>,
        "'2026-11-22 05:54:26'",
        "'2026-11-22T05:54:26+00:00'",
        "'2026-11-22T05:54:26.5Z'"
    );
    lite!("BLOB", Uuid, "x'00'", "x'ff'", "x''");
    lite!("", i64, "1", "'1'", "x'31'", "1.5", "'a'");
}

#[allow(dead_code)]
fn unique_keys<K: NotNull>(_: K, _: NonZeroU64) {}
