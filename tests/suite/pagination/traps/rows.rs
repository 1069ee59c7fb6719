//! Rows that are lost, repeated or misplaced elsewhere.

use axum_pagination::testing::{self, AnyPage};
use axum_pagination::{Count, CursorPage, Order, PageError, keyset};
use chrono::{DateTime, NaiveDateTime, Utc};
use rust_decimal::Decimal;
use suite_support::database;

use crate::pagination::{Id, on_each, run};

fn by_k() -> Order<Id> {
    Order::named("k")
        .asc("k", |_: &Id| 0_i64)
        .unique_asc("id", |id| id.id)
}

fn ids(page: &CursorPage<Id>) -> Vec<i64> {
    page.items().iter().map(|item| item.id).collect()
}

fn after(page: &CursorPage<Id>, size: u64) -> AnyPage {
    AnyPage::new(Some(page.next_cursor().unwrap()), size).unwrap()
}

fn before(page: &CursorPage<Id>, size: u64) -> AnyPage {
    AnyPage::new(Some(page.previous_cursor().unwrap()), size).unwrap()
}

/// The whole of an error, its cause included.
fn told(error: &PageError) -> String {
    let cause = std::error::Error::source(error).map(ToString::to_string);
    format!("{error}: {}", cause.unwrap_or_default())
}

macro_rules! list {
    ($order:expr, $sql:expr) => {
        keyset($order).select::<DB>(|query| {
            query.push($sql);
        })
    };
}

on_each! {
    /// PostgreSQL alone tells columns apart by their case, and has no such column.
    async fn a_column_is_found_by_the_name_that_the_database_finds_it_by(database) {
        let pool = &database.pool;
        run!(pool, "CREATE TABLE t (id BIGINT PRIMARY KEY, k BIGINT)");
        run!(pool, "INSERT INTO t VALUES (1, 5), (2, NULL), (3, 5), (4, 4)");
        let order = Order::named("k").asc("K", |_: &Id| None::<i64>).unique_asc("Id", |id| id.id);
        let start = AnyPage::new(None, 3).unwrap();
        let first = list!(&order, "SELECT * FROM t").fetch(pool, &start).await;
        if <DB as sqlx::Database>::NAME == "PostgreSQL" {
            assert!(matches!(first, Err(PageError::Database(_))), "{first:?}");
            return;
        }
        let first = first.unwrap();
        assert_eq!(ids(&first), [2, 4, 1]);
        let second = list!(&order, "SELECT * FROM t").fetch(pool, &after(&first, 3)).await.unwrap();
        assert_eq!(ids(&second), [3]);
        let back = list!(&order, "SELECT * FROM t").fetch(pool, &before(&second, 2)).await.unwrap();
        assert_eq!(ids(&back), [4, 1]);
    }
}

on_each! {
    async fn the_row_at_the_end_of_a_page_may_go(database) {
        let pool = &database.pool;
        run!(pool, "CREATE TABLE t (id BIGINT PRIMARY KEY, k BIGINT NOT NULL)");
        run!(pool, "INSERT INTO t VALUES (1, 5), (2, 5), (3, 5), (4, 6), (5, 6), (6, 6)");
        let order = by_k();
        let start = AnyPage::new(None, 2).unwrap();
        let first = list!(&order, "SELECT * FROM t").fetch(pool, &start).await.unwrap();
        run!(pool, "DELETE FROM t WHERE id = 2");
        let second = list!(&order, "SELECT * FROM t").fetch(pool, &after(&first, 2)).await.unwrap();
        assert_eq!(ids(&second), [3, 4]);
        run!(pool, "DELETE FROM t WHERE id = 3");
        let back = list!(&order, "SELECT * FROM t").fetch(pool, &before(&second, 2)).await.unwrap();
        assert_eq!(ids(&back), [1]);
        assert_eq!(back.previous_cursor(), None);
    }
}

on_each! {
    async fn rows_that_come_in_before_the_cursor_push_nothing_onto_the_next_page(database) {
        let pool = &database.pool;
        run!(pool, "CREATE TABLE t (id BIGINT PRIMARY KEY, k BIGINT NOT NULL)");
        run!(pool, "INSERT INTO t VALUES (10, 5), (20, 5), (30, 5), (40, 5)");
        let order = by_k();
        let start = AnyPage::new(None, 2).unwrap();
        let first = list!(&order, "SELECT * FROM t").fetch(pool, &start).await.unwrap();
        run!(pool, "INSERT INTO t VALUES (1, 5), (15, 5), (25, 5), (99, 1)");
        let second = list!(&order, "SELECT * FROM t").fetch(pool, &after(&first, 2)).await.unwrap();
        assert_eq!(ids(&second), [25, 30]);
        let back = list!(&order, "SELECT * FROM t").fetch(pool, &before(&second, 9)).await.unwrap();
        assert_eq!(ids(&back), [99, 1, 10, 15, 20]);
    }
}

