//! NULLs stand where the order says, on each database, whichever way the list is walked.

use axum_pagination::Order;
use sqlx::AssertSqlSafe;
use suite_support::database;

use super::Id;
use super::types::walked;

/// An order by `k`, which may be NULL, and by `id` in the other direction or in the same.
fn order(descending: bool, first: bool, mixed: bool) -> Order<Id> {
    let named = Order::named("k");
    let k = |_: &Id| None::<i64>;
    let k = if descending {
        named.desc("k", k)
    } else {
        named.asc("k", k)
    };
    let k = if first {
        k.nulls_first()
    } else {
        k.nulls_last()
    };
    if descending != mixed {
        k.unique_desc("id", |id| id.id)
    } else {
        k.unique_asc("id", |id| id.id)
    }
}

macro_rules! walks {
    ($database:expr) => {{
        let database = $database;
        let pool = &database.pool;
        for statement in [
            "CREATE TABLE t (id BIGINT PRIMARY KEY, k BIGINT)",
            "INSERT INTO t VALUES (1, NULL), (2, 5), (3, NULL), (4, 5), (5, 7), (6, NULL), (7, 5), (8, NULL), (9, 6)",
        ] {
            sqlx::query(statement).execute(pool).await.unwrap();
        }
        for flags in 0..8 {
            let [descending, first, mixed] = [1, 2, 4].map(|flag| flags & flag != 0);
            let order = order(descending, first, mixed);
            let way = |descending| if descending { "DESC" } else { "ASC" };
            let expected: Vec<i64> = sqlx::query_scalar(AssertSqlSafe(format!(
                "SELECT id FROM t ORDER BY k IS NULL {}, k {}, id {}",
                way(first),
                way(descending),
                way(descending != mixed)
            )))
            .fetch_all(pool)
            .await
            .unwrap();
            // A base that is worked out whole takes another form.
            for base in ["SELECT * FROM t", "SELECT DISTINCT * FROM t"] {
                for size in [1, 2, 3, 20] {
                    let [forwards, backwards] = walked(pool, &order, size, base).await.unwrap();
                    assert_eq!(forwards, expected, "{order:?}, {size}, {base}");
                    let last = expected.len() - (expected.len() - 1) % usize::try_from(size).unwrap() - 1;
                    assert_eq!(backwards, expected[..last], "{order:?}, {size}, {base}");
                }
            }
        }
    }};
}

#[tokio::test]
async fn sqlite_walks_across_nulls() {
    walks!(database::sqlite().await);
}

#[tokio::test]
async fn postgres_walks_across_nulls() {
    let Some(database) = database::postgres().await else {
        return;
    };
    walks!(database);
}

#[tokio::test]
async fn mariadb_walks_across_nulls() {
    let Some(database) = database::mariadb().await else {
        return;
    };
    walks!(database);
}
