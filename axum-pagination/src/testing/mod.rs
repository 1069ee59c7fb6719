//! The laws of pagination, to be checked on orders, queries and rows of one's own: feature `testing`.
//!
//! A page that loses a row looks like any other page. What can be seen is that pages laid end to end are not the
//! list, or that the way back is another one: [`laws`] walks through a list in every page size, forwards,
//! backwards, to and fro and by offset, and compares. A test of one's own list is three lines:
//!
//! ```
//! # #[cfg(feature = "sqlite")] mod example {
//! use axum_pagination::{Count, Order, keyset, testing};
//! use sqlx::{FromRow, SqlitePool};
//!
//! #[derive(FromRow)]
//! struct Post { id: i64, pinned: Option<i64> }
//!
//! # pub(super) async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let pinned = Order::named("pinned").desc("pinned", |post: &Post| post.pinned).unique_desc("id", |post| post.id);
//!
//! // Rows that tie, and rows that hold NULL
//! # let one = sqlx::sqlite::SqlitePoolOptions::new().max_connections(1);
//! # let pool: SqlitePool = one.connect("sqlite::memory:").await?;
//! # sqlx::query("CREATE TABLE posts (id INTEGER PRIMARY KEY, pinned INTEGER)").execute(&pool).await?;
//! sqlx::query("INSERT INTO posts VALUES (1, 7), (2, NULL), (3, 7), (4, NULL), (5, 9)").execute(&pool).await?;
//!
//! let posts = keyset(&pinned).count(Count::Exact).select(|q| {
//!     q.push("SELECT id, pinned FROM posts");
//! });
//! let report = testing::laws(&testing::list(posts, &pool), |post| post.id).check().await?;
//! assert_eq!(report.rows(), 5);
//! assert!(report.walks() >= 20, "{report}");
//! # Ok(()) }
//! # }
//! # #[cfg(feature = "sqlite")]
//! # #[tokio::main(flavor = "current_thread")] async fn main() { example::main().await.unwrap() }
//! # #[cfg(not(feature = "sqlite"))] fn main() {}
//! ```
//!
//! What was not written with this crate is judged as well: a [`Pager`] is anything that gives a page for a cursor and a
//! size, and [`expected`](Laws::expected) says what the list is.
//!
//! Rows make the test. Give it ties in every column but the last, NULL wherever NULL may be, and more rows than
//! two of the largest pages have.

mod churn;
mod laws;
#[cfg(feature = "sql")]
mod list;
mod pager;
mod report;
#[cfg(all(test, feature = "sqlite", feature = "mysql"))]
mod tests;

pub use self::laws::{Laws, laws};
#[cfg(feature = "sql")]
pub use self::list::{List, list, plan, statement};
pub use self::pager::{AnyPage, Pager};
pub use self::report::{Law, Report, Violation};
