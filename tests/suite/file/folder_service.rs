//! A folder as a service.

use axum::body::Body;
use axum_responses::CacheControl;
use suite_support::{Answer, BOTH, Server, Version, ask, get as request, request as any_request};

use super::*;

const PAGE: &str = "text/html,application/xhtml+xml,*/*;q=0.8";

fn folder(name: &str) -> Folder {
    let folder = Folder::new(name);
    for (name, content) in [
        ("index.html", "<p>start</p>"),
        ("page.html", "<p>page</p>"),
        ("script.js", "0123456789"),
        ("app.3f2a91bc.js", "hashed"),
        ("page.3f2a91bc.html", "hashed page"),
        ("notes/index.html", "<p>notes</p>"),
        ("notes/a b.txt", "blank"),
        ("notes/app.css", "p {}"),
        ("empty/file.txt", "no index"),
        ("odd/index.html/x", "a folder of that name"),
        ("style.css", "plain"),
        ("style.css.gz", "gzip"),
        ("style.css.br", "br"),
    ] {
        folder.write(name, content);
    }
    folder
}

fn kept() -> CacheControl {
    CacheControl::new().max_age(Duration::from_secs(60))
}

/// Served by itself, and below a prefix.
fn apps(way: Way, folder: &Folder, spa: bool) -> [(&'static str, Router); 3] {
    let root = way.root(&folder.0).cache_control(&kept()).precompressed();
    let service = root.into_service();
    let service = if spa {
        service.spa("index.html")
    } else {
        service
    };
    let inner = Router::new().nest_service("/static", service.clone());
    [
        ("", Router::new().fallback_service(service.clone())),
        ("/static", Router::new().nest_service("/static", service)),
        ("/outer/static", Router::new().nest("/outer", inner)),
    ]
}

async fn get(app: &Router, address: &str) -> Answer {
    ask(app, request(address, &[])).await
}

/// Where a browser goes (RFC 3986 §5.2), as far as it is needed here: `./NAME/?QUERY` beside the address.
fn resolved(address: &str, location: &str) -> String {
    let address = address.split('?').next().unwrap();
    let (folder, _) = address.rsplit_once('/').unwrap();
    format!("{folder}/{}", location.strip_prefix("./").unwrap())
}

#[tokio::test]
async fn a_folder_is_its_index() {
    let folder = folder("index");
    for way in WAYS {
        for (prefix, app) in apps(way, &folder, false) {
            for (address, content) in [("/", "<p>start</p>"), ("/notes/", "<p>notes</p>")] {
                let answer = get(&app, &format!("{prefix}{address}")).await;
                assert_eq!(answer.status, 200, "{way:?} {prefix}{address}");
                assert_eq!(answer.text(), content, "{way:?} {prefix}{address}");
                let html = Some("text/html; charset=utf-8");
                assert_eq!(answer.header("content-type"), html);
                assert_eq!(answer.header("content-disposition"), None);
                assert_eq!(answer.header("cache-control"), Some("no-cache"));
            }
            for address in [
                "/empty/",
                "/empty",
                "/odd/",
                "/odd",
                "/missing/",
                "/missing",
            ] {
                let answer = get(&app, &format!("{prefix}{address}")).await;
                answer.problem(404);
            }
        }
    }
}

#[tokio::test]
async fn the_address_that_it_is_nested_at_leads_to_the_folder_as_well() {
    let folder = folder("nested");
    for way in WAYS {
        for (prefix, app) in apps(way, &folder, false) {
            if prefix.is_empty() {
                continue;
            }
            for query in ["", "?a=1&b=%2f"] {
                let address = format!("{prefix}{query}");
                let answer = get(&app, &address).await;
                assert_eq!(answer.status, 308, "{way:?} {address}");
                let target = resolved(&address, answer.header("location").unwrap());
                assert_eq!(target, format!("{prefix}/{query}"));
                assert_eq!(get(&app, &target).await.text(), "<p>start</p>");
            }
        }
    }
}

#[tokio::test]
async fn what_is_hidden_is_missing_unless_said() {
    let folder = folder("hidden");
    folder.write(".env", "secret");
    folder.write(".git/index.html", "secret");
    folder.write("notes/.draft", "secret");
    folder.write(".well-known/security.txt", "contact");
    folder.write("a.b/c.", "dots");
    for way in WAYS {
        let service = way.root(&folder.0).into_service().spa("index.html");
        for (hidden, status) in [(false, 404), (true, 200)] {
            let app = Router::new().fallback_service(service.clone().hidden(hidden));
            for address in [
                "/.env",
                "/%2eenv",
                "/.git/",
                "/notes/.draft",
                "/.git/index.html",
            ] {
                assert_eq!(
                    get(&app, address).await.status,
                    status,
                    "{address} {hidden}"
                );
            }
            let to_folder = if hidden { 308 } else { 404 };
            assert_eq!(get(&app, "/.git").await.status, to_folder);
            for (address, content) in [
                ("/.well-known/security.txt", "contact"),
                ("/a.b/c.", "dots"),
            ] {
                assert_eq!(get(&app, address).await.text(), content, "{address}");
            }
            get(&app, "/../.env").await.problem(404);
        }
        let page = Router::new().fallback_service(service);
        let answer = ask(&page, request("/.env", &[("accept", PAGE)])).await;
        assert_eq!(answer.text(), "<p>start</p>");
    }
}

#[tokio::test]
async fn an_address_without_its_last_slash_leads_to_the_folder() {
    let folder = folder("redirect");
    folder.write("a%b/é €/index.html", "deep");
    folder.write("c:/index.html", "never");
    for way in WAYS {
        for (prefix, app) in apps(way, &folder, false) {
            for (address, target, content) in [
                ("/notes", "/notes/", "<p>notes</p>"),
                ("/notes?a=1&b=%2f", "/notes/?a=1&b=%2f", "<p>notes</p>"),
                ("/notes?", "/notes/?", "<p>notes</p>"),
                ("/n%6ftes", "/n%6ftes/", "<p>notes</p>"),
                (
                    "/a%25b/%C3%A9%20%E2%82%AC",
                    "/a%25b/%C3%A9%20%E2%82%AC/",
                    "deep",
                ),
            ] {
                let address = format!("{prefix}{address}");
                let answer = get(&app, &address).await;
                assert_eq!(answer.status, 308, "{way:?} {address}: {answer:?}");
                let location = answer.header("location").unwrap();
                let target = format!("{prefix}{target}");
                assert_eq!(resolved(&address, location), target, "{way:?}");
                assert_eq!(get(&app, &target).await.text(), content, "{way:?} {target}");
            }
        }
        // Nobody is led to another host.
        let [(_, app), ..] = apps(way, &folder, false);
        for address in [
            "//notes",
            "//example.com/%2e%2e/notes",
            "/%2fnotes",
            "/\\notes",
            "/c:",
        ] {
            let Ok(uri) = address.parse::<http::Uri>() else {
                continue;
            };
            let answer = get(&app, &uri.to_string()).await;
            answer.problem(404);
        }
    }
}

#[tokio::test]
async fn a_slash_within_a_segment_is_no_way_into_a_folder() {
    let folder = folder("slash");
    for way in WAYS {
        for (prefix, app) in apps(way, &folder, true) {
            for address in [
                "/notes%2findex.html",
                "/notes%2Fapp.css",
                "/%2fscript.js",
                "/script.js%2f",
                "/notes%5capp.css",
            ] {
                let answer = get(&app, &format!("{prefix}{address}")).await;
                answer.problem(404);
            }
            let answer = get(&app, &format!("{prefix}/notes/a%20b.txt")).await;
            assert_eq!(answer.text(), "blank");
        }
    }
}

#[tokio::test]
async fn files_can_only_be_read() {
    let folder = folder("methods");
    for way in WAYS {
        for (prefix, app) in apps(way, &folder, true) {
            for method in ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "LOCK"] {
                for address in ["/script.js", "/missing", "/notes", "/"] {
                    let method = method.parse().unwrap();
                    let address = format!("{prefix}{address}");
                    let answer = ask(&app, any_request(method, &address, &[], Body::empty())).await;
                    answer.problem(405);
                    assert_eq!(answer.header("allow"), Some("GET, HEAD"), "{answer:?}");
                }
            }
        }
    }
}

