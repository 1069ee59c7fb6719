//! What a client sees, and what its leaving does.

use super::*;

#[tokio::test(flavor = "current_thread")]
async fn a_blocking_source_delays_nobody_else() {
    let slow = || {
        Stream::blocking((0..20).map(|number| {
            thread::sleep(Duration::from_millis(50));
            format!("{number}\n")
        }))
    };
    let app = Router::new()
        .route("/slow", get(async move || -> Stream { slow() }))
        .route("/quick", get(async || "quick"));
    let address = serve(app).await;
    let slow = tokio::spawn(receive(address, "GET", "/slow"));
    // Behind one item of the other each would take 50 ms, all of them twice as long as the other.
    for _ in 0..40 {
        assert!(receive(address, "GET", "/quick").await.ends_with("quick"));
    }
    assert!(!slow.is_finished());
    assert!(slow.await.unwrap().ends_with("19\n\r\n0\r\n\r\n"));
}

#[tokio::test]
async fn a_head_request_gets_the_headers_and_runs_nothing() {
    let made = Counter::default();
    let making = made.clone();
    let stream = move || {
        let making = making.clone();
        Stream::<PlainText>::lazy(move || {
            making.count();
            stream::iter(["body"])
        })
    };
    let known = stream.clone();
    let app = Router::new()
        .route("/", get(async move || stream()))
        .route("/known", get(async move || known().content_length(4)));

    for (path, length) in [("/", None), ("/known", Some("4"))] {
        let answer = ask(&app, any_request(Method::HEAD, path, &[], Body::empty())).await;
        assert_eq!(answer.status, 200);
        assert_eq!(
            answer.header("content-type"),
            Some("text/plain; charset=utf-8")
        );
        assert_eq!(answer.header("content-length"), length);
        assert_eq!(answer.text(), "");
    }
    let address = serve(app.clone()).await;
    let wire = receive(address, "HEAD", "/known").await;
    assert!(
        wire.contains("content-length: 4\r\n") && wire.ends_with("\r\n\r\n"),
        "{wire}"
    );
    assert_eq!(made.get(), 0);

    let answer = ask(&app, request("/known", &[])).await;
    assert_eq!(
        (answer.text().as_str(), answer.header("content-length")),
        ("body", Some("4"))
    );
    assert_eq!(made.get(), 1);
}

#[tokio::test]
async fn on_the_wire_an_unknown_length_is_chunked_and_an_empty_chunk_ends_nothing() {
    let app = Router::new()
        .route(
            "/",
            get(async || Stream::<PlainText>::iter(["ab", "", "c"])),
        )
        .route(
            "/known",
            get(async || Stream::<PlainText>::iter(["ab", "", "c"]).content_length(3)),
        );
    let address = serve(app).await;
    let wire = receive(address, "GET", "/").await;
    assert!(wire.contains("transfer-encoding: chunked\r\n"), "{wire}");
    assert!(!wire.contains("content-length"), "{wire}");
    assert!(
        wire.ends_with("\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n"),
        "{wire}"
    );
    let wire = receive(address, "GET", "/known").await;
    assert!(wire.contains("content-length: 3\r\n"), "{wire}");
    assert!(!wire.contains("transfer-encoding"), "{wire}");
    assert!(wire.ends_with("\r\n\r\nabc"), "{wire}");
}

#[tokio::test]
async fn a_client_can_tell_that_a_body_is_incomplete() {
    fn failing() -> impl futures_util::Stream<Item = Result<String, io::Error>> {
        async_stream::stream! {
            yield Ok("begun".to_owned());
            tokio::time::sleep(Duration::from_millis(20)).await;
            yield Err(io::Error::other("a secret path"));
        }
    }
    let errors = Counter::default();
    let hook = errors.clone();
    let app = Router::new()
        .route(
            "/stream",
            get(async move || {
                let hook = hook.clone();
                Stream::<PlainText>::new(failing()).on_error(move |_| hook.up())
            }),
        )
        .route("/nd", get(async || NdJson::<String>::new(failing())))
        .route("/array", get(async || JsonArray::<String>::new(failing())))
        .route("/csv", get(async || Csv::<String>::new(failing())))
        .route(
            "/short",
            get(async || Stream::<PlainText>::iter(["begun"]).content_length(6)),
        );
    let address = serve(app).await;
    for path in ["/stream", "/nd", "/array", "/csv"] {
        let wire = receive(address, "GET", path).await;
        assert!(
            wire.contains("transfer-encoding: chunked") && wire.contains("begun"),
            "{wire}"
        );
        assert!(!wire.ends_with("0\r\n\r\n"), "{wire}");
        assert!(!wire.contains("secret"), "{wire}");
    }
    assert_eq!(errors.get(), 1);
    let wire = receive(address, "GET", "/short").await;
    // hyper may cut before or after it has written what came with the head
    assert!(
        !wire.contains("begun") || wire.contains("content-length: 6\r\n"),
        "{wire}"
    );
}

