//! The request's context: where it reaches, and where it must not.

use std::convert::Infallible;
use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::http::{Method, StatusCode};
use axum::middleware;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, get_service};
use axum_responses::{
    Json, Negotiated, Problem, RequestContext, RequestContextLayer, Text, problem, with_context,
};
use suite_support::{BOTH, Server, ask, get as request_for};
use tokio::sync::Barrier;
use tower::{Layer, service_fn};

type Number = Negotiated<u8, (Json, Text)>;

const TEXT: (&str, &str) = ("accept", "text/plain");
const PLAIN: &str = "text/plain; charset=utf-8";

async fn number() -> Number {
    Negotiated::new(1)
}

/// Every way in which a handler's responder becomes a response.
fn everywhere() -> Router {
    let nested = Router::new().route("/deep", get(number)).fallback(number);
    let merged = Router::new().route("/merged", get(number));
    Router::new()
        .route("/flat", get(number))
        .nest("/nested", nested)
        .merge(merged)
        .route(
            "/tuple",
            get(async || (StatusCode::ACCEPTED, [("x-own", "1")], Number::new(1))),
        )
        .route("/ok", get(async || Ok::<_, Problem>(Number::new(1))))
        .route("/err", get(async || Err::<(), _>(Number::new(1))))
        .route(
            "/later",
            get(async || {
                tokio::task::yield_now().await;
                Number::new(1)
            }),
        )
        .route(
            "/service",
            get_service(service_fn(async |_: Request| {
                Ok::<_, Infallible>(Number::new(1).into_response())
            })),
        )
        .route(
            "/behind",
            get(number).layer(middleware::from_fn(
                async |request: Request, next: middleware::Next| next.run(request).await,
            )),
        )
        .route(
            "/instead",
            get(number).layer(middleware::from_fn(
                async |_: Request, _: middleware::Next| Number::new(2),
            )),
        )
        .method_not_allowed_fallback(number)
        .fallback(number)
}

const PATHS: [&str; 13] = [
    "/flat",
    "/nested/deep",
    "/nested/none",
    "/merged",
    "/tuple",
    "/ok",
    "/err",
    "/later",
    "/service",
    "/behind",
    "/instead",
    "/none",
    "/flat?x=1",
];

#[tokio::test]
async fn a_layer_around_the_router_reaches_every_responder() {
    let app = RequestContextLayer::new().layer(everywhere());
    for path in PATHS {
        let answer = ask(&app, request_for(path, &[TEXT])).await;
        assert_eq!(answer.header("content-type"), Some(PLAIN), "{path}");
        assert_eq!(answer.header("vary"), Some("accept"), "{path}");
    }
    let wrong_method = suite_support::request(Method::POST, "/flat", &[TEXT], "");
    assert_eq!(
        ask(&app, wrong_method).await.header("content-type"),
        Some(PLAIN)
    );
}

#[tokio::test]
async fn it_reaches_them_over_both_versions_of_http() {
    let app = RequestContextLayer::new().layer(everywhere());
    let server = Server::start_service(app).await;
    for version in BOTH {
        for path in PATHS {
            let answer = server.ask(version, "GET", path, &[TEXT]).await;
            assert_eq!(
                answer.header("content-type"),
                Some(PLAIN),
                "{version:?} {path}"
            );
            let head = server.ask(version, "HEAD", path, &[TEXT]).await;
            assert_eq!(
                head.header("content-type"),
                Some(PLAIN),
                "{version:?} HEAD {path}"
            );
            assert_eq!(
                head.header("content-length"),
                Some("1"),
                "{version:?} HEAD {path}"
            );
            assert!(head.body.is_empty());
        }
    }
}

#[tokio::test]
async fn a_layer_on_the_router_reaches_the_routes_before_it() {
    let app = Router::new()
        .route("/in", get(number))
        .layer(RequestContextLayer::new())
        .route("/out", get(number));
    assert_eq!(
        ask(&app, request_for("/in", &[TEXT]))
            .await
            .header("content-type"),
        Some(PLAIN)
    );
    assert_eq!(
        ask(&app, request_for("/out", &[TEXT]))
            .await
            .header("content-type"),
        Some("application/json")
    );
}

#[tokio::test]
async fn a_wrapped_handler_has_it_alone() {
    let app = Router::new()
        .route("/in", get(with_context(number)))
        .route("/out", get(number));
    assert_eq!(
        ask(&app, request_for("/in", &[TEXT]))
            .await
            .header("content-type"),
        Some(PLAIN)
    );
    // Without it, everybody gets the first representation, and it is a valid answer.
    let without = ask(&app, request_for("/out", &[TEXT])).await;
    assert_eq!(
        (without.status.as_u16(), without.header("content-type")),
        (200, Some("application/json"))
    );
    assert_eq!(without.header("vary"), Some("accept"));
}

#[tokio::test]
async fn the_explicit_form_needs_nothing_installed() {
    let app = Router::new().route(
        "/",
        get(async |context: RequestContext| -> Response { Number::new(1).respond_to(&context) }),
    );
    assert_eq!(
        ask(&app, request_for("/", &[TEXT]))
            .await
            .header("content-type"),
        Some(PLAIN)
    );
}

