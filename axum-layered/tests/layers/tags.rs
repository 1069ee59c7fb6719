//! Entity tags, and the 304 that they make possible.

use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum_layered::{CacheControl, Declare, ETag, LayerETag, get};
use axum_responses::Stream;

use super::{ask, fetch, hello, layered};

fn app() -> Router {
    let computed = || LayerETag::computed(1 << 20);
    let own = || async { ([("ETag", "\"42\"")], "42") };
    let controller = layered()
        .etag(ETag::strong("foo"))
        .route("/chance_of_rain", get(hello))
        .route("/timestamp", get(hello).etag(ETag::strong("bar")))
        .route("/weak", get(hello).etag(ETag::weak("bar")))
        .route(
            "/population-dynamic",
            get(own).etag(LayerETag::documented()),
        )
        .route("/population-dynamic-no-doc", get(own))
        .route("/doc-only", get(hello).etag(LayerETag::documented()))
        .route("/removed", get(hello).no_etag())
        .route("/error", get(|| async { StatusCode::NOT_FOUND }))
        .route("/created", get(|| async { StatusCode::CREATED }))
        .route("/partial", get(|| async { StatusCode::PARTIAL_CONTENT }))
        .route(
            "/ranges",
            get(|| async { ([("accept-ranges", "bytes")], "x") }),
        )
        .route("/computed", get(hello).etag(computed()))
        .route("/computed-empty", get(|| async {}).etag(computed()))
        .route(
            "/computed-no-store",
            get(hello)
                .etag(computed())
                .cache_control(CacheControl::NO_STORE),
        )
        .route(
            "/computed-own-no-store",
            get(|| async { ([("cache-control", "max-age=1, NO-STORE")], "x") }).etag(computed()),
        )
        .route("/computed-own-tag", get(own).etag(computed()))
        .route(
            "/computed-stream",
            get(|| async { <Stream>::iter(["a", "b", "c"]) }).etag(computed()),
        )
        .route("/computed-long", get(hello).etag(LayerETag::computed(10)))
        .route("/computed-limit", get(hello).etag(LayerETag::computed(11)))
        .route(
            "/computed-created",
            get(|| async { (StatusCode::CREATED, "x") }).etag(computed()),
        )
        .route(
            "/cached",
            get(|| async {
                (
                    [("content-language", "en"), ("content-range", "x")],
                    "cached",
                )
            })
            .etag(ETag::strong("cached"))
            .cache_control(CacheControl::new().max_age(Duration::from_secs(30)))
            .header(("vary", "Accept-Language"))
            .header(("x-other", "kept"))
            .cookie(("seen", "1")),
        );
    layered()
        .etag(ETag::strong("bar"))
        .route(
            "/population",
            get(hello).post(hello).put(hello).delete(hello),
        )
        .merge(controller)
        .into_router()
}

const HELLO: &str = "W/\"df8d09e93f874900a99b8775cc15b6c7\"";

#[tokio::test]
async fn the_closest_tag_goes_on_success() {
    let app = app();
    for (path, tag) in [
        ("/population", Some("\"bar\"")),
        ("/chance_of_rain", Some("\"foo\"")),
        ("/timestamp", Some("\"bar\"")),
        ("/weak", Some("W/\"bar\"")),
        ("/population-dynamic", Some("\"42\"")),
        ("/population-dynamic-no-doc", Some("\"42\"")),
        ("/doc-only", None),
        ("/removed", None),
        ("/error", None),
        ("/created", Some("\"foo\"")),
        ("/partial", None),
        ("/ranges", None),
        ("/cached", Some("\"cached\"")),
    ] {
        for method in ["GET", "HEAD"] {
            assert_eq!(
                ask(&app, method, path, &[]).await.line("etag"),
                tag,
                "{method} {path}"
            );
        }
    }
}

#[tokio::test]
async fn a_computed_tag_is_of_whole_content_of_known_length() {
    let app = app();
    for (path, has_one) in [
        ("/computed", true),
        ("/computed-no-store", false),
        ("/computed-own-no-store", false),
        ("/computed-stream", false),
        ("/computed-long", false),
        ("/computed-limit", true),
        ("/computed-created", false),
    ] {
        let tags: Vec<_> = [
            ask(&app, "GET", path, &[]).await,
            ask(&app, "HEAD", path, &[]).await,
        ]
        .iter()
        .map(|answer| answer.line("etag").map(str::to_owned))
        .collect();
        assert_eq!(tags[0], tags[1], "HEAD {path}");
        assert_eq!(tags[0].is_some(), has_one, "{path}");
    }
    let tag = fetch(&app, "/computed")
        .await
        .line("etag")
        .unwrap()
        .to_owned();
    let expected = ETag::of_content(b"hello world").into_weak().to_string();
    assert_eq!((tag.as_str(), expected.as_str()), (HELLO, HELLO));
    fetch(&app, "/computed-own-tag")
        .await
        .has(&[("etag", "\"42\"")]);
    assert_eq!(fetch(&app, "/computed").await.body, "hello world");
    assert_eq!(fetch(&app, "/computed-stream").await.body, "abc");
}

#[tokio::test]
async fn tags_are_for_get_and_head() {
    let app = app();
    for method in ["POST", "PUT", "DELETE"] {
        let answer = ask(&app, method, "/population", &[("if-none-match", "*")]).await;
        assert_eq!(answer.status, 200, "{method}");
        answer.has_none(&["etag"]);
    }
}

