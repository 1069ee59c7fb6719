//! What handlers take out of the request is as in a router of axum's.

use axum::Extension;
use axum::extract::{MatchedPath, NestedPath, OriginalUri, Path, State};
use axum::http::Uri;
use axum_layered::{Declare, Layered, get};

use super::{fetch, layered};

async fn paths(matched: MatchedPath, OriginalUri(original): OriginalUri, uri: Uri) -> String {
    format!("{} {original} {uri}", matched.as_str())
}

#[tokio::test]
async fn paths_are_those_of_axum() {
    let leaf = || layered().route("/{id}", get(paths));
    let app = layered()
        .route("/direct/{id}", get(paths))
        .nest("/nested", layered().nest("/{tenant}", leaf()))
        .mount("/mounted", layered().mount("/{tenant}", leaf()))
        .nest("/mixed", layered().mount("/{tenant}", leaf()))
        .into_router();
    for (path, seen) in [
        ("/direct/7", "/direct/{id} /direct/7 /direct/7"),
        ("/nested/a/7", "/nested/{tenant}/{id} /nested/a/7 /7"),
        (
            "/mounted/a/7",
            "/mounted/{tenant}/{id} /mounted/a/7 /mounted/a/7",
        ),
        ("/mixed/a/7", "/mixed/{tenant}/{id} /mixed/a/7 /a/7"),
    ] {
        assert_eq!(fetch(&app, path).await.body, seen);
    }
}

#[tokio::test]
async fn parameters_of_every_level_are_there() {
    async fn both(Path((tenant, id)): Path<(String, u32)>) -> String {
        format!("{tenant} {id}")
    }
    let leaf = || layered().route("/{id}", get(both));
    let app = layered()
        .nest("/n/{tenant}", leaf())
        .mount("/m/{tenant}", leaf())
        .into_router();
    assert_eq!(fetch(&app, "/n/a/7").await.body, "a 7");
    assert_eq!(fetch(&app, "/m/a/7").await.body, "a 7");
}

#[tokio::test]
async fn the_nested_path_is_that_of_nest() {
    async fn nested(path: NestedPath) -> String {
        path.as_str().to_owned()
    }
    let app = layered()
        .nest("/api", layered().route("/leaf", get(nested)))
        .into_router();
    assert_eq!(fetch(&app, "/api/leaf").await.body, "/api");
}

async fn number(State(state): State<u32>) -> String {
    state.to_string()
}

#[tokio::test]
async fn a_state_may_be_given_half_way() {
    let text = |State(state): State<String>| async move { state };
    let inner: Layered<String> = Layered::new()
        .header(("x-inner", "1"))
        .route("/inner", get(text));
    let outer: Layered<u32> = Layered::new()
        .header(("x-outer", "1"))
        .route("/outer", get(number))
        .nest("/nested", inner.with_state("text".to_owned()));
    let app = outer.with_state(7).into_router();
    let answer = fetch(&app, "/nested/inner").await;
    assert_eq!(answer.body, "text");
    answer.has(&[("x-inner", "1"), ("x-outer", "1")]);
    let answer = fetch(&app, "/outer").await;
    assert_eq!(answer.body, "7");
    answer.has_none(&["x-inner"]);
}

#[tokio::test]
async fn a_state_may_be_given_to_the_built_router() {
    let app: Layered<u32> = Layered::new().header(("x", "1")).route("/", get(number));
    let app = app.into_router().with_state(7);
    let answer = fetch(&app, "/").await;
    assert_eq!(answer.body, "7");
    answer.has(&[("x", "1")]);
}

#[tokio::test]
async fn an_extension_is_for_what_is_there_by_then() {
    async fn number(number: Option<Extension<u32>>) -> String {
        format!("{:?}", number.map(|Extension(number)| number))
    }
    let app = layered()
        .route("/before", get(number))
        .extension(7u32)
        .route("/after", get(number))
        .into_router();
    assert_eq!(fetch(&app, "/before").await.body, "Some(7)");
    assert_eq!(fetch(&app, "/after").await.body, "None");
}