on_each! {
    async fn when_all_that_followed_is_gone_the_way_back_is_left(database) {
        let pool = &database.pool;
        run!(pool, "CREATE TABLE t (id BIGINT PRIMARY KEY, k BIGINT NOT NULL)");
        run!(pool, "INSERT INTO t VALUES (1, 5), (2, 5), (3, 5)");
        let order = by_k();
        let list = || list!(&order, "SELECT * FROM t").count(Count::Exact);
        let first = list().fetch(pool, &AnyPage::new(None, 2).unwrap()).await.unwrap();
        run!(pool, "DELETE FROM t WHERE id = 3");
        let second = list().fetch(pool, &after(&first, 2)).await.unwrap();
        assert_eq!((ids(&second), second.next_cursor()), (vec![], None));
        let back = list().fetch(pool, &before(&second, 2)).await.unwrap();
        assert_eq!(ids(&back), [1, 2]);
        run!(pool, "DELETE FROM t");
        let none = list().fetch(pool, &AnyPage::default()).await.unwrap();
        assert_eq!((none.next_cursor(), none.previous_cursor()), (None, None));
    }
}

on_each! {
    async fn a_null_where_none_was_declared_is_an_error_that_names_the_column(database) {
        let pool = &database.pool;
        run!(pool, "CREATE TABLE t (id BIGINT PRIMARY KEY, k BIGINT)");
        run!(pool, "INSERT INTO t VALUES (1, 5), (2, NULL), (3, 5)");
        let order = by_k();
        let page = AnyPage::default();
        let error = list!(&order, "SELECT * FROM t").fetch(pool, &page).await.unwrap_err();
        assert_eq!(error.status(), 500);
        assert!(told(&error).contains("the column `k` holds NULL"), "{}", told(&error));
    }
}

on_each! {
    async fn a_column_that_is_not_selected_is_named(database) {
        let pool = &database.pool;
        run!(pool, "CREATE TABLE t (id BIGINT PRIMARY KEY, k BIGINT NOT NULL)");
        run!(pool, "INSERT INTO t VALUES (1, 5)");
        let order = by_k();
        let page = AnyPage::default();
        let error = list!(&order, "SELECT id FROM t").fetch(pool, &page).await.unwrap_err();
        assert!(error.status() == 500 && told(&error).contains('k'), "{}", told(&error));
    }
}

on_each! {
    async fn a_key_declared_as_another_type_than_the_columns_is_an_error_or_exact(database) {
        let pool = &database.pool;
        run!(pool, "CREATE TABLE t (id BIGINT PRIMARY KEY, k BIGINT NOT NULL)");
        run!(pool, "INSERT INTO t VALUES (1, 5), (2, 40), (3, 300)");
        let order = Order::named("k").asc("k", |_: &Id| String::new()).unique_asc("id", |id| id.id);
        let list = testing::list(list!(&order, "SELECT * FROM t"), pool);
        match testing::laws(&list, |id| id.id).check().await {
            // SQLite compares a value as what it is.
            Ok(_) => assert_eq!(<DB as sqlx::Database>::NAME, "SQLite"),
            Err(violation) => assert!(
                violation.seen.contains("its key is declared as Text, and it holds Int"),
                "{violation}"
            ),
        }
    }
}

on_each! {
    /// A join may give a row twice: then the key that ends the order is not unique, and says so.
    async fn a_unique_key_that_is_not_unique_is_an_error_where_it_would_lose_a_row(database) {
        let pool = &database.pool;
        run!(pool, "CREATE TABLE t (id BIGINT PRIMARY KEY, k BIGINT NOT NULL)");
        run!(pool, "CREATE TABLE tags (tag_id BIGINT PRIMARY KEY, t_id BIGINT NOT NULL)");
        run!(pool, "INSERT INTO t VALUES (1, 5), (2, 5)");
        run!(pool, "INSERT INTO tags VALUES (10, 1), (11, 1), (12, 1), (13, 2)");
        let base = "SELECT t.id, t.k, tags.tag_id FROM t JOIN tags ON tags.t_id = t.id";
        let order = by_k();
        let page = AnyPage::new(None, 2).unwrap();
        let error = list!(&order, base).fetch(pool, &page).await.unwrap_err();
        assert!(told(&error).contains("`id` is not unique"), "{}", told(&error));

        let order = Order::named("tags").asc("k", |_: &Id| 0_i64).asc("id", |id| id.id).unique_asc("tag_id", |_| 0_i64);
        let list = testing::list(list!(&order, base), pool);
        let report = testing::laws(&list, |id| id.id).check().await.unwrap();
        assert_eq!(report.rows(), 4);
    }
}

