//! Work for after the response: exactly once, not before the last byte, whatever became of the client.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::http::StatusCode;
use axum::routing::get;
use axum_responses::background::{Outcome, StillRunning};
use axum_responses::sse::Event;
use axum_responses::{
    BackgroundTask, BackgroundTasks, BackgroundTracker, Content, Redirect, Reply,
    RequestContextLayer, ServerSentEvent, Shutdown, Stream, Text, with_context,
};
use bytes::Bytes;
use http_body_util::BodyExt;
use suite_support::{BOTH, Server, Version, ask, get as request_for, request};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tower::Layer;

/// More than all buffers between us and a client that does not read.
const LARGE: usize = 32 << 20;
const PIECE: usize = 64 * 1024;

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<String>>>);

impl Log {
    fn add(&self, line: impl Into<String>) {
        self.0.lock().unwrap().push(line.into());
    }

    fn lines(&self) -> Vec<String> {
        self.0.lock().unwrap().clone()
    }

    /// The lines, once there are so many, and no more some time later.
    async fn settled(&self, count: usize) -> Vec<String> {
        for _ in 0..500 {
            if self.lines().len() >= count {
                tokio::time::sleep(Duration::from_millis(30)).await;
                break;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        self.lines()
    }

    fn task(&self) -> BackgroundTask {
        let log = self.clone();
        BackgroundTask::told(move |outcome| async move { log.add(format!("{outcome:?}")) })
    }
}

/// One response of every kind, each with a task that logs how it ended.
fn app(log: &Log) -> Router {
    let route = |log: &Log| {
        let log = log.clone();
        move || {
            let log = log.clone();
            async move { Reply::<_>::new(Text("hello")).background(log.task()) }
        }
    };
    let with = |log: &Log, status: u16| {
        let log = log.clone();
        move || async move {
            let status = StatusCode::from_u16(status).unwrap();
            Reply::<_>::new(Text("dropped"))
                .status(status)
                .background(log.task())
        }
    };
    let (redirect, large, stream, slow, fails) = (
        log.clone(),
        log.clone(),
        log.clone(),
        log.clone(),
        log.clone(),
    );
    Router::new()
        .route("/small", get(route(log)))
        .route("/wrapped", get(with_context(route(log))))
        .route("/empty", get(with(log, 200)))
        .route("/204", get(with(log, 204)))
        .route("/304", get(with(log, 304)))
        .route(
            "/redirect",
            get(async move || Reply::<_>::new(Redirect::to("/")).background(redirect.task())),
        )
        .route(
            "/large",
            get(async move || {
                let content =
                    Content::<axum_responses::media_type::OctetStream>::new(vec![b'x'; LARGE]);
                Reply::<_>::new(content).background(large.task())
            }),
        )
        .route(
            "/stream",
            get(async move || {
                let pieces = (0..LARGE / PIECE).map(|_| Bytes::from_static(&[b'x'; PIECE]));
                Reply::<Stream>::new(Stream::iter(pieces)).background(stream.task())
            }),
        )
        .route(
            "/slow",
            get(async move || {
                let pieces = async_stream::stream! {
                    loop {
                        yield "piece";
                        tokio::time::sleep(Duration::from_millis(10)).await;
                    }
                };
                Reply::<Stream>::new(Stream::new(pieces)).background(slow.task())
            }),
        )
        .route(
            "/fails",
            get(async move || {
                let pieces = [Ok("first"), Err("on purpose")];
                Reply::<Stream>::new(Stream::iter(pieces)).background(fails.task())
            }),
        )
}

#[tokio::test]
async fn it_runs_once_when_the_last_byte_was_handed_over() {
    for around in [false, true] {
        let log = Log::default();
        let server = if around {
            Server::start_service(RequestContextLayer::new().layer(app(&log))).await
        } else {
            Server::start(app(&log)).await
        };
        for version in BOTH {
            for path in [
                "/small",
                "/wrapped",
                "/204",
                "/304",
                "/redirect",
                "/large",
                "/stream",
            ] {
                for method in ["GET", "HEAD"] {
                    let answer = server.ask(version, method, path, &[]).await;
                    assert!(answer.complete);
                    let lines = log.settled(1).await;
                    assert_eq!(
                        lines,
                        ["Completed"],
                        "{version:?} {method} {path}, context around it: {around}"
                    );
                    log.0.lock().unwrap().clear();
                }
            }
        }
    }
}

#[tokio::test]
async fn it_does_not_run_before_a_slow_client_has_come_to_the_end() {
    let log = Log::default();
    let server = Server::start_service(RequestContextLayer::new().layer(app(&log))).await;
    for version in BOTH {
        for path in ["/large", "/stream"] {
            let request = http::Request::get(path).body(()).unwrap();
            let mut response = server.send(version, request).await;
            let first = response
                .body_mut()
                .frame()
                .await
                .unwrap()
                .unwrap()
                .into_data()
                .unwrap();
            tokio::time::sleep(Duration::from_millis(200)).await;
            assert!(
                log.lines().is_empty(),
                "{version:?} {path}: it ran while the client was reading"
            );
            let rest = response.into_body().collect().await.unwrap().to_bytes();
            assert_eq!(first.len() + rest.len(), LARGE);
            assert_eq!(log.settled(1).await, ["Completed"], "{version:?} {path}");
            log.0.lock().unwrap().clear();
        }
    }
}

#[tokio::test]
async fn a_client_that_leaves_early_is_told_of() {
    let log = Log::default();
    let server = Server::start_service(RequestContextLayer::new().layer(app(&log))).await;
    for version in BOTH {
        for path in ["/large", "/stream", "/slow"] {
            let request = http::Request::get(path).body(()).unwrap();
            let mut response = server.send(version, request).await;
            response.body_mut().frame().await.unwrap().unwrap();
            drop(response); // FIN, or RST_STREAM
            assert_eq!(log.settled(1).await, ["Aborted"], "{version:?} {path}");
            log.0.lock().unwrap().clear();
        }
    }
    for path in ["/large", "/slow"] {
        let mut client = server.connect().await;
        client
            .write_all(format!("GET {path} HTTP/1.1\r\nhost: x\r\n\r\n").as_bytes())
            .await
            .unwrap();
        client.read_exact(&mut [0; 20]).await.unwrap();
        client.set_zero_linger().unwrap();
        drop(client); // RST
        assert_eq!(log.settled(1).await, ["Aborted"], "{path}");
        log.0.lock().unwrap().clear();
    }
}

#[tokio::test]
async fn a_body_that_fails_is_aborted() {
    let log = Log::default();
    let server = Server::start(app(&log)).await;
    for version in BOTH {
        assert!(!server.ask(version, "GET", "/fails", &[]).await.complete);
        assert_eq!(log.settled(1).await, ["Aborted"]);
        log.0.lock().unwrap().clear();
    }
}

#[tokio::test]
async fn a_task_may_be_for_completed_responses_alone() {
    let log = Log::default();
    let (always, completed) = (log.clone(), log.clone());
    let app = Router::new().route(
        "/",
        get(async move || {
            let both = BackgroundTasks::new([completed.task().unless_aborted(), always.task()]);
            Reply::<_>::new(Text("hello")).background(both)
        }),
    );
    drop(tower::ServiceExt::oneshot(app.clone(), request_for("/", &[])).await);
    assert_eq!(
        log.settled(2).await.len(),
        2,
        "without a context an unpolled body counts as complete"
    );
    log.0.lock().unwrap().clear();
    let app = RequestContextLayer::new().layer(app);
    drop(tower::ServiceExt::oneshot(app, request_for("/", &[])).await);
    assert_eq!(log.settled(1).await, ["Aborted"]);
}

#[tokio::test]
async fn one_that_fails_or_panics_does_not_stop_the_next() {
    let log = Log::default();
    let task = |name: &'static str, millis: u64| {
        let log = log.clone();
        BackgroundTask::new(async move {
            tokio::time::sleep(Duration::from_millis(millis)).await;
            log.add(name);
        })
    };
    let failing = || {
        [
            BackgroundTask::new(async { Err::<(), _>("on purpose") }).named("fails"),
            BackgroundTask::new(std::future::poll_fn(|_| -> std::task::Poll<()> {
                panic!("on purpose")
            })),
            BackgroundTask::told(|_: Outcome| -> std::future::Ready<()> { panic!("on purpose") }),
            BackgroundTask::blocking(|| -> () { panic!("on purpose") }),
            BackgroundTask::blocking(|| Err::<(), _>("on purpose")),
        ]
    };
    let reply =
        |tasks: BackgroundTasks| read_to_the_end(Reply::<_>::new(Text("hello")).background(tasks));
    reply(BackgroundTasks::new(
        failing()
            .into_iter()
            .chain([task("slow", 50), task("quick", 0)]),
    ))
    .await;
    assert_eq!(log.settled(2).await, ["slow", "quick"], "in order");
    log.0.lock().unwrap().clear();
    reply(
        BackgroundTasks::new(
            failing()
                .into_iter()
                .chain([task("slow", 50), task("quick", 0)]),
        )
        .concurrent(),
    )
    .await;
    assert_eq!(log.settled(2).await, ["quick", "slow"], "at once");
    log.0.lock().unwrap().clear();
    let first = Reply::<_>::new(Text("hello")).background(task("first", 20));
    let outer: Reply<_> = Reply::new(first).background(task("second", 0));
    read_to_the_end(outer.background(task("third", 0))).await;
    // Two replies are two responses for a task: each has its own body to wait for.
    assert_eq!(log.settled(3).await.len(), 3);
}

#[tokio::test]
async fn tasks_that_were_put_together_can_all_run_at_once() {
    let barrier = Arc::new(tokio::sync::Barrier::new(3));
    let (done, mut told) = tokio::sync::mpsc::unbounded_channel();
    let wait = || {
        let (barrier, done) = (Arc::clone(&barrier), done.clone());
        BackgroundTask::new(async move {
            barrier.wait().await; // none of them gets by alone
            done.send(()).unwrap();
        })
    };
    let tasks = BackgroundTasks::new([wait(), wait()]).then(wait());
    read_to_the_end(Reply::<_>::new(Text("hello")).background(tasks.concurrent())).await;
    for _ in 0..3 {
        let told = tokio::time::timeout(Duration::from_secs(10), told.recv()).await;
        assert_eq!(told, Ok(Some(())));
    }
}

async fn read_to_the_end(responder: impl axum::response::IntoResponse) {
    let answer = suite_support::read(responder.into_response()).await;
    assert_eq!(answer.text(), "hello");
}

#[tokio::test]
async fn blocking_work_does_not_hold_up_the_server() {
    let (finish, finished) = std::sync::mpsc::channel::<()>();
    let finished = Arc::new(Mutex::new(finished));
    let app = Router::new()
        .route(
            "/blocks",
            get(async move || {
                let task = BackgroundTask::blocking(move || {
                    let _ = finished.lock().unwrap().recv();
                });
                Reply::<_>::new(Text("hello")).background(task)
            }),
        )
        .route("/", get(async || "still there"));
    let server = Server::start(app).await; // on this one thread
    server.ask(Version::Http1, "GET", "/blocks", &[]).await;
    assert_eq!(
        server.ask(Version::Http1, "GET", "/", &[]).await.text(),
        "still there"
    );
    drop(finish);
}

#[tokio::test]
async fn a_long_task_does_not_hold_up_its_connection() {
    let log = Log::default();
    let task = log.clone();
    let app = Router::new().route(
        "/",
        get(async move || {
            let task = task.clone();
            let long = BackgroundTask::new(async move {
                tokio::time::sleep(Duration::from_millis(400)).await;
                task.add("done");
            });
            Reply::<_>::new(Text("hello")).background(long)
        }),
    );
    let server = Server::start(app).await;
    let mut client = server.connect().await;
    for _ in 0..2 {
        client
            .write_all(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n")
            .await
            .unwrap();
        let mut read = Vec::new();
        while !read.ends_with(b"hello") {
            assert_ne!(client.read_buf(&mut read).await.unwrap(), 0);
        }
        assert!(
            log.lines().is_empty(),
            "the next answer waited for the task"
        );
    }
    assert_eq!(log.settled(2).await.len(), 2);
}

#[tokio::test]
async fn a_shutdown_waits_for_what_runs_until_its_deadline() {
    let tracker = BackgroundTracker::new();
    let app = Router::new().route(
        "/{millis}",
        get(
            async |axum::extract::Path(millis): axum::extract::Path<u64>| {
                let task = BackgroundTask::new(tokio::time::sleep(Duration::from_millis(millis)));
                Reply::<_>::new(Text("hello")).background(task)
            },
        ),
    );
    let app = RequestContextLayer::new()
        .background_tracker(tracker.clone())
        .layer(app);
    let server = Server::start_service(app).await;
    server.ask(Version::Http1, "GET", "/150", &[]).await;
    server.ask(Version::Http2, "GET", "/150", &[]).await;
    assert_eq!(tracker.running(), 2);
    assert_eq!(
        tracker.wait(Duration::from_millis(20)).await,
        Err(StillRunning(2))
    );
    assert_eq!(tracker.wait(Duration::from_secs(10)).await, Ok(()));
    assert_eq!(tracker.running(), 0);
    server.ask(Version::Http1, "GET", "/60000", &[]).await;
    server.stop(Duration::from_secs(5)).await;
    assert_eq!(
        tracker.wait(Duration::from_millis(20)).await,
        Err(StillRunning(1))
    );
}

#[tokio::test]
async fn middleware_that_exchanges_the_body_loses_no_task() {
    let log = Log::default();
    let exchanged = app(&log).layer(axum::middleware::map_response(
        async |mut response: axum::response::Response| {
            *response.body_mut() = "exchanged".into();
            response.headers_mut().remove("content-length");
            response
        },
    ));
    let app = RequestContextLayer::new().layer(exchanged);
    // "/wrapped" has a context of its own inside: the outermost one attaches the task.
    for path in ["/slow", "/wrapped"] {
        assert_eq!(ask(&app, request_for(path, &[])).await.text(), "exchanged");
        assert_eq!(log.settled(1).await, ["Completed"], "{path}");
        log.0.lock().unwrap().clear();
    }
    ask(&app, request(http::Method::HEAD, "/slow", &[], "")).await;
    assert_eq!(log.settled(1).await, ["Completed"]);
}

#[tokio::test]
async fn a_shutdown_ends_event_streams_and_waits_for_their_tasks() {
    for version in BOTH {
        let log = Log::default();
        let (shutdown, tracker) = (Shutdown::new(), BackgroundTracker::new());
        let told = log.clone();
        let app = Router::new().route(
            "/",
            get(async move || {
                let farewell = BackgroundTask::told(|outcome| async move {
                    tokio::time::sleep(Duration::from_millis(100)).await;
                    told.add(format!("{outcome:?}"));
                });
                let idle =
                    ServerSentEvent::new(futures_util::stream::pending::<Event>()).comment("open");
                Reply::<_>::new(idle).background(farewell)
            }),
        );
        let app = RequestContextLayer::new()
            .shutdown(shutdown.clone())
            .background_tracker(tracker.clone())
            .layer(app);
        let server = Server::start_service(app).await;
        let mut open = Vec::new();
        for _ in 0..100 {
            let request = http::Request::get("/").body(()).unwrap();
            let mut response = server.send(version, request).await;
            response.body_mut().frame().await.unwrap().unwrap();
            open.push(response);
        }
        shutdown.fire();
        server.stop(Duration::from_secs(1)).await;
        assert_eq!(tracker.wait(Duration::from_secs(10)).await, Ok(()));
        assert_eq!(log.lines(), ["Completed"; 100], "{version:?}");
    }
}
