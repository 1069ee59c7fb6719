//! Paths of strangers, and links that lead out.

use std::os::unix::fs::symlink;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

use rustix::fs::{CWD, RenameFlags, renameat_with};
use suite_support::{Server, Version, ask, get as request};

use super::*;

const SECRET: &str = "the secret";

/// `public` with files, and a secret beside it.
fn folder(name: &str) -> Folder {
    let folder = Folder::new(name);
    folder.write("secret.txt", SECRET);
    folder.write("elsewhere/secret.txt", SECRET);
    folder.write("public/file.txt", "public");
    folder.write("public/sub/inner.txt", "public");
    folder
}

/// The content, or the status in its place.
async fn found(root: &Root, path: &str) -> Result<String, u16> {
    let file = root
        .file(path)
        .await
        .map_err(|error| error.status().as_u16())?;
    let answer = suite_support::read(axum::response::IntoResponse::into_response(file)).await;
    assert!(answer.complete, "{path}: {answer:?}");
    Ok(answer.text())
}

#[tokio::test]
async fn a_path_that_is_none_downwards_is_missing() {
    let folder = folder("hostile");
    let long = "n".repeat(5000);
    let deep = "a/".repeat(1000) + "a";
    let up = "../".repeat(40) + "etc/passwd";
    let absolute = folder.path("secret.txt");
    let absolute_inside = folder.path("public/file.txt");
    let hostile = [
        "",
        "/",
        ".",
        "..",
        "../secret.txt",
        "sub/../../secret.txt",
        "sub/../file.txt",
        "sub/..",
        "./file.txt",
        "sub/./inner.txt",
        "sub//inner.txt",
        "//file.txt",
        "/file.txt",
        "file.txt/",
        "sub/",
        "file.txt/.",
        "/etc/passwd",
        "//etc/passwd",
        absolute.to_str().unwrap(),
        absolute_inside.to_str().unwrap(),
        &up,
        "..\\secret.txt",
        "sub\\..\\..\\secret.txt",
        "sub\\inner.txt",
        "\\etc\\passwd",
        "\\\\host\\share\\x",
        "\\\\?\\C:\\x",
        "C:\\x",
        "C:/x",
        "c:/x",
        "c:x",
        "C:",
        "file.txt\0",
        "file.txt\0.png",
        "\0",
        "..\0/secret.txt",
        // What was decoded once is not decoded again.
        "%2e%2e/secret.txt",
        "..%2fsecret.txt",
        "%2e%2e%2fsecret.txt",
        "%252e%252e/secret.txt",
        "..%5csecret.txt",
        "%00",
        // These only look like dots and slashes.
        "\u{2024}\u{2024}/secret.txt",
        "\u{2025}/secret.txt",
        "\u{ff0e}\u{ff0e}/secret.txt",
        "\u{ff0e}\u{ff0e}\u{ff0f}secret.txt",
        "..\u{2044}secret.txt",
        "..\u{2215}secret.txt",
        "..\u{29f8}secret.txt",
        "..\u{ff3c}secret.txt",
        "..;/secret.txt",
        ".. /secret.txt",
        " ../secret.txt",
        ".../secret.txt",
        "....//secret.txt",
        "file.txt ",
        "FILE.TXT",
        "file.txt::$DATA",
        "~/x",
        "~root/x",
        "$HOME/x",
        "file:///etc/passwd",
        &long,
        &deep,
    ];
    for way in WAYS {
        for follow in [false, true] {
            let root = way.root(folder.path("public"));
            let root = if follow { root.follow_symlinks() } else { root };
            for path in hostile {
                assert_eq!(found(&root, path).await, Err(404), "{way:?} {path:?}");
                let once = way.of(File::under(folder.path("public"), path)).await;
                assert!(matches!(once, Err(FileError::NotFound)), "{way:?} {path:?}");
            }
            for path in ["file.txt", "sub/inner.txt"] {
                let public = Ok("public".to_owned());
                assert_eq!(found(&root, path).await, public, "{way:?} {path:?}");
                let once = way.of(File::under(folder.path("public"), path)).await;
                assert!(once.is_ok(), "{way:?} {path:?}");
            }
        }
    }
}

#[tokio::test]
async fn a_name_may_look_odd() {
    let folder = Folder::new("odd");
    let names = [
        "..hidden",
        ".hidden",
        "a..b",
        "...",
        "with blank",
        "ünï €",
        "100%",
        "%2e%2e",
        "a:b:c",
        "ab:c",
        "-",
        "~",
        "a\nb",
        "a;b",
        "?x=1",
        "#",
        "\u{202e}txt.exe",
        "\"quoted\"",
    ];
    // A drive letter on other systems: that one is a 404 everywhere.
    folder.write("c:x", "content");
    for name in names {
        folder.write(name, name);
        folder.write(&format!("in/{name}/below"), name);
    }
    for way in WAYS {
        let root = way.root(&folder.0);
        for name in names.into_iter().filter(|name| *name != "a:b:c") {
            let content = Ok(name.to_owned());
            assert_eq!(found(&root, name).await, content, "{way:?}");
            let below = format!("in/{name}/below");
            assert_eq!(found(&root, &below).await, content, "{way:?}");
        }
        for drive in ["c:x", "a:b:c"] {
            assert_eq!(found(&root, drive).await, Err(404), "{way:?}");
        }
    }
}

