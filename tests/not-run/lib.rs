//! Nothing but the last lines of `cargo test --workspace`: what was not run, because a program of other
//! people is missing.
//!
//! cargo runs doctests after all tests, package by package in the order of their names, and captures
//! what they print. So the lines are not printed by a test: rustdoc, looking for examples in the last package,
//! expands this macro, which prints them and ends it. There are no examples here that could be missed.

not_run_macro::print_and_end!();
