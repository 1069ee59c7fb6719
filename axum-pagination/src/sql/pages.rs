//! Pages out of a database: keyset, classic and offset, of one base query.

use std::num::NonZeroU64;

use futures_core::Stream;
use futures_core::future::BoxFuture;
use futures_util::stream::{self, TryStreamExt};
use sqlx::{Acquire, Execute, FromRow, Pool, QueryBuilder};

use super::backend::Backend;
use super::range::{self, Form, Range};
use super::statement::{Base, Counted, Statement, without_semicolons};
use super::term::terms;
use crate::classic::{ClassicPage, ClassicParams};
use crate::cursor::keyset::{Count, Keyset, OwnQuery, Read, foreign};
use crate::cursor::token::Place;
use crate::cursor::value::Value;
use crate::cursor::{CursorPage, CursorParams};
use crate::names::Names;
use crate::offset::{OffsetPage, OffsetParams};
use crate::rejection::PageError;
use crate::total::Total;

/// The base query of a list: what [`Keyset::select`] was given.
///
/// It stands in the type of a list that fetches its own pages, for a function that gives one:
///
/// ```
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # #[cfg(feature = "sqlite")] {
/// use axum_pagination::{CursorParams, Keyset, Order, Select, keyset};
/// use sqlx::Sqlite;
///
/// type Post = (i64, i64);
///
/// # let pool = sqlx::sqlite::SqlitePoolOptions::new().max_connections(1).connect("sqlite::memory:").await?;
/// # let table = "CREATE TABLE posts (id INTEGER PRIMARY KEY, author INTEGER NOT NULL)";
/// # sqlx::query(table).execute(&pool).await?;
/// fn of_author<'a>(order: &'a Order<Post>, author: i64) -> Keyset<'a, Post, Select<'a, Sqlite>> {
///     keyset(order).scope(&author).select(move |q| {
///         q.push("SELECT id, author FROM posts WHERE author = ").push_bind(author);
///     })
/// }
///
/// sqlx::query("INSERT INTO posts VALUES (1, 7), (2, 8), (3, 7)").execute(&pool).await?;
/// let by_id = Order::named("id").unique_asc("id", |post: &Post| post.0);
/// let page = of_author(&by_id, 7).fetch(&pool, &CursorParams::<20, 100>::default()).await?;
/// assert_eq!(page.items(), [(1, 7), (3, 7)]);
/// # }
/// # Ok(()) }
/// ```
pub struct Select<'a, DB: Backend>(pub(super) Box<Base<'a, DB>>);

impl<DB: Backend> std::fmt::Debug for Select<'_, DB> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Select").field(&DB::NAME).finish()
    }
}

impl<'a, T> Keyset<'a, T, OwnQuery> {
    /// Names the rows: a query that selects the columns of the order and whatever the item is made of.
    ///
    /// It may join, filter, group and begin with WITH. It is wrapped (`SELECT * FROM (..) AS p WHERE .. ORDER BY ..
    /// LIMIT ..`), which databases see through, so it needs no ORDER BY and no LIMIT. The closure pushes its text and
    /// binds its values; it may be called several times for one statement.
    ///
    /// Text that comes from a request must be bound (`push_bind`), as everywhere.
    ///
    /// The columns of an order are names in what the base gives: of an expression that is its alias. A semicolon at the
    /// very end does no harm, nor does a comment; a comment behind a semicolon is an error of the database. A LIMIT of
    /// its own bounds the list, and an ORDER BY of its own says nothing.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # #[cfg(feature = "sqlite")] {
    /// use axum_pagination::{CursorParams, Order, keyset};
    ///
    /// # let pool = sqlx::sqlite::SqlitePoolOptions::new().max_connections(1).connect("sqlite::memory:").await?;
    /// # let table = "CREATE TABLE posts (id INTEGER PRIMARY KEY, title TEXT NOT NULL)";
    /// # sqlx::query(table).execute(&pool).await?;
    /// sqlx::query("INSERT INTO posts VALUES (1, 'ccc'), (2, 'a'), (3, 'bb'), (4, 'dd')").execute(&pool).await?;
    /// let shortest = Order::named("shortest").asc("length", |post: &(i64, i64)| post.1);
    /// let shortest = shortest.unique_asc("id", |post| post.0);
    /// let page = async |cursor: Option<&str>| {
    ///     let posts = keyset(&shortest).select(|q| {
    ///         q.push("WITH some AS (SELECT * FROM posts WHERE title <> ").push_bind("dd");
    ///         q.push(") SELECT id, length(title) AS length FROM some ORDER BY title DESC;");
    ///     });
    ///     posts.fetch(&pool, &CursorParams::<20, 100>::new(cursor, 2)?).await
    /// };
    /// let first = page(None).await?;
    /// assert_eq!(first.items(), [(2, 1), (3, 2)]);
    /// assert_eq!(page(first.next_cursor()).await?.items(), [(1, 3)]);
    /// # }
    /// # Ok(()) }
    /// ```
    pub fn select<DB: Backend>(
        self,
        base: impl Fn(&mut QueryBuilder<DB>) + Send + Sync + 'a,
    ) -> Keyset<'a, T, Select<'a, DB>> {
        let Self {
            order,
            scope,
            key,
            count,
            base: OwnQuery,
        } = self;
        Keyset {
            order,
            scope,
            key,
            count,
            base: Select(Box::new(base)),
        }
    }
}

