//! Bodies that are produced while they are sent: what goes out, what is not produced, and how they end.

mod bytes;
mod records;
mod wire;

use std::convert::Infallible;
use std::fmt::Debug;
use std::future::poll_fn;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};
use std::thread;
use std::time::{Duration, Instant};

use axum::body::{Body, Bytes};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{BoxError, Router};
use axum_responses::media_type::{CsvType, OctetStream, PlainText, TypedMedia};
use axum_responses::stream::IntoChunk;
use axum_responses::{Csv, JsonArray, MediaType, NdJson, Reply, Stream};
use futures_util::{StreamExt, stream};
use http::Method;
use http_body::Body as _;
use http_body_util::BodyExt;
use serde::{Serialize, Serializer};
use suite_support::{Answer, ask, get as request, read, request as any_request};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};

/// Counts, from wherever.
#[derive(Clone, Default)]
struct Counter(Arc<AtomicUsize>);

impl Counter {
    fn count(&self) -> usize {
        self.0.fetch_add(1, Ordering::SeqCst)
    }

    fn up(&self) {
        self.count();
    }

    fn get(&self) -> usize {
        self.0.load(Ordering::SeqCst)
    }

    /// Waits, generously, until there is something to count.
    async fn becomes(&self, wanted: usize) {
        let start = Instant::now();
        while self.get() < wanted {
            assert!(start.elapsed() < Duration::from_secs(5), "{}", self.get());
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        assert_eq!(self.get(), wanted);
    }
}

/// Counts when it is dropped.
struct Dropped(Counter);

impl Drop for Dropped {
    fn drop(&mut self) {
        self.0.count();
    }
}

/// A stream of these items that counts how often it is polled, and panics behind its end.
struct Polled<T> {
    items: std::vec::IntoIter<T>,
    polls: Counter,
    over: bool,
}

impl<T: Unpin> futures_util::Stream for Polled<T> {
    type Item = T;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<T>> {
        assert!(!self.over, "polled behind the end");
        self.polls.count();
        let item = self.items.next();
        self.over = item.is_none();
        Poll::Ready(item)
    }
}

fn polled<T>(items: impl Into<Vec<T>>, polls: &Counter) -> Polled<T> {
    Polled {
        items: items.into().into_iter(),
        polls: polls.clone(),
        over: false,
    }
}

/// The lengths of the frames that a body consists of.
async fn frames(response: Response) -> Vec<usize> {
    let mut body = response.into_body();
    let mut lengths = Vec::new();
    while let Some(frame) = body.frame().await {
        lengths.push(frame.unwrap().into_data().unwrap().len());
    }
    lengths
}

/// Serves on a loopback socket whose buffers are small.
async fn serve(app: Router) -> std::net::SocketAddr {
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_send_buffer_size(16 * 1024).unwrap();
    socket.bind(([127, 0, 0, 1], 0).into()).unwrap();
    let listener = socket.listen(16).unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, app).await });
    address
}

/// Sends a request on a connection of its own, whose buffers are small.
async fn send(address: std::net::SocketAddr, method: &str, path: &str) -> TcpStream {
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(16 * 1024).unwrap();
    let mut client = socket.connect(address).await.unwrap();
    let head = format!("{method} {path} HTTP/1.1\r\nhost: test\r\nconnection: close\r\n\r\n");
    client.write_all(head.as_bytes()).await.unwrap();
    client
}

/// Everything that comes until the server closes.
async fn receive(address: std::net::SocketAddr, method: &str, path: &str) -> String {
    let mut bytes = Vec::new();
    let mut client = send(address, method, path).await;
    // A connection that is cut may end in a reset.
    let _ = client.read_to_end(&mut bytes).await;
    String::from_utf8(bytes).unwrap()
}
