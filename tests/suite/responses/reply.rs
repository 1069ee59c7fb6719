//! What goes around a body: status, headers, cookies, and the statuses that have no body.

use std::time::{Duration, UNIX_EPOCH};

use axum::Router;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum_responses::{
    AnyRedirect, Content, Delegated, ETag, Empty, Encoded, Encoder, Html, Json, MediaType,
    MessagePack, Redirect, Reply, RequestContextLayer, SameSite, SetCookie, Text,
    media_type::XmlType, with_context,
};
use serde::Serialize;
use suite_support::{Answer, BOTH, Server, ask, get as request_for, read};
use tower::Layer;

async fn answer(responder: impl IntoResponse) -> Answer {
    read(responder.into_response()).await
}

#[derive(Serialize)]
struct Resource {
    id: u64,
    name: &'static str,
}

const RESOURCE: Resource = Resource {
    id: 1,
    name: "my resource",
};

#[tokio::test]
async fn plain_values_carry_their_type_and_nothing_else() {
    for (response, media_type, body) in [
        (
            Json(RESOURCE).into_response(),
            "application/json",
            &br#"{"id":1,"name":"my resource"}"#[..],
        ),
        (
            Json("quoted").into_response(),
            "application/json",
            b"\"quoted\"",
        ),
        (Json(()).into_response(), "application/json", b"null"),
        (Json(f64::NAN).into_response(), "application/json", b"null"),
        (
            MessagePack(RESOURCE).into_response(),
            "application/x-msgpack",
            b"\x82\xa2id\x01\xa4name\xabmy resource",
        ),
        (
            MessagePack(serde_bytes::Bytes::new(b"\0\xff")).into_response(),
            "application/x-msgpack",
            b"\xc4\x02\0\xff",
        ),
        (
            Text("grüße ☃").into_response(),
            "text/plain; charset=utf-8",
            "grüße ☃".as_bytes(),
        ),
        (Text(0).into_response(), "text/plain; charset=utf-8", b"0"),
        (
            Text(String::from("owned")).into_response(),
            "text/plain; charset=utf-8",
            b"owned",
        ),
        (
            Html("<p>").into_response(),
            "text/html; charset=utf-8",
            b"<p>",
        ),
        (
            Content::<XmlType>::new("<xml/>").into_response(),
            "application/xml",
            b"<xml/>",
        ),
    ] {
        let answer = read(response).await;
        assert_eq!(answer.status, 200);
        assert_eq!(answer.header("content-type"), Some(media_type));
        assert_eq!(answer.body, body);
        assert_eq!(answer.headers.len(), 1, "{answer:?}");
    }
}

#[tokio::test]
async fn a_value_that_cannot_be_written_is_a_500_that_says_nothing() {
    struct Unwritable;
    impl Serialize for Unwritable {
        fn serialize<S: serde::Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
            Err(serde::ser::Error::custom("the secret reason"))
        }
    }
    for response in [
        Json(Unwritable).into_response(),
        MessagePack(Unwritable).into_response(),
    ] {
        let answer = read(response).await;
        answer.problem(500);
        assert!(!answer.text().contains("secret"));
    }
    let reply: Reply<_, 201> = Reply::new(Json(Unwritable))
        .header(("x-own", "1"))
        .cookie(("a", "b"));
    let answer = answer(reply).await;
    answer.problem(500);
    assert_eq!(
        (answer.header("x-own"), answer.header("set-cookie")),
        (None, None)
    );
}

#[tokio::test]
async fn the_status_takes_the_place_of_200_alone() {
    assert_eq!(answer(Reply::<_, 202>::new(Json(1))).await.status, 202);
    assert_eq!(answer(Reply::<_>::new(Redirect::to("/"))).await.status, 302);
    assert_eq!(
        answer(Reply::<_, 201>::new(Redirect::see_other("/")))
            .await
            .status,
        303
    );
    assert_eq!(
        answer(Reply::<_>::new((StatusCode::IM_A_TEAPOT, "t")))
            .await
            .status,
        418
    );
    assert_eq!(
        answer(Reply::<_>::new(Json(1)).status(StatusCode::CREATED))
            .await
            .status,
        201
    );
}

#[tokio::test]
async fn a_header_name_goes_out_once_whatever_its_case() {
    let inner = Reply::<_>::new(Text("x"))
        .header(("X-One", "inner"))
        .header(("vary", "accept"));
    let reply: Reply<_> = Reply::new(inner)
        .header(("X-ONE", "1"))
        .header(("x-one", "2"))
        .header(("Content-Type", "application/vnd.custom"))
        .header(("vary", "Accept, origin"))
        .append_header(("x-list", "a"))
        .append_header(("X-List", "b"));
    let answer = answer(reply).await;
    assert_eq!(answer.header("x-one"), Some("2"));
    assert_eq!(
        answer.header("content-type"),
        Some("application/vnd.custom")
    );
    assert_eq!(answer.header("vary"), Some("accept, origin"));
    let list: Vec<_> = answer.headers.get_all("x-list").iter().collect();
    assert_eq!(list, ["a", "b"]);
}

