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
/// The columns are names of what the base query selects, so text never comes from a request; case makes no difference
/// where the database makes none (PostgreSQL does). The closures say which type each has, and give the keys of an item
/// where there is no row to read them from ([`assemble`](crate::Keyset::assemble)).
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
/// assert_eq!(NEWEST.columns().collect::<Vec<_>>(), ["pinned", "title", "id"]);
/// assert_eq!(format!("{:?}", *NEWEST), "newest: pinned desc nulls last, title asc, id desc");
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
/// A column whose closure returns an [`Option`] may be NULL. NULL counts as the smallest value, first when ascending
/// and last when descending, on every database, unless [`nulls_first`](KeyColumns::nulls_first) or
/// [`nulls_last`](KeyColumns::nulls_last) says otherwise. A column that holds NULLs and is not declared so is a mistake
/// that loses rows; where a page meets such a row, it is an error.
pub struct Order<T> {
    name: &'static str,
    columns: Vec<Column<T>>,
    fingerprint: [u8; 16],
}

impl Order<()> {
    /// Begins an order. The name tells the cursors of one order from those of another that has the same columns.
    ///
    /// So each list has names of its own: two tables whose orders share name and columns take each other's cursors. Any
    /// text will do; clients do not see it. Under a new name the cursors that are out are refused.
    ///
    /// ```
    /// use axum_pagination::{CursorParams, Order, keyset};
    ///
    /// let order = |name| Order::named(name).unique_asc("id", |id: &u32| *id);
    /// let first = CursorParams::<20, 100>::new(None, 2)?;
    /// let page = keyset(&order("posts")).assemble(vec![1, 2, 3], &first)?;
    ///
    /// let next = CursorParams::<20, 100>::new(page.next_cursor(), 2)?;
    /// assert!(keyset(&order("posts")).assemble(vec![3], &next).is_ok());
    /// let refused = keyset(&order("drafts")).assemble(vec![3], &next).unwrap_err();
    /// assert_eq!(refused.status(), 400);
    /// # Ok::<(), axum_pagination::PageError>(())
    /// ```
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
///
/// It is `Copy`, so that several orders may begin with it: columns tell their cursors apart as well.
///
/// ```
/// use axum_pagination::Order;
///
/// let posts = Order::named("posts");
/// assert_eq!(format!("{:?}", posts.unique_asc("id", |id: &u32| *id)), "posts: id asc");
/// assert_eq!(format!("{:?}", posts.unique_desc("id", |id: &u32| *id)), "posts: id desc");
/// ```
#[derive(Clone, Copy, Debug)]
#[must_use = "an order ends with its unique key"]
pub struct NamedOrder {
    name: &'static str,
}

/// An order that lacks its unique key still: see [`Order::named`].
///
/// `K` is the type of the column added last: where it is an [`Option`], [`nulls_first`](Self::nulls_first) and
/// [`nulls_last`](Self::nulls_last) can be said of that column, and of no column before it.
///
/// ```
/// use axum_pagination::{KeyColumns, Order};
///
/// type Row = (u32, Option<i64>, String);
/// let pinned: KeyColumns<Row, Option<i64>> = Order::named("pinned").asc("pinned", |row: &Row| row.1);
/// let title: KeyColumns<Row, String> = pinned.nulls_last().asc("title", |row| row.2.clone());
/// assert_eq!(format!("{title:?}"), r#"KeyColumns { name: "pinned", columns: ["pinned", "title"] }"#);
/// ```
///
/// ```compile_fail
/// # use axum_pagination::Order;
/// let title = Order::named("title").asc("title", |row: &(u32, String)| row.1.clone()).nulls_last();
/// ```
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
    ///
    /// What is smaller the database says, by the column's type and collation, not Rust's `Ord`.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # #[cfg(feature = "sqlite")] {
    /// use axum_pagination::{CursorParams, Order, keyset};
    ///
    /// # let pool = sqlx::sqlite::SqlitePoolOptions::new().max_connections(1).connect("sqlite::memory:").await?;
    /// # let table = "CREATE TABLE posts (id INTEGER PRIMARY KEY, title TEXT NOT NULL)";
    /// # sqlx::query(table).execute(&pool).await?;
    /// sqlx::query("INSERT INTO posts VALUES (1, 'b'), (2, 'a'), (3, 'B')").execute(&pool).await?;
    /// type Post = (i64, String);
    /// let by_title = Order::named("title").asc("title", |post: &Post| post.1.clone()).unique_asc("id", |post| post.0);
    /// let titles = async |base: &'static str| {
    ///     let posts = keyset(&by_title).select(|q| { q.push(base); });
    ///     let page = posts.fetch(&pool, &CursorParams::<20, 100>::default()).await?;
    ///     Ok::<_, axum_pagination::PageError>(page.map_items(|post| post.1).into_items())
    /// };
    /// assert_eq!(titles("SELECT id, title FROM posts").await?, ["B", "a", "b"]);
    /// // Equal without regard to case: the unique key decides.
    /// assert_eq!(titles("SELECT id, title COLLATE NOCASE AS title FROM posts").await?, ["a", "b", "B"]);
    /// # }
    /// # Ok(()) }
    /// ```
    pub fn asc<T, K: Key>(
        self,
        column: &'static str,
        key: impl Fn(&T) -> K + Send + Sync + 'static,
    ) -> KeyColumns<T, K> {
        self.columns().asc(column, key)
    }

