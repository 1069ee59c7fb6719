//! What goes out, by the table of the crate's page: one test a row.
#![allow(clippy::unwrap_used)] // Tests say what is wrong by panicking.

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode};
use axum::response::{IntoResponse, Response};
use axum_layered::{
    CacheControl, Declare, ETag, LayerETag, Layered, ResponseCookie, ResponseHeader, SetCookie,
    get, post,
};
use tower::ServiceExt;

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: String,
}

impl Answer {
    fn lines(&self, name: &str) -> Vec<&str> {
        self.headers
            .get_all(name)
            .iter()
            .map(|line| line.to_str().unwrap())
            .collect()
    }
}

async fn ask(router: &Router, method: &str, path: &str, headers: &[(&str, &str)]) -> Answer {
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let response = router
        .clone()
        .oneshot(request.body(Body::empty()).unwrap())
        .await
        .unwrap();
    let (parts, body) = response.into_parts();
    let body = axum::body::to_bytes(body, 1 << 20).await.unwrap();
    Answer {
        status: parts.status,
        headers: parts.headers,
        body: String::from_utf8(body.to_vec()).unwrap(),
    }
}

async fn fetch(router: &Router, path: &str) -> Answer {
    ask(router, "GET", path, &[]).await
}

async fn hello() -> &'static str {
    "hello"
}

fn four_layers() -> Router {
    let controller = Layered::new()
        .named("controller")
        .header(("controller-level-header", "controller header"))
        .header(("overridden", "controller"))
        .cookie(("my-cookie", "123"))
        .route(
            "/handler",
            get(hello)
                .header(("my-local-header", "local"))
                .header(("overridden", "handler")),
        )
        .route("/inherit", get(hello))
        .route("/case", get(hello).header(("OVERRIDDEN", "other case")))
        .route(
            "/documented",
            get(hello).header(ResponseHeader::documented("overridden")),
        )
        .route(
            "/removed",
            get(hello)
                .remove_header("app-level-header")
                .remove_cookie("app-cookie"),
        )
        .route(
            "/dynamic",
            get(|| async { ([("App-Level-Header", "dynamic")], "dynamic") }),
        )
        .route("/error", get(|| async { StatusCode::NOT_FOUND }))
        .route(
            "/cookie",
            get(|| async { ([("set-cookie", "my-cookie=dynamic; Path=/")], "") }),
        )
        .route(
            "/plain",
            axum::routing::get(hello).header(("my-local-header", "local")),
        );
    Layered::new()
        .named("app")
        .header(("app-level-header", "app header"))
        .header(ResponseHeader::new("x-policy", "always").always())
        .header(("overridden", "app"))
        .cookie(("app-cookie", "app"))
        .nest(
            "/router",
            Layered::new()
                .named("router")
                .header(("router-level-header", "router header"))
                .nest("/controller", controller),
        )
        .into_router()
}

#[tokio::test]
async fn the_closest_layer_wins() {
    let app = four_layers();
    let answer = fetch(&app, "/router/controller/handler").await;
    assert_eq!(answer.body, "hello");
    for (name, value) in [
        ("my-local-header", "local"),
        ("controller-level-header", "controller header"),
        ("router-level-header", "router header"),
        ("app-level-header", "app header"),
        ("overridden", "handler"),
        ("x-policy", "always"),
    ] {
        assert_eq!(answer.lines(name), [value], "{name}");
    }
    assert_eq!(
        answer.lines("set-cookie"),
        [
            "my-cookie=123; Path=/; SameSite=Lax",
            "app-cookie=app; Path=/; SameSite=Lax"
        ]
    );
    assert_eq!(
        fetch(&app, "/router/controller/inherit")
            .await
            .lines("overridden"),
        ["controller"]
    );
    assert_eq!(
        fetch(&app, "/router/controller/case")
            .await
            .lines("overridden"),
        ["other case"]
    );
    assert_eq!(
        fetch(&app, "/router/controller/plain")
            .await
            .lines("my-local-header"),
        ["local"]
    );
}

#[tokio::test]
async fn what_is_documented_or_removed_is_not_sent() {
    let app = four_layers();
    assert!(
        fetch(&app, "/router/controller/documented")
            .await
            .lines("overridden")
            .is_empty()
    );
    let removed = fetch(&app, "/router/controller/removed").await;
    assert!(removed.lines("app-level-header").is_empty());
    assert_eq!(removed.lines("set-cookie").len(), 1);
}

#[tokio::test]
async fn what_the_response_has_by_itself_wins() {
    let app = four_layers();
    assert_eq!(
        fetch(&app, "/router/controller/dynamic")
            .await
            .lines("app-level-header"),
        ["dynamic"]
    );
    let cookies = fetch(&app, "/router/controller/cookie").await;
    assert_eq!(
        cookies.lines("set-cookie"),
        [
            "my-cookie=dynamic; Path=/",
            "app-cookie=app; Path=/; SameSite=Lax"
        ]
    );
}

