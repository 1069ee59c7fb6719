//! The status of success.

use axum::Router;
use axum::http::StatusCode;
use axum::routing::MethodFilter;
use axum_layered::{Declare, get, on, post};
use axum_responses::{Redirect, Reply};

use super::{ask, hello, layered};

fn by_method() -> Router {
    let put_or_patch = on(MethodFilter::PUT.or(MethodFilter::PATCH), hello);
    layered()
        .method_status_codes(true)
        .route(
            "/default",
            get(hello)
                .post(hello)
                .put(hello)
                .patch(hello)
                .delete(|| async {}),
        )
        .route("/accepted", get(hello).post(hello).status(202))
        .route("/delete-with-body", axum_layered::delete(hello))
        .route(
            "/delete-declared",
            axum_layered::delete(|| async {}).status(200),
        )
        .route("/multi-put-patch", put_or_patch)
        .route("/204-response", get(|| async { StatusCode::NO_CONTENT }))
        .route(
            "/304-response",
            get(|| async { (StatusCode::NOT_MODIFIED, [("etag", "\"x\"")]) }),
        )
        .route(
            "/204-with-body",
            get(|| async { (StatusCode::NO_CONTENT, "must not be here") }),
        )
        .route(
            "/explicit",
            post(|| async { <Reply<_>>::new("kept").status(StatusCode::OK) }),
        )
        .route("/redirect", post(|| async { Redirect::see_other("/x") }))
        .route(
            "/teapot",
            post(|| async { StatusCode::IM_A_TEAPOT }).status(202),
        )
        .route("/off", post(hello).method_status_codes(false))
        .route("/axums", axum::routing::post(hello).header(("x", "1")))
        .into_router()
}

#[tokio::test]
async fn success_has_the_status_of_its_method_or_the_declared_one() {
    let app = by_method();
    for (method, path, status) in [
        ("GET", "/default", 200),
        ("POST", "/default", 201),
        ("PUT", "/default", 200),
        ("PATCH", "/default", 200),
        ("DELETE", "/default", 204),
        ("HEAD", "/default", 200),
        ("GET", "/accepted", 202),
        ("POST", "/accepted", 202),
        ("DELETE", "/delete-with-body", 200),
        ("DELETE", "/delete-declared", 200),
        ("PUT", "/multi-put-patch", 200),
        ("PATCH", "/multi-put-patch", 200),
        ("GET", "/204-response", 204),
        ("GET", "/304-response", 304),
        ("GET", "/204-with-body", 204),
        ("POST", "/explicit", 200),
        ("POST", "/redirect", 303),
        ("POST", "/teapot", 418),
        ("POST", "/off", 200),
        ("POST", "/axums", 201),
        ("PUT", "/axums", 405),
    ] {
        assert_eq!(
            ask(&app, method, path, &[]).await.status,
            status,
            "{method} {path}"
        );
    }
}

#[tokio::test]
async fn a_status_without_content_takes_content_away() {
    let app = layered()
        .route("/declared", get(hello).status(204))
        .route(
            "/own",
            get(|| async { (StatusCode::NO_CONTENT, "must not be here") }),
        )
        .into_router();
    for path in ["/declared", "/own"] {
        let answer = ask(&app, "GET", path, &[]).await;
        assert_eq!((answer.status.as_u16(), answer.body.as_str()), (204, ""));
        answer.has_none(&["content-type", "content-length"]);
    }
}

#[tokio::test]
async fn the_closest_status_wins() {
    let app = layered()
        .status(202)
        .route("/app", get(hello))
        .route("/own", get(hello).status(203))
        .into_router();
    assert_eq!(ask(&app, "GET", "/app", &[]).await.status, 202);
    assert_eq!(ask(&app, "GET", "/own", &[]).await.status, 203);
}

#[tokio::test]
async fn of_a_status_and_the_rule_by_method_the_closest_counts() {
    let made = || post(hello).method_status_codes(true);
    let app = layered()
        .status(202)
        .route("/closer-rule", made())
        .route("/both", made().status(203))
        .route("/rule-off", post(hello).method_status_codes(false))
        .nest(
            "/nested",
            layered()
                .method_status_codes(true)
                .route("/status", post(hello).status(203))
                .route("/off", post(hello).method_status_codes(false)),
        )
        .into_router();
    for (path, status) in [
        ("/closer-rule", 201),
        ("/both", 203),
        ("/rule-off", 202),
        ("/nested/status", 203),
        ("/nested/off", 202),
    ] {
        assert_eq!(ask(&app, "POST", path, &[]).await.status, status, "{path}");
    }
}
