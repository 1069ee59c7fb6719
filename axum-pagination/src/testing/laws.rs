//! The laws of a list that nobody changes.

use std::fmt::Debug;
use std::num::NonZeroU64;

use super::pager::Pager;
use super::report::{Case, Law, Report, Violation};
use crate::limits::non_zero;
use crate::rejection::PageError;
use crate::total::Total;

/// Sizes that cut a list between ties, in front of them and behind them, and one that holds a short list whole.
const SIZES: [u64; 5] = [1, 2, 3, 7, 50];

/// The laws of [`Laws::check`], in the sequence in which they are looked at.
const CHECKED: [Law; 9] = [
    Law::Forward,
    Law::Ends,
    Law::Total,
    Law::ThereAndBack,
    Law::Backward,
    Law::Before,
    Law::Cursor,
    Law::Offset,
    Law::PageSize,
];

/// Those that need the pages from the first on: all but the last two. Totals may be told by pages by offset as well.
const OF_PAGES: &[Law] = CHECKED.split_at(CHECKED.len() - 2).0;

/// A check that is being put together: see [`laws`].
///
/// Nothing is fetched before [`check`](Self::check) or [`churn`](Self::churn), and each of them uses it up.
///
/// ```
/// use std::cell::Cell;
/// use axum_pagination::testing::{AnyPage, Laws, laws};
/// use axum_pagination::{CursorPage, PageError};
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// let asked = Cell::new(0);
/// let fails = async |_: AnyPage| -> Result<CursorPage<u32>, PageError> {
///     asked.set(asked.get() + 1);
///     Err(PageError::source("the tape is torn"))
/// };
/// let check: Laws<'_, _, _, u32> = laws(&fails, |id| *id).expected([1, 2, 3]);
/// assert_eq!(asked.get(), 0);
/// let violation = check.check().await.unwrap_err();
/// assert_eq!((asked.get(), &*violation.seen), (1, "the page could not be read: the tape is torn"));
/// # }
/// ```
#[must_use = "nothing is checked before `check` or `churn`"]
#[derive(Debug)]
pub struct Laws<'a, P, F, K> {
    pub(super) pager: &'a P,
    pub(super) identity: F,
    pub(super) sizes: Vec<NonZeroU64>,
    pub(super) without: Vec<Law>,
    expected: Option<Vec<K>>,
    pub(super) report: Report,
}

/// Begins a check of the pages that a pager gives, with the sizes 1, 2, 3, 7 and 50.
///
/// Items are told apart, and shown, by what `identity` makes of them: an id.
///
/// ```
/// use axum_pagination::testing::{AnyPage, Law, laws};
/// use axum_pagination::{Order, Position, keyset};
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// let by_id = Order::named("id").unique_asc("id", |id: &u32| *id);
/// let numbers = async |page: AnyPage| {
///     let rows: Vec<u32> = match keyset(&by_id).position(&page)? {
///         Position::Forward(keys) => (1..=120).filter(|id| keys.is_none_or(|(key,)| *id > key)).collect(),
///         Position::Backward(keys) => (1..=120).rev().filter(|id| keys.is_none_or(|(key,)| *id < key)).collect(),
///     };
///     keyset(&by_id).assemble(rows, &page)
/// };
/// let report = laws(&numbers, |id| *id).expected(1..=120).check().await.unwrap();
/// assert_eq!(report.rows(), 120);
///
/// // One that takes no notice of its cursor is found out by the second page.
/// let stuck = async |page: AnyPage| keyset(&by_id).assemble((1..=120).collect(), &page);
/// let violation = laws(&stuck, |id| *id).expected(1..=120).check().await.unwrap_err();
/// assert_eq!((violation.law, violation.size, &*violation.at), (Law::Forward, 1, "page 2"));
/// # }
/// ```
pub fn laws<P, K, F>(pager: &P, identity: F) -> Laws<'_, P, F, K>
where
    P: Pager,
    F: Fn(&P::Item) -> K,
    K: PartialEq + Debug,
{
    Laws {
        pager,
        identity,
        sizes: SIZES.map(non_zero).to_vec(),
        without: Vec::new(),
        expected: None,
        report: Report::default(),
    }
}

