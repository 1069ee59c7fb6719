//! Writes the statement of a page.
//!
//! Values and sizes are bound, so that one list has a handful of texts: one for each direction and pattern of NULLs.

use std::fmt::Write;
use std::ops::Range as Span;

use sqlx::QueryBuilder;

use super::backend::Backend;
use super::base::is_whole;
use super::range::{Condition, Range};
use super::term::Term;
use crate::cursor::value::Value;
use crate::order::Nulls;

/// The name of the column that carries the total.
pub(crate) const TOTAL: &str = "axum_pagination_total";

/// What follows every base query. On a line of its own: a comment may be the end of the query.
const END_OF_BASE: &str = "\n) AS p";

/// Pushes the user's query.
pub(crate) type Base<'a, DB> = dyn Fn(&mut QueryBuilder<DB>) + Send + Sync + 'a;

/// How rows are counted along with a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Counted {
    No,
    All,
    /// Up to this many
    UpTo(i64),
}

/// A statement being written.
pub(crate) struct Statement<'a, DB: Backend> {
    query: QueryBuilder<DB>,
    /// What comes next, up to a bound value: a builder takes every piece through `fmt`.
    text: String,
    base: &'a Base<'a, DB>,
    /// Where the text of the base query stands, the first time.
    base_at: Option<Span<usize>>,
}

impl<'a, DB: Backend> Statement<'a, DB> {
    pub(crate) fn new(base: &'a Base<'a, DB>) -> Self {
        Self {
            // A page behind a position has about half a kilobyte.
            query: QueryBuilder::new(String::with_capacity(1024)),
            text: String::with_capacity(256),
            base,
            base_at: None,
        }
    }

    /// The page behind a position: `ranges` joined, ordered, cut after `limit` rows.
    pub(crate) fn page(
        mut self,
        ranges: &[Range],
        terms: &[Term],
        keys: &[Value],
        limit: i64,
        counted: Counted,
    ) -> Self {
        self.push("SELECT p.*");
        self.total(counted);
        self.push(" FROM (");
        if let [range] = ranges {
            self.base();
            self.conditions(range, terms, keys);
            self.order(range.ordered(terms));
        } else {
            for (at, range) in ranges.iter().enumerate() {
                self.push(if at == 0 {
                    "SELECT * FROM (SELECT p.* FROM ("
                } else {
                    " UNION ALL SELECT * FROM (SELECT p.* FROM ("
                });
                self.base();
                self.conditions(range, terms, keys);
                self.order(range.ordered(terms));
                self.limit(limit);
                let _ = write!(self.text, ") AS r{at}"); // a String takes everything
            }
            self.push(") AS p");
            self.order(terms.iter().copied());
        }
        self.limit(limit);
        self
    }

    /// A page by its number.
    pub(crate) fn slice(
        mut self,
        terms: &[Term],
        limit: i64,
        offset: i64,
        counted: Counted,
    ) -> Self {
        self.push("SELECT p.*");
        self.total(counted);
        self.push(" FROM (");
        self.base();
        self.order(terms.iter().copied());
        self.limit(limit);
        self.push(" OFFSET ");
        DB::bind_number(self.flush(), offset);
        self
    }

    /// The number of rows alone.
    pub(crate) fn count(mut self, counted: Counted) -> Self {
        self.push("SELECT ");
        self.number(counted);
        self
    }

    /// How the database would run the base query.
    pub(crate) fn explain(mut self) -> Self {
        self.push("EXPLAIN SELECT * FROM (");
        self.base();
        self
    }

    pub(crate) fn into_query(mut self) -> QueryBuilder<DB> {
        self.flush();
        self.query
    }

    fn push(&mut self, sql: &str) {
        self.text.push_str(sql);
    }

    /// The builder, with everything in it that comes before.
    fn flush(&mut self) -> &mut QueryBuilder<DB> {
        self.query.push(&self.text);
        self.text.clear();
        &mut self.query
    }

    /// Whether the base query is worked out whole: see [`is_whole`].
    pub(crate) fn has_whole_base(&self) -> bool {
        let sql = self.query.sql();
        let base = self.base_at.clone().and_then(|at| sql.as_str().get(at));
        base.is_some_and(is_whole)
    }

    fn base(&mut self) {
        let base = self.base;
        let length = |query: &QueryBuilder<DB>| query.sql().as_str().len();
        let start = length(self.flush());
        base(&mut self.query);
        self.base_at.get_or_insert(start..length(&self.query));
        self.push(END_OF_BASE);
    }

    fn total(&mut self, counted: Counted) {
        if counted != Counted::No {
            self.push(", ");
            self.number(counted);
        }
    }

    fn number(&mut self, counted: Counted) {
        match counted {
            Counted::No => {}
            Counted::All => {
                self.push("(SELECT COUNT(*) FROM (");
                self.base();
                self.push(") AS ");
                self.push(TOTAL);
            }
            Counted::UpTo(most) => {
                self.push("(SELECT COUNT(*) FROM (SELECT 1 FROM (");
                self.base();
                self.limit(most);
                self.push(") AS c) AS ");
                self.push(TOTAL);
            }
        }
    }

    fn limit(&mut self, limit: i64) {
        self.push(" LIMIT ");
        DB::bind_number(self.flush(), limit);
    }

    fn column(&mut self, name: &str) {
        let quote = DB::QUOTE;
        self.push("p.");
        self.text.push(quote);
        for char in name.chars() {
            self.text.push(char);
            if char == quote {
                self.text.push(quote); // written twice inside of a name, in all three
            }
        }
        self.text.push(quote);
    }

