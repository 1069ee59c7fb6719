//! `/layers/cache-control`: the closest layer's as a whole, or some directives of it.

use std::time::{Duration, SystemTime};

use axum_layered::{CacheControl, Declare, Layered};
use axum_responses::problem::ProblemOf;
use axum_responses::{Json, Redirect, Reply};
use utoipa_axum::routes;

use crate::Tour;

const fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

const MONTH: CacheControl = CacheControl::new().max_age(seconds(2_628_288)).public();
const DAY: CacheControl = CacheControl::new().max_age(seconds(86_400)).public();
const FIVE_SECONDS: CacheControl = CacheControl::new().max_age(seconds(5));
/// All that can stand together.
const EVERYTHING: CacheControl = CacheControl::new()
    .max_age(seconds(1))
    .s_maxage(seconds(2))
    .no_cache()
    .public()
    .no_transform()
    .must_revalidate()
    .proxy_revalidate()
    .must_understand()
    .immutable()
    .stale_while_revalidate(seconds(3))
    .stale_if_error(seconds(4));

pub(crate) fn routes() -> Layered<Tour> {
    let controller = Layered::new()
        .named("controller")
        .cache_control(DAY)
        .routes(routes!(chance_of_rain))
        .routes(routes!(timestamp).cache_control(CacheControl::NO_STORE))
        .routes(routes!(doc_only).cache_control_documented("set by the handler"))
        .routes(routes!(removed).no_cache_control())
        .routes(routes!(all_directives).cache_control(EVERYTHING))
        .routes(routes!(false_directive).cache_control(FIVE_SECONDS))
        .routes(routes!(patched).cache_control_patch(CacheControl::new().must_revalidate()))
        .routes(routes!(patched_private).cache_control_patch(CacheControl::new().private()))
        .routes(routes!(patched_no_store).cache_control_patch(CacheControl::NO_STORE));
    Layered::new()
        .named("app")
        .cache_control(MONTH)
        .routes(routes!(population))
        .routes(routes!(dynamic))
        .routes(routes!(dynamic_other_case))
        .routes(routes!(error))
        .routes(routes!(redirect))
        .merge(controller)
}

/// A month, as the app says
#[utoipa::path(get, path = "/population", responses(Json<u32>))]
async fn population() -> Json<u32> {
    Json(100_000)
}

/// A day, as the controller says
#[utoipa::path(get, path = "/chance_of_rain", responses(Json<f64>))]
async fn chance_of_rain() -> Json<f64> {
    Json(0.5)
}

/// Seconds since 1970
pub(super) fn now() -> Json<f64> {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    Json(since.map_or(0.0, |since| since.as_secs_f64()))
}

/// Not to be stored, as the handler says
#[utoipa::path(get, path = "/timestamp", responses(Json<f64>))]
async fn timestamp() -> Json<f64> {
    now()
}

/// Documented only: the one from above is not sent
#[utoipa::path(get, path = "/doc-only", responses(Json<f64>))]
async fn doc_only() -> Json<f64> {
    Json(1.0)
}

/// Removed: neither sent nor documented
#[utoipa::path(get, path = "/removed", responses(Json<f64>))]
async fn removed() -> Json<f64> {
    Json(1.0)
}

/// Everything that can stand together
#[utoipa::path(get, path = "/all-directives", responses(Json<f64>))]
async fn all_directives() -> Json<f64> {
    Json(1.0)
}

/// The closest counts as a whole: it is not public
#[utoipa::path(get, path = "/false-directive", responses(Json<f64>))]
async fn false_directive() -> Json<f64> {
    Json(1.0)
}

/// One directive more
#[utoipa::path(get, path = "/patched", responses(Json<f64>))]
async fn patched() -> Json<f64> {
    Json(1.0)
}

/// Private in the place of public
#[utoipa::path(get, path = "/patched-private", responses(Json<f64>))]
async fn patched_private() -> Json<f64> {
    Json(1.0)
}

/// Not to be stored in the place of all the rest
#[utoipa::path(get, path = "/patched-no-store", responses(Json<f64>))]
async fn patched_no_store() -> Json<f64> {
    Json(1.0)
}

/// What the response sets wins
#[utoipa::path(get, path = "/dynamic", responses(Json<u8>))]
async fn dynamic() -> Reply<Json<u8>> {
    Reply::new(Json(1)).header(("cache-control", "no-cache"))
}

/// Whatever the case of the name
#[utoipa::path(get, path = "/dynamic-other-case", responses(Json<u8>))]
async fn dynamic_other_case() -> Reply<Json<u8>> {
    Reply::new(Json(1)).header(("Cache-Control", "no-cache"))
}

/// An error has none
#[utoipa::path(get, path = "/error", responses(ProblemOf<404>))]
async fn error() -> ProblemOf<404> {
    ProblemOf::detail("nothing here")
}

/// A redirect has it
#[utoipa::path(get, path = "/redirect", responses(Redirect))]
async fn redirect() -> Redirect {
    Redirect::to("/layers/cache-control/population")
}