/// A page as it was seen.
pub(super) struct Seen<K> {
    pub(super) ids: Vec<K>,
    pub(super) next: Option<String>,
    pub(super) previous: Option<String>,
    pub(super) last: Option<String>,
    total: Total,
}

impl<P, F, K> Laws<'_, P, F, K>
where
    P: Pager,
    F: Fn(&P::Item) -> K,
    K: PartialEq + Debug,
{
    /// The identities of all items, in their order. A [`list`](super::list) need not be told.
    ///
    /// Where it is told, this holds, and not what the database says. Without either there is nothing to compare with:
    ///
    /// ```
    /// use axum_pagination::testing::{AnyPage, laws};
    /// use axum_pagination::{Order, keyset};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let by_id = Order::named("id").unique_asc("id", |id: &u32| *id);
    /// let none = async |page: AnyPage| keyset(&by_id).assemble(vec![], &page);
    /// assert!(laws(&none, |id| *id).expected([]).check().await.is_ok()); // an empty list is a list
    /// let violation = laws(&none, |id| *id).check().await.unwrap_err();
    /// assert_eq!((&*violation.expected, &*violation.seen), ("to be told by `expected`", "nothing"));
    /// # }
    /// ```
    pub fn expected(mut self, identities: impl IntoIterator<Item = K>) -> Self {
        self.expected = Some(identities.into_iter().collect());
        self
    }

    /// The page sizes, in the place of 1, 2, 3, 7 and 50; 0 is left out, and the pager has to take the largest. Where
    /// none is left the check fails: a check of nothing is no success.
    ///
    /// ```
    /// use axum_pagination::testing::{AnyPage, Law, laws};
    /// use axum_pagination::{CursorParams, Order, Position, keyset};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// # let by_id = Order::named("id").unique_asc("id", |id: &u32| *id);
    /// # let numbers = async |page: AnyPage| {
    /// #     let rows: Vec<u32> = match keyset(&by_id).position(&page)? {
    /// #         Position::Forward(keys) => (1..=120).filter(|id| keys.is_none_or(|(key,)| *id > key)).collect(),
    /// #         Position::Backward(keys) => {
    /// #             (1..=120).rev().filter(|id| keys.is_none_or(|(key,)| *id < key)).collect()
    /// #         }
    /// #     };
    /// #     keyset(&by_id).assemble(rows, &page)
    /// # };
    /// // Ten items a page at most, as an endpoint may have it.
    /// let ten = async |page: AnyPage| {
    ///     CursorParams::<10, 10>::new(None, page.results_per_page().get())?;
    ///     numbers(page).await
    /// };
    /// let small = laws(&ten, |id| *id).expected(1..=120).sizes([3, 10]).check().await.unwrap();
    /// assert_eq!(small.rows(), 120);
    /// let violation = laws(&ten, |id| *id).expected(1..=120).check().await.unwrap_err();
    /// assert_eq!((violation.law, violation.size), (Law::Before, 1)); // which asks for a page of 50
    /// # }
    /// ```
    pub fn sizes(mut self, sizes: impl IntoIterator<Item = u64>) -> Self {
        self.sizes = sizes.into_iter().filter_map(NonZeroU64::new).collect();
        self
    }

    /// Leaves a law out: [`Law::Cursor`] where cursors are readable, [`Law::Backward`] where there is no way back (and
    /// with it [`Law::ThereAndBack`] and [`Law::Before`]).
    ///
    /// A law that is left out is never violated. The others still need the pages from the first on, and take them as
    /// they come where [`Law::Forward`] is left out. With all of them left out the check fails.
    ///
    /// ```
    /// use axum_pagination::testing::{AnyPage, Law, laws};
    /// use axum_pagination::{CursorPaginator, InMemory};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// // A paginator of one's own: its cursors are keys that everybody can read, and there is no way back.
    /// let letters = InMemory::new(('A'..='Z').collect::<Vec<_>>()).cursor_by(|letter| *letter);
    /// let pages = async |page: AnyPage| letters.page(page).await;
    /// let laws = || laws(&pages, |letter| *letter).expected('A'..='Z');
    ///
    /// let violation = laws().check().await.unwrap_err();
    /// assert_eq!((violation.law, &*violation.at), (Law::Ends, "the previous cursor of page 2"));
    /// let violation = laws().without(Law::Backward).check().await.unwrap_err();
    /// assert_eq!((violation.law, &*violation.seen), (Law::Cursor, "a page")); // of B, where A was given out
    /// assert!(laws().without(Law::Backward).without(Law::Cursor).check().await.is_ok());
    /// # }
    /// ```
    pub fn without(mut self, law: Law) -> Self {
        self.without.push(law);
        self
    }

    /// Checks every law but [`Law::Churn`]. The list must not change meanwhile.
    ///
    /// # Errors
    /// The first law that does not hold. A page that cannot be read violates the law that it was read for; so does a
    /// list of which nobody says what to expect. A check that has nothing to look at fails too: without a page size,
    /// without a law, or of [`Law::Offset`] alone where there are no such pages.
    ///
    /// # Example
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # #[cfg(feature = "sqlite")] {
    /// use axum_pagination::{Order, keyset, testing};
    ///
    /// # let pool = sqlx::sqlite::SqlitePoolOptions::new().max_connections(1).connect("sqlite::memory:").await?;
    /// # let table = "CREATE TABLE posts (id INTEGER PRIMARY KEY, day INTEGER NOT NULL)";
    /// # sqlx::query(table).execute(&pool).await?;
    /// sqlx::query("INSERT INTO posts VALUES (1, 20), (2, 20), (3, 20), (4, 19)").execute(&pool).await?;
    /// // `day` is said to be unique, and is not.
    /// let by_day = Order::named("day").unique_asc("day", |post: &(i64, i64)| post.1);
    /// let posts = keyset(&by_day).select(|q| { q.push("SELECT id, day FROM posts"); });
    /// let violation = testing::laws(&testing::list(posts, &pool), |post| post.0).check().await.unwrap_err();
    /// assert_eq!((violation.law, violation.size, &*violation.at), (testing::Law::Forward, 1, "page 2"));
    /// assert!(violation.seen.contains("its last column `day` is not unique"), "{violation}");
    /// # }
    /// # Ok(()) }
    /// ```
    pub async fn check(mut self) -> Result<Report, Violation> {
        let law = self.begin(&CHECKED)?;
        let expected = match self.expected.take() {
            Some(expected) => expected,
            None => self.oracle(law).await?,
        };
        self.report.rows = expected.len();
        for size in self.sizes.clone() {
            if let Some(law) = self.first_of(OF_PAGES) {
                let pages = self.forward(law, &expected, size).await?;
                self.there_and_back(&pages, size).await?;
                self.backward(&expected, &pages, size).await?;
                self.before(&expected, &pages, size).await?;
                // One size is enough for that, and the smallest has most pages.
                if self.sizes.iter().all(|other| size <= *other) {
                    self.cursor(&pages, size).await?;
                }
            }
            self.offset(&expected, size).await?;
        }
        self.page_size(&expected).await?;
        if self.report.pages == 0 {
            let case = Case { law, size: None };
            return Err(case.violated("the check", "a page to look at", "none"));
        }
        Ok(self.report)
    }

    /// The first of these laws that is asked for, when there is one, and a page size to check it in.
    pub(super) fn begin(&self, laws: &[Law]) -> Result<Law, Violation> {
        let asked = self.first_of(laws);
        let law = asked.unwrap_or(laws[0]);
        let missing = match (asked, self.sizes.is_empty()) {
            (Some(law), false) => return Ok(law),
            (None, _) => "a law that is not left out",
            (_, true) => "a page size",
        };
        Err(Case { law, size: None }.violated("the check", missing, "none"))
    }

    fn first_of(&self, laws: &[Law]) -> Option<Law> {
        laws.iter().copied().find(|law| self.asks_for(*law))
    }

    async fn oracle(&self, law: Law) -> Result<Vec<K>, Violation> {
        let case = Case { law, size: None };
        match self.pager.all().await {
            Ok(Some(items)) => Ok(items.iter().map(&self.identity).collect()),
            Ok(None) => Err(case.violated("the list", "to be told by `expected`", "nothing")),
            Err(error) => Err(case.failed("the list", &error)),
        }
    }

    pub(super) fn asks_for(&self, law: Law) -> bool {
        let goes_back = matches!(law, Law::ThereAndBack | Law::Before);
        let has_way = !goes_back || !self.without.contains(&Law::Backward);
        has_way && !self.without.contains(&law)
    }

    /// A page, whatever is on it.
    pub(super) async fn page(
        &mut self,
        cursor: Option<&str>,
        size: NonZeroU64,
    ) -> Result<Seen<K>, PageError> {
        let page = self.pager.page(cursor, size).await?;
        self.report.pages += 1;
        Ok(Seen {
            ids: page.items().iter().map(&self.identity).collect(),
            next: page.next_cursor().map(str::to_owned),
            previous: page.previous_cursor().map(str::to_owned),
            last: page.last_cursor().map(str::to_owned),
            total: page.total_items(),
        })
    }

    /// A page that has these items. `from` is how many rows are before it.
    async fn exactly(
        &mut self,
        case: Case,
        at: &str,
        cursor: Option<&str>,
        size: NonZeroU64,
        (expected, from, to): (&[K], usize, usize),
    ) -> Result<Seen<K>, Violation> {
        let seen = self.page(cursor, size).await;
        let seen = seen.map_err(|error| case.failed(at, &error))?;
        case.check(at, &expected[from..to], seen.ids.as_slice())?;
        self.around(case, at, &seen, (from, to, expected.len()))?;
        Ok(seen)
    }

    /// What a page says beside its items: the rows from `from` to `to` of so many.
    fn around(
        &self,
        case: Case,
        at: &str,
        seen: &Seen<K>,
        (from, to, all): (usize, usize, usize),
    ) -> Result<(), Violation> {
        if self.asks_for(Law::Ends) {
            let ends = case.by(Law::Ends);
            let next = format!("the next cursor of {at}");
            ends.check(next, &(to < all), &seen.next.is_some())?;
            if self.asks_for(Law::Backward) {
                let previous = format!("the previous cursor of {at}");
                ends.check(previous, &(from > 0), &seen.previous.is_some())?;
            }
        }
        if self.asks_for(Law::Total) {
            let rows = u64::try_from(all).unwrap_or(u64::MAX);
            let right = match seen.total {
                Total::Exact(total) => total == rows,
                Total::AtLeast(total) => total <= rows,
                Total::Unknown | Total::About(_) => true,
            };
            if !right {
                let seen = format!("{:?}", seen.total);
                return Err(case.by(Law::Total).violated(at, rows, seen));
            }
        }
        Ok(())
    }

    /// The pages from the first on, for the sake of a law: what is on them is looked at by [`Law::Forward`] alone.
    async fn forward(
        &mut self,
        law: Law,
        expected: &[K],
        size: NonZeroU64,
    ) -> Result<Vec<Seen<K>>, Violation> {
        let case = Case::of(law, size);
        let (all, is_asked) = (expected.len(), law == Law::Forward);
        let mut pages: Vec<Seen<K>> = Vec::new();
        let (mut from, mut cursor) = (0, None);
        loop {
            let at = format!("page {}", pages.len() + 1);
            let page = self.page(cursor.as_deref(), size).await;
            let page = page.map_err(|error| case.failed(&at, &error))?;
            let mut to = from + page.ids.len();
            if is_asked {
                to = end(from, size, all);
                case.check(&at, &expected[from..to], page.ids.as_slice())?;
            }
            self.around(case, &at, &page, (from, to, all))?;
            cursor = page.next.clone();
            pages.push(page);
            from = to;
            // Without `Law::Ends` an empty page may be the last.
            match &cursor {
                None => break,
                Some(_) if pages.len() <= all + 1 => {}
                Some(_) if is_asked => return Err(case.violated(at, "an end", "a next cursor")),
                Some(_) => break,
            }
        }
        if is_asked && from < all {
            let at = format!("page {}", pages.len());
            return Err(case.violated(at, "a next cursor", "none"));
        }
        self.report.walks += 1;
        Ok(pages)
    }

    async fn there_and_back(
        &mut self,
        pages: &[Seen<K>],
        size: NonZeroU64,
    ) -> Result<(), Violation> {
        if !self.asks_for(Law::ThereAndBack) {
            return Ok(());
        }
        let case = Case::of(Law::ThereAndBack, size);
        for (at, pair) in pages.windows(2).enumerate() {
            let [before, page] = pair else { continue };
            let named = format!("the page before page {}", at + 2);
            let Some(previous) = &page.previous else {
                return Err(case.violated(named, "a cursor to it", "none"));
            };
            let back = self.page(Some(previous), size).await;
            let back = back.map_err(|error| case.failed(&named, &error))?;
            case.check(&named, &before.ids, &back.ids)?;
            let named = format!("the page after {named}");
            let Some(next) = &back.next else {
                return Err(case.violated(named, "a cursor to it", "none"));
            };
            let again = self.page(Some(next), size).await;
            let again = again.map_err(|error| case.failed(&named, &error))?;
            case.check(&named, &page.ids, &again.ids)?;
        }
        self.report.walks += 1;
        Ok(())
    }

    /// From the end, which a link may lead to; else from the last page.
    async fn backward(
        &mut self,
        expected: &[K],
        pages: &[Seen<K>],
        size: NonZeroU64,
    ) -> Result<(), Violation> {
        let Some(last) = pages.last().filter(|_| self.asks_for(Law::Backward)) else {
            return Ok(());
        };
        let case = Case::of(Law::Backward, size);
        let (mut to, mut cursor) = match &last.last {
            Some(end) => (expected.len(), Some(end.clone())),
            None => (
                expected.len().saturating_sub(last.ids.len()),
                last.previous.clone(),
            ),
        };
        let mut count = 0;
        while let Some(before) = cursor {
            count += 1;
            let at = format!("page {count} from the end");
            if count > expected.len() + 1 {
                return Err(case.violated(at, "a start", "a previous cursor"));
            }
            let from = to.saturating_sub(rows(size));
            let page = self
                .exactly(case, &at, Some(&before), size, (expected, from, to))
                .await?;
            (to, cursor) = (from, page.previous);
        }
        if to > 0 {
            let at = format!("page {count} from the end");
            return Err(case.violated(at, "a previous cursor", "none"));
        }
        self.report.walks += 1;
        Ok(())
    }

    /// Where the last page begins, a page of the largest size ends.
    async fn before(
        &mut self,
        expected: &[K],
        pages: &[Seen<K>],
        size: NonZeroU64,
    ) -> Result<(), Violation> {
        let (Some(last), Some(largest)) = (pages.last(), self.sizes.iter().copied().max()) else {
            return Ok(());
        };
        let Some(previous) = last.previous.as_deref() else {
            return Ok(());
        };
        if self.asks_for(Law::Before) {
            let to = expected.len().saturating_sub(last.ids.len());
            let from = to.saturating_sub(rows(largest));
            let at = format!("the page of {largest} before the last page");
            let case = Case::of(Law::Before, size);
            let range = (expected, from, to);
            self.exactly(case, &at, Some(previous), largest, range)
                .await?;
        }
        Ok(())
    }

    async fn offset(&mut self, expected: &[K], size: NonZeroU64) -> Result<(), Violation> {
        if !self.asks_for(Law::Offset) {
            return Ok(());
        }
        let case = Case::of(Law::Offset, size);
        let total = u64::try_from(expected.len()).unwrap_or(u64::MAX);
        let mut from = 0;
        loop {
            let at = format!("the page at offset {from}");
            let offset = u64::try_from(from).unwrap_or(u64::MAX);
            let slice = self.pager.slice(size, offset).await;
            let Some((items, counted)) = slice.map_err(|error| case.failed(&at, &error))? else {
                return Ok(());
            };
            self.report.pages += 1;
            let ids: Vec<K> = items.iter().map(&self.identity).collect();
            let to = end(from, size, expected.len());
            case.check(&at, &expected[from.min(to)..to], ids.as_slice())?;
            if self.asks_for(Law::Total) {
                case.by(Law::Total).check(&at, &total, &counted)?;
            }
            // The page past the end is looked at, too.
            if from >= expected.len() {
                break;
            }
            from += rows(size);
        }
        self.report.walks += 1;
        Ok(())
    }

    async fn cursor(&mut self, pages: &[Seen<K>], size: NonZeroU64) -> Result<(), Violation> {
        let (Some(first), Some(last)) = (pages.first(), pages.last()) else {
            return Ok(());
        };
        if !self.asks_for(Law::Cursor) {
            return Ok(());
        }
        let case = Case::of(Law::Cursor, size);
        if let (Some(next), Some(second)) = (&first.next, pages.get(1)) {
            let at = "page 2 once more";
            let again = self.page(Some(next), size).await;
            let again = again.map_err(|error| case.failed(at, &error))?;
            case.check(at, &second.ids, &again.ids)?;
        }
        for cursor in [&first.next, &last.previous].into_iter().flatten() {
            for (changed, what) in changed(cursor) {
                match self.pager.page(Some(&changed), size).await {
                    Err(error) if error.status() == 400 => {}
                    Err(error) => return Err(case.failed(what, &error)),
                    Ok(_) => return Err(case.violated(what, "a 400", "a page")),
                }
            }
        }
        Ok(())
    }

    /// Each page of another size than the one before, up to the end.
    async fn page_size(&mut self, expected: &[K]) -> Result<(), Violation> {
        if !self.asks_for(Law::PageSize) {
            return Ok(());
        }
        let case = Case {
            law: Law::PageSize,
            size: None,
        };
        let (mut from, mut cursor, mut count) = (0, None, 0);
        let at = |count: usize| format!("page {count} after pages of other sizes");
        for size in self.sizes.clone().into_iter().cycle() {
            count += 1;
            let at = at(count);
            let to = end(from, size, expected.len());
            let page = self
                .exactly(
                    case,
                    &at,
                    Option::as_deref(&cursor),
                    size,
                    (expected, from, to),
                )
                .await?;
            from = to;
            cursor = page.next;
            match &cursor {
                None => break,
                Some(_) if count <= expected.len() + 1 => {}
                Some(_) => return Err(case.violated(at, "an end", "a next cursor")),
            }
        }
        if from < expected.len() {
            return Err(case.violated(at(count), "a next cursor", "none"));
        }
        self.report.walks += 1;
        Ok(())
    }
}

fn rows(size: NonZeroU64) -> usize {
    usize::try_from(size.get()).unwrap_or(usize::MAX)
}

/// Where a page ends that begins here.
fn end(from: usize, size: NonZeroU64, all: usize) -> usize {
    from.saturating_add(rows(size)).min(all)
}

/// The cursor with each character changed, one less and one more.
fn changed(cursor: &str) -> impl Iterator<Item = (String, String)> {
    let each = cursor.char_indices().map(|(at, was)| {
        let mut changed = cursor.to_owned();
        let other = if was == 'A' { "B" } else { "A" };
        changed.replace_range(at..at + was.len_utf8(), other);
        (changed, format!("a cursor with character {at} changed"))
    });
    let mut shorter = cursor.to_owned();
    shorter.pop();
    let longer = format!("{cursor}A");
    let ends = [
        (shorter, "a cursor with a character less".to_owned()),
        (longer, "a cursor with a character more".to_owned()),
    ];
    // An empty one is the first page.
    each.chain(ends).filter(|(changed, _)| !changed.is_empty())
}
