//! curl: redirects, `HEAD`, and bodies that break off.

use std::convert::Infallible;
use std::io;

use axum::Router;
use axum::body::Bytes;
use axum::http::Method;
use axum::routing::{any, get};
use axum_responses::media_type::OctetStream;
use axum_responses::{Json, Redirect, RequestContextLayer, Stream, Text};
use futures_util::stream::iter;
use suite_support::Server;
use suite_support::outside::{CURL, present};
use tower::Layer;

use super::{Ended, program, run, url};

fn app() -> Router {
    let said = || iter(["one ", "two"].map(|text| Ok::<_, Infallible>(Bytes::from(text))));
    let breaks_off = || {
        iter([
            Ok(Bytes::from("as far as it goes")),
            Err(io::Error::other("here it ends")),
        ])
    };
    Router::new()
        .route("/json", get(|| async { Json([1, 2, 3]) }))
        .route(
            "/whole",
            get(move || async move { Stream::<OctetStream>::new(said()) }),
        )
        .route(
            "/cut",
            get(move || async move { Stream::<OctetStream>::new(breaks_off()) }),
        )
        .route(
            "/method",
            any(|method: Method| async move { Text(method.to_string()) }),
        )
        .route(
            "/301",
            any(|| async { Redirect::moved_permanently("/method") }),
        )
        .route("/302", any(|| async { Redirect::found("/method") }))
        .route("/303", any(|| async { Redirect::see_other("/method") }))
        .route("/307", any(|| async { Redirect::temporary("/method") }))
        .route("/308", any(|| async { Redirect::permanent("/method") }))
}

/// curl without a configuration of its own, with these words before the address.
async fn curl(words: &[&str], path: &str) -> Ended {
    let server = Server::start_service(RequestContextLayer::new().layer(app())).await;
    let mut curl = program("curl", &["--disable", "--silent", "--show-error"]);
    curl.args(words).arg(url(&server, path));
    run(curl).await
}

#[tokio::test]
async fn each_redirect_is_followed_with_the_method_that_is_meant() {
    if present(&[CURL]) {
        // RFC 9110 §15.4: the first two may turn POST into GET, and do so; the last two may not.
        for (path, method) in [
            ("/301", "GET"),
            ("/302", "GET"),
            ("/303", "GET"),
            ("/307", "POST"),
            ("/308", "POST"),
        ] {
            let answer = curl(&["--location", "--data", "a=1"], path).await;
            assert_eq!(answer.well(), method, "{path}");
        }
    }
}

#[tokio::test]
async fn head_has_the_fields_of_get_and_nothing_more() {
    if present(&[CURL]) {
        let head = curl(&["--head"], "/json").await.well().to_lowercase();
        assert!(head.starts_with("http/1.1 200"), "{head}");
        assert!(head.contains("content-type: application/json"), "{head}");
        assert!(head.contains("content-length: 7"), "{head}");
        assert!(head.ends_with("\r\n\r\n"), "{head}");
    }
}

#[tokio::test]
async fn a_stream_that_fails_is_no_whole_body() {
    if present(&[CURL]) {
        assert_eq!(curl(&[], "/whole").await.well(), "one two");

        // CURLE_PARTIAL_FILE, and not a success that lacks its end.
        let cut = curl(&["--http1.1"], "/cut").await;
        assert_eq!(cut.code, Some(18), "{cut:?}");
        assert_eq!(cut.output, "as far as it goes");

        // A reset stream of HTTP/2 (RFC 9113 §8.1): CURLE_HTTP2_STREAM.
        let cut = curl(&["--http2-prior-knowledge"], "/cut").await;
        assert_eq!(cut.code, Some(92), "{cut:?}");
    }
}
