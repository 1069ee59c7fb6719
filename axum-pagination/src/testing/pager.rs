//! What is judged: anything that gives a page for a cursor and a size.

use std::num::NonZeroU64;

use crate::cursor::{CursorPage, CursorParams};
use crate::rejection::PageError;

/// Parameters of any page size up to a million; 20 unless said. What a [`Pager`] that is a closure is asked with.
///
/// ```
/// use axum_pagination::testing::AnyPage;
///
/// assert_eq!(AnyPage::default().results_per_page().get(), 20);
/// assert!(AnyPage::new(None, 1_000_000).is_ok());
/// assert!(AnyPage::new(None, 1_000_001).is_err());
/// ```
pub type AnyPage = CursorParams<20, 1_000_000>;

/// Gives the pages of one list, to be judged by [`laws`](super::laws).
///
/// An async closure from [`AnyPage`] to a [`CursorPage`] is one, whatever fetches the page; so is a
/// [`list`](super::list). To judge an endpoint, implement it: ask the router, and read the body (a `CursorPage` can be
/// deserialised).
///
/// ```
/// use std::num::NonZeroU64;
/// use axum::{Router, body::{Body, to_bytes}, http::Request, routing::get};
/// use axum_pagination::{CursorPage, CursorParams, Order, PageError, Position, keyset, testing};
/// use axum_responses::Problem;
/// # use tower::ServiceExt;
///
/// async fn numbers(page: CursorParams<20, 100>) -> Result<CursorPage<u32>, PageError> {
///     let by_id = Order::named("id").unique_asc("id", |id: &u32| *id);
///     let rows = match keyset(&by_id).position::<(u32,), _, _, _>(&page)? {
///         Position::Forward(keys) => (1..120).filter(|id| keys.is_none_or(|(key,)| *id > key)).collect(),
///         Position::Backward(keys) => (1..120).rev().filter(|id| keys.is_none_or(|(key,)| *id < key)).collect(),
///     };
///     keyset(&by_id).assemble(rows, &page)
/// }
///
/// struct Endpoint(Router);
///
/// impl testing::Pager for Endpoint {
///     type Item = u32;
///
///     async fn page(&self, cursor: Option<&str>, size: NonZeroU64) -> Result<CursorPage<u32>, PageError> {
///         let uri = format!("/?results_per_page={size}&cursor={}", cursor.unwrap_or_default());
///         let response = self.0.clone().oneshot(Request::get(uri).body(Body::empty()).unwrap()).await.unwrap();
///         if !response.status().is_success() {
///             return Err(Problem::new(response.status()).into());
///         }
///         let body = to_bytes(response.into_body(), 1 << 20).await.unwrap();
///         serde_json::from_slice(&body).map_err(PageError::source)
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// let endpoint = Endpoint(Router::new().route("/", get(numbers)));
/// let report = testing::laws(&endpoint, |id| *id).expected(1..120).check().await.unwrap();
/// assert_eq!(report.rows(), 119);
/// # }
/// ```
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
