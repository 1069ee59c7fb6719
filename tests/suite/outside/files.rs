//! Files: what clients make of ranges and validators.

use std::path::Path;

use serde_json::json;
use suite_support::outside::{CURL, PYTHON, present};
use tokio::process::Command;

use super::{client, folder, program, run, tour, url};

/// When the tour's files were modified.
const MODIFIED: &str = "Tue, 14 Nov 2023 22:13:20 GMT";
const BEFORE: &str = "Tue, 14 Nov 2023 22:13:19 GMT";
const AFTER: &str = "Tue, 14 Nov 2023 22:13:21 GMT";

const VERSIONS: [&str; 2] = ["--http1.1", "--http2-prior-knowledge"];

fn curl(words: &[&str]) -> Command {
    let mut curl = program("curl", &["--disable", "--silent", "--show-error"]);
    curl.args(words);
    curl
}

/// The tour's `big.bin`.
fn big() -> Vec<u8> {
    let all: Vec<u8> = (0..=u8::MAX).collect();
    [all.repeat(12_288), b"tail".to_vec()].concat()
}

#[track_caller]
fn assert_same(path: &Path, expected: &[u8]) {
    let found = std::fs::read(path).unwrap();
    assert!(found == expected, "{} bytes", found.len());
}

#[tokio::test]
async fn curl_goes_on_where_a_download_was_cut() {
    if present(&[CURL]) {
        let server = tour().await;
        let address = url(&server, "/files/big");
        for version in VERSIONS {
            let folder = folder("curl-resume");
            let saved = folder.join("big.bin");
            let continued = async || {
                let mut curl = curl(&[version, "--continue-at", "-", "--output", "big.bin"]);
                curl.args(["--write-out", "%{http_code} %{size_download}", &address])
                    .current_dir(&folder);
                run(curl).await.well()
            };
            std::fs::write(&saved, &big()[..1_000_001]).unwrap();
            assert_eq!(continued().await, "206 2145731", "{version}");
            assert_same(&saved, &big());
            // Nothing is left: 416, whose Content-Range tells curl that it has everything.
            assert!(continued().await.starts_with("416"), "{version}");
            assert_same(&saved, &big());
        }
    }
}

#[tokio::test]
async fn curl_gets_the_parts_it_asks_for() {
    if present(&[CURL]) {
        let server = tour().await;
        let address = url(&server, "/files/digits");
        for version in VERSIONS {
            for (range, content) in [
                ("0-0", "0"),
                ("-4", "6789"),
                ("96-", "6789"),
                ("98-1000", "89"),
            ] {
                let answer = run(curl(&[version, "--range", range, &address])).await;
                assert_eq!(answer.well(), content, "{version} {range}");
            }
            // curl leaves several parts as they are.
            let words = [version, "--range", "0-1,5-6", "--include", &address];
            let answer = run(curl(&words)).await.well();
            let (head, body) = answer.split_once("\r\n\r\n").unwrap();
            let (_, boundary) = head.split_once("multipart/byteranges; boundary=").unwrap();
            let boundary = boundary.lines().next().unwrap();
            let part = |range: &str, content: &str| {
                format!(
                    "--{boundary}\r\ncontent-type: application/octet-stream\r\n\
                     content-range: bytes {range}/100\r\n\r\n{content}\r\n"
                )
            };
            let parts = [part("0-1", "01"), part("5-6", "56")].concat();
            assert_eq!(body, format!("{parts}--{boundary}--\r\n"), "{version}");
        }
    }
}

#[tokio::test]
async fn curl_gets_what_is_newer_and_nothing_else() {
    if present(&[CURL]) {
        let server = tour().await;
        let address = url(&server, "/files/inline");
        // The head as well: of a 200 with an old date curl would make a 304 by itself.
        let ask = async |condition: &str| {
            let words = ["--http1.1", "--include", "--time-cond", condition];
            let mut curl = curl(&words);
            curl.arg(&address);
            run(curl).await.well()
        };
        let assert_newer = |answer: &str| {
            assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
            assert!(answer.ends_with("\r\n\r\nhello file\n"), "{answer}");
        };
        assert_newer(&ask(BEFORE).await);
        for since in [MODIFIED, AFTER] {
            let answer = ask(since).await;
            assert!(answer.starts_with("HTTP/1.1 304 "), "{answer}");
            assert!(answer.ends_with("\r\n\r\n"), "{answer}");
        }
        // With a minus it is If-Unmodified-Since.
        assert_newer(&ask(&format!("-{AFTER}")).await);
        let answer = ask(&format!("-{BEFORE}")).await;
        assert!(answer.starts_with("HTTP/1.1 412 "), "{answer}");
        // The time of a saved file is that of the file, and good enough for the next time.
        let folder = folder("curl-newer");
        let save = async |words: &[&str]| {
            let mut curl = curl(&["--remote-time", "--output", "hello.txt"]);
            curl.args(["--dump-header", "-", "--http1.1"])
                .args(words)
                .arg(&address)
                .current_dir(&folder);
            run(curl).await.well()
        };
        assert!(save(&[]).await.starts_with("HTTP/1.1 200 "));
        let again = save(&["--time-cond", "hello.txt"]).await;
        assert!(again.starts_with("HTTP/1.1 304 "), "{again}");
        assert_same(&folder.join("hello.txt"), b"hello file\n");
    }
}

#[tokio::test]
async fn curl_knows_a_file_again_by_its_entity_tag() {
    if present(&[CURL]) {
        let server = tour().await;
        // A strong tag of the file system's, and a weak one that was given.
        for path in ["/files/report", "/files/etag"] {
            let folder = folder("curl-etag");
            let ask = async |tag: &str| {
                let mut curl = curl(&[tag, "tag.txt", "--write-out", "%{http_code}"]);
                curl.args(["--output", "content", &url(&server, path)])
                    .current_dir(&folder);
                run(curl).await.well()
            };
            assert_eq!(ask("--etag-save").await, "200", "{path}");
            let tag = std::fs::read_to_string(folder.join("tag.txt")).unwrap();
            assert!(tag.trim_end().ends_with('"'), "{tag}");
            assert_eq!(ask("--etag-compare").await, "304", "{path}");
            std::fs::write(folder.join("tag.txt"), "\"another\"\n").unwrap();
            assert_eq!(ask("--etag-compare").await, "200", "{path}");
        }
    }
}

#[tokio::test]
async fn pythons_email_package_takes_several_parts_apart() {
    if present(&[PYTHON]) {
        let server = tour().await;
        let address = url(&server, "/files/big");
        let mut python = program("python3", &[]);
        python.arg(client("byteranges.py"));
        // Every byte there is, line ends and dashes among them; the last four; and one.
        python.args([&address, "0-255,-4,1000-1000"]);
        let hex = |bytes: &[u8]| {
            bytes
                .iter()
                .map(|byte| format!("{byte:02x}"))
                .collect::<String>()
        };
        let big = big();
        let parts = [
            ("0-255", &big[..256]),
            ("3145728-3145731", b"tail"),
            ("1000-1000", &big[1000..=1000]),
        ];
        let parts = parts.map(|(range, bytes)| {
            let range = format!("bytes {range}/3145732");
            json!(["application/octet-stream", range, hex(bytes)])
        });
        assert_eq!(run(python).await.json(), json!([206, parts]));
    }
}
