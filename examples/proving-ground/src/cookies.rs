//! `/cookies`: one of each kind, declared on two layers.

use std::time::Duration;

use axum_layered::{Declare, Layered, SameSite, SetCookie};
use axum_responses::Text;
use utoipa_axum::routes;

use crate::Ground;

pub(crate) fn routes() -> Layered<Ground> {
    let strict = SetCookie::new("strict", "s")
        .http_only(true)
        .same_site(SameSite::Strict);
    let aged = SetCookie::new("aged", "a").max_age(Duration::from_secs(3600));
    Layered::new()
        .named("cookies")
        .cookie(SetCookie::new("app-cookie", "app").describe("as plain as can be"))
        .cookie(strict.describe("neither for scripts nor for other sites"))
        .cookie(
            SetCookie::new("scoped", "p")
                .path("/cookies")
                .describe("for this path"),
        )
        .cookie(aged.describe("for an hour"))
        .cookie(
            SetCookie::new("sec", "x")
                .secure(true)
                .describe("for HTTPS"),
        )
        .routes(routes!(cookies).cookie(
            SetCookie::new("local-cookie", "local value").describe("the layer's come behind it"),
        ))
}

/// One cookie of each kind
#[utoipa::path(get, path = "/cookies", tag = "Cookies", responses(Text))]
async fn cookies() -> Text<&'static str> {
    Text("six cookies\n")
}