#[tokio::test]
async fn requests_that_take_turns_on_a_thread_keep_their_own() {
    let turn = Arc::new(Barrier::new(2));
    let app = Router::new().route(
        "/",
        get(with_context(move || {
            let turn = turn.clone();
            async move {
                for _ in 0..10 {
                    turn.wait().await;
                }
                Number::new(1)
            }
        })),
    );
    let json = [("accept", "application/json")];
    let (text, json) = tokio::join!(
        ask(&app, request_for("/", &[TEXT])),
        ask(&app, request_for("/", &json))
    );
    assert_eq!(text.header("content-type"), Some(PLAIN));
    assert_eq!(json.header("content-type"), Some("application/json"));
}

#[tokio::test]
async fn a_panic_leaves_nothing_behind() {
    let app = Router::new()
        .route(
            "/panic",
            get(with_context(async || -> Number { panic!("on purpose") })),
        )
        .route(
            "/seen",
            get(async || Json(RequestContext::current().is_some())),
        );
    for _ in 0..3 {
        let app = app.clone();
        let panicked =
            tokio::spawn(async move { ask(&app, request_for("/panic", &[TEXT])).await }).await;
        assert!(panicked.is_err());
    }
    assert_eq!(ask(&app, request_for("/seen", &[])).await.text(), "false");
}

#[tokio::test]
async fn a_dropped_request_leaves_nothing_behind() {
    let app = Router::new()
        .route(
            "/never",
            get(with_context(async || {
                std::future::pending::<Number>().await
            })),
        )
        .route(
            "/seen",
            get(async || Json(RequestContext::current().is_some())),
        );
    let asked = ask(&app, request_for("/never", &[TEXT]));
    let patience = std::time::Duration::from_millis(20);
    assert!(tokio::time::timeout(patience, asked).await.is_err());
    assert_eq!(ask(&app, request_for("/seen", &[])).await.text(), "false");
}

#[tokio::test]
async fn a_spawned_task_has_none() {
    let seen = async || {
        Json(
            tokio::spawn(async { RequestContext::current().is_some() })
                .await
                .unwrap(),
        )
    };
    let app = Router::new().route("/", get(with_context(seen)));
    assert_eq!(ask(&app, request_for("/", &[])).await.text(), "false");
}

#[tokio::test]
async fn one_that_outlives_its_request_is_not_overwritten() {
    let kept = Arc::new(std::sync::Mutex::new(Vec::new()));
    let keep = kept.clone();
    let app = Router::new().route(
        "/",
        get(with_context(async move |context: RequestContext| {
            keep.lock().unwrap().push(context)
        })),
    );
    for range in ["bytes=0-1", "bytes=2-3"] {
        ask(&app, request_for("/", &[("range", range)])).await;
    }
    let ranges: Vec<_> = kept
        .lock()
        .unwrap()
        .iter()
        .map(|context| context.header(&http::header::RANGE).cloned())
        .collect();
    assert_eq!(
        ranges,
        [
            Some("bytes=0-1".parse().unwrap()),
            Some("bytes=2-3".parse().unwrap())
        ]
    );
}

#[tokio::test]
async fn it_holds_every_line_of_the_fields_it_keeps() {
    let app = Router::new().route(
        "/",
        get(with_context(async |context: RequestContext| {
            let lines: Vec<String> = context
                .lines(&http::header::IF_NONE_MATCH)
                .map(|line| line.to_str().unwrap_or_default().to_owned())
                .collect();
            assert_eq!(context.header(&http::header::COOKIE), None);
            Json((context.method().to_string(), lines))
        })),
    );
    let headers = [
        ("if-none-match", "\"a\""),
        ("cookie", "a=b"),
        ("if-none-match", "\"b\""),
    ];
    let answer = ask(&app, request_for("/", &headers)).await;
    assert_eq!(answer.text(), r#"["GET",["\"a\"","\"b\""]]"#);
    let head = suite_support::request(Method::HEAD, "/", &[], "");
    assert_eq!(
        ask(&app, head).await.header("content-length"),
        Some("11"),
        "the method is HEAD"
    );
}

#[tokio::test]
async fn the_closest_registration_wins_and_the_others_stay() {
    let render = |text: &'static str| {
        move |problem: &Problem| (problem.status(), Text(text)).into_response()
    };
    let inner = Router::new()
        .route("/own", get(async || Problem::new(StatusCode::CONFLICT)))
        .layer(RequestContextLayer::new().problem_renderer(render("inner")));
    let app = inner
        .route(
            "/inherited",
            get(with_context(async || Problem::new(StatusCode::CONFLICT))),
        )
        .fallback(problem::not_found);
    let app = RequestContextLayer::new()
        .problem_renderer(render("outer"))
        .layer(app);
    for (path, status, text) in [
        ("/own", 409, "inner"),
        ("/inherited", 409, "outer"),
        ("/none", 404, "outer"),
    ] {
        let answer = ask(&app, request_for(path, &[])).await;
        assert_eq!(
            (answer.status.as_u16(), answer.text().as_str()),
            (status, text),
            "{path}"
        );
    }
}
