//! Packed files that lie beside: which is sent, and what each answer says of it.

use axum_responses::{ETag, RequestContext};
use suite_support::{Answer, BOTH, Server, Version};

use super::*;

const PLAIN: &str = "0123456789 plain";

/// `style.css` in all forms, `one.txt` in one of them, and some that lack something.
fn folder(name: &str) -> Folder {
    let folder = Folder::new(name);
    for (name, content) in [
        ("style.css", PLAIN),
        ("style.css.gz", "0123456789 gzip!"),
        ("style.css.br", "0123456789 brotli"),
        ("style.css.zst", "0123456789 zstd"),
        ("one.txt", PLAIN),
        ("one.txt.gz", "0123456789 gzip!"),
        ("odd.txt", PLAIN),
        ("odd.txt.br/below", "a folder of that name"),
        ("odd.txt.gz", "0123456789 gzip!"),
        ("only.txt.gz", "0123456789 gzip!"),
    ] {
        folder.write(name, content);
    }
    folder
}

/// Asks a server for one file after the other.
struct Asking {
    server: Server,
    version: Version,
}

impl Asking {
    async fn for_(&self, name: &str, accepted: &str, more: &[(&str, &str)]) -> Answer {
        self.method("GET", name, accepted, more).await
    }

    async fn method(
        &self,
        method: &str,
        name: &str,
        accepted: &str,
        more: &[(&str, &str)],
    ) -> Answer {
        let mut headers = vec![("accept-encoding", accepted)];
        headers.extend(more);
        let path = format!("/{name}");
        let answer = self.server.ask(self.version, method, &path, &headers).await;
        // A cache must know it, whatever the answer was.
        if answer.status != 404 {
            assert_eq!(answer.header("vary"), Some("accept-encoding"), "{answer:?}");
        }
        answer
    }
}

/// Both ways of reading, both versions of HTTP, and both ways to ask for it.
async fn each(name: &str, check: impl AsyncFn(Asking)) {
    let folder = folder(name);
    for way in WAYS {
        let root = way.root(&folder.0).precompressed();
        let place = folder.0.clone();
        let one =
            async move |extract::Path(name): extract::Path<String>| -> Result<File, FileError> {
                way.open(place.join(name)).precompressed().await
            };
        let one = Router::new().route("/{*name}", get(with_context(one)));
        for app in [serving(root.clone()), one] {
            let app = app.fallback_service(root.clone().into_service());
            for version in BOTH {
                let server = Server::start(app.clone()).await;
                check(Asking { server, version }).await;
            }
        }
    }
}

#[tokio::test]
async fn the_client_gets_the_form_that_it_likes_best() {
    each("forms", async |asking| {
        for (accepted, expected) in [
            ("gzip, deflate, br, zstd", Some("br")),
            ("zstd, gzip", Some("zstd")),
            ("gzip", Some("gzip")),
            ("x-gzip", Some("gzip")),
            ("br;q=0.5, zstd;q=0.6, gzip;q=0.7", Some("gzip")),
            ("br;q=0, *", Some("zstd")),
            ("*", Some("br")),
            ("identity, br;q=0.9", None),
            ("br;q=0, zstd;q=0, gzip;q=0", None),
            ("deflate", None),
            ("", None),
        ] {
            let answer = asking.for_("style.css", accepted, &[]).await;
            assert_eq!(answer.status, 200, "{accepted}");
            assert_eq!(answer.header("content-encoding"), expected, "{accepted}");
            let text = answer.text();
            let word = match expected {
                None => PLAIN,
                Some("gzip") => "0123456789 gzip!",
                Some("br") => "0123456789 brotli",
                Some(_) => "0123456789 zstd",
            };
            assert_eq!(text, word, "{accepted}");
            let length = word.len().to_string();
            assert_eq!(answer.header("content-length"), Some(&*length));
            // It is packed, and still what it was.
            let css = Some("text/css; charset=utf-8");
            assert_eq!(answer.header("content-type"), css, "{accepted}");
            if let Some(disposition) = answer.header("content-disposition") {
                assert_eq!(disposition, "attachment; filename=\"style.css\"");
            }
        }
        let answer = asking.for_("one.txt", "br, zstd, gzip;q=0.1", &[]).await;
        assert_eq!(answer.header("content-encoding"), Some("gzip"));
        let answer = asking.for_("one.txt", "br, zstd", &[]).await;
        assert_eq!(
            (answer.header("content-encoding"), &answer.text()[..]),
            (None, PLAIN)
        );
        // A packed form asked for by its own name is a file like any other.
        let answer = asking.for_("one.txt.gz", "gzip", &[]).await;
        assert_eq!(answer.header("content-encoding"), None, "{answer:?}");
        assert_eq!(answer.header("content-type"), Some("application/gzip"));
    })
    .await;
}