    /// A column from large to small.
    ///
    /// Rows that are equal in it stand as the columns after it say, not the other way round: a direction is a column's
    /// own.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # #[cfg(feature = "sqlite")] {
    /// use axum_pagination::{CursorParams, Order, keyset};
    ///
    /// # let pool = sqlx::sqlite::SqlitePoolOptions::new().max_connections(1).connect("sqlite::memory:").await?;
    /// # let table = "CREATE TABLE posts (id INTEGER PRIMARY KEY, stars INTEGER NOT NULL)";
    /// # sqlx::query(table).execute(&pool).await?;
    /// sqlx::query("INSERT INTO posts VALUES (1, 5), (2, 9), (3, 5), (4, 9)").execute(&pool).await?;
    /// let best = Order::named("best").desc("stars", |post: &(i64, i64)| post.1).unique_asc("id", |post| post.0);
    /// let posts = keyset(&best).select(|q| { q.push("SELECT id, stars FROM posts"); });
    /// let page = posts.fetch(&pool, &CursorParams::<20, 100>::default()).await?;
    /// assert_eq!(page.items(), [(2, 9), (4, 9), (1, 5), (3, 5)]);
    /// # }
    /// # Ok(()) }
    /// ```
    pub fn desc<T, K: Key>(
        self,
        column: &'static str,
        key: impl Fn(&T) -> K + Send + Sync + 'static,
    ) -> KeyColumns<T, K> {
        self.columns().desc(column, key)
    }

    /// The unique key alone, from small to large.
    ///
    /// That it is unique is a promise. Where a page ends between two rows with the same key, of which one would be
    /// lost, it is a [`PageError::Declaration`](crate::PageError::Declaration), a logged 500; elsewhere nobody looks.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # #[cfg(feature = "sqlite")] {
    /// use axum_pagination::{CursorParams, Order, PageError, keyset};
    ///
    /// # let pool = sqlx::sqlite::SqlitePoolOptions::new().max_connections(1).connect("sqlite::memory:").await?;
    /// # let table = "CREATE TABLE posts (day INTEGER NOT NULL)";
    /// # sqlx::query(table).execute(&pool).await?;
    /// sqlx::query("INSERT INTO posts VALUES (1), (2), (2), (3)").execute(&pool).await?;
    /// let by_day = Order::named("day").unique_asc("day", |post: &(i64,)| post.0);
    /// let page = async |size| {
    ///     let posts = keyset(&by_day).select(|q| { q.push("SELECT day FROM posts"); });
    ///     posts.fetch(&pool, &CursorParams::<20, 100>::new(None, size)?).await
    /// };
    /// assert_eq!(page(3).await?.items(), [(1,), (2,), (2,)]);
    /// assert!(matches!(page(2).await, Err(PageError::Declaration(says)) if says.contains("`day` is not unique")));
    /// # }
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn unique_asc<T, K: NotNull>(
        self,
        column: &'static str,
        key: impl Fn(&T) -> K + Send + Sync + 'static,
    ) -> Order<T> {
        self.columns().unique_asc(column, key)
    }

