//! What is in memory, as a file.

use axum::response::IntoResponse;
use axum_responses::CacheControl;
use suite_support::{BOTH, Server};

use super::*;

const LENGTH: usize = 3 << 20;

fn app() -> Router {
    let table = async || File::from_bytes("0123456789abcdefghij").attachment("table.csv");
    let large = async || File::from_bytes(pattern(LENGTH));
    let empty = async || File::from_bytes("");
    Router::new()
        .route("/table", get(with_context(table)))
        .route("/large", get(with_context(large)))
        .route("/empty", get(with_context(empty)))
}

#[tokio::test]
async fn bytes_have_ranges_as_stored_files_have() {
    let server = Server::start(app()).await;
    for version in BOTH {
        let whole = server.ask(version, "GET", "/table", &[]).await;
        assert_eq!(
            (whole.status.as_u16(), &whole.text()[..]),
            (200, "0123456789abcdefghij")
        );
        let disposition = Some("attachment; filename=\"table.csv\"");
        assert_eq!(whole.header("content-disposition"), disposition);
        assert_eq!(
            whole.header("content-type"),
            Some("text/csv; charset=utf-8")
        );
        assert_eq!(whole.header("last-modified"), None);
        let tag = whole.header("etag").unwrap();
        for (range, status, text, sent) in [
            ("bytes=0-0", 206, "0", Some("bytes 0-0/20")),
            ("bytes=-4", 206, "ghij", Some("bytes 16-19/20")),
            ("bytes=18-100", 206, "ij", Some("bytes 18-19/20")),
            ("bytes=5-1", 200, "0123456789abcdefghij", None),
            ("items=0-1", 200, "0123456789abcdefghij", None),
        ] {
            let headers = [("range", range), ("if-range", tag)];
            let part = server.ask(version, "GET", "/table", &headers).await;
            assert_eq!(
                (part.status.as_u16(), &part.text()[..]),
                (status, text),
                "{range}"
            );
            assert_eq!(part.header("content-range"), sent, "{range}");
        }
        let beyond = [("range", "bytes=20-")];
        server
            .ask(version, "GET", "/table", &beyond)
            .await
            .problem(416);
        let held = [("if-none-match", tag)];
        assert_eq!(
            server.ask(version, "GET", "/table", &held).await.status,
            304
        );
        let head = server
            .ask(version, "HEAD", "/table", &[("range", "bytes=0-0")])
            .await;
        assert_eq!((head.status.as_u16(), head.body.len()), (200, 0));
        assert_eq!(head.header("content-length"), Some("20"));
        let empty = server.ask(version, "GET", "/empty", &[]).await;
        assert_eq!(
            (empty.header("content-length"), empty.complete),
            (Some("0"), true)
        );
        server
            .ask(version, "GET", "/empty", &[("range", "bytes=0-")])
            .await
            .problem(416);
    }
}

#[tokio::test]
async fn several_parts_of_what_is_in_memory_are_one_message() {
    let server = Server::start(app()).await;
    let content = pattern(LENGTH);
    for version in BOTH {
        let ranges = [
            (0, 999_999),
            (1_500_000, 2_500_000),
            (LENGTH - 8, LENGTH - 1),
        ];
        let listed: Vec<_> = ranges.map(|(from, to)| format!("{from}-{to}")).into();
        let range = format!("bytes={}", listed.join(","));
        let answer = server
            .ask(version, "GET", "/large", &[("range", &range)])
            .await;
        assert_eq!(answer.status, 206);
        assert!(answer.complete);
        let length = answer.body.len().to_string();
        assert_eq!(answer.header("content-length"), Some(&*length));
        assert_eq!(answer.header("content-range"), None);
        let boundary = answer.header("content-type").unwrap();
        let boundary = boundary
            .strip_prefix("multipart/byteranges; boundary=")
            .unwrap();
        let mut expected = Vec::new();
        for (index, (from, to)) in ranges.into_iter().enumerate() {
            let line = if index == 0 { "" } else { "\r\n" };
            let head = format!(
                "{line}--{boundary}\r\ncontent-type: application/octet-stream\r\n\
                 content-range: bytes {from}-{to}/{LENGTH}\r\n\r\n"
            );
            expected.extend(head.bytes());
            expected.extend(&content[from..=to]);
        }
        expected.extend(format!("\r\n--{boundary}--\r\n").bytes());
        assert!(answer.body == expected, "{version:?}");
    }
}

#[tokio::test]
async fn a_cache_control_that_says_nothing_is_not_sent() {
    let ask = |file: File| {
        let answer = file.into_response();
        let line = answer.headers().get("cache-control").cloned();
        line.map(|line| line.to_str().unwrap().to_owned())
    };
    let says = CacheControl::new().public();
    let file = || File::from_bytes("x");
    assert_eq!(ask(file().cache_control(&CacheControl::new())), None);
    assert_eq!(ask(file().cache_control(&says)).as_deref(), Some("public"));
    assert_eq!(
        ask(file()
            .cache_control(&says)
            .cache_control(&CacheControl::new())),
        None
    );
    let folder = Folder::new("says-nothing");
    folder.write("a.txt", "x");
    let root = Root::open(&folder.0)
        .unwrap()
        .cache_control(&CacheControl::new());
    assert_eq!(ask(root.file("a.txt").await.unwrap()), None);
}
