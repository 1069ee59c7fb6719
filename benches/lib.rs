//! What is measured: for each responder the application a user writes by hand today, and ours.
//!
//! `cargo bench -p benches` runs them against each other; see `compare/main.rs`.

mod actix;
mod data;
mod layers;
mod routes;
mod work;

pub use actix::in_actix;
pub use routes::{PAIRS, Pair, app};
pub use work::{App, answers_per_second, in_process, over_http1};
