//! The list that is paged: its rows, its orders, and the statements that one would write for them.

use std::collections::VecDeque;

use axum_pagination::{ClassicParams, CursorKey, CursorParams, Order, keyset};
use sqlx::FromRow;

use crate::Failure;

/// A row.
#[derive(Clone, Debug, Default, FromRow)]
pub(crate) struct Post {
    pub(crate) id: i64,
    /// As good as unique
    pub(crate) at: i64,
    /// 1,024 values
    pub(crate) bucket: i64,
    /// Three values
    pub(crate) level: i64,
    /// As good as unique, NULL in three rows of ten
    pub(crate) pinned: Option<i64>,
    /// Three values, NULL in three rows of ten
    pub(crate) state: Option<i64>,
    #[expect(dead_code, reason = "rows have a text in them")]
    pub(crate) title: String,
}

pub(crate) const SELECT: &str = "SELECT id, at, bucket, level, pinned, state, title FROM ";

/// A page has this many items.
pub(crate) const SIZE: u64 = 20;

pub(crate) type Params = CursorParams<SIZE, 100>;
pub(crate) type Numbered = ClassicParams<SIZE, 100>;

impl Post {
    /// The value of a column; `None` is NULL.
    pub(crate) fn value(&self, column: &str) -> Option<i64> {
        match column {
            "at" => Some(self.at),
            "bucket" => Some(self.bucket),
            "level" => Some(self.level),
            "pinned" => self.pinned,
            "state" => self.state,
            _ => Some(self.id),
        }
    }
}

/// How a column goes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Goes {
    Asc,
    Desc,
    AscNullsFirst,
    AscNullsLast,
    DescNullsFirst,
    DescNullsLast,
}

impl Goes {
    pub(crate) fn is_descending(self) -> bool {
        matches!(
            self,
            Self::Desc | Self::DescNullsFirst | Self::DescNullsLast
        )
    }

    /// Whether NULLs come first; `None` of a column that has none.
    fn nulls_first(self) -> Option<bool> {
        match self {
            Self::Asc | Self::Desc => None,
            Self::AscNullsFirst | Self::DescNullsFirst => Some(true),
            Self::AscNullsLast | Self::DescNullsLast => Some(false),
        }
    }
}

/// An order: its columns without the id, and how the id goes.
pub(crate) struct Shape {
    pub(crate) what: &'static str,
    pub(crate) columns: &'static [(&'static str, Goes)],
    pub(crate) id: Goes,
}

/// What most lists have.
pub(crate) const NEWEST: Shape = Shape {
    what: "as good as unique, one direction",
    columns: &[("at", Goes::Desc)],
    id: Goes::Desc,
};

impl Shape {
    /// The columns of the index, and whether each descends.
    pub(crate) fn index(&self) -> Vec<(&'static str, bool)> {
        self.all()
            .map(|(name, goes)| (name, goes.is_descending()))
            .collect()
    }

    fn all(&self) -> impl Iterator<Item = (&'static str, Goes)> {
        self.columns.iter().copied().chain([("id", self.id)])
    }

    pub(crate) fn has_nulls(&self) -> bool {
        self.columns
            .iter()
            .any(|(_, goes)| goes.nulls_first().is_some())
    }

