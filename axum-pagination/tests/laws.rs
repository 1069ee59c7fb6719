//! The laws themselves: what is left out is not looked at, and a check of nothing is no success.
#![cfg(feature = "testing")]
#![allow(clippy::unwrap_used)]

use axum_pagination::rejection::UnknownCursor;
use axum_pagination::testing::{AnyPage, Law, Pager, Report, Violation, laws};
use axum_pagination::{CursorPage, PageError, Total};

const LAWS: [Law; 9] = [
    Law::Forward,
    Law::Backward,
    Law::ThereAndBack,
    Law::Before,
    Law::Ends,
    Law::PageSize,
    Law::Cursor,
    Law::Offset,
    Law::Total,
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    None,
    /// The first page from the start has two items twice over.
    FirstPage,
    /// A page before a row lacks its first item.
    PageBefore,
    /// The way back leads two pages back.
    TwoBack,
    /// There is a next cursor on the last page.
    NextOfTheLast,
    /// There is a next cursor on every page, and the last leads to itself.
    Endless,
    /// A cursor of a page of another size leads to the end.
    OtherSize,
    /// A page of another size is the last one.
    LastOfOtherSize,
    /// A cursor that cannot be read is the first page.
    Lenient,
    /// Pages by offset are one off.
    Offset,
    /// The total is one too many.
    Total,
    /// The pages by offset alone count wrongly.
    TotalByOffset,
    /// Every page but the first is an error.
    Fails,
    /// There are none but empty pages, and each has a next one.
    Empty,
    /// Twice as many rows as there are
    TooMany,
}

const FAULTS: [Fault; 15] = [
    Fault::None,
    Fault::FirstPage,
    Fault::PageBefore,
    Fault::TwoBack,
    Fault::NextOfTheLast,
    Fault::Endless,
    Fault::OtherSize,
    Fault::LastOfOtherSize,
    Fault::Lenient,
    Fault::Offset,
    Fault::Total,
    Fault::TotalByOffset,
    Fault::Fails,
    Fault::Empty,
    Fault::TooMany,
];

/// The numbers below this one, in pages.
const COUNT: u64 = 5;

struct Numbers(Fault);

impl Numbers {
    /// `+3.2=`: before or behind which number, of which page size.
    fn cursor(way: char, at: u64, size: u64) -> String {
        format!("{way}{at}.{size}=")
    }

    fn read(cursor: &str) -> Option<(bool, u64, u64)> {
        let numbers = cursor.strip_suffix('=')?;
        let (forward, numbers) = match numbers.split_at_checked(1)? {
            ("+", numbers) => (true, numbers),
            ("-", numbers) => (false, numbers),
            _ => return None,
        };
        let (at, size) = numbers.split_once('.')?;
        let (at, size) = (at.parse().ok()?, size.parse().ok()?);
        // Not every number was given out.
        (at <= 2 * COUNT && size <= 3).then_some((forward, at, size))
    }
}

impl Pager for Numbers {
    type Item = u64;

    async fn page(
        &self,
        cursor: Option<&str>,
        size: std::num::NonZeroU64,
    ) -> Result<CursorPage<u64>, PageError> {
        let (fault, all) = (
            self.0,
            if self.0 == Fault::TooMany {
                2 * COUNT
            } else {
                COUNT
            },
        );
        let place = match cursor.map(Self::read) {
            Some(None) if fault == Fault::Lenient => None,
            Some(None) => return Err(UnknownCursor.into()),
            Some(Some(_)) if fault == Fault::Fails => return Err(PageError::source("torn")),
            place => place.flatten(),
        };
        let (rows, made_for) = (size.get(), place.map_or(size.get(), |(_, _, size)| size));
        let other = made_for != rows;
        let (mut from, mut to) = match place {
            None => (0, rows.min(all)),
            Some((true, _, _)) if other && fault == Fault::OtherSize => (all, all),
            Some((true, at, _)) => (at, (at + rows).min(all)),
            Some((false, at, _)) => (at.saturating_sub(rows), at),
        };
        let backward = place.is_some_and(|(forward, ..)| !forward);
        if backward && fault == Fault::TwoBack {
            (from, to) = (from.saturating_sub(rows), to.saturating_sub(rows));
        }
        if fault == Fault::Empty {
            (from, to) = (0, 0);
        }
        let mut items: Vec<u64> = (from..to).collect();
        if fault == Fault::FirstPage && place.is_none() {
            items.extend([0, 0]);
        }
        if fault == Fault::PageBefore && backward && !items.is_empty() {
            items.remove(0);
        }
        let next = match fault {
            Fault::NextOfTheLast => from < all,
            Fault::Endless | Fault::Empty => true,
            Fault::LastOfOtherSize if other => false,
            _ => to < all,
        };
        let next = next.then(|| Self::cursor('+', to, rows));
        let previous = (from > 0).then(|| Self::cursor('-', from, rows));
        let total = Total::Exact(COUNT + u64::from(fault == Fault::Total));
        Ok(CursorPage::new(items, size, next, previous).total(total))
    }

    async fn slice(
        &self,
        limit: std::num::NonZeroU64,
        offset: u64,
    ) -> Result<Option<(Vec<u64>, u64)>, PageError> {
        let off = u64::from(self.0 == Fault::Offset);
        let to = (offset + limit.get()).min(COUNT);
        let total = COUNT + u64::from(self.0 == Fault::TotalByOffset);
        let items = (offset + off..to + off).collect();
        Ok(Some((items, total)))
    }
}

