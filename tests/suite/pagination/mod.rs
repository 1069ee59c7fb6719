//! Pages out of real databases.

mod forgery;
mod laws;
mod nulls;
mod plans;
mod traps;
mod types;

use serde::Serialize;
use sqlx::FromRow;

/// A row is known by its id; what it is ordered by stays in the database.
#[derive(Clone, Debug, FromRow, Serialize)]
struct Id {
    id: i64,
}

/// A test on each of the three databases, in which `DB` is the one.
macro_rules! on_each {
    ($(#[$about:meta])* async fn $name:ident($database:ident) $body:block) => {
        $(#[$about])*
        mod $name {
            #[allow(unused_imports, clippy::wildcard_imports)] // Whatever the body needs
            use super::*;

            #[tokio::test]
            async fn sqlite() {
                #[allow(dead_code)]
                type DB = sqlx::Sqlite;
                let $database = suite_support::database::sqlite_file().await;
                $body
            }

            #[tokio::test]
            async fn postgres() {
                #[allow(dead_code)]
                type DB = sqlx::Postgres;
                let Some($database) = suite_support::database::postgres().await else {
                    return;
                };
                $body
            }

            #[tokio::test]
            async fn mariadb() {
                #[allow(dead_code)]
                type DB = sqlx::MySql;
                let Some($database) = suite_support::database::mariadb().await else {
                    return;
                };
                $body
            }
        }
    };
}

use on_each;

/// Runs statements, each by itself.
macro_rules! run {
    ($pool:expr, $($sql:expr),+ $(,)?) => {
        $({
            let sql = $sql.to_string();
            let ran = sqlx::raw_sql(sqlx::AssertSqlSafe(sql.clone())).execute($pool).await;
            ran.unwrap_or_else(|error| panic!("{sql}: {error}"));
        })+
    };
}

use run;
