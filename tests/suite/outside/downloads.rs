//! Downloads: under which name each client saves what it is sent.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use suite_support::outside::{CHROMIUM, CONTENT_DISPOSITION, CURL, PLAYWRIGHT, PYTHON, present};
use suite_support::{BOTH, Server};

use super::{client, folder, ground, node, program, run, url};

/// A download of `/dl`, and the name that clients see.
struct Download {
    kind: &'static str,
    /// What npm content-disposition reads: `filename*` first, as RFC 6266 §4.3 has it. Of the name that the server
    /// was given, all is there but folders, backslashes and control characters.
    full: &'static str,
    /// What curl and Python's email package read: they know `filename` alone.
    simple: &'static str,
    /// What Chromium saves: the full name, with `_` for what Windows does not take in one.
    saved: &'static str,
}

const DOWNLOADS: [Download; 16] = [
    same("plain", "report.pdf"),
    same("space", "my report.pdf"),
    // A quote within quotes would need a backslash, which many clients take for a part of the name.
    Download {
        kind: "quote",
        full: "a\"b.txt",
        simple: "a_b.txt",
        saved: "a_b.txt",
    },
    same("backslash", "a_b.txt"),
    encoded("latin1", "café.txt", "caf_.txt"),
    encoded("cjk", "日本語.txt", "___.txt"),
    encoded("emoji", "😀.txt", "_.txt"),
    encoded("euro", "€uro.txt", "_uro.txt"),
    same("semicolon", "a;b.txt"),
    // Chromium decodes what is percent-encoded in `filename`: it must find the name in `filename*`.
    same("percent", "100%25.txt"),
    same("apos", "it's.txt"),
    Download {
        kind: "mixed",
        full: "naïve \"plan\" 50%; €.txt",
        simple: "na_ve _plan_ 50%; _.txt",
        saved: "naïve _plan_ 50%; €.txt",
    },
    same("slash", "b.txt"),
    same("dotdot", "passwd"),
    same("tab", "a_b.txt"),
    Download {
        saved: "a__X-Evil_ 1.txt",
        ..same("crlf", "a__X-Evil: 1.txt")
    },
];

const fn same(kind: &'static str, name: &'static str) -> Download {
    encoded(kind, name, name)
}

const fn encoded(kind: &'static str, full: &'static str, simple: &'static str) -> Download {
    Download {
        kind,
        full,
        simple,
        saved: full,
    }
}

const CONTENT: &str = "a small download\n";

fn urls(server: &Server) -> Vec<String> {
    let urls = DOWNLOADS.iter();
    urls.map(|download| url(server, &format!("/dl/{}", download.kind)))
        .collect()
}

#[track_caller]
fn assert_seen(seen: &Value, expected: impl Fn(&Download) -> Value) {
    let seen = seen.as_array().unwrap();
    assert_eq!(seen.len(), DOWNLOADS.len());
    for (seen, download) in seen.iter().zip(&DOWNLOADS) {
        assert_eq!(*seen, expected(download), "{}", download.kind);
    }
}

#[tokio::test]
async fn no_name_becomes_a_header_line() {
    let server = ground().await;
    for version in BOTH {
        for Download { kind, .. } in &DOWNLOADS {
            let answer = server
                .ask(version, "GET", &format!("/dl/{kind}"), &[])
                .await;
            assert_eq!(answer.status, 200);
            assert_eq!(answer.header("x-evil"), None, "{answer:?}");
            let disposition = answer.header("content-disposition").unwrap();
            assert!(
                disposition.starts_with("attachment; filename=\""),
                "{disposition}"
            );
        }
    }
}

#[tokio::test]
async fn npm_content_disposition_reads_the_full_name() {
    if present(&[CONTENT_DISPOSITION]) {
        let server = ground().await;
        let mut reader = node("disposition.cjs", &[]);
        reader.args(urls(&server));
        let seen = run(reader).await.json();
        assert_seen(&seen, |download| json!(["attachment", download.full]));
    }
}

#[tokio::test]
async fn pythons_email_package_reads_the_simple_name() {
    if present(&[PYTHON]) {
        let server = ground().await;
        let mut reader = program("python3", &[]);
        reader.arg(client("disposition.py"));
        reader.args(urls(&server));
        let seen = run(reader).await.json();
        assert_seen(&seen, |download| json!(["attachment", download.simple]));
    }
}

#[tokio::test]
async fn chromium_saves_under_the_full_name() {
    if let (true, Some(chromium)) = (present(&[CHROMIUM, PLAYWRIGHT]), CHROMIUM.find()) {
        let server = ground().await;
        let mut browser = node("downloads_chromium.cjs", &[&chromium.to_string_lossy()]);
        browser.args(urls(&server));
        let seen = run(browser).await.json();
        assert_seen(&seen, |download| json!([download.saved, CONTENT]));
    }
}

#[tokio::test]
async fn curl_saves_under_the_simple_name_and_nowhere_else() {
    if present(&[CURL]) {
        let server = ground().await;
        let folder = folder("curl-downloads");
        // Two folders deep: what climbs is still seen.
        let start = folder.join("deep/deeper");
        let mut expected = Vec::new();
        for (Download { kind, simple, .. }, url) in DOWNLOADS.iter().zip(urls(&server)) {
            let place = start.join(kind);
            std::fs::create_dir_all(&place).unwrap();
            let mut curl = program("curl", &["--disable", "--silent", "--show-error"]);
            curl.args(["--remote-name", "--remote-header-name", &url])
                .current_dir(&place);
            run(curl).await.well();
            let saved = place.join(simple);
            assert_eq!(std::fs::read_to_string(&saved).unwrap(), CONTENT, "{kind}");
            expected.push(saved);
        }
        let mut found = files(&folder);
        found.sort_unstable();
        expected.sort_unstable();
        assert_eq!(found, expected);
    }
}

/// All that is no folder, wherever it lies below this one.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap();
    let paths = entries.map(|entry| entry.unwrap().path());
    paths
        .flat_map(|path| {
            if path.is_dir() {
                files(&path)
            } else {
                vec![path]
            }
        })
        .collect()
}
