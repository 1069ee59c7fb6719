//! A list in one order: what its cursors are bound to, and the pages that they lead to.

use axum_responses::rejection::InvalidQuery;
use serde::Serialize;

use super::token::{CursorKey, Place, Scope, Seal};
use super::value::{Kind, Value};
use super::{CursorPage, CursorParams};
use crate::names::Names;
use crate::order::{Column, Keys, Order};
use crate::rejection::PageError;

/// A list that has no base query: its pages are fetched by one's own, between [`position`](Keyset::position) and
/// [`assemble`](Keyset::assemble).
///
/// It is what a [`Keyset`] has until [`select`](Keyset::select), and seldom has to be written.
///
/// ```
/// use axum_pagination::{CursorParams, Keyset, Order, OwnQuery, PageError, keyset};
///
/// fn of_tenant<'a>(order: &'a Order<u32>, tenant: u64) -> Keyset<'a, u32, OwnQuery> {
///     keyset(order).scope(&tenant)
/// }
///
/// let by_id = Order::named("id").unique_asc("id", |id: &u32| *id);
/// let page = of_tenant(&by_id, 7).assemble(vec![1, 2], &CursorParams::<20, 100>::default())?;
/// assert_eq!(page.items(), [1, 2]);
/// # Ok::<(), PageError>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct OwnQuery;

/// A list in an order: see [`keyset`].
///
/// It borrows the order, and the key that it signs with. A page uses it up: what several pages are made of is a
/// function or a closure that begins it anew, which costs nothing.
///
/// ```
/// use axum_pagination::{Count, CursorKey, Order, keyset};
///
/// let by_id = Order::named("id").unique_asc("id", |id: &u32| *id);
/// let key = CursorKey::new([7; 32]);
/// let list = || keyset(&by_id).signed(&key).count(Count::Exact);
/// assert_eq!(format!("{:?}", list()), "Keyset { order: id: id asc, signed: true, count: Exact, .. }");
/// ```
#[must_use = "a list is nothing until a page of it is fetched"]
pub struct Keyset<'a, T, B = OwnQuery> {
    pub(crate) order: &'a Order<T>,
    pub(crate) scope: Result<Scope, String>,
    pub(crate) key: Option<&'a CursorKey>,
    pub(crate) count: Count,
    #[cfg_attr(not(feature = "sql"), allow(dead_code))] // The base query is for sqlx.
    pub(crate) base: B,
}

impl<T, B> std::fmt::Debug for Keyset<'_, T, B> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Keyset")
            .field("order", &self.order)
            .field("signed", &self.key.is_some())
            .field("count", &self.count)
            .finish_non_exhaustive()
    }
}

/// Whether the rows of the whole list are counted along with a page by cursor.
///
/// The count is that of the base query, whatever the page: it goes out as [`Total`](crate::Total) says. Page and count
/// are of one statement, but for an estimate and for a page without rows behind a cursor.
///
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
/// let headers = async |count| {
///     let posts = keyset(&by_id).select(|q| { q.push("SELECT id FROM posts"); }).count(count);
///     let response = posts.fetch(&pool, &CursorParams::<1, 100>::default()).await.into_response();
///     let text = |name| Some(response.headers().get(name)?.to_str().unwrap().to_owned());
///     (text("x-total-count"), text("x-total-count-relation"))
/// };
/// let sent = |count: &str, relation: &str| (Some(count.to_owned()), Some(relation.to_owned()));
/// assert_eq!(headers(Count::Skip).await, (None, None));
/// assert_eq!(headers(Count::Exact).await, (Some("3".to_owned()), None));
/// assert_eq!(headers(Count::Capped(3)).await, (Some("3".to_owned()), None)); // three, and known to be
/// assert_eq!(headers(Count::Capped(2)).await, sent("2", "at-least"));
/// assert_eq!(headers(Count::Estimate).await, (Some("3".to_owned()), None)); // SQLite counts
/// # }
/// # Ok(()) }
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Count {
    /// They are not.
    #[default]
    Skip,
    /// All of them. The database visits each: a tenth of a second for a million.
    Exact,
    /// Up to this many: beyond it the total is "at least".
    Capped(u64),
    /// As the database's planner guesses, in a statement of its own: PostgreSQL and MySQL. SQLite has no guess, and
    /// counts.
    Estimate,
}

