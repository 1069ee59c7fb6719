//! The laws catch what people get wrong: a paginator written by hand, right or with one mistake.

use std::num::NonZeroU64;

use axum_pagination::rejection::UnknownCursor;
use axum_pagination::testing::{self, Law, Pager, Violation};
use axum_pagination::{CursorPage, PageError, Total};
use sqlx::{AssertSqlSafe, FromRow, SqlitePool};
use suite_support::database;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    None,
    /// The cursor and the order end with the key that ties.
    NoTiebreak,
    /// Behind NULL nothing is found.
    NullIsUnknown,
    /// `>=` for `>`
    Inclusive,
    /// A page before a cursor comes as it was read.
    NotReversed,
    /// The key goes into the cursor with six digits behind the point.
    Rounded,
    /// A next cursor even on the last page when it is full.
    NextOfTheLast,
    /// A previous cursor on the first page.
    PreviousOfTheFirst,
    /// A cursor that cannot be read is the first page.
    Lenient,
    /// Counts the page.
    TotalOfThePage,
    /// The pages by offset leave ties to the database.
    LooseOffset,
}

#[derive(Clone, Copy, FromRow)]
struct Item {
    id: i64,
    k: Option<f64>,
}

/// `k` ascending with NULL first, then the id.
struct ByHand {
    pool: SqlitePool,
    fault: Fault,
}

impl ByHand {
    fn is(&self, fault: Fault) -> bool {
        self.fault == fault
    }

    /// `+ 0.1 17 9`: a direction, the keys, and the last digit of a sum over them.
    fn cursor(&self, direction: char, item: &Item) -> String {
        let k = match item.k {
            None => "null".to_owned(),
            Some(k) if self.is(Fault::Rounded) => format!("{k:.6}"),
            Some(k) => k.to_string(),
        };
        let text = format!("{direction} {k} {} ", item.id);
        format!("{text}{}", sum(&text))
    }

    fn read(cursor: &str) -> Option<(bool, Item)> {
        let (text, check) = cursor.rsplit_once(' ')?;
        if sum(&format!("{text} ")) != check {
            return None;
        }
        let mut parts = text.split(' ');
        let backward = match parts.next()? {
            "+" => false,
            "-" => true,
            _ => return None,
        };
        let k = match parts.next()? {
            "null" => None,
            k => Some(k.parse().ok()?),
        };
        let id = parts.next()?.parse().ok()?;
        Some((backward, Item { id, k }))
    }

    /// The rows behind an item, in the direction of reading.
    fn behind(&self, backward: bool, item: &Item) -> String {
        let k = item.k.map_or("NULL".to_owned(), |k| format!("{k:?}"));
        let strictly = if backward { "<" } else { ">" };
        let id = match self.fault {
            Fault::NoTiebreak => "FALSE".to_owned(),
            Fault::Inclusive => format!("id {strictly}= {}", item.id),
            _ => format!("id {strictly} {}", item.id),
        };
        if self.is(Fault::NullIsUnknown) {
            return format!("(k {strictly} {k} OR (k = {k} AND {id}))");
        }
        // NULL is first: behind it are all values, before values it is.
        match (item.k, backward) {
            (None, false) => format!("(k IS NOT NULL OR (k IS NULL AND {id}))"),
            (None, true) => format!("(k IS NULL AND {id})"),
            (Some(_), false) => format!("(k > {k} OR (k = {k} AND {id}))"),
            (Some(_), true) => format!("(k < {k} OR k IS NULL OR (k = {k} AND {id}))"),
        }
    }

    async fn rows(&self, sql: String) -> Result<Vec<Item>, PageError> {
        Ok(sqlx::query_as(AssertSqlSafe(sql))
            .fetch_all(&self.pool)
            .await?)
    }
}

/// Of all bytes by their places, so that no single change goes unseen.
fn sum(text: &str) -> String {
    let sum = text.bytes().fold(7_u32, |sum, byte| {
        sum.wrapping_mul(31).wrapping_add(byte.into())
    });
    format!("{sum:08x}")
}

impl Pager for ByHand {
    type Item = Item;

    async fn page(
        &self,
        cursor: Option<&str>,
        size: NonZeroU64,
    ) -> Result<CursorPage<Item>, PageError> {
        let place = match cursor.map(Self::read) {
            None => None,
            Some(Some(place)) => Some(place),
            Some(None) if self.is(Fault::Lenient) => None,
            Some(None) => return Err(UnknownCursor.into()),
        };
        let (backward, condition) = match &place {
            None => (false, "TRUE".to_owned()),
            Some((backward, item)) => (*backward, self.behind(*backward, item)),
        };
        let desc = if backward { " DESC" } else { "" };
        let tiebreak = if self.is(Fault::NoTiebreak) {
            String::new()
        } else {
            format!(", id{desc}")
        };
        let limit = size.get() + 1;
        let sql = format!(
            "SELECT id, k FROM t WHERE {condition} ORDER BY k{desc}{tiebreak} LIMIT {limit}"
        );
        let mut items = self.rows(sql).await?;
        let size_of_page = usize::try_from(size.get()).unwrap();
        let more = items.len() > size_of_page
            || (self.is(Fault::NextOfTheLast) && items.len() == size_of_page);
        items.truncate(size_of_page);
        if backward && !self.is(Fault::NotReversed) {
            items.reverse();
        }
        let (before, behind) = match &place {
            None => (self.is(Fault::PreviousOfTheFirst), more),
            Some((false, _)) => (true, more),
            Some((true, _)) => (more, true),
        };
        let next = items
            .last()
            .filter(|_| behind)
            .map(|item| self.cursor('+', item));
        let previous = items
            .first()
            .filter(|_| before)
            .map(|item| self.cursor('-', item));
        let total: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM t")
            .fetch_one(&self.pool)
            .await?;
        let total = if self.is(Fault::TotalOfThePage) {
            items.len()
        } else {
            usize::try_from(total).unwrap()
        };
        let total = Total::Exact(u64::try_from(total).unwrap());
        Ok(CursorPage::new(items, size, next, previous).total(total))
    }

