//! `/hooks`: what runs when the handler is through, before anything declared is filled in.

use axum::response::Response;
use axum_layered::{Declare, Layered, ResponseHeader, header};
use axum_responses::problem::{ProblemOf, Query};
use axum_responses::rejection::InvalidQuery;
use axum_responses::{Json, Reply, Text};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::routes;

use crate::Tour;
use crate::data::Unsigned;

pub(crate) fn routes() -> Layered<Tour> {
    let hook = |layer: &'static str| {
        move |response: Response| async move { <Reply<_>>::new(response).header(("x-after", layer)) }
    };
    let x_after = ResponseHeader::documented("x-after").describe("whose hook ran");
    Layered::new()
        .named("router")
        .header(x_after.always())
        .after_request(hook("router"))
        .routes(routes!(nearest).after_request(hook("handler")))
        .routes(routes!(inherited))
        .routes(routes!(error))
        .routes(routes!(rejected))
        .routes(
            routes!(sees_layer_headers)
                .header(header!("x-static", "1", "what a hook does not see"))
                .remove_header("x-after")
                .after_request(async |response: Response| {
                    let visible = response.headers().contains_key("x-static");
                    Json(Seen { visible })
                }),
        )
}

#[derive(Serialize, ToSchema)]
struct Which {
    #[schema(example = "router hook")]
    which: &'static str,
}

/// The closest hook runs alone
#[utoipa::path(get, path = "/nearest", responses(Json<Which>))]
async fn nearest() -> Json<Which> {
    let which = "only the nearest after_request hook runs";
    Json(Which { which })
}

/// A hook from above
#[utoipa::path(get, path = "/inherited", responses(Json<Which>))]
async fn inherited() -> Json<Which> {
    let which = "router hook";
    Json(Which { which })
}

/// It runs for errors too
#[utoipa::path(get, path = "/error", responses(ProblemOf<404>))]
async fn error() -> ProblemOf<404> {
    ProblemOf::detail("nothing here")
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Number {
    /// Any number
    #[param(value_type = Unsigned, inline, example = 7)]
    n: u64,
}

/// It runs for what is refused before the handler runs
#[utoipa::path(get, path = "/rejected", params(Number), responses(Text, InvalidQuery))]
async fn rejected(Query(Number { n }): Query<Number>) -> Text<u64> {
    Text(n)
}

#[derive(Serialize, ToSchema)]
struct Seen {
    #[serde(rename = "layer headers visible")]
    visible: bool,
}

/// It runs before what is declared is filled in, and answers in the handler's place
#[utoipa::path(get, path = "/sees-layer-headers", responses(Json<Seen>))]
async fn sees_layer_headers() -> Text<&'static str> {
    Text("what the hook puts aside")
}
