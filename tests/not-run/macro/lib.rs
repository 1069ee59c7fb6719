//! Prints what was not run, when a test run has come to its end. `what-was-not-run` says why this is a macro.

use std::env;
use std::io::{Write, stdout};
use std::path::Path;
use std::process::exit;

use proc_macro::TokenStream;

// The same file as in the tests, and not their crate: that would build all of axum a second time.
#[allow(dead_code, unreachable_pub)]
#[path = "../../src/outside.rs"]
mod outside;

/// Where rustdoc looks for examples to run: the lines, and the end of rustdoc. Nothing anywhere else.
#[proc_macro]
pub fn print_and_end(_: TokenStream) -> TokenStream {
    if runs_examples() {
        let lines = outside::not_run().join("\n");
        // Without its summary the run is what it was.
        drop(writeln!(stdout(), "\n{lines}"));
        exit(0);
    }
    TokenStream::new()
}

fn runs_examples() -> bool {
    let mut words = env::args_os();
    let program = words.next().unwrap_or_default();
    Path::new(&program)
        .file_stem()
        .is_some_and(|name| name == "rustdoc")
        && words.any(|word| word == "--test")
}
