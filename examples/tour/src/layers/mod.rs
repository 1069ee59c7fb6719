//! `/layers`: what app, router, controller and handler declare, and what comes of it.

pub(crate) mod always;
pub(crate) mod cache_control;
pub(crate) mod cookies;
pub(crate) mod etag;
pub(crate) mod headers;
pub(crate) mod lists;
