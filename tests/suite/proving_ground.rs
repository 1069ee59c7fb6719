//! `/cookies` and `/cache` of the proving ground: what its layers declare, as it is sent.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum_responses::Root;
use http::{HeaderMap, Request, StatusCode};
use tower::ServiceExt;

async fn app() -> Router {
    let root = Root::open(env!("CARGO_MANIFEST_DIR")).unwrap();
    proving_ground::app(root).await.unwrap()
}

async fn get(app: &Router, path: &str, known: &str) -> (StatusCode, HeaderMap, String) {
    let request = Request::get(path).header("if-none-match", known);
    let response = app
        .clone()
        .oneshot(request.body(Body::empty()).unwrap())
        .await
        .unwrap();
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, 1 << 20).await.unwrap();
    let body = String::from_utf8(body.into()).unwrap();
    (parts.status, parts.headers, body)
}

#[tokio::test]
async fn cookies_of_two_layers_come_in_order() {
    let (_, headers, _) = get(&app().await, "/cookies", "").await;
    let cookies: Vec<_> = headers.get_all("set-cookie").iter().collect();
    assert_eq!(
        cookies,
        [
            "local-cookie=local%20value; Path=/; SameSite=Lax",
            "app-cookie=app; Path=/; SameSite=Lax",
            "strict=s; Path=/; HttpOnly; SameSite=Strict",
            "scoped=p; Path=/cookies; SameSite=Lax",
            "aged=a; Path=/; Max-Age=3600; SameSite=Lax",
            "sec=x; Path=/; Secure; SameSite=Lax",
        ]
    );
}

#[tokio::test]
async fn caches_are_told_what_they_may_keep() {
    let app = app().await;
    let mut hits = 0;
    let mut check = async |kind: &str, cache_control: &str, vary: &str, cookie: &str| {
        let (status, headers, body) = get(&app, &format!("/cache/{kind}"), "").await;
        let line = |name| match headers.get(name) {
            Some(value) => value.to_str().unwrap().to_owned(),
            None => String::new(),
        };
        hits += 1;
        assert_eq!((status.as_u16(), body), (200, hits.to_string()), "{kind}");
        assert_eq!(line("cache-control"), cache_control, "{kind}");
        assert_eq!(line("vary"), vary, "{kind}");
        assert_eq!(line("set-cookie"), cookie, "{kind}");
        assert_eq!(line("etag"), "", "{kind}");
    };
    check("max-age", "max-age=60, public", "", "").await;
    check("s-maxage", "max-age=0, s-maxage=60", "", "").await;
    check("s-maxage-zero", "max-age=60, s-maxage=0", "", "").await;
    check("no-store", "no-store", "", "").await;
    check("private", "max-age=60, private", "", "").await;
    check("no-cache", "no-cache", "", "").await;
    check("vary", "max-age=60, public", "accept-language", "").await;
    check("vary-star", "", "*", "").await;
    let cookie = "a=b; Path=/; SameSite=Lax";
    check("set-cookie", "max-age=60, public", "", cookie).await;
}

#[tokio::test]
async fn who_has_it_is_told_so() {
    let app = app().await;
    for (kind, tag) in [("etag", "\"v1\""), ("etag-weak", "W/\"v1\"")] {
        let path = format!("/cache/{kind}");
        for (known, expected) in [("", 200), (tag, 304), ("W/\"v1\"", 304), ("\"v2\"", 200)] {
            let (status, headers, body) = get(&app, &path, known).await;
            assert_eq!(status, expected, "{kind} {known}");
            assert_eq!(headers["etag"], tag);
            assert_eq!(headers["cache-control"], "max-age=1, public");
            assert_eq!(body.is_empty(), status == 304);
        }
    }
}
