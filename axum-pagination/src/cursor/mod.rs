//! Pages by cursor: each says where the next one begins, so that nothing is counted or passed over.

pub(crate) mod keyset;
mod page;
mod params;
mod sync;
pub(crate) mod token;
pub(crate) mod value;

use std::fmt::Display;
use std::num::NonZeroU64;
use std::str::FromStr;

pub use self::keyset::{Count, Keyset, OwnQuery, Position, keyset};
pub use self::page::{CursorPage, CursorPagination};
pub use self::params::CursorParams;
pub use self::sync::SyncCursorPaginator;
pub use self::token::{CursorKey, NotACursorKey};

use crate::limits::check_cursor;
use crate::names::Names;
use crate::rejection::{PageError, UnknownCursor, check_length};

/// Gives pages by cursor. Implemented with a plain `async fn`.
///
/// A cursor is whatever the paginator finds its way with: a number, a UUID, a text. Clients see it, and may send
/// one of their own making: [`UnknownCursor`] is for those that lead nowhere.
///
/// ```
/// use std::{convert::Infallible, num::NonZeroU64};
/// use axum_pagination::{CursorPaginator, CursorParams};
///
/// struct Evens;
///
/// impl CursorPaginator for Evens {
///     type Item = u64;
///     type Cursor = u64;
///     type Error = Infallible;
///
///     async fn get_items(&self, after: Option<u64>, size: NonZeroU64) -> Result<(Vec<u64>, Option<u64>), Infallible> {
///         let from = after.map_or(0, |after| after.saturating_add(1));
///         let items: Vec<u64> = (from..100).filter(|n| n % 2 == 0).take(size.get() as usize).collect();
///         let last = items.last().copied().filter(|last| *last < 98);
///         Ok((items, last))
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// let page = Evens.paginate(CursorParams::<20, 100>::new(Some("4"), 2).unwrap()).await.unwrap();
/// assert_eq!((page.items, page.cursor), (vec![6, 8], Some(8)));
///
/// let refused = Evens.paginate(CursorParams::<20, 100>::new(Some("four"), 2).unwrap()).await.unwrap_err();
/// assert_eq!(refused.to_string(), "The query parameter `cursor` is not a cursor of this list.");
/// # }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` gives no pages by cursor",
    label = "this is no `CursorPaginator`",
    note = "implement `CursorPaginator` with `async fn get_items`",
    note = "a `SyncCursorPaginator` becomes one in `Blocking::new(..)` or `Inline::new(..)`",
    note = "a list in memory becomes one by its key: `InMemory::new(items).cursor_by(|item| item.id)`"
)]
pub trait CursorPaginator: Send + Sync {
    /// What a page consists of.
    type Item: Send;
    /// Where a page begins. What does not parse is a 400 that names the parameter.
    type Cursor: FromStr + Send;
    /// What can go wrong: `sqlx::Error`, `std::io::Error`, `Infallible`, [`UnknownCursor`], [`PageError`], or a type of
    /// one's own for which `PageError` implements `From`.
    type Error: Into<PageError>;

