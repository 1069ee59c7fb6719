//! Every mistake is told by `build`, with its route and layer, all in one list.

use axum::Router;
use axum_layered::{
    CacheControl, ConfigErrors, Declare, ETag, Layered, Mistake, ResponseCookie, ResponseHeader,
    SameSite, SetCookie, any, get, post,
};
use axum_responses::Json;
use axum_responses::conditional::Contradiction;
use axum_responses::set_cookie::InvalidCookie;

use super::{hello, layered};

#[track_caller]
fn errors(layered: Layered) -> ConfigErrors {
    layered.build().unwrap_err()
}

/// The only mistake of a layer.
#[track_caller]
fn mistake(layered: Layered) -> Mistake {
    let errors = errors(layered);
    assert_eq!(errors.iter().len(), 1, "{errors}");
    errors.iter().next().unwrap().mistake().clone()
}

#[test]
fn what_cannot_be_sent_is_told() {
    let check = |layered: Layered, expected: Mistake| assert_eq!(mistake(layered), expected);
    let header = |name: &'static str, value: &'static str| layered().header((name, value));
    check(
        header("no token", "x"),
        Mistake::HeaderName("no token".to_owned()),
    );
    check(header("", "x"), Mistake::HeaderName(String::new()));
    check(
        layered().remove_header("ü"),
        Mistake::HeaderName("ü".to_owned()),
    );
    check(
        layered().header(ResponseHeader::documented("a:b")),
        Mistake::HeaderName("a:b".to_owned()),
    );
    for value in ["a\r\nset-cookie: b", "a\n", "a\0", "\u{7f}"] {
        check(header("x", value), Mistake::HeaderValue("x".to_owned()));
    }
    check(
        layered().cookie(SetCookie::new("a", "b").same_site(SameSite::None)),
        Mistake::Cookie("a".to_owned(), InvalidCookie::NotSecure),
    );
    check(
        layered().cookie(("__Host-a", "b")),
        Mistake::Cookie("__Host-a".to_owned(), InvalidCookie::NotSecure),
    );
    check(
        layered().cookie(("a b", "c")),
        Mistake::Cookie("a b".to_owned(), InvalidCookie::Name),
    );
}

#[test]
fn what_the_server_says_of_the_connection_is_not_declared() {
    for name in [
        "Connection",
        "Content-Length",
        "Keep-Alive",
        "Proxy-Connection",
        "TE",
        "Transfer-Encoding",
        "Upgrade",
    ] {
        let expected = Mistake::HeaderOfServer(name.to_ascii_lowercase());
        assert_eq!(mistake(layered().header((name, "5"))), expected);
        let appended = ResponseHeader::new(name, "5").append();
        assert_eq!(mistake(layered().header(appended)), expected);
        let documented = layered().header(ResponseHeader::documented(name));
        assert!(documented.remove_header("x").build().is_ok(), "{name}");
    }
}

#[test]
fn one_thing_declared_twice_on_a_layer_is_told() {
    let check = |layered: Layered, expected: Mistake| assert_eq!(mistake(layered), expected);
    let x = || Mistake::HeaderTwice("X-A".to_owned());
    check(layered().header(("x-a", "1")).header(("X-A", "2")), x());
    check(layered().header(("x-a", "1")).remove_header("X-A"), x());
    check(
        layered()
            .header(ResponseHeader::documented("x-a"))
            .header(("X-A", "2")),
        x(),
    );
    let a = || Mistake::CookieTwice("a".to_owned());
    check(layered().cookie(("a", "1")).cookie(("a", "2")), a());
    check(layered().remove_cookie("a").remove_cookie("a"), a());
    check(
        layered()
            .cookie(ResponseCookie::documented("a"))
            .cookie(ResponseCookie::documented("a")),
        a(),
    );
    let tag = || ETag::strong("v");
    let keep = |response| std::future::ready::<axum::response::Response>(response);
    let task = || axum_responses::background::BackgroundTask::new(async {});
    for (layered, what) in [
        (
            layered().no_cache_control().no_cache_control(),
            "cache-control",
        ),
        (
            layered()
                .cache_control(CacheControl::new().public())
                .cache_control_patch(CacheControl::new().private()),
            "cache-control",
        ),
        (layered().etag(tag()).no_etag(), "etag"),
        (layered().status(201).status(202), "status"),
        (
            layered()
                .method_status_codes(true)
                .method_status_codes(false),
            "method_status_codes",
        ),
        (
            layered().after_request(keep).after_request(keep),
            "after_request",
        ),
        (layered().background(task).background(task), "background"),
        (
            layered().response_class(Json(())).response_class(Json(())),
            "response_class",
        ),
        (
            layered().type_encoder(|_: &u8| "").type_encoder(|_: &u8| 1),
            "type_encoder of one type",
        ),
    ] {
        check(layered, Mistake::Twice(what));
    }
}

