//! What is sent to the database, how often, and over what.

use std::collections::BTreeSet;
use std::time::Duration;

use axum_pagination::testing::{self, AnyPage};
use axum_pagination::{CursorPage, Order, PageError, keyset};
use futures_util::FutureExt;
use sqlx::Row;
use suite_support::database;

use crate::pagination::{Id, on_each, run};

/// A statement that the database is busy with for a while.
const SLOW: [(&str, &str); 3] = [
    (
        "SQLite",
        "WITH RECURSIVE n(id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n WHERE id < 400000) \
         SELECT id FROM n WHERE id > 399999",
    ),
    (
        "PostgreSQL",
        "SELECT id FROM (SELECT 1::BIGINT AS id, pg_sleep(20)) AS slow",
    ),
    ("MySQL", "SELECT 1 AS id, SLEEP(20) AS slept"),
];

fn by_id() -> Order<Id> {
    Order::named("id").unique_asc("id", |id: &Id| id.id)
}

fn by_two() -> Order<Id> {
    Order::named("two")
        .desc("n", |_: &Id| None::<i64>)
        .asc("k", |_| 0_i64)
        .unique_asc("id", |id| id.id)
}

on_each! {
    /// A statement is prepared once for each text, and kept: values in it would fill the server.
    async fn three_hundred_cursors_make_a_handful_of_texts(database) {
        let pool = &database.pool;
        run!(pool, "CREATE TABLE t (id BIGINT PRIMARY KEY, k BIGINT NOT NULL, n BIGINT)");
        for id in 0..150 {
            let n = if id % 3 == 0 { "NULL".to_owned() } else { (id % 7).to_string() };
            run!(pool, format!("INSERT INTO t VALUES ({id}, {}, {n})", id % 5));
        }
        let order = by_two();
        let list = || keyset(&order).select::<DB>(|query| {
            query.push("SELECT * FROM t WHERE k < ").push_bind(9_i64);
        });
        let (mut texts, mut cursors) = (BTreeSet::new(), 0);
        let mut cursor = None::<String>;
        loop {
            let sizes = [1, 2, 3, 20, 77].map(|size| AnyPage::new(cursor.as_deref(), size).unwrap());
            for page in &sizes {
                texts.insert(testing::statement(&list(), page).unwrap());
            }
            let page: CursorPage<Id> = list().fetch(pool, &sizes[0]).await.unwrap();
            if let Some(previous) = page.previous_cursor() {
                let previous = AnyPage::new(Some(previous), 4).unwrap();
                texts.insert(testing::statement(&list(), &previous).unwrap());
                cursors += 1;
            }
            let Some(next) = page.next_cursor() else { break };
            cursor = Some(next.to_owned());
            cursors += 1;
            assert!(cursors < 400, "the walk does not end");
        }
        assert!(cursors > 290, "{cursors}");
        // The start; behind a value or a NULL, before a value or a NULL
        assert!(texts.len() <= 5, "{} texts: {texts:#?}", texts.len());
    }
}

#[tokio::test]
async fn postgres_prepares_one_statement_for_each_text() {
    let Some(database) = database::postgres().await else {
        return;
    };
    let pool = &database.pool;
    run!(
        pool,
        "CREATE TABLE t (id BIGINT PRIMARY KEY, k BIGINT NOT NULL, n BIGINT)"
    );
    run!(
        pool,
        "INSERT INTO t SELECT i, i % 5, i % 7 FROM generate_series(1, 300) AS i"
    );
    let mut connection = pool.acquire().await.unwrap();
    let order = by_two();
    let mut cursor = None::<String>;
    for size in 1.. {
        let list = keyset(&order).select::<sqlx::Postgres>(|query| {
            query.push("SELECT * FROM t");
        });
        let page = AnyPage::new(cursor.as_deref(), size).unwrap();
        let page = list.fetch(&mut *connection, &page).await.unwrap();
        cursor = page.next_cursor().map(str::to_owned);
        if cursor.is_none() {
            break;
        }
    }
    let count = sqlx::raw_sql("SELECT COUNT(*) FROM pg_prepared_statements")
        .fetch_one(&mut *connection)
        .await
        .unwrap();
    let count: i64 = count.get_unchecked(0);
    assert!((1..=3).contains(&count), "{count} statements");
}

