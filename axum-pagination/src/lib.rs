//! Pagination for [axum](https://docs.rs/axum) services in three styles, classic, limit/offset and cursor, over
//! [sqlx](https://docs.rs/sqlx).
//!
//! This crate is empty: its place in the workspace is kept, nothing in it can be used yet. What is planned, in
//! the order in which it will come:
//! - traits with async functions for paginators, extractors for their parameters, containers for their pages;
//! - keyset pages for SQLite, PostgreSQL and MySQL/MariaDB that cost the same at any depth;
//! - signed cursors, `Link` headers, and their OpenAPI description.

mod blocking;
mod classic;
mod cursor;
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
