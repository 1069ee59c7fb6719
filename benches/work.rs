//! Sending the requests.

use std::hint::black_box;
use std::io::{Read, Write};
use std::time::{Duration, Instant};

use std::convert::Infallible;

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Request, Uri};
use axum::response::Response;
use axum::serve::ListenerExt;
use http_body_util::BodyExt;
use hyper::server::conn::http1;
use hyper_util::rt::TokioIo;
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tower::{Service, ServiceExt};

use crate::routes::app;

/// What a browser sends along.
const HEADERS: [(&str, &str); 10] = [
    ("host", "example.com"),
    (
        "user-agent",
        "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
    ),
    (
        "accept",
        "text/html;q=0.7, application/x-msgpack, application/json;q=0.9, */*;q=0.1",
    ),
    ("accept-language", "en-US,en;q=0.5"),
    ("accept-encoding", "gzip, deflate, br, zstd"),
    ("cookie", "session=0123456789abcdef"),
    ("referer", "https://example.com/"),
    ("sec-fetch-mode", "navigate"),
    ("sec-fetch-site", "same-origin"),
    ("upgrade-insecure-requests", "1"),
];

/// A router, or a router with something around it.
pub trait App:
    Service<Request<Body>, Response = Response, Error = Infallible, Future: Send>
    + Clone
    + Send
    + 'static
{
}

impl<S> App for S where
    S: Service<Request<Body>, Response = Response, Error = Infallible, Future: Send>
        + Clone
        + Send
        + 'static
{
}

/// Asks the application `requests` times, and reads each answer to its end. In the mode
/// `browser` the request has the ten headers of one, in `tasks` what was spawned has its turn.
///
/// # Panics
/// When it answers anything but 200.
pub async fn in_process(app: &impl App, path: &str, requests: u64, mode: &str) {
    let head: Bytes = HEADERS
        .iter()
        .flat_map(|(_, value)| value.bytes())
        .collect();
    let Ok(uri) = path.parse::<Uri>() else {
        panic!("{path} is no path")
    };
    for number in 0..requests {
        let mut request = Request::new(Body::empty());
        *request.uri_mut() = uri.clone();
        *request.headers_mut() = if mode == "browser" {
            headers(&head)
        } else {
            HeaderMap::new()
        };
        let response = match app.clone().oneshot(request).await {
            Ok(response) => response,
            Err(never) => match never {},
        };
        assert_eq!(response.status(), 200, "{path}");
        let mut body = response.into_body();
        while let Some(frame) = body.frame().await {
            black_box(frame.is_ok());
        }
        drop(body);
        // Tasks have their turn soon, as on a server that is not overloaded.
        if mode == "tasks" && number % 4 == 0 {
            tokio::task::yield_now().await;
        }
    }
}

/// As hyper makes them: slices of one shared head.
fn headers(head: &Bytes) -> HeaderMap {
    let mut headers = HeaderMap::new();
    let mut start = 0;
    for (name, value) in HEADERS {
        let value = head.slice(start..start + value.len());
        start += value.len();
        if let Ok(value) = HeaderValue::from_maybe_shared(value) {
            headers.insert(HeaderName::from_static(name), value);
        }
    }
    headers
}

/// The same through hyper, over a pipe in memory.
///
/// # Panics
/// When the connection breaks.
pub async fn over_http1(app: impl App, path: &str, requests: u64) {
    let (mut client, server) = tokio::io::duplex(64 * 1024);
    let service = TowerToHyperService::new(
        app.map_request(|request: Request<hyper::body::Incoming>| request.map(Body::new)),
    );
    let connection =
        tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(server), service));
    let mut request = format!("GET {path} HTTP/1.1\r\n");
    for (name, value) in HEADERS {
        request.push_str(&format!("{name}: {value}\r\n"));
    }
    request.push_str("\r\n");
    let mut buffer = [0; 4096];
    for _ in 0..requests {
        let Ok(()) = client.write_all(request.as_bytes()).await else {
            panic!("{path}: not written")
        };
        let Ok(read @ 1..) = client.read(&mut buffer).await else {
            panic!("{path}: not answered")
        };
        assert!(buffer[..read].starts_with(b"HTTP/1.1 200"), "{path}");
    }
    drop(client);
    let _ = connection.await;
}

/// Answers per second over one kept-alive connection, for about `time`. The server has a thread of its own.
///
/// # Errors
/// When the socket breaks.
pub fn answers_per_second(path: &'static str, time: Duration) -> std::io::Result<f64> {
    let listener = std::net::TcpListener::bind("127.0.0.1:0")?;
    listener.set_nonblocking(true)?;
    let address = listener.local_addr()?;
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let server = std::thread::spawn(move || -> std::io::Result<()> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        runtime.block_on(async {
            let listener = tokio::net::TcpListener::from_std(listener)?.tap_io(|io| {
                let _ = io.set_nodelay(true);
            });
            tokio::select! {
                served = axum::serve(listener, app()) => served,
                _ = stopped => Ok(()),
            }
        })
    });
    let mut client = std::net::TcpStream::connect(address)?;
    let request = format!("GET {path} HTTP/1.1\r\nhost: x\r\n\r\n");
    let mut buffer = vec![0; 256 * 1024];
    let mut answers = 0_u32;
    let started = Instant::now();
    while started.elapsed() < time {
        client.write_all(request.as_bytes())?;
        // RFC 9112 §7.1: the last chunk has no content. Nothing that is sent here looks like it.
        loop {
            let read = client.read(&mut buffer)?;
            if buffer[..read].ends_with(b"\r\n0\r\n\r\n") || buffer[..read] == b"0\r\n\r\n"[..] {
                break;
            }
            if read == 0 {
                return Err(std::io::ErrorKind::UnexpectedEof.into());
            }
        }
        answers += 1;
    }
    let per_second = f64::from(answers) / started.elapsed().as_secs_f64();
    drop(client);
    drop(stop);
    server
        .join()
        .map_err(|_| std::io::Error::other("the server panicked"))??;
    Ok(per_second)
}
