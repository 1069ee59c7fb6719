//! The order of a list: named, declared once, ending with a unique key.

pub(crate) mod key;
mod orders;

use std::fmt;

use sha2::{Digest, Sha256};

pub use self::key::{Key, Keys, NotNull};
pub use self::orders::{Orders, Sort, Sortable};
use crate::cursor::value::{Kind, Value};

/// Where NULLs stand among the values of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Nulls {
    First,
    Last,
}

type KeyOf<T> = Box<dyn Fn(&T) -> Value + Send + Sync>;

/// One column of an order.
pub(crate) struct Column<T> {
    pub(crate) name: &'static str,
    pub(crate) descending: bool,
    /// Of a column that may be NULL
    pub(crate) nulls: Option<Nulls>,
    pub(crate) kind: Kind,
    key: KeyOf<T>,
}

impl<T> Column<T> {
    fn new<K: Key>(
        name: &'static str,
        descending: bool,
        key: impl Fn(&T) -> K + Send + Sync + 'static,
    ) -> Self {
        // As if NULL were the smallest value: what SQLite, MySQL and MariaDB have indexes for.
        let smallest = if descending {
            Nulls::Last
        } else {
            Nulls::First
        };
        Self {
            name,
            descending,
            nulls: K::NULLABLE.then_some(smallest),
            kind: K::KIND,
            key: Box::new(move |item| key(item).into_value()),
        }
    }
}

/// The order of a list: columns, their directions, and a unique key at the end.
///
/// It is declared once, in a `static`, and has a name: a cursor belongs to one order, and is refused by every other.
/// The columns are names of what the base query selects, so text never comes from a request; the closures say which
/// type each has, and give the keys of an item where there is no row to read them from
/// ([`assemble`](crate::Keyset::assemble)).
///
/// ```
/// use std::sync::LazyLock;
/// use axum_pagination::Order;
///
/// struct Post { id: i64, pinned: Option<i64>, title: String }
///
/// static NEWEST: LazyLock<Order<Post>> = LazyLock::new(|| {
///     Order::named("newest")
///         .desc("pinned", |post: &Post| post.pinned).nulls_last()
///         .asc("title", |post| post.title.clone())
///         .unique_desc("id", |post| post.id)
/// });
/// assert_eq!(NEWEST.name(), "newest");
/// ```
///
/// An order has at least the unique key; without it there is none:
///
/// ```compile_fail
/// # use axum_pagination::Order;
/// # struct Post { title: String }
/// let order: Order<Post> = Order::named("title").asc("title", |post: &Post| post.title.clone());
/// ```
///
/// # NULL
/// A column whose closure returns an [`Option`] may be NULL. NULL counts as the smallest value, first when ascending and
/// last when descending, on every database, unless [`nulls_first`](KeyColumns::nulls_first) or
/// [`nulls_last`](KeyColumns::nulls_last) says otherwise. A column that holds NULLs and is not declared so is a mistake that loses rows;
/// where a page meets such a row, it is an error.
pub struct Order<T> {
    name: &'static str,
    columns: Vec<Column<T>>,
    fingerprint: [u8; 16],
}

impl Order<()> {
    /// Begins an order. The name tells the cursors of one order from those of another that has the same columns.
    #[must_use = "an order ends with its unique key"]
    pub fn named(name: &'static str) -> NamedOrder {
        NamedOrder { name }
    }
}

impl<T> Order<T> {
    /// Its name.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// The columns in their sequence.
    #[must_use]
    pub fn columns(&self) -> impl ExactSizeIterator<Item = &'static str> + '_ {
        self.columns.iter().map(|column| column.name)
    }

    pub(crate) fn parts(&self) -> &[Column<T>] {
        &self.columns
    }

    /// The keys of an item, in the sequence of the columns.
    pub(crate) fn keys(&self, item: &T) -> Vec<Value> {
        self.columns
            .iter()
            .map(|column| (column.key)(item))
            .collect()
    }

    /// Name, columns, directions, places of NULL and kinds: what a cursor is bound to.
    pub(crate) fn fingerprint(&self) -> &[u8; 16] {
        &self.fingerprint
    }