#[tokio::test]
async fn nothing_of_an_address_leads_out() {
    let folder = folder("addresses");
    for way in WAYS {
        let files = serving(way.root(folder.path("public")));
        let service =
            Router::new().fallback_service(way.root(folder.path("public")).into_service());
        for address in [
            "/../secret.txt",
            "/sub/../../secret.txt",
            "/%2e%2e/secret.txt",
            "/%2E%2E/secret.txt",
            "/.%2e/secret.txt",
            "/..%2fsecret.txt",
            "/%2e%2e%2fsecret.txt",
            "/%252e%252e/secret.txt",
            "/..%5csecret.txt",
            "/%5c..%5csecret.txt",
            "/c%3a%2fx",
            "/c:/x",
            "/%00",
            "/file.txt%00",
            "/%c0%ae%c0%ae/secret.txt",
            "/%ff",
            "/./file.txt",
            "//file.txt",
            "/sub//inner.txt",
            "/sub/%2e/inner.txt",
            "/%2ffile.txt",
            "/%2fetc%2fpasswd",
            "//etc/passwd",
            "/file.txt/",
        ] {
            for (app, strict) in [(&files, false), (&service, true)] {
                let answer = ask(app, request(address, &[])).await;
                // What is no text is axum's to refuse before a handler is called.
                let is_text = !address.contains("%c0") && !address.contains("%ff");
                let expected = if strict || is_text { 404 } else { 400 };
                assert_eq!(answer.status, expected, "{way:?} {address}: {answer:?}");
            }
        }
        let server = Server::start(service).await;
        for version in suite_support::BOTH {
            let answer = server.ask(version, "GET", "/sub/inner.txt", &[]).await;
            assert_eq!(answer.text(), "public");
            let answer = server.ask(version, "GET", "/%2e%2e/secret.txt", &[]).await;
            answer.problem(404);
        }
    }
}

#[tokio::test]
async fn links_are_followed_as_far_as_they_stay_inside() {
    let folder = folder("links");
    let link = |to: &str, name: &str| symlink(to, folder.path("public").join(name)).unwrap();
    let absolute = |name: &str| folder.path(name).to_str().unwrap().to_owned();
    link("file.txt", "near");
    link("near", "chain-1");
    link("chain-1", "chain-2");
    link("sub/../sub/./inner.txt", "winding");
    link("../file.txt", "sub/up");
    link("sub", "to-sub");
    link("to-sub", "to-to-sub");
    link("../secret.txt", "out");
    link("out", "out-chain");
    link("../../secret.txt", "sub/out");
    link(&absolute("secret.txt"), "out-absolute");
    link(&absolute("public/file.txt"), "in-absolute");
    link("../elsewhere", "to-elsewhere");
    link(&absolute("elsewhere"), "to-elsewhere-absolute");
    link("../public/file.txt", "out-and-in");
    link("/proc/self/root", "magic");
    link("/proc/self/cwd", "magic-cwd");
    link("../missing", "dangling-out");
    link("..", "parent");
    link(".", "self");
    let inside = [
        "near",
        "chain-1",
        "chain-2",
        "winding",
        "sub/up",
        "to-sub/inner.txt",
        "to-to-sub/inner.txt",
        "to-sub/up",
        "self/file.txt",
        "self/self/sub/up",
    ];
    let outside = [
        ("out", SECRET),
        ("out-chain", SECRET),
        ("sub/out", SECRET),
        ("to-sub/out", SECRET),
        ("out-absolute", SECRET),
        ("to-elsewhere/secret.txt", SECRET),
        ("to-elsewhere-absolute/secret.txt", SECRET),
        ("parent/secret.txt", SECRET),
        ("parent/elsewhere/secret.txt", SECRET),
        // An absolute link, and one on whose way the folder is left, may lead elsewhere tomorrow.
        ("in-absolute", "public"),
        ("out-and-in", "public"),
        ("parent/public/file.txt", "public"),
    ];
    let secret = absolute("secret.txt");
    let magic = format!("magic{secret}");
    for way in WAYS {
        let root = way.root(folder.path("public"));
        let following = root.clone().follow_symlinks();
        for path in inside {
            let public = Ok("public".to_owned());
            assert_eq!(found(&root, path).await, public, "{way:?} {path}");
            assert_eq!(found(&following, path).await, public, "{way:?} {path}");
        }
        for (path, content) in outside {
            assert_eq!(found(&root, path).await, Err(404), "{way:?} {path}");
            let once = way.of(File::under(folder.path("public"), path)).await;
            assert!(matches!(once, Err(FileError::NotFound)), "{way:?} {path}");
            let content = Ok(content.to_owned());
            assert_eq!(found(&following, path).await, content, "{way:?} {path}");
        }
        for path in [&*magic, "magic-cwd/Cargo.toml", "magic/etc/passwd"] {
            assert_eq!(found(&root, path).await, Err(404), "{way:?} {path}");
        }
        assert_eq!(found(&root, "dangling-out").await, Err(404), "{way:?}");
        assert_eq!(found(&following, "dangling-out").await, Err(404), "{way:?}");
    }
}