/// Where a page of one's own query stands, and in which direction it is read.
///
/// ```
/// use axum_pagination::{CursorParams, Order, Position, keyset};
///
/// struct Post { id: i64, title: String }
/// let order = Order::named("title").asc("title", |post: &Post| post.title.clone()).unique_asc("id", |post| post.id);
///
/// let page: CursorParams = CursorParams::default();
/// let position: Position<(String, i64)> = keyset(&order).position(&page)?;
/// match position {
///     // WHERE (title, id) > ($1, $2) ORDER BY title, id LIMIT page.limit_plus_one()
///     Position::Forward(keys) => assert_eq!(keys, None),
///     // WHERE (title, id) < ($1, $2) ORDER BY title DESC, id DESC LIMIT page.limit_plus_one()
///     Position::Backward(_) => unreachable!("the first page"),
/// }
///
/// // Back from the second page: the rows before its first one.
/// let rows = ["a", "b", "c"].map(|title| Post { id: 1, title: title.to_owned() }).into();
/// let first = keyset(&order).assemble(rows, &CursorParams::<20, 100>::new(None, 2)?)?;
/// let second = CursorParams::<20, 100>::new(first.next_cursor(), 2)?;
/// let rows = vec![Post { id: 1, title: "c".to_owned() }];
/// let second = keyset(&order).assemble(rows, &second)?;
/// let back = CursorParams::<20, 100>::new(second.previous_cursor(), 2)?;
/// assert_eq!(keyset(&order).position(&back)?, Position::Backward(Some(("c".to_owned(), 1_i64))));
/// # Ok::<(), axum_pagination::PageError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Position<K> {
    /// Rows behind these keys, or from the first one on, in the order.
    Forward(Option<K>),
    /// Rows before these keys, or from the last one on, in the reverse of the order.
    Backward(Option<K>),
}

/// Begins a list in an order.
///
/// With [`select`](Keyset::select) it fetches its pages itself; without it takes the rows of a query of one's own.
/// Unless said, cursors are unsigned, of no [`scope`](Keyset::scope), and nothing is counted.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # #[cfg(feature = "sqlite")] {
/// use axum_pagination::{CursorParams, Order, keyset};
///
/// # let pool = sqlx::sqlite::SqlitePoolOptions::new().max_connections(1).connect("sqlite::memory:").await?;
/// # let table = "CREATE TABLE posts (id INTEGER PRIMARY KEY)";
/// # sqlx::query(table).execute(&pool).await?;
/// sqlx::query("INSERT INTO posts VALUES (1), (2), (3)").execute(&pool).await?;
/// let newest = Order::named("newest").unique_desc("id", |post: &(i64,)| post.0);
/// let page = async |cursor: Option<&str>| {
///     let posts = keyset(&newest).select(|q| { q.push("SELECT id FROM posts"); });
///     posts.fetch(&pool, &CursorParams::<20, 100>::new(cursor, 2)?).await
/// };
/// let first = page(None).await?;
/// assert_eq!(first.items(), [(3,), (2,)]);
/// assert_eq!(first.previous_cursor(), None);
///
/// sqlx::query("INSERT INTO posts VALUES (4)").execute(&pool).await?; // above what was seen: it shifts nothing
/// sqlx::query("DELETE FROM posts WHERE id = 2").execute(&pool).await?; // the row that the cursor was made of
/// let second = page(first.next_cursor()).await?;
/// assert_eq!((second.items(), second.next_cursor()), (&[(1,)][..], None));
/// assert_eq!(page(second.previous_cursor()).await?.items(), [(4,), (3,)]);
/// # }
/// # Ok(()) }
/// ```
pub fn keyset<T>(order: &Order<T>) -> Keyset<'_, T> {
    Keyset {
        order,
        scope: Ok(Scope::default()),
        key: None,
        count: Count::Skip,
        base: OwnQuery,
    }
}