on_each! {
    /// The answer to a client that left does not come to the next one. What SQLite has begun, it ends first.
    async fn a_fetch_that_is_dropped_leaves_the_pool_usable(database) {
        let pool = &database.pool;
        let name = <DB as sqlx::Database>::NAME;
        let slow = SLOW.iter().find(|(of, _)| *of == name).unwrap().1;
        run!(pool, "CREATE TABLE t (id BIGINT PRIMARY KEY)", "INSERT INTO t VALUES (7)");
        let order = by_id();
        for _ in 0..6 {
            // More often than the pool has connections
            let page = AnyPage::default();
            let list = keyset(&order).select::<DB>(|query| {
                query.push(slow);
            });
            let fetch = list.fetch(pool, &page);
            let left = tokio::time::timeout(Duration::from_millis(5), fetch).await;
            assert!(left.is_err(), "it was not slow: {left:?}");
        }
        let list = keyset(&order).select::<DB>(|query| {
            query.push("SELECT id FROM t");
        });
        let page = AnyPage::default();
        let next = tokio::time::timeout(Duration::from_secs(60), list.fetch(pool, &page)).await;
        let page = next.expect("the pool has a connection").unwrap();
        assert_eq!(page.items()[0].id, 7);
    }
}

on_each! {
    async fn a_page_comes_over_a_pool_a_connection_or_a_transaction(database) {
        let pool = &database.pool;
        run!(pool, "CREATE TABLE t (id BIGINT PRIMARY KEY)");
        let order = by_id();
        let list = || keyset(&order).select::<DB>(|query| {
            query.push("SELECT * FROM t");
        });
        let page = AnyPage::default();
        let mut transaction = pool.begin().await.unwrap();
        sqlx::query("INSERT INTO t VALUES (1)").execute(&mut *transaction).await.unwrap();
        let seen = list().fetch(&mut *transaction, &page).await.unwrap();
        assert_eq!(seen.items().len(), 1);
        let seen = list().fetch(&mut transaction, &page).await.unwrap();
        assert_eq!(seen.items().len(), 1);
        transaction.rollback().await.unwrap();
        let mut connection = pool.acquire().await.unwrap();
        let seen = list().fetch(&mut *connection, &page).await.unwrap();
        assert_eq!(seen.items().len(), 0);
        let seen = list().fetch(&mut connection, &page).await.unwrap();
        assert_eq!(seen.items().len(), 0);
        drop(connection);
        let seen = list().fetch(pool, &page).await.unwrap();
        assert_eq!(seen.items().len(), 0);
        let offset = axum_pagination::OffsetParams::<20, 100>::default();
        let classic = axum_pagination::ClassicParams::<20, 100>::default();
        let mut transaction = pool.begin().await.unwrap();
        let _ = list().offset(&mut *transaction, &offset).await.unwrap();
        let _ = list().classic(&mut *transaction, &classic).await.unwrap();
    }
}

on_each! {
    /// A refused cursor costs no connection.
    async fn a_cursor_is_refused_before_the_database_is_asked(database) {
        let pool = &database.pool;
        pool.close().await;
        let order = by_id();
        let fetch = async |cursor: Option<&str>| {
            let page = AnyPage::new(cursor, 5).unwrap();
            let list = keyset(&order).select::<DB>(|query| {
                query.push("SELECT 1 AS id");
            });
            let fetched: Result<CursorPage<Id>, PageError> = list.fetch(pool, &page).await;
            fetched.unwrap_err().status().as_u16()
        };
        assert_eq!(fetch(Some("AQEAAAAA")).await, 400);
        assert_eq!(fetch(None).await, 503);
    }
}

on_each! {
    /// Tasks and handlers ask for futures that can be sent, and for no lifetime in particular.
    async fn a_page_is_fetched_in_a_task_of_its_own(database) {
        let pool = database.pool.clone();
        let filter = 3_i64;
        let task = tokio::spawn(async move {
            let order = by_id();
            let name = String::from("x");
            let page = AnyPage::default();
            let list = keyset(&order).scope(&name).select::<DB>(|query| {
                query.push("SELECT ").push_bind(filter).push(" AS id");
            });
            let mut transaction = pool.begin().await.unwrap();
            let page = list.fetch(&mut *transaction, &page).boxed().await.unwrap();
            page.items()[0].id
        });
        assert_eq!(task.await.unwrap(), 3);
    }
}
