//! `/responses/status`: the status of success, by method, declared, or chosen by the response.

use axum::http::StatusCode;
use axum_layered::{Declare, LayerETag, Layered};
use axum_responses::problem::Query;
use axum_responses::rejection::InvalidQuery;
use axum_responses::{ETag, Empty, Json, Reply, Text};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::routes;

use crate::Tour;
use crate::data::Resource;

pub(crate) fn routes() -> Layered<Tour> {
    Layered::new()
        .method_status_codes(true)
        .routes(routes!(default, delete))
        .routes(routes!(accepted).status(202))
        .routes(routes!(delete_with_body).status(200))
        .routes(routes!(multi))
        .routes(routes!(multi_put_patch))
        .routes(routes!(none))
        .routes(routes!(no_content))
        .routes(routes!(not_modified).etag(LayerETag::documented()))
        .routes(routes!(no_content_with_body))
        .routes(routes!(dynamic))
}

/// 200, and 201 for POST
#[utoipa::path(method(get, post, put, patch), path = "/default", responses(Json<Resource>))]
async fn default() -> Json<Resource> {
    Json(Resource::MINE)
}

/// 204 for a DELETE that has nothing to say
#[utoipa::path(delete, path = "/default", responses(Empty))]
async fn delete() -> Empty {
    Empty
}

/// 202, declared for the route
#[utoipa::path(get, path = "/accepted", responses(Json<Resource>))]
async fn accepted() -> Json<Resource> {
    Json(Resource::MINE)
}

/// 200, declared for a DELETE that has something to say
#[utoipa::path(delete, path = "/delete-with-body", responses(Json<Resource>))]
async fn delete_with_body() -> Json<Resource> {
    Json(Resource::MINE)
}

/// One handler for two methods: 200 and 201
#[utoipa::path(method(get, post), path = "/multi", responses(Json<Resource>))]
async fn multi() -> Json<Resource> {
    Json(Resource::MINE)
}

/// One handler for two methods: 200 for both
#[utoipa::path(method(put, patch), path = "/multi-put-patch", responses(Json<Resource>))]
async fn multi_put_patch() -> Json<Resource> {
    Json(Resource::MINE)
}

/// 201 in answer to a POST, with `null`
#[utoipa::path(post, path = "/none", responses(Json<()>))]
async fn none() -> Json<()> {
    Json(())
}

/// 204 by itself
#[utoipa::path(get, path = "/204-response", responses(Reply<Empty, 204>))]
async fn no_content() -> Reply<Empty, 204> {
    Reply::new(Empty)
}

/// 304 by itself
#[utoipa::path(get, path = "/304-response", responses(Reply<Empty, 304>))]
async fn not_modified() -> Reply<Empty, 304> {
    Reply::new(Empty).etag(&ETag::strong("x"))
}

/// 204 by itself: its body is not sent
#[utoipa::path(get, path = "/204-with-body", responses(Reply<Text, 204>))]
async fn no_content_with_body() -> Reply<Text<&'static str>, 204> {
    Reply::new(Text("must not be here"))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Status {
    /// 200 to 599
    #[param(minimum = 200, maximum = 599, example = 299)]
    code: u16,
}

#[derive(Serialize, ToSchema)]
struct Code {
    #[schema(example = 299)]
    code: u16,
}

/// A status that is known at run time only
#[utoipa::path(get, path = "/dynamic", params(Status), responses(
    (status = 200, description = "This status was asked for", body = Code),
    (status = "default", description = "So was this", body = Code),
    InvalidQuery
))]
async fn dynamic(Query(Status { code }): Query<Status>) -> Result<Reply<Json<Code>>, InvalidQuery> {
    match StatusCode::from_u16(code) {
        Ok(status) if (200..600).contains(&code) => {
            Ok(Reply::new(Json(Code { code })).status(status))
        }
        _ => Err(InvalidQuery::because("code", "must be 200 to 599")),
    }
}
