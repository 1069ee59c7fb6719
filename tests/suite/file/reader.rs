//! A reader as a file: it has no ranges, and nobody takes a part of it for the whole.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum_responses::ETag;
use suite_support::{BOTH, Server};
use tokio::io::{AsyncRead, AsyncReadExt, ReadBuf};

use super::*;

/// Counts how often it is read, and that it was dropped.
#[derive(Clone, Default)]
struct Counted {
    reads: Arc<AtomicUsize>,
    drops: Arc<AtomicUsize>,
}

struct Reader<R> {
    counted: Counted,
    inner: R,
}

impl<R: AsyncRead + Unpin> AsyncRead for Reader<R> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.counted.reads.fetch_add(1, Ordering::SeqCst);
        Pin::new(&mut self.inner).poll_read(cx, buffer)
    }
}

impl<R> Drop for Reader<R> {
    fn drop(&mut self) {
        self.counted.drops.fetch_add(1, Ordering::SeqCst);
    }
}

/// One that fails behind what it has.
struct Failing;

impl AsyncRead for Failing {
    fn poll_read(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
        _: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Poll::Ready(Err(io::Error::other("a secret path")))
    }
}

const OBJECT: &[u8] = b"0123456789";

fn app(counted: &Counted) -> Router {
    let counted = counted.clone();
    let file = async move |extract::Path(length): extract::Path<u64>| {
        let inner = OBJECT;
        let counted = counted.clone();
        File::from_reader(Reader { counted, inner }, length).etag(ETag::strong("v1"))
    };
    let failing = async || File::from_reader(OBJECT.chain(Failing), 20);
    let long = async || File::from_reader(tokio::io::repeat(b'x').take(4 << 20), 4 << 20);
    Router::new()
        .route("/of/{length}", get(with_context(file)))
        .route("/failing", get(with_context(failing)))
        .route("/long", get(with_context(long)))
}

#[tokio::test]
async fn a_reader_is_sent_as_it_comes_and_has_no_ranges() {
    let server = Server::start(app(&Counted::default())).await;
    for version in BOTH {
        for headers in [
            &[][..],
            &[("range", "bytes=0-1")],
            &[("range", "bytes=100-")],
        ] {
            let answer = server.ask(version, "GET", "/of/10", headers).await;
            assert_eq!(
                (answer.status.as_u16(), &answer.text()[..]),
                (200, "0123456789")
            );
            assert!(answer.complete, "{answer:?}");
            assert_eq!(answer.header("content-length"), Some("10"));
            assert_eq!(answer.header("accept-ranges"), Some("none"));
            assert_eq!(answer.header("content-range"), None);
            assert_eq!(answer.header("etag"), Some("\"v1\""));
        }
        let long = server.ask(version, "GET", "/long", &[]).await;
        assert!(long.complete && long.body.len() == 4 << 20, "{version:?}");
    }
}

#[tokio::test]
async fn one_of_another_length_is_cut_off() {
    let server = Server::start(app(&Counted::default())).await;
    for version in BOTH {
        // Too few, too many, and none that fit.
        for length in [0, 1, 9, 11, 20, 100_000] {
            let path = format!("/of/{length}");
            let Some(answer) = answered(&server, version, &path).await else {
                continue; // cut before the head was written
            };
            let case = format!("{version:?} {length}: {answer:?}");
            let announced = length.to_string();
            assert_eq!(answer.header("content-length"), Some(&*announced), "{case}");
            assert!(answer.body.len() <= length, "{case}");
            assert!(OBJECT.starts_with(&answer.body), "{case}");
            // None is all of none, whatever stands behind it.
            assert!(
                !answer.complete || length < OBJECT.len() && answer.body.len() == length,
                "{case}"
            );
        }
        if let Some(answer) = answered(&server, version, "/failing").await {
            assert!(!answer.complete, "{answer:?}");
            assert!(OBJECT.starts_with(&answer.body), "{answer:?}");
            assert!(!answer.text().contains("secret"), "{answer:?}");
        }
    }
}

/// The answer, unless the connection ended before there was one.
async fn answered(
    server: &Server,
    version: suite_support::Version,
    path: &str,
) -> Option<suite_support::Answer> {
    let request = http::Request::get(path).body(()).unwrap();
    Some(suite_support::read(server.send(version, request).await).await)
}

#[tokio::test]
async fn what_needs_no_content_drops_the_reader_unread() {
    let counted = Counted::default();
    let server = Server::start(app(&counted)).await;
    let mut asked = 0;
    for version in BOTH {
        for (method, headers, status) in [
            ("HEAD", &[][..], 200),
            ("HEAD", &[("range", "bytes=0-1")], 200),
            ("GET", &[("if-none-match", "\"v1\"")], 304),
            ("GET", &[("if-match", "\"v2\"")], 412),
        ] {
            let answer = server.ask(version, method, "/of/10", headers).await;
            assert_eq!(answer.status, status, "{answer:?}");
            asked += 1;
            assert_eq!(
                counted.reads.load(Ordering::SeqCst),
                0,
                "{method} {headers:?}"
            );
            assert_eq!(
                counted.drops.load(Ordering::SeqCst),
                asked,
                "{method} {headers:?}"
            );
        }
    }
    let answer = server
        .ask(suite_support::Version::Http1, "GET", "/of/10", &[])
        .await;
    assert_eq!(answer.text(), "0123456789");
    assert!(counted.reads.load(Ordering::SeqCst) > 0);
}