#[tokio::test]
async fn what_cannot_be_sent_is_an_error_and_not_a_panic() {
    for header in [
        ("x-edge", "a\r\nx-injected: 1"),
        ("x y", "v"),
        ("", "v"),
        ("x-edge", "a\0b"),
        ("x-edge", "a\x7fb"),
    ] {
        let answer = answer(Reply::<_>::new(Text("ok")).header(header)).await;
        answer.problem(500);
        assert_eq!(answer.header("x-injected"), None);
        assert!(
            Reply::<_>::new(Text("ok")).try_header(header).is_err(),
            "{header:?}"
        );
    }
    let answer = answer(Reply::<_>::new(Text("ok")).cookie(("a b", "v"))).await;
    answer.problem(500);
    assert_eq!(answer.header("set-cookie"), None);
}

#[tokio::test]
async fn a_status_that_is_not_final_and_a_length_that_is_not_true_are_errors() {
    for code in [100, 101, 199, 600, 999] {
        let status = StatusCode::from_u16(code).unwrap();
        let answer = answer(Reply::<_>::new(Text("ok")).status(status)).await;
        answer.problem(500);
    }
    for (header, status) in [
        (("content-length", "2"), 200),
        (("content-length", "3"), 500),
        (("content-length", "1"), 500),
        (("content-length", "two"), 500),
        (("content-length", "-2"), 500),
        (("transfer-encoding", "chunked"), 500),
        (("transfer-encoding", "gzip"), 500),
    ] {
        let reply = move || Reply::<_>::new(Text("ok")).header(header);
        assert_eq!(answer(reply()).await.status, status, "{header:?}");
        let server = Server::start(Router::new().route("/", get(async move || reply()))).await;
        for version in BOTH {
            let answer = server.ask(version, "GET", "/", &[]).await;
            assert_eq!(answer.status, status, "{version:?} {header:?}");
            assert!(answer.complete, "{version:?} {header:?}");
        }
    }
    // What answers HEAD by itself says how long the content would be.
    let head = || Reply::<_>::new(Empty).header(("content-length", "17"));
    let router = Router::new().route("/", axum::routing::head(async move || head()));
    let server = Server::start(router).await;
    for version in BOTH {
        let answer = server.ask(version, "HEAD", "/", &[]).await;
        assert_eq!(answer.status, 200);
        assert_eq!(answer.header("content-length"), Some("17"), "{version:?}");
    }
}

#[tokio::test]
async fn vary_is_united_over_all_lines() {
    let body = || Reply::<_>::new(Text("ok")).header(("vary", "accept"));
    for (reply, expected) in [
        (
            Reply::<_>::new(body())
                .append_header(("vary", "origin"))
                .append_header(("vary", "Accept")),
            &["accept, origin"][..],
        ),
        (
            Reply::<_>::new(body()).append_header(("vary", "origin, *")),
            &["*"],
        ),
        (Reply::<_>::new(body()).header(("vary", "")), &["accept"]),
    ] {
        let answer = answer(reply).await;
        let lines: Vec<_> = answer.headers.get_all("vary").iter().collect();
        assert_eq!(lines, expected);
    }
    for (more, expected) in [
        ("*, accept", Some("*")),
        ("accept, Accept ,origin", Some("accept, origin")),
        ("", None),
        (" , ", None),
    ] {
        let mut headers = axum::http::HeaderMap::new();
        axum_responses::header::unite_vary(&mut headers, &more.parse().unwrap());
        let sent = headers.get("vary").map(|line| line.to_str().unwrap());
        assert_eq!(sent, expected, "{more:?}");
    }
}

#[test]
fn a_cookie_that_is_shown_keeps_its_value_to_itself() {
    let cookie = SetCookie::new("session", "secret").path("/p");
    let shown = format!(
        "{cookie:?} {:?}",
        Reply::<_>::new(Text("ok")).cookie(cookie.clone())
    );
    assert!(shown.contains("session") && shown.contains("/p"), "{shown}");
    assert!(!shown.contains("secret"), "{shown}");
}

#[tokio::test]
async fn a_cookie_goes_out_once_for_its_name_path_and_domain() {
    let reply: Reply<_> = Reply::new(Text("ok"))
        .cookie(("b", "2"))
        .cookie(("c", "first"))
        .cookie(SetCookie::new("c", "elsewhere").path("/other"))
        .cookie(("c", "second"))
        .cookie(SetCookie::removal("b"))
        .etag(&ETag::weak("abc"));
    let answer = answer(reply).await;
    let cookies: Vec<_> = answer.headers.get_all("set-cookie").iter().collect();
    assert_eq!(
        cookies,
        [
            "b=; Path=/; Max-Age=0; SameSite=Lax",
            "c=second; Path=/; SameSite=Lax",
            "c=elsewhere; Path=/other; SameSite=Lax",
        ]
    );
    assert_eq!(answer.header("etag"), Some("W/\"abc\""));
}

