//! Which layer set what.

use axum_layered::{CacheControl, Declare, ETag, LayerETag, ResponseCookie, ResponseHeader, get};
use axum_responses::template::{Context, Escaping, Form, TemplateEngine};
use axum_responses::{BackgroundTask, Json};

use super::{hello, layered};

struct NoEngine;

impl TemplateEngine for NoEngine {
    fn render(&self, _: Form<'_>, _: Escaping, _: &dyn Context) -> Result<String, axum::BoxError> {
        Err("no engine".into())
    }
}

#[test]
fn each_route_tells_what_its_layers_say_closest_first() {
    let users = layered()
        .named("users")
        .header(("X-Layer", "users"))
        .remove_cookie("seen")
        .method_status_codes(true)
        .response_class(Json(()))
        .etag(LayerETag::computed(99))
        .route(
            "/{id}",
            get(hello)
                .post(hello)
                .header(ResponseHeader::documented("x-cost"))
                .cookie(ResponseCookie::documented("session"))
                .cache_control_patch(CacheControl::new().private())
                .background(|| BackgroundTask::new(async {})),
        );
    let built = layered()
        .named("app")
        .header(("x-layer", "app"))
        .header(ResponseHeader::new("x-policy", "strict").always())
        .cookie(("seen", "1"))
        .cache_control(CacheControl::new().public())
        .etag(ETag::strong("v"))
        .status(202)
        .template_engine(NoEngine)
        .background(|| BackgroundTask::new(async {}))
        .after_request(std::future::ready::<axum::response::Response>)
        .nest("/users", users)
        .fallback(hello)
        .build()
        .unwrap();
    let expected = "\
GET POST /users/{id}
  header x-cost documented (GET POST /users/{id})
  header x-layer: users (users)
  header x-policy: strict (app, always)
  cookie session documented (GET POST /users/{id})
  cookie seen removed (users)
  header cache-control: private (GET POST /users/{id})
  header etag: of the body (users)
  method_status_codes (users)
  after_request (app)
  background (GET POST /users/{id})
  template_engine (app)
  response_class application/json (users)
";
    let route = built.explain.path("/users/{id}").next().unwrap();
    assert_eq!(route.to_string(), expected);
    let always: Vec<_> = route
        .said()
        .iter()
        .filter(|said| said.is_always())
        .collect();
    assert_eq!(
        always.iter().map(|said| said.name()).collect::<Vec<_>>(),
        ["x-policy"]
    );
    let fallback = built.explain.iter().last().unwrap();
    assert_eq!(
        (fallback.path(), fallback.methods()),
        ("/", &["fallback".to_owned()][..])
    );
    let said = &fallback.said()[0];
    assert_eq!(
        (
            said.layer(),
            said.kind(),
            said.name(),
            said.value(),
            said.is_always()
        ),
        ("app", "header", "x-layer", Some("app"), false)
    );
}

#[test]
fn what_is_sent_with_errors_alone_is_told() {
    let built = layered()
        .named("app")
        .header(ResponseHeader::new("x", "app").always())
        .route("/", get(hello).header(("x", "own")))
        .build()
        .unwrap();
    assert_eq!(
        built.explain.to_string(),
        "GET /\n  header x: own (GET /)\n  header x: app (app, always)\n"
    );
}

#[test]
fn what_only_keeps_others_away_is_told_as_removed() {
    let built = layered()
        .named("app")
        .status(202)
        .route(
            "/removed",
            get(hello)
                .remove_header("x")
                .no_cache_control()
                .no_etag()
                .remove_cookie("c"),
        )
        .route("/empty", get(hello).cache_control(CacheControl::new()))
        .route(
            "/documented",
            get(hello)
                .cache_control_documented("by the hour")
                .etag(LayerETag::documented()),
        )
        .build()
        .unwrap();
    let told = |path: &str| -> Vec<(String, bool)> {
        let said = built.explain.path(path).flat_map(|route| route.said());
        said.map(|said| {
            assert_eq!(said.value(), None, "{said}");
            (
                format!("{} {}", said.kind(), said.name()),
                said.is_removed(),
            )
        })
        .collect()
    };
    let expected = |all: &[(&str, bool)]| -> Vec<(String, bool)> {
        let status = [("status 202", false)];
        let all = all.iter().chain(&status);
        all.map(|(what, removed)| ((*what).to_owned(), *removed))
            .collect()
    };
    assert_eq!(
        told("/removed"),
        expected(&[
            ("header x", true),
            ("cookie c", true),
            ("header cache-control", true),
            ("header etag", true)
        ])
    );
    assert_eq!(told("/empty"), expected(&[("header cache-control", true)]));
    assert_eq!(
        told("/documented"),
        expected(&[("header cache-control", false), ("header etag", false)])
    );
}
