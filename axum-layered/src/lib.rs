//! Headers, cookies, caching, entity tags, statuses, hooks and encoders declared on the four layers of an
//! [axum](https://docs.rs/axum) application (app, router, controller, handler), merged once when it is built.
//!
//! This crate is empty: its place in the workspace is kept, nothing in it can be used yet. What is planned:
//! - a builder around a real `axum::Router`, whose layers cost a request one pass over ready values;
//! - the closest layer wins, and what the handler says wins over all of them;
//! - mistakes in one list when the application is built, and the merged declarations in the OpenAPI document.