    /// The unique key alone, from large to small.
    ///
    /// The type in Rust does not change how the database compares: numbers in a text column are texts.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # #[cfg(feature = "sqlite")] {
    /// use axum_pagination::{CursorParams, Order, keyset};
    ///
    /// # let pool = sqlx::sqlite::SqlitePoolOptions::new().max_connections(1).connect("sqlite::memory:").await?;
    /// # let table = "CREATE TABLE posts (id INTEGER PRIMARY KEY, number TEXT UNIQUE NOT NULL)";
    /// # sqlx::query(table).execute(&pool).await?;
    /// sqlx::query("INSERT INTO posts VALUES (9, '9'), (10, '10'), (11, '11')").execute(&pool).await?;
    /// let by_id = Order::named("id").unique_desc("id", |post: &(i64, String)| post.0);
    /// let by_number = Order::named("number").unique_desc("number", |post: &(i64, String)| post.1.clone());
    /// let ids = async |order: &Order<(i64, String)>| {
    ///     let posts = keyset(order).select(|q| { q.push("SELECT id, number FROM posts"); });
    ///     let page = posts.fetch(&pool, &CursorParams::<20, 100>::default()).await?;
    ///     Ok::<_, axum_pagination::PageError>(page.map_items(|post| post.0).into_items())
    /// };
    /// assert_eq!(ids(&by_id).await?, [11, 10, 9]);
    /// assert_eq!(ids(&by_number).await?, [9, 11, 10]);
    /// # }
    /// # Ok(()) }
    /// ```
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
    ///
    /// It decides among rows that are equal in all columns before it. A page may end between such rows.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # #[cfg(feature = "sqlite")] {
    /// use axum_pagination::{CursorParams, Order, keyset};
    ///
    /// # let pool = sqlx::sqlite::SqlitePoolOptions::new().max_connections(1).connect("sqlite::memory:").await?;
    /// # let table = "CREATE TABLE posts (id INTEGER PRIMARY KEY, author INTEGER NOT NULL, title TEXT NOT NULL)";
    /// # sqlx::query(table).execute(&pool).await?;
    /// sqlx::query("INSERT INTO posts VALUES (1,7,'b'), (2,7,'c'), (3,8,'a'), (4,7,'a')").execute(&pool).await?;
    /// let order = Order::named("author and title")
    ///     .desc("author", |post: &(i64, i64, String)| post.1)
    ///     .asc("title", |post| post.2.clone())
    ///     .unique_asc("id", |post| post.0);
    /// let page = async |cursor: Option<&str>| {
    ///     let posts = keyset(&order).select(|q| { q.push("SELECT id, author, title FROM posts"); });
    ///     let page = posts.fetch(&pool, &CursorParams::<20, 100>::new(cursor, 2)?).await?;
    ///     Ok::<_, axum_pagination::PageError>(page.map_items(|post| post.0))
    /// };
    /// let first = page(None).await?;
    /// assert_eq!(first.items(), [3, 4]);
    /// assert_eq!(page(first.next_cursor()).await?.items(), [1, 2]);
    /// # }
    /// # Ok(()) }
    /// ```
    pub fn asc<L: Key>(
        self,
        column: &'static str,
        key: impl Fn(&T) -> L + Send + Sync + 'static,
    ) -> KeyColumns<T, L> {
        self.with(Column::new(column, false, key))
    }

