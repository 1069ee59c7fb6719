//! Refusals, all of one form.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::{Method, StatusCode};
use axum::routing::{get, post};
use axum_responses::problem::{self, Path, Query};
use axum_responses::{Json, MessagePack, Problem};
use serde::{Deserialize, Serialize};
use suite_support::{ask, get as request_for, request};

#[derive(Debug, Default, Deserialize, PartialEq, Serialize)]
#[serde(default)]
struct Values {
    byte: u8,
    long: u64,
    signed: i32,
    float: f64,
    single: f32,
    flag: bool,
    name: Option<String>,
    kind: Option<Kind>,
    list: Vec<u16>,
}

#[derive(Debug, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
enum Kind {
    Large,
    Small,
}

#[derive(Deserialize)]
struct Required {
    #[expect(dead_code, reason = "only whether it is there counts")]
    count: u8,
}

fn app() -> Router {
    Router::new()
        .route(
            "/query",
            get(async |Query(values): Query<Values>| Json(values)),
        )
        .route("/required", get(async |_: Query<Required>| ()))
        .route(
            "/path/{id}/{name}",
            get(async |Path((id, name)): Path<(u32, String)>| Json((id, name))),
        )
        .route(
            "/struct/{byte}",
            get(async |Path(values): Path<Values>| Json(values.byte)),
        )
        .route("/single/{number}", get(async |_: Path<u32>| ()))
        .route("/wrong/{a}/{b}", get(async |_: Path<u8>| ()))
        .route(
            "/json",
            post(async |Json(values): Json<Values>| Json(values)),
        )
        .route(
            "/any",
            post(async |Json(value): Json<serde_json::Value>| Json(value)),
        )
        .route(
            "/pack",
            post(async |MessagePack(values): MessagePack<(u8, String)>| Json(values)),
        )
        .layer(DefaultBodyLimit::max(1000))
        .route(
            "/teapot",
            get(async || -> Result<(), Problem> {
                Err(Problem::new(StatusCode::IM_A_TEAPOT)
                    .detail("short and stout")
                    .instance("/pots/1")
                    .member("cups", 3)
                    .member("status", 1))
            }),
        )
        .method_not_allowed_fallback(problem::method_not_allowed)
        .fallback(problem::not_found)
}

#[tokio::test]
async fn a_query_is_read_strictly() {
    let read = async |query: &str| {
        let answer = ask(&app(), request_for(&format!("/query?{query}"), &[])).await;
        serde_json::from_slice::<Values>(&answer.body)
            .map_err(|_| answer.json()["detail"].to_string())
    };
    let values = Values {
        byte: 7,
        long: u64::MAX,
        signed: -5,
        float: 1.5,
        single: -0.25,
        flag: true,
        name: Some("a b+ä\u{fffd}".into()),
        kind: Some(Kind::Small),
        list: vec![1, 2],
    };
    let query = "byte=007&long=18446744073709551615&signed=-5&float=1.5&single=-0.25&flag=true&name=a+b%2B%C3%A4%EF%BF%BD&kind=small&list=1&list=2&other=x&other=y";
    assert_eq!(read(query).await, Ok(values));
    assert_eq!(read("").await, Ok(Values::default()));
}

#[tokio::test]
async fn a_bad_parameter_is_named() {
    for (query, parameter) in [
        ("byte=", "byte"),
        ("byte=-1", "byte"),
        ("byte=%2B5", "byte"),
        ("byte=256", "byte"),
        ("byte=1.0", "byte"),
        ("byte=1e2", "byte"),
        ("byte=0x1", "byte"),
        ("byte=%D9%A1", "byte"), // an Arabic-Indic digit
        ("byte=1&byte=1", "byte"),
        ("byte=+1", "byte"),
        ("long=18446744073709551616", "long"),
        ("signed=%2B1", "signed"),
        ("signed=-", "signed"),
        ("float=NaN", "float"),
        ("float=1e5", "float"),
        ("float=1.", "float"),
        ("float=.5", "float"),
        ("float=-.5", "float"),
        ("float=-", "float"),
        ("float=%2B1", "float"),
        ("single=1e39", "single"),
        ("single=1000000000000000000000000000000000000000", "single"),
        ("name=%ff", "name"),
        ("byte=1&other=%C3", "other"),
        ("float=inf", "float"),
        ("flag=1", "flag"),
        ("kind=huge", "kind"),
        ("name=a&name=b", "name"),
        ("list=1&list=x", "list"),
    ] {
        let answer = ask(&app(), request_for(&format!("/query?{query}"), &[])).await;
        let problem = answer.problem(400);
        assert_eq!(problem["parameter"], parameter, "{query}");
        assert_eq!(problem["type"], "urn:problem-type:invalid-query");
        assert!(
            problem["detail"]
                .as_str()
                .is_some_and(|detail| detail.contains(parameter)),
            "{problem}"
        );
    }
    let missing = ask(&app(), request_for("/required", &[]))
        .await
        .problem(400);
    assert_eq!(missing["detail"], "The query parameter `count` is missing.");
}

#[tokio::test]
async fn a_path_is_refused_as_a_problem() {
    assert_eq!(
        ask(&app(), request_for("/path/7/a%20b", &[])).await.text(),
        r#"[7,"a b"]"#
    );
    assert_eq!(ask(&app(), request_for("/struct/7", &[])).await.text(), "7");
    for (path, parameter) in [("/path/x/a", "id"), ("/single/x", "number")] {
        let answer = ask(&app(), request_for(path, &[])).await;
        assert_eq!(answer.problem(400)["parameter"], parameter, "{path}");
    }
    assert_eq!(
        ask(&app(), request_for("/struct/x", &[]))
            .await
            .problem(400)["parameter"],
        "byte"
    );
    assert_eq!(
        ask(&app(), request_for("/path/7/%ff", &[]))
            .await
            .problem(400)["parameter"],
        "name"
    );
    let wrong = ask(&app(), request_for("/wrong/1/2", &[])).await;
    wrong.problem(500);
    assert!(!wrong.text().contains("Path"), "{wrong:?}");
}

