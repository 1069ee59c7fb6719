//! Files beside what else there is: compression, background tasks, a status of the handler's.

use std::sync::{Arc, Mutex};

use axum_responses::background::Outcome;
use axum_responses::status::allows_content;
use axum_responses::{BackgroundTask, Reply, RequestContextLayer};
use http::{Extensions, HeaderMap, StatusCode};
use http_body_util::BodyExt;
use suite_support::{BOTH, Server, ask, get as request};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tower::Layer;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{DefaultPredicate, Predicate};
use tower_http::decompression::DecompressionLayer;

use super::*;

/// Text that is worth to be packed.
fn text() -> String {
    (0..20_000).map(|line| format!("line {line}\n")).collect()
}

#[tokio::test]
async fn compression_around_it_leaves_ranges_and_packed_files_alone() {
    let folder = Folder::new("compression");
    let text = text();
    folder.write("text.txt", &text);
    folder.write("packed.txt", &text);
    folder.write("packed.txt.gz", "packed before");
    for way in WAYS {
        let root = way.root(&folder.0).precompressed();
        let service = root.clone().into_service();
        let app = serving(root)
            .nest_service("/service", service)
            .layer(CompressionLayer::new());
        let server = Server::start(app).await;
        for version in BOTH {
            for prefix in ["", "/service"] {
                let ask = async |name: &str, headers: &[(&str, &str)]| {
                    let mut all = vec![("accept-encoding", "gzip")];
                    all.extend(headers);
                    server
                        .ask(version, "GET", &format!("{prefix}/{name}"), &all)
                        .await
                };
                let whole = ask("text.txt", &[]).await;
                assert_eq!(whole.header("content-encoding"), Some("gzip"), "{whole:?}");
                assert!(whole.complete && whole.body.starts_with(&[0x1f, 0x8b]));
                assert!(whole.body.len() < text.len() / 2);
                let vary: Vec<_> = whole.headers.get_all("vary").iter().collect();
                assert!(!vary.is_empty(), "{whole:?}");

                let part = ask("text.txt", &[("range", "bytes=1000-1999")]).await;
                assert_eq!(part.status, 206, "{part:?}");
                assert_eq!(part.header("content-encoding"), None, "{part:?}");
                assert_eq!(part.header("content-length"), Some("1000"));
                assert_eq!(part.text(), text[1000..2000]);

                let packed = ask("packed.txt", &[]).await;
                assert_eq!(packed.header("content-encoding"), Some("gzip"));
                assert_eq!(packed.text(), "packed before");
                let tag = packed.header("etag").unwrap();
                let held = ask("packed.txt", &[("if-none-match", tag)]).await;
                assert_eq!(held.status, 304, "{held:?}");
            }
        }
    }
}

/// That layer goes by the length of what it packs, and that of no content is not said: axum would write
/// `content-length: 0`, which RFC 9110 §8.6 forbids. What it adds is taken away by the context around it.
#[tokio::test]
async fn compression_inside_of_the_context_adds_nothing_to_an_answer_without_content() {
    let folder = Folder::new("compressed-nothing");
    folder.write("text.txt", text());
    for way in WAYS {
        let app = serving(way.root(&folder.0)).layer(CompressionLayer::new());
        let server = Server::start_service(RequestContextLayer::new().layer(app)).await;
        for version in BOTH {
            let headers = [("accept-encoding", "gzip"), ("if-none-match", "*")];
            let held = server.ask(version, "GET", "/text.txt", &headers).await;
            assert_eq!((held.status.as_u16(), held.body.len()), (304, 0));
            assert_eq!(held.header("content-encoding"), None, "{held:?}");
            let whole = server.ask(version, "GET", "/text.txt", &headers[..1]).await;
            assert_eq!(whole.header("content-encoding"), Some("gzip"), "{whole:?}");
        }
    }
}

#[tokio::test]
async fn an_answer_without_content_is_left_alone_where_compression_is_told_so() {
    let folder = Folder::new("told-of-nothing");
    folder.write("text.txt", text());
    for way in WAYS {
        let app =
            serving(way.root(&folder.0)).layer(CompressionLayer::new().compress_when(whole()));
        let server = Server::start(app).await;
        for version in BOTH {
            let headers = [("accept-encoding", "gzip"), ("if-none-match", "*")];
            let held = server.ask(version, "GET", "/text.txt", &headers).await;
            assert_eq!((held.status.as_u16(), held.body.len()), (304, 0));
            assert_eq!(held.header("content-encoding"), None, "{held:?}");
            let whole = server.ask(version, "GET", "/text.txt", &headers[..1]).await;
            assert_eq!(whole.header("content-encoding"), Some("gzip"), "{whole:?}");
        }
    }
}