impl<'a, T, B> Keyset<'a, T, B> {
    /// Binds cursors to what chooses the rows: the filter, the tenant. A cursor of another scope is a 400.
    ///
    /// The value is serialised, with members sorted, and hashed: values that serialise equally have equal scopes, in
    /// every build. What is equal in Rust and written otherwise has not: `0.0` and `-0.0`, or a `HashSet`, which is
    /// written in whatever sequence it has. Give a `BTreeSet`.
    ///
    /// It is not put into the cursor. Said twice, the last one holds: what belongs together is a tuple or a struct.
    /// `None` and `()` are scopes as well, and another one than none.
    ///
    /// ```
    /// use axum_pagination::{CursorParams, Order, keyset};
    ///
    /// let by_id = Order::named("id").unique_asc("id", |id: &u32| *id);
    /// let first = CursorParams::<20, 100>::new(None, 2)?;
    /// let page = keyset(&by_id).scope(&("tenant", 7)).assemble(vec![1, 2, 3], &first)?;
    ///
    /// let next = CursorParams::<20, 100>::new(page.next_cursor(), 2)?;
    /// assert!(keyset(&by_id).scope(&("tenant", 7_u64)).assemble(vec![3], &next).is_ok()); // 7 is 7
    /// let real = keyset(&by_id).scope(&("tenant", 7.0)).assemble(vec![3], &next); // and not 7.0
    /// assert_eq!(real.unwrap_err().status(), 400);
    /// assert_eq!(keyset(&by_id).scope(&("tenant", 8)).assemble(vec![3], &next).unwrap_err().status(), 400);
    /// assert_eq!(keyset(&by_id).scope("tenant").scope(&7).assemble(vec![3], &next).unwrap_err().status(), 400);
    /// assert_eq!(keyset(&by_id).assemble(vec![3], &next).unwrap_err().status(), 400);
    /// # Ok::<(), axum_pagination::PageError>(())
    /// ```
    ///
    /// A value that is not to be had as JSON, such as a map by tuples, makes every page by cursor a
    /// [`PageError::Declaration`], a logged 500:
    ///
    /// ```
    /// use std::collections::HashMap;
    /// use axum_pagination::{CursorParams, Order, PageError, keyset};
    ///
    /// let by_id = Order::named("id").unique_asc("id", |id: &u32| *id);
    /// let tuples = HashMap::from([((1, 2), 3)]);
    /// let page = keyset(&by_id).scope(&tuples).assemble(vec![1], &CursorParams::<20, 100>::default());
    /// assert!(matches!(page, Err(PageError::Declaration(says)) if says.contains("its scope cannot be serialised")));
    /// ```
    pub fn scope<S: Serialize + ?Sized>(mut self, scope: &S) -> Self {
        self.scope = Scope::of(scope).map_err(|error| error.to_string());
        self
    }

    /// Signs cursors with HMAC-SHA256, and takes none that is not signed.
    ///
    /// Without it a cursor is bound to its list and to its version, and whoever knows how can make one: which rows may
    /// be seen must be decided by the query. It is all or nothing: cursors that went out unsigned are refused from then
    /// on, and signed ones once it is taken away. It is HMAC-SHA256 (RFC 2104), cut to 16 bytes.
    ///
    /// ```
    /// use axum_pagination::{CursorKey, CursorParams, Order, keyset};
    ///
    /// let by_id = Order::named("id").unique_asc("id", |id: &u32| *id);
    /// let (key, other) = (CursorKey::new([1; 32]), CursorKey::new([2; 32]));
    /// let first = CursorParams::<20, 100>::new(None, 2)?;
    /// let page = keyset(&by_id).signed(&key).assemble(vec![1, 2, 3], &first)?;
    ///
    /// let next = CursorParams::<20, 100>::new(page.next_cursor(), 2)?;
    /// assert!(keyset(&by_id).signed(&key).assemble(vec![3], &next).is_ok());
    /// assert_eq!(keyset(&by_id).signed(&other).assemble(vec![3], &next).unwrap_err().status(), 400);
    /// assert_eq!(keyset(&by_id).assemble(vec![3], &next).unwrap_err().status(), 400);
    /// # Ok::<(), axum_pagination::PageError>(())
    /// ```
    pub fn signed(mut self, key: &'a CursorKey) -> Self {
        self.key = Some(key);
        self
    }

