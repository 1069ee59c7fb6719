//! `/custom`: values that serde does not know, written by the closest layer that does.

use std::collections::BTreeMap;

use axum::response::{IntoResponse, Response};
use axum_layered::{Data, Declare, Layered, MediaType, Payload, ResponseClass};
use axum_responses::{Json, MessagePack};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::routes;

use crate::Tour;

pub(crate) fn routes() -> Layered<Tour> {
    let class = Layered::new()
        .named("router")
        .response_class(AsLists)
        .routes(routes!(multidict));
    let controller = Layered::new()
        .named("controller")
        .type_encoder(written_by("controller"))
        .routes(routes!(inherit))
        .routes(routes!(handler).type_encoder(written_by("handler")))
        .routes(routes!(response).type_encoder(written_by("handler")))
        .routes(routes!(msgpack).response_class(MessagePack(())));
    let encoders = Layered::new()
        .named("router")
        .type_encoder(written_by("router"))
        .routes(routes!(router_only))
        .nest("/controller", controller);
    Layered::new()
        .nest("/class", class)
        .nest("/encoders", encoders)
}

/// Pairs, some of the same name: nothing that serde could write as it is.
#[derive(ToSchema)]
#[schema(value_type = BTreeMap<String, Vec<String>>)]
struct MultiDict(#[allow(dead_code)] Vec<(&'static str, &'static str)>);

/// Writes such pairs as a list for each name.
struct AsLists;

impl ResponseClass for AsLists {
    fn media_type(&self) -> MediaType {
        MediaType::JSON
    }

    fn respond(&self, payload: &Payload<'_>) -> Response {
        let Some(MultiDict(pairs)) = payload.value() else {
            return payload.unknown();
        };
        let mut lists = BTreeMap::<_, Vec<_>>::new();
        for (name, value) in pairs {
            lists.entry(*name).or_default().push(*value);
        }
        Json(lists).into_response()
    }
}

/// Written by the class of the router
#[utoipa::path(get, path = "/multidict", responses(Data<MultiDict>))]
async fn multidict() -> Data<MultiDict> {
    Data::of(MultiDict(vec![("foo", "bar"), ("foo", "baz")]))
}

/// Of another crate: serde does not know it.
struct Point {
    x: i32,
    y: i32,
}

#[derive(ToSchema)]
struct Corner {
    #[schema(value_type = Written)]
    p: Point,
}

const CORNER: Corner = Corner {
    p: Point { x: 1, y: 2 },
};

/// What is written in its place, and which layer did.
#[derive(Serialize, ToSchema)]
struct Written {
    #[schema(example = "router")]
    layer: &'static str,
    x: i32,
    y: i32,
}

#[derive(Serialize)]
struct WrittenCorner {
    p: Written,
}

fn written_by(layer: &'static str) -> impl Fn(&Corner) -> WrittenCorner + Send + Sync + 'static {
    move |Corner { p: Point { x, y } }| WrittenCorner {
        p: Written {
            layer,
            x: *x,
            y: *y,
        },
    }
}

/// Written by the encoder of the router
#[utoipa::path(get, path = "/router-only", responses(Data<Corner>))]
async fn router_only() -> Data<Corner> {
    Data::of(CORNER)
}

/// Written by the encoder of the controller
#[utoipa::path(get, path = "/inherit", responses(Data<Corner>))]
async fn inherit() -> Data<Corner> {
    Data::of(CORNER)
}

/// Written by the encoder of the handler
#[utoipa::path(get, path = "/handler", responses(Data<Corner>))]
async fn handler() -> Data<Corner> {
    Data::of(CORNER)
}

/// Written by the encoder of the response itself
#[utoipa::path(get, path = "/response", responses(Data<Corner>))]
async fn response() -> Data<Corner> {
    Data::of(CORNER).encoder(written_by("response"))
}

/// Written by the encoder of the controller, as MessagePack
#[utoipa::path(get, path = "/msgpack", responses(Data<Corner>))]
async fn msgpack() -> Data<Corner> {
    Data::of(CORNER)
}
