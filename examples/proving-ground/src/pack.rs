//! `/pack`: one value that holds everything, as JSON and as MessagePack, and any value back.

use std::collections::BTreeMap;

use axum_responses::rejection::ContentRejection;
use axum_responses::{Json, MessagePack};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Everything both formats know, at the edges of its range.
#[derive(Serialize, ToSchema)]
pub(crate) struct Everything {
    nothing: Option<String>,
    booleans: [bool; 2],
    integers: Integers,
    floats: [f64; 4],
    empty: &'static str,
    unicode: &'static str,
    long_text: String,
    short_list: [u8; 3],
    long_list: Vec<u32>,
    nested: BTreeMap<&'static str, BTreeMap<&'static str, [u8; 1]>>,
    #[serde(with = "serde_bytes")]
    #[schema(value_type = Vec<u8>)]
    binary: Vec<u8>,
}

/// The first and last integers of each width.
#[derive(Serialize, ToSchema)]
struct Integers {
    zero: u8,
    below_fixed: i8,
    byte: u8,
    two_bytes: u16,
    four_bytes: u32,
    beyond_doubles: u64,
    greatest: u64,
    least: i64,
}

impl Everything {
    fn new() -> Self {
        Self {
            nothing: None,
            booleans: [true, false],
            integers: Integers {
                zero: 0,
                below_fixed: -33,
                byte: u8::MAX,
                two_bytes: u16::MAX,
                four_bytes: u32::MAX,
                beyond_doubles: (1 << 53) + 1,
                greatest: u64::MAX,
                least: i64::MIN,
            },
            floats: [0.5, 0.1, 1e300, 3.0],
            empty: "",
            unicode: "h\u{e9} \u{65e5}\u{672c} \u{1f600} \0",
            long_text: "x".repeat(70_000),
            short_list: [1, 2, 3],
            long_list: (0..70_000).collect(),
            nested: BTreeMap::from([("a", BTreeMap::from([("b", [1])]))]),
            binary: (0..=u8::MAX).collect(),
        }
    }
}

/// Everything as JSON
#[utoipa::path(get, path = "/pack/json", operation_id = "pack_json", tag = "MessagePack", responses(Json<Everything>))]
pub(crate) async fn json() -> Json<Everything> {
    Json(Everything::new())
}

/// Everything as MessagePack
#[utoipa::path(get, path = "/pack/msgpack", operation_id = "pack_msgpack", tag = "MessagePack", responses(MessagePack<Everything>))]
pub(crate) async fn msgpack() -> MessagePack<Everything> {
    MessagePack(Everything::new())
}

/// Any value that MessagePack can write.
#[derive(Deserialize, Serialize, ToSchema)]
#[serde(transparent)]
#[schema(value_type = serde_json::Value)]
pub(crate) struct Anything(rmpv::Value);

/// The value that came, sent back
#[utoipa::path(
    post,
    path = "/pack/echo",
    operation_id = "pack_echo",
    tag = "MessagePack",
    request_body(content = Anything, content_type = "application/x-msgpack", description = "Any value"),
    responses(MessagePack<Anything>, ContentRejection)
)]
pub(crate) async fn echo(MessagePack(value): MessagePack<Anything>) -> MessagePack<Anything> {
    MessagePack(value)
}
