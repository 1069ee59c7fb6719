//! `/layers/always`: what goes with errors, and what does not.

use std::time::Duration;

use axum_layered::{CacheControl, Declare, ETag, Layered, ResponseHeader, SetCookie, header};
use axum_responses::problem::{ProblemOf, Query};
use axum_responses::rejection::InvalidQuery;
use axum_responses::{Redirect, Text};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::routes;

use crate::Tour;
use crate::data::Unsigned;

const MINUTE: CacheControl = CacheControl::new().max_age(Duration::from_secs(60));

pub(crate) fn routes() -> Layered<Tour> {
    let policy = ResponseHeader::new("x-policy", "always").always();
    Layered::new()
        .named("app")
        .header(policy.describe("goes with everything, errors too"))
        .header(header!("x-ordinary", "1", "goes with what is no error"))
        .cookie(SetCookie::new("plain", "1").describe("goes with what is no error"))
        .cache_control(MINUTE)
        .routes(routes!(ok).etag(ETag::strong("ok")))
        .routes(routes!(error))
        .routes(routes!(rejected))
        .routes(routes!(redirect).etag(ETag::strong("redirect")))
}

/// All of it
#[utoipa::path(get, path = "/ok", responses(Text))]
async fn ok() -> Text<&'static str> {
    Text("ok")
}

/// An error: the policy alone
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

/// The policy alone goes with what is refused before the handler runs
#[utoipa::path(get, path = "/rejected", params(Number), responses(Text, InvalidQuery))]
async fn rejected(Query(Number { n }): Query<Number>) -> Text<u64> {
    Text(n)
}

/// A redirect: all but the entity tag
#[utoipa::path(get, path = "/redirect", responses(Redirect))]
async fn redirect() -> Redirect {
    Redirect::to("/layers/always/ok")
}
