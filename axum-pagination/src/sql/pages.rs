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
    /// The database is a pool, a connection or a transaction: `&pool`, `&mut *connection`, `&mut *transaction`.
    ///
    /// # Errors
    /// A 400 for a cursor that is none of this list; what the database says.
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
    /// The database reads and drops all rows before the page: a page costs more the deeper it is.
    ///
    /// # Errors
    /// What the database says.
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
    /// # Errors
    /// What the database says.
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
    /// No statement stays open in between, and no connection is held. Rows that are inserted or removed meanwhile disturb
    /// no others.
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
