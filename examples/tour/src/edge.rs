//! `/edge`: headers and cookies made from what a stranger sends.

use std::time::{Duration, SystemTime};

use axum_layered::{Declare, Layered, ResponseCookie, ResponseHeader};
use axum_responses::problem::Query;
use axum_responses::rejection::InvalidQuery;
use axum_responses::set_cookie::InvalidCookie;
use axum_responses::{Reply, SameSite, SetCookie, Text};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::routes;

use crate::Tour;

pub(crate) fn routes() -> Layered<Tour> {
    Layered::new()
        .routes(routes!(header).header(ResponseHeader::documented("x-edge").describe("the value")))
        .routes(routes!(header_name))
        .routes(routes!(cookie).cookie(ResponseCookie::documented("edge").describe("the value")))
        .routes(
            routes!(cookie_attrs)
                .cookies(NAMES.map(ResponseCookie::documented))
                .cookie(ResponseCookie::documented("docs").describe("not sent")),
        )
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct AnyValue {
    /// The header's value
    #[param(example = "plain", pattern = r"^[^\x00-\x08\x0a-\x1f\x7f]*$")]
    value: String,
}

/// A header with any value that can be sent
#[utoipa::path(get, path = "/header", params(AnyValue), responses(Text, InvalidQuery))]
async fn header(Query(header): Query<AnyValue>) -> Result<Reply<Text<&'static str>>, InvalidQuery> {
    Reply::new(Text("ok"))
        .try_header(("x-edge", header.value))
        .map_err(|_| InvalidQuery::because("value", "cannot be the value of a header"))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct AnyName {
    /// The header's name
    #[param(example = "x-own", pattern = r"^[!#$%&'*+.^_`|~0-9A-Za-z-]+$")]
    name: String,
}

/// A header with any name that is one
#[utoipa::path(
    get,
    path = "/header-name",
    params(AnyName),
    responses(Text, InvalidQuery)
)]
async fn header_name(
    Query(header): Query<AnyName>,
) -> Result<Reply<Text<&'static str>>, InvalidQuery> {
    Reply::new(Text("ok"))
        .try_header((header.name, "v"))
        .map_err(|_| InvalidQuery::because("name", "cannot be the name of a header"))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Cookie {
    /// The cookie's value: any text
    #[param(example = "a b; ☃")]
    value: String,
    /// The cookie's name
    #[serde(default = "edge")]
    #[param(default = "edge", pattern = r"^[!#$%&'*+.^_`|~0-9A-Za-z-]+$")]
    key: String,
}

fn edge() -> String {
    "edge".to_owned()
}

/// A cookie with any text as its value
#[utoipa::path(get, path = "/cookie", params(Cookie), responses(Text, InvalidQuery))]
async fn cookie(Query(cookie): Query<Cookie>) -> Result<Reply<Text<&'static str>>, InvalidQuery> {
    Reply::new(Text("ok"))
        .try_cookie((cookie.key, cookie.value))
        .map_err(|error| match error {
            InvalidCookie::TooLong => InvalidQuery::because("value", "is too long for a cookie"),
            _ => InvalidQuery::because("key", "cannot be the name of a cookie"),
        })
}

/// What the cookies below are called.
const NAMES: [&str; 9] = [
    "full",
    "strict",
    "flags-false",
    "zero",
    "empty",
    "__Host-x",
    "partitioned",
    "no-samesite",
    "no-path",
];

/// Every attribute that a cookie may have
#[utoipa::path(get, path = "/cookie-attrs", responses(Reply<Text>))]
async fn cookie_attrs() -> Reply<Text<&'static str>> {
    const HOUR: Duration = Duration::from_secs(3600);
    let full = SetCookie::new("full", "v")
        .path("/p")
        .max_age(HOUR)
        .expires(SystemTime::now() + HOUR)
        .domain("example.com")
        .secure(true)
        .http_only(true)
        .same_site(SameSite::None);
    let partitioned = SetCookie::new("partitioned", "v")
        .secure(true)
        .same_site(SameSite::None)
        .partitioned(true);
    Reply::new(Text("ok"))
        .cookie(full)
        .cookie(SetCookie::new("strict", "v").same_site(SameSite::Strict))
        .cookie(
            SetCookie::new("flags-false", "v")
                .secure(false)
                .http_only(false),
        )
        .cookie(SetCookie::new("zero", "v").max_age(Duration::ZERO))
        .cookie(("empty", ""))
        .cookie(SetCookie::new("__Host-x", "v").secure(true))
        .cookie(partitioned)
        .cookie(SetCookie::new("no-samesite", "v").without_same_site())
        .cookie(SetCookie::new("no-path", "v").without_path())
}
