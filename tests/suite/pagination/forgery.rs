//! Cursors that nobody gave out: without a key whoever reads the source can make one.

use axum_pagination::{CursorParams, Order, PageError, keyset};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use super::{Id, on_each, run};

/// What an order is called, and its columns: name, direction, place of NULL, kind.
pub(super) struct Forger<'a> {
    pub(super) order: &'a str,
    pub(super) columns: &'a [[&'a str; 4]],
}

impl Forger<'_> {
    fn fingerprint(&self) -> [u8; 16] {
        let mut hash = Sha256::new();
        for text in std::iter::once(&self.order).chain(self.columns.iter().flatten()) {
            hash.update(text.len().to_be_bytes());
            hash.update(text);
        }
        hash.finalize()[..16].try_into().unwrap()
    }

    /// A genuine cursor with this content.
    pub(super) fn cursor(&self, content: &[u8]) -> String {
        let mut hash = Sha256::new();
        hash.update(b"axum-pagination cursor");
        hash.update(self.fingerprint());
        hash.update([0; 16]);
        hash.update(content);
        let mut bytes = content.to_vec();
        bytes.extend_from_slice(&hash.finalize()[..16]);
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// Behind these keys, or before them.
    pub(super) fn place(&self, backward: bool, keys: &[&[u8]]) -> String {
        let mut content = vec![1, if backward { 3 } else { 2 }];
        content.extend(keys.concat());
        self.cursor(&content)
    }
}

fn long(tag: u8, bytes: &[u8]) -> Vec<u8> {
    let length = u16::try_from(bytes.len()).unwrap().to_be_bytes();
    [&[tag], &length[..], bytes].concat()
}

/// Values of every kind, those that no column holds among them.
pub(super) fn values() -> Vec<Vec<u8>> {
    let mut values = vec![vec![0], vec![1, 0], vec![1, 1]];
    for number in [
        0,
        1,
        -1,
        i64::MIN,
        i64::MAX,
        1 << 40,
        -(1 << 54),
        1_700_000_000_000_000,
    ] {
        // Int, Instant, DateTime, Time, and more than an i64 holds
        for tag in [2, 7, 8, 10, 12] {
            values.push([&[tag], &i64::to_be_bytes(number)[..]].concat());
        }
    }
    for float in [
        0.0,
        -0.0,
        f64::NAN,
        f64::INFINITY,
        f64::NEG_INFINITY,
        f64::MIN_POSITIVE,
        1e308,
    ] {
        values.push([&[3], &f64::to_be_bytes(float)[..]].concat());
    }
    for days in [0, 1, -1, i32::MIN, i32::MAX, 2_932_896, -719_529] {
        values.push([&[9], &i32::to_be_bytes(days)[..]].concat());
    }
    for text in [
        "",
        "a",
        "\0",
        "a\0b",
        "é",
        "\u{10ffff}",
        "2026-01-01",
        "happy",
        "1",
        "'; DROP TABLE t; --",
    ] {
        values.push(long(4, text.as_bytes()));
        values.push(long(5, text.as_bytes()));
    }
    let digits = "9".repeat(400);
    let fraction = format!("0.{}", "0".repeat(400));
    for number in [
        "0",
        "-1.5",
        "NaN",
        "Infinity",
        "-Infinity",
        &digits,
        &fraction,
    ] {
        values.push(long(11, number.as_bytes()));
    }
    values.push([&[6], &[0xff; 16][..]].concat());
    values
}

/// The kinds as an order names them, with a type of Rust for each.
macro_rules! by_kind {
    ($check:ident) => {
        $check!("Bool", bool, false);
        $check!("Int", i64, 0);
        $check!("Float", f64, 0.0);
        $check!("Text", String, String::new());
        $check!("Bytes", Vec<u8>, Vec::new());
        $check!("Uuid", uuid::Uuid, uuid::Uuid::nil());
        $check!(
            "Instant",
            chrono::DateTime<chrono::Utc>,
            chrono::DateTime::UNIX_EPOCH
        );
        $check!(
            "DateTime",
            chrono::NaiveDateTime,
            chrono::NaiveDateTime::default()
        );
        $check!("Date", chrono::NaiveDate, chrono::NaiveDate::default());
        $check!("Time", chrono::NaiveTime, chrono::NaiveTime::MIN);
        $check!(
            "Decimal",
            rust_decimal::Decimal,
            rust_decimal::Decimal::ZERO
        );
    };
}

