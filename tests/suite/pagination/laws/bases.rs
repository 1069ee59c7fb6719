//! Base queries of every form, all over the same rows.

use axum_pagination::Backend;
use sqlx::{Encode, QueryBuilder, Type};

use super::rows::Row;

/// How the rows are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Base {
    Plain,
    /// With a condition and a value of its own
    Filtered,
    /// A comment ends it.
    Commented,
    /// A semicolon ends it.
    Joined,
    CommonTable,
    /// With an order of its own
    Grouped,
    Distinct,
}

impl Base {
    pub(super) const ALL: [Self; 7] = [
        Self::Plain,
        Self::Filtered,
        Self::Commented,
        Self::Joined,
        Self::CommonTable,
        Self::Grouped,
        Self::Distinct,
    ];

    /// Whether a row is selected.
    pub(super) fn has(self, row: &Row, least: i64) -> bool {
        match self {
            Self::Filtered | Self::CommonTable => row.int() >= least,
            _ => true,
        }
    }

    pub(super) fn push<DB: Backend>(self, query: &mut QueryBuilder<DB>, least: i64)
    where
        for<'q> i64: Encode<'q, DB> + Type<DB>,
    {
        // `once` has each value of the column once, `twice` has it two times.
        match self {
            Self::Plain => query.push("SELECT * FROM t"),
            Self::Filtered => query.push("SELECT * FROM t WHERE i >= ").push_bind(least),
            Self::Commented => query.push("SELECT * FROM t -- all of them"),
            Self::Joined => query.push("SELECT t.*, once.n FROM t JOIN once ON once.n = t.i;\n"),
            Self::CommonTable => query
                .push("WITH chosen AS (SELECT * FROM t WHERE i >= ")
                .push_bind(least)
                .push(") SELECT * FROM chosen"),
            Self::Grouped => query.push(
                "SELECT t.*, COUNT(*) AS n FROM t JOIN twice ON twice.n = t.i GROUP BY t.id ORDER BY n",
            ),
            Self::Distinct => {
                query.push("SELECT DISTINCT t.* FROM t JOIN twice ON twice.n = t.i")
            }
        };
    }
}