    /// One more column, from large to small.
    ///
    /// Directions may be mixed, at a price: one index has to have them so, column by column ([`guide`](crate::guide)).
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # #[cfg(feature = "sqlite")] {
    /// use axum_pagination::{CursorParams, Order, keyset};
    ///
    /// # let pool = sqlx::sqlite::SqlitePoolOptions::new().max_connections(1).connect("sqlite::memory:").await?;
    /// # let table = "CREATE TABLE posts (id INTEGER PRIMARY KEY, author INTEGER NOT NULL, stars INTEGER)";
    /// # sqlx::query(table).execute(&pool).await?;
    /// sqlx::query("INSERT INTO posts VALUES (1, 7, 3), (2, 7, NULL), (3, 8, 4), (4, 7, 5)").execute(&pool).await?;
    /// let order = Order::named("author, best first")
    ///     .asc("author", |post: &(i64, i64, Option<i64>)| post.1)
    ///     .desc("stars", |post| post.2) // its NULLs are the smallest, and come last
    ///     .unique_asc("id", |post| post.0);
    /// let posts = keyset(&order).select(|q| { q.push("SELECT id, author, stars FROM posts"); });
    /// let page = posts.fetch(&pool, &CursorParams::<20, 100>::default()).await?;
    /// assert_eq!(page.items(), [(4, 7, Some(5)), (1, 7, Some(3)), (2, 7, None), (3, 8, Some(4))]);
    /// # }
    /// # Ok(()) }
    /// ```
    pub fn desc<L: Key>(
        self,
        column: &'static str,
        key: impl Fn(&T) -> L + Send + Sync + 'static,
    ) -> KeyColumns<T, L> {
        self.with(Column::new(column, true, key))
    }