#[test]
fn what_may_stand_side_by_side_is_no_mistake() {
    let layered = layered()
        .header(ResponseHeader::new("link", "</a>").append())
        .header(ResponseHeader::new("link", "</b>").append())
        .remove_header("link")
        .header(("vary", "Accept"))
        .header(("vary", "Origin"))
        .cookie(("a", "1"))
        .cookie(SetCookie::new("a", "1").path("/other"))
        .cookie(ResponseCookie::documented("a"))
        .cookie(
            SetCookie::new("A", "1")
                .secure(true)
                .same_site(SameSite::None),
        )
        .type_encoder(|_: &u8| 1)
        .type_encoder(|_: &u16| 1)
        .route("/", get(hello).status(299));
    assert!(layered.build().is_ok());
}

#[test]
fn what_has_a_declaration_of_its_own_is_no_header() {
    let check = |layered: Layered, expected: Mistake| assert_eq!(mistake(layered), expected);
    check(
        layered().header(("Set-Cookie", "a=1")),
        Mistake::SetCookieHeader,
    );
    check(
        layered().remove_header("set-cookie"),
        Mistake::SetCookieHeader,
    );
    check(
        layered().header(("Cache-Control", "no-store")),
        Mistake::HeaderWithDeclaration("cache-control"),
    );
    check(
        layered().header(ResponseHeader::documented("ETag")),
        Mistake::HeaderWithDeclaration("etag"),
    );
}

#[test]
fn directives_that_exclude_each_other_are_told() {
    for (text, expected) in [
        ("public, private", Contradiction::PublicAndPrivate),
        ("private, s-maxage=1", Contradiction::PrivateAndShared),
        ("no-store, max-age=1", Contradiction::NothingStored),
    ] {
        let cache_control: CacheControl = text.parse().unwrap();
        assert_eq!(
            mistake(layered().cache_control(cache_control)),
            Mistake::CacheControl(expected),
            "{text}"
        );
    }
}

#[test]
fn only_a_status_of_success_can_be_declared() {
    for status in [0, 99, 100, 199, 300, 304, 404, 500, 600, 1000] {
        assert_eq!(mistake(layered().status(status)), Mistake::Status(status));
    }
}

#[test]
fn paths_that_axum_refuses_are_told_before_it_panics() {
    for (layered, said) in [
        (layered().route("a", get(hello)), "must begin with /"),
        (layered().route("", get(hello)), "must begin with /"),
        (layered().route("/:a", get(hello)), "colon"),
        (layered().route("/*a", get(hello)), "asterisk"),
        (layered().route("/{a", get(hello)), "/{a"),
        (layered().route("/{*a}/b", get(hello)), "/{*a}/b"),
        (layered().nest("a", layered()), "must begin with /"),
        (layered().nest("/", layered()), "use merge"),
        (layered().nest("/{*a}", layered()), "rest of a path"),
        (layered().mount("/", layered()), "use merge"),
    ] {
        let mistake = mistake(layered);
        assert!(matches!(mistake, Mistake::Path(_)), "{mistake:?}");
        assert!(mistake.to_string().contains(said), "{mistake}");
    }
}

#[test]
fn routes_that_overlap_are_told_before_axum_panics() {
    let one = |path: &str| layered().route(path, get(hello));
    let overlap = |other: &str| Mistake::Overlap(other.to_owned());
    for (layered, other) in [
        (one("/a").route("/a", get(hello)), "GET /a"),
        (one("/{a}").route("/{b}", get(hello)), "/{a}"),
        (one("/a/b").nest("/a", one("/b")), "GET /a/b"),
        (one("/a").nest("/a", one("/")), "GET /a"),
        (one("/a/b").mount("/a", one("/b")), "GET /a/b"),
        (one("/a").merge(one("/a")), "GET /a"),
        (
            one("/a").route("/a", axum::routing::get(hello).header(("x", "1"))),
            "GET /a",
        ),
        (
            one("/a").route(
                "/a",
                axum::routing::any(hello).get(hello).header(("x", "1")),
            ),
            "GET /a",
        ),
        (
            layered().route("/a", any(hello)).route("/a", any(hello)),
            "any /a",
        ),
        (
            layered().route("/a", get(hello).post(hello).get(hello)),
            "GET /a",
        ),
        (
            one("/a/{*rest}").nest_service("/a", axum::routing::get(hello)),
            "GET /a/{*rest}",
        ),
        (
            layered()
                .nest_service("/a", axum::routing::get(hello))
                .nest_service("/a", axum::routing::get(hello)),
            "/a",
        ),
        (one("/{*rest}").merge(one("/{*other}")), "/{*rest}"),
    ] {
        assert_eq!(mistake(layered), overlap(other));
    }
}

#[test]
fn routes_that_axum_can_tell_apart_stand_side_by_side() {
    let layered = layered()
        .route("/a", get(hello))
        .route("/a", post(hello))
        .route("/a", axum_layered::head(hello))
        .route("/a", any(hello))
        .route("/{a}", get(hello))
        .route("/a/b", get(hello))
        .nest("/a", Layered::new().route("/{b}", get(hello)))
        .mount("/a", Layered::new().route("/c", get(hello)));
    assert!(layered.build().is_ok());
}

