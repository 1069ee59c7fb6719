//! Services and layers of tower, put in with axum's words.

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use axum::middleware::map_response;
use axum::response::{IntoResponse, Response};
use axum::routing::{self, MethodRouter};
use axum_layered::{Declare, Layered, ResponseHeader, any, get};

use super::{ask, fetch, hello, layered};

#[tokio::test]
async fn services_and_layers_of_tower_go_in() {
    let service = tower::service_fn(|_: Request<Body>| async {
        Ok::<_, std::convert::Infallible>(
            (StatusCode::NON_AUTHORITATIVE_INFORMATION, "service").into_response(),
        )
    });
    let mapped = axum::middleware::map_response(|response: Response| async {
        ([("x-mapped", "1")], response)
    });
    let app = Layered::<()>::new()
        .header(("x", "1"))
        .route("/own", get(hello).layer(mapped.clone()))
        .route("/routed", get(hello))
        .route_layer(mapped)
        .nest_service("/service", service)
        .fallback_service(service)
        .into_router();
    for (path, status, mapped) in [
        ("/own", 200, true),
        ("/routed", 200, true),
        ("/service/deep", 203, false),
        ("/none", 203, false),
    ] {
        let answer = fetch(&app, path).await;
        assert_eq!(
            (answer.status.as_u16(), answer.lines("x").len()),
            (status, 1),
            "{path}"
        );
        assert_eq!(!answer.lines("x-mapped").is_empty(), mapped, "{path}");
    }
    let built = layered()
        .header(("x", "1"))
        .nest_service("/service", service);
    let told = built.build().unwrap().explain.to_string();
    assert_eq!(told, "/service\n  header x: 1 (the router)\n");
    let overlap = Layered::<()>::new()
        .nest_service("/a", service)
        .route("/a/{*rest}", get(hello))
        .build()
        .unwrap_err();
    assert_eq!(overlap.iter().len(), 1);
}

#[tokio::test]
async fn a_route_layer_is_around_what_fits_a_path() {
    let marks = map_response(async |mut response: Response| {
        response
            .headers_mut()
            .insert("x-mark", "1".parse().unwrap());
        response
    });
    let ours = || {
        layered()
            .route("/one", get(hello))
            .route("/any", any(hello))
            .route("/empty", MethodRouter::new())
            .nest("/nested", layered().route("/", get(hello)))
            .mount("/mounted", layered().route("/", get(hello)))
    };
    let axums = Router::new()
        .route("/one", routing::get(hello))
        .route("/any", routing::any(hello))
        .route("/empty", MethodRouter::new())
        .nest("/nested", Router::new().route("/", routing::get(hello)))
        .route("/mounted", routing::get(hello))
        .route_layer(marks.clone());
    let ours = ours().route_layer(marks).into_router();
    for path in ["/one", "/any", "/empty", "/nested", "/mounted", "/nowhere"] {
        for method in ["GET", "POST"] {
            let (ours, axums) = (
                ask(&ours, method, path, &[]).await,
                ask(&axums, method, path, &[]).await,
            );
            assert_eq!(ours.status, axums.status, "{method} {path}");
            assert_eq!(ours.line("x-mark"), axums.line("x-mark"), "{method} {path}");
        }
    }
}

#[tokio::test]
async fn a_fallback_for_methods_leaves_paths_and_other_fallbacks_alone() {
    async fn path(uri: axum::http::Uri) -> String {
        uri.path().to_owned()
    }
    let own = async || (StatusCode::NOT_FOUND, "own");
    let inner = layered()
        .header(ResponseHeader::new("x-policy", "1").always())
        .route("/leaf", get(path))
        .route("/axums", routing::get(path).fallback(async || "its own"))
        .method_not_allowed_fallback(own)
        .route("/later", get(path));
    let app = layered().mount("/mounted", inner).into_router();
    for (method, path, status, body) in [
        ("GET", "/mounted/leaf", 200, "/mounted/leaf"),
        ("POST", "/mounted/leaf", 404, "own"),
        ("POST", "/mounted/axums", 200, "its own"),
        ("POST", "/mounted/later", 405, ""),
    ] {
        let answer = ask(&app, method, path, &[]).await;
        assert_eq!(
            (answer.status.as_u16(), answer.body.as_str()),
            (status, body),
            "{method} {path}"
        );
        answer.has(&[("x-policy", "1")]);
    }
}
