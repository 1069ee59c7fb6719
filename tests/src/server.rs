//! A server on a real socket, and clients of both versions of HTTP.

use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use axum::response::Response;
use axum::serve::ListenerExt;
use bytes::Bytes;
use http_body_util::Empty;
use hyper::body::Incoming;
use hyper::client::conn::{http1, http2};
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tower::Service;

use crate::{Answer, read};

/// The version of HTTP that a client speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Version {
    /// HTTP/1.1
    Http1,
    /// HTTP/2, by prior knowledge
    Http2,
}

/// Both of them.
pub const BOTH: [Version; 2] = [Version::Http1, Version::Http2];

/// `axum::serve` on a free port of the loopback address.
#[derive(Debug)]
pub struct Server {
    /// Where it listens.
    pub address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    running: JoinHandle<std::io::Result<()>>,
}

impl Server {
    /// Serves this router.
    ///
    /// # Panics
    /// When there is no port.
    pub async fn start(router: Router) -> Self {
        Self::start_service(router).await
    }

    /// Serves a router with something around it.
    ///
    /// # Panics
    /// When there is no port.
    pub async fn start_service<S>(service: S) -> Self
    where
        S: Service<Request, Response = Response, Error = std::convert::Infallible, Future: Send>
            + Clone
            + Send
            + Sync
            + 'static,
    {
        let listener = match TcpListener::bind("127.0.0.1:0").await {
            Ok(listener) => listener,
            Err(error) => panic!("no port: {error}"),
        };
        let address = match listener.local_addr() {
            Ok(address) => address,
            Err(error) => panic!("no address: {error}"),
        };
        let listener = listener.tap_io(|io| {
            let _ = io.set_nodelay(true);
        });
        let (stop, stopped) = oneshot::channel();
        let make = axum::ServiceExt::<Request>::into_make_service(service);
        let running = tokio::spawn(async move {
            axum::serve(listener, make)
                .with_graceful_shutdown(async { drop(stopped.await) })
                .await
        });
        Self {
            address,
            stop: Some(stop),
            running,
        }
    }

    /// A connection that nothing was sent on.
    ///
    /// # Panics
    /// When it is refused.
    pub async fn connect(&self) -> TcpStream {
        connect(self.address).await
    }

    /// Sends a request on a connection of its own; the head of the answer, and its body as it comes.
    ///
    /// # Panics
    /// When there is no answer.
    pub async fn send(
        &self,
        version: Version,
        request: http::Request<()>,
    ) -> http::Response<Incoming> {
        match send_to(self.address, version, request).await {
            Ok(answer) => answer,
            Err(error) => panic!("no answer over {version:?}: {error}"),
        }
    }

    /// Sends a request and reads the answer to its end.
    ///
    /// # Panics
    /// When there is no answer, or path or headers are impossible.
    pub async fn ask(
        &self,
        version: Version,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
    ) -> Answer {
        match ask_at(self.address, version, method, path, headers).await {
            Ok(answer) => answer,
            Err(error) => panic!("no answer over {version:?}: {error}"),
        }
    }

    /// Asks it to stop, and waits until it has.
    ///
    /// # Panics
    /// When it does not within `patience`.
    pub async fn stop(mut self, patience: Duration) {
        drop(self.stop.take());
        match tokio::time::timeout(patience, &mut self.running).await {
            Ok(_) => {}
            Err(_) => panic!("the server did not stop within {patience:?}"),
        }
    }
}

async fn connect(address: SocketAddr) -> TcpStream {
    match TcpStream::connect(address).await {
        Ok(stream) => stream,
        Err(error) => panic!("{address} refuses: {error}"),
    }
}

async fn send_to(
    address: SocketAddr,
    version: Version,
    request: http::Request<()>,
) -> hyper::Result<http::Response<Incoming>> {
    let io = TokioIo::new(connect(address).await);
    let (mut parts, ()) = request.into_parts();
    if version == Version::Http2 {
        let authority = format!("http://{address}{}", parts.uri);
        parts.uri = authority.parse().unwrap_or(parts.uri);
    } else {
        let host = address.to_string().parse();
        if let Ok(host) = host {
            parts.headers.insert(http::header::HOST, host);
        }
    }
    let request = http::Request::from_parts(parts, Empty::<Bytes>::new());
    match version {
        Version::Http1 => match http1::handshake(io).await {
            Ok((mut sender, connection)) => {
                tokio::spawn(connection);
                sender.send_request(request).await
            }
            Err(error) => Err(error),
        },
        Version::Http2 => match http2::handshake(TokioExecutor::new(), io).await {
            Ok((mut sender, connection)) => {
                tokio::spawn(connection);
                sender.send_request(request).await
            }
            Err(error) => Err(error),
        },
    }
}

/// As [`Server::ask`], of a server that somebody else wrote and that may not answer at all.
///
/// # Errors
/// When there is no answer.
///
/// # Panics
/// When the connection is refused, or path or headers are impossible.
pub async fn ask_at(
    address: SocketAddr,
    version: Version,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
) -> hyper::Result<Answer> {
    let mut request = http::Request::builder().method(method).uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    match request.body(()) {
        Ok(request) => Ok(read(send_to(address, version, request).await?).await),
        Err(error) => panic!("{method} {path}: {error}"),
    }
}
