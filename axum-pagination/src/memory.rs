//! Pages of a list in memory: for tests, tutorials and small data.

use std::convert::Infallible;
use std::fmt;
use std::marker::PhantomData;
use std::num::NonZeroU64;
use std::str::FromStr;
use std::sync::Arc;

use crate::classic::ClassicPaginator;
use crate::cursor::CursorPaginator;
use crate::offset::OffsetPaginator;
use crate::rejection::{PageError, UnknownCursor};

/// A list in memory, paged in each of the three styles.
///
/// Cloning it does not copy the list. It is a [`ClassicPaginator`] and an [`OffsetPaginator`]; where both
/// are in scope, a call says which one it means:
///
/// ```
/// use axum_pagination::{ClassicPaginator, ClassicParams, InMemory, OffsetPaginator, OffsetParams};
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// let letters = InMemory::new(vec!['a', 'b', 'c', 'd', 'e']);
///
/// let params = ClassicParams::<20, 100>::new(2, 3).unwrap();
/// let page = ClassicPaginator::paginate(&letters, params).await.unwrap();
/// assert_eq!((page.items, page.total_pages), (vec!['e'], 3));
///
/// let params = OffsetParams::<20, 100>::new(2, 1).unwrap();
/// let page = OffsetPaginator::paginate(&letters, params).await.unwrap();
/// assert_eq!((page.items, page.total), (vec!['b', 'c'], 5));
/// # }
/// ```
#[must_use]
pub struct InMemory<T> {
    items: Arc<[T]>,
}

impl<T> InMemory<T> {
    /// These items, in this order. They may be none.
    ///
    /// ```
    /// use axum_pagination::{ClassicPaginator, ClassicParams, InMemory};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let none = InMemory::new(Vec::<char>::new());
    /// let page = ClassicPaginator::paginate(&none, ClassicParams::<20, 100>::default()).await.unwrap();
    /// assert_eq!((page.items, page.current_page.get(), page.total_pages), (vec![], 1, 0));
    /// assert_eq!(format!("{none:?}"), "InMemory { items: 0 }"); // how many, and not which
    /// # }
    /// ```
    pub fn new(items: impl Into<Arc<[T]>>) -> Self {
        Self {
            items: items.into(),
        }
    }

    /// The same list, paged by cursor: that of a page is the key of its last item.
    ///
    /// Keys have to be unique. Where a page ends with an item whose key another one has as well, the next page would
    /// begin behind the first of them: it is a [`PageError::Declaration`], a logged 500; elsewhere nobody looks. No key
    /// may be empty as text, for an empty cursor is the first page. A page costs a look at each item.
    ///
    /// ```
    /// use axum_pagination::{CursorPaginator, CursorParams, InMemory, PageError};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let letters = InMemory::new(vec!["alpha", "beta", "gamma"]).cursor_by(|letter| letter.to_string());
    /// let page = |cursor| letters.paginate(CursorParams::<20, 100>::new(cursor, 2).unwrap());
    ///
    /// let first = page(None).await.unwrap();
    /// assert_eq!((first.items, first.cursor.as_deref()), (vec!["alpha", "beta"], Some("beta")));
    /// let last = page(Some("beta")).await.unwrap();
    /// assert_eq!((last.items, last.cursor), (vec!["gamma"], None));
    ///
    /// assert_eq!(page(Some("delta")).await.unwrap_err().status(), 400);
    ///
    /// let twice = InMemory::new(vec![1, 1, 2]).cursor_by(|n| *n);
    /// let page = twice.paginate(CursorParams::<20, 100>::new(None, 1).unwrap()).await;
    /// assert!(matches!(page, Err(PageError::Declaration(says)) if says.contains("not unique")));
    /// # }
    /// ```
    pub fn cursor_by<C, F>(self, key: F) -> InMemoryByKey<T, C, F>
    where
        F: Fn(&T) -> C,
    {
        InMemoryByKey {
            items: self.items,
            key,
            cursor: PhantomData,
        }
    }

    fn total(&self) -> u64 {
        self.items.len() as u64
    }
}

/// Up to `limit` items behind the first `offset`.
fn stretch<T: Clone>(items: &[T], limit: NonZeroU64, offset: u64) -> Vec<T> {
    let as_index = |n: u64| usize::try_from(n).unwrap_or(usize::MAX);
    let rest = items.iter().skip(as_index(offset));
    rest.take(as_index(limit.get())).cloned().collect()
}