/// Packs what is sent as a whole, and nothing else.
fn whole() -> impl Predicate + Send + Sync + 'static {
    DefaultPredicate::new().and(|status: StatusCode, _, _: &HeaderMap, _: &Extensions| {
        allows_content(status) && status != StatusCode::PARTIAL_CONTENT
    })
}

/// That layer knows a range by its `Content-Range`, which several ranges must not have (RFC 9110 §15.3.7.2).
#[tokio::test]
async fn several_ranges_are_left_alone_where_compression_is_told_so_and_else_arrive_unpacked() {
    let folder = Folder::new("compressed-parts");
    let text = text();
    folder.write("text.txt", &text);
    for way in WAYS {
        let app = serving(way.root(&folder.0));
        let headers = [
            ("accept-encoding", "gzip"),
            ("range", "bytes=0-999,5000-5999"),
        ];
        let told = CompressionLayer::new().compress_when(whole());
        let parts = ask(&app.clone().layer(told), request("/text.txt", &headers)).await;
        assert_eq!(parts.status, 206, "{parts:?}");
        assert_eq!(parts.header("content-encoding"), None, "{parts:?}");
        assert!(parts.text().contains(&text[5000..6000]), "{way:?}");

        let unpacking = app
            .layer(CompressionLayer::new())
            .layer(DecompressionLayer::new());
        let parts = ask(&unpacking, request("/text.txt", &headers)).await;
        assert_eq!(parts.status, 206, "{parts:?}");
        assert!(parts.complete, "{parts:?}");
        assert!(parts.text().contains(&text[5000..6000]), "{way:?}");
        let whole = ask(&unpacking, request("/text.txt", &headers[..1])).await;
        assert!(whole.complete && whole.text() == text, "{way:?}");
    }
}

#[derive(Clone, Default)]
struct Told(Arc<Mutex<Vec<Outcome>>>);

impl Told {
    fn task(&self) -> BackgroundTask {
        let told = self.clone();
        BackgroundTask::told(move |outcome| async move { told.0.lock().unwrap().push(outcome) })
    }