    pub(crate) fn order(&self) -> Order<Post> {
        let mut columns = self.columns.iter();
        let named = Order::named("bench");
        let id = |post: &Post| post.id;
        let Some((first, goes)) = columns.next() else {
            return named.unique_asc("id", id);
        };
        // A column of either type has its own, so the builder is led by hand.
        macro_rules! column {
            ($builder:expr, $name:expr, $goes:expr) => {{
                let name: &'static str = $name;
                let nullable = move |post: &Post| post.value(name);
                let value = move |post: &Post| post.value(name).unwrap_or_default();
                match $goes {
                    Goes::Asc => $builder.asc(name, value).into(),
                    Goes::Desc => $builder.desc(name, value).into(),
                    Goes::AscNullsFirst => $builder.asc(name, nullable).nulls_first().into(),
                    Goes::AscNullsLast => $builder.asc(name, nullable).nulls_last().into(),
                    Goes::DescNullsFirst => $builder.desc(name, nullable).nulls_first().into(),
                    Goes::DescNullsLast => $builder.desc(name, nullable).nulls_last().into(),
                }
            }};
        }
        let mut builder: Builder = column!(named, first, goes);
        for (name, goes) in columns {
            builder = match builder {
                Builder::Value(builder) => column!(builder, name, goes),
                Builder::Nullable(builder) => column!(builder, name, goes),
            };
        }
        match (builder, self.id.is_descending()) {
            (Builder::Value(builder), false) => builder.unique_asc("id", id),
            (Builder::Value(builder), true) => builder.unique_desc("id", id),
            (Builder::Nullable(builder), false) => builder.unique_asc("id", id),
            (Builder::Nullable(builder), true) => builder.unique_desc("id", id),
        }
    }

    /// The ORDER BY of one's own, as each of the three takes it.
    pub(crate) fn order_by(&self) -> String {
        let columns = self.all().map(|(name, goes)| {
            let nulls = match goes.nulls_first() {
                // `nulls` stands where the database has them by itself.
                None => String::new(),
                Some(true) => format!("{name} IS NULL DESC, "),
                Some(false) => format!("{name} IS NULL, "),
            };
            let direction = if goes.is_descending() { " DESC" } else { "" };
            format!("{nulls}{name}{direction}")
        });
        columns.collect::<Vec<_>>().join(", ")
    }
}

/// An order that lacks its id still.
enum Builder {
    Value(axum_pagination::KeyColumns<Post, i64>),
    Nullable(axum_pagination::KeyColumns<Post, Option<i64>>),
}

impl From<axum_pagination::KeyColumns<Post, i64>> for Builder {
    fn from(builder: axum_pagination::KeyColumns<Post, i64>) -> Self {
        Self::Value(builder)
    }
}

impl From<axum_pagination::KeyColumns<Post, Option<i64>>> for Builder {
    fn from(builder: axum_pagination::KeyColumns<Post, Option<i64>>) -> Self {
        Self::Nullable(builder)
    }
}

/// The key that all cursors are signed with.
pub(crate) fn key() -> CursorKey {
    CursorKey::new([7; 32])
}

/// The parameters of the page behind a row, and of the one before it.
pub(crate) fn around(order: &Order<Post>, row: &Post) -> Result<[Params; 2], Failure> {
    let key = key();
    let list = || keyset(order).signed(&key);
    let one = Params::new(None, 1)?;
    let first = list().assemble(vec![row.clone(), row.clone()], &one)?;
    let after = Params::new(first.next_cursor(), SIZE)?;
    let second = list().assemble(vec![row.clone()], &after)?;
    let before = Params::new(second.previous_cursor(), SIZE)?;
    Ok([after, before])
}

/// What is bound to such a text: the key of the column in front of each place, or the limit.
pub(crate) fn binds(sql: &str, row: &Post) -> Vec<i64> {
    let mut values = Vec::new();
    let mut columns = VecDeque::new();
    let mut rest = sql;
    while let Some(at) = rest.find(['"', '`', '?', '$', 'I', 'L']) {
        rest = &rest[at..];
        let quoted = rest.starts_with(['"', '`']);
        if quoted {
            let end = rest[1..].find(['"', '`']).map_or(rest.len(), |end| end + 1);
            columns.push_back(&rest[1..end]);
            rest = &rest[end..];
        } else if rest.starts_with("IS N") {
            columns.pop_back();
        } else if rest.starts_with("LIMIT ") {
            columns.clear();
        } else if rest.starts_with(['?', '$']) {
            let limit = i64::try_from(SIZE + 1).unwrap_or_default();
            let value = columns.pop_front().map(|column| row.value(column));
            values.push(value.map_or(limit, Option::unwrap_or_default));
        }
        rest = &rest[1..];
    }
    values
}
