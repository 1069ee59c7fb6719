//! Pagination for [axum](https://docs.rs/axum) services in three styles, classic, limit/offset and cursor, over
//! [sqlx](https://docs.rs/sqlx).
//!
//! This crate is empty: its place in the workspace is kept, nothing in it can be used yet. What is planned, in
//! the order in which it will come:
//! - traits with async functions for paginators, extractors for their parameters, containers for their pages;
//! - keyset pages for SQLite, PostgreSQL and MySQL/MariaDB that cost the same at any depth;
//! - signed cursors, `Link` headers, and their OpenAPI description.