impl<T: Clone + Send + Sync> ClassicPaginator for InMemory<T> {
    type Item = T;
    type Error = Infallible;

    async fn get_total(&self) -> Result<u64, Infallible> {
        Ok(self.total())
    }

    async fn get_items(
        &self,
        page_size: NonZeroU64,
        current_page: NonZeroU64,
    ) -> Result<Vec<T>, Infallible> {
        let offset = (current_page.get() - 1).saturating_mul(page_size.get());
        Ok(stretch(&self.items, page_size, offset))
    }
}

impl<T: Clone + Send + Sync> OffsetPaginator for InMemory<T> {
    type Item = T;
    type Error = Infallible;

    async fn get_total(&self) -> Result<u64, Infallible> {
        Ok(self.total())
    }

    async fn get_items(&self, limit: NonZeroU64, offset: u64) -> Result<Vec<T>, Infallible> {
        Ok(stretch(&self.items, limit, offset))
    }
}

/// A list in memory, paged by the keys of its items: made by [`InMemory::cursor_by`].
///
/// A cursor that is no item's key is a 400: so is that of an item which is there no more. Behind the last item the page
/// is empty.
///
/// ```
/// use axum_pagination::{CursorPaginator, CursorParams, InMemory};
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// let list = |items: Vec<u32>| InMemory::new(items).cursor_by(|item| *item);
/// let params = |cursor| CursorParams::<20, 100>::new(cursor, 1).unwrap();
///
/// let first = list(vec![1, 2, 3]).paginate(params(None)).await.unwrap();
/// assert_eq!((first.items, first.cursor), (vec![1], Some(1)));
/// assert!(list(vec![1, 2, 3]).paginate(params(Some("3"))).await.unwrap().items.is_empty());
/// // The item that the cursor was made of has been removed.
/// assert_eq!(list(vec![2, 3]).paginate(params(Some("1"))).await.unwrap_err().status(), 400);
/// # }
/// ```
#[must_use]
pub struct InMemoryByKey<T, C, F> {
    items: Arc<[T]>,
    key: F,
    cursor: PhantomData<fn() -> C>,
}

impl<T, C, F> CursorPaginator for InMemoryByKey<T, C, F>
where
    T: Clone + Send + Sync,
    C: FromStr + PartialEq + Send,
    F: Fn(&T) -> C + Send + Sync,
{
    type Item = T;
    type Cursor = C;
    type Error = PageError;

    async fn get_items(
        &self,
        cursor: Option<C>,
        results_per_page: NonZeroU64,
    ) -> Result<(Vec<T>, Option<C>), PageError> {
        let rest = match cursor {
            None => &*self.items,
            Some(cursor) => {
                let found = self
                    .items
                    .iter()
                    .position(|item| (self.key)(item) == cursor);
                &self.items[found.ok_or(UnknownCursor)? + 1..]
            }
        };
        let items = stretch(rest, results_per_page, 0);
        let next = items
            .last()
            .filter(|_| items.len() < rest.len())
            .map(&self.key);
        if let Some(next) = &next {
            let alike = self.items.iter().filter(|item| (self.key)(item) == *next);
            let alike = alike.count();
            if alike != 1 {
                return Err(PageError::Declaration(format!(
                    "the keys of a list in memory are not unique: {alike} items have that of the last one on a page"
                )));
            }
        }
        Ok((items, next))
    }
}

impl<T> Clone for InMemory<T> {
    fn clone(&self) -> Self {
        Self {
            items: Arc::clone(&self.items),
        }
    }
}

impl<T, C, F: Clone> Clone for InMemoryByKey<T, C, F> {
    fn clone(&self) -> Self {
        Self {
            items: Arc::clone(&self.items),
            key: self.key.clone(),
            cursor: PhantomData,
        }
    }
}

/// A list may be long: it tells how long, and not what is in it.
impl<T> fmt::Debug for InMemory<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InMemory")
            .field("items", &self.items.len())
            .finish()
    }
}

impl<T, C, F> fmt::Debug for InMemoryByKey<T, C, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InMemoryByKey")
            .field("items", &self.items.len())
            .finish_non_exhaustive()
    }
}
