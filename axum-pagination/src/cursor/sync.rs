//! The same with a plain function.

use std::num::NonZeroU64;
use std::str::FromStr;

use super::CursorPaginator;
use crate::blocking::{Blocking, Inline};
use crate::rejection::PageError;

/// Gives pages by cursor by a plain function. [`Blocking`] or [`Inline`] makes a [`CursorPaginator`] of it,
/// and says where it runs.
///
/// ```
/// use std::num::NonZeroU64;
/// use axum_pagination::{CursorPaginator, CursorParams, Inline, SyncCursorPaginator, rejection::UnknownCursor};
///
/// struct Bytes(&'static str);
///
/// impl SyncCursorPaginator for Bytes {
///     type Item = String;
///     type Cursor = usize;
///     type Error = UnknownCursor;
///
///     fn get_items(
///         &self,
///         at: Option<usize>,
///         size: NonZeroU64,
///     ) -> Result<(Vec<String>, Option<usize>), UnknownCursor> {
///         let at = at.unwrap_or(0);
///         let rest = self.0.get(at..).ok_or(UnknownCursor)?; // clients send what they like
///         let words: Vec<String> = rest.split_inclusive(' ').take(size.get() as usize).map(str::to_owned).collect();
///         let next = at + words.iter().map(String::len).sum::<usize>();
///         Ok((words, (next < self.0.len()).then_some(next)))
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// let words = Inline::new(Bytes("pages by cursor"));
/// let page = |cursor| words.paginate(CursorParams::<2, 100>::new(cursor, 2).unwrap());
/// let first = page(None).await.unwrap();
/// assert_eq!((first.items, first.cursor), (vec!["pages ".to_owned(), "by ".to_owned()], Some(9)));
/// assert_eq!(page(Some("9")).await.unwrap().items, ["cursor"]);
/// assert_eq!(page(Some("99")).await.unwrap_err().status(), 400);
/// # }
/// ```
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

    /// The rows from this cursor on, or from the start, and the cursor of the page that follows, if one does: as
    /// [`CursorPaginator::get_items`].
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
