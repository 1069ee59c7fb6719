//! `/items` of the proving ground: a resource from its making to its end.

use axum::body::{Body, to_bytes};
use axum_responses::{RequestContextLayer, Root};
use http::{HeaderMap, Request, StatusCode};
use serde_json::{Value, json};
use tower::util::BoxCloneService;
use tower::{Layer, ServiceExt};

type App = BoxCloneService<Request<Body>, axum::response::Response, std::convert::Infallible>;

async fn app() -> App {
    let root = Root::open(env!("CARGO_MANIFEST_DIR")).unwrap();
    let app = proving_ground::app(root).await.unwrap();
    BoxCloneService::new(RequestContextLayer::new().layer(app))
}

/// Method and path, header fields, and what is sent.
async fn ask(
    app: &App,
    line: &str,
    fields: &[(&str, &str)],
    body: &Value,
) -> (StatusCode, HeaderMap, Value) {
    let (method, path) = line.split_once(' ').unwrap();
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in fields {
        request = request.header(*name, *value);
    }
    let body = if body.is_null() {
        Body::empty()
    } else {
        request = request.header("content-type", "application/json");
        body.to_string().into()
    };
    let response = app
        .clone()
        .oneshot(request.body(body).unwrap())
        .await
        .unwrap();
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, 1 << 20).await.unwrap();
    let body = serde_json::from_slice(&body).unwrap_or_default();
    (parts.status, parts.headers, body)
}

#[tokio::test]
async fn an_item_is_made_read_changed_and_deleted() {
    let app = app().await;
    let none = Value::Null;
    let (status, headers, item) = ask(&app, "POST /items", &[], &json!({"name": "mine"})).await;
    assert_eq!(status, 201);
    assert_eq!(
        (&headers["location"], &headers["etag"]),
        (&"/items/4".parse().unwrap(), &"\"1\"".parse().unwrap())
    );
    assert_eq!(item, json!({"id": 4, "name": "mine", "version": 1}));

    let (status, headers, read) = ask(&app, "GET /items/4", &[], &none).await;
    assert_eq!(
        (status, &headers["etag"], read),
        (StatusCode::OK, &"\"1\"".parse().unwrap(), item)
    );
    let (status, headers, _) =
        ask(&app, "GET /items/4", &[("if-none-match", "\"1\"")], &none).await;
    assert_eq!(
        (status, &headers["etag"]),
        (StatusCode::NOT_MODIFIED, &"\"1\"".parse().unwrap())
    );

    let yours = json!({"name": "yours"});
    for (fields, expected) in [
        (&[][..], 428),
        (&[("if-match", "\"2\"")], 412),
        (&[("if-match", "W/\"1\"")], 412),
        (&[("if-match", "\"1\"")], 200),
        (&[("if-match", "\"1\"")], 412),
        (&[("if-match", "*")], 200),
    ] {
        let (status, headers, _) = ask(&app, "PUT /items/4", fields, &yours).await;
        assert_eq!(status, expected, "{fields:?}");
        assert_eq!(headers.contains_key("etag"), status.is_success());
    }
    let (_, _, read) = ask(&app, "GET /items/4", &[], &none).await;
    assert_eq!(read, json!({"id": 4, "name": "yours", "version": 3}));

    let (status, _, _) = ask(&app, "DELETE /items/4", &[("if-match", "\"1\"")], &none).await;
    assert_eq!(status, 412);
    let (status, headers, _) = ask(&app, "DELETE /items/4", &[], &none).await;
    assert_eq!(status, 204);
    assert!(!headers.contains_key("content-type"));
    for line in ["GET /items/4", "DELETE /items/4", "PUT /items/4"] {
        let (status, _, problem) = ask(&app, line, &[], &yours).await;
        assert_eq!(status, 404, "{line}");
        assert_eq!(problem["detail"], "There is no such item.");
    }
    // Its id is not given again.
    let (_, headers, _) = ask(&app, "POST /items", &[], &yours).await;
    assert_eq!(headers["location"], "/items/5");
}

#[tokio::test]
async fn items_come_in_classic_pages() {
    let app = app().await;
    let (_, headers, page) = ask(
        &app,
        "GET /items?page_size=2&current_page=2",
        &[],
        &Value::Null,
    )
    .await;
    let third = json!({"id": 3, "name": "third", "version": 1});
    assert_eq!(
        page,
        json!({"items": [third], "page_size": 2, "current_page": 2, "total_pages": 2})
    );
    assert_eq!(headers["x-total-count"], "3");
}

#[tokio::test]
async fn what_is_no_item_is_refused() {
    let app = app().await;
    let if_match = [("if-match", "*")];
    for (line, body, expected) in [
        ("POST /items", json!({"name": ""}), 422),
        ("POST /items", json!({"name": "x".repeat(101)}), 422),
        ("POST /items", json!({}), 422),
        ("POST /items", Value::Null, 415),
        ("PUT /items/1", json!({"name": 1}), 422),
        ("PUT /items/one", json!({"name": "x"}), 400),
        ("GET /items/9223372036854775808", Value::Null, 400),
        ("GET /items?page_size=0", Value::Null, 400),
        ("PATCH /items/1", Value::Null, 405),
    ] {
        let (status, _, problem) = ask(&app, line, &if_match, &body).await;
        assert_eq!(status, expected, "{line} {body}");
        assert_eq!(problem["status"], expected, "{line} {body}");
    }
}
