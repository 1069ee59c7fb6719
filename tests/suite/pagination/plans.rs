//! What the databases do for a page deep inside of a table: they look at its rows, and at hardly any others.

use axum_pagination::testing::{self, AnyPage};
use axum_pagination::{Keyset, Order, Select, keyset};
use serde_json::Value;

use super::{Id, on_each, run};

const SIZE: u64 = 20;

const POSTS: &str = "SELECT * FROM posts";
const JOINED: &str = "SELECT posts.*, authors.name FROM posts JOIN authors ON authors.id = posts.author \
    WHERE posts.kind = 2";

/// The orders, and what they are of. Each has an index.
fn lists() -> Vec<(Order<Id>, &'static str)> {
    let named = Order::named;
    let int = |_: &Id| 0_i64;
    let nullable = |_: &Id| None::<i64>;
    let id = |id: &Id| id.id;
    vec![
        (named("one").unique_desc("id", id), POSTS),
        (named("two").desc("b", int).unique_desc("id", id), POSTS),
        (
            named("few values")
                .asc("a", int)
                .asc("b", int)
                .unique_asc("id", id),
            POSTS,
        ),
        (
            named("mixed")
                .asc("a", int)
                .desc("b", int)
                .unique_asc("id", id),
            POSTS,
        ),
        (
            named("null first, asc")
                .asc("n", nullable)
                .nulls_first()
                .unique_asc("id", id),
            POSTS,
        ),
        (
            named("null last, asc")
                .asc("n", nullable)
                .nulls_last()
                .unique_asc("id", id),
            POSTS,
        ),
        (
            named("null first, desc")
                .desc("n", nullable)
                .nulls_first()
                .unique_desc("id", id),
            POSTS,
        ),
        (
            named("null last, desc")
                .desc("n", nullable)
                .nulls_last()
                .unique_desc("id", id),
            POSTS,
        ),
        (
            named("null between, first")
                .asc("a", int)
                .asc("n", nullable)
                .nulls_first()
                .unique_asc("id", id),
            POSTS,
        ),
        (
            named("null between, last")
                .asc("a", int)
                .asc("n", nullable)
                .nulls_last()
                .unique_asc("id", id),
            POSTS,
        ),
        (named("joined").desc("b", int).unique_desc("id", id), JOINED),
    ]
}

/// 20,000 rows; `a` has three values, `b` hardly two that are the same, `n` is NULL in three of ten.
const ROWS: [&str; 6] = [
    "CREATE TABLE digits (n BIGINT NOT NULL)",
    "INSERT INTO digits VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9)",
    "CREATE TABLE authors (id BIGINT PRIMARY KEY, name VARCHAR(20) NOT NULL)",
    "INSERT INTO authors SELECT x.n + 10 * y.n, 'somebody' FROM digits AS x, digits AS y",
    "CREATE TABLE posts (id BIGINT PRIMARY KEY, a BIGINT NOT NULL, b BIGINT NOT NULL, n BIGINT, \
     kind BIGINT NOT NULL, author BIGINT NOT NULL, filler VARCHAR(100) NOT NULL)",
    "INSERT INTO posts SELECT id, id % 3, (id * 7919) % 20011, CASE WHEN id % 10 < 3 THEN NULL ELSE id % 50 END, \
     id % 4, id % 100, 'some text that makes the table larger than its indexes, as tables of posts are' FROM \
     (SELECT v.n + 10 * w.n + 100 * x.n + 1000 * y.n + 10000 * z.n AS id \
     FROM digits AS v, digits AS w, digits AS x, digits AS y, digits AS z WHERE z.n < 2) AS ids",
];

const INDEXES: [&str; 6] = [
    "CREATE INDEX by_b ON posts (b, id)",
    "CREATE INDEX by_a_b ON posts (a, b, id)",
    "CREATE INDEX by_mixed ON posts (a, b DESC, id)",
    "CREATE INDEX by_n ON posts (n, id)",
    "CREATE INDEX by_a_n ON posts (a, n, id)",
    "CREATE INDEX by_kind ON posts (kind, b, id)",
];

/// How each of them says what it does, and how to read that.
trait Plans: axum_pagination::Backend {
    const EXPLAIN: &'static str;
    const STATISTICS: &'static str;
    /// Where NULLs of an ascending column stand in an index: no index has those of a second column elsewhere.
    const NULL_BETWEEN: &'static str;

    /// What is wrong with a plan.
    fn blame(plan: &str) -> Option<String>;
}

impl Plans for sqlx::Sqlite {
    const EXPLAIN: &'static str = "EXPLAIN QUERY PLAN";
    const STATISTICS: &'static str = "ANALYZE";
    const NULL_BETWEEN: &'static str = "null between, first";

    fn blame(plan: &str) -> Option<String> {
        let whole = |line: &&str| {
            let table = ["SCAN posts", "SCAN authors"]
                .iter()
                .any(|scan| line.starts_with(scan));
            table && !line.contains(" INDEX ")
        };
        if let Some(line) = plan.lines().find(whole) {
            return Some(line.to_owned());
        }
        // The rows of ranges, of which there are few, are sorted; those of the table never.
        let lines: Vec<&str> = plan.lines().collect();
        let sort = lines.windows(2).find(|pair| {
            let few = ["SCAN r", "SCAN p"].iter().any(|scan| {
                let rest = pair[0].strip_prefix(scan);
                rest.is_some_and(|rest| rest.chars().all(|char| char.is_ascii_digit()))
            });
            pair[1].contains("TEMP B-TREE") && !few
        });
        sort.map(|pair| pair.join(": "))
    }
}