    async fn slice(
        &self,
        limit: NonZeroU64,
        offset: u64,
    ) -> Result<Option<(Vec<Item>, u64)>, PageError> {
        let by = if self.is(Fault::LooseOffset) {
            "k"
        } else {
            "k, id"
        };
        let sql = format!("SELECT id, k FROM t ORDER BY {by} LIMIT {limit} OFFSET {offset}");
        let items = self.rows(sql).await?;
        let total: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM t")
            .fetch_one(&self.pool)
            .await?;
        Ok(Some((items, u64::try_from(total).unwrap())))
    }
}

async fn judged(fault: Fault) -> Result<(), Violation> {
    let database = database::sqlite().await;
    let pool = database.pool.clone();
    sqlx::query("CREATE TABLE t (id INTEGER PRIMARY KEY, k REAL)")
        .execute(&pool)
        .await
        .unwrap();
    // Rows of one key do not come in the sequence of their ids by themselves.
    sqlx::query("CREATE INDEX by_k ON t (k, id DESC)")
        .execute(&pool)
        .await
        .unwrap();
    let keys = [
        None,
        Some(0.1),
        Some(0.1 + 0.2),
        Some(0.3),
        Some(-1.5),
        Some(0.1),
        None,
        Some(1e300),
    ];
    let mut expected = Vec::new();
    for (id, k) in (1..).zip(keys.iter().chain(&keys)) {
        expected.push((*k, id));
        let insert = sqlx::query("INSERT INTO t VALUES (?, ?)").bind(id).bind(k);
        insert.execute(&pool).await.unwrap();
    }
    expected.sort_by(|one, other| {
        let by_key = one.0.partial_cmp(&other.0).unwrap();
        by_key.then(one.1.cmp(&other.1))
    });
    let pager = ByHand { pool, fault };
    let checked = testing::laws(&pager, |item: &Item| item.id)
        .expected(expected.into_iter().map(|(_, id)| id))
        .sizes([1, 2, 3, 7, 16, 50])
        .check();
    checked.await.map(|_| ())
}

#[tokio::test]
async fn each_mistake_breaks_the_law_that_it_is_against() {
    let check = async |fault: Fault, expected: Law| {
        let violation = judged(fault).await.expect_err(&format!("{fault:?}"));
        assert_eq!(violation.law, expected, "{fault:?}: {violation}");
    };
    check(Fault::NoTiebreak, Law::Forward).await;
    check(Fault::NullIsUnknown, Law::Forward).await;
    check(Fault::Inclusive, Law::Forward).await;
    check(Fault::Rounded, Law::Forward).await;
    check(Fault::NotReversed, Law::Before).await;
    check(Fault::NextOfTheLast, Law::Ends).await;
    check(Fault::PreviousOfTheFirst, Law::Ends).await;
    check(Fault::Lenient, Law::Cursor).await;
    check(Fault::TotalOfThePage, Law::Total).await;
    check(Fault::LooseOffset, Law::Offset).await;
}

#[tokio::test]
async fn a_paginator_by_hand_that_is_right_passes() {
    judged(Fault::None).await.unwrap();
}

#[tokio::test]
async fn a_violation_says_which_page_and_what_was_on_it() {
    let violation = judged(Fault::Inclusive).await.unwrap_err();
    assert_eq!(
        violation.to_string(),
        "the pages from the first on are the list: page 2 of 1 items: expected [7], seen [1]"
    );
}

#[tokio::test]
async fn a_list_that_nobody_told_is_no_success() {
    let pager = async |_: testing::AnyPage| Err::<CursorPage<i64>, _>(UnknownCursor.into());
    let violation = testing::laws(&pager, |id| *id).check().await.unwrap_err();
    assert!(
        violation.to_string().contains("to be told by `expected`"),
        "{violation}"
    );
}

/// Shows whole pages of whatever it has now, by offset: rows that come in push others onto the next page.
#[tokio::test]
async fn an_offset_that_calls_itself_a_cursor_breaks_the_law_of_churn() {
    let rows = std::sync::Mutex::new((0..10).collect::<Vec<i64>>());
    let pager = async |page: testing::AnyPage| {
        let from: usize = page
            .cursor()
            .map_or(Ok(0), str::parse)
            .map_err(PageError::source)?;
        let size = page.results_per_page();
        let rows = rows.lock().unwrap();
        let to = rows.len().min(from + usize::try_from(size.get()).unwrap());
        let next = (to < rows.len()).then(|| to.to_string());
        Ok(CursorPage::new(
            rows[from.min(to)..to].to_vec(),
            size,
            next,
            None,
        ))
    };
    let mut new = 100;
    let violation = testing::laws(&pager, |id| *id)
        .sizes([3])
        .churn(async || {
            new += 1;
            let mut rows = rows.lock().unwrap();
            rows.pop();
            rows.insert(0, new);
            rows.clone()
        })
        .await
        .unwrap_err();
    assert_eq!(violation.law, Law::Churn);
    assert!(
        violation.to_string().contains("expected no item twice"),
        "{violation}"
    );
}