#[test]
fn cookies_are_written_as_rfc_6265_reads_them() {
    let date = UNIX_EPOCH + Duration::from_secs(784_111_777);
    for (cookie, line) in [
        (
            SetCookie::new("a", "x y;,\"\\%"),
            "a=x%20y%3B%2C%22%5C%25; Path=/; SameSite=Lax",
        ),
        (
            SetCookie::new("a", "snow☃\r\n"),
            "a=snow%E2%98%83%0D%0A; Path=/; SameSite=Lax",
        ),
        (
            SetCookie::raw("a", "b%20c"),
            "a=b%20c; Path=/; SameSite=Lax",
        ),
        (
            SetCookie::new("a", "").without_path().without_same_site(),
            "a=",
        ),
        (
            SetCookie::new("full", "v")
                .path("/p")
                .domain("example.com")
                .max_age(Duration::from_secs(3600))
                .expires(date)
                .secure(true)
                .http_only(true)
                .same_site(SameSite::None)
                .partitioned(true),
            "full=v; Domain=example.com; Path=/p; Max-Age=3600; Expires=Sun, 06 Nov 1994 08:49:37 GMT; \
             Secure; HttpOnly; SameSite=None; Partitioned",
        ),
        (
            SetCookie::new("__Host-a", "v").secure(true),
            "__Host-a=v; Path=/; Secure; SameSite=Lax",
        ),
    ] {
        assert_eq!(cookie.to_header().unwrap(), line);
    }
}

#[test]
fn cookies_that_browsers_refuse_cannot_be_sent() {
    let secure = |name: &'static str| SetCookie::new(name, "v").secure(true);
    for cookie in [
        SetCookie::new("", "v"),
        SetCookie::new("a b", "v"),
        SetCookie::new("a;b", "v"),
        SetCookie::new("ä", "v"),
        SetCookie::raw("a", "b c"),
        SetCookie::raw("a", "b;c"),
        SetCookie::raw("a", "ä"),
        SetCookie::new("a", "v").path("/x; Domain=evil.example"),
        SetCookie::new("a", "v").domain("x\r\nset-cookie: b=c"),
        SetCookie::new("a", "v").same_site(SameSite::None),
        SetCookie::new("a", "v").partitioned(true),
        SetCookie::new("__Secure-a", "v"),
        SetCookie::new("__host-a", "v"),
        secure("__Host-a").path("/x"),
        secure("__Host-a").without_path(),
        secure("__Host-a").domain("example.com"),
        SetCookie::new("a", "v".repeat(5000)),
        SetCookie::new("a", "v".repeat(4096)),
        SetCookie::new("a", "v").path("admin"),
        SetCookie::new("a", "v").path(""),
        SetCookie::new("a", "v").path(format!("/{}", "p".repeat(1024))),
        SetCookie::new("a", "v").domain(""),
        SetCookie::new("a", "v").domain("exa mple"),
    ] {
        assert!(cookie.to_header().is_err(), "{cookie:?}");
    }
    for cookie in [
        SetCookie::new("a", "v".repeat(4095)),
        SetCookie::new("a", "v").path(format!("/{}", "p".repeat(1023))),
        SetCookie::removal("__Host-a"),
        SetCookie::removal("__secure-a"),
    ] {
        assert!(cookie.to_header().is_ok(), "{cookie:?}");
    }
}

fn without_content() -> Router {
    let status = |code: u16| {
        move || async move {
            let status = StatusCode::from_u16(code).unwrap();
            let reply: Reply<_> = Reply::new(Text("must not be here"))
                .status(status)
                .header(("x-own", "1"));
            reply.header(("etag", "\"x\""))
        }
    };
    Router::new()
        .route("/204", get(status(204)))
        .route("/205", get(status(205)))
        .route("/304", get(status(304)))
        // answers of somebody else, made decent by the context around them
        .route(
            "/foreign",
            get(with_context(async || {
                (StatusCode::NO_CONTENT, "must not be here")
            })),
        )
        .route(
            "/bare",
            get(with_context(async || StatusCode::NOT_MODIFIED)),
        )
}

