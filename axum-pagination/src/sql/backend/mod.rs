//! What is different from database to database.

#[cfg(feature = "mysql")]
mod mysql;
#[cfg(feature = "postgres")]
mod postgres;
#[cfg(feature = "sqlite")]
mod sqlite;

use std::fmt;

use futures_core::future::BoxFuture;
use sqlx::{Database, IntoArguments, QueryBuilder};

use super::range::Form;
use super::term::Term;
use crate::cursor::value::{Kind, Value};

/// A database that pages come out of: `Sqlite`, `Postgres`, `MySql` (MariaDB too), each with its feature.
///
/// Sealed: what is right for one was measured on it. A list for any of them is a function that is generic in it:
///
/// ```
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # #[cfg(feature = "sqlite")] {
/// use axum_pagination::{Backend, CursorPage, CursorParams, Order, PageError, keyset};
/// use sqlx::{FromRow, Pool};
///
/// # let pool = sqlx::sqlite::SqlitePoolOptions::new().max_connections(1).connect("sqlite::memory:").await?;
/// # let table = "CREATE TABLE posts (id INTEGER PRIMARY KEY)";
/// # sqlx::query(table).execute(&pool).await?;
/// async fn newest<DB>(pool: &Pool<DB>) -> Result<CursorPage<(i64,)>, PageError>
/// where
///     DB: Backend,
///     (i64,): for<'r> FromRow<'r, DB::Row>,
/// {
///     let newest = Order::named("newest").unique_desc("id", |post: &(i64,)| post.0);
///     let posts = keyset(&newest).select::<DB>(|q| { q.push("SELECT id FROM posts"); });
///     posts.fetch(pool, &CursorParams::<20, 100>::default()).await
/// }
///
/// sqlx::query("INSERT INTO posts VALUES (1), (2)").execute(&pool).await?;
/// assert_eq!(newest(&pool).await?.items(), [(2,), (1,)]);
/// # }
/// # Ok(()) }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no database that axum-pagination knows",
    note = "Sqlite, Postgres and MySql are, each with the feature of its name; sqlx's Any is not: its types are too few \
            for exact keys"
)]
pub trait Backend: Dialect {}

#[diagnostic::do_not_recommend] // Nobody is to implement `Dialect`.
impl<DB: Dialect> Backend for DB {}

/// The dialect of a database, and how the values of keys travel.
pub trait Dialect: Database<Arguments: Default + IntoArguments<Self>> {
    /// Around names
    const QUOTE: char;
    /// Where NULLs stand if nothing is said: as if they were the smallest value, or the largest
    const NULLS_SMALLEST: bool;
    /// Whether ORDER BY knows NULLS FIRST and NULLS LAST
    const PLACES_NULLS: bool;
    /// Whether plans say how many rows to expect
    const ESTIMATES: bool;

    /// The form that an order of these columns is fastest in.
    fn form(terms: &[Term]) -> Form;

    /// The value of a column, as the row holds it.
    ///
    /// # Errors
    /// When the row has no such column, or it is of a type that cannot be a key.
    fn read(row: &Self::Row, column: &str) -> Result<Value, NoKey>;

    /// Whether a column whose key is declared as one kind may hold a value of another.
    fn fits(declared: Kind, held: Kind) -> bool;

    /// Whether the database takes this value at all: it may come from a forged cursor.
    fn takes(value: &Value) -> bool;

    /// Appends a place for a value, and the value.
    fn bind(query: &mut QueryBuilder<Self>, value: &Value);

    /// The same for a limit or an offset.
    fn bind_number(query: &mut QueryBuilder<Self>, number: i64);

    /// Runs a statement.
    fn fetch<'c>(
        connection: &'c mut Self::Connection,
        sql: String,
        arguments: Self::Arguments,
    ) -> BoxFuture<'c, Result<Vec<Self::Row>, sqlx::Error>>;

    /// The place of a column in the rows of a statement: of this name, or of the only one that differs in ASCII case
    /// alone.
    fn ordinal(row: &Self::Row, column: &str) -> Option<usize>;

    /// Whether the column at a place holds nothing.
    fn is_null(row: &Self::Row, at: usize) -> bool;

    /// Whether the database did not take a value: not the statement is wrong, but what was bound to it.
    fn refuses_value(error: &sqlx::Error) -> bool;

    /// The count that a row carries.
    ///
    /// # Errors
    /// When it carries none.
    fn total(row: &Self::Row) -> Result<i64, sqlx::Error>;

    /// The last column of a row, as text.
    #[cfg(feature = "testing")]
    fn text(row: &Self::Row) -> String;

    /// The number of rows that a plan expects; `None` where plans do not say.
    fn estimate(plan: &[Self::Row]) -> Option<u64>;
}

/// A column cannot be a key.
#[derive(Debug)]
pub enum NoKey {
    Missing,
    Type(String),
}

impl fmt::Display for NoKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => f.write_str("the base query does not give it"),
            Self::Type(name) => write!(f, "it is of the type {name}, which cannot be a key"),
        }
    }
}

/// The parts that differ in nothing but a name: sqlx's traits hold for each database, and not for all of them.
#[cfg(any(feature = "sqlite", feature = "postgres", feature = "mysql"))]
macro_rules! runs {
    ($database:ty) => {
        fn fetch<'c>(
            connection: &'c mut Self::Connection,
            sql: String,
            arguments: Self::Arguments,
        ) -> BoxFuture<'c, Result<Vec<Self::Row>, sqlx::Error>> {
            Box::pin(sqlx::query_with(sqlx::AssertSqlSafe(sql), arguments).fetch_all(connection))
        }

        fn ordinal(row: &Self::Row, column: &str) -> Option<usize> {
            if let Ok(at) = sqlx::ColumnIndex::index(&column, row) {
                return Some(at);
            }
            // SQLite, MySQL and MariaDB have found it whatever its case; PostgreSQL would have refused the statement.
            let all = sqlx::Row::columns(row).iter();
            let mut alike =
                all.filter(|known| sqlx::Column::name(*known).eq_ignore_ascii_case(column));
            match (alike.next(), alike.next()) {
                (Some(one), None) => Some(sqlx::Column::ordinal(one)),
                _ => None,
            }
        }

        fn is_null(row: &Self::Row, at: usize) -> bool {
            sqlx::Row::try_get_raw(row, at).is_ok_and(|raw| sqlx::ValueRef::is_null(&raw))
        }

        #[cfg(feature = "testing")]
        fn text(row: &Self::Row) -> String {
            let last = sqlx::Row::len(row).saturating_sub(1);
            sqlx::Row::try_get_unchecked(row, last).unwrap_or_default()
        }

        fn total(row: &Self::Row) -> Result<i64, sqlx::Error> {
            sqlx::Row::try_get(row, crate::sql::statement::TOTAL)
        }
    };
}

#[cfg(any(feature = "sqlite", feature = "postgres", feature = "mysql"))]
pub(crate) use runs;
