//! A file that changes while it is sent: nobody takes a part for the whole.

use std::io::Write;

use bytes::Bytes;
use http_body_util::BodyExt;
use hyper::body::Incoming;
use suite_support::{Answer, BOTH, Server, Version, read};

use super::*;

/// More than all buffers between us and a client that does not read, and no whole number of chunks.
const LENGTH: usize = (24 << 20) + 12_345;

struct Sending {
    answer: http::Response<Incoming>,
    first: Bytes,
    _server: Server,
}

impl Sending {
    /// Has the head and the first bytes, and reads no more for now.
    async fn begin(way: Way, version: Version, path: &Path, range: Option<&str>) -> Self {
        let server = Server::start(serving_one(way, path)).await;
        let mut request = http::Request::get("/");
        if let Some(range) = range {
            request = request.header("range", range);
        }
        let mut answer = server.send(version, request.body(()).unwrap()).await;
        let first = answer.body_mut().frame().await.unwrap().unwrap();
        let first = first.into_data().unwrap();
        assert!(!first.is_empty());
        Self {
            answer,
            first,
            _server: server,
        }
    }

    async fn rest(self) -> Answer {
        let mut answer = read(self.answer).await;
        answer.body = [self.first, answer.body].concat().into();
        answer
    }
}

/// Does this to a file of [`LENGTH`] while it is sent.
async fn meanwhile(
    name: &str,
    range: Option<&str>,
    change: impl Fn(&Path),
    check: impl Fn(&str, &Answer, &[u8]),
) {
    let folder = Folder::new(name);
    let content = pattern(LENGTH);
    for way in WAYS {
        for version in BOTH {
            let path = folder.write("file.bin", &content);
            let sending = Sending::begin(way, version, &path, range).await;
            change(&path);
            let answer = tokio::time::timeout(LIMIT, sending.rest()).await;
            check(&format!("{way:?} {version:?}"), &answer.unwrap(), &content);
        }
    }
}

fn is_whole(case: &str, answer: &Answer, content: &[u8]) {
    assert_eq!(answer.status, 200, "{case}");
    let length = content.len().to_string();
    assert_eq!(answer.header("content-length"), Some(&*length), "{case}");
    assert!(answer.complete, "{case}: {} bytes", answer.body.len());
    assert!(answer.body == content, "{case}: other content");
}

/// What came is of the file, and the client knows that it is not all of it.
fn is_cut(case: &str, answer: &Answer, content: &[u8]) {
    let length: usize = answer.header("content-length").unwrap().parse().unwrap();
    assert!(!answer.complete, "{case}: {} bytes", answer.body.len());
    assert!(answer.body.len() < length, "{case}");
    assert!(content.starts_with(&answer.body), "{case}: other content");
}

fn truncate(path: &Path, length: u64) {
    let file = fs::File::options().write(true).open(path).unwrap();
    file.set_len(length).unwrap();
}

#[tokio::test]
async fn one_that_is_truncated_is_cut_off() {
    let most = LENGTH as u64 - (4 << 20);
    meanwhile("truncated", None, |path| truncate(path, most), is_cut).await;
    meanwhile("emptied", None, |path| truncate(path, 0), is_cut).await;
}

#[tokio::test]
async fn a_part_of_one_that_is_truncated_is_cut_off() {
    let check = |case: &str, answer: &Answer, content: &[u8]| {
        assert_eq!(answer.status, 206, "{case}");
        is_cut(case, answer, &content[1000..]);
    };
    let change = |path: &Path| truncate(path, 5000);
    meanwhile("part-truncated", Some("bytes=1000-"), change, check).await;
}

#[tokio::test]
async fn several_parts_of_one_that_is_truncated_are_cut_off() {
    let check = |case: &str, answer: &Answer, _: &[u8]| {
        assert_eq!(answer.status, 206, "{case}");
        let length: usize = answer.header("content-length").unwrap().parse().unwrap();
        assert!(!answer.complete && answer.body.len() < length, "{case}");
        assert!(!answer.body.ends_with(b"--\r\n"), "{case}");
    };
    let change = |path: &Path| truncate(path, 5000);
    let range = format!("bytes=0-{},-100", LENGTH - 1_000_000);
    meanwhile("parts-truncated", Some(&range), change, check).await;
}

#[tokio::test]
async fn one_that_grows_is_sent_as_long_as_it_was_announced() {
    let grow = |path: &Path| {
        let mut file = fs::File::options().append(true).open(path).unwrap();
        file.write_all(&[b'x'; 100_000]).unwrap();
    };
    meanwhile("grown", None, grow, is_whole).await;
}

#[tokio::test]
async fn one_that_is_replaced_is_sent_as_it_was() {
    let replace = |path: &Path| {
        let new = path.with_extension("new");
        fs::write(&new, "new").unwrap();
        fs::rename(new, path).unwrap();
    };
    meanwhile("replaced", None, replace, is_whole).await;
}

#[tokio::test]
async fn one_that_is_removed_is_sent_as_it_was() {
    let remove = |path: &Path| fs::remove_file(path).unwrap();
    meanwhile("removed", None, remove, is_whole).await;
}

/// Between its opening and its first byte.
#[tokio::test]
async fn one_that_is_truncated_before_it_is_sent_is_cut_off() {
    let folder = Folder::new("truncated-early");
    for way in WAYS {
        for (length, left) in [(600_000, 0), (600_000, 300_000), (2 << 20, 300_000)] {
            let path = folder.write("file.bin", pattern(length));
            let file = async move || -> Result<File, FileError> {
                let file = way.open(&path).await?;
                truncate(&path, left);
                Ok(file)
            };
            let server = Server::start(Router::new().route("/", get(with_context(file)))).await;
            for version in BOTH {
                // The second time it is as long as it says.
                let path = folder.write("file.bin", pattern(length));
                let request = http::Request::get("/").body(()).unwrap();
                let answer = read(server.send(version, request).await).await;
                let case = format!("{way:?} {version:?} {length} {left} {path:?}");
                is_cut(&case, &answer, &pattern(length));
            }
        }
    }
}
