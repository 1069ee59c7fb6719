//! The rows behind a position, as ranges of an index.
//!
//! `(a, b, id) > (?, ?, ?)` is what is meant, and what few databases do well: NULL makes it unknown, mixed directions
//! cannot be written so, SQLite bounds its index by the first column alone, and MySQL by none. What each does
//! well was measured; [`Form`] is the choice, [`ranges`] what it comes to.

use super::term::Term;
use crate::cursor::value::Value;
use crate::order::Nulls;

/// How the rows behind a position are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// `(a, b, id) > (?, ?, ?)`: where no column may be NULL and all go in one direction
    RowValue,
    /// `a >= ? AND (a > ? OR (a = ? AND ..))`: the first comparison bounds the index
    Hinted,
    /// One range of the index for each depth, each with its own limit, joined by UNION ALL
    Ranges,
    /// `Hinted`, with the NULLs of the first column in a range of their own
    NullsApart,
}

/// What holds for the rows of a range. Numbers are depths: 0 is the first column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Condition {
    /// The column equals the position's, which is not NULL
    Equal(usize),
    Null(usize),
    /// The same, said in such a way that the columns behind it bound the index too
    NullRange(usize),
    NotNull(usize),
    /// The column is strictly behind the position's
    Behind(usize),
    /// The columns from this one on are behind the position's, lexicographically
    BehindFrom(usize),
    /// All columns are, in a comparison of rows
    RowBehind,
}

/// Rows that stand together in an index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Range {
    pub(crate) conditions: Vec<Condition>,
    /// The first column that still makes a difference
    pub(crate) from: usize,
    /// Whether that one is known to hold a value
    pub(crate) not_null: bool,
}

impl Range {
    fn of(conditions: impl IntoIterator<Item = Condition>, from: usize, not_null: bool) -> Self {
        Self {
            conditions: conditions.into_iter().collect(),
            from,
            not_null,
        }
    }

    /// The columns that its rows are ordered by.
    pub(crate) fn ordered<'a>(&self, terms: &'a [Term]) -> impl Iterator<Item = Term> + use<'a> {
        let (from, not_null) = (self.from, self.not_null);
        let rest = terms.iter().enumerate().skip(from);
        rest.map(move |(at, term)| {
            if at == from && not_null {
                term.not_null()
            } else {
                *term
            }
        })
    }
}

/// All rows.
pub(crate) fn all() -> Vec<Range> {
    vec![Range::of([], 0, false)]
}

/// All rows, the first column's NULLs apart: where the index has them at its other end.
pub(crate) fn all_nulls_apart() -> Vec<Range> {
    vec![
        Range::of([Condition::Null(0)], 1, false),
        Range::of([Condition::NotNull(0)], 0, true),
    ]
}

/// The rows behind a position, in ranges that do not overlap.
pub(crate) fn ranges(form: Form, terms: &[Term], keys: &[Value]) -> Vec<Range> {
    match form {
        Form::RowValue => vec![Range::of([Condition::RowBehind], 0, false)],
        // What is behind NULLs that come last is NULL too.
        Form::Hinted if keys[0].is_null() && terms[0].nulls == Some(Nulls::Last) => {
            nulls_apart(terms, keys)
        }
        Form::Hinted => vec![Range::of([Condition::BehindFrom(0)], 0, false)],
        Form::NullsApart => nulls_apart(terms, keys),
        Form::Ranges => by_depth(terms, keys),
    }
}

/// The deepest comes first: its rows stand nearest to the position.
fn by_depth(terms: &[Term], keys: &[Value]) -> Vec<Range> {
    let mut ranges = Vec::with_capacity(terms.len() + 1);
    for depth in (0..terms.len()).rev() {
        let mut range = |last, from| {
            let same = keys[..depth].iter().enumerate().map(|(above, key)| {
                if key.is_null() {
                    Condition::Null(above)
                } else {
                    Condition::Equal(above)
                }
            });
            ranges.push(Range::of(same.chain([last]), from, from == depth));
        };
        match (keys[depth].is_null(), terms[depth].nulls) {
            (false, Some(Nulls::Last)) => {
                range(Condition::Behind(depth), depth);
                range(Condition::Null(depth), depth + 1);
            }
            (false, _) => range(Condition::Behind(depth), depth),
            (true, Some(Nulls::First)) => range(Condition::NotNull(depth), depth),
            // Nothing is behind NULLs that come last.
            (true, _) => {}
        }
    }
    ranges
}

fn nulls_apart(terms: &[Term], keys: &[Value]) -> Vec<Range> {
    let behind_value = || Range::of([Condition::BehindFrom(0)], 0, true);
    // Ordered by the column that is NULL, too: that it is the index of this order must not be left to guess.
    let behind_null = || Range::of([Condition::NullRange(0), Condition::BehindFrom(1)], 0, true);
    match (keys[0].is_null(), terms[0].nulls) {
        (false, Some(Nulls::Last)) => {
            vec![behind_value(), Range::of([Condition::Null(0)], 1, false)]
        }
        (false, _) => vec![behind_value()],
        (true, Some(Nulls::First)) => {
            vec![behind_null(), Range::of([Condition::NotNull(0)], 0, true)]
        }
        (true, _) => vec![behind_null()],
    }
}
