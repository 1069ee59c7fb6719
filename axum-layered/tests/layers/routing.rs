//! Routers inside of routers: nest, mount, merge, axum's own, built ones; HEAD and `any`.

use axum::Router;
use axum::http::{Method, StatusCode, Uri};
use axum_layered::{Declare, ResponseHeader, any, get};

use super::{ask, fetch, hello, layered};

#[tokio::test]
async fn mount_joins_paths_and_nest_takes_them_off() {
    let inner = || {
        layered()
            .header(("x-inner", "1"))
            .route("/{id}", get(|uri: Uri| async move { uri.to_string() }))
    };
    let app = layered()
        .header(("x-outer", "1"))
        .mount("/mounted", inner())
        .nest("/nested", inner())
        .into_router();
    for (path, seen) in [("/mounted/7", "/mounted/7"), ("/nested/7", "/7")] {
        let answer = fetch(&app, path).await;
        assert_eq!(answer.body, seen);
        answer.has(&[("x-inner", "1"), ("x-outer", "1")]);
    }
}

#[tokio::test]
async fn what_a_mounted_layer_has_nested_stays_nested() {
    let uri = || get(|uri: Uri| async move { uri.to_string() });
    let posts = layered().header(("x-posts", "1")).route("/last", uri());
    let users = layered().route("/{id}", uri()).nest("/{id}/posts", posts);
    let app = layered().mount("/users", users).into_router();
    assert_eq!(fetch(&app, "/users/7").await.body, "/users/7");
    let answer = fetch(&app, "/users/7/posts/last").await;
    assert_eq!(answer.body, "/last");
    answer.has(&[("x-posts", "1")]);
}

#[tokio::test]
async fn a_router_of_axums_gets_what_it_has_not() {
    let plain = Router::new()
        .route("/a", axum::routing::get(|| async { ([("x", "own")], "") }))
        .fallback(|| async { (StatusCode::NOT_FOUND, "theirs") });
    let app = layered()
        .header(("x", "layer"))
        .header(("y", "layer"))
        .header(ResponseHeader::new("z", "layer").always())
        .nest("/plain", plain)
        .into_router();
    let answer = fetch(&app, "/plain/a").await;
    answer.has(&[("x", "own"), ("y", "layer"), ("z", "layer")]);
    let answer = fetch(&app, "/plain/nowhere").await;
    assert_eq!(
        (answer.status.as_u16(), answer.body.as_str()),
        (404, "theirs")
    );
    answer.has(&[("z", "layer")]);
    answer.has_none(&["y"]);
}

#[tokio::test]
async fn a_built_router_can_be_nested_anywhere() {
    let built = || {
        layered()
            .header(("x", "inner"))
            .header(("y", "inner"))
            .cookie(("c", "inner"))
            .route("/leaf", get(hello))
            .into_router()
    };
    let plain = Router::new().nest("/api", built());
    fetch(&plain, "/api/leaf").await.has(&[("x", "inner")]);
    let again = layered()
        .header(("x", "outer"))
        .header(("z", "outer"))
        .cookie(("c", "outer"))
        .nest("/api", built())
        .merge(Router::new().route("/plain", axum::routing::get(hello)))
        .into_router();
    let answer = fetch(&again, "/api/leaf").await;
    answer.has(&[("x", "inner"), ("y", "inner"), ("z", "outer")]);
    answer.has(&[("set-cookie", "c=inner; Path=/; SameSite=Lax")]);
    fetch(&again, "/plain").await.has(&[("x", "outer")]);
}

#[tokio::test]
async fn any_answers_every_method_and_has_what_is_declared() {
    let app = layered()
        .header(("x", "1"))
        .route("/", any(|method: Method| async move { method.to_string() }))
        .into_router();
    for method in ["GET", "POST", "DELETE", "PROPFIND"] {
        let answer = ask(&app, method, "/", &[]).await;
        assert_eq!(answer.body, method);
        answer.has(&[("x", "1")]);
    }
    let head = ask(&app, "HEAD", "/", &[]).await;
    assert_eq!(head.body, "");
    head.has(&[("x", "1"), ("content-length", "4")]);
}

#[tokio::test]
async fn any_beside_a_method_answers_the_others() {
    let own = get(hello).header(("x", "get"));
    let others = |name: &'static str| any(move || async move { name }).header(("x", name));
    let app = layered()
        .route("/one", own.clone())
        .route("/one", others("any"))
        .route("/two", others("any"))
        .route("/two", axum::routing::get(hello).header(("x", "get")))
        .into_router();
    for path in ["/one", "/two"] {
        for (method, value) in [
            ("GET", "get"),
            ("HEAD", "get"),
            ("POST", "any"),
            ("PROPFIND", "any"),
        ] {
            ask(&app, method, path, &[]).await.has(&[("x", value)]);
        }
    }
}

#[tokio::test]
async fn two_endpoints_at_one_path_have_what_each_declares() {
    let app = layered()
        .route("/", get(hello).header(("x", "get")))
        .route("/", axum_layered::post(hello).header(("x", "post")))
        .into_router();
    for (method, value) in [("GET", "get"), ("HEAD", "get"), ("POST", "post")] {
        ask(&app, method, "/", &[]).await.has(&[("x", value)]);
    }
    let refused = ask(&app, "PUT", "/", &[]).await;
    assert_eq!(refused.status, 405);
    refused.has(&[("allow", "GET,HEAD,POST")]);
}

#[cfg(feature = "openapi")]
#[tokio::test]
async fn an_openapi_router_gets_what_it_has_not_and_is_documented() {
    use utoipa_axum::{router::OpenApiRouter, routes};

    #[utoipa::path(get, path = "/leaf", responses((status = 200, description = "fine")))]
    async fn leaf() -> &'static str {
        "leaf"
    }
    let built = layered()
        .header(("x", "layer"))
        .nest("/api", OpenApiRouter::new().routes(routes!(leaf)))
        .build()
        .unwrap();
    fetch(&built.router, "/api/leaf")
        .await
        .has(&[("x", "layer")]);
    let document = serde_json::to_value(built.openapi).unwrap();
    let response = &document["paths"]["/api/leaf"]["get"]["responses"]["200"];
    assert!(response["headers"]["x"].is_object(), "{document}");
}