#[test]
fn two_fallbacks_at_one_place_are_told() {
    let one = || layered().fallback(hello);
    assert_eq!(mistake(one().merge(one())), Mistake::TwoFallbacks);
    assert_eq!(
        mistake(layered().mount("/a", one())),
        Mistake::MountedFallback
    );
    assert!(one().nest("/a", one()).merge(layered()).build().is_ok());
}

#[test]
fn mistakes_below_a_path_name_both_routes_in_full() {
    let twice = |path: &str| layered().route(path, get(hello)).route(path, get(hello));
    for (layered, said) in [
        (
            layered().nest("/x", twice("/a b")),
            "GET /x/a b: a request to it would fit GET /x/a b as well",
        ),
        (
            layered().nest("/y", layered().mount("/x", twice("/"))),
            "GET /y/x: a request to it would fit GET /y/x as well",
        ),
        (
            layered().merge(twice("/a")),
            "GET /a: a request to it would fit GET /a as well",
        ),
        (
            layered().nest("/x", layered().nest("/{a}", layered().fallback(hello))),
            "/x/{a}: axum cannot tell its fallback from that of /x: a parameter is between the two",
        ),
    ] {
        let errors = errors(layered);
        let [error] = errors.iter().collect::<Vec<_>>()[..] else {
            panic!("{errors}")
        };
        assert_eq!(error.to_string(), said);
    }
}

#[test]
fn what_would_do_nothing_is_told() {
    let around_nothing = || layered().route_layer(tower::layer::util::Identity::new());
    assert_eq!(mistake(around_nothing()), Mistake::RouteLayerWithoutRoutes);
    assert_eq!(
        mistake(around_nothing().route("/", get(hello))),
        Mistake::RouteLayerWithoutRoutes
    );
    let at_root = layered().nest_service("/", axum::routing::get(hello));
    assert!(
        mistake(at_root)
            .to_string()
            .contains("use fallback_service")
    );
    #[cfg(feature = "openapi")]
    {
        let errors = errors(layered().routes(get(hello).post(hello)));
        assert_eq!(
            errors.to_string(),
            "1 mistake in the router:\n- GET POST: the endpoint has no document that would give it a path; use `route`"
        );
    }
}

#[test]
fn a_mistake_says_where_it_was_made() {
    let users = layered()
        .named("users")
        .header(("bad name", "x"))
        .route("/{id}", get(hello).header(("bad\nname", "x")));
    let errors = errors(layered().header(("", "x")).nest("/users", users));
    let where_made: Vec<_> = errors
        .iter()
        .map(|error| (error.route(), error.layer()))
        .collect();
    assert_eq!(
        where_made,
        [
            (None, Some("the router")),
            (None, Some("users")),
            (Some("GET /users/{id}"), None),
        ]
    );
}

#[test]
fn a_layer_is_told_once_however_many_routes_it_has() {
    let layered = layered().nest(
        "/a",
        Layered::new()
            .header(("no token", "x"))
            .route("/one", get(hello))
            .route("/two", get(hello)),
    );
    assert_eq!(mistake(layered), Mistake::HeaderName("no token".to_owned()));
}

#[test]
fn layers_without_routes_and_layers_without_a_place_are_told_too() {
    let bad = || layered().named("bad").header(("no token", "x"));
    let name = "bad: the header name \"no token\" is no token";
    let said = |layered: Layered| {
        let errors = errors(layered);
        errors.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    assert_eq!(said(layered().nest("/empty", bad())), [name]);
    assert_eq!(
        said(layered().nest("/a", layered().nest("/b", bad()))),
        [name]
    );
    assert_eq!(
        said(layered().nest("/", bad().route("/", get(hello).header(("x\n", ""))))),
        [
            "/, bad: nothing can be nested at \"/\"; use merge",
            name,
            "GET /: the header name \"x\\n\" is no token",
        ]
    );
}

#[test]
fn every_mistake_is_in_one_list() {
    let errors = Layered::<()>::new()
        .named("app")
        .header(("set-cookie", "a=b"))
        .cookie(SetCookie::new("a", "b").same_site(SameSite::None))
        .route("/{id}", get(hello).header(("x", "1")).header(("X", "2")))
        .route("/{id}", get(hello))
        .route("/{name}", get(hello))
        .nest("bad", Layered::new().named("nested").route("/", get(hello)))
        .cookie(ResponseCookie::documented("x"))
        .status(404)
        .build()
        .unwrap_err();
    let expected = "7 mistakes in the router:\n\
        - GET /{id}: a request to it would fit GET /{id} as well\n\
        - GET /{name}: a request to it would fit /{id} as well\n\
        - bad, nested: the path \"bad\" must begin with /\n\
        - app: `set-cookie` is declared as a header; use `cookie`\n\
        - app: the cookie `a`: the cookie needs Secure\n\
        - app: 404 is no status of success (200 to 299)\n\
        - GET /{id}: the header `X` is declared twice; `append` adds lines";
    assert_eq!(errors.to_string(), expected);
}

#[test]
#[should_panic(expected = "1 mistake in the router:\n- app: 404 is no status of success")]
fn into_router_panics_with_the_list() {
    let _: Router = layered().named("app").status(404).into_router();
}
