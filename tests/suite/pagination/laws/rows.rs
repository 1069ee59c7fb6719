//! Rows whose keys come from tiny sets, so that they tie, and are NULL every third time.

use std::cmp::Ordering;
use std::fmt::Write;

/// A reproducible sequence of numbers: SplitMix64.
#[derive(Clone, Debug)]
pub(super) struct Dice(pub(super) u64);

impl Dice {
    pub(super) fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        let bound = u64::try_from(bound).unwrap();
        usize::try_from((mixed ^ (mixed >> 31)) % bound).unwrap()
    }

    fn one_of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())]
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Int,
    Text,
    Float,
    Time,
}

impl Kind {
    pub(super) const ALL: [Self; 4] = [Self::Int, Self::Text, Self::Float, Self::Time];

    /// The name of the column that may be NULL, and of the one that may not.
    pub(super) fn column(self, nullable: bool) -> &'static str {
        match (self, nullable) {
            (Self::Int, false) => "i",
            (Self::Int, true) => "ni",
            (Self::Text, false) => "t",
            (Self::Text, true) => "nt",
            (Self::Float, false) => "f",
            (Self::Float, true) => "nf",
            (Self::Time, false) => "d",
            (Self::Time, true) => "nd",
        }
    }
}

const INTS: [i64; 4] = [-1, 0, 1, 2];
const TEXTS: [&str; 7] = ["", "a", "B", "b", "é", "zz", "a b"];
/// As they are written: a number may have no shorter text.
const FLOATS: [&str; 7] = [
    "-0",
    "0",
    "0.1",
    "0.3",
    "0.30000000000000004",
    "1e300",
    "-1.5",
];
/// Microseconds of one second
const TIMES: [u32; 4] = [0, 1, 2, 3];

/// The keys of one kind of column.
#[derive(Clone, Copy, Debug)]
struct Keys {
    int: i64,
    text: &'static str,
    float: &'static str,
    time: u32,
}

#[derive(Clone, Debug)]
pub(super) struct Row {
    pub(super) id: i64,
    never_null: Keys,
    nullable: Keys,
    /// By kind
    nulls: [bool; 4],
}

impl Row {
    pub(super) fn drawn(dice: &mut Dice, id: i64) -> Self {
        let mut keys = || Keys {
            int: dice.one_of(&INTS),
            text: dice.one_of(&TEXTS),
            float: dice.one_of(&FLOATS),
            time: dice.one_of(&TIMES),
        };
        let (never_null, nullable) = (keys(), keys());
        Self {
            id,
            never_null,
            nullable,
            nulls: [(); 4].map(|()| dice.below(100) < 35),
        }
    }

    /// The key that is never NULL.
    pub(super) fn int(&self) -> i64 {
        self.never_null.int
    }

    pub(super) fn is_null(&self, kind: Kind, nullable: bool) -> bool {
        nullable && self.nulls[kind as usize]
    }

    /// Numbers by their size, texts by their bytes.
    pub(super) fn compare(&self, other: &Self, kind: Kind, nullable: bool) -> Ordering {
        let (one, other) = if nullable {
            (&self.nullable, &other.nullable)
        } else {
            (&self.never_null, &other.never_null)
        };
        let float = |text: &str| text.parse::<f64>().unwrap();
        match kind {
            Kind::Int => one.int.cmp(&other.int),
            Kind::Text => one.text.as_bytes().cmp(other.text.as_bytes()),
            Kind::Float => float(one.float).partial_cmp(&float(other.float)).unwrap(),
            Kind::Time => one.time.cmp(&other.time),
        }
    }

    /// `(1, 0, 'a', ..)`
    fn push(&self, sql: &mut String) {
        let Keys {
            int,
            text,
            float,
            time,
        } = self.never_null;
        let id = self.id;
        write!(sql, "({id}, {int}, '{text}', '{float}', {}", moment(time)).unwrap();
        let Keys {
            int,
            text,
            float,
            time,
        } = self.nullable;
        let values = [
            int.to_string(),
            format!("'{text}'"),
            format!("'{float}'"),
            moment(time),
        ];
        for (value, is_null) in values.iter().zip(self.nulls) {
            write!(sql, ", {}", if is_null { "NULL" } else { value }).unwrap();
        }
        sql.push(')');
    }
}

fn moment(micros: u32) -> String {
    format!("'2026-01-01 00:00:00.{micros:06}'")
}

/// One statement for all of them; `None` when there are none.
pub(super) fn insert(rows: &[Row]) -> Option<String> {
    if rows.is_empty() {
        return None;
    }
    let mut sql = "INSERT INTO t VALUES ".to_owned();
    for (at, row) in rows.iter().enumerate() {
        sql.push_str(if at == 0 { "" } else { ", " });
        row.push(&mut sql);
    }
    Some(sql)
}

/// Ids that do not grow with the place of their row.
pub(super) fn drawn(dice: &mut Dice, count: usize) -> Vec<Row> {
    let count = i64::try_from(count).unwrap();
    let step = i64::try_from(1 + dice.below(3)).unwrap();
    (0..count)
        .map(|at| Row::drawn(dice, (at - count / 2) * step))
        .collect()
}
