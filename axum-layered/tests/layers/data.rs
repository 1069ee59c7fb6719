//! `Data`: written by the closest class after the closest encoder.

use std::collections::BTreeMap;

use axum::response::{IntoResponse, Response};
use axum_layered::{Data, Declare, MediaType, Payload, ResponseClass, get};
use axum_responses::Json;

use super::{fetch, layered};

/// serde knows neither.
#[derive(Clone)]
struct Point {
    x: i32,
    y: i32,
}

struct Multi(Vec<(&'static str, &'static str)>);

struct AsLists;

impl ResponseClass for AsLists {
    fn media_type(&self) -> MediaType {
        MediaType::JSON
    }

    fn respond(&self, payload: &Payload<'_>) -> Response {
        let Some(Multi(pairs)) = payload.value() else {
            return payload.unknown();
        };
        let mut lists = BTreeMap::<_, Vec<_>>::new();
        for (name, value) in pairs {
            lists.entry(*name).or_default().push(*value);
        }
        Json(lists).into_response()
    }
}

fn encoder(layer: &'static str) -> impl Fn(&Point) -> serde_json::Value + Send + Sync + 'static {
    move |point| serde_json::json!({ "p": { "layer": layer, "x": point.x, "y": point.y } })
}

const POINT: Point = Point { x: 1, y: 2 };

#[tokio::test]
async fn the_closest_encoder_writes_it_and_the_responses_own_wins() {
    let point = || async { Data::of(POINT) };
    let controller = layered()
        .type_encoder(encoder("controller"))
        .route("/inherit", get(point))
        .route("/handler", get(point).type_encoder(encoder("handler")))
        .route(
            "/response",
            get(|| async { Data::of(POINT).encoder(encoder("response")) })
                .type_encoder(encoder("handler")),
        );
    let app = layered()
        .type_encoder(encoder("router"))
        .type_encoder(|_: &Multi| "another type")
        .route("/router-only", get(point))
        .nest("/controller", controller)
        .into_router();
    for (path, layer) in [
        ("/router-only", "router"),
        ("/controller/inherit", "controller"),
        ("/controller/handler", "handler"),
        ("/controller/response", "response"),
    ] {
        let answer = fetch(&app, path).await;
        assert_eq!(
            answer.body,
            format!(r#"{{"p":{{"layer":"{layer}","x":1,"y":2}}}}"#)
        );
        answer.has(&[("content-type", "application/json")]);
    }
}

#[tokio::test]
async fn the_closest_class_writes_it() {
    let multi = || async { Data::of(Multi(vec![("foo", "bar"), ("foo", "baz")])) };
    let app = layered()
        .response_class(AsLists)
        .route("/multidict", get(multi))
        .route("/unknown", get(|| async { Data::of(POINT) }))
        .route(
            "/json",
            get(|| async { Data::new(7) }).response_class(Json(())),
        )
        .into_router();
    assert_eq!(
        fetch(&app, "/multidict").await.body,
        r#"{"foo":["bar","baz"]}"#
    );
    assert_eq!(fetch(&app, "/json").await.body, "7");
    let unknown = fetch(&app, "/unknown").await;
    assert_eq!(unknown.status, 500);
    assert!(!unknown.body.contains("encoder"), "{}", unknown.body);
}

#[tokio::test]
async fn without_a_layer_that_knows_it_is_json_or_a_500() {
    let app = layered()
        .route("/known", get(|| async { Data::new(["a"]) }))
        .route("/unknown", get(|| async { Data::of(POINT) }))
        .into_router();
    assert_eq!(fetch(&app, "/known").await.body, r#"["a"]"#);
    assert_eq!(fetch(&app, "/unknown").await.status, 500);
}

#[tokio::test]
async fn it_is_json_outside_of_any_layer() {
    let app = axum::Router::new().route("/", axum::routing::get(|| async { Data::new([1]) }));
    assert_eq!(fetch(&app, "/").await.body, "[1]");
}

#[tokio::test]
async fn what_is_declared_holds_for_it_as_for_any_response() {
    let app = layered()
        .type_encoder(encoder("app"))
        .header(("x-layer", "1"))
        .status(203)
        .route("/", get(|| async { Data::of(POINT) }))
        .into_router();
    let answer = fetch(&app, "/").await;
    assert_eq!(answer.status, 203);
    answer.has(&[("x-layer", "1")]);
}

#[cfg(feature = "message-pack")]
#[tokio::test]
async fn a_class_writes_what_the_encoder_made() {
    let app = layered()
        .type_encoder(|point: &Point| [point.x, point.y])
        .response_class(axum_responses::MessagePack(()))
        .route("/", get(|| async { Data::of(POINT) }))
        .into_router();
    let response = super::send(&app, "GET", "/", &[]).await;
    assert_eq!(response.headers()["content-type"], "application/x-msgpack");
    let body = axum::body::to_bytes(response.into_body(), 99)
        .await
        .unwrap();
    assert_eq!(body, [0x92, 1, 2].as_slice());
}
