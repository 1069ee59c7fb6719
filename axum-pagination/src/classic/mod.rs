//! Pages by number: how many there are is known, and each can be gone to.

mod page;
mod params;
mod sync;

use std::num::NonZeroU64;

pub use self::page::{ClassicPage, ClassicPagination};
pub use self::params::ClassicParams;
pub use self::sync::SyncClassicPaginator;

use crate::names::Names;
use crate::rejection::{PageError, check_length};

/// Gives classic pages. Implemented with plain `async fn`s.
///
/// [`get_total`](Self::get_total) counts rows; pages are counted by [`paginate`](Self::paginate). Counting and fetching
/// are two questions: rows that come or go in between can leave a page short or its `total_pages` one off.
///
/// ```
/// use std::{convert::Infallible, num::NonZeroU64};
/// use axum_pagination::{ClassicPaginator, ClassicParams};
///
/// struct Evens;
///
/// impl ClassicPaginator for Evens {
///     type Item = u64;
///     type Error = Infallible;
///
///     async fn get_total(&self) -> Result<u64, Infallible> {
///         Ok(50)
///     }
///
///     async fn get_items(&self, page_size: NonZeroU64, current_page: NonZeroU64) -> Result<Vec<u64>, Infallible> {
///         let from = (current_page.get() - 1) * page_size.get();
///         Ok((from..50).take(page_size.get() as usize).map(|n| 2 * n).collect())
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// let third = Evens.paginate(ClassicParams::<20, 100>::new(20, 3).unwrap()).await.unwrap();
/// assert_eq!((third.items.len(), third.total_pages), (10, 3));
/// # }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` gives no classic pages",
    label = "this is no `ClassicPaginator`",
    note = "implement `ClassicPaginator` with `async fn get_total` and `async fn get_items`",
    note = "a `SyncClassicPaginator` becomes one in `Blocking::new(..)` or `Inline::new(..)`"
)]
pub trait ClassicPaginator: Send + Sync {
    /// What a page consists of.
    type Item: Send;
    /// What can go wrong: `sqlx::Error`, `std::io::Error`, `Infallible`, [`PageError`], or a type of one's own
    /// for which `PageError` implements `From`.
    type Error: Into<PageError>;

    /// How many rows there are in all.
    fn get_total(&self) -> impl Future<Output = Result<u64, Self::Error>> + Send;

    /// The rows of this page, counted from 1. Asked for pages that there are only.
    fn get_items(
        &self,
        page_size: NonZeroU64,
        current_page: NonZeroU64,
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
    /// use axum_pagination::{ClassicPaginator, ClassicParams, PageError};
    ///
    /// struct NoLimit;
    ///
    /// impl ClassicPaginator for NoLimit {
    ///     type Item = u8;
    ///     type Error = Infallible;
    ///
    ///     async fn get_total(&self) -> Result<u64, Infallible> {
    ///         Ok(3)
    ///     }
    ///
    ///     async fn get_items(&self, _: NonZeroU64, _: NonZeroU64) -> Result<Vec<u8>, Infallible> {
    ///         Ok(vec![1, 2, 3])
    ///     }
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let page = |size, at| NoLimit.paginate(ClassicParams::<20, 100>::new(size, at).unwrap());
    /// assert_eq!(page(3, 1).await.unwrap().items, [1, 2, 3]);
    /// assert!(page(3, 2).await.unwrap().items.is_empty()); // past the end: nobody is asked for items
    /// assert!(matches!(page(2, 1).await, Err(PageError::Declaration(_)))); // not cut to two
    /// # }
    /// ```
    fn paginate<const DEFAULT: u64, const MAX: u64, N: Names>(
        &self,
        params: ClassicParams<DEFAULT, MAX, N>,
    ) -> impl Future<Output = Result<ClassicPagination<Self::Item>, PageError>> + Send {
        async move { Ok(self.page(params).await?.bare()) }
    }

    /// As [`paginate`](Self::paginate), with `Link` and `X-Total-Count`.
    ///
    /// ```
    /// use axum::response::IntoResponse;
    /// use axum_pagination::{ClassicPaginator, ClassicParams, InMemory};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let letters = InMemory::new(vec!['a', 'b', 'c']);
    /// let params = ClassicParams::<20, 100>::new(2, 1).unwrap();
    /// let response = ClassicPaginator::page(&letters, params).await.unwrap().into_response();
    /// assert_eq!(response.headers()["x-total-count"], "3");
    /// # }
    /// ```
    ///
    /// # Errors
    /// As those of [`paginate`](Self::paginate).
    fn page<const DEFAULT: u64, const MAX: u64, N: Names>(
        &self,
        params: ClassicParams<DEFAULT, MAX, N>,
    ) -> impl Future<Output = Result<ClassicPage<Self::Item>, PageError>> + Send {
        async move {
            let total = self.get_total().await.map_err(Into::into)?;
            let items = if params.offset() < total {
                let (size, page) = (params.page_size(), params.current_page());
                self.get_items(size, page).await.map_err(Into::into)?
            } else {
                Vec::new()
            };
            check_length(items.len(), params.page_size().get())?;
            Ok(ClassicPage::new(items, &params, total))
        }
    }
}
