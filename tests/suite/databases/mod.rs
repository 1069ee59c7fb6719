//! The databases that tests are given: real, separate, and gone when a test process is.

#[cfg(target_os = "linux")]
mod ends;

use std::path::Path;

use sqlx::{Connection, Executor, MySqlConnection, PgConnection};
use suite_support::database;
use suite_support::outside::{MARIADB, POSTGRES};

#[tokio::test]
async fn sqlite_answers_in_memory_and_in_a_file() {
    for one in [database::sqlite().await, database::sqlite_file().await] {
        let answer: (i32, String) = sqlx::query_as("SELECT 1, sqlite_version()")
            .fetch_one(&one.pool)
            .await
            .unwrap();
        assert_eq!(answer.0, 1, "{one:?}");
        assert!(answer.1.starts_with("3."), "{answer:?}");
    }
}

#[tokio::test]
async fn a_database_in_memory_stays_with_its_only_connection() {
    let one = database::sqlite().await;
    one.pool.execute("CREATE TABLE t (a INT)").await.unwrap();
    for row in 1..=3 {
        let insert = sqlx::query("INSERT INTO t VALUES (?)").bind(row);
        insert.execute(&one.pool).await.unwrap();
    }
    let rows: i32 = sqlx::query_scalar("SELECT count(*) FROM t")
        .fetch_one(&one.pool)
        .await
        .unwrap();
    assert_eq!(rows, 3);
}

#[tokio::test]
async fn a_file_of_sqlite_has_several_connections_and_goes_with_its_database() {
    let one = database::sqlite_file().await;
    let mut writer = one.pool.begin().await.unwrap();
    writer.execute("CREATE TABLE t (a INT)").await.unwrap();
    // The other one reads what was there before.
    let tables: i32 = sqlx::query_scalar("SELECT count(*) FROM sqlite_schema")
        .fetch_one(&one.pool)
        .await
        .unwrap();
    assert_eq!(tables, 0);
    writer.commit().await.unwrap();

    let file: String = sqlx::query_scalar("SELECT file FROM pragma_database_list")
        .fetch_one(&one.pool)
        .await
        .unwrap();
    let folder = Path::new(&file).parent().unwrap();
    assert!(folder.exists());
    drop(one);
    assert!(!folder.exists(), "{file}");
}

#[tokio::test]
async fn postgres_answers_and_listens_on_no_network() {
    let Some(one) = database::postgres().await else {
        return;
    };
    let answer: (i32, String, String) =
        sqlx::query_as("SELECT 1, version(), current_setting('listen_addresses')")
            .fetch_one(&one.pool)
            .await
            .unwrap();
    assert_eq!(answer.0, 1);
    assert!(answer.1.starts_with("PostgreSQL "), "{answer:?}");
    if POSTGRES.address().is_none() {
        assert_eq!(answer.2, "", "{answer:?}");
    }
}

#[tokio::test]
async fn mariadb_answers_and_listens_on_no_network() {
    let Some(one) = database::mariadb().await else {
        return;
    };
    let answer: (i32, String, bool) = sqlx::query_as("SELECT 1, version(), @@skip_networking")
        .fetch_one(&one.pool)
        .await
        .unwrap();
    assert_eq!(answer.0, 1);
    if MARIADB.address().is_none() {
        assert!(answer.1.contains("MariaDB"), "{answer:?}");
        assert!(answer.2, "{answer:?}");
    }
}

/// Two databases of one server: a table of one is not in the other, all characters survive, and the first
/// cannot be connected to once it was dropped, although a transaction was open.
macro_rules! each_test_has_its_own {
    ($name:ident, $server:path, $connection:ty) => {
        #[tokio::test]
        async fn $name() {
            let (Some(one), Some(other)) = ($server().await, $server().await) else {
                return;
            };
            let mut open = one.pool.begin().await.unwrap();
            for sql in [
                "CREATE TABLE t (a VARCHAR(9))",
                "INSERT INTO t VALUES ('naïve 🦀')",
            ] {
                open.execute(sql).await.unwrap();
            }
            let kept: String = sqlx::query_scalar("SELECT a FROM t")
                .fetch_one(&mut *open)
                .await
                .unwrap();
            assert_eq!(kept, "naïve 🦀");
            assert!(other.pool.execute("SELECT a FROM t").await.is_err());

            let mut visitor = <$connection>::connect(&one.url).await.unwrap();
            visitor.execute("SELECT 1").await.unwrap();
            let gone = one.url.clone();
            drop(one);
            assert!(visitor.execute("SELECT 1").await.is_err());
            assert!(<$connection>::connect(&gone).await.is_err());
            drop(open);
            other.pool.execute("SELECT 1").await.unwrap();
        }
    };
}

each_test_has_its_own!(
    each_test_has_its_own_postgres,
    database::postgres,
    PgConnection
);
each_test_has_its_own!(
    each_test_has_its_own_mariadb,
    database::mariadb,
    MySqlConnection
);