impl<'a, T, DB> Keyset<'a, T, Select<'a, DB>>
where
    DB: Backend,
    T: for<'r> FromRow<'r, DB::Row> + Send + Unpin,
{
    /// Fetches the page that a request asks for: one round trip, whatever its depth.
    ///
    /// The database is a pool, a connection or a transaction: `&pool`, `&mut *connection`, `&mut *transaction`. It is
    /// two round trips for an [estimate](Count::Estimate), and for a count where nothing is behind a cursor.
    ///
    /// # Errors
    /// - A 400 for a cursor that is none of this list.
    /// - [`PageError::Database`]: what the database says. A pool that is closed, or has no connection to give, is a
    ///   503.
    /// - [`PageError::Declaration`], a logged 500, where the order does not fit the rows: a column of the order that
    ///   the base does not give, that holds another type, or NULL where the closure gives no [`Option`]; a unique key
    ///   that is not; keys too long for a cursor of 4096 characters; a [`scope`](Keyset::scope) that is not to be had
    ///   as JSON.
    ///
    /// # Example
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # #[cfg(feature = "sqlite")] {
    /// use axum_pagination::{Count, CursorParams, Order, keyset};
    /// use axum::response::IntoResponse;
    ///
    /// # let pool = sqlx::sqlite::SqlitePoolOptions::new().max_connections(1).connect("sqlite::memory:").await?;
    /// # let table = "CREATE TABLE posts (id INTEGER PRIMARY KEY)";
    /// # sqlx::query(table).execute(&pool).await?;
    /// sqlx::query("INSERT INTO posts VALUES (1), (2), (3)").execute(&pool).await?;
    /// let by_id = Order::named("id").unique_asc("id", |post: &(i64,)| post.0);
    /// let page = async |cursor: Option<&str>| {
    ///     let posts = keyset(&by_id).select(|q| { q.push("SELECT id FROM posts"); }).count(Count::Exact);
    ///     posts.fetch(&pool, &CursorParams::<20, 100>::new(cursor, 2)?).await
    /// };
    /// let first = page(None).await?;
    ///
    /// // All that was behind the cursor is gone: an empty page, from which the way back leads to what is left.
    /// sqlx::query("DELETE FROM posts WHERE id > 1").execute(&pool).await?;
    /// let second = page(first.next_cursor()).await?;
    /// assert_eq!((second.items(), second.next_cursor()), (&[][..], None));
    /// assert_eq!(page(second.previous_cursor()).await?.items(), [(1,)]);
    /// assert_eq!(second.into_response().headers()["x-total-count"], "1");
    ///
    /// pool.close().await;
    /// assert_eq!(page(Some("forged")).await.unwrap_err().status(), 400);
    /// assert_eq!(page(first.next_cursor()).await.unwrap_err().status(), 503);
    /// # }
    /// # Ok(()) }
    /// ```
    ///
    /// In a transaction it sees what that has written, and a NULL that the order knows nothing of is told:
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # #[cfg(feature = "sqlite")] {
    /// use axum_pagination::{CursorParams, Order, PageError, keyset};
    ///
    /// # let pool = sqlx::sqlite::SqlitePoolOptions::new().max_connections(1).connect("sqlite::memory:").await?;
    /// # let table = "CREATE TABLE posts (id INTEGER PRIMARY KEY, title TEXT)";
    /// # sqlx::query(table).execute(&pool).await?;
    /// let by_title = Order::named("title")
    ///     .asc("title", |post: &(i64, Option<String>)| post.1.clone().unwrap_or_default()) // no Option
    ///     .unique_asc("id", |post| post.0);
    /// let mut transaction = pool.begin().await?;
    /// let insert = sqlx::query("INSERT INTO posts VALUES (1, 'a'), (2, NULL)");
    /// insert.execute(&mut *transaction).await?;
    ///
    /// let posts = keyset(&by_title).select(|q| { q.push("SELECT id, title FROM posts"); });
    /// let page = posts.fetch(&mut *transaction, &CursorParams::<20, 100>::default()).await;
    /// let says = "the column `title` holds NULL; let its closure return an Option";
    /// assert!(matches!(page, Err(PageError::Declaration(text)) if text.ends_with(says)));
    /// # }
    /// # Ok(()) }
    /// ```
    pub fn fetch<'f, A, const D: u64, const M: u64, N: Names>(
        self,
        database: A,
        page: &'f CursorParams<D, M, N>,
    ) -> BoxFuture<'f, Result<CursorPage<T>, PageError>>
    where
        A: Acquire<'f, Database = DB> + 'f,
        'a: 'f,
        T: 'f,
    {
        let connection = database.acquire();
        Box::pin(async move {
            let seal = self.seal()?;
            let place = self.place(&seal, page)?;
            if !place.keys().is_none_or(|keys| self.takes(keys)) {
                return Err(foreign::<N>().into());
            }
            let mut connection = connection.await?;
            let (read, total) = match self
                .read(
                    &mut connection,
                    &place,
                    page.results_per_page(),
                    self.counted(),
                )
                .await
            {
                Err(PageError::Database(error))
                    if place.keys().is_some() && DB::refuses_value(&error) =>
                {
                    return Err(foreign::<N>().into());
                }
                read => read?,
            };
            let total = self.total(&mut connection, total).await?;
            Ok(self.finish(&seal, page, &place, read)?.total(total))
        })
    }

    /// Fetches the page of this number, and the number of pages: one round trip, or two past the end.
    ///
    /// The database reads and drops all rows before the page: a page costs more the deeper it is. It counts all rows in
    /// any case; [`count`](Keyset::count), [`scope`](Keyset::scope) and [`signed`](Keyset::signed) are for cursors.
    ///
    /// # Errors
    /// What the database says. Neither NULL nor unique keys are looked at: no cursor is made of them.
    ///
    /// # Example
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # #[cfg(feature = "sqlite")] {
    /// use axum_pagination::{ClassicParams, Count, Order, PageError, keyset};
    /// use axum::response::IntoResponse;
    /// # type Post = (i64, Option<String>);
    ///
    /// # let pool = sqlx::sqlite::SqlitePoolOptions::new().max_connections(1).connect("sqlite::memory:").await?;
    /// # let table = "CREATE TABLE posts (id INTEGER PRIMARY KEY, title TEXT)";
    /// # sqlx::query(table).execute(&pool).await?;
    /// sqlx::query("INSERT INTO posts VALUES (1, 'b'), (2, 'a'), (3, NULL)").execute(&pool).await?;
    /// let by_title = Order::named("title").asc("title", |post: &Post| post.1.clone()).unique_asc("id", |post| post.0);
    /// let page = async |number| {
    ///     let posts = keyset(&by_title).count(Count::Skip).select(|q| { q.push("SELECT id, title FROM posts"); });
    ///     let page = posts.classic(&pool, &ClassicParams::<20, 100>::new(2, number)?).await?;
    ///     Ok::<_, PageError>(page.map_items(|post| post.0))
    /// };
    /// assert_eq!(page(1).await?.items(), [3, 2]);
    /// assert_eq!(page(2).await?.items(), [1]);
    ///
    /// let past = page(9).await?; // counted all the same
    /// assert!(past.items().is_empty());
    /// assert_eq!(past.into_response().headers()["x-total-count"], "3");
    /// # }
    /// # Ok(()) }
    /// ```
    pub fn classic<'f, A, const D: u64, const M: u64, N: Names>(
        self,
        database: A,
        page: &'f ClassicParams<D, M, N>,
    ) -> BoxFuture<'f, Result<ClassicPage<T>, PageError>>
    where
        A: Acquire<'f, Database = DB> + 'f,
        'a: 'f,
        T: 'f,
    {
        let connection = database.acquire();
        Box::pin(async move {
            let mut connection = connection.await?;
            let (items, total) = self
                .slice(&mut connection, page.page_size(), page.offset())
                .await?;
            Ok(ClassicPage::new(items, page, total))
        })
    }

    /// Fetches the rows from this offset on, and the number of all: as [`classic`](Self::classic).
    ///
    /// A row that is removed before the offset moves all behind it: the client misses one.
    ///
    /// # Errors
    /// What the database says.
    ///
    /// # Example
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # #[cfg(feature = "sqlite")] {
    /// use axum_pagination::{OffsetParams, Order, PageError, keyset};
    ///
    /// # let pool = sqlx::sqlite::SqlitePoolOptions::new().max_connections(1).connect("sqlite::memory:").await?;
    /// # let table = "CREATE TABLE posts (id INTEGER PRIMARY KEY)";
    /// # sqlx::query(table).execute(&pool).await?;
    /// sqlx::query("INSERT INTO posts VALUES (1), (2), (3), (4)").execute(&pool).await?;
    /// let by_id = Order::named("id").unique_asc("id", |post: &(i64,)| post.0);
    /// let page = async |offset| {
    ///     let posts = keyset(&by_id).select(|q| { q.push("SELECT id FROM posts"); });
    ///     Ok::<_, PageError>(posts.offset(&pool, &OffsetParams::<20, 100>::new(2, offset)?).await?.bare())
    /// };
    /// assert_eq!(page(0).await?.items, [(1,), (2,)]);
    /// sqlx::query("DELETE FROM posts WHERE id = 1").execute(&pool).await?;
    /// let second = page(2).await?;
    /// assert_eq!((second.items, second.total), (vec![(4,)], 3)); // nobody has seen 3
    /// # }
    /// # Ok(()) }
    /// ```
    pub fn offset<'f, A, const D: u64, const M: u64, N: Names>(
        self,
        database: A,
        page: &'f OffsetParams<D, M, N>,
    ) -> BoxFuture<'f, Result<OffsetPage<T>, PageError>>
    where
        A: Acquire<'f, Database = DB> + 'f,
        'a: 'f,
        T: 'f,
    {
        let connection = database.acquire();
        Box::pin(async move {
            let mut connection = connection.await?;
            let (items, total) = self
                .slice(&mut connection, page.limit(), page.offset())
                .await?;
            Ok(OffsetPage::new(items, page, total))
        })
    }

    /// All rows in the order, fetched `size` at a time: for exports and jobs.
    ///
    /// No statement stays open in between, and no connection is held. Rows that are inserted or removed meanwhile
    /// disturb no others; those of the page at hand are given as they were fetched. After an error the stream is over.
    ///
    /// # Errors
    /// Those of [`fetch`](Self::fetch) that are not about cursors, as an item.
    ///
    /// # Example
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # #[cfg(feature = "sqlite")] {
    /// use axum_pagination::{Order, keyset};
    /// use futures_util::TryStreamExt;
    /// # use std::num::NonZeroU64;
    ///
    /// # let pool = sqlx::sqlite::SqlitePoolOptions::new().max_connections(1).connect("sqlite::memory:").await?;
    /// # let table = "CREATE TABLE posts (id INTEGER PRIMARY KEY)";
    /// # sqlx::query(table).execute(&pool).await?;
    /// sqlx::query("INSERT INTO posts VALUES (1), (2), (3), (4)").execute(&pool).await?;
    /// let by_id = Order::named("id").unique_asc("id", |post: &(i64,)| post.0);
    /// let posts = keyset(&by_id).select(|q| { q.push("SELECT id FROM posts"); });
    /// let mut posts = std::pin::pin!(posts.walk(&pool, NonZeroU64::new(2).unwrap()));
    ///
    /// assert_eq!(posts.try_next().await?, Some((1,)));
    /// // The only connection of this pool is free. 2 has been fetched already, 3 has not.
    /// sqlx::query("DELETE FROM posts WHERE id IN (2, 3)").execute(&pool).await?;
    /// assert_eq!(posts.try_next().await?, Some((2,)));
    /// assert_eq!(posts.try_next().await?, Some((4,)));
    /// assert_eq!(posts.try_next().await?, None);
    /// # }
    /// # Ok(()) }
    /// ```
    pub fn walk(
        self,
        pool: &Pool<DB>,
        size: NonZeroU64,
    ) -> impl Stream<Item = Result<T, PageError>> + Send + 'a
    where
        T: 'a,
    {
        let start = (self, pool.clone(), Some(Place::Start));
        let pages = stream::try_unfold(start, move |(list, pool, place)| async move {
            let Some(place) = place else { return Ok(None) };
            let mut connection = pool.acquire().await?;
            let (read, _) = list
                .read(&mut connection, &place, size, Counted::No)
                .await?;
            let next = read
                .ends
                .filter(|_| read.more)
                .map(|(_, last)| Place::After(last));
            Ok::<_, PageError>(Some((read.items, (list, pool, next))))
        });
        pages
            .map_ok(|items| stream::iter(items.into_iter().map(Ok)))
            .try_flatten()
    }

    pub(super) fn takes(&self, keys: &[Value]) -> bool {
        let mut pairs = keys.iter().zip(self.order.parts());
        pairs.all(|(key, column)| {
            DB::takes(key) && key.kind().is_none_or(|held| DB::fits(column.kind, held))
        })
    }

    pub(super) fn counted(&self) -> Counted {
        match self.count {
            Count::Skip => Counted::No,
            Count::Exact => Counted::All,
            Count::Capped(most) => {
                Counted::UpTo(i64::try_from(most).unwrap_or(i64::MAX).saturating_add(1))
            }
            Count::Estimate if DB::ESTIMATES => Counted::No,
            Count::Estimate => Counted::All,
        }
    }

    /// The statement of a page.
    pub(super) fn statement(
        &self,
        place: &Place,
        limit: i64,
        counted: Counted,
    ) -> Statement<'_, DB> {
        let terms = terms(self.order, place.is_backward());
        let keys = place.keys();
        let write = |ranges: &[Range]| {
            let base = Statement::new(&self.base.0);
            base.page(ranges, &terms, keys.unwrap_or_default(), limit, counted)
        };
        let ranges = match keys {
            Some(keys) => range::ranges(DB::form(&terms), &terms, keys),
            None if terms[0].is_native(DB::NULLS_SMALLEST) => range::all(),
            None => range::all_nulls_apart(),
        };
        let statement = write(&ranges);
        if ranges.len() == 1 || !statement.has_whole_base() {
            return statement;
        }
        // In each range the base would be worked out anew.
        write(&match keys {
            Some(keys) => range::ranges(Form::Hinted, &terms, keys),
            None => range::all(),
        })
    }

    async fn read(
        &self,
        connection: &mut DB::Connection,
        place: &Place,
        size: NonZeroU64,
        counted: Counted,
    ) -> Result<(Read<T>, Option<u64>), PageError> {
        // The limits of parameters are far below.
        let size = i64::try_from(size.get()).unwrap_or(i64::MAX - 1);
        let statement = self.statement(place, size.saturating_add(1), counted);
        let mut rows = run(connection, statement).await?;
        let total = match rows.first() {
            Some(row) if counted != Counted::No => Some(number::<DB>(row)?),
            None if counted != Counted::No && matches!(place, Place::Start | Place::End) => Some(0),
            _ => None,
        };
        let more = i64::try_from(rows.len()).is_ok_and(|read| read > size);
        if more {
            self.check_unique(&rows)?;
            rows.pop();
        }
        if place.is_backward() {
            rows.reverse();
        }
        self.check(&rows)?;
        let ends = match (rows.first(), rows.last()) {
            (Some(first), Some(last)) => Some((self.keys(first)?, self.keys(last)?)),
            _ => None,
        };
        let items = rows.iter().map(T::from_row).collect::<Result<_, _>>()?;
        Ok((Read { items, more, ends }, total))
    }

    /// A NULL in a column that is declared to have none: the comparison with a position would lose its row.
    fn check(&self, rows: &[DB::Row]) -> Result<(), PageError> {
        let Some(first) = rows.first() else {
            return Ok(());
        };
        for column in self
            .order
            .parts()
            .iter()
            .filter(|column| column.nulls.is_none())
        {
            // A column that is missing is told by what reads it.
            let Some(at) = DB::ordinal(first, column.name) else {
                continue;
            };
            if rows.iter().any(|row| DB::is_null(row, at)) {
                let what = format!(
                    "the column `{}` holds NULL; let its closure return an Option",
                    column.name
                );
                return Err(self.mistake(&what));
            }
        }
        Ok(())
    }

    /// Two rows with the same keys where a page ends: the next page would begin behind both of them.
    fn check_unique(&self, rows: &[DB::Row]) -> Result<(), PageError> {
        let [.., last, extra] = rows else {
            return Ok(());
        };
        let written = |value: &Value| {
            let mut bytes = Vec::with_capacity(32);
            // A key too long for a cursor is an error of its own.
            value.write(&mut bytes).map(|()| bytes)
        };
        let column = self.order.columns().last().unwrap_or_default();
        let unique = |row| DB::read(row, column).ok().as_ref().and_then(written);
        // The last column alone tells most pages apart.
        if unique(last).is_none_or(|key| Some(key) != unique(extra)) {
            return Ok(());
        }
        let all = |row| Ok::<_, PageError>(self.keys(row)?.iter().map(written).collect::<Vec<_>>());
        if all(last)? != all(extra)? {
            return Ok(());
        }
        let what = format!(
            "its last column `{column}` is not unique: two rows have the same keys, and one would be lost"
        );
        Err(self.mistake(&what))
    }

    fn keys(&self, row: &DB::Row) -> Result<Vec<Value>, PageError> {
        let keys = self.order.parts().iter().map(|column| {
            let refuse =
                |what: &str| self.mistake(&format!("the column `{}`: {what}", column.name));
            let value = DB::read(row, column.name).map_err(|no_key| refuse(&no_key.to_string()))?;
            match value.kind() {
                Some(held) if !DB::fits(column.kind, held) => Err(refuse(&format!(
                    "its key is declared as {:?}, and it holds {held:?}",
                    column.kind
                ))),
                _ => Ok(value),
            }
        });
        keys.collect()
    }

    /// What the page's own statement did not count.
    async fn total(
        &self,
        connection: &mut DB::Connection,
        counted: Option<u64>,
    ) -> Result<Total, PageError> {
        let counted = match (self.count, counted) {
            (Count::Skip, _) => return Ok(Total::Unknown),
            (Count::Estimate, None) if DB::ESTIMATES => {
                let plan = run(connection, Statement::new(&self.base.0).explain()).await?;
                return Ok(DB::estimate(&plan).map_or(Total::Unknown, Total::About));
            }
            (_, Some(counted)) => counted,
            (_, None) => self.count_rows(connection, self.counted()).await?,
        };
        Ok(match self.count {
            Count::Capped(most) if counted > most => Total::AtLeast(most),
            _ => Total::Exact(counted),
        })
    }

    async fn slice(
        &self,
        connection: &mut DB::Connection,
        size: NonZeroU64,
        offset: u64,
    ) -> Result<(Vec<T>, u64), PageError> {
        let terms = terms(self.order, false);
        let bound = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
        let statement = Statement::new(&self.base.0).slice(
            &terms,
            bound(size.get()),
            bound(offset),
            Counted::All,
        );
        let rows = run(connection, statement).await?;
        let total = match rows.first() {
            Some(row) => number::<DB>(row)?,
            None if offset == 0 => 0,
            None => self.count_rows(connection, Counted::All).await?,
        };
        let items = rows.iter().map(T::from_row).collect::<Result<_, _>>()?;
        Ok((items, total))
    }

    async fn count_rows(
        &self,
        connection: &mut DB::Connection,
        counted: Counted,
    ) -> Result<u64, PageError> {
        let rows = run(connection, Statement::new(&self.base.0).count(counted)).await?;
        rows.first().map_or(Ok(0), number::<DB>)
    }
}

fn number<DB: Backend>(row: &DB::Row) -> Result<u64, PageError> {
    let count = DB::total(row)?;
    Ok(u64::try_from(count).unwrap_or_default()) // COUNT(*) is never below 0
}

pub(super) async fn run<DB: Backend>(
    connection: &mut DB::Connection,
    statement: Statement<'_, DB>,
) -> Result<Vec<DB::Row>, PageError> {
    let (sql, arguments) = finished(statement)?;
    Ok(DB::fetch(connection, sql, arguments).await?)
}

/// The text, and what is bound to it.
pub(super) fn finished<DB: Backend>(
    statement: Statement<'_, DB>,
) -> Result<(String, DB::Arguments), PageError> {
    let mut query = statement.into_query();
    let arguments = query
        .build()
        .take_arguments()
        .map_err(sqlx::Error::Encode)?
        .unwrap_or_default();
    Ok((without_semicolons(query.into_string()), arguments))
}