#[tokio::test]
async fn a_folder_in_the_place_of_a_form_is_passed_over() {
    each("form-folder", async |asking| {
        let answer = asking.for_("odd.txt", "br, gzip;q=0.5", &[]).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        assert_eq!(answer.header("content-encoding"), Some("gzip"));
        let answer = asking.for_("odd.txt", "br", &[]).await;
        assert_eq!(
            (answer.header("content-encoding"), &answer.text()[..]),
            (None, PLAIN)
        );
        let answer = asking.for_("missing.txt", "br, gzip", &[]).await;
        answer.problem(404);
    })
    .await;
}

#[tokio::test]
async fn each_form_has_a_tag_of_its_own() {
    each("form-tags", async |asking| {
        let mut tags = Vec::new();
        for accepted in ["br", "zstd", "gzip", ""] {
            let answer = asking.for_("style.css", accepted, &[]).await;
            let tag = answer.header("etag").unwrap().to_owned();
            assert!(tag.starts_with('"'), "{tag}");
            let held = asking
                .for_("style.css", accepted, &[("if-none-match", &tag)])
                .await;
            assert_eq!(held.status, 304, "{accepted}");
            assert_eq!(held.header("etag"), Some(&*tag));
            for of_content in ["content-encoding", "content-length", "content-type"] {
                assert_eq!(held.header(of_content), None, "{held:?}");
            }
            assert!(!tags.contains(&tag), "{tag}");
            tags.push(tag);
        }
        let other = asking
            .for_("style.css", "gzip", &[("if-none-match", &tags[0])])
            .await;
        assert_eq!(other.status, 200);
        assert_eq!(other.header("content-encoding"), Some("gzip"));
        let any = tags.join(", ");
        let held = asking
            .for_("style.css", "zstd", &[("if-none-match", &any)])
            .await;
        assert_eq!(
            (held.status.as_u16(), held.header("etag")),
            (304, Some(&*tags[1]))
        );
        let failed = asking
            .for_("style.css", "gzip", &[("if-match", &tags[0])])
            .await;
        failed.problem(412);
        assert_eq!(failed.header("content-encoding"), None, "{failed:?}");
    })
    .await;
}