    fn new(name: &'static str, columns: Vec<Column<T>>) -> Self {
        let mut hash = Sha256::new();
        let mut text = |text: &str| {
            hash.update(text.len().to_be_bytes());
            hash.update(text);
        };
        text(name);
        for column in &columns {
            text(column.name);
            text(if column.descending { "desc" } else { "asc" });
            text(match column.nulls {
                None => "not null",
                Some(Nulls::First) => "nulls first",
                Some(Nulls::Last) => "nulls last",
            });
            text(&format!("{:?}", column.kind));
        }
        let mut fingerprint = [0; 16];
        fingerprint.copy_from_slice(&hash.finalize()[..16]);
        Self {
            name,
            columns,
            fingerprint,
        }
    }
}

/// `newest: pinned desc nulls last, id desc`
impl<T> fmt::Debug for Order<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)?;
        for (index, column) in self.columns.iter().enumerate() {
            f.write_str(if index == 0 { ": " } else { ", " })?;
            f.write_str(column.name)?;
            f.write_str(if column.descending { " desc" } else { " asc" })?;
            f.write_str(match column.nulls {
                None => "",
                Some(Nulls::First) => " nulls first",
                Some(Nulls::Last) => " nulls last",
            })?;
        }
        Ok(())
    }
}

/// An order that has a name and no column yet: see [`Order::named`].
#[derive(Clone, Copy, Debug)]
#[must_use = "an order ends with its unique key"]
pub struct NamedOrder {
    name: &'static str,
}

/// An order that lacks its unique key still: see [`Order::named`].
///
/// `K` is the type of the column added last.
#[must_use = "an order ends with its unique key"]
pub struct KeyColumns<T, K> {
    name: &'static str,
    columns: Vec<Column<T>>,
    last: std::marker::PhantomData<fn() -> K>,
}

impl<T, K> fmt::Debug for KeyColumns<T, K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let columns: Vec<_> = self.columns.iter().map(|column| column.name).collect();
        f.debug_struct("KeyColumns")
            .field("name", &self.name)
            .field("columns", &columns)
            .finish()
    }
}

impl NamedOrder {
    fn columns<T>(self) -> KeyColumns<T, ()> {
        KeyColumns {
            name: self.name,
            columns: Vec::new(),
            last: std::marker::PhantomData,
        }
    }

    /// A column from small to large.
    pub fn asc<T, K: Key>(
        self,
        column: &'static str,
        key: impl Fn(&T) -> K + Send + Sync + 'static,
    ) -> KeyColumns<T, K> {
        self.columns().asc(column, key)
    }

    /// A column from large to small.
    pub fn desc<T, K: Key>(
        self,
        column: &'static str,
        key: impl Fn(&T) -> K + Send + Sync + 'static,
    ) -> KeyColumns<T, K> {
        self.columns().desc(column, key)
    }

    /// The unique key alone, from small to large.
    #[must_use]
    pub fn unique_asc<T, K: NotNull>(
        self,
        column: &'static str,
        key: impl Fn(&T) -> K + Send + Sync + 'static,
    ) -> Order<T> {
        self.columns().unique_asc(column, key)
    }

    /// The unique key alone, from large to small.
    #[must_use]
    pub fn unique_desc<T, K: NotNull>(
        self,
        column: &'static str,
        key: impl Fn(&T) -> K + Send + Sync + 'static,
    ) -> Order<T> {
        self.columns().unique_desc(column, key)
    }
}

impl<T, K> KeyColumns<T, K> {
    fn with<L>(mut self, column: Column<T>) -> KeyColumns<T, L> {
        self.columns.push(column);
        KeyColumns {
            name: self.name,
            columns: self.columns,
            last: std::marker::PhantomData,
        }
    }

    /// One more column, from small to large.
    pub fn asc<L: Key>(
        self,
        column: &'static str,
        key: impl Fn(&T) -> L + Send + Sync + 'static,
    ) -> KeyColumns<T, L> {
        self.with(Column::new(column, false, key))
    }

