//! Lists that come out of a database by this crate's own statements.

use std::num::NonZeroU64;

use sqlx::{FromRow, Pool};

use super::pager::{AnyPage, Pager};
use crate::cursor::keyset::Keyset;
use crate::cursor::{CursorPage, CursorParams};
use crate::names::Names;
use crate::offset::OffsetParams;
use crate::rejection::PageError;
use crate::sql::{Backend, Select};

/// A list and the pool that it comes out of: see [`list`].
///
/// It begins the list anew for each page, where a [`Keyset`] is used up by the first:
///
/// ```
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # #[cfg(feature = "sqlite")] {
/// use axum_pagination::{Order, keyset, testing::{self, Pager}};
///
/// # let pool = sqlx::sqlite::SqlitePoolOptions::new().max_connections(1).connect("sqlite::memory:").await?;
/// # let table = "CREATE TABLE posts (id INTEGER PRIMARY KEY)";
/// # sqlx::query(table).execute(&pool).await?;
/// sqlx::query("INSERT INTO posts VALUES (1), (2), (3)").execute(&pool).await?;
/// let by_id = Order::named("id").unique_asc("id", |post: &(i64,)| post.0);
/// let posts = keyset(&by_id).select(|q| { q.push("SELECT id FROM posts"); });
/// let posts = testing::list(posts, &pool);
/// let size = std::num::NonZeroU64::MIN;
/// let first = posts.page(None, size).await?;
/// assert_eq!(first.items(), [(1,)]);
/// assert_eq!(posts.page(first.next_cursor(), size).await?.items(), [(2,)]);
/// assert_eq!(posts.all().await?, Some(vec![(1,), (2,), (3,)]));
/// assert_eq!(posts.slice(size, 2).await?, Some((vec![(3,)], 3)));
/// # }
/// # Ok(()) }
/// ```
#[derive(Debug)]
pub struct List<'a, T, DB: Backend> {
    keyset: Keyset<'a, T, Select<'a, DB>>,
    pool: Pool<DB>,
}

/// Lets [`laws`](super::laws) judge a list: what it has to be, the database says itself, in one statement without
/// pages.
///
/// That statement shares columns, directions and places of NULL with what it judges, and neither conditions nor cursors
/// nor limits. The list also gives its pages by offset.
///
/// What it cannot see is that the list is another one than was meant: for that, say what is
/// [expected](super::Laws::expected).
///
/// ```
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # #[cfg(feature = "sqlite")] {
/// use axum_pagination::{Order, keyset, testing};
///
/// # let pool = sqlx::sqlite::SqlitePoolOptions::new().max_connections(1).connect("sqlite::memory:").await?;
/// # let table = "CREATE TABLE posts (id INTEGER PRIMARY KEY, title TEXT NOT NULL)";
/// # sqlx::query(table).execute(&pool).await?;
/// sqlx::query("INSERT INTO posts VALUES (1, 'b'), (2, 'B'), (3, 'a')").execute(&pool).await?;
/// let by_title = Order::named("title").asc("title", |post: &(i64, String)| post.1.clone());
/// let by_title = by_title.unique_asc("id", |post| post.0);
/// let posts = keyset(&by_title).select(|q| { q.push("SELECT id, title FROM posts"); });
/// let posts = testing::list(posts, &pool);
/// assert!(testing::laws(&posts, |post| post.0).check().await.is_ok());
///
/// let as_meant = testing::laws(&posts, |post| post.0).expected([3, 1, 2]).check().await; // a, b, B
/// assert_eq!(as_meant.unwrap_err().seen, "[2]"); // as it is: B, a, b
/// # }
/// # Ok(()) }
/// ```
#[must_use]
pub fn list<'a, T, DB: Backend>(
    keyset: Keyset<'a, T, Select<'a, DB>>,
    pool: &Pool<DB>,
) -> List<'a, T, DB> {
    let pool = pool.clone();
    List { keyset, pool }
}

impl<T, DB> Pager for List<'_, T, DB>
where
    DB: Backend,
    T: for<'r> FromRow<'r, DB::Row> + Send + Unpin,
{
    type Item = T;

    async fn page(
        &self,
        cursor: Option<&str>,
        size: NonZeroU64,
    ) -> Result<CursorPage<T>, PageError> {
        let page = AnyPage::new(cursor, size.get())?;
        self.keyset.again().fetch(&self.pool, &page).await
    }

    async fn all(&self) -> Result<Option<Vec<T>>, PageError> {
        let mut connection = self.pool.acquire().await?;
        self.keyset.all(&mut connection).await.map(Some)
    }

    async fn slice(
        &self,
        limit: NonZeroU64,
        offset: u64,
    ) -> Result<Option<(Vec<T>, u64)>, PageError> {
        let page = OffsetParams::<20, 1_000_000>::new(limit.get(), offset)?;
        let page = self.keyset.again().offset(&self.pool, &page).await?.bare();
        Ok(Some((page.items, page.total)))
    }
}

