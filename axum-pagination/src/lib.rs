//! Pagination for [axum](https://docs.rs/axum) in three styles, classic, limit/offset and cursor: traits, extractors and
//! containers for any source of rows, and pages out of SQLite, PostgreSQL, MySQL and MariaDB over
//! [sqlx](https://docs.rs/sqlx) that cost the same at any depth.
//!
//! ```
//! use axum::{Router, body::Body, http::Request, routing::get};
//! use axum_pagination::{ClassicPagination, ClassicPaginator, ClassicParams, InMemory, PageError};
//! # use tower::ServiceExt;
//!
//! // ?page_size=20&current_page=1 unless said; at most 100 rows a page; anything else is a 400 that names the parameter.
//! async fn letters(page: ClassicParams<20, 100>) -> Result<ClassicPagination<char>, PageError> {
//!     InMemory::new(('a'..='z').collect::<Vec<_>>()).paginate(page).await
//! }
//!
//! # #[tokio::main(flavor = "current_thread")] async fn main() {
//! let app: Router = Router::new().route("/letters", get(letters));
//! let request = Request::get("/letters?page_size=3&current_page=9").body(Body::empty()).unwrap();
//! let response = app.oneshot(request).await.unwrap();
//! let body = axum::body::to_bytes(response.into_body(), 1000).await.unwrap();
//! assert_eq!(body, r#"{"items":["y","z"],"page_size":3,"current_page":9,"total_pages":9}"#);
//! # }
//! ```
//!
//! # Which style?
//!
//! | | classic | limit/offset | cursor |
//! |---|---|---|---|
//! | the client says | a page's number | how many rows to pass over | where the last page ended |
//! | it learns | how many pages there are | how many rows there are | where the next and the previous page begin |
//! | it can jump | to any page | to any row | to the first page and to the last |
//! | page 49,000 costs | what 980,000 rows cost | the same | what the first page costs |
//! | a row is inserted before the page | a row is seen twice | a row is seen twice | nothing happens |
//! | a row before the page is removed | **a row is never seen** | **a row is never seen** | nothing happens |
//! | a row's own key is changed | seen twice or never | seen twice or never | seen twice or never |
//! | made for | short lists, page numbers in a user interface | the same, with spreadsheets' habits | feeds, infinite scroll, exports, synchronisation |
//!
//! So take a cursor where lists grow or clients read all of it, and numbers where a person picks a page of a few hundred.
//! No style shows a moment frozen in time: that needs a transaction that stays open, or a column that says when.
//!
//! # Any source: traits and containers
//! [`ClassicPaginator`], [`OffsetPaginator`] and [`CursorPaginator`] ask for the rows of a page and, the first two, for the
//! number of **rows**; pages are computed here, rounded up. Implementations write plain `async fn`. Functions that
//! block implement [`SyncClassicPaginator`] and its siblings, and become paginators as [`Blocking`] (one job of the
//! blocking pool a page) or [`Inline`] (where they are called).
//!
//! ```
//! use std::num::NonZeroU64;
//! use axum_pagination::{OffsetPaginator, OffsetParams};
//!
//! struct Squares;
//!
//! impl OffsetPaginator for Squares {
//!     type Item = u64;
//!     type Error = std::convert::Infallible;
//!
//!     async fn get_total(&self) -> Result<u64, Self::Error> {
//!         Ok(1000)
//!     }
//!
//!     async fn get_items(&self, limit: NonZeroU64, offset: u64) -> Result<Vec<u64>, Self::Error> {
//!         Ok((offset..1000).take(limit.get() as usize).map(|n| n * n).collect())
//!     }
//! }
//!
//! # #[tokio::main(flavor = "current_thread")] async fn main() {
//! let page = Squares.paginate(OffsetParams::<20, 100>::new(2, 7).unwrap()).await.unwrap();
//! assert_eq!((page.items, page.total), (vec![49, 64], 1000));
//! # }
//! ```
//!
//! | parameters | container | page: container and `Link` |
//! |---|---|---|
//! | [`ClassicParams`]: `page_size`, `current_page` | [`ClassicPagination`]: `items`, `page_size`, `current_page`, `total_pages` | [`ClassicPage`] |
//! | [`OffsetParams`]: `limit`, `offset` | [`OffsetPagination`]: `items`, `limit`, `offset`, `total` | [`OffsetPage`] |
//! | [`CursorParams`]: `results_per_page`, `cursor` | [`CursorPagination`]: `items`, `results_per_page`, `cursor` | [`CursorPage`]: and `previous_cursor` |
//!
//! The parameters are called otherwise by a type that implements [`Names`]. `container.link(&params)` makes a page, which
//! answers with a `Link` header (RFC 8288) to the first, previous, next and last page. Its references are relative, so no proxy
//! can make them wrong, and keep every other parameter of the request. `page.bare()` is the way back, `page.map_items(..)`
//! turns rows into what clients see of them.
//!
//! # Out of a database: an order and a query
#![cfg_attr(feature = "sqlite", doc = "```")]
#![cfg_attr(not(feature = "sqlite"), doc = "```ignore")]
//! use std::sync::LazyLock;
//! use axum::{Router, extract::State, routing::get};
//! use axum_pagination::{Count, CursorKey, CursorPage, CursorParams, Order, PageError, keyset};
//! use serde::Serialize;
//! use sqlx::{FromRow, SqlitePool};
//!
//! #[derive(FromRow, Serialize)]
//! struct Post { id: i64, pinned: Option<i64>, title: String }
//!
//! // Declared once. Without a unique last key that is never NULL there is no `Order`.
//! static PINNED: LazyLock<Order<Post>> = LazyLock::new(|| {
//!     Order::named("pinned")
//!         .desc("pinned", |post: &Post| post.pinned) // an Option: NULLs come last here
//!         .asc("title", |post| post.title.clone())
//!         .unique_desc("id", |post| post.id)
//! });
//!
//! #[derive(Clone)]
//! struct App { pool: SqlitePool, cursor_key: CursorKey }
//!
//! async fn posts(State(app): State<App>, page: CursorParams<20, 100>) -> Result<CursorPage<Post>, PageError> {
//!     let author = 7;
//!     keyset(&PINNED)
//!         .select(|q| { q.push("SELECT id, pinned, title FROM posts WHERE author = ").push_bind(author); })
//!         .scope(&author)               // a cursor of another author's list is a 400
//!         .signed(&app.cursor_key)      // HMAC-SHA256
//!         .count(Count::Capped(10_000)) // X-Total-Count; nothing is counted unless asked
//!         .fetch(&app.pool, &page)      // a pool, a connection or a transaction
//!         .await
//! }
//!
//! # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # use tower::ServiceExt;
//! # let pool = sqlx::sqlite::SqlitePoolOptions::new().max_connections(1).connect("sqlite::memory:").await?;
//! # sqlx::query("CREATE TABLE posts (id INTEGER PRIMARY KEY, author, pinned, title)").execute(&pool).await?;
//! # sqlx::query("INSERT INTO posts VALUES (1, 7, NULL, 'a'), (2, 7, 1, 'b'), (3, 7, 1, 'a'), (4, 8, 1, 'c')").execute(&pool).await?;
//! # let app = App { pool, cursor_key: CursorKey::new([0; 32]) };
//! let router: Router = Router::new().route("/posts", get(posts)).with_state(app);
//! # let request = axum::http::Request::get("/posts?results_per_page=2").body(axum::body::Body::empty())?;
//! # let response = router.oneshot(request).await?;
//! # assert_eq!(response.headers()["x-total-count"], "3");
//! # let body = axum::body::to_bytes(response.into_body(), 1000).await?;
//! # let page: serde_json::Value = serde_json::from_slice(&body)?;
//! # assert_eq!(page["items"].to_string(), r#"[{"id":3,"pinned":1,"title":"a"},{"id":2,"pinned":1,"title":"b"}]"#);
//! # Ok(()) }
//! ```
//!
//! The same list in pages by number: [`.classic(&pool, &params)`](Keyset::classic), [`.offset(&pool, &params)`](Keyset::offset).
//! All of its rows as a stream: [`.walk(&pool, size)`](Keyset::walk). Several orders for `?sort=`: [`Orders`] and the
//! extractor [`Sort`]. A query of one's own, such as `query_as!`: [`position`](Keyset::position) and
//! [`assemble`](Keyset::assemble). [`guide`] tells what is sent to the database, which index an order needs, what a cursor
//! holds, and what each database is slow at.
//!
//! # What clients are told
//! Every refusal is a [`Problem`](axum_responses::Problem) (RFC 9457): a parameter that is not what it has to be, a
//! cursor that was changed, cut, or made for another order, filter or version. [`rejection`] lists them. A database's
//! error is a 500 that says nothing of it, and a `tracing` event; a pool without a free connection is a 503.
//!
//! # OpenAPI
//! With the feature `openapi` parameters implement `utoipa::IntoParams` (names, defaults, minimum, maximum, the names
//! for `sort`), and containers, pages and [`PageError`] implement `utoipa::IntoResponses`:
//! `#[utoipa::path(get, path = "/posts", params(CursorParams<20, 100>), responses(CursorPage<Post>, PageError))]`. Items are
//! references, the component is called `CursorPage_Post`, a cursor may be null. Call `axum_responses::openapi::finish` on the
//! document, which puts the schemas where they belong.
//!
//! # Features
//!
//! | feature | what | default |
//! |---|---|---|
//! | `sqlite`, `postgres`, `mysql` | [`select`](Keyset::select) and what follows it, for `sqlx::Sqlite`, `sqlx::Postgres`, `sqlx::MySql` | `sqlite` |
//! | `chrono`, `time`, `uuid`, `rust_decimal` | keys of their types | |
//! | `openapi` | `utoipa` on parameters, containers and pages | |
//! | `testing` | the laws of pagination, to be checked on orders of one's own | |
//! | `full` | all of them | |
//!
//! `sql` is what the three databases share; it is nothing alone. Transport security and further features of sqlx are for
//! the application to choose.
//!
//! # What it does not do
//! - No snapshot: a row whose key is changed while a client walks may be seen twice or not at all.
//! - No filters made from a query string, and no column names from one: `WHERE` is yours, and bound.
//! - No encryption: whoever has a cursor can read the values of its keys. Do not order by what a client must not see.
//! - No `Any` database: its few types cannot carry a key exactly.
//! - Oracle's MySQL was not at hand: what is said of MySQL was tested on MariaDB 10.11.
//!
//! # Beside the others
//! `sqlx-paginated` and `page-hunter` give pages by number; `paginator-rs` has filters and several web frameworks, and a
//! cursor over one column. `sea-orm` has keyset pages in one direction for its entities. None of them keeps rows whose key is
//! NULL, binds a cursor to its order, or links pages; sea-orm's are typed through and through, where this crate takes
//! SQL text. Of the libraries of other languages, `sqlakeyset` (Python) and GitLab's keyset pages (Ruby) taught most.
//! For a list of a hundred rows, `LIMIT ? OFFSET ?` by hand is enough.
#![cfg_attr(docsrs, feature(doc_cfg))]

