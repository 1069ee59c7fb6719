//! Every shape of an order: how many columns, in which directions, with NULL at which end.

use std::cmp::Ordering;

use axum_pagination::{KeyColumns, NamedOrder, Order};
use chrono::NaiveDateTime;

use super::rows::{Kind, Row};
use crate::pagination::Id;

/// Where NULLs stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Nulls {
    First,
    Last,
}

/// A column before the unique one.
#[derive(Clone, Copy, Debug)]
pub(super) struct Key {
    pub(super) kind: Kind,
    pub(super) nulls: Option<Nulls>,
    pub(super) descending: bool,
}

/// An order: of `keys`, then of the id.
#[derive(Clone, Debug)]
pub(super) struct Shape {
    pub(super) keys: Vec<Key>,
    pub(super) descending: bool,
}

const PLACES: [Option<Nulls>; 3] = [None, Some(Nulls::First), Some(Nulls::Last)];

/// All orders of up to three columns, and a choice of those of four.
pub(super) fn shapes() -> Vec<Shape> {
    let mut shapes = Vec::new();
    let mut add = |places: &[Option<Nulls>], descending: &[bool]| {
        let keys = places.iter().zip(descending);
        let keys = keys.map(|(&nulls, &descending)| Key {
            kind: Kind::Int,
            nulls,
            descending,
        });
        shapes.push(Shape {
            keys: keys.collect(),
            descending: descending[places.len()],
        });
    };
    let ways = |bits: usize| move |at: usize| bits >> at & 1 == 1;
    for bits in 0..2 {
        add(&[], &[ways(bits)(0)]);
    }
    for first in PLACES {
        for bits in 0..4 {
            add(&[first], &[0, 1].map(ways(bits)));
        }
        for second in PLACES {
            for bits in 0..8 {
                add(&[first, second], &[0, 1, 2].map(ways(bits)));
            }
        }
    }
    let [none, first, last] = PLACES;
    for places in [
        [none, none, none],
        [first, first, first],
        [last, last, last],
        [first, none, none],
        [last, none, none],
        [none, first, none],
        [none, last, none],
        [none, none, first],
        [none, none, last],
        [first, last, first],
        [last, first, last],
    ] {
        for bits in [0b0000, 0b1111, 0b0101] {
            add(&places, &[0, 1, 2, 3].map(ways(bits)));
        }
    }
    shapes
}

impl Shape {
    /// The same shape of columns of other kinds.
    pub(super) fn turned(&self, by: usize) -> Self {
        let mut turned = self.clone();
        for (at, key) in turned.keys.iter_mut().enumerate() {
            key.kind = Kind::ALL[(at + by) % Kind::ALL.len()];
        }
        turned
    }

    /// How two rows stand to each other, as the documentation of an order says it, and nobody else.
    pub(super) fn compare(&self, one: &Row, other: &Row) -> Ordering {
        let directed = |ordering: Ordering, descending: bool| {
            if descending {
                ordering.reverse()
            } else {
                ordering
            }
        };
        for key in &self.keys {
            let nulls = key.nulls;
            let (is_null, other_is_null) = (
                one.is_null(key.kind, nulls.is_some()),
                other.is_null(key.kind, nulls.is_some()),
            );
            let ordering = match (is_null, other_is_null) {
                (true, true) => Ordering::Equal,
                (true, false) if nulls == Some(Nulls::First) => Ordering::Less,
                (false, true) if nulls == Some(Nulls::Last) => Ordering::Less,
                (true, false) | (false, true) => Ordering::Greater,
                (false, false) => directed(
                    one.compare(other, key.kind, nulls.is_some()),
                    key.descending,
                ),
            };
            if ordering.is_ne() {
                return ordering;
            }
        }
        directed(one.id.cmp(&other.id), self.descending)
    }

    /// The order of the crate.
    pub(super) fn order(&self) -> Order<Id> {
        let named = Order::named("shape");
        match self.keys.split_first() {
            None if self.descending => named.unique_desc("id", |id: &Id| id.id),
            None => named.unique_asc("id", |id: &Id| id.id),
            Some((key, rest)) => self.with(rest, *key, named),
        }
    }

    fn with(&self, rest: &[Key], key: Key, begun: impl Begun) -> Order<Id> {
        let column = key.kind.column(key.nulls.is_some());
        macro_rules! column {
            ($type:ty) => {
                match key.nulls {
                    None => self.finish(
                        rest,
                        begun.column(column, key.descending, |_| <$type>::default()),
                    ),
                    Some(nulls) => {
                        let columns = begun.column(column, key.descending, |_| None::<$type>);
                        // Unless said otherwise NULL counts as the smallest value.
                        let unsaid = (nulls == Nulls::First) != key.descending && rest.is_empty();
                        let columns = match nulls {
                            _ if unsaid => columns,
                            Nulls::First => columns.nulls_first(),
                            Nulls::Last => columns.nulls_last(),
                        };
                        self.finish(rest, columns)
                    }
                }
            };
        }
        match key.kind {
            Kind::Int => column!(i32),
            Kind::Text => column!(String),
            Kind::Float => column!(f64),
            Kind::Time => column!(NaiveDateTime),
        }
    }

    fn finish<K: 'static>(&self, rest: &[Key], columns: KeyColumns<Id, K>) -> Order<Id> {
        match rest.split_first() {
            None if self.descending => columns.unique_desc("id", |id| id.id),
            None => columns.unique_asc("id", |id| id.id),
            Some((key, rest)) => self.with(rest, *key, columns),
        }
    }
}

/// What a column can be added to.
trait Begun {
    fn column<K: axum_pagination::Key + 'static>(
        self,
        name: &'static str,
        descending: bool,
        key: fn(&Id) -> K,
    ) -> KeyColumns<Id, K>;
}

macro_rules! begun {
    ($type:ty $(, $key:ident)?) => {
        impl$(<$key>)? Begun for $type {
            fn column<L: axum_pagination::Key + 'static>(
                self,
                name: &'static str,
                descending: bool,
                key: fn(&Id) -> L,
            ) -> KeyColumns<Id, L> {
                if descending {
                    self.desc(name, key)
                } else {
                    self.asc(name, key)
                }
            }
        }
    };
}

begun!(NamedOrder);
begun!(KeyColumns<Id, K>, K);