#[tokio::test]
async fn if_none_match_is_answered_with_304_for_every_kind_of_tag() {
    let app = app();
    for (path, given, status) in [
        ("/population", "\"bar\"", 304),
        ("/population", "W/\"bar\"", 304), // RFC 9110 §13.1.2: weak comparison
        ("/population", "\"other\", W/\"bar\"", 304),
        ("/population", "*", 304),
        ("/population", "\"other\"", 200),
        ("/population", "bar", 200),
        ("/weak", "\"bar\"", 304),
        ("/population-dynamic", "\"42\"", 304),
        ("/population-dynamic-no-doc", "\"42\"", 304),
        ("/computed", HELLO, 304),
        ("/computed-own-tag", "\"42\"", 304),
        ("/computed-stream", HELLO, 200),
        ("/removed", "*", 200),
        ("/error", "*", 404),
        ("/created", "\"foo\"", 304),
    ] {
        for method in ["GET", "HEAD"] {
            let answer = ask(&app, method, path, &[("if-none-match", given)]).await;
            assert_eq!(answer.status, status, "{method} {path} {given}");
            if status == 304 {
                assert_eq!(answer.body, "");
                answer.has_none(&["content-type", "content-length"]);
                assert!(answer.line("etag").is_some());
            }
        }
    }
    let lines = [("if-none-match", "\"a\""), ("if-none-match", "\"bar\"")];
    assert_eq!(ask(&app, "GET", "/population", &lines).await.status, 304);
}

#[tokio::test]
async fn a_304_keeps_all_that_does_not_describe_content() {
    let answer = ask(&app(), "GET", "/cached", &[("if-none-match", "\"cached\"")]).await;
    assert_eq!(answer.status, 304);
    answer.has(&[
        ("etag", "\"cached\""),
        ("cache-control", "max-age=30"),
        ("vary", "Accept-Language"),
        ("x-other", "kept"),
        ("set-cookie", "seen=1; Path=/; SameSite=Lax"),
    ]);
    answer.has_none(&[
        "content-type",
        "content-length",
        "content-language",
        "content-range",
        "content-encoding",
    ]);
    let whole = fetch(&app(), "/cached").await;
    whole.has(&[("content-language", "en"), ("content-length", "6")]);
}

#[tokio::test]
async fn if_none_match_goes_before_if_modified_since() {
    const THEN: &str = "Tue, 14 Nov 2023 22:13:20 GMT";
    const LATER: &str = "Tue, 14 Nov 2023 22:13:21 GMT";
    const EARLIER: &str = "Tue, 14 Nov 2023 22:13:19 GMT";
    let dated = || async { ([("last-modified", THEN)], "dated") };
    let app = layered()
        .route("/dated", get(dated))
        .route("/both", get(dated).etag(ETag::strong("v")))
        .into_router();
    for (path, given, status) in [
        ("/dated", &[("if-modified-since", THEN)][..], 304),
        ("/dated", &[("if-modified-since", LATER)], 304),
        ("/dated", &[("if-modified-since", EARLIER)], 200),
        ("/dated", &[("if-modified-since", "soon")], 200),
        ("/both", &[("if-modified-since", THEN)], 304),
        (
            "/both",
            &[("if-none-match", "\"v\""), ("if-modified-since", EARLIER)],
            304,
        ),
        // RFC 9110 §13.1.3: If-Modified-Since is not asked where If-None-Match is.
        (
            "/both",
            &[("if-none-match", "\"w\""), ("if-modified-since", LATER)],
            200,
        ),
    ] {
        let answer = ask(&app, "GET", path, given).await;
        assert_eq!(answer.status, status, "{path} {given:?}");
        answer.has(&[("last-modified", THEN)]);
    }
}

#[tokio::test]
async fn preconditions_for_changes_are_not_asked_after_the_handler() {
    let answer = ask(&app(), "GET", "/population", &[("if-match", "\"other\"")]).await;
    assert_eq!(answer.status, 200);
}

#[tokio::test]
async fn a_handler_that_answers_head_by_itself_has_no_computed_tag() {
    let app = layered()
        .etag(LayerETag::computed(99))
        .route(
            "/",
            get(hello).head(|| async { [("content-length", "11")] }),
        )
        .into_router();
    fetch(&app, "/").await.has(&[("etag", HELLO)]);
    ask(&app, "HEAD", "/", &[]).await.has_none(&["etag"]);
}

/// Says that it is four bytes long, and breaks off.
struct BreaksOff;

impl http_body::Body for BreaksOff {
    type Data = axum::body::Bytes;
    type Error = std::io::Error;

    fn poll_frame(
        self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Result<http_body::Frame<Self::Data>, Self::Error>>> {
        std::task::Poll::Ready(Some(Err(std::io::Error::other("secret"))))
    }

    fn size_hint(&self) -> http_body::SizeHint {
        http_body::SizeHint::with_exact(4)
    }
}

#[tokio::test]
async fn a_body_that_breaks_off_before_its_tag_is_known_is_a_500() {
    async fn handler() -> Response {
        Body::new(BreaksOff).into_response()
    }
    let app = layered()
        .route("/", get(handler).etag(LayerETag::computed(99)))
        .into_router();
    let answer = fetch(&app, "/").await;
    assert_eq!(answer.status, 500);
    assert!(!answer.body.contains("secret"), "{}", answer.body);
    answer.has_none(&["etag"]);
}
