//! What the feature `testing` has to see of a list.

use sqlx::FromRow;

use super::backend::Backend;
use super::pages::{Select, finished, run};
use super::statement::{Counted, Statement};
use super::term::terms;
use crate::cursor::CursorParams;
use crate::cursor::keyset::{Keyset, foreign};
use crate::names::Names;
use crate::rejection::PageError;

impl<T, DB> Keyset<'_, T, Select<'_, DB>>
where
    DB: Backend,
    T: for<'r> FromRow<'r, DB::Row> + Send + Unpin,
{
    /// The same list once more: one is used up by the page it fetches.
    pub(crate) fn again(&self) -> Keyset<'_, T, Select<'_, DB>> {
        let base = &self.base.0;
        Keyset {
            order: self.order,
            scope: self.scope.clone(),
            key: self.key,
            count: self.count,
            base: Select(Box::new(move |query| base(query))),
        }
    }

    /// The whole list in its order.
    pub(crate) async fn all(&self, connection: &mut DB::Connection) -> Result<Vec<T>, PageError> {
        let terms = terms(self.order, false);
        let statement = Statement::new(&self.base.0).slice(&terms, i64::MAX, 0, Counted::No);
        let rows = run(connection, statement).await?;
        Ok(rows.iter().map(T::from_row).collect::<Result<_, _>>()?)
    }

    /// The statement of a page, and what is bound to it.
    pub(crate) fn page_statement<const D: u64, const M: u64, N: Names>(
        &self,
        page: &CursorParams<D, M, N>,
    ) -> Result<(String, DB::Arguments), PageError> {
        let place = self.place(&self.seal()?, page)?;
        if !place.keys().is_none_or(|keys| self.takes(keys)) {
            return Err(foreign::<N>().into());
        }
        finished(self.statement(&place, page.limit_plus_one(), self.counted()))
    }
}