    /// The rows from this cursor on, or from the start, and the cursor of the page that follows, if one does.
    ///
    /// As text a cursor is neither empty, which would be the first page, nor longer than 4096 bytes, which is refused
    /// when it comes back.
    #[expect(
        clippy::type_complexity,
        reason = "implementations write it as an `async fn`"
    )]
    fn get_items(
        &self,
        cursor: Option<Self::Cursor>,
        results_per_page: NonZeroU64,
    ) -> impl Future<Output = Result<(Vec<Self::Item>, Option<Self::Cursor>), Self::Error>> + Send;

    /// The page that was asked for.
    ///
    /// # Errors
    /// [`PageError::Query`] for a cursor that is not of this list, and those of this paginator. One that gives more
    /// items than a page has is a [`PageError::Declaration`], a logged 500. So is, when the page is sent, a cursor that
    /// is written as an empty text or as one of more than 4096 bytes.
    ///
    /// # Example
    /// ```
    /// use std::{convert::Infallible, num::NonZeroU64};
    /// use axum_pagination::{CursorPaginator, CursorParams, PageError};
    ///
    /// struct NoLimit;
    ///
    /// impl CursorPaginator for NoLimit {
    ///     type Item = u8;
    ///     type Cursor = u8;
    ///     type Error = Infallible;
    ///
    ///     async fn get_items(&self, _: Option<u8>, _: NonZeroU64) -> Result<(Vec<u8>, Option<u8>), Infallible> {
    ///         Ok((vec![1, 2, 3], None))
    ///     }
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let page = |cursor, size| NoLimit.paginate(CursorParams::<20, 100>::new(cursor, size).unwrap());
    /// assert_eq!(page(Some("255"), 3).await.unwrap().items, [1, 2, 3]);
    /// assert!(matches!(page(Some("256"), 3).await, Err(PageError::Query(_)))); // no u8
    /// assert!(matches!(page(None, 2).await, Err(PageError::Declaration(_)))); // not cut to two
    /// # }
    /// ```
    fn paginate<const DEFAULT: u64, const MAX: u64, N: Names>(
        &self,
        params: CursorParams<DEFAULT, MAX, N>,
    ) -> impl Future<Output = Result<CursorPagination<Self::Cursor, Self::Item>, PageError>> + Send
    {
        async move {
            let cursor = parse::<Self::Cursor>(params.cursor(), N::CURSOR)?;
            let size = params.results_per_page();
            let (items, next) = self
                .get_items(cursor, size)
                .await
                .map_err(|error| error.into().for_cursor(N::CURSOR))?;
            check_length(items.len(), size.get())?;
            Ok(CursorPagination::new(items, &params, next))
        }
    }

    /// As [`paginate`](Self::paginate), with `Link`. Such a paginator knows no way back, so there is no `prev`.
    ///
    /// ```
    /// use axum::response::IntoResponse;
    /// use axum_pagination::{CursorPaginator, CursorParams, InMemory};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let letters = InMemory::new(vec!['a', 'b', 'c']).cursor_by(|letter| *letter);
    /// let params = CursorParams::<20, 100>::new(None, 2).unwrap();
    /// let response = letters.page(params).await.unwrap().into_response();
    /// assert_eq!(
    ///     response.headers()["link"],
    ///     r#"<?results_per_page=2>; rel="first", <?results_per_page=2&cursor=b>; rel="next""#
    /// );
    /// # }
    /// ```
    ///
    /// # Errors
    /// As those of [`paginate`](Self::paginate); a cursor that is empty as text, or of more than 4096 bytes, here too.
    ///
    /// ```
    /// use axum_pagination::{CursorPaginator, CursorParams, InMemory, PageError};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let names = InMemory::new(vec!["", "a"]).cursor_by(|name| name.to_string());
    /// let page = names.page(CursorParams::<20, 100>::new(None, 1).unwrap()).await;
    /// assert!(matches!(page, Err(PageError::Declaration(says)) if says.contains("an empty cursor")));
    /// # }
    /// ```
    fn page<const DEFAULT: u64, const MAX: u64, N: Names>(
        &self,
        params: CursorParams<DEFAULT, MAX, N>,
    ) -> impl Future<Output = Result<CursorPage<Self::Item>, PageError>> + Send
    where
        Self::Cursor: Display,
    {
        async move {
            let page = self.paginate(params.clone()).await?.link(&params);
            page.next_cursor().map_or(Ok(()), check_cursor)?;
            Ok(page)
        }
    }
}

fn parse<C: FromStr>(cursor: Option<&str>, parameter: &str) -> Result<Option<C>, PageError> {
    let refuse = |_| UnknownCursor.named(parameter).into();
    cursor.map(str::parse).transpose().map_err(refuse)
}
