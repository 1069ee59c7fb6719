//! Which layer set what.

use axum_layered::{CacheControl, Declare, ETag, LayerETag, ResponseCookie, ResponseHeader, get};

use super::{hello, layered};

#[test]
fn each_route_tells_what_its_layers_say_closest_first() {
    let users = layered()
        .named("users")
        .header(("X-Layer", "users"))
        .remove_cookie("seen")
        .etag(LayerETag::computed(99))
        .route(
            "/{id}",
            get(hello)
                .post(hello)
                .header(ResponseHeader::documented("x-cost"))
                .cookie(ResponseCookie::documented("session"))
                .cache_control_patch(CacheControl::new().private()),
        );
    let built = layered()
        .named("app")
        .header(("x-layer", "app"))
        .header(ResponseHeader::new("x-policy", "strict").always())
        .cookie(("seen", "1"))
        .cache_control(CacheControl::new().public())
        .etag(ETag::strong("v"))
        .after_request(std::future::ready::<axum::response::Response>)
        .nest("/users", users)
        .fallback(hello)
        .build()
        .unwrap();
    let expected = "\
GET POST /users/{id}
  header x-cost not sent (GET POST /users/{id})
  header x-layer: users (users)
  header x-policy: strict (app, always)
  cookie session not sent (GET POST /users/{id})
  cookie seen not sent (users)
  header cache-control: private (GET POST /users/{id})
  header etag: of the body (users)
  after_request hook (app)
";
    let route = built.explain.path("/users/{id}").next().unwrap();
    assert_eq!(route.to_string(), expected);
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
