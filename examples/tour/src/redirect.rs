//! `/redirect`: the five statuses, and targets that need care.

use axum::http::StatusCode;
use axum_layered::{Declare, Layered, ResponseCookie, ResponseHeader, header};
use axum_responses::problem::Query;
use axum_responses::rejection::InvalidQuery;
use axum_responses::{AnyRedirect, Redirect, Reply};
use serde::Deserialize;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
use utoipa::{IntoParams, PartialSchema, ToSchema};
use utoipa_axum::routes;

use crate::Tour;

pub(crate) fn routes() -> Layered<Tour> {
    Layered::new()
        .routes(routes!(found))
        .routes(routes!(default_status))
        .routes(routes!(post))
        .routes(routes!(status_301))
        .routes(routes!(status_302))
        .routes(routes!(status_303))
        .routes(routes!(status_307))
        .routes(routes!(status_308))
        .routes(routes!(instance))
        .routes(routes!(to))
        .routes(routes!(query))
        .routes(routes!(query_existing))
        .routes(routes!(query_fragment))
        .routes(routes!(query_existing_fragment))
        .routes(routes!(query_multidict))
        .routes(
            routes!(headers)
                .header(header!("x-layer", "1", "declared for the route"))
                .header(ResponseHeader::documented("x-own").describe("set by the response"))
                .cookie(ResponseCookie::documented("c").describe("set by the response")),
        )
}

/// 302 Found
#[utoipa::path(get, path = "/", responses(Redirect))]
async fn found() -> Redirect {
    Redirect::to("/other-path")
}

/// 302 where no status is named
#[utoipa::path(get, path = "/no-decorator-status", responses(Redirect))]
async fn default_status() -> Redirect {
    Redirect::to("/other-path")
}

/// 302 in answer to a POST
#[utoipa::path(post, path = "/post", responses(Redirect))]
async fn post() -> Redirect {
    Redirect::to("/other-path")
}

/// 301 Moved Permanently
#[utoipa::path(get, path = "/decorator/301", responses(Redirect<301>))]
async fn status_301() -> Redirect<301> {
    Redirect::moved_permanently("/other-path")
}

/// 302 Found
#[utoipa::path(get, path = "/decorator/302", responses(Redirect<302>))]
async fn status_302() -> Redirect<302> {
    Redirect::found("/other-path")
}

/// 303 See Other
#[utoipa::path(get, path = "/decorator/303", responses(Redirect<303>))]
async fn status_303() -> Redirect<303> {
    Redirect::see_other("/other-path")
}

/// 307 Temporary Redirect
#[utoipa::path(get, path = "/decorator/307", responses(Redirect<307>))]
async fn status_307() -> Redirect<307> {
    Redirect::temporary("/other-path")
}

/// 308 Permanent Redirect
#[utoipa::path(get, path = "/decorator/308", responses(Redirect<308>))]
async fn status_308() -> Redirect<308> {
    Redirect::permanent("/other-path")
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Code {
    /// 301, 302, 303, 307 or 308
    #[param(value_type = AnyCode, inline, example = 303)]
    code: u16,
}

/// What the document says of it.
struct AnyCode;

impl ToSchema for AnyCode {}

impl PartialSchema for AnyCode {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::Integer)
            .enum_values(Some([301, 302, 303, 307, 308]))
            .into()
    }
}

/// A status that is known at run time only
#[utoipa::path(
    get,
    path = "/instance",
    params(Code),
    responses(AnyRedirect, InvalidQuery)
)]
async fn instance(Query(Code { code }): Query<Code>) -> Result<AnyRedirect, InvalidQuery> {
    StatusCode::from_u16(code)
        .ok()
        .and_then(|status| AnyRedirect::new(status, "/other-path").ok())
        .ok_or_else(|| InvalidQuery::because("code", "must be the status of a redirect"))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Target {
    /// Where to go: any text
    #[param(example = "/straße?x=ü")]
    target: String,
}

/// Any target: what cannot stand in a URI is percent-encoded
#[utoipa::path(get, path = "/to", params(Target), responses(Redirect, InvalidQuery))]
async fn to(Query(Target { target }): Query<Target>) -> Redirect {
    Redirect::to(target)
}

/// Query parameters are encoded
#[utoipa::path(get, path = "/query", responses(Redirect))]
async fn query() -> Redirect {
    Redirect::to("/other-path").query([("a", "1"), ("b", "x"), ("b", "y z"), ("ü", "ä&=")])
}

/// Query parameters behind those that are there
#[utoipa::path(get, path = "/query-existing", responses(Redirect))]
async fn query_existing() -> Redirect {
    Redirect::to("/other-path?already=1").query([("a", "1")])
}

/// Query parameters before the fragment
#[utoipa::path(get, path = "/query-fragment", responses(Redirect))]
async fn query_fragment() -> Redirect {
    Redirect::to("/other-path#top").query([("a", "1")])
}

/// Query parameters between a query and a fragment
#[utoipa::path(get, path = "/query-existing-fragment", responses(Redirect))]
async fn query_existing_fragment() -> Redirect {
    Redirect::to("/other-path?already=1#top").query([("a", "1")])
}

/// A query parameter that stands twice
#[utoipa::path(get, path = "/query-multidict", responses(Redirect))]
async fn query_multidict() -> Redirect {
    Redirect::to("/other-path").query([("a", "1"), ("a", "2"), ("b", "3")])
}

/// A redirect with headers and a cookie
#[utoipa::path(get, path = "/headers", responses(Reply<Redirect>))]
async fn headers() -> Reply<Redirect> {
    Reply::new(Redirect::to("/other-path"))
        .header(("x-own", "2"))
        .cookie(("c", "1"))
}
