//! A list in one order: what its cursors are bound to, and the pages that they lead to.

use axum_responses::rejection::InvalidQuery;
use serde::Serialize;

use super::token::{CursorKey, Place, Scope, Seal};
use super::value::Value;
use super::{CursorPage, CursorParams};
use crate::names::Names;
use crate::order::{Keys, Order};
use crate::rejection::PageError;

/// A list that has no base query: its pages are fetched by one's own.
#[derive(Clone, Copy, Debug)]
pub struct OwnQuery;

/// A list in an order: see [`keyset`].
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

/// Whether the rows of the whole list are counted along with a page.
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
    /// The value is serialised, with members sorted, and hashed: equal values have equal scopes, in every build.
    pub fn scope<S: Serialize + ?Sized>(mut self, scope: &S) -> Self {
        self.scope = Scope::of(scope).map_err(|error| error.to_string());
        self
    }

    /// Signs cursors with HMAC-SHA256, and takes none that is not signed.
    ///
    /// Without it a cursor is bound to its list and to its version, and whoever knows how can make one: which rows may be
    /// seen must be decided by the query.
    pub fn signed(mut self, key: &'a CursorKey) -> Self {
        self.key = Some(key);
        self
    }

    /// Counts the rows of the whole list: `X-Total-Count`. [`Count::Skip`] unless said.
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
    /// `K` is a tuple with the types of the order's columns.
    ///
    /// # Errors
    /// A 400 for a cursor that is none of this list. A 500 when `K` does not fit the order.
    pub fn position<K: Keys, const D: u64, const M: u64, N: Names>(
        &self,
        page: &CursorParams<D, M, N>,
    ) -> Result<Position<K>, PageError> {
        let columns = self.order.parts().len();
        if K::COUNT != columns {
            return Err(self.mistake(&format!(
                "it has {columns} columns, and {} were asked for",
                K::COUNT
            )));
        }
        let keys = |keys: Vec<Value>| K::from_values(keys).ok_or_else(foreign::<N>);
        Ok(match self.place(&self.seal()?, page)? {
            Place::Start => Position::Forward(None),
            Place::End => Position::Backward(None),
            Place::After(after) => Position::Forward(Some(keys(after)?)),
            Place::Before(before) => Position::Backward(Some(keys(before)?)),
        })
    }

    /// Makes a page of the rows of one's own query: as they came, up to
    /// [`limit_plus_one`](CursorParams::limit_plus_one) of them.
    ///
    /// The keys are taken from the items. Where the column holds more than its Rust type tells (SQLite's texts that are
    /// times), let [`select`](Keyset::select) fetch the rows.
    ///
    /// # Errors
    /// As [`position`](Self::position).
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