#[tokio::test]
async fn some_statuses_have_no_body_no_type_and_no_length() {
    let plain = Server::start(without_content()).await;
    let around = Server::start_service(RequestContextLayer::new().layer(without_content())).await;
    for server in [plain, around] {
        for version in BOTH {
            for (path, status) in [
                ("/204", 204),
                ("/205", 205),
                ("/304", 304),
                ("/foreign", 204),
                ("/bare", 304),
            ] {
                let answer = server.ask(version, "GET", path, &[]).await;
                assert_eq!(answer.status, status, "{version:?} {path}");
                assert!(
                    answer.body.is_empty() && answer.complete,
                    "{version:?} {path}"
                );
                assert_eq!(answer.header("content-type"), None, "{version:?} {path}");
                // RFC 9112 §6.3: on HTTP/1.1 a 205 without a length would last until the connection ends.
                let framed =
                    (status == 205 && version == suite_support::Version::Http1).then_some("0");
                assert_eq!(
                    answer.header("content-length"),
                    framed,
                    "{version:?} {path}"
                );
                if path.len() == 4 {
                    assert_eq!(answer.header("x-own"), Some("1"));
                    assert_eq!(answer.header("etag"), Some("\"x\""));
                }
            }
        }
    }
}

#[tokio::test]
async fn redirects_have_their_status_their_target_and_no_body() {
    let permanent = AnyRedirect::new(StatusCode::PERMANENT_REDIRECT, "/x").unwrap();
    for (response, status) in [
        (Redirect::moved_permanently("/x").into_response(), 301),
        (Redirect::found("/x").into_response(), 302),
        (Redirect::see_other("/x").into_response(), 303),
        (Redirect::temporary("/x").into_response(), 307),
        (Redirect::permanent("/x").into_response(), 308),
        (permanent.into_response(), 308),
    ] {
        let answer = read(response).await;
        assert_eq!(
            (answer.status.as_u16(), answer.header("location")),
            (status, Some("/x"))
        );
        assert!(answer.body.is_empty());
        assert_eq!(answer.headers.len(), 1);
    }
    for status in [200, 300, 304, 305, 306, 404] {
        assert!(AnyRedirect::new(StatusCode::from_u16(status).unwrap(), "/x").is_err());
    }
    let router = Router::new().route("/", get(async || Redirect::to("/x")));
    let answer = ask(&router, request_for("/", &[])).await;
    assert_eq!(answer.header("content-length"), Some("0"));
}

#[tokio::test]
async fn another_services_answer_is_passed_on() {
    let service = tower::service_fn(async |request: axum::extract::Request| {
        if request.uri().path() == "/fails" {
            return Err("the secret reason");
        }
        let body = http_body_util::Full::new(bytes::Bytes::from_static(b"from a mounted service"));
        Ok(http::Response::builder()
            .status(203)
            .header("x-service", "function")
            .body(body)
            .unwrap())
    });
    let app = Router::new().fallback(move |request: axum::extract::Request| async move {
        Reply::<_>::new(Delegated::to(service, request).await).header(("x-layer", "handler"))
    });
    let answer = ask(&app, request_for("/", &[])).await;
    assert_eq!(
        (answer.status.as_u16(), answer.text().as_str()),
        (203, "from a mounted service")
    );
    assert_eq!(
        (answer.header("x-service"), answer.header("x-layer")),
        (Some("function"), Some("handler"))
    );
    let failed = ask(&app, request_for("/fails", &[])).await;
    failed.problem(500);
    assert!(!failed.text().contains("secret"));

    for code in [204, 205, 304] {
        let service = async move || {
            let answer = http::Response::builder().status(code);
            let answer = answer.header("content-type", "text/plain");
            Delegated::from(answer.body("x".to_owned()).unwrap())
        };
        let server = Server::start(Router::new().route("/", get(service))).await;
        for version in BOTH {
            let answer = server.ask(version, "GET", "/", &[]).await;
            assert_eq!(answer.status, code);
            assert!(answer.complete && answer.body.is_empty(), "{answer:?}");
            assert_eq!(answer.header("content-type"), None, "{answer:?}");
        }
    }
}

#[tokio::test]
async fn an_encoder_writes_what_serde_does_not_know() {
    struct Point(i32, i32);
    struct AsMap;
    impl Encoder<Point> for AsMap {
        type Output = std::collections::BTreeMap<&'static str, i32>;
        fn encode(point: &Point) -> Self::Output {
            [("x", point.0), ("y", point.1)].into()
        }
    }
    let json: Response = Json(Encoded::<_, AsMap>::new(Point(1, 2))).into_response();
    assert_eq!(read(json).await.text(), r#"{"x":1,"y":2}"#);
    let packed = answer(MessagePack(Encoded::<_, AsMap>::new(Point(1, 2)))).await;
    assert_eq!(packed.body, &b"\x82\xa1x\x01\xa1y\x02"[..]);
    let typed = Reply::<_>::new(MessagePack(1)).content_type(MediaType::VND_MESSAGE_PACK);
    assert_eq!(
        answer(typed).await.header("content-type"),
        Some("application/vnd.msgpack")
    );
}
