//! The same with plain functions.

use std::num::NonZeroU64;

use super::{ClassicPage, ClassicPaginator, ClassicParams};
use crate::blocking::{Blocking, Inline};
use crate::names::Names;
use crate::rejection::{PageError, check_length};

/// Gives classic pages by plain functions. [`Blocking`] or [`Inline`] makes a [`ClassicPaginator`] of it,
/// and says where it runs. As there, `get_items` is asked for what there is only: past the end the total is enough.
///
/// ```
/// use std::num::NonZeroU64;
/// use axum_pagination::{Inline, ClassicPaginator, ClassicParams, SyncClassicPaginator};
///
/// struct Letters(&'static [char]);
///
/// impl SyncClassicPaginator for Letters {
///     type Item = char;
///     type Error = std::convert::Infallible;
///
///     fn get_total(&self) -> Result<u64, Self::Error> {
///         Ok(self.0.len() as u64)
///     }
///
///     fn get_items(&self, size: NonZeroU64, page: NonZeroU64) -> Result<Vec<char>, Self::Error> {
///         let pages = self.0.chunks(size.get() as usize);
///         Ok(pages.skip(page.get() as usize - 1).next().expect("a page that there is").to_vec())
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// let letters = Inline::new(Letters(&['a', 'b', 'c']));
/// let page = |at| letters.paginate(ClassicParams::<2, 100>::new(2, at).unwrap());
/// assert_eq!(page(2).await.unwrap().items, ['c']);
/// assert!(page(99).await.unwrap().items.is_empty());
/// # }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` gives no classic pages by plain functions",
    label = "this is no `SyncClassicPaginator`",
    note = "implement `SyncClassicPaginator` with `fn get_total` and `fn get_items`"
)]
pub trait SyncClassicPaginator: Send + Sync + 'static {
    /// What a page consists of.
    type Item: Send + 'static;
    /// What can go wrong, as in [`ClassicPaginator::Error`].
    type Error: Into<PageError>;

    /// How many rows there are in all.
    ///
    /// # Errors
    /// What this paginator has to say.
    fn get_total(&self) -> Result<u64, Self::Error>;

    /// The rows of this page, counted from 1. Asked for pages that there are only.
    ///
    /// # Errors
    /// What this paginator has to say.
    fn get_items(
        &self,
        page_size: NonZeroU64,
        current_page: NonZeroU64,
    ) -> Result<Vec<Self::Item>, Self::Error>;
}

fn page<P: SyncClassicPaginator, const DEFAULT: u64, const MAX: u64, N: Names>(
    paginator: &P,
    params: &ClassicParams<DEFAULT, MAX, N>,
) -> Result<ClassicPage<P::Item>, PageError> {
    let total = paginator.get_total().map_err(Into::into)?;
    let items = if params.offset() < total {
        let (size, page) = (params.page_size(), params.current_page());
        paginator.get_items(size, page).map_err(Into::into)?
    } else {
        Vec::new()
    };
    check_length(items.len(), params.page_size().get())?;
    Ok(ClassicPage::new(items, params, total))
}

impl<P: SyncClassicPaginator> ClassicPaginator for Blocking<P> {
    type Item = P::Item;
    type Error = PageError;

    async fn get_total(&self) -> Result<u64, PageError> {
        self.run(|paginator| paginator.get_total().map_err(Into::into))
            .await
    }

    async fn get_items(
        &self,
        page_size: NonZeroU64,
        current_page: NonZeroU64,
    ) -> Result<Vec<P::Item>, PageError> {
        self.run(move |paginator| {
            let items = paginator.get_items(page_size, current_page);
            items.map_err(Into::into)
        })
        .await
    }

    async fn page<const DEFAULT: u64, const MAX: u64, N: Names>(
        &self,
        params: ClassicParams<DEFAULT, MAX, N>,
    ) -> Result<ClassicPage<P::Item>, PageError> {
        self.run(move |paginator| page(paginator, &params)).await
    }
}

impl<P: SyncClassicPaginator> ClassicPaginator for Inline<P> {
    type Item = P::Item;
    type Error = P::Error;

    async fn get_total(&self) -> Result<u64, P::Error> {
        self.inner().get_total()
    }

    async fn get_items(
        &self,
        page_size: NonZeroU64,
        current_page: NonZeroU64,
    ) -> Result<Vec<P::Item>, P::Error> {
        self.inner().get_items(page_size, current_page)
    }
}
