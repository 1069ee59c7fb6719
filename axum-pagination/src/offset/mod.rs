//! Pages by limit and offset: any stretch of a list whose length is known.

mod page;
mod params;
mod sync;

use std::num::NonZeroU64;

pub use self::page::{OffsetPage, OffsetPagination};
pub use self::params::OffsetParams;
pub use self::sync::SyncOffsetPaginator;

use crate::names::Names;
use crate::rejection::{PageError, check_length};

/// Gives pages by limit and offset. Implemented with plain `async fn`s.
///
/// Counting and fetching are two questions: rows that come or go in between can leave a page short.
///
/// ```
/// use std::{convert::Infallible, num::NonZeroU64};
/// use axum_pagination::{OffsetPaginator, OffsetParams};
///
/// struct Evens;
///
/// impl OffsetPaginator for Evens {
///     type Item = u64;
///     type Error = Infallible;
///
///     async fn get_total(&self) -> Result<u64, Infallible> {
///         Ok(50)
///     }
///
///     async fn get_items(&self, limit: NonZeroU64, offset: u64) -> Result<Vec<u64>, Infallible> {
///         Ok((offset..50).take(limit.get() as usize).map(|n| 2 * n).collect())
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// let some = Evens.paginate(OffsetParams::<20, 100>::new(10, 39).unwrap()).await.unwrap();
/// assert_eq!((some.items[0], some.items.len(), some.total), (78, 10, 50));
/// # }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` gives no pages by limit and offset",
    label = "this is no `OffsetPaginator`",
    note = "implement `OffsetPaginator` with `async fn get_total` and `async fn get_items`",
    note = "a `SyncOffsetPaginator` becomes one in `Blocking::new(..)` or `Inline::new(..)`"
)]
pub trait OffsetPaginator: Send + Sync {
    /// What a page consists of.
    type Item: Send;
    /// What can go wrong: `sqlx::Error`, `std::io::Error`, `Infallible`, [`PageError`], or a type of one's own
    /// for which `PageError` implements `From`.
    type Error: Into<PageError>;

    /// How many rows there are in all.
    fn get_total(&self) -> impl Future<Output = Result<u64, Self::Error>> + Send;

    /// At most `limit` rows, behind the first `offset`. Asked for offsets before the end only.
    fn get_items(
        &self,
        limit: NonZeroU64,
        offset: u64,
    ) -> impl Future<Output = Result<Vec<Self::Item>, Self::Error>> + Send;

    /// The page that was asked for. Beyond the end it has no items.
    ///
    /// # Errors
    /// Those of this paginator. One that gives more items than a page has is a [`PageError::Declaration`], a
    /// logged 500.
    ///
    /// # Example
    /// ```
    /// use std::{convert::Infallible, num::NonZeroU64};
    /// use axum_pagination::{OffsetPaginator, OffsetParams, PageError};
    ///
    /// struct NoLimit;
    ///
    /// impl OffsetPaginator for NoLimit {
    ///     type Item = u8;
    ///     type Error = Infallible;
    ///
    ///     async fn get_total(&self) -> Result<u64, Infallible> {
    ///         Ok(3)
    ///     }
    ///
    ///     async fn get_items(&self, _: NonZeroU64, _: u64) -> Result<Vec<u8>, Infallible> {
    ///         Ok(vec![1, 2, 3])
    ///     }
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let page = |size, at| NoLimit.paginate(OffsetParams::<20, 100>::new(size, at).unwrap());
    /// assert_eq!(page(3, 0).await.unwrap().items, [1, 2, 3]);
    /// assert!(page(3, 3).await.unwrap().items.is_empty()); // past the end: nobody is asked for items
    /// assert!(matches!(page(2, 0).await, Err(PageError::Declaration(_)))); // not cut to two
    /// # }
    /// ```
    fn paginate<const DEFAULT: u64, const MAX: u64, N: Names>(
        &self,
        params: OffsetParams<DEFAULT, MAX, N>,
    ) -> impl Future<Output = Result<OffsetPagination<Self::Item>, PageError>> + Send {
        async move { Ok(self.page(params).await?.bare()) }
    }

    /// As [`paginate`](Self::paginate), with `Link` and `X-Total-Count`.
    ///
    /// ```
    /// use axum::response::IntoResponse;
    /// use axum_pagination::{OffsetPaginator, OffsetParams, InMemory};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let letters = InMemory::new(vec!['a', 'b', 'c']);
    /// let params = OffsetParams::<20, 100>::new(2, 0).unwrap();
    /// let response = OffsetPaginator::page(&letters, params).await.unwrap().into_response();
    /// assert_eq!(response.headers()["x-total-count"], "3");
    /// # }
    /// ```
    ///
    /// # Errors
    /// As those of [`paginate`](Self::paginate).
    fn page<const DEFAULT: u64, const MAX: u64, N: Names>(
        &self,
        params: OffsetParams<DEFAULT, MAX, N>,
    ) -> impl Future<Output = Result<OffsetPage<Self::Item>, PageError>> + Send {
        async move {
            let total = self.get_total().await.map_err(Into::into)?;
            let items = if params.offset() < total {
                let (limit, offset) = (params.limit(), params.offset());
                self.get_items(limit, offset).await.map_err(Into::into)?
            } else {
                Vec::new()
            };
            check_length(items.len(), params.limit().get())?;
            Ok(OffsetPage::new(items, &params, total))
        }
    }
}
