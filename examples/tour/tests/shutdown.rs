//! What never ends by itself ends with the server.

use std::time::Duration;

use axum::body::{Body, BodyDataStream};
use axum::http::Request;
use axum_responses::{RequestContextLayer, Shutdown};
use futures_util::{StreamExt, TryStreamExt};
use tokio::time::timeout;
use tower::{Layer, ServiceExt};

const PATIENCE: Duration = Duration::from_secs(10);

async fn get(path: &str, shutdown: &Shutdown) -> BodyDataStream {
    let folder = tour::Folder::write().expect("a folder");
    let app = RequestContextLayer::new()
        .shutdown(shutdown.clone())
        .layer(tour::app(folder).await.expect("a database"));
    let request = Request::get(path).body(Body::empty()).expect(path);
    match app.oneshot(request).await {
        Ok(response) => response.into_body().into_data_stream(),
        Err(never) => match never {},
    }
}

#[tokio::test]
async fn endless_bodies_end_with_the_server() {
    for path in ["/stream/endless", "/sse/endless"] {
        let shutdown = Shutdown::new();
        let mut body = get(path, &shutdown).await;
        let first = timeout(PATIENCE, body.next()).await.expect(path);
        assert!(first.is_some_and(|first| first.is_ok()), "{path}");
        shutdown.fire();
        let rest = timeout(PATIENCE, body.try_collect::<Vec<_>>()).await;
        assert!(rest.expect(path).is_ok(), "{path}");
    }
}
