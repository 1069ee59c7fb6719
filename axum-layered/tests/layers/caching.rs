//! `Cache-Control`: whole, patched, documented, removed.

use std::time::Duration;

use axum::Router;
use axum::http::StatusCode;
use axum_layered::{CacheControl, Declare, get};
use axum_responses::Redirect;

use super::{fetch, hello, layered};

const fn age(seconds: u64) -> CacheControl {
    CacheControl::new().max_age(Duration::from_secs(seconds))
}

fn app() -> Router {
    let everything = CacheControl::new()
        .max_age(Duration::from_secs(1))
        .s_maxage(Duration::from_secs(2))
        .no_cache()
        .public()
        .no_transform()
        .must_revalidate()
        .proxy_revalidate()
        .must_understand()
        .immutable()
        .stale_while_revalidate(Duration::from_secs(3))
        .stale_if_error(Duration::from_secs(4));
    let patched = |patch: CacheControl| get(hello).cache_control_patch(patch);
    let controller = layered()
        .cache_control(age(86_400).public())
        .route("/chance_of_rain", get(hello))
        .route(
            "/timestamp",
            get(hello).cache_control(CacheControl::NO_STORE),
        )
        .route(
            "/doc-only",
            get(hello).cache_control_documented("by the hour"),
        )
        .route("/removed", get(hello).no_cache_control())
        .route("/all-directives", get(hello).cache_control(everything))
        .route("/whole", get(hello).cache_control(age(5)))
        .route("/patched", patched(CacheControl::new().must_revalidate()))
        .route("/patched-private", patched(CacheControl::new().private()))
        .route("/patched-no-store", patched(CacheControl::NO_STORE))
        .route(
            "/dynamic",
            get(|| async { ([("Cache-Control", "no-cache")], "1") }),
        )
        .route("/error", get(|| async { StatusCode::NOT_FOUND }));
    layered()
        .cache_control(age(2_628_288).public())
        .route("/population", get(hello))
        .route(
            "/redirect",
            get(|| async { Redirect::found("/population") }),
        )
        .merge(controller)
        .into_router()
}

#[tokio::test]
async fn the_closest_cache_control_goes_out_whole_or_patched() {
    let app = app();
    for (path, expected) in [
        ("/population", Some("max-age=2628288, public")),
        ("/redirect", Some("max-age=2628288, public")),
        ("/chance_of_rain", Some("max-age=86400, public")),
        ("/timestamp", Some("no-store")),
        ("/doc-only", None),
        ("/removed", None),
        (
            "/all-directives",
            Some(
                "max-age=1, s-maxage=2, no-cache, public, no-transform, must-revalidate, \
                 proxy-revalidate, must-understand, immutable, stale-while-revalidate=3, stale-if-error=4",
            ),
        ),
        ("/whole", Some("max-age=5")),
        ("/patched", Some("max-age=86400, public, must-revalidate")),
        ("/patched-private", Some("max-age=86400, private")),
        ("/patched-no-store", Some("no-store")),
        ("/dynamic", Some("no-cache")),
        ("/error", None),
    ] {
        assert_eq!(
            fetch(&app, path).await.line("cache-control"),
            expected,
            "{path}"
        );
    }
}

#[tokio::test]
async fn patches_of_several_layers_add_up_the_closest_last() {
    let patch = |patch: CacheControl| layered().cache_control_patch(patch);
    let app = patch(CacheControl::new().public())
        .nest(
            "/on-nothing",
            patch(CacheControl::new().must_revalidate()).route("/", get(hello)),
        )
        .nest(
            "/closest-wins",
            patch(CacheControl::new().private()).route("/", get(hello)),
        )
        .nest(
            "/whole-between",
            layered().cache_control(age(1)).nest(
                "/below",
                patch(CacheControl::new().no_transform()).route("/", get(hello)),
            ),
        )
        .nest(
            "/removed-between",
            layered()
                .no_cache_control()
                .nest("/below", patch(age(7)).route("/", get(hello))),
        )
        .into_router();
    for (path, expected) in [
        ("/on-nothing", "public, must-revalidate"),
        ("/closest-wins", "private"),
        ("/whole-between/below", "max-age=1, no-transform"),
        ("/removed-between/below", "max-age=7"),
    ] {
        assert_eq!(
            fetch(&app, path).await.line("cache-control"),
            Some(expected),
            "{path}"
        );
    }
}

#[tokio::test]
async fn one_without_directives_is_not_sent() {
    let app = layered()
        .cache_control(age(60))
        .route("/", get(hello).cache_control(CacheControl::new()))
        .into_router();
    fetch(&app, "/").await.has_none(&["cache-control"]);
}