#[tokio::test]
async fn errors_have_what_is_declared_as_always_alone() {
    let app = four_layers();
    for (method, path, status) in [
        ("GET", "/router/controller/error", 404),
        ("POST", "/router/controller/handler", 405),
        ("POST", "/router/controller/plain", 405),
    ] {
        let answer = ask(&app, method, path, &[]).await;
        assert_eq!(answer.status, status, "{path}");
        assert_eq!(answer.lines("x-policy"), ["always"], "{method} {path}");
        assert!(answer.lines("app-level-header").is_empty());
        assert!(answer.lines("set-cookie").is_empty());
    }
}

#[tokio::test]
async fn a_client_that_has_it_is_told_so() {
    let app = Layered::<()>::new()
        .etag(ETag::strong("v1"))
        .cache_control(
            CacheControl::new()
                .max_age(std::time::Duration::from_secs(60))
                .public(),
        )
        .header(("x-other", "kept"))
        .route(
            "/",
            get(|| async { ([("content-language", "en")], "text") }).post(hello),
        )
        .route("/computed", get(hello).etag(LayerETag::computed(1 << 20)))
        .route("/none", get(hello).no_etag())
        .into_router();
    let first = fetch(&app, "/").await;
    assert_eq!(
        (first.status, first.lines("etag")),
        (StatusCode::OK, vec!["\"v1\""])
    );
    for given in ["\"v1\"", "W/\"v1\", \"x\"", "*"] {
        let again = ask(&app, "GET", "/", &[("if-none-match", given)]).await;
        assert_eq!(
            (again.status, again.body.as_str()),
            (StatusCode::NOT_MODIFIED, ""),
            "{given}"
        );
        assert_eq!(again.lines("etag"), ["\"v1\""]);
        assert_eq!(again.lines("cache-control"), ["max-age=60, public"]);
        assert_eq!(again.lines("x-other"), ["kept"]);
        for gone in ["content-type", "content-length", "content-language"] {
            assert!(again.lines(gone).is_empty(), "{gone}");
        }
    }
    let posted = ask(&app, "POST", "/", &[("if-none-match", "*")]).await;
    assert_eq!(
        (posted.status, posted.lines("etag")),
        (StatusCode::OK, vec![])
    );
    let computed = fetch(&app, "/computed").await;
    let tag = computed.lines("etag")[0].to_owned();
    assert!(tag.starts_with("W/"));
    assert_eq!(
        ask(&app, "GET", "/computed", &[("if-none-match", &tag)])
            .await
            .status,
        304
    );
    assert_eq!(
        ask(&app, "HEAD", "/computed", &[]).await.lines("etag"),
        [tag]
    );
    assert_eq!(
        ask(&app, "GET", "/none", &[("if-none-match", "*")])
            .await
            .status,
        200
    );
}

#[tokio::test]
async fn a_hook_comes_before_what_is_declared_and_its_cookies_win() {
    async fn handler() -> Response {
        ([("set-cookie", "a=1; Path=/"), ("x", "handler")], "").into_response()
    }
    let app = Layered::<()>::new()
        .header(("y", "static"))
        .after_request(|mut response: Response| async move {
            let sees = response.headers().contains_key("y");
            response
                .headers_mut()
                .insert("sees-static", sees.to_string().parse().unwrap());
            response.headers_mut().insert("x", "hook".parse().unwrap());
            response
                .headers_mut()
                .append("set-cookie", "a=2; Path=/".parse().unwrap());
            response
        })
        .route("/", get(handler))
        .into_router();
    let answer = fetch(&app, "/").await;
    assert_eq!(answer.lines("x"), ["hook"]);
    assert_eq!(answer.lines("sees-static"), ["false"]);
    assert_eq!(answer.lines("y"), ["static"]);
    assert_eq!(answer.lines("set-cookie"), ["a=2; Path=/"]);
}

#[tokio::test]
async fn status_follows_the_method_or_the_declaration() {
    let app = Layered::<()>::new()
        .method_status_codes(true)
        .route("/", get(hello).post(hello).delete(|| async {}))
        .route("/accepted", get(hello).status(202))
        .route(
            "/kept",
            post(|| async { StatusCode::IM_A_TEAPOT }).status(202),
        )
        .into_router();
    for (method, path, status) in [
        ("GET", "/", 200),
        ("POST", "/", 201),
        ("DELETE", "/", 204),
        ("GET", "/accepted", 202),
        ("POST", "/kept", 418),
    ] {
        assert_eq!(
            ask(&app, method, path, &[]).await.status,
            status,
            "{method} {path}"
        );
    }
}