    /// One more column, from large to small.
    pub fn desc<L: Key>(
        self,
        column: &'static str,
        key: impl Fn(&T) -> L + Send + Sync + 'static,
    ) -> KeyColumns<T, L> {
        self.with(Column::new(column, true, key))
    }

    /// The unique key at the end, from small to large: a column that is UNIQUE and NOT NULL.
    #[must_use]
    pub fn unique_asc<L: NotNull>(
        self,
        column: &'static str,
        key: impl Fn(&T) -> L + Send + Sync + 'static,
    ) -> Order<T> {
        let all = self.with::<L>(Column::new(column, false, key));
        Order::new(all.name, all.columns)
    }

    /// The unique key at the end, from large to small.
    #[must_use]
    pub fn unique_desc<L: NotNull>(
        self,
        column: &'static str,
        key: impl Fn(&T) -> L + Send + Sync + 'static,
    ) -> Order<T> {
        let all = self.with::<L>(Column::new(column, true, key));
        Order::new(all.name, all.columns)
    }
}

impl<T, K: NotNull> KeyColumns<T, Option<K>> {
    fn nulls(mut self, nulls: Nulls) -> Self {
        if let Some(last) = self.columns.last_mut() {
            last.nulls = Some(nulls);
        }
        self
    }

    /// NULLs of the column before come before its values.
    ///
    /// Ascending, that is where SQLite, MySQL and MariaDB have them, and descending where PostgreSQL has them. The
    /// other way round a page costs two searches more when the column is the first; behind another column the
    /// rows that share its value are sorted, for no index has them so.
    pub fn nulls_first(self) -> Self {
        self.nulls(Nulls::First)
    }

    /// NULLs of the column before come after its values.
    pub fn nulls_last(self) -> Self {
        self.nulls(Nulls::Last)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Row(i64, Option<String>);

    fn order(name: &'static str) -> NamedOrder {
        Order::named(name)
    }

    #[test]
    fn an_order_prints_as_it_is() {
        let printed = |order: &Order<Row>| format!("{order:?}");
        let id = |row: &Row| row.0;
        let title = |row: &Row| row.1.clone();
        assert_eq!(printed(&order("a").unique_asc("id", id)), "a: id asc");
        let last = order("b").desc("title", title).unique_desc("id", id);
        assert_eq!(printed(&last), "b: title desc nulls last, id desc");
        let first = order("c")
            .desc("title", title)
            .nulls_first()
            .asc("n", id)
            .unique_asc("id", id);
        assert_eq!(printed(&first), "c: title desc nulls first, n asc, id asc");
        assert_eq!(first.columns().collect::<Vec<_>>(), ["title", "n", "id"]);
    }

    #[test]
    fn orders_that_differ_in_anything_have_other_fingerprints() {
        let id = |row: &Row| row.0;
        let title = |row: &Row| row.1.clone();
        let all: Vec<Order<Row>> = vec![
            order("a").unique_asc("id", id),
            order("b").unique_asc("id", id),
            order("a").unique_desc("id", id),
            order("a").unique_asc("other", id),
            order("a").unique_asc("id", |row: &Row| row.0.to_string()),
            order("a").asc("title", title).unique_asc("id", id),
            order("a")
                .asc("title", title)
                .nulls_last()
                .unique_asc("id", id),
            order("a")
                .asc("title", |row: &Row| row.1.clone().unwrap_or_default())
                .unique_asc("id", id),
        ];
        for (index, one) in all.iter().enumerate() {
            for other in &all[index + 1..] {
                assert_ne!(
                    one.fingerprint(),
                    other.fingerprint(),
                    "{one:?} and {other:?}"
                );
            }
        }
    }

    #[test]
    fn the_fingerprint_is_the_same_in_every_build() {
        let fixed = order("newest")
            .desc("title", |row: &Row| row.1.clone())
            .unique_desc("id", |row| row.0);
        let hex: String = fixed
            .fingerprint()
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        assert_eq!(hex, "72aedd45784b394b1df452c73ea71145");
    }
}