    /// The unique key at the end, from small to large: a column that is UNIQUE and NOT NULL.
    ///
    /// Unique in what the base query gives: a join that gives a post once for each of its tags has no unique post.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # #[cfg(feature = "sqlite")] {
    /// use axum_pagination::{CursorParams, Order, PageError, keyset};
    ///
    /// # let pool = sqlx::sqlite::SqlitePoolOptions::new().max_connections(1).connect("sqlite::memory:").await?;
    /// # let table = "CREATE TABLE tags (post INTEGER NOT NULL, tag TEXT NOT NULL, PRIMARY KEY (post, tag))";
    /// # sqlx::query(table).execute(&pool).await?;
    /// sqlx::query("INSERT INTO tags VALUES (1, 'rust'), (1, 'web'), (2, 'web')").execute(&pool).await?;
    /// let page = async |order| {
    ///     let tags = keyset(order).select(|q| { q.push("SELECT post, tag FROM tags"); });
    ///     tags.fetch(&pool, &CursorParams::<20, 100>::new(None, 1)?).await
    /// };
    /// let by_post = Order::named("post").unique_asc("post", |row: &(i64, String)| row.0);
    /// assert!(matches!(page(&by_post).await, Err(PageError::Declaration(_))));
    ///
    /// // Unique together is enough.
    /// let by_both = Order::named("tags").asc("post", |row: &(i64, String)| row.0);
    /// let by_both = by_both.unique_asc("tag", |row| row.1.clone());
    /// assert_eq!(page(&by_both).await?.items(), [(1, "rust".to_owned())]);
    /// # }
    /// # Ok(()) }
    /// ```
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
    ///
    /// All columns in one direction are read from one index, whichever direction it has ([`guide`](crate::guide)).
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # #[cfg(feature = "sqlite")] {
    /// use axum_pagination::{CursorParams, Order, keyset};
    ///
    /// # let pool = sqlx::sqlite::SqlitePoolOptions::new().max_connections(1).connect("sqlite::memory:").await?;
    /// # let table = "CREATE TABLE posts (id INTEGER PRIMARY KEY, day INTEGER NOT NULL)";
    /// # sqlx::query(table).execute(&pool).await?;
    /// sqlx::query("INSERT INTO posts VALUES (1, 20), (2, 20), (3, 19)").execute(&pool).await?;
    /// let newest = Order::named("newest").desc("day", |post: &(i64, i64)| post.1).unique_desc("id", |post| post.0);
    /// assert_eq!(format!("{newest:?}"), "newest: day desc, id desc");
    /// let posts = keyset(&newest).select(|q| { q.push("SELECT id, day FROM posts"); });
    /// let page = posts.fetch(&pool, &CursorParams::<20, 100>::default()).await?;
    /// assert_eq!(page.items(), [(2, 20), (1, 20), (3, 19)]);
    /// # }
    /// # Ok(()) }
    /// ```
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
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # #[cfg(feature = "sqlite")] {
    /// use axum_pagination::{CursorParams, Order, keyset};
    ///
    /// # let pool = sqlx::sqlite::SqlitePoolOptions::new().max_connections(1).connect("sqlite::memory:").await?;
    /// # let table = "CREATE TABLE posts (id INTEGER PRIMARY KEY, due INTEGER)";
    /// # sqlx::query(table).execute(&pool).await?;
    /// sqlx::query("INSERT INTO posts VALUES (1, 30), (2, NULL), (3, 31), (4, NULL)").execute(&pool).await?;
    /// let order = Order::named("due")
    ///     .desc("due", |post: &(i64, Option<i64>)| post.1)
    ///     .nulls_first() // of `due`
    ///     .unique_asc("id", |post| post.0);
    /// let page = async |cursor: Option<&str>| {
    ///     let posts = keyset(&order).select(|q| { q.push("SELECT id, due FROM posts"); });
    ///     posts.fetch(&pool, &CursorParams::<20, 100>::new(cursor, 1)?).await
    /// };
    /// let first = page(None).await?;
    /// assert_eq!(first.items(), [(2, None)]);
    /// let second = page(first.next_cursor()).await?; // behind a NULL: the other NULL, then the values
    /// assert_eq!(second.items(), [(4, None)]);
    /// assert_eq!(page(second.next_cursor()).await?.items(), [(3, Some(31))]);
    /// # }
    /// # Ok(()) }
    /// ```
    pub fn nulls_first(self) -> Self {
        self.nulls(Nulls::First)
    }

    /// NULLs of the column before come after its values.
    ///
    /// Of several that are said of one column the last one holds. Where they stand is part of the order: a cursor of
    /// the same columns with NULLs elsewhere is a 400.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # #[cfg(feature = "sqlite")] {
    /// use axum_pagination::{CursorParams, Order, keyset};
    ///
    /// # let pool = sqlx::sqlite::SqlitePoolOptions::new().max_connections(1).connect("sqlite::memory:").await?;
    /// # let table = "CREATE TABLE posts (id INTEGER PRIMARY KEY, due INTEGER)";
    /// # sqlx::query(table).execute(&pool).await?;
    /// sqlx::query("INSERT INTO posts VALUES (1, 30), (2, NULL), (3, 31)").execute(&pool).await?;
    /// let due = || Order::named("due").asc("due", |post: &(i64, Option<i64>)| post.1);
    /// let smallest = due().unique_asc("id", |post| post.0);
    /// let last = due().nulls_last().unique_asc("id", |post| post.0);
    /// let page = async |order, cursor: Option<&str>| {
    ///     let posts = keyset(order).select(|q| { q.push("SELECT id, due FROM posts"); });
    ///     posts.fetch(&pool, &CursorParams::<20, 100>::new(cursor, 1)?).await
    /// };
    /// let first = page(&smallest, None).await?;
    /// assert_eq!(first.items(), [(2, None)]);
    /// assert_eq!(page(&last, None).await?.items(), [(1, Some(30))]);
    /// assert_eq!(page(&last, first.next_cursor()).await.unwrap_err().status(), 400);
    /// # }
    /// # Ok(()) }
    /// ```
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
