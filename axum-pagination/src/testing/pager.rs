//! What is judged: anything that gives a page for a cursor and a size.

use std::num::NonZeroU64;

use crate::cursor::{CursorPage, CursorParams};
use crate::rejection::PageError;

/// Parameters of any page size up to a million.
pub type AnyPage = CursorParams<20, 1_000_000>;

/// Gives the pages of one list, to be judged by [`laws`](super::laws).
///
/// An async closure from [`AnyPage`] to a [`CursorPage`] is one, whatever fetches the page; so is a
/// [`list`](super::list). To judge an endpoint, implement it: ask the router, and read the body (a `CursorPage` can be
/// deserialised).
#[diagnostic::on_unimplemented(
    message = "`{Self}` gives no pages to be judged",
    note = "an async closure does: `async |page: AnyPage| list().fetch(&pool, &page).await`",
    note = "so does `testing::list(keyset(..).select(..), &pool)`, or a type that implements `Pager`"
)]
#[allow(async_fn_in_trait)] // A check runs where it is awaited; asking for `Send` would only be in the way.
pub trait Pager {
    /// What a page consists of.
    type Item;

    /// The page of at most `size` items that a cursor leads to; without one, the first.
    ///
    /// # Errors
    /// A status of 400 when the cursor is refused.
    async fn page(
        &self,
        cursor: Option<&str>,
        size: NonZeroU64,
    ) -> Result<CursorPage<Self::Item>, PageError>;

    /// The whole list in its order, found otherwise than in pages. `None` where there is no other way: then
    /// [`expected`](super::Laws::expected) has to say what the list is.
    ///
    /// # Errors
    /// Whatever comes in between.
    async fn all(&self) -> Result<Option<Vec<Self::Item>>, PageError> {
        Ok(None)
    }

    /// The rows from an offset on, at most `limit`, and the number of all rows. `None` where there are no such pages.
    ///
    /// # Errors
    /// Whatever comes in between.
    async fn slice(
        &self,
        limit: NonZeroU64,
        offset: u64,
    ) -> Result<Option<(Vec<Self::Item>, u64)>, PageError> {
        let _ = (limit, offset);
        Ok(None)
    }
}

#[diagnostic::do_not_recommend] // The note on the trait says more than `AsyncFn` does.
impl<F, T> Pager for F
where
    F: AsyncFn(AnyPage) -> Result<CursorPage<T>, PageError>,
{
    type Item = T;

    async fn page(
        &self,
        cursor: Option<&str>,
        size: NonZeroU64,
    ) -> Result<CursorPage<T>, PageError> {
        self(AnyPage::new(cursor, size.get())?).await
    }
}
