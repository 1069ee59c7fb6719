//! The tests that stand at the boundaries, one file per theme.

// What is no test by itself but called by one may say what is wrong by panicking, too.
#![allow(clippy::unwrap_used)]

mod databases;
#[cfg(target_os = "linux")]
mod file;
mod file_table;
mod items;
mod layered;
mod litestar_docs;
mod outside;
mod pagination;
mod posts;
mod proving_ground;
mod responses;
