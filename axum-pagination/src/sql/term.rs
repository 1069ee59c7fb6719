//! An order seen from a page: its columns in the direction in which the page is read.

use crate::order::{Column, Nulls, Order};

/// One column in the direction of reading.
#[derive(Clone, Copy, Debug)]
pub struct Term {
    pub(crate) column: &'static str,
    pub(crate) descending: bool,
    /// Of a column that may be NULL
    pub(crate) nulls: Option<Nulls>,
}

impl Term {
    fn of<T>(column: &Column<T>, backward: bool) -> Self {
        Self {
            column: column.name,
            descending: column.descending != backward,
            nulls: column
                .nulls
                .map(|nulls| if backward { reversed(nulls) } else { nulls }),
        }
    }

    /// The same column where it is known to hold a value.
    pub(crate) fn not_null(self) -> Self {
        Self {
            nulls: None,
            ..self
        }
    }

    /// Whether its NULLs stand where the database puts them by itself.
    pub(crate) fn is_native(&self, nulls_smallest: bool) -> bool {
        let first = self.descending != nulls_smallest;
        match self.nulls {
            None => true,
            Some(Nulls::First) => first,
            Some(Nulls::Last) => !first,
        }
    }
}

/// The terms of an order, turned round when the page is read from its end.
pub(crate) fn terms<T>(order: &Order<T>, backward: bool) -> Vec<Term> {
    order
        .parts()
        .iter()
        .map(|column| Term::of(column, backward))
        .collect()
}

fn reversed(nulls: Nulls) -> Nulls {
    match nulls {
        Nulls::First => Nulls::Last,
        Nulls::Last => Nulls::First,
    }
}