#[tokio::test]
async fn a_client_that_reads_nothing_stops_the_source() {
    const CHUNK: usize = 64 * 1024;
    let (plain, blocking, records) = (Counter::default(), Counter::default(), Counter::default());
    let [a, b, c] = [&plain, &blocking, &records].map(Clone::clone);
    let endless = |counter: &Counter| {
        let counter = counter.clone();
        std::iter::repeat_with(move || {
            counter.count();
            Bytes::from_static(&[b'x'; CHUNK])
        })
    };
    let app = Router::new()
        .route(
            "/plain",
            get(async move || Stream::<PlainText>::iter(endless(&a))),
        )
        .route(
            "/blocking",
            get(async move || Stream::<PlainText>::blocking(endless(&b))),
        )
        .route(
            "/records",
            get(async move || {
                let counter = c.clone();
                NdJson::<String>::new(stream::repeat_with(move || {
                    counter.count();
                    "x".repeat(CHUNK)
                }))
            }),
        );
    let address = serve(app).await;
    for (path, counter) in [
        ("/plain", plain),
        ("/blocking", blocking),
        ("/records", records),
    ] {
        let mut client = send(address, "GET", path).await;
        let mut produced = 0;
        let mut still = 0;
        // It has stopped when nothing was produced for a while.
        while still < 20 {
            tokio::time::sleep(Duration::from_millis(10)).await;
            still = if counter.get() == produced && produced > 0 {
                still + 1
            } else {
                0
            };
            produced = counter.get();
            assert!(produced < 64, "{path}: {produced} chunks ahead");
        }
        // And goes on when the client does.
        let mut read = vec![0; 4 * 1024 * 1024];
        client.read_exact(&mut read).await.unwrap();
        assert!(counter.get() > produced, "{path}");
    }
}

#[tokio::test]
async fn a_client_that_leaves_drops_the_source() {
    let drops = Counter::default();
    let [waiting, flowing, blocking, records] = [(); 4].map(|()| drops.clone());
    let app = Router::new()
        .route(
            "/waiting",
            get(async move || {
                let guard = Dropped(waiting.clone());
                Stream::<PlainText>::new(async_stream::stream! {
                    let _guard = guard;
                    yield "begun";
                    std::future::pending::<()>().await;
                })
            }),
        )
        .route(
            "/flowing",
            get(async move || {
                let guard = Dropped(flowing.clone());
                Stream::<PlainText>::iter(std::iter::repeat_with(move || {
                    let _ = &guard;
                    Bytes::from_static(&[0; 16 * 1024])
                }))
            }),
        )
        .route(
            "/blocking",
            get(async move || {
                let guard = Dropped(blocking.clone());
                Stream::<PlainText>::blocking(std::iter::repeat_with(move || {
                    let _ = &guard;
                    Bytes::from_static(&[0; 16 * 1024])
                }))
            }),
        )
        .route(
            "/records",
            get(async move || {
                let guard = Dropped(records.clone());
                NdJson::<&str>::new(async_stream::stream! {
                    let _guard = guard;
                    yield "begun";
                    std::future::pending::<()>().await;
                })
            }),
        );
    let address = serve(app).await;
    for (number, path) in ["/waiting", "/flowing", "/blocking", "/records"]
        .into_iter()
        .enumerate()
    {
        let mut client = send(address, "GET", path).await;
        client.read_exact(&mut [0; 32]).await.unwrap();
        assert_eq!(drops.get(), number, "{path}");
        drop(client);
        drops.becomes(number + 1).await;
    }
}
