//! Fallbacks: each has its own layers' declarations.

use axum::Router;
use axum::http::StatusCode;
use axum_layered::{CacheControl, Declare, Layered, Mistake, ResponseHeader, get};
use axum_responses::problem;

use super::{ask, fetch, hello, layered};

fn named(name: &'static str) -> Layered {
    let answer = move || async move { (StatusCode::NOT_FOUND, name) };
    layered()
        .header(ResponseHeader::new("x-layer", name).always())
        .header(("x-ordinary", name))
        .route("/leaf", get(hello))
        .fallback(answer)
}

#[tokio::test]
async fn a_fallback_has_what_is_always_on_its_layer_and_above() {
    let without = layered()
        .header(ResponseHeader::new("x-layer", "without").always())
        .route("/leaf", get(hello));
    let app = named("app")
        .header(ResponseHeader::new("x-app", "1").always())
        .nest("/nested", named("nested"))
        .nest("/without", without)
        .into_router();
    for (path, answered) in [
        ("/nowhere", "app"),
        ("/nested/nowhere", "nested"),
        ("/nested/leaf/deeper", "nested"),
        ("/without/nowhere", "app"), // the fallback of the layer above answers, in its own name
    ] {
        let answer = fetch(&app, path).await;
        assert_eq!(
            (answer.status.as_u16(), answer.body.as_str()),
            (404, answered),
            "{path}"
        );
        answer.has(&[("x-layer", answered), ("x-app", "1")]);
        answer.has_none(&["x-ordinary"]);
    }
    fetch(&app, "/nested/leaf")
        .await
        .has(&[("x-ordinary", "nested")]);
}

#[tokio::test]
async fn a_fallback_that_succeeds_has_everything() {
    let app = layered()
        .header(("x-ordinary", "1"))
        .fallback(hello)
        .into_router();
    fetch(&app, "/anywhere").await.has(&[("x-ordinary", "1")]);
}

#[tokio::test]
async fn a_fallback_comes_along_with_a_merge() {
    let app = layered()
        .header(ResponseHeader::new("x-app", "1").always())
        .merge(named("merged"))
        .into_router();
    let answer = fetch(&app, "/nowhere").await;
    assert_eq!(answer.body, "merged");
    answer.has(&[("x-layer", "merged"), ("x-app", "1")]);
}

#[test]
fn two_fallbacks_for_the_same_paths_are_told() {
    let check = |layered: Layered, expected: Option<(Option<&str>, Mistake)>| {
        let errors = layered.build().err();
        let found = errors.as_ref().map(|errors| {
            let [error] = errors.iter().collect::<Vec<_>>()[..] else {
                panic!("{errors}")
            };
            (error.route(), error.mistake().clone())
        });
        assert_eq!(found, expected);
    };
    let two = |path| Some((path, Mistake::TwoFallbacks));
    let overlap =
        |path, other: &str| Some((Some(path), Mistake::FallbackOverlap(other.to_owned())));
    let alone = |name: &'static str| layered().fallback(move || async move { name });
    let at = |path: &str| layered().nest(path, alone("nested"));
    check(at("/a").nest("/a", alone("again")), two(Some("/a")));
    check(at("/a").merge(at("/a")), two(Some("/a")));
    check(
        layered().nest("/x", at("/a")).nest("/x", at("/a")),
        two(Some("/x/a")),
    );
    check(at("/{a}"), overlap("/{a}", "/"));
    check(
        at("/x").nest("/x/{a}", alone("deeper")),
        overlap("/x/{a}", "/x/"),
    );
    check(at("/x/{a}"), None);
    check(at("/a").nest("/b", alone("other")), None);
    check(at("/a").nest("/a/b", alone("deeper")), None);
    check(at("/a").merge(alone("root")), None);
    check(
        at("/a").nest("/a", layered().route("/leaf", get(hello))),
        None,
    );
    for twice in [
        alone("first").fallback(hello),
        alone("first").fallback_service(axum::routing::get(hello)),
    ] {
        check(layered().nest("/a", twice), two(None));
    }
    check(
        layered().nest("/a", alone("one").merge(alone("two"))),
        two(None),
    );
    let merged = layered().merge(alone("one"));
    check(merged.merge(alone("two")), two(None));
}

#[tokio::test]
async fn fallbacks_at_several_depths_each_answer_for_their_own() {
    let app = named("app")
        .nest("/a", named("a").nest("/b", named("b")))
        .into_router();
    for (path, answered) in [("/x", "app"), ("/a/x", "a"), ("/a/b/x", "b")] {
        let answer = fetch(&app, path).await;
        assert_eq!(answer.body, answered, "{path}");
        answer.has(&[("x-layer", answered)]);
    }
}

#[tokio::test]
async fn one_router_of_axum_may_bring_its_fallback() {
    let plain = |name: &'static str| {
        Router::new().fallback(move || async move { (StatusCode::NOT_FOUND, name) })
    };
    let app = layered()
        .header(ResponseHeader::new("x-app", "1").always())
        .merge(Router::new().route("/plain", axum::routing::get(hello)))
        .merge(plain("merged"))
        .nest("/nested", plain("nested"))
        .into_router();
    for (path, answered) in [("/x", "merged"), ("/nested/x", "nested")] {
        let answer = fetch(&app, path).await;
        assert_eq!(answer.body, answered, "{path}");
        answer.has(&[("x-app", "1")]);
    }
}

#[tokio::test]
async fn the_built_in_404_has_what_is_always_on_the_outermost_layer() {
    let always = |name: &'static str| ResponseHeader::new(name, "1").always();
    let nested = layered()
        .header(always("x-nested"))
        .route("/leaf", get(hello));
    let app = layered()
        .header(always("x-app"))
        .header(("x-ordinary", "1"))
        .cache_control(CacheControl::NO_CACHE)
        .nest("/nested", nested)
        .into_router();
    for path in ["/nowhere", "/nested/nowhere"] {
        let answer = fetch(&app, path).await;
        assert_eq!(answer.status, 404);
        answer.has(&[("x-app", "1")]);
        answer.has_none(&["x-nested", "x-ordinary", "cache-control"]);
    }
    // Nested elsewhere, the outer router answers in its own name.
    let outer = Router::new().nest("/api", app);
    let answer = fetch(&outer, "/api/nowhere").await;
    assert_eq!(answer.status, 404);
    answer.has_none(&["x-app"]);
}

#[tokio::test]
async fn a_fallback_that_removes_what_is_always_goes_without() {
    let removing = layered()
        .remove_header("x-app")
        .fallback(problem::not_found);
    let app = layered()
        .header(ResponseHeader::new("x-app", "1").always())
        .nest("/nested", removing)
        .into_router();
    fetch(&app, "/nowhere").await.has(&[("x-app", "1")]);
    let answer = fetch(&app, "/nested/nowhere").await;
    assert_eq!(answer.status, 404);
    answer.has_none(&["x-app"]);
}

#[tokio::test]
async fn a_fallback_for_methods_has_what_is_always_and_the_request() {
    let app = layered()
        .header(ResponseHeader::new("x-app", "1").always())
        .route("/", get(hello))
        .method_not_allowed_fallback(problem::method_not_allowed)
        .into_router();
    let answer = ask(&app, "POST", "/", &[]).await;
    assert_eq!(answer.status, 405);
    answer.has(&[("x-app", "1"), ("content-type", "application/problem+json")]);
}
