//! Choosing a representation, through the router.

use axum::Router;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum_responses::negotiation::{Representation, RepresentationError};
use axum_responses::{
    Accept, Json, MediaType, MessagePack, Negotiated, Problem, Reply, RequestContext,
    RequestContextLayer, Text,
};
use suite_support::{ask, get as request_for};
use tower::Layer;

#[derive(Clone, Copy, serde::Serialize)]
struct Value(u8);

impl std::fmt::Display for Value {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "value {}", self.0)
    }
}

struct AsXml;

impl Representation<Value> for AsXml {
    const MEDIA_TYPE: MediaType = MediaType::XML;

    fn write(value: &Value) -> Result<Vec<u8>, RepresentationError> {
        if value.0 == 0 {
            Err("the secret reason".into())
        } else {
            Ok(format!("<v>{}</v>", value.0).into_bytes())
        }
    }
}

type All = (Json, MessagePack, Text, AsXml);

fn app() -> impl tower::Service<
    axum::extract::Request,
    Response = axum::response::Response,
    Error = std::convert::Infallible,
> + Clone {
    let router = Router::new()
        .route("/", get(async || Negotiated::<_, All>::new(Value(7))))
        .route(
            "/default",
            get(async || Negotiated::<_, All>::new(Value(7)).or_default()),
        )
        .route("/broken", get(async || Negotiated::<_, All>::new(Value(0))))
        .route(
            "/vary",
            get(async || {
                Reply::<_>::new(Negotiated::<_, All>::new(Value(7))).header(("vary", "origin"))
            }),
        )
        .route(
            "/by-hand",
            get(async |accept: Accept| {
                Text(accept.best_match([MediaType::HTML, MediaType::XML], MediaType::TEXT))
            }),
        );
    RequestContextLayer::new().layer(router)
}

#[tokio::test]
async fn the_value_is_written_as_the_client_likes_it() {
    for (accept, media_type, body) in [
        (None, "application/json", &b"7"[..]),
        (Some("*/*"), "application/json", b"7"),
        (
            Some("application/x-msgpack"),
            "application/x-msgpack",
            b"\x07",
        ),
        (
            Some("text/*;q=0.5, application/json;q=0.4"),
            "text/plain; charset=utf-8",
            b"value 7",
        ),
        (
            Some("application/xml, text/plain"),
            "application/xml",
            b"<v>7</v>",
        ),
    ] {
        let headers: Vec<_> = accept
            .map(|accept| ("accept", accept))
            .into_iter()
            .collect();
        let answer = ask(&app(), request_for("/", &headers)).await;
        assert_eq!(
            answer.header("content-type"),
            Some(media_type),
            "{accept:?}"
        );
        assert_eq!(answer.body, body, "{accept:?}");
        assert_eq!(answer.header("vary"), Some("accept"));
    }
}

#[tokio::test]
async fn what_is_not_offered_is_a_406_that_lists_what_is() {
    let image = [("accept", "image/png")];
    let answer = ask(&app(), request_for("/", &image)).await;
    let problem = answer.problem(406);
    let available = [
        "application/json",
        "application/x-msgpack",
        "text/plain",
        "application/xml",
    ];
    assert_eq!(problem["available"], serde_json::json!(available));
    assert_eq!(answer.header("vary"), Some("accept"));

    let answer = ask(&app(), request_for("/default", &image)).await;
    assert_eq!(
        (answer.status.as_u16(), answer.header("content-type")),
        (200, Some("application/json"))
    );
}

#[tokio::test]
async fn a_representation_that_fails_is_a_500_that_says_nothing() {
    let answer = ask(
        &app(),
        request_for("/broken", &[("accept", "application/xml")]),
    )
    .await;
    answer.problem(500);
    assert!(!answer.text().contains("secret"));
    assert_eq!(answer.header("vary"), Some("accept"));
}

#[tokio::test]
async fn vary_is_united() {
    let answer = ask(&app(), request_for("/vary", &[])).await;
    assert_eq!(answer.header("vary"), Some("accept, origin"));
}

#[tokio::test]
async fn several_lines_are_one_list() {
    let lines = [("accept", "text/html;q=0.1"), ("accept", "application/xml")];
    assert_eq!(
        ask(&app(), request_for("/by-hand", &lines)).await.text(),
        "application/xml"
    );
    let answer = ask(&app(), request_for("/by-hand", &[("accept", "image/*")])).await;
    assert_eq!(answer.text(), "text/plain; charset=utf-8");
}

#[tokio::test]
async fn a_406_that_is_made_by_hand_is_rendered_as_registered() {
    struct Rendered;

    impl axum_responses::problem::ProblemRenderer for Rendered {
        fn render(&self, problem: &Problem) -> Response {
            (problem.status(), "rendered").into_response()
        }
    }

    async fn context(context: RequestContext) -> Response {
        // Outside of the scope, as a spawned task is.
        tokio::spawn(async move { Negotiated::<_, (Json,)>::new(Value(7)).respond_to(&context) })
            .await
            .unwrap()
    }
    let layer = RequestContextLayer::new().problem_renderer(Rendered);
    let app = layer.layer(Router::new().route("/", get(context)));
    let answer = ask(&app, request_for("/", &[("accept", "image/png")])).await;
    assert_eq!(
        (answer.status.as_u16(), answer.text().as_str()),
        (406, "rendered")
    );
}
