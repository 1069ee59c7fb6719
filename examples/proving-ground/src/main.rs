//! Starts the proving ground: a small server that clients of other people judge.
//!
//! ```text
//! $ cargo run -p proving-ground -- --port 3001 --root .
//! $ curl -sN localhost:3001/sse | head -3
//! data: hello
//!
//! id: 1
//! $ curl -s 'localhost:3001/bg?id=me&size=10'; curl -s 'localhost:3001/bg/log?id=me'
//! ..........["handler","task-after-body"]
//! $ curl -s localhost:3001/pack/json | head -c 41
//! {"nothing":null,"booleans":[true,false],
//! $ curl -s -r 0-10 localhost:3001/Cargo.toml
//! [workspace]
//! $ curl -si localhost:3001/dl/euro | grep disposition
//! content-disposition: attachment; filename="_uro.txt"; filename*=UTF-8''%E2%82%ACuro.txt
//! $ curl -si localhost:3001/cookies | grep scoped
//! set-cookie: scoped=p; Path=/cookies; SameSite=Lax
//! $ curl -si -H 'if-none-match: "v1"' localhost:3001/cache/etag | head -1
//! HTTP/1.1 304 Not Modified
//! $ curl -s -X PUT --json '{"name":"mine"}' -H 'if-match: "1"' localhost:3001/items/2
//! {"id":2,"name":"mine","version":2}
//! ```
//!
//! It listens on the loopback interface alone. Browsers, curl, caches, and what Python and npm have
//! to offer can be pointed at it; nothing in it is written by hand that the library can say.

use std::error::Error;
use std::net::Ipv4Addr;
use std::path::PathBuf;
use std::time::Duration;

use axum::ServiceExt;
use axum::extract::Request;
use axum::serve::{Listener, ListenerExt};
use axum_responses::{BackgroundTracker, RequestContextLayer, Root, Shutdown};
use tokio::net::TcpListener;
use tower::Layer;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    tracing_subscriber::fmt::init();
    let Arguments { port, root } = Arguments::of(std::env::args().skip(1))?;

    let shutdown = Shutdown::on(async { drop(tokio::signal::ctrl_c().await) });
    let tracker = BackgroundTracker::new();
    let app = RequestContextLayer::new()
        .shutdown(shutdown.clone())
        .background_tracker(tracker.clone())
        .layer(proving_ground::app(Root::open(&root)?).await?);

    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))
        .await?
        .tap_io(|tcp| {
            if let Err(error) = tcp.set_nodelay(true) {
                tracing::warn!(%error, "TCP_NODELAY could not be set");
            }
        });
    let address = listener.local_addr()?;
    tracing::info!(root = %root.display(), "listening on http://{address}");
    axum::serve(listener, ServiceExt::<Request>::into_make_service(app))
        .with_graceful_shutdown(shutdown.fired())
        .await?;
    if let Err(left) = tracker.wait(Duration::from_secs(5)).await {
        tracing::warn!("{left}");
    }
    Ok(())
}

/// `--port P --root DIR`
struct Arguments {
    port: u16,
    /// The folder whose files are served.
    root: PathBuf,
}

impl Arguments {
    fn of(mut words: impl Iterator<Item = String>) -> Result<Self, Box<dyn Error>> {
        let mut arguments = Self {
            port: 3001,
            root: PathBuf::from("."),
        };
        while let Some(name) = words.next() {
            let value = words
                .next()
                .ok_or_else(|| format!("{name} lacks its value"))?;
            match name.as_str() {
                "--port" => arguments.port = value.parse()?,
                "--root" => arguments.root = value.into(),
                _ => return Err(format!("{name} is unknown: there are --port and --root").into()),
            }
        }
        Ok(arguments)
    }
}