on_each! {
    /// Who asks for `t.*, u.*` has two of them: databases say so, or take the first for everything.
    async fn a_column_that_is_there_twice_is_an_error_or_one_of_the_two(database) {
        let pool = &database.pool;
        run!(pool, "CREATE TABLE t (id BIGINT PRIMARY KEY, k BIGINT NOT NULL)");
        run!(pool, "CREATE TABLE u (id BIGINT PRIMARY KEY, t_id BIGINT NOT NULL)");
        run!(pool, "INSERT INTO t VALUES (1, 5), (2, 5), (3, 6)");
        run!(pool, "INSERT INTO u VALUES (30, 1), (20, 2), (10, 3)");
        let order = by_k();
        let base = "SELECT t.*, u.* FROM t JOIN u ON u.t_id = t.id";
        let list = testing::list(list!(&order, base), pool);
        match testing::laws(&list, |id| id.id).check().await {
            Ok(_) => assert_eq!(<DB as sqlx::Database>::NAME, "SQLite"),
            Err(violation) => {
                let seen = violation.seen.to_lowercase();
                let clear = seen.contains("ambiguous") || seen.contains("duplicate column name 'id'");
                assert!(clear, "{violation}");
            }
        }
    }
}

on_each! {
    async fn a_base_query_ends_as_it_likes(database) {
        let pool = &database.pool;
        run!(pool, "CREATE TABLE t (id BIGINT PRIMARY KEY, k BIGINT NOT NULL)");
        run!(pool, "INSERT INTO t VALUES (1, 5), (2, 5), (3, 6), (4, 7), (5, 7)");
        let order = by_k();
        for base in [
            "SELECT * FROM t;",
            "SELECT * FROM t ;\n ; \n",
            "SELECT * FROM t -- all of them",
            "SELECT * FROM t -- all of them;",
            "SELECT * FROM t /* all */",
            "SELECT * FROM t ORDER BY id DESC",
            "SELECT * FROM t WHERE 'a;b' = 'a;b'",
            "(SELECT * FROM t)",
        ] {
            if base.starts_with('(') && <DB as sqlx::Database>::NAME == "SQLite" {
                continue; // It knows no parentheses there.
            }
            let list = testing::list(list!(&order, base).count(Count::Exact), pool);
            let report = testing::laws(&list, |id| id.id).expected(1..=5).check().await;
            report.unwrap_or_else(|violation| panic!("{base}: {violation}"));
        }
    }
}

#[tokio::test]
async fn a_row_written_by_current_timestamp_is_not_lost() {
    type DB = sqlx::Sqlite;
    let database = database::sqlite().await;
    let pool = &database.pool;
    run!(
        pool,
        "CREATE TABLE t (id INTEGER PRIMARY KEY, k DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP)"
    );
    run!(pool, "INSERT INTO t (id) VALUES (1), (2), (3), (4), (5)");
    for id in 6..=8 {
        let insert = sqlx::query("INSERT INTO t VALUES (?, ?)").bind(id);
        insert
            .bind(DateTime::<Utc>::from_timestamp_nanos(
                1_795_326_866_123_456_789,
            ))
            .execute(pool)
            .await
            .unwrap();
    }
    let order = Order::named("k")
        .asc("k", |_: &Id| DateTime::<Utc>::UNIX_EPOCH)
        .unique_asc("id", |id| id.id);
    let list = testing::list(list!(&order, "SELECT * FROM t"), pool);
    assert_eq!(
        testing::laws(&list, |id| id.id)
            .check()
            .await
            .unwrap()
            .rows(),
        8
    );
}