#[tokio::test]
async fn vary_is_united_and_appended_lines_add_up() {
    let app = Layered::<()>::new()
        .header(("vary", "Origin"))
        .header(ResponseHeader::new("x-trace", "app").append())
        .route(
            "/",
            get(|| async { ([("vary", "Accept")], "") })
                .header(("Vary", "accept-encoding"))
                .header(ResponseHeader::new("x-trace", "handler").append()),
        )
        .route("/closed", get(hello).header(("x-trace", "only")))
        .into_router();
    let answer = fetch(&app, "/").await;
    assert_eq!(answer.lines("vary"), ["Accept, accept-encoding, Origin"]);
    assert_eq!(answer.lines("x-trace"), ["handler", "app"]);
    assert_eq!(fetch(&app, "/closed").await.lines("x-trace"), ["only"]);
}

#[tokio::test]
async fn cache_control_is_whole_or_patched() {
    let app = Layered::<()>::new()
        .cache_control(
            CacheControl::new()
                .max_age(std::time::Duration::from_secs(60))
                .public(),
        )
        .route(
            "/patched",
            get(hello).cache_control_patch(CacheControl::new().private()),
        )
        .route("/whole", get(hello).cache_control(CacheControl::NO_STORE))
        .route("/removed", get(hello).no_cache_control())
        .into_router();
    assert_eq!(
        fetch(&app, "/patched").await.lines("cache-control"),
        ["max-age=60, private"]
    );
    assert_eq!(
        fetch(&app, "/whole").await.lines("cache-control"),
        ["no-store"]
    );
    assert!(
        fetch(&app, "/removed")
            .await
            .lines("cache-control")
            .is_empty()
    );
}

#[tokio::test]
async fn mount_joins_paths_and_keeps_declarations() {
    let inner = Layered::new().header(("x-inner", "1")).route(
        "/{id}",
        get(|uri: axum::http::Uri| async move { uri.to_string() }),
    );
    let app = Layered::<()>::new()
        .header(("x-outer", "1"))
        .mount("/users", inner)
        .into_router();
    let answer = fetch(&app, "/users/7").await;
    assert_eq!(answer.body, "/users/7");
    assert_eq!(
        (answer.lines("x-inner"), answer.lines("x-outer")),
        (vec!["1"], vec!["1"])
    );
}

#[tokio::test]
async fn a_router_of_axums_gets_what_it_has_not() {
    let plain = Router::new().route("/a", axum::routing::get(|| async { ([("x", "own")], "") }));
    let app = Layered::<()>::new()
        .header(("x", "layer"))
        .header(("y", "layer"))
        .nest("/plain", plain)
        .into_router();
    let answer = fetch(&app, "/plain/a").await;
    assert_eq!(
        (answer.lines("x"), answer.lines("y")),
        (vec!["own"], vec!["layer"])
    );
}

#[test]
fn every_mistake_is_in_one_list() {
    let errors = Layered::<()>::new()
        .named("app")
        .header(("set-cookie", "a=b"))
        .cookie(SetCookie::new("a", "b").same_site(axum_layered::SameSite::None))
        .route("/{id}", get(hello).header(("x", "1")).header(("X", "2")))
        .route("/{id}", get(hello))
        .route("/{name}", get(hello))
        .nest("bad", Layered::new().named("nested").route("/", get(hello)))
        .cookie(ResponseCookie::documented("x"))
        .status(404)
        .build()
        .unwrap_err();
    let expected = "7 mistakes in the router:\n\
        - GET /{id}: a request to it would fit GET /{id} as well\n\
        - GET /{name}: a request to it would fit /{id} as well\n\
        - bad, nested: the path \"bad\" must begin with /\n\
        - app: `set-cookie` is declared as a header; use `cookie`\n\
        - app: the cookie `a`: the cookie needs Secure\n\
        - app: 404 is no status of success (200 to 299)\n\
        - GET /{id}: the header `X` is declared twice; `append` adds lines";
    assert_eq!(errors.to_string(), expected);
}

#[tokio::test]
async fn services_and_layers_of_tower_go_in() {
    let service = tower::service_fn(|_: Request<Body>| async {
        Ok::<_, std::convert::Infallible>(
            (StatusCode::NON_AUTHORITATIVE_INFORMATION, "service").into_response(),
        )
    });
    let mapped = axum::middleware::map_response(|response: Response| async {
        ([("x-mapped", "1")], response)
    });
    let app = Layered::<()>::new()
        .header(("x", "1"))
        .route("/own", get(hello).layer(mapped.clone()))
        .route("/routed", get(hello))
        .route_layer(mapped)
        .nest_service("/service", service)
        .fallback_service(service)
        .into_router();
    for (path, status, mapped) in [
        ("/own", 200, true),
        ("/routed", 200, true),
        ("/service/deep", 203, false),
        ("/none", 203, false),
    ] {
        let answer = fetch(&app, path).await;
        assert_eq!(
            (answer.status.as_u16(), answer.lines("x").len()),
            (status, 1),
            "{path}"
        );
        assert_eq!(!answer.lines("x-mapped").is_empty(), mapped, "{path}");
    }
    let overlap = Layered::<()>::new()
        .nest_service("/a", service)
        .route("/a/{*rest}", get(hello))
        .build()
        .unwrap_err();
    assert_eq!(overlap.iter().len(), 1);
}
