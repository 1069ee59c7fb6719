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
    /// `change` inserts and removes rows as it likes, and gives the identities of all rows that are there afterwards.
    /// It is called before the first page as well. The identity of a row that was removed is not to come back, and keys
    /// of rows that stay are not to change: a row that moves may be met again or missed, by any pager.
    ///
    /// # Errors
    /// As [`check`](Self::check), under this one law. A walk of more than 10,000 pages violates it too.
    ///
    /// # Example
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # #[cfg(feature = "sqlite")] {
    /// use axum_pagination::{CursorPage, OffsetParams, Order, keyset};
    /// use axum_pagination::testing::{AnyPage, Law, laws, list};
    ///
    /// # let pool = sqlx::sqlite::SqlitePoolOptions::new().max_connections(1).connect("sqlite::memory:").await?;
    /// # sqlx::query("CREATE TABLE posts (id INTEGER PRIMARY KEY)").execute(&pool).await?;
    /// # for id in 1..=20 { sqlx::query("INSERT INTO posts VALUES (?)").bind(id).execute(&pool).await?; }
    /// let by_id = Order::named("id").unique_asc("id", |post: &(i64,)| post.0);
    /// let posts = || keyset(&by_id).select::<sqlx::Sqlite>(|q| { q.push("SELECT id FROM posts"); });
    /// let change = async || {
    ///     let first = "DELETE FROM posts WHERE id = (SELECT min(id) FROM posts)";
    ///     sqlx::query(first).execute(&pool).await.unwrap();
    ///     sqlx::query_scalar::<_, i64>("SELECT id FROM posts").fetch_all(&pool).await.unwrap()
    /// };
    /// let report = laws(&list(posts(), &pool), |post| post.0).sizes([3]).churn(change).await?;
    /// assert_eq!(report.walks(), 2); // there and back
    ///
    /// // Pages by offset pass over a row for each one that was removed before it.
    /// let by_offset = async |page: AnyPage| {
    ///     let (size, offset) = (page.results_per_page(), page.cursor().map_or(0, |cursor| cursor.parse().unwrap()));
    ///     let page = posts().offset(&pool, &OffsetParams::<20, 100>::new(size.get(), offset)?).await?.bare();
    ///     let next = Some(offset + size.get()).filter(|next| *next < page.total);
    ///     Ok(CursorPage::new(page.items, size, next.map(|next| next.to_string()), None))
    /// };
    /// let violation = laws(&by_offset, |post| post.0).sizes([3]).churn(change).await.unwrap_err();
    /// assert_eq!((violation.law, &*violation.seen), (Law::Churn, "it nowhere"));
    /// # }
    /// # Ok(()) }
    /// ```
    pub async fn churn<I>(mut self, mut change: impl AsyncFnMut() -> I) -> Result<Report, Violation>
    where
        I: IntoIterator<Item = K>,
    {
        self.begin(&[Law::Churn])?;
        for size in self.sizes.clone() {
            let end = self.walk(size, None, false, &mut change).await?;
            if let Some(end) = end.filter(|_| self.asks_for(Law::Backward)) {
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