    /// Counts the rows of the whole list: `X-Total-Count`. [`Count::Skip`] unless said; see [`Count`] for what each
    /// sends.
    ///
    /// It is for [`fetch`](Keyset::fetch). Pages by [`classic`](Keyset::classic) and [`offset`](Keyset::offset) count
    /// exactly in any case, a [`walk`](Keyset::walk) never, and of a query of one's own nobody here knows the count:
    /// say it with [`CursorPage::total`].
    ///
    /// ```
    /// use axum::response::IntoResponse;
    /// use axum_pagination::{Count, CursorParams, Order, Total, keyset};
    ///
    /// let by_id = Order::named("id").unique_asc("id", |id: &u32| *id);
    /// let list = || keyset(&by_id).count(Count::Exact).assemble(vec![1, 2], &CursorParams::<20, 100>::default());
    /// assert!(!list()?.into_response().headers().contains_key("x-total-count"));
    /// assert_eq!(list()?.total(Total::Exact(2)).into_response().headers()["x-total-count"], "2");
    /// # Ok::<(), axum_pagination::PageError>(())
    /// ```
    pub fn count(mut self, count: Count) -> Self {
        self.count = count;
        self
    }

    pub(crate) fn seal(&self) -> Result<Seal<'a>, PageError> {
        let scope = self
            .scope
            .clone()
            .map_err(|error| self.mistake(&format!("its scope cannot be serialised: {error}")))?;
        Ok(Seal {
            fingerprint: self.order.fingerprint(),
            scope,
            key: self.key,
        })
    }

    pub(crate) fn mistake(&self, what: &str) -> PageError {
        PageError::Declaration(format!("the order `{}`: {what}", self.order.name()))
    }

    /// Where the page begins.
    pub(crate) fn place<const D: u64, const M: u64, N: Names>(
        &self,
        seal: &Seal<'_>,
        page: &CursorParams<D, M, N>,
    ) -> Result<Place, PageError> {
        let Some(cursor) = page.cursor() else {
            return Ok(Place::Start);
        };
        let place = seal.read(cursor).filter(|place| self.has(place));
        Ok(place.ok_or_else(foreign::<N>)?)
    }

    /// Whether a cursor has a value for each column, and NULL only where it may be.
    fn has(&self, place: &Place) -> bool {
        let columns = self.order.parts();
        place.keys().is_none_or(|keys| {
            let mut pairs = keys.iter().zip(columns);
            keys.len() == columns.len()
                && pairs.all(|(key, column)| !key.is_null() || column.nulls.is_some())
        })
    }

    pub(crate) fn cursor(&self, seal: &Seal<'_>, place: &Place) -> Result<String, PageError> {
        seal.write(place).ok_or_else(|| {
            self.mistake("the keys of a row are too long for a cursor of 4096 characters: order by a shorter column")
        })
    }

    /// The page, when its rows and the keys of its ends are known.
    pub(crate) fn finish<const D: u64, const M: u64, N: Names>(
        &self,
        seal: &Seal<'_>,
        page: &CursorParams<D, M, N>,
        place: &Place,
        read: Read<T>,
    ) -> Result<CursorPage<T>, PageError> {
        let Read { items, more, ends } = read;
        let (next, previous) = match ends {
            Some((first, last)) => {
                // Behind a position there were rows before it, and before it there are rows behind.
                let (before, behind) = match place {
                    Place::Start => (false, more),
                    Place::After(_) => (true, more),
                    Place::Before(_) => (more, true),
                    Place::End => (more, false),
                };
                (
                    behind.then_some(Place::After(last)),
                    before.then_some(Place::Before(first)),
                )
            }
            // All that was there is gone: the way back leads to what is left.
            None => match place {
                Place::After(_) => (None, Some(Place::End)),
                Place::Before(_) => (Some(Place::Start), None),
                Place::Start | Place::End => (None, None),
            },
        };
        let cursor =
            |place: Option<Place>| place.map(|place| self.cursor(seal, &place)).transpose();
        let last = self.cursor(seal, &Place::End)?;
        let size = page.results_per_page();
        Ok(
            CursorPage::new(items, size, cursor(next)?, cursor(previous)?)
                .last(last)
                .link(page),
        )
    }
}

