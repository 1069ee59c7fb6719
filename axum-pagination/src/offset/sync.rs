//! The same with plain functions.

use std::num::NonZeroU64;

use super::{OffsetPage, OffsetPaginator, OffsetParams};
use crate::blocking::{Blocking, Inline};
use crate::names::Names;
use crate::rejection::{PageError, check_length};

/// Gives pages by limit and offset by plain functions. [`Blocking`] or [`Inline`] makes a [`OffsetPaginator`] of it,
/// and says where it runs. As there, `get_items` is asked for what there is only: past the end the total is enough.
///
/// ```
/// use std::num::NonZeroU64;
/// use axum_pagination::{Inline, OffsetPaginator, OffsetParams, SyncOffsetPaginator};
///
/// struct Letters(&'static [char]);
///
/// impl SyncOffsetPaginator for Letters {
///     type Item = char;
///     type Error = std::convert::Infallible;
///
///     fn get_total(&self) -> Result<u64, Self::Error> {
///         Ok(self.0.len() as u64)
///     }
///
///     fn get_items(&self, limit: NonZeroU64, offset: u64) -> Result<Vec<char>, Self::Error> {
///         let rest = &self.0[offset as usize..]; // panics past the end
///         Ok(rest.iter().take(limit.get() as usize).copied().collect())
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// let letters = Inline::new(Letters(&['a', 'b', 'c']));
/// let page = |at| letters.paginate(OffsetParams::<2, 100>::new(2, at).unwrap());
/// assert_eq!(page(2).await.unwrap().items, ['c']);
/// assert!(page(99).await.unwrap().items.is_empty());
/// # }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` gives no pages by limit and offset by plain functions",
    label = "this is no `SyncOffsetPaginator`",
    note = "implement `SyncOffsetPaginator` with `fn get_total` and `fn get_items`"
)]
pub trait SyncOffsetPaginator: Send + Sync + 'static {
    /// What a page consists of.
    type Item: Send + 'static;
    /// What can go wrong, as in [`OffsetPaginator::Error`].
    type Error: Into<PageError>;

    /// How many rows there are in all.
    ///
    /// # Errors
    /// What this paginator has to say.
    fn get_total(&self) -> Result<u64, Self::Error>;

    /// At most `limit` rows, behind the first `offset`. Asked for offsets before the end only.
    ///
    /// # Errors
    /// What this paginator has to say.
    fn get_items(&self, limit: NonZeroU64, offset: u64) -> Result<Vec<Self::Item>, Self::Error>;
}

fn page<P: SyncOffsetPaginator, const DEFAULT: u64, const MAX: u64, N: Names>(
    paginator: &P,
    params: &OffsetParams<DEFAULT, MAX, N>,
) -> Result<OffsetPage<P::Item>, PageError> {
    let total = paginator.get_total().map_err(Into::into)?;
    let items = if params.offset() < total {
        let (limit, offset) = (params.limit(), params.offset());
        paginator.get_items(limit, offset).map_err(Into::into)?
    } else {
        Vec::new()
    };
    check_length(items.len(), params.limit().get())?;
    Ok(OffsetPage::new(items, params, total))
}

impl<P: SyncOffsetPaginator> OffsetPaginator for Blocking<P> {
    type Item = P::Item;
    type Error = PageError;

    async fn get_total(&self) -> Result<u64, PageError> {
        self.run(|paginator| paginator.get_total().map_err(Into::into))
            .await
    }

    async fn get_items(&self, limit: NonZeroU64, offset: u64) -> Result<Vec<P::Item>, PageError> {
        self.run(move |paginator| {
            let items = paginator.get_items(limit, offset);
            items.map_err(Into::into)
        })
        .await
    }

    async fn page<const DEFAULT: u64, const MAX: u64, N: Names>(
        &self,
        params: OffsetParams<DEFAULT, MAX, N>,
    ) -> Result<OffsetPage<P::Item>, PageError> {
        self.run(move |paginator| page(paginator, &params)).await
    }
}

impl<P: SyncOffsetPaginator> OffsetPaginator for Inline<P> {
    type Item = P::Item;
    type Error = P::Error;

    async fn get_total(&self) -> Result<u64, P::Error> {
        self.inner().get_total()
    }

    async fn get_items(&self, limit: NonZeroU64, offset: u64) -> Result<Vec<P::Item>, P::Error> {
        self.inner().get_items(limit, offset)
    }
}
