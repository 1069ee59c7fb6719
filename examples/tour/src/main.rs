//! Starts the tour on 127.0.0.1:3000, or on `$PORT`.
//!
//! ```text
//! $ cargo run -p tour
//! $ curl -i localhost:3000/responses/json
//! HTTP/1.1 200 OK
//! content-type: application/json
//! content-length: 29
//!
//! {"id":1,"name":"my resource"}
//!
//! $ curl -si localhost:3000/layers/headers/router-path/controller-path/inherit | grep level
//! controller-level-header: controller header
//! router-level-header: router header
//! app-level-header: app header
//! $ curl -si -H 'if-none-match: "foo"' localhost:3000/layers/etag/chance_of_rain | head -1
//! HTTP/1.1 304 Not Modified
//! $ curl -si localhost:3000/redirect/query | grep location
//! location: /other-path?a=1&b=x&b=y+z&%C3%BC=%C3%A4%26%3D
//! $ curl -s -H 'accept: text/plain' localhost:3000/responses/negotiate-data
//! 1: my resource
//! $ curl -s -r -4 localhost:3000/files/digits
//! 6789
//! $ curl -si localhost:3000/files/named?filename=%E2%82%AC.txt | grep disposition
//! content-disposition: attachment; filename="_.txt"; filename*=UTF-8''%E2%82%AC.txt
//! $ curl -s -X PUT --json '{"text":"mine"}' localhost:3000/conditional/document
//! {"type":"urn:problem-type:precondition-required","title":"Precondition required", ...
//! $ curl -s localhost:3000/stream/ndjson?count=2
//! {"id":"p01","name":"Person 01"}
//! {"id":"p02","name":"Person 02"}
//! $ curl -s localhost:3000/background/one; curl -s localhost:3000/background/log
//! {"hello":"you"}["greeter: was called with name you"]
//! $ curl -s 'localhost:3000/pagination/classic-sql?page_size=1&current_page=2'
//! {"items":[{"id":"p02","name":"Person 02"}],"page_size":1,"current_page":2,"total_pages":50}
//! $ curl -s 'localhost:3000/pagination/cursor-sql?sort=age' | grep -o '"detail":"[^"]*"'
//! "detail":"The query parameter `sort` must be one of `id`, `name`, `-name`."
//! ```
//!
//! <http://localhost:3000/> lists all routes, <http://localhost:3000/docs/> tries them.

use std::error::Error;
use std::time::Duration;

use axum::ServiceExt;
use axum::extract::Request;
use axum::serve::{Listener, ListenerExt};
use axum_responses::{BackgroundTracker, RequestContextLayer, Shutdown};
use tokio::net::TcpListener;
use tokio::signal;
use tokio::time::sleep;
use tower::Layer;

/// How long connections and background tasks may go on once the signal was given.
const GRACE: Duration = Duration::from_secs(5);

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    tracing_subscriber::fmt::init();
    let port = match std::env::var("PORT") {
        Ok(port) => port.parse()?,
        Err(_) => 3000,
    };

    let shutdown = Shutdown::on(told_to_stop());
    let tracker = BackgroundTracker::new();
    let app = RequestContextLayer::new()
        .shutdown(shutdown.clone())
        .background_tracker(tracker.clone())
        .layer(tour::app(tour::Folder::write()?).await?);

    let listener = TcpListener::bind(("127.0.0.1", port)).await?.tap_io(|tcp| {
        if let Err(error) = tcp.set_nodelay(true) {
            tracing::warn!(%error, "TCP_NODELAY could not be set");
        }
    });
    tracing::info!("listening on http://{}", listener.local_addr()?);
    let served = axum::serve(listener, ServiceExt::<Request>::into_make_service(app))
        .with_graceful_shutdown(shutdown.fired());
    tokio::select! {
        served = served => served?,
        () = async { shutdown.fired().await; sleep(GRACE).await } => {
            tracing::warn!("some connections did not end in time");
        }
    }
    if let Err(left) = tracker.wait(GRACE).await {
        tracing::warn!("{left}");
    }
    Ok(())
}

/// Ends with ctrl-c or SIGTERM.
async fn told_to_stop() {
    let interrupted = async { drop(signal::ctrl_c().await) };
    #[cfg(unix)]
    let terminated = async {
        match signal::unix::signal(signal::unix::SignalKind::terminate()) {
            Ok(mut terminate) => drop(terminate.recv().await),
            Err(error) => {
                tracing::warn!(%error, "SIGTERM is not listened to");
                std::future::pending().await
            }
        }
    };
    #[cfg(not(unix))]
    let terminated = std::future::pending();
    tokio::select! {
        () = interrupted => {}
        () = terminated => {}
    }
}