#[tokio::test]
async fn a_time_that_was_cut_to_microseconds_is_not_lost() {
    type DB = sqlx::Postgres;
    let Some(database) = database::postgres().await else {
        return;
    };
    let pool = &database.pool;
    run!(
        pool,
        "CREATE TABLE t (id BIGINT PRIMARY KEY, k TIMESTAMPTZ NOT NULL)"
    );
    for id in 1..=5_i64 {
        // Nanoseconds from 1 to 999, which are rounded up or down
        let at = DateTime::<Utc>::from_timestamp_nanos(1_795_326_866_123_456_000 + id * 199);
        sqlx::query("INSERT INTO t VALUES ($1, $2)")
            .bind(id)
            .bind(at)
            .execute(pool)
            .await
            .unwrap();
    }
    let order = Order::named("k")
        .asc("k", |_: &Id| DateTime::<Utc>::UNIX_EPOCH)
        .unique_asc("id", |id| id.id);
    let list = testing::list(list!(&order, "SELECT * FROM t"), pool);
    assert_eq!(
        testing::laws(&list, |id| id.id)
            .check()
            .await
            .unwrap()
            .rows(),
        5
    );
}

#[tokio::test]
async fn times_of_mariadb_keep_their_microseconds() {
    type DB = sqlx::MySql;
    let Some(database) = database::mariadb().await else {
        return;
    };
    let pool = &database.pool;
    run!(
        pool,
        "CREATE TABLE t (id BIGINT PRIMARY KEY, k TIMESTAMP(6) NOT NULL, d DATETIME(6) NOT NULL)"
    );
    run!(
        pool,
        "INSERT INTO t VALUES (1, '2026-03-29 01:30:00', '2026-03-29 02:30:00'), \
        (2, '2026-03-29 03:30:00.000001', '2026-03-29 03:30:00'), (3, '2026-03-29 03:30:00.000002', '2026-03-29 03:30:00')"
    );
    let order = Order::named("k")
        .asc("k", |_: &Id| DateTime::<Utc>::UNIX_EPOCH)
        .asc("d", |_| NaiveDateTime::default())
        .unique_asc("id", |id| id.id);
    let list = testing::list(list!(&order, "SELECT * FROM t"), pool);
    testing::laws(&list, |id| id.id)
        .expected(1..=3)
        .check()
        .await
        .unwrap();
}

/// 10.5 > '9.5' is false: a text stands behind every number.
#[tokio::test]
async fn a_decimal_of_sqlite_is_compared_as_the_number_that_it_is() {
    type DB = sqlx::Sqlite;
    let database = database::sqlite().await;
    let pool = &database.pool;
    run!(
        pool,
        "CREATE TABLE t (id INTEGER PRIMARY KEY, k DECIMAL(9, 2) NOT NULL)"
    );
    run!(
        pool,
        "INSERT INTO t VALUES (1, '9.5'), (2, '10.5'), (3, 10.5), (4, 100), (5, '1e2')"
    );
    let order = Order::named("k")
        .asc("k", |_: &Id| Decimal::ZERO)
        .unique_asc("id", |id| id.id);
    let list = testing::list(list!(&order, "SELECT * FROM t"), pool);
    testing::laws(&list, |id| id.id)
        .expected(1..=5)
        .check()
        .await
        .unwrap();
}

/// `NaN` is no value of SQLite: it becomes NULL.
#[tokio::test]
async fn not_a_number_is_null_in_sqlite_and_not_lost() {
    type DB = sqlx::Sqlite;
    let database = database::sqlite().await;
    let pool = &database.pool;
    run!(pool, "CREATE TABLE t (id INTEGER PRIMARY KEY, k REAL)");
    for (id, k) in [(1, f64::NAN), (2, -0.0), (3, 0.0), (4, f64::INFINITY)] {
        sqlx::query("INSERT INTO t VALUES (?, ?)")
            .bind(id)
            .bind(k)
            .execute(pool)
            .await
            .unwrap();
    }
    let order = Order::named("k")
        .asc("k", |_: &Id| None::<f64>)
        .unique_asc("id", |id| id.id);
    let list = testing::list(list!(&order, "SELECT * FROM t"), pool);
    testing::laws(&list, |id| id.id)
        .expected(1..=4)
        .check()
        .await
        .unwrap();
}

macro_rules! collations {
    ($name:ident, $database:expr, $type:ty, $($collation:literal),+) => {
        #[tokio::test]
        async fn $name() {
            type DB = $type;
            let Some(database) = $database else { return };
            let pool = &database.pool;
            for (at, collation) in [$($collation),+].iter().enumerate() {
                run!(pool, format!("CREATE TABLE t{at} (id BIGINT PRIMARY KEY, k VARCHAR(9){collation})"));
                run!(pool, format!("INSERT INTO t{at} VALUES (1, 'a'), (2, 'A'), (3, 'a '), (4, 'b'), (5, 'á'), \
                    (6, ''), (7, NULL), (8, 'B'), (9, ' '), (10, 'a'), (11, 'ß'), (12, 'ss'), (13, NULL)"));
                let order = Order::named("k").asc("k", |_: &Id| None::<String>).unique_desc("id", |id| id.id);
                let base = format!("SELECT * FROM t{at}");
                let list = testing::list(list!(&order, &base), pool);
                let report = testing::laws(&list, |id| id.id).check().await;
                report.unwrap_or_else(|violation| panic!("{collation}: {violation}"));
            }
        }
    };
}

