//! The last lines of a test run.

use std::path::Path;

use suite_support::outside::ALL;
use tokio::process::Command;

use super::{folder, program, run};

/// The cargo that runs these tests, on the workspace.
fn cargo(words: &[&str]) -> Command {
    let mut cargo = program(env!("CARGO"), words);
    cargo
        .arg("--offline")
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(".."));
    cargo
}

#[tokio::test]
async fn the_package_that_prints_them_is_tested_last() {
    let metadata = cargo(&["metadata", "--no-deps", "--format-version", "1"]);
    let metadata = run(metadata).await.json();
    let packages = metadata["packages"].as_array().unwrap().iter();
    let last = packages
        .filter_map(|package| package["name"].as_str())
        .max();
    assert_eq!(last, Some("what-was-not-run"));
}

#[tokio::test]
async fn they_are_what_was_not_run() {
    let folder = folder("last-lines");
    let mut rustdoc = cargo(&["test", "--doc", "--package", "what-was-not-run"]);
    rustdoc
        // Not beside what is being built meanwhile.
        .arg("--target-dir")
        .arg(folder.join("target"))
        .env("OUTSIDE_TOOLS", &folder);
    let printed = run(rustdoc).await.well();
    let packages = ALL.iter().map(ToString::to_string);
    let packages: Vec<_> = packages
        .filter(|one| one.starts_with("npm ") || one.starts_with("PyPI "))
        .map(|one| format!("not run: {one}"))
        .collect();
    let lines: Vec<_> = printed.lines().collect();
    let last = &lines[lines.len().saturating_sub(packages.len())..];
    assert_eq!(last, packages, "{printed}");
}
