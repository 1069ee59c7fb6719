//! What a check found: a report, or the first law that does not hold.

use std::error::Error;
use std::fmt;
use std::num::NonZeroU64;

use crate::rejection::PageError;

/// What has to be true of the pages of a list that nobody changes; of [`Churn`](Self::Churn), of one that is changed.
///
/// ```
/// use axum_pagination::testing::Law;
///
/// assert_eq!(Law::Ends.to_string(), "there is a cursor exactly where there is a page");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Law {
    /// The pages laid end to end, from the first on, are the list, and all but the last are full.
    Forward,
    /// So are the pages from the last one on, and each has its items in the order of the list.
    Backward,
    /// The page before the next page is the page, and so is the one after the page before.
    ThereAndBack,
    /// A larger page before a row ends with the row before it.
    Before,
    /// There is a next cursor where a row follows, a previous one where a row precedes, and none elsewhere.
    Ends,
    /// The page size may change from page to page: up to the end, the list is the same.
    PageSize,
    /// A cursor leads to the same page twice. With one character changed, one less or one more it is a 400.
    Cursor,
    /// Pages by offset are the same list.
    Offset,
    /// The total is the number of rows.
    Total,
    /// Whatever else comes and goes: a row that stays is seen once, and no row twice.
    Churn,
}

impl Law {
    fn statement(self) -> &'static str {
        match self {
            Self::Forward => "the pages from the first on are the list",
            Self::Backward => "the pages from the last on are the list",
            Self::ThereAndBack => "the page before the next page is the page",
            Self::Before => "a page before a row ends with the row before it",
            Self::Ends => "there is a cursor exactly where there is a page",
            Self::PageSize => "the page size may change from page to page",
            Self::Cursor => "a cursor leads to its page, and a changed one is refused",
            Self::Offset => "pages by offset are the list",
            Self::Total => "the total is the number of rows",
            Self::Churn => "a row that stays is seen once, and no row twice",
        }
    }
}

/// The law as a sentence.
impl fmt::Display for Law {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.statement())
    }
}

/// How much was looked at until every law was found to hold.
///
/// Prints as `114 pages in 21 walks through 17 rows`.
///
/// ```
/// use axum_pagination::testing::{AnyPage, Law, laws};
/// use axum_pagination::{CursorPaginator, InMemory};
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// let numbers = InMemory::new(vec![1, 2, 3, 4, 5]).cursor_by(|id| *id);
/// let pages = async |page: AnyPage| numbers.page(page).await;
/// let laws = laws(&pages, |id| *id).expected(1..=5).sizes([2]).without(Law::Backward).without(Law::Cursor);
/// let report = laws.check().await.unwrap();
/// // Once in pages of 2, and once more for `Law::PageSize`.
/// assert_eq!((report.rows(), report.walks(), report.pages()), (5, 2, 6));
/// assert_eq!(report.to_string(), "6 pages in 2 walks through 5 rows");
/// # }
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Report {
    pub(super) rows: usize,
    pub(super) walks: usize,
    pub(super) pages: usize,
}

impl Report {
    /// The rows of the list: after churn, those that stayed.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// How often the list was walked through from one end to the other.
    #[must_use]
    pub fn walks(&self) -> usize {
        self.walks
    }

    /// How many pages were fetched: with refused cursors not counted.
    #[must_use]
    pub fn pages(&self) -> usize {
        self.pages
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { rows, walks, pages } = self;
        write!(f, "{pages} pages in {walks} walks through {rows} rows")
    }
}

/// The first law that was found not to hold, and by which page.
///
/// Its identities are those of the check; cursors are not shown, for they are long and say nothing.
///
/// ```
/// use axum_pagination::testing::{AnyPage, Law, laws};
/// use axum_pagination::{CursorPaginator, InMemory};
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// let numbers = InMemory::new(vec![1, 2, 4, 3]).cursor_by(|id| *id);
/// let pages = async |page: AnyPage| numbers.page(page).await;
/// let laws = laws(&pages, |id| *id).expected(1..=4).sizes([2]).without(Law::Backward);
/// let violation = laws.check().await.unwrap_err();
/// assert_eq!(
///     violation.to_string(),
///     "the pages from the first on are the list: page 2 of 2 items: expected [3, 4], seen [4, 3]"
/// );
/// assert_eq!((violation.law, violation.size, &*violation.at), (Law::Forward, 2, "page 2"));
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Violation {
    /// The law.
    pub law: Law,
    /// The size of the pages; 0 where it changes.
    pub size: u64,
    /// Which page or cursor: `page 3`, `the page before page 3`.
    pub at: String,
    /// What the law asks for.
    pub expected: String,
    /// What there was.
    pub seen: String,
}

/// `the pages from the first on are the list: page 3 of 2 items: expected [5, 6], seen [6, 7]`
impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.law, self.at)?;
        if self.size > 0 {
            write!(f, " of {} items", self.size)?;
        }
        write!(f, ": expected {}, seen {}", self.expected, self.seen)
    }
}

impl Error for Violation {}

/// The law and the page size at hand: what violations are made from.
#[derive(Clone, Copy)]
pub(super) struct Case {
    pub(super) law: Law,
    pub(super) size: Option<NonZeroU64>,
}

impl Case {
    pub(super) fn of(law: Law, size: NonZeroU64) -> Self {
        Self {
            law,
            size: Some(size),
        }
    }

    /// The same case under another law.
    pub(super) fn by(self, law: Law) -> Self {
        Self { law, ..self }
    }

    pub(super) fn violated(
        self,
        at: impl fmt::Display,
        expected: impl fmt::Display,
        seen: impl fmt::Display,
    ) -> Violation {
        Violation {
            law: self.law,
            size: self.size.map_or(0, NonZeroU64::get),
            at: at.to_string(),
            expected: expected.to_string(),
            seen: seen.to_string(),
        }
    }

    pub(super) fn check<T: PartialEq + fmt::Debug + ?Sized>(
        self,
        at: impl fmt::Display,
        expected: &T,
        seen: &T,
    ) -> Result<(), Violation> {
        if expected == seen {
            Ok(())
        } else {
            Err(self.violated(at, format_args!("{expected:?}"), format_args!("{seen:?}")))
        }
    }

    /// The page that did not come.
    pub(super) fn failed(self, at: impl fmt::Display, error: &PageError) -> Violation {
        let mut seen = error.to_string();
        let mut cause = Error::source(error);
        while let Some(error) = cause {
            seen += &format!(": {error}");
            cause = error.source();
        }
        self.violated(at, "a page", seen)
    }
}