collations!(
    sqlite_compares_by_the_columns_collation,
    Some(database::sqlite().await),
    sqlx::Sqlite,
    "",
    " COLLATE NOCASE",
    " COLLATE RTRIM"
);
collations!(
    postgres_compares_by_the_columns_collation,
    database::postgres().await,
    sqlx::Postgres,
    "",
    " COLLATE \"C\"",
    " COLLATE \"en-x-icu\"",
    " COLLATE \"de-x-icu\"",
    " COLLATE \"und-x-icu\""
);
collations!(
    mariadb_compares_by_the_columns_collation,
    database::mariadb().await,
    sqlx::MySql,
    "",
    " COLLATE utf8mb4_bin",
    " COLLATE utf8mb4_unicode_ci",
    " CHARACTER SET latin1",
    " CHARACTER SET utf8mb3"
);

on_each! {
    async fn totals_are_what_was_asked_for(database) {
        let pool = &database.pool;
        run!(pool, "CREATE TABLE t (id BIGINT PRIMARY KEY, k BIGINT NOT NULL)");
        run!(pool, "INSERT INTO t VALUES (1, 5), (2, 5), (3, 6), (4, 7), (5, 7)");
        let order = by_k();
        let list = |count| list!(&order, "SELECT * FROM t").count(count);
        let header = async |count, page: &AnyPage| {
            let page = list(count).fetch(pool, page).await.unwrap();
            let response = axum::response::IntoResponse::into_response(page);
            let text = |name: &str| response.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
            (text("x-total-count"), text("x-total-count-relation"))
        };
        let first = AnyPage::new(None, 2).unwrap();
        let text = |text: &str| Some(text.to_owned());
        assert_eq!(header(Count::Skip, &first).await, (None, None));
        assert_eq!(header(Count::Exact, &first).await, (text("5"), None));
        assert_eq!(header(Count::Capped(4), &first).await, (text("4"), text("at-least")));
        assert_eq!(header(Count::Capped(5), &first).await, (text("5"), None));
        assert_eq!(header(Count::Capped(0), &first).await, (text("0"), text("at-least")));
        assert_eq!(header(Count::Capped(u64::MAX), &first).await, (text("5"), None));
        let (about, relation) = header(Count::Estimate, &first).await;
        let about: u64 = about.unwrap().parse().unwrap();
        match <DB as sqlx::Database>::NAME {
            "SQLite" => assert_eq!((about, relation), (5, None)),
            _ => assert_eq!((about < 100_000, relation), (true, text("about"))),
        }
        // A page behind the last row has none that could carry the count.
        let page = list(Count::Skip).fetch(pool, &AnyPage::new(None, 4).unwrap()).await.unwrap();
        run!(pool, "DELETE FROM t WHERE id = 5");
        assert_eq!(header(Count::Exact, &after(&page, 4)).await, (text("4"), None));
    }
}

on_each! {
    async fn a_walk_gives_every_row_once_while_it_is_disturbed(database) {
        use futures_util::TryStreamExt;

        let pool = database.pool.clone();
        run!(&pool, "CREATE TABLE t (id BIGINT PRIMARY KEY, k BIGINT NOT NULL)");
        run!(&pool, "INSERT INTO t VALUES (1, 5), (2, 5), (3, 6), (4, 7), (5, 7), (6, 7)");
        // In a task of its own, which asks for `Send + 'static`
        let walk = tokio::spawn(async move {
            let order = by_k();
            let list = list!(&order, "SELECT * FROM t");
            let mut walk = std::pin::pin!(list.walk(&pool, std::num::NonZeroU64::new(2).unwrap()));
            let mut seen = Vec::new();
            while let Some(item) = walk.try_next().await.unwrap() {
                seen.push(item.id);
                if item.id == 2 {
                    run!(&pool, "DELETE FROM t WHERE id IN (2, 4)", "INSERT INTO t VALUES (0, 5), (9, 6)");
                }
            }
            seen
        });
        assert_eq!(walk.await.unwrap(), [1, 2, 3, 9, 5, 6]);
    }
}