impl<T> Keyset<'_, T> {
    /// Where the page stands: for a query of one's own.
    ///
    /// `K` is a tuple with the types of the order's columns, each an [`Option`] where the column may be NULL. An
    /// integer may have another width; a cursor whose value it cannot hold is a 400.
    ///
    /// # Errors
    /// A 400 for a cursor that is none of this list. [`PageError::Declaration`], a logged 500, when `K` does not fit the
    /// order: on every page, whatever the cursor.
    ///
    /// # Example
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # #[cfg(feature = "sqlite")] {
    /// use axum_pagination::{CursorParams, Order, Position, keyset};
    ///
    /// # let pool = sqlx::sqlite::SqlitePoolOptions::new().max_connections(1).connect("sqlite::memory:").await?;
    /// # let table = "CREATE TABLE posts (id INTEGER PRIMARY KEY, day INTEGER NOT NULL)";
    /// # sqlx::query(table).execute(&pool).await?;
    /// sqlx::query("INSERT INTO posts VALUES (1, 20), (2, 20), (3, 19)").execute(&pool).await?;
    /// let by_day = Order::named("day").asc("day", |post: &(i64, i64)| post.1).unique_asc("id", |post| post.0);
    /// let page = async |page: CursorParams<2, 100>| {
    ///     let rows = match keyset(&by_day).position(&page)? {
    ///         Position::Forward(None) => sqlx::query_as("SELECT * FROM posts ORDER BY day, id LIMIT ?"),
    ///         Position::Forward(Some((day, id))) => {
    ///             let sql = "SELECT * FROM posts WHERE (day, id) > (?, ?) ORDER BY day, id LIMIT ?";
    ///             sqlx::query_as(sql).bind::<i64>(day).bind::<i64>(id)
    ///         }
    ///         Position::Backward(None) => sqlx::query_as("SELECT * FROM posts ORDER BY day DESC, id DESC LIMIT ?"),
    ///         Position::Backward(Some((day, id))) => {
    ///             let sql = "SELECT * FROM posts WHERE (day, id) < (?, ?) ORDER BY day DESC, id DESC LIMIT ?";
    ///             sqlx::query_as(sql).bind::<i64>(day).bind::<i64>(id)
    ///         }
    ///     };
    ///     let rows = rows.bind(page.limit_plus_one()).fetch_all(&pool).await?;
    ///     keyset(&by_day).assemble(rows, &page)
    /// };
    /// let first = page(CursorParams::default()).await?;
    /// assert_eq!(first.items(), [(3, 19), (1, 20)]);
    /// let second = page(CursorParams::new(first.next_cursor(), 2)?).await?;
    /// assert_eq!(second.items(), [(2, 20)]);
    /// let back = page(CursorParams::new(second.previous_cursor(), 2)?).await?;
    /// assert_eq!((back.items(), back.previous_cursor()), (first.items(), None));
    /// # }
    /// # Ok(()) }
    /// ```
    pub fn position<K: Keys, const D: u64, const M: u64, N: Names>(
        &self,
        page: &CursorParams<D, M, N>,
    ) -> Result<Position<K>, PageError> {
        self.check_kinds(K::PARTS)?;
        let keys = |keys: Vec<Value>| K::from_values(keys).ok_or_else(foreign::<N>);
        Ok(match self.place(&self.seal()?, page)? {
            Place::Start => Position::Forward(None),
            Place::End => Position::Backward(None),
            Place::After(after) => Position::Forward(Some(keys(after)?)),
            Place::Before(before) => Position::Backward(Some(keys(before)?)),
        })
    }

    /// Whether keys of these kinds, some of which take NULL, are those of the order.
    fn check_kinds(&self, asked: &[(Kind, bool)]) -> Result<(), PageError> {
        let columns = self.order.parts();
        if asked.len() != columns.len() {
            let (has, asked) = (columns.len(), asked.len());
            let what = format!("it has {has} columns, and {asked} were asked for");
            return Err(self.mistake(&what));
        }
        for (column, (kind, nullable)) in columns.iter().zip(asked) {
            let Column {
                name,
                kind: declared,
                ..
            } = column;
            if kind != declared {
                return Err(self.mistake(&format!(
                    "the column `{name}` is declared as {declared:?}, and asked for as {kind:?}"
                )));
            }
            if column.nulls.is_some() && !nullable {
                let what = format!("the column `{name}` may be NULL; ask for an Option");
                return Err(self.mistake(&what));
            }
        }
        Ok(())
    }

    /// Makes a page of the rows of one's own query: as they came, up to
    /// [`limit_plus_one`](CursorParams::limit_plus_one) of them.
    ///
    /// The keys are taken from the items. Where the column holds more than its Rust type tells (SQLite's texts that are
    /// times), let [`select`](Keyset::select) fetch the rows. Rows of a page that is read backward come in reverse, and
    /// are turned round here. That they are in order and have unique keys is taken for granted.
    ///
    /// # Errors
    /// As [`position`](Self::position), and a 500 when the keys of a row are too long for a cursor of 4096 characters.
    ///
    /// # Example
    /// ```
    /// use axum_pagination::{CursorParams, Order, PageError, keyset};
    ///
    /// let by_id = Order::named("id").unique_asc("id", |id: &u32| *id);
    /// let page = keyset(&by_id).assemble(vec![1, 2, 3], &CursorParams::<20, 100>::new(None, 2)?)?;
    /// assert_eq!(page.items(), [1, 2]); // the third only told that there is more
    ///
    /// // One that is not asked for tells nothing: the page seems to be the last one.
    /// let page = keyset(&by_id).assemble(vec![1, 2], &CursorParams::<20, 100>::new(None, 2)?)?;
    /// assert_eq!(page.next_cursor(), None);
    ///
    /// let by_text = Order::named("text").unique_asc("text", |text: &String| text.clone());
    /// let long = vec!["a".repeat(4000), "b".to_owned()];
    /// let page = keyset(&by_text).assemble(long, &CursorParams::<20, 100>::new(None, 1)?);
    /// assert!(matches!(page, Err(PageError::Declaration(says)) if says.contains("too long for a cursor")));
    /// # Ok::<(), PageError>(())
    /// ```
    pub fn assemble<const D: u64, const M: u64, N: Names>(
        &self,
        rows: Vec<T>,
        page: &CursorParams<D, M, N>,
    ) -> Result<CursorPage<T>, PageError> {
        let seal = self.seal()?;
        let place = self.place(&seal, page)?;
        let size = usize::try_from(page.results_per_page().get()).unwrap_or(usize::MAX);
        let mut items = rows;
        let more = items.len() > size;
        items.truncate(size);
        if place.is_backward() {
            items.reverse();
        }
        let ends = items.first().zip(items.last());
        let ends = ends.map(|(first, last)| (self.order.keys(first), self.order.keys(last)));
        self.finish(&seal, page, &place, Read { items, more, ends })
    }
}

/// What was read of a page.
pub(crate) struct Read<T> {
    /// In the order
    pub(crate) items: Vec<T>,
    /// Whether there is more in the direction of reading
    pub(crate) more: bool,
    /// The keys of the first and of the last item
    pub(crate) ends: Option<(Vec<Value>, Vec<Value>)>,
}

pub(crate) fn foreign<N: Names>() -> InvalidQuery {
    InvalidQuery::because(
        N::CURSOR,
        "is no cursor of this list: it is damaged, or was made for another order or filter",
    )
}