/// The types that columns have.
trait Columns {
    const TYPES: &'static [&'static str];
}

impl Columns for sqlx::Sqlite {
    const TYPES: &'static [&'static str] =
        &["INTEGER", "REAL", "TEXT", "BLOB", "NUMERIC", "DATETIME"];
}

impl Columns for sqlx::Postgres {
    const TYPES: &'static [&'static str] = &[
        "BOOL",
        "SMALLINT",
        "INT",
        "BIGINT",
        "REAL",
        "DOUBLE PRECISION",
        "TEXT",
        "VARCHAR(9)",
        "CHAR(9)",
        "BYTEA",
        "UUID",
        "TIMESTAMPTZ",
        "TIMESTAMP",
        "DATE",
        "TIME",
        "NUMERIC",
        "NUMERIC(9, 2)",
        "mood",
    ];
}

impl Columns for sqlx::MySql {
    const TYPES: &'static [&'static str] = &[
        "BOOL",
        "INT",
        "BIGINT UNSIGNED",
        "FLOAT",
        "DOUBLE",
        "VARCHAR(9)",
        "VARCHAR(9) CHARACTER SET latin1",
        "VARBINARY(9)",
        "BINARY(16)",
        "DATETIME(6)",
        "TIMESTAMP(6)",
        "DATE",
        "TIME(6)",
        "DECIMAL(9, 2)",
        "YEAR",
    ];
}

on_each! {
    /// Every kind of value, in a cursor of an order of every kind, over a column of every type: a page or a 400.
    async fn a_forged_cursor_is_never_a_failure(database) {
        let pool = &database.pool;
        if <DB as sqlx::Database>::NAME == "PostgreSQL" {
            run!(pool, "CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy')");
        }
        let columns = <DB as Columns>::TYPES.iter().enumerate();
        let columns: Vec<String> = columns.map(|(at, kind)| format!("c{at} {kind} NULL")).collect();
        run!(pool, format!("CREATE TABLE t (id BIGINT PRIMARY KEY, {})", columns.join(", ")));
        run!(pool, "INSERT INTO t (id) VALUES (1), (2)");
        let (values, mut pages, mut refusals) = (values(), 0, 0);
        for (at, kind) in <DB as Columns>::TYPES.iter().enumerate() {
            let base = format!("SELECT id, c{at} AS k FROM t");
            macro_rules! check {
                ($name:literal, $type:ty, $value:expr) => {
                    let order = Order::named("forged").asc("k", |_: &Id| Some($value)).unique_asc("id", |id| id.id);
                    let _: Option<$type> = Some($value);
                    let columns = [["k", "asc", "nulls first", $name], ["id", "asc", "not null", "Int"]];
                    let forger = Forger { order: "forged", columns: &columns };
                    for (number, value) in values.iter().enumerate() {
                        let id = &values[(number * 7 + at) % values.len()];
                        let int = &[2, 0, 0, 0, 0, 0, 0, 0, 1][..];
                        // Half of them have an id that may be one: else it would be refused before the database is asked.
                        for keys in [&[value, int][..], &[value, id], &[value], &[value, int, int]] {
                            let cursor = forger.place(number % 2 == 0, keys);
                            let page = CursorParams::<20, 100>::new(Some(&cursor), 20).unwrap();
                            let list = keyset(&order).select::<DB>(|query| {
                                query.push(&base);
                            });
                            match list.fetch(pool, &page).await {
                                Ok(_) => pages += 1,
                                Err(PageError::Query(_)) => refusals += 1,
                                Err(error) => {
                                    let cause = std::error::Error::source(&error).map(ToString::to_string);
                                    panic!("{kind}, {}, {keys:?}: {error} {cause:?}", $name);
                                }
                            }
                        }
                    }
                };
            }
            by_kind!(check);
        }
        // The forger is one, and not merely refused.
        assert!(pages > 100 && refusals > 100, "{pages} pages, {refusals} refusals");
    }
}