mod blocking;
mod classic;
mod cursor;
pub mod guide;
mod limits;
mod links;
mod memory;
mod names;
mod offset;
#[cfg(feature = "openapi")]
mod openapi;
mod order;
pub mod rejection;
#[cfg(feature = "sql")]
mod sql;
#[cfg(feature = "testing")]
pub mod testing;
mod total;

pub use self::blocking::{Blocking, Inline};
pub use self::classic::{
    ClassicPage, ClassicPagination, ClassicPaginator, ClassicParams, SyncClassicPaginator,
};
pub use self::cursor::{
    Count, CursorKey, CursorPage, CursorPagination, CursorPaginator, CursorParams, Keyset,
    NotACursorKey, OwnQuery, Position, SyncCursorPaginator, keyset,
};
pub use self::memory::{InMemory, InMemoryByKey};
pub use self::names::{Names, Standard};
pub use self::offset::{
    OffsetPage, OffsetPagination, OffsetPaginator, OffsetParams, SyncOffsetPaginator,
};
pub use self::order::{Key, KeyColumns, Keys, NamedOrder, NotNull, Order, Orders, Sort, Sortable};
pub use self::rejection::PageError;
#[cfg(feature = "sql")]
pub use self::sql::{Backend, Select};
pub use self::total::Total;

/// The code of the README compiles.
#[cfg(all(doctest, feature = "sqlite"))]
#[doc = include_str!("../README.md")]
struct Readme;