#[tokio::test]
async fn a_range_is_one_of_the_form_that_is_sent() {
    each("form-ranges", async |asking| {
        for (accepted, end, length) in [
            ("br", "brotli", 17),
            ("zstd", "zstd", 15),
            ("", "plain", 16),
        ] {
            let first = asking.for_("style.css", accepted, &[]).await;
            let coding = first.header("content-encoding");
            let tag = first.header("etag").unwrap();
            let range = [("range", "bytes=11-"), ("if-range", tag)];
            let part = asking.for_("style.css", accepted, &range).await;
            assert_eq!(
                (part.status.as_u16(), &part.text()[..]),
                (206, end),
                "{accepted}"
            );
            let sent = format!("bytes 11-{}/{length}", length - 1);
            assert_eq!(part.header("content-range"), Some(&*sent));
            assert_eq!(part.header("content-encoding"), coding);
            assert_eq!(part.header("etag"), Some(tag));
            let parts = [("range", "bytes=0-0,5-5")];
            let parts = asking.for_("style.css", accepted, &parts).await;
            assert_eq!(parts.status, 206, "{accepted}");
            assert!(
                parts.text().contains(&format!("/{length}\r\n")),
                "{parts:?}"
            );

            // The tag of another form holds no range of this one.
            let range = [("range", "bytes=11-"), ("if-range", tag)];
            let other = asking.for_("style.css", "gzip", &range).await;
            assert_eq!(
                (other.status.as_u16(), &other.text()[..]),
                (200, "0123456789 gzip!")
            );

            let beyond = [("range", "bytes=100-")];
            let beyond = asking.for_("style.css", accepted, &beyond).await;
            beyond.problem(416);
            let unsatisfied = format!("bytes */{length}");
            assert_eq!(beyond.header("content-range"), Some(&*unsatisfied));
            assert_eq!(beyond.header("content-encoding"), None, "{beyond:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_head_request_hears_of_the_form() {
    each("form-head", async |asking| {
        for (accepted, length) in [("br", "17"), ("zstd", "15"), ("gzip", "16"), ("", "16")] {
            let range = [("range", "bytes=0-0")];
            let head = asking.method("HEAD", "style.css", accepted, &range).await;
            let whole = asking.for_("style.css", accepted, &[]).await;
            assert_eq!((head.status.as_u16(), head.body.len()), (200, 0));
            assert_eq!(head.header("content-length"), Some(length));
            for name in ["content-encoding", "content-type", "etag", "last-modified"] {
                assert_eq!(head.header(name), whole.header(name), "{accepted} {name}");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn without_being_asked_no_form_is_sent_and_nothing_is_said_of_it() {
    let folder = folder("no-forms");
    for way in WAYS {
        let server = Server::start(serving(way.root(&folder.0))).await;
        let headers = [("accept-encoding", "br, gzip")];
        for version in BOTH {
            let answer = server.ask(version, "GET", "/style.css", &headers).await;
            assert_eq!(answer.text(), PLAIN, "{way:?}");
            assert_eq!(answer.header("vary"), None, "{way:?}");
            assert_eq!(answer.header("content-encoding"), None, "{way:?}");
        }
    }
}

#[tokio::test]
async fn a_strong_tag_of_ones_own_has_its_coding_behind_it() {
    let folder = folder("own-tag");
    for way in WAYS {
        let ask = async |etag: ETag, accepted: &str, known: &str| {
            let mut headers = http::HeaderMap::new();
            headers.insert("accept-encoding", accepted.parse().unwrap());
            headers.insert("if-none-match", known.parse().unwrap());
            let context = RequestContext::new(http::Method::GET, &headers);
            let opening = File::open_for(&context, folder.path("style.css")).precompressed();
            let file = way.of(opening).await.unwrap();
            let answer = file.etag(etag).respond_to(&context);
            let tag = answer.headers()["etag"].to_str().unwrap().to_owned();
            (answer.status().as_u16(), tag)
        };
        let (strong, weak) = (|| ETag::strong("v1"), || ETag::weak("v1"));
        for (etag, accepted, known, status, sent) in [
            (strong(), "identity", "\"v1\"", 304, "\"v1\""),
            (strong(), "gzip", "\"v1\"", 200, "\"v1-gzip\""),
            (strong(), "gzip", "\"v1-gzip\"", 304, "\"v1-gzip\""),
            (strong(), "br", "\"v1-gzip\"", 200, "\"v1-br\""),
            (weak(), "gzip", "W/\"v1\"", 304, "W/\"v1\""),
        ] {
            let answer = ask(etag, accepted, known).await;
            assert_eq!(answer, (status, sent.to_owned()), "{accepted} {known}");
        }
    }
}

#[tokio::test]
async fn a_404_of_a_folder_may_depend_on_the_coding() {
    let folder = folder("only");
    for way in WAYS {
        let root = way.root(&folder.0);
        for (root, vary) in [
            (root.clone(), None),
            (root.precompressed(), Some("accept-encoding")),
        ] {
            let app = Router::new().fallback_service(root.into_service());
            for name in ["only.txt", "none.txt"] {
                let request = suite_support::get(&format!("/{name}"), &[]);
                let answer = suite_support::ask(&app, request).await;
                answer.problem(404);
                assert_eq!(answer.header("vary"), vary, "{name}");
            }
        }
    }
}

#[tokio::test]
async fn beside_an_open_file_nothing_is_looked_for() {
    let folder = folder("open");
    for way in WAYS {
        let context = RequestContext::new(
            http::Method::GET,
            &http::HeaderMap::from_iter([(http::header::ACCEPT_ENCODING, "gzip".parse().unwrap())]),
        );
        let open = std::fs::File::open(folder.path("style.css")).unwrap();
        let opening = File::from_open_file(open).precompressed();
        let answer = way.of(opening).await.unwrap().respond_to(&context);
        for gone in ["vary", "content-encoding"] {
            assert!(!answer.headers().contains_key(gone), "{gone}");
        }
    }
}
