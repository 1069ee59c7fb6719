//! What can be opened, and what is said of what cannot.

use std::env;
use std::io;
use std::os::fd::AsRawFd;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::os::unix::net::UnixListener;
use std::os::unix::process::CommandExt;
use std::process::Command;
use std::time::{Duration, SystemTime};

use axum::response::IntoResponse;
use rustix::fs::{CWD, FileType, Mode, mknodat};
use suite_support::{Answer, BOTH, Server, ask, get as request, read};

use super::*;

const NOBODY: u32 = 65_534;
const DAY: Duration = Duration::from_secs(24 * 3600);

/// A problem that says nothing of the server's folders or of its operating system.
#[track_caller]
fn refused(answer: &Answer, status: u16, folder: &Path) {
    answer.problem(status);
    let folder = folder.to_str().unwrap();
    for secret in [folder, "os error", "directory", "denied", "too long"] {
        assert!(!answer.text().contains(secret), "{secret}: {answer:?}");
    }
    for of_a_file in ["etag", "last-modified", "accept-ranges"] {
        assert_eq!(answer.header(of_a_file), None, "{answer:?}");
    }
}

#[test]
fn what_is_no_regular_file_is_missing_and_nothing_waits_for_it() {
    let folder = Folder::new("opening");
    folder.write("file.txt", "content");
    fs::create_dir(folder.path("folder")).unwrap();
    mknodat(CWD, folder.path("fifo"), FileType::Fifo, Mode::RUSR, 0).unwrap();
    // The name of a socket must be short, and the folder's may be long.
    let held = fs::File::open(&folder.0).unwrap();
    let short = format!("/proc/self/fd/{}/socket", held.as_raw_fd());
    let _socket = UnixListener::bind(short).unwrap();
    symlink("circle", folder.path("circle")).unwrap();
    symlink("nowhere", folder.path("dangling")).unwrap();
    symlink("fifo", folder.path("to-fifo")).unwrap();
    let long_name = "n".repeat(300);
    let long_path = "p/".repeat(5000) + "p";
    let names: Vec<String> = [
        "missing",
        "folder",
        "fifo",
        "to-fifo",
        "socket",
        "circle",
        "dangling",
        "file.txt/below",
        "missing/below",
        "with\0nul",
        &*long_name,
        &long_path,
    ]
    .map(String::from)
    .into();
    let mut paths: Vec<_> = names.iter().map(|name| folder.path(name)).collect();
    paths.extend(["/dev/null", "/dev/zero", "", "."].map(PathBuf::from));
    let place = folder.0.clone();
    within(LIMIT, async move || {
        for way in WAYS {
            for path in &paths {
                let answer = ask(&serving_one(way, path), request("/", &[])).await;
                refused(&answer, 404, &place);
            }
            for name in &names {
                let found = way.root(&place).file(name).await;
                assert!(matches!(found, Err(FileError::NotFound)), "{way:?} {name}");
                let found = way.of(File::under(&place, name)).await;
                assert!(matches!(found, Err(FileError::NotFound)), "{way:?} {name}");
            }
            let folder = fs::File::open(&place).unwrap();
            let found = way.of(File::from_open_file(folder)).await;
            assert!(matches!(found, Err(FileError::NotFound)), "{way:?}");
            let found = way.of(File::under(place.join("missing"), "file.txt")).await;
            assert!(matches!(found, Err(FileError::NotFound)), "{way:?}");
            let found = way.open(place.join("file.txt")).await;
            assert_eq!(found.unwrap().length(), 7, "{way:?}");
        }
    });
}

/// Root may read everything, so that it becomes somebody else for this.
#[test]
fn what_may_not_be_read_is_forbidden_and_not_missing() {
    const THIS: &str = "file::opening::what_may_not_be_read_is_forbidden_and_not_missing";
    if rustix::process::geteuid().is_root() {
        // As a path of its own the program might lie where nobody else may look.
        let mut again = Command::new("/proc/self/exe");
        again.uid(NOBODY).gid(NOBODY).current_dir("/");
        let output = again.args(["--exact", THIS]).output().unwrap();
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(
            output.status.success() && said.contains("1 passed"),
            "{output:?}"
        );
        return;
    }
    let folder = Folder::below(env::temp_dir(), "forbidden");
    let closed = folder.write("closed.txt", "secret");
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o000)).unwrap();
    let below = folder.write("closed/below.txt", "secret");
    let shut = folder.path("closed");
    fs::set_permissions(&shut, fs::Permissions::from_mode(0o000)).unwrap();
    let place = folder.0.clone();
    within(LIMIT, async move || {
        for way in WAYS {
            for path in [&closed, &below] {
                let answer = ask(&serving_one(way, path), request("/", &[])).await;
                refused(&answer, 403, &place);
            }
            for name in ["closed.txt", "closed/below.txt"] {
                let found = way.root(&place).file(name).await;
                assert!(matches!(found, Err(FileError::Forbidden)), "{way:?} {name}");
                let found = way.of(File::under(&place, name)).await;
                assert!(matches!(found, Err(FileError::Forbidden)), "{way:?} {name}");
            }
        }
    });
    fs::set_permissions(&shut, fs::Permissions::from_mode(0o700)).unwrap();
}

#[tokio::test]
async fn what_the_operating_system_says_is_not_sent() {
    let secret = "No such device: /srv/secret (os error 19)";
    for (error, status) in [
        (io::Error::other(secret), 500),
        (io::Error::from_raw_os_error(5), 500),
        (io::Error::new(io::ErrorKind::NotFound, secret), 404),
        (io::Error::new(io::ErrorKind::PermissionDenied, secret), 403),
    ] {
        let answer = read(FileError::from(error).into_response()).await;
        refused(&answer, status, Path::new("/srv"));
    }
}