impl Plans for sqlx::Postgres {
    const EXPLAIN: &'static str = "EXPLAIN (ANALYZE, FORMAT JSON)";
    const STATISTICS: &'static str = "VACUUM ANALYZE";
    const NULL_BETWEEN: &'static str = "null between, last";

    /// It counts rows that come out of a node, and rows that a filter drops: each range reads its own limit, and a few
    /// that share their first columns are sorted.
    fn blame(plan: &str) -> Option<String> {
        let plan: Value = serde_json::from_str(plan).unwrap();
        nodes(&plan).into_iter().find_map(|node| {
            let number = |name: &str| node[name].as_f64().unwrap_or(0.0);
            let rows =
                (number("Actual Rows") + number("Rows Removed by Filter")) * number("Actual Loops");
            let name = node["Node Type"].as_str()?;
            // The table of authors is a page itself.
            let whole = name == "Seq Scan" && node["Relation Name"] == "posts";
            (rows > 300.0 || whole).then(|| format!("{name}: {rows} rows"))
        })
    }
}

impl Plans for sqlx::MySql {
    const EXPLAIN: &'static str = "ANALYZE FORMAT=JSON";
    const STATISTICS: &'static str = "ANALYZE TABLE posts, authors PERSISTENT FOR ALL";
    const NULL_BETWEEN: &'static str = "null between, first";

    /// It counts the rows that are read. Where many share their first column, or hold NULL in it, MariaDB may find them
    /// by that column and not by the range, and reads those before the page, too.
    fn blame(plan: &str) -> Option<String> {
        let plan: Value = serde_json::from_str(plan).unwrap();
        nodes(&plan).into_iter().find_map(|node| {
            let name = node["table_name"].as_str()?;
            let number = |name: &str| node[name].as_f64().unwrap_or(0.0);
            let rows = number("r_rows") * number("r_loops");
            let whole = name == "posts" && node["access_type"] == "ALL";
            (rows > 4_000.0 || whole)
                .then(|| format!("{name}: {rows} rows by {}", node["access_type"]))
        })
    }
}

/// All objects of a document.
fn nodes(value: &Value) -> Vec<&Value> {
    match value {
        Value::Array(items) => items.iter().flat_map(nodes).collect(),
        Value::Object(members) => {
            let inner = members.values().flat_map(nodes);
            std::iter::once(value).chain(inner).collect()
        }
        _ => Vec::new(),
    }
}

on_each! {
    /// From the start, the end, inside of the NULLs and behind them, in both directions.
    async fn a_page_of_any_order_touches_its_own_rows(database) {
        let pool = &database.pool;
        for sql in ROWS.iter().chain(&INDEXES).chain(&[DB::STATISTICS]) {
            run!(pool, sql);
        }
        let mut blamed = Vec::new();
        for (order, base) in lists() {
            if order.name().starts_with("null between") && order.name() != DB::NULL_BETWEEN {
                continue;
            }
            let list = || -> Keyset<'_, Id, Select<'_, DB>> {
                keyset(&order).select(|query| {
                    query.push(base);
                })
            };
            let mut cursors = vec![None];
            for deep in [600, 3_500] {
                let page = AnyPage::new(None, deep).unwrap();
                let page = list().fetch(pool, &page).await.unwrap();
                let next = page.next_cursor().unwrap();
                cursors.push(Some(next.to_owned()));
                let page = AnyPage::new(Some(next), SIZE).unwrap();
                let page = list().fetch(pool, &page).await.unwrap();
                cursors.push(Some(page.previous_cursor().unwrap().to_owned()));
            }
            for (at, cursor) in cursors.iter().enumerate() {
                let page = AnyPage::new(cursor.as_deref(), SIZE).unwrap();
                let plan = testing::plan(DB::EXPLAIN, &list(), pool, &page).await.unwrap();
                if let Some(blame) = DB::blame(&plan) {
                    let sql = testing::statement(&list(), &page).unwrap();
                    blamed.push(format!("{order:?}, place {at}: {blame}\n{sql}\n{plan}"));
                }
            }
        }
        assert!(blamed.is_empty(), "{} plans\n{}", blamed.len(), blamed.join("\n\n"));
    }
}

on_each! {
    /// Without an index every plan is bad, and is seen to be.
    async fn a_table_that_is_read_whole_is_blamed(database) {
        let pool = &database.pool;
        for sql in ROWS.iter().chain(&[DB::STATISTICS]) {
            run!(pool, sql);
        }
        let order = Order::named("two").desc("b", |_: &Id| 0_i64).unique_desc("id", |id| id.id);
        let list = keyset(&order).select::<DB>(|query| {
            query.push(POSTS);
        });
        let plan = testing::plan(DB::EXPLAIN, &list, pool, &AnyPage::default()).await.unwrap();
        assert!(DB::blame(&plan).is_some(), "{plan}");
    }
}