async fn judged(fault: Fault, without: &[Law]) -> Result<Report, Violation> {
    let numbers = Numbers(fault);
    let laws = laws(&numbers, |n| *n).expected(0..COUNT).sizes([1, 2, 3]);
    let laws = without.iter().fold(laws, |laws, law| laws.without(*law));
    laws.check().await
}

#[tokio::test]
async fn each_fault_breaks_a_law_and_passes_when_what_it_breaks_is_left_out() {
    judged(Fault::None, &[]).await.unwrap();
    for (fault, breaks) in [
        (
            Fault::FirstPage,
            vec![Law::Forward, Law::Ends, Law::ThereAndBack, Law::PageSize],
        ),
        (
            Fault::PageBefore,
            vec![Law::ThereAndBack, Law::Backward, Law::Before],
        ),
        (
            Fault::TwoBack,
            vec![Law::ThereAndBack, Law::Backward, Law::Before],
        ),
        (Fault::NextOfTheLast, vec![Law::Ends, Law::ThereAndBack]),
        (
            Fault::Endless,
            vec![Law::Ends, Law::Forward, Law::ThereAndBack, Law::PageSize],
        ),
        (Fault::OtherSize, vec![Law::PageSize]),
        (Fault::LastOfOtherSize, vec![Law::Ends, Law::PageSize]),
        (Fault::Lenient, vec![Law::Cursor]),
        (Fault::Offset, vec![Law::Offset]),
        (Fault::Total, vec![Law::Total]),
        (Fault::TotalByOffset, vec![Law::Total]),
    ] {
        let mut without = Vec::new();
        while let Err(violation) = judged(fault, &without).await {
            assert!(breaks.contains(&violation.law), "{fault:?}: {violation}");
            assert!(!without.contains(&violation.law), "{fault:?}: {violation}");
            without.push(violation.law);
        }
        assert!(!without.is_empty(), "{fault:?} was not found out");
    }
}

/// Whatever is wrong with a list, and whatever of the laws is looked at.
#[tokio::test]
async fn a_law_that_is_left_out_is_never_violated() {
    for fault in FAULTS {
        for some in 0..1_u32 << LAWS.len() {
            let (without, asked): (Vec<_>, Vec<_>) =
                (0..).zip(LAWS).partition(|(bit, _)| some >> bit & 1 == 1);
            let without: Vec<Law> = without.into_iter().map(|(_, law)| law).collect();
            let goes_back = |law| matches!(law, Law::Backward | Law::ThereAndBack | Law::Before);
            let has_way = !without.contains(&Law::Backward);
            if !asked.iter().any(|(_, law)| has_way || !goes_back(*law)) {
                continue; // A check of nothing is another matter.
            }
            if let Err(violation) = judged(fault, &without).await {
                let law = violation.law;
                assert!(
                    !without.contains(&law),
                    "{fault:?} without {without:?}: {violation}"
                );
            }
        }
    }
}

#[tokio::test]
async fn the_law_of_page_sizes_is_that_all_of_the_list_is_seen() {
    let violation = judged(Fault::LastOfOtherSize, &[Law::Ends])
        .await
        .unwrap_err();
    assert_eq!(
        (violation.law, &*violation.expected, &*violation.seen),
        (Law::PageSize, "a next cursor", "none")
    );
}

#[tokio::test]
async fn a_check_of_nothing_is_no_success() {
    let numbers = Numbers(Fault::None);
    let begun = || laws(&numbers, |n| *n).expected(0..COUNT);
    for sizes in [vec![], vec![0], vec![0, 0]] {
        let violation = begun().sizes(sizes.clone()).check().await.unwrap_err();
        assert!(violation.to_string().contains("a page size"), "{violation}");
        let churned = begun().sizes(sizes).churn(async || 0..COUNT).await;
        let violation = churned.unwrap_err();
        assert_eq!(violation.law, Law::Churn);
        assert!(violation.to_string().contains("a page size"), "{violation}");
    }
    assert!(begun().sizes([0, 3]).check().await.is_ok());

    let violation = judged(Fault::None, &LAWS).await.unwrap_err();
    assert!(
        violation.to_string().contains("a law that is not left out"),
        "{violation}"
    );
    let churned = begun()
        .sizes([1])
        .without(Law::Churn)
        .churn(async || 0..COUNT);
    let violation = churned.await.unwrap_err();
    assert!(
        violation.to_string().contains("a law that is not left out"),
        "{violation}"
    );

    // The way back is left out, and with it all that is asked for.
    let without: Vec<Law> = LAWS.into_iter().filter(|law| *law != Law::Before).collect();
    assert!(judged(Fault::None, &without).await.is_err());

    // Pages by offset alone, of a list that has none.
    let pager = async |page: AnyPage| numbers.page(page.cursor(), page.results_per_page()).await;
    let offset = laws(&pager, |n| *n).expected(0..COUNT).sizes([1]);
    let offset = LAWS
        .into_iter()
        .filter(|law| *law != Law::Offset)
        .fold(offset, |laws, law| laws.without(law));
    assert!(offset.check().await.is_err());
}