#[tokio::test]
async fn a_page_is_only_for_who_asks_for_pages() {
    let folder = folder("spa");
    for way in WAYS {
        for (prefix, app) in apps(way, &folder, true) {
            let from = async |address: &str, accept: &[&str]| {
                let lines: Vec<_> = accept.iter().map(|line| ("accept", *line)).collect();
                ask(&app, request(&format!("{prefix}{address}"), &lines)).await
            };
            for address in ["/users/7", "/missing", "/empty/", "/missing.js"] {
                for accept in [
                    &[PAGE][..],
                    &["TEXT/HTML"],
                    &["image/png", "text/html;q=0.1"],
                ] {
                    let answer = from(address, accept).await;
                    assert_eq!(answer.status, 200, "{way:?} {address} {accept:?}");
                    assert_eq!(answer.text(), "<p>start</p>", "{way:?} {address}");
                    assert_eq!(answer.header("cache-control"), Some("no-cache"));
                }
                for accept in [
                    &[][..],
                    &["*/*"],
                    &["text/*"],
                    &["application/json"],
                    &["text/htmlx"],
                    &["text/html;q=0, */*"],
                ] {
                    from(address, accept).await.problem(404);
                }
            }
            // What there is comes before the page.
            assert_eq!(from("/script.js", &[PAGE]).await.text(), "0123456789");
            assert_eq!(from("/notes", &[PAGE]).await.status, 308);
        }
        // A page that is missing itself is a 404, and no circle.
        let service = way.root(&folder.0).into_service().spa("no-such.html");
        let app = Router::new().fallback_service(service);
        let answer = ask(&app, request("/users/7", &[("accept", PAGE)])).await;
        answer.problem(404);
    }
}