    fn order(&mut self, terms: impl Iterator<Item = Term>) {
        for (at, term) in terms.enumerate() {
            self.push(if at == 0 { " ORDER BY " } else { ", " });
            let native = term.is_native(DB::NULLS_SMALLEST);
            if !native && !DB::PLACES_NULLS {
                // False comes before true.
                self.column(term.column);
                self.push(match term.nulls {
                    Some(Nulls::First) => " IS NULL DESC, ",
                    _ => " IS NULL, ",
                });
            }
            self.column(term.column);
            if term.descending {
                self.push(" DESC");
            }
            if !native && DB::PLACES_NULLS {
                self.push(match term.nulls {
                    Some(Nulls::First) => " NULLS FIRST",
                    _ => " NULLS LAST",
                });
            }
        }
    }

    fn conditions(&mut self, range: &Range, terms: &[Term], keys: &[Value]) {
        for (at, condition) in range.conditions.iter().enumerate() {
            self.push(if at == 0 { " WHERE " } else { " AND " });
            match *condition {
                Condition::Equal(at) => self.compare(terms[at], "=", &keys[at]),
                Condition::Null(at) => self.is_null(terms[at]),
                // MariaDB takes `a IS NULL` for an equality, looks up all NULLs by it, and passes over them one by one; a
                // range it begins where the columns behind say. The second half is never true.
                Condition::NullRange(at) => {
                    self.push("(");
                    self.is_null(terms[at]);
                    self.push(" OR ");
                    self.column(terms[at].column);
                    self.push(" < NULL)");
                }
                Condition::NotNull(at) => {
                    self.column(terms[at].column);
                    self.push(" IS NOT NULL");
                }
                Condition::Behind(at) => self.compare(terms[at], behind(terms[at]), &keys[at]),
                Condition::BehindFrom(at) => {
                    let not_null = range.not_null && range.from == at;
                    self.behind_from(terms, keys, at, not_null);
                }
                Condition::RowBehind => self.row_behind(terms, keys),
            }
        }
    }

    fn is_null(&mut self, term: Term) {
        self.column(term.column);
        self.push(" IS NULL");
    }

    fn compare(&mut self, term: Term, operator: &str, key: &Value) {
        self.column(term.column);
        self.push(" ");
        self.push(operator);
        self.push(" ");
        DB::bind(self.flush(), key);
    }

    fn row_behind(&mut self, terms: &[Term], keys: &[Value]) {
        let [first, ..] = terms else { return };
        if terms.len() == 1 {
            return self.compare(*first, behind(*first), &keys[0]);
        }
        for (at, term) in terms.iter().enumerate() {
            self.push(if at == 0 { "(" } else { ", " });
            self.column(term.column);
        }
        self.push(") ");
        self.push(behind(*first));
        self.push(" ");
        for (at, key) in keys.iter().enumerate() {
            self.push(if at == 0 { "(" } else { ", " });
            DB::bind(self.flush(), key);
        }
        self.push(")");
    }

    /// `a >= x AND (a > x OR (a = x AND <the same of the columns after it>))`, with NULL where it belongs.
    fn behind_from(&mut self, terms: &[Term], keys: &[Value], at: usize, not_null: bool) {
        let (term, key) = (terms[at], &keys[at]);
        let nulls = if not_null { None } else { term.nulls };
        let last = at + 1 == terms.len();
        if key.is_null() {
            // Behind NULLs that come first are all values; behind NULLs that come last is nothing.
            if nulls == Some(Nulls::First) {
                self.push("(");
                self.column(term.column);
                self.push(" IS NOT NULL OR ");
            }
            self.push("(");
            self.is_null(term);
            self.push(" AND ");
            self.behind_from(terms, keys, at + 1, false);
            self.push(if nulls == Some(Nulls::First) {
                "))"
            } else {
                ")"
            });
            return;
        }
        if last {
            return self.compare(term, behind(term), key);
        }
        let or_null = nulls == Some(Nulls::Last);
        let or_equal = if term.descending { "<=" } else { ">=" };
        self.push("(");
        if or_null {
            self.push("(");
            self.compare(term, or_equal, key);
            self.push(" OR ");
            self.is_null(term);
            self.push(")");
        } else {
            self.compare(term, or_equal, key);
        }
        self.push(" AND (");
        self.compare(term, behind(term), key);
        if or_null {
            self.push(" OR ");
            self.is_null(term);
        }
        self.push(" OR (");
        self.compare(term, "=", key);
        self.push(" AND ");
        self.behind_from(terms, keys, at + 1, false);
        self.push(")))");
    }
}

fn behind(term: Term) -> &'static str {
    if term.descending { "<" } else { ">" }
}

/// Cuts the semicolon off every copy of a base query that ends with one.
pub(crate) fn without_semicolons(sql: String) -> String {
    let ends_with_one = |text: &str| text.trim_end().ends_with(';');
    let mut parts = sql.split(END_OF_BASE).peekable();
    if !sql.contains(';') {
        return sql;
    }
    let mut cut = String::with_capacity(sql.len());
    while let Some(part) = parts.next() {
        let is_base = parts.peek().is_some();
        if is_base && ends_with_one(part) {
            cut.push_str(
                part.trim_end()
                    .trim_end_matches(|end: char| end == ';' || end.is_whitespace()),
            );
        } else {
            cut.push_str(part);
        }
        if is_base {
            cut.push_str(END_OF_BASE);
        }
    }
    cut
}
