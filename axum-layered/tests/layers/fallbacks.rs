//! Fallbacks: each has its own layers' declarations.

use axum::http::StatusCode;
use axum_layered::{Declare, Layered, ResponseHeader, get};
use axum_responses::problem;

use super::{ask, fetch, hello, layered};

fn named(name: &'static str) -> Layered {
    let answer = move || async move { (StatusCode::NOT_FOUND, name) };
    layered()
        .header(ResponseHeader::new("x-layer", name).always())
        .header(("x-ordinary", name))
        .route("/leaf", get(hello))
        .fallback(answer)
}

#[tokio::test]
async fn a_fallback_has_what_is_always_on_its_layer_and_above() {
    let without = layered()
        .header(ResponseHeader::new("x-layer", "without").always())
        .route("/leaf", get(hello));
    let app = named("app")
        .header(ResponseHeader::new("x-app", "1").always())
        .nest("/nested", named("nested"))
        .nest("/without", without)
        .into_router();
    for (path, answered) in [
        ("/nowhere", "app"),
        ("/nested/nowhere", "nested"),
        ("/nested/leaf/deeper", "nested"),
        ("/without/nowhere", "app"), // the fallback of the layer above answers, in its own name
    ] {
        let answer = fetch(&app, path).await;
        assert_eq!(
            (answer.status.as_u16(), answer.body.as_str()),
            (404, answered),
            "{path}"
        );
        answer.has(&[("x-layer", answered), ("x-app", "1")]);
        answer.has_none(&["x-ordinary"]);
    }
    fetch(&app, "/nested/leaf")
        .await
        .has(&[("x-ordinary", "nested")]);
}

#[tokio::test]
async fn a_fallback_that_succeeds_has_everything() {
    let app = layered()
        .header(("x-ordinary", "1"))
        .fallback(hello)
        .into_router();
    fetch(&app, "/anywhere").await.has(&[("x-ordinary", "1")]);
}

#[tokio::test]
async fn a_fallback_comes_along_with_a_merge() {
    let app = layered()
        .header(ResponseHeader::new("x-app", "1").always())
        .merge(named("merged"))
        .into_router();
    let answer = fetch(&app, "/nowhere").await;
    assert_eq!(answer.body, "merged");
    answer.has(&[("x-layer", "merged"), ("x-app", "1")]);
}

#[tokio::test]
async fn the_built_in_404_belongs_to_no_layer() {
    let app = layered()
        .header(ResponseHeader::new("x-app", "1").always())
        .route("/", get(hello))
        .into_router();
    let answer = fetch(&app, "/nowhere").await;
    assert_eq!(answer.status, 404);
    answer.has_none(&["x-app"]);
}

#[tokio::test]
async fn a_fallback_for_methods_has_what_is_always_and_the_request() {
    let app = layered()
        .header(ResponseHeader::new("x-app", "1").always())
        .route("/", get(hello))
        .method_not_allowed_fallback(problem::method_not_allowed)
        .into_router();
    let answer = ask(&app, "POST", "/", &[]).await;
    assert_eq!(answer.status, 405);
    answer.has(&[("x-app", "1"), ("content-type", "application/problem+json")]);
}
