//! The law of a list that is changed while somebody walks through it.

use std::collections::HashSet;
use std::fmt::Debug;
use std::hash::Hash;
use std::num::NonZeroU64;

use super::laws::Laws;
use super::pager::Pager;
use super::report::{Case, Law, Report, Violation};

/// No walk is longer, in pages: rows may come in faster than pages pass them.
const LONGEST: usize = 10_000;

impl<P, F, K> Laws<'_, P, F, K>
where
    P: Pager,
    F: Fn(&P::Item) -> K,
    K: Clone + Debug + Eq + Hash,
{
    /// Checks [`Law::Churn`]: forwards and backwards in each size, with `change` between the pages.
    ///
    /// `change` inserts and removes rows as it likes, and gives the identities of all rows that are there afterwards. It
    /// is called before the first page as well. The identity of a row that was removed is not to come back, and keys of
    /// rows that stay are not to change: a row that moves may be met again or missed, by any pager.
    ///
    /// # Errors
    /// As [`check`](Self::check).
    pub async fn churn<I>(mut self, mut change: impl AsyncFnMut() -> I) -> Result<Report, Violation>
    where
        I: IntoIterator<Item = K>,
    {
        for size in self.sizes.clone() {
            let end = self.walk(size, None, false, &mut change).await?;
            if let Some(end) = end.filter(|_| !self.without.contains(&Law::Backward)) {
                self.walk(size, Some(end), true, &mut change).await?;
            }
        }
        Ok(self.report)
    }

    /// The cursor to the end, where there is one.
    async fn walk<I: IntoIterator<Item = K>>(
        &mut self,
        size: NonZeroU64,
        mut cursor: Option<String>,
        backward: bool,
        change: &mut impl AsyncFnMut() -> I,
    ) -> Result<Option<String>, Violation> {
        let case = Case::of(Law::Churn, size);
        let way = if backward { " from the end" } else { "" };
        let mut stayed: HashSet<K> = change().await.into_iter().collect();
        let mut seen = HashSet::new();
        for number in 1..=LONGEST {
            let at = format!("page {number}{way}");
            let page = self.page(cursor.as_deref(), size).await;
            let page = page.map_err(|error| case.failed(&at, &error))?;
            for id in page.ids {
                if !seen.insert(id.clone()) {
                    return Err(case.violated(at, "no item twice", format_args!("{id:?} again")));
                }
            }
            cursor = if backward { page.previous } else { page.next };
            if cursor.is_none() {
                if let Some(lost) = stayed.iter().find(|id| !seen.contains(id)) {
                    let at = format!("the walk that ended with {at}");
                    return Err(case.violated(at, format_args!("{lost:?}"), "it nowhere"));
                }
                self.report.walks += 1;
                self.report.rows = stayed.len();
                return Ok(page.last);
            }
            let present: HashSet<K> = change().await.into_iter().collect();
            stayed.retain(|id| present.contains(id));
        }
        Err(case.violated("the walk", "an end", format_args!("{LONGEST} pages")))
    }
}
