//! The same with a plain function.

use std::num::NonZeroU64;
use std::str::FromStr;

use super::CursorPaginator;
use crate::blocking::{Blocking, Inline};
use crate::rejection::PageError;

/// Gives pages by cursor by a plain function. [`Blocking`] or [`Inline`] makes a [`CursorPaginator`] of it,
/// and says where it runs; see there for examples.
#[diagnostic::on_unimplemented(
    message = "`{Self}` gives no pages by cursor by a plain function",
    label = "this is no `SyncCursorPaginator`",
    note = "implement `SyncCursorPaginator` with `fn get_items`"
)]
pub trait SyncCursorPaginator: Send + Sync + 'static {
    /// What a page consists of.
    type Item: Send + 'static;
    /// Where a page begins.
    type Cursor: FromStr + Send + 'static;
    /// What can go wrong, as in [`CursorPaginator::Error`].
    type Error: Into<PageError>;

    /// The rows from this cursor on, or from the start, and the cursor of the page that follows, if one does.
    ///
    /// # Errors
    /// What this paginator has to say.
    #[expect(
        clippy::type_complexity,
        reason = "the same as in the trait with async functions"
    )]
    fn get_items(
        &self,
        cursor: Option<Self::Cursor>,
        results_per_page: NonZeroU64,
    ) -> Result<(Vec<Self::Item>, Option<Self::Cursor>), Self::Error>;
}

impl<P: SyncCursorPaginator> CursorPaginator for Blocking<P> {
    type Item = P::Item;
    type Cursor = P::Cursor;
    type Error = PageError;

    async fn get_items(
        &self,
        cursor: Option<P::Cursor>,
        results_per_page: NonZeroU64,
    ) -> Result<(Vec<P::Item>, Option<P::Cursor>), PageError> {
        self.run(move |paginator| {
            let items = paginator.get_items(cursor, results_per_page);
            items.map_err(Into::into)
        })
        .await
    }
}

impl<P: SyncCursorPaginator> CursorPaginator for Inline<P> {
    type Item = P::Item;
    type Cursor = P::Cursor;
    type Error = P::Error;

    async fn get_items(
        &self,
        cursor: Option<P::Cursor>,
        results_per_page: NonZeroU64,
    ) -> Result<(Vec<P::Item>, Option<P::Cursor>), P::Error> {
        self.inner().get_items(cursor, results_per_page)
    }
}