#[tokio::test]
async fn a_file_that_says_it_is_empty_is_sent_as_that() {
    for way in WAYS {
        let server = Server::start(serving_one(way, "/proc/self/status")).await;
        for version in BOTH {
            let answer = server.ask(version, "GET", "/", &[]).await;
            assert_eq!(answer.status, 200, "{answer:?}");
            assert_eq!(answer.header("content-length"), Some("0"), "{answer:?}");
            assert!(answer.complete && answer.body.is_empty(), "{answer:?}");
            let answer = server
                .ask(version, "GET", "/", &[("range", "bytes=0-")])
                .await;
            answer.problem(416);
            assert_eq!(answer.header("content-range"), Some("bytes */0"));
        }
    }
}

#[tokio::test]
async fn a_time_before_1970_is_no_validator() {
    let folder = Folder::new("before-1970");
    let path = folder.write("file.txt", "0123456789");
    set_modified(&path, SystemTime::UNIX_EPOCH - 3 * DAY);
    for way in WAYS {
        let server = Server::start(serving_one(way, &path)).await;
        for version in BOTH {
            let answer = server.ask(version, "GET", "/", &[]).await;
            assert_eq!(
                (answer.status.as_u16(), &answer.text()[..]),
                (200, "0123456789")
            );
            assert_eq!(answer.header("etag"), None, "{answer:?}");
            assert_eq!(answer.header("last-modified"), None, "{answer:?}");
            let since = [("if-modified-since", "Thu, 01 Jan 1970 00:00:00 GMT")];
            assert_eq!(server.ask(version, "GET", "/", &since).await.status, 200);
            let part = server
                .ask(version, "GET", "/", &[("range", "bytes=1-2")])
                .await;
            assert_eq!((part.status.as_u16(), &part.text()[..]), (206, "12"));
            let held = [
                ("range", "bytes=1-2"),
                ("if-range", "Thu, 01 Jan 1970 00:00:00 GMT"),
            ];
            assert_eq!(server.ask(version, "GET", "/", &held).await.status, 200);
        }
    }
}

/// The tag and the date of the file, and whether a range is held by each.
async fn held(app: &Router) -> (String, String, [bool; 2]) {
    let answer = ask(app, request("/", &[])).await;
    let tag = answer.header("etag").unwrap().to_owned();
    let date = answer.header("last-modified").unwrap().to_owned();
    let by = async |validator: &str| {
        let headers = [("range", "bytes=0-0"), ("if-range", validator)];
        let answer = ask(app, request("/", &headers)).await;
        match answer.status.as_u16() {
            206 => true,
            200 => false,
            other => panic!("{other}"),
        }
    };
    let holds = [by(&tag).await, by(&date).await];
    (tag, date, holds)
}

#[tokio::test]
async fn a_file_that_may_still_change_within_a_tick_has_weak_validators() {
    let folder = Folder::new("young");
    let path = folder.write("file.txt", "content");
    for way in WAYS {
        let app = serving_one(way, &path);
        // A machine that is busy may let it grow old meanwhile: then once more.
        let young = loop {
            let now = SystemTime::now();
            set_modified(&path, now);
            let held = held(&app).await;
            if now.elapsed().unwrap_or_default() < Duration::from_secs(1) {
                break held;
            }
        };
        assert!(young.0.starts_with("W/\""), "{way:?} {young:?}");
        assert_eq!(young.2, [false, false], "{way:?} {young:?}");

        set_modified(&path, SystemTime::now() - Duration::from_secs(4));
        let old = held(&app).await;
        assert!(old.0.starts_with('"'), "{way:?} {old:?}");
        assert_eq!(old.2, [true, true], "{way:?} {old:?}");

        set_modified(&path, SystemTime::now() + DAY);
        let future = held(&app).await;
        assert!(future.0.starts_with("W/\""), "{way:?} {future:?}");
        assert_eq!(future.2, [false, false], "{way:?} {future:?}");
    }
}

/// RFC 9110 §8.8.2.1: an origin server must not say that something was modified after it was sent.
#[tokio::test]
async fn a_time_to_come_is_not_sent_as_such() {
    let folder = Folder::new("future");
    let path = folder.write("file.txt", "content");
    for way in WAYS {
        set_modified(&path, SystemTime::now() + DAY);
        let answer = ask(&serving_one(way, &path), request("/", &[])).await;
        let date = answer.header("last-modified").unwrap();
        let date: axum_responses::HttpDate = date.parse().unwrap();
        assert!(date.to_time() <= SystemTime::now(), "{way:?} {date}");
    }
}

#[tokio::test]
async fn each_write_changes_the_tag_and_none_leaves_it() {
    let folder = Folder::new("tags");
    let path = folder.write("file.txt", "content");
    let time = SystemTime::now() - DAY;
    for way in WAYS {
        let tag = async || {
            let answer = ask(&serving_one(way, &path), request("/", &[])).await;
            answer.header("etag").unwrap().to_owned()
        };
        let change = |content: &str, time: SystemTime| {
            fs::write(&path, content).unwrap();
            set_modified(&path, time);
        };
        change("content", time);
        let first = tag().await;
        assert_eq!(tag().await, first);
        change("longer content", time);
        assert_ne!(tag().await, first, "the length");
        change("content", time + Duration::from_nanos(1000));
        assert_ne!(tag().await, first, "the time, to the nanosecond");
        change("content", time);
        assert_eq!(tag().await, first);
        // Another file in its place, of the same length and time
        let other = folder.write("other.txt", "CONTENT");
        set_modified(&other, time);
        fs::rename(&other, &path).unwrap();
        assert_ne!(tag().await, first, "the file itself");
    }
}