#[tokio::test]
async fn caches_keep_what_never_changes_and_ask_for_pages() {
    let folder = folder("caching");
    let immutable = "max-age=31536000, public, immutable";
    for way in WAYS {
        for (prefix, app) in apps(way, &folder, false) {
            for (address, expected) in [
                ("/app.3f2a91bc.js", immutable),
                ("/page.3f2a91bc.html", immutable),
                ("/page.html", "no-cache"),
                ("/script.js", "max-age=60"),
                ("/style.css", "max-age=60"),
            ] {
                let address = format!("{prefix}{address}");
                let answer = get(&app, &address).await;
                assert_eq!(answer.header("cache-control"), Some(expected), "{address}");
                let tag = answer.header("etag").unwrap();
                let again = ask(&app, request(&address, &[("if-none-match", tag)])).await;
                assert_eq!(again.status, 304, "{way:?} {address}");
                assert_eq!(again.header("cache-control"), Some(expected), "{address}");
            }
            let missing = get(&app, &format!("{prefix}/missing.3f2a91bc.js")).await;
            let kept = missing.header("cache-control").unwrap_or_default();
            assert!(
                !kept.contains("immutable") && !kept.contains("max-age"),
                "{missing:?}"
            );
        }
    }
}

#[tokio::test]
async fn it_does_with_a_request_what_a_file_does() {
    let folder = folder("service");
    for way in WAYS {
        for (prefix, app) in apps(way, &folder, false) {
            let server = Server::start(app).await;
            for version in BOTH {
                let ask = async |method: &str, address: &str, headers: &[(&str, &str)]| {
                    let address = format!("{prefix}{address}");
                    server.ask(version, method, &address, headers).await
                };
                let head = ask("HEAD", "/script.js", &[("range", "bytes=0-1")]).await;
                assert_eq!((head.status.as_u16(), head.body.len()), (200, 0));
                assert_eq!(head.header("content-length"), Some("10"));
                let part = ask("GET", "/script.js", &[("range", "bytes=2-4")]).await;
                assert_eq!((part.status.as_u16(), &part.text()[..]), (206, "234"));
                assert_eq!(part.header("content-range"), Some("bytes 2-4/10"));
                ask("GET", "/script.js", &[("range", "bytes=10-")])
                    .await
                    .problem(416);
                ask("GET", "/script.js", &[("if-match", "\"other\"")])
                    .await
                    .problem(412);
                let packed = ask(
                    "GET",
                    "/style.css",
                    &[("accept-encoding", "gzip, br;q=0.1")],
                )
                .await;
                assert_eq!(packed.text(), "gzip");
                assert_eq!(packed.header("content-encoding"), Some("gzip"));
                assert_eq!(packed.header("vary"), Some("accept-encoding"));
                let head = ask("HEAD", "/notes", &[]).await;
                assert_eq!((head.status.as_u16(), head.body.len()), (308, 0));
                assert_eq!(ask("HEAD", "/missing", &[]).await.status, 404);
                assert_eq!(ask("HEAD", "/notes/", &[]).await.status, 200);
            }
        }
    }
}

/// Two of them under one router, each with its own.
#[tokio::test]
async fn what_stands_beside_it_is_left_alone() {
    let folder = folder("beside");
    for way in WAYS {
        let one = way.root(folder.path("notes")).into_service();
        let other = way.root(&folder.0).into_service().spa("index.html");
        let app = Router::new()
            .route("/api", axum::routing::get(async || "api"))
            .nest_service("/notes-too", one)
            .fallback_service(other);
        let server = Server::start(app).await;
        for (address, status, content) in [
            ("/api", 200, "api"),
            ("/notes-too/app.css", 200, "p {}"),
            ("/notes/app.css", 200, "p {}"),
            ("/elsewhere", 200, "<p>start</p>"),
            ("/notes-too/missing", 404, ""),
        ] {
            let answer = server
                .ask(Version::Http1, "GET", address, &[("accept", PAGE)])
                .await;
            assert_eq!(answer.status, status, "{way:?} {address}");
            assert!(
                status == 404 || answer.text() == content,
                "{way:?} {address}"
            );
        }
    }
}