#[tokio::test]
async fn a_root_that_is_moved_still_serves_what_it_was() {
    let folder = folder("moved");
    symlink("file.txt", folder.path("public/link")).unwrap();
    for way in WAYS {
        let root = way.root(folder.path("public"));
        let following = root.clone().follow_symlinks();
        fs::rename(folder.path("public"), folder.path("moved")).unwrap();
        folder.write("public/file.txt", "another folder of that name");
        for root in [&root, &following] {
            for path in ["file.txt", "link", "sub/inner.txt"] {
                assert_eq!(found(root, path).await, Ok("public".to_owned()), "{way:?}");
            }
        }
        fs::remove_dir_all(folder.path("public")).unwrap();
        fs::rename(folder.path("moved"), folder.path("public")).unwrap();
    }
    assert!(Root::open(folder.path("missing")).is_err());
    assert!(Root::open(folder.path("secret.txt")).is_err());
}

/// Exchanges names, as fast as it can, until it is dropped.
struct Exchange {
    stop: Arc<AtomicBool>,
    exchanges: Arc<AtomicUsize>,
    thread: Option<thread::JoinHandle<()>>,
}

impl Exchange {
    fn of(pairs: Vec<[PathBuf; 2]>) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let exchanges = Arc::new(AtomicUsize::new(0));
        let (stopped, counted) = (Arc::clone(&stop), Arc::clone(&exchanges));
        let thread = thread::spawn(move || {
            while !stopped.load(Ordering::Relaxed) {
                for [one, other] in &pairs {
                    renameat_with(CWD, one, CWD, other, RenameFlags::EXCHANGE).unwrap();
                }
                counted.fetch_add(1, Ordering::Relaxed);
            }
        });
        Self {
            stop,
            exchanges,
            thread: Some(thread),
        }
    }
}

impl Drop for Exchange {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        let _ = self.thread.take().map(thread::JoinHandle::join);
    }
}

#[test]
fn no_exchange_of_names_lets_a_secret_out() {
    const REQUESTS: usize = 3000;
    for way in WAYS {
        let folder = folder("race");
        symlink("../secret.txt", folder.path("link")).unwrap();
        symlink("../elsewhere", folder.path("folder-link")).unwrap();
        folder.write("public/name.txt", "public");
        folder.write("public/dir/secret.txt", "public");
        let pairs = [("public/name.txt", "link"), ("public/dir", "folder-link")];
        let pairs = pairs.map(|(one, other)| [folder.path(one), folder.path(other)]);
        let exchange = Exchange::of(pairs.into());
        let root = way.root(folder.path("public"));
        let public = folder.path("public");
        let exchanges = Arc::clone(&exchange.exchanges);
        within(3 * LIMIT, move || async move {
            let app = serving(root);
            // On a quiet machine all of it takes a second; it ends when both sides were seen.
            let (start, mut seen, mut requests) = (Instant::now(), [0, 0], 0);
            while requests < REQUESTS
                || seen.contains(&0)
                || exchanges.load(Ordering::Relaxed) < REQUESTS
            {
                for path in ["/name.txt", "/dir/secret.txt"] {
                    let answer = ask(&app, request(path, &[])).await;
                    assert_ne!(answer.text(), SECRET, "{way:?} {path}");
                    match answer.status.as_u16() {
                        200 => assert_eq!(answer.text(), "public", "{way:?} {path}"),
                        404 => {}
                        other => panic!("{other}: {way:?} {path}: {answer:?}"),
                    }
                    seen[usize::from(answer.status == 200)] += 1;
                    let once = way.of(File::under(&public, &path[1..])).await;
                    match once {
                        Ok(file) => assert_eq!(file.length(), 6, "{way:?} {path}"),
                        Err(error) => assert_eq!(error.status(), 404, "{way:?} {path}: {error}"),
                    }
                }
                requests += 1;
                assert!(start.elapsed() < 2 * LIMIT, "{way:?}: only {seen:?} seen");
            }
        });
        drop(exchange);
    }
}

/// The listing of a folder is nothing that a request may come by.
#[tokio::test]
async fn a_folder_is_not_listed() {
    let folder = folder("listing");
    for way in WAYS {
        let service = way.root(folder.path("public")).into_service();
        let server = Server::start(Router::new().fallback_service(service)).await;
        for address in ["/", "/sub", "/sub/", "/sub/."] {
            let answer = server.ask(Version::Http1, "GET", address, &[]).await;
            answer.problem(404);
            assert!(!answer.text().contains("inner"), "{answer:?}");
        }
    }
}
