//! The same four layers in actix-web, each with a `DefaultHeaders` of its own.
//!
//! It sends less than ours does: of the four cookies one alone, as the middleware adds a name that is not there yet.

use actix_web::body::to_bytes;
use actix_web::dev::Service;
use actix_web::middleware::DefaultHeaders;
use actix_web::{App, test, web};

async fn handler() -> &'static str {
    "hello"
}

fn level(name: &str) -> DefaultHeaders {
    DefaultHeaders::new()
        .add((format!("x-{name}-one"), "1"))
        .add((format!("x-{name}-two"), "2"))
        .add(("set-cookie", format!("{name}=1; Path=/; SameSite=Lax")))
        .add(("cache-control", "public, must-revalidate"))
        .add(("etag", format!("\"{name}\"")))
}

/// Asks the application `requests` times, and reads each answer to its end.
///
/// # Panics
/// When it answers anything but 200.
pub async fn in_actix(path: &str, requests: u64) {
    let leaf = web::resource("/handler").wrap(level("handler"));
    let controller = web::scope("/controller").wrap(level("controller"));
    let router = web::scope("/actix").wrap(level("router"));
    let app = App::new()
        .wrap(level("app"))
        .service(router.service(controller.service(leaf.to(handler))));
    let app = test::init_service(app).await;
    for _ in 0..requests {
        let request = test::TestRequest::with_uri(path).to_request();
        let response = match app.call(request).await {
            Ok(response) => response,
            Err(error) => panic!("{path}: {error}"),
        };
        assert_eq!(response.status(), 200, "{path}");
        std::hint::black_box(to_bytes(response.into_body()).await.is_ok());
    }
}