#[tokio::test]
async fn what_may_be_missing_is_an_option() {
    async fn both(json: Option<Json<u8>>) -> String {
        json.map_or("nothing".to_owned(), |Json(value)| value.to_string())
    }
    async fn packed(packed: Option<MessagePack<u8>>) -> String {
        packed.map_or("nothing".to_owned(), |MessagePack(value)| value.to_string())
    }
    async fn path(path: Option<Path<u8>>) -> String {
        path.map_or("nothing".to_owned(), |Path(value)| value.to_string())
    }
    let app = Router::new()
        .route("/json", post(both))
        .route("/packed", post(packed))
        .route("/path", get(path))
        .route("/path/{number}", get(path));
    let send = async |uri: &str, content_type: Option<&str>, body: &'static [u8]| {
        let mut request = http::Request::post(uri);
        if let Some(content_type) = content_type {
            request = request.header("content-type", content_type);
        }
        let request = request.body(axum::body::Body::from(body)).unwrap();
        ask(&app, request).await
    };
    let json = Some("application/json");
    assert_eq!(send("/json", None, b"").await.text(), "nothing");
    assert_eq!(send("/json", json, b"7").await.text(), "7");
    send("/json", json, b"").await.problem(400);
    send("/json", Some("text/plain"), b"7").await.problem(415);
    let packed = Some("application/msgpack");
    assert_eq!(send("/packed", None, b"").await.text(), "nothing");
    assert_eq!(send("/packed", packed, &[7]).await.text(), "7");
    send("/packed", packed, b"").await.problem(400);
    assert_eq!(ask(&app, request_for("/path", &[])).await.text(), "nothing");
    assert_eq!(ask(&app, request_for("/path/7", &[])).await.text(), "7");
    ask(&app, request_for("/path/x", &[])).await.problem(400);
}

#[tokio::test]
async fn content_is_refused_by_what_is_wrong_with_it() {
    let json = "application/json";
    let deep = "[".repeat(900);
    let long = format!("{:1001}", 1);
    for (path, media_type, body, status) in [
        ("/json", json, &br#"{"byte":1}"#[..], 200),
        ("/json", "Application/JSON; charset=utf-8", b"{}", 200),
        ("/json", "application/vnd.acme+json", b"{}", 200),
        ("/json", "text/json", b"{}", 415),
        ("/json", "application/jsonfoo", b"{}", 415),
        ("/json", "", b"{}", 415),
        ("/json", json, b"", 400),
        ("/json", json, b"{", 400),
        ("/json", json, b"{} {}", 400),
        ("/any", json, deep.as_bytes(), 400),
        ("/json", json, br#"{"byte":256}"#, 422),
        ("/json", json, b"[true]", 422),
        ("/json", json, long.as_bytes(), 413),
        ("/pack", "application/x-msgpack", b"\x92\x01\xa1a", 200),
        ("/pack", "application/MSGPACK; v=1", b"\x92\x01\xa1a", 200),
        ("/pack", "application/vnd.msgpack", b"\x92\x01\xa1a", 200),
        (
            "/pack",
            "application/vnd.acme+msgpack",
            b"\x92\x01\xa1a",
            200,
        ),
        ("/pack", json, b"\x92\x01\xa1a", 415),
        ("/pack", "application/x-msgpack", b"", 400),
        ("/pack", "application/x-msgpack", b"\x92\x01\xa1a\xc0", 400),
        (
            "/pack",
            "application/x-msgpack",
            b"\xdd\xff\xff\xff\xff",
            400,
        ),
        ("/pack", "application/x-msgpack", b"\x92\x01\xa1\xff", 400),
        ("/pack", "application/x-msgpack", b"\x92\xa1a\xa1a", 422),
        ("/pack", "application/x-msgpack", &[0x91; 900], 400),
    ] {
        let headers = [("content-type", media_type)];
        let answer = ask(&app(), request(Method::POST, path, &headers, body.to_vec())).await;
        let body = String::from_utf8_lossy(&body[..body.len().min(20)]);
        assert_eq!(
            answer.status, status,
            "{path} {media_type} {body:?}: {answer:?}"
        );
        if status != 200 {
            answer.problem(status);
        }
    }
    let headers = [("content-type", json)];
    let body = r#"{"list":[1,2,true]}"#;
    let problem = ask(&app(), request(Method::POST, "/json", &headers, body))
        .await
        .problem(422);
    assert!(
        problem["detail"]
            .as_str()
            .is_some_and(|detail| detail.contains("`list[2]`")),
        "{problem}"
    );
}

#[tokio::test]
async fn the_document_has_the_members_of_rfc_9457() {
    let answer = ask(&app(), request_for("/teapot", &[])).await;
    assert_eq!(
        answer.text(),
        r#"{"type":"about:blank","title":"I'm a teapot","status":418,"detail":"short and stout","instance":"/pots/1","cups":3}"#
    );
    answer.problem(418);
}

#[tokio::test]
async fn axums_own_refusals_are_problems_too() {
    ask(&app(), request_for("/nowhere", &[])).await.problem(404);
    let answer = ask(&app(), request(Method::PUT, "/teapot", &[], "")).await;
    answer.problem(405);
    assert_eq!(answer.header("allow"), Some("GET,HEAD"));
}
