//! Services and layers of tower, put in with axum's words.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use axum::response::{IntoResponse, Response};
use axum_layered::{Declare, Layered, get};

use super::fetch;

async fn hello() -> &'static str {
    "hello"
}

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
    let overlap = Layered::<()>::new()
        .nest_service("/a", service)
        .route("/a/{*rest}", get(hello))
        .build()
        .unwrap_err();
    assert_eq!(overlap.iter().len(), 1);
}