    /// What the only task was told, once it was.
    async fn outcome(&self) -> Outcome {
        for _ in 0..4000 {
            let told = self.0.lock().unwrap().pop();
            if let Some(outcome) = told {
                return outcome;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        panic!("the task did not run");
    }
}

fn with_task(way: Way, path: &Path, told: &Told) -> Router {
    let (path, told) = (path.to_owned(), told.clone());
    let file = async move || -> Result<Reply<File>, FileError> {
        let file = way.open(&path).await?;
        Ok(Reply::new(file).background(told.task()))
    };
    Router::new().route("/", get(with_context(file)))
}

#[tokio::test]
async fn a_task_runs_when_the_file_was_sent_and_hears_when_it_was_not() {
    const LENGTH: usize = 32 << 20;
    let folder = Folder::new("tasks");
    let small = folder.write("small.txt", "0123456789");
    let large = folder.write("large.bin", pattern(LENGTH));
    for way in WAYS {
        for version in BOTH {
            let told = Told::default();
            let server = Server::start(with_task(way, &small, &told)).await;
            for (method, headers, status) in [
                ("GET", &[][..], 200),
                ("HEAD", &[], 200),
                ("GET", &[("range", "bytes=1-2")], 206),
                ("GET", &[("range", "bytes=0-0,5-5")], 206),
                ("GET", &[("if-none-match", "*")], 304),
                ("GET", &[("if-match", "\"other\"")], 412),
            ] {
                let answer = server.ask(version, method, "/", headers).await;
                assert_eq!(answer.status, status, "{answer:?}");
                let case = format!("{way:?} {version:?} {method} {headers:?}");
                assert_eq!(told.outcome().await, Outcome::Completed, "{case}");
            }
            // Whole, and left in the middle
            let server = Server::start(with_task(way, &large, &told)).await;
            let answer = server.ask(version, "GET", "/", &[]).await;
            assert!(answer.complete && answer.body.len() == LENGTH);
            assert_eq!(
                told.outcome().await,
                Outcome::Completed,
                "{way:?} {version:?}"
            );
            let request = http::Request::get("/").body(()).unwrap();
            let mut answer = server.send(version, request).await;
            answer.body_mut().frame().await.unwrap().unwrap();
            assert!(told.0.lock().unwrap().is_empty(), "{way:?} {version:?}");
            drop(answer);
            assert_eq!(
                told.outcome().await,
                Outcome::Aborted,
                "{way:?} {version:?}"
            );
        }
    }
}

#[tokio::test]
async fn a_task_hears_that_the_file_was_cut_off() {
    let folder = Folder::new("cut-task");
    for way in WAYS {
        for version in BOTH {
            let path = folder.write("file.bin", pattern(24 << 20));
            let told = Told::default();
            let server = Server::start(with_task(way, &path, &told)).await;
            let request = http::Request::get("/").body(()).unwrap();
            let mut answer = server.send(version, request).await;
            answer.body_mut().frame().await.unwrap().unwrap();
            fs::File::options()
                .write(true)
                .open(&path)
                .unwrap()
                .set_len(0)
                .unwrap();
            assert!(!suite_support::read(answer).await.complete);
            assert_eq!(
                told.outcome().await,
                Outcome::Aborted,
                "{way:?} {version:?}"
            );
        }
    }
}

#[tokio::test]
async fn a_status_of_the_handler_stands_for_200_alone() {
    let folder = Folder::new("status");
    let path = folder.write("file.txt", "0123456789");
    for way in WAYS {
        let path = path.clone();
        let file = async move || -> Result<Reply<File, 203>, FileError> {
            Ok(Reply::new(way.open(&path).await?).header(("x-extra", "1")))
        };
        let server = Server::start(Router::new().route("/", get(with_context(file)))).await;
        for version in BOTH {
            for (headers, status) in [
                (&[][..], 203),
                (&[("range", "bytes=1-2")], 206),
                (&[("range", "bytes=0-0,5-5")], 206),
                (&[("range", "bytes=100-")], 416),
                (&[("if-none-match", "*")], 304),
                (&[("if-match", "\"other\"")], 412),
            ] {
                let answer = server.ask(version, "GET", "/", headers).await;
                assert_eq!(answer.status, status, "{way:?} {headers:?}");
                assert_eq!(answer.header("x-extra"), Some("1"), "{answer:?}");
            }
        }
    }
}

/// Several requests on one connection: each has its own file, whatever the one before it was.
#[tokio::test]
async fn a_connection_is_used_again_behind_a_file() {
    let folder = Folder::new("connection");
    let path = folder.write("file.bin", pattern(700_000));
    for way in WAYS {
        let layered = {
            let path = path.clone();
            let file = async move || -> Result<File, FileError> { way.open(&path).await };
            Router::new()
                .route("/", get(file))
                .layer(RequestContextLayer::new())
        };
        for app in [serving_one(way, &path), layered] {
            let server = Server::start(app).await;
            let mut client: TcpStream = server.connect().await;
            for (method, range, length) in [
                ("GET", "", 700_000),
                ("HEAD", "", 0),
                ("GET", "range: bytes=0-299999\r\n", 300_000),
                ("GET", "range: bytes=800000-\r\n", usize::MAX),
                ("GET", "range: bytes=699999-\r\n", 1),
                ("GET", "", 700_000),
            ] {
                let head = format!("{method} / HTTP/1.1\r\nhost: test\r\n{range}\r\n");
                client.write_all(head.as_bytes()).await.unwrap();
                let mut head = Vec::new();
                while !head.ends_with(b"\r\n\r\n") {
                    head.push(client.read_u8().await.unwrap());
                }
                let head = String::from_utf8(head).unwrap();
                let announced = head
                    .lines()
                    .find_map(|line| line.strip_prefix("content-length: "));
                let announced: usize = announced.unwrap().parse().unwrap();
                let body = if method == "HEAD" { 0 } else { announced };
                if length != usize::MAX {
                    assert_eq!(body, length, "{way:?} {head}");
                }
                client.read_exact(&mut vec![0; body]).await.unwrap();
            }
        }
    }
}