/// The text of the statement that a page is fetched with.
///
/// Values and sizes are bound, so a list has few texts: one for each direction and pattern of NULLs.
///
/// ```
/// # #[cfg(feature = "sqlite")] {
/// use axum_pagination::{CursorParams, Order, keyset, testing};
/// use sqlx::Sqlite;
///
/// let by_id = Order::named("id").unique_asc("id", |post: &(i64,)| post.0);
/// let posts = keyset(&by_id).select::<Sqlite>(|q| {
///     q.push("SELECT id FROM posts");
/// });
/// let first: CursorParams = CursorParams::default();
/// assert_eq!(
///     testing::statement(&posts, &first).unwrap(),
///     "SELECT p.* FROM (SELECT id FROM posts\n) AS p ORDER BY p.\"id\" LIMIT ? + 0"
/// );
/// # }
/// ```
///
/// # Errors
/// A 400 for a cursor that is none of this list.
pub fn statement<T, DB, const D: u64, const M: u64, N: Names>(
    keyset: &Keyset<'_, T, Select<'_, DB>>,
    page: &CursorParams<D, M, N>,
) -> Result<String, PageError>
where
    DB: Backend,
    T: for<'r> FromRow<'r, DB::Row> + Send + Unpin,
{
    Ok(keyset.page_statement(page)?.0)
}

/// How the database would fetch a page: `explain` before the page's statement, and the lines of the answer.
///
/// `EXPLAIN QUERY PLAN` of SQLite, `EXPLAIN` or `EXPLAIN (ANALYZE, FORMAT JSON)` of PostgreSQL, `EXPLAIN FORMAT=JSON`
/// or `ANALYZE FORMAT=JSON` of MySQL and MariaDB. Where an answer has several columns, a line is the last one. What an
/// index is for shows in a table that is large and of which statistics were made (`ANALYZE`).
///
/// # Errors
/// A 400 for a cursor that is none of this list; what the database says.
///
/// # Example
/// ```
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # #[cfg(feature = "sqlite")] {
/// use axum_pagination::{CursorParams, Order, keyset, testing};
///
/// # let pool = sqlx::sqlite::SqlitePoolOptions::new().max_connections(1).connect("sqlite::memory:").await?;
/// # let table = "CREATE TABLE posts (id INTEGER PRIMARY KEY, day INTEGER NOT NULL)";
/// # sqlx::query(table).execute(&pool).await?;
/// let newest = Order::named("newest").desc("day", |post: &(i64, i64)| post.1).unique_desc("id", |post| post.0);
/// let posts = keyset(&newest).select(|q| { q.push("SELECT id, day FROM posts"); });
/// let page = CursorParams::<20, 100>::default();
/// let plan = testing::plan("EXPLAIN QUERY PLAN", &posts, &pool, &page).await?;
/// assert!(plan.contains("USE TEMP B-TREE FOR ORDER BY"), "{plan}"); // all rows are sorted for a page
///
/// sqlx::query("CREATE INDEX posts_day ON posts (day, id)").execute(&pool).await?;
/// let plan = testing::plan("EXPLAIN QUERY PLAN", &posts, &pool, &page).await?;
/// assert!(plan.contains("USING COVERING INDEX posts_day") && !plan.contains("TEMP B-TREE"), "{plan}");
/// # }
/// # Ok(()) }
/// ```
pub async fn plan<T, DB, const D: u64, const M: u64, N: Names>(
    explain: &'static str,
    keyset: &Keyset<'_, T, Select<'_, DB>>,
    pool: &Pool<DB>,
    page: &CursorParams<D, M, N>,
) -> Result<String, PageError>
where
    DB: Backend,
    T: for<'r> FromRow<'r, DB::Row> + Send + Unpin,
{
    let (sql, arguments) = keyset.page_statement(page)?;
    let mut connection = pool.acquire().await?;
    let rows = DB::fetch(&mut connection, format!("{explain} {sql}"), arguments).await?;
    Ok(rows.iter().map(DB::text).collect::<Vec<_>>().join("\n"))
}
