//! Streams of bytes and text, without a socket.

use super::*;

#[tokio::test]
async fn every_source_gives_the_same_bytes() {
    const ITEMS: [&str; 4] = ["a", "", "b\n", "ü"];
    async fn check<M: TypedMedia>(stream: Stream<M>) {
        let answer = read(stream.into_response()).await;
        assert_eq!(answer.text(), "ab\nü");
        assert!(answer.complete && answer.status == 200);
        assert_eq!(answer.header("content-length"), None);
    }
    let octets = |stream: Stream| check(stream);
    octets(Stream::new(stream::iter(ITEMS))).await;
    octets(Stream::new(async_stream::stream! {
        for item in ITEMS {
            tokio::task::yield_now().await;
            yield item;
        }
    }))
    .await;
    octets(Stream::new(stream::iter(ITEMS).map(Ok::<_, io::Error>))).await;
    octets(Stream::iter(ITEMS)).await;
    octets(Stream::iter(Vec::from(ITEMS).into_iter())).await;
    octets(Stream::lazy(|| stream::iter(ITEMS))).await;
    octets(Stream::reader(io::Cursor::new(ITEMS.concat()))).await;
    octets(Stream::blocking(ITEMS)).await;
    octets(Stream::blocking_lazy(|| ITEMS)).await;
    let (sender, receiver) = tokio::sync::mpsc::channel(1);
    tokio::spawn(async move {
        for item in ITEMS {
            sender.send(item).await.unwrap();
        }
    });
    octets(Stream::new(stream::unfold(
        receiver,
        async |mut receiver| Some((receiver.recv().await?, receiver)),
    )))
    .await;
}

#[tokio::test]
async fn every_kind_of_chunk_is_taken() {
    async fn check(chunk: impl IntoChunk + Send + 'static) {
        let stream: Stream = Stream::iter([chunk]);
        assert_eq!(read(stream.into_response()).await.text(), "abc");
    }
    check("abc").await;
    check(&b"abc"[..]).await;
    check(String::from("abc")).await;
    check(Vec::from("abc")).await;
    check(Bytes::from("abc")).await;
    check(std::borrow::Cow::Borrowed("abc")).await;
    check(std::borrow::Cow::<[u8]>::Owned(Vec::from("abc"))).await;
    check(Ok::<_, BoxError>("abc")).await;
    check(Ok::<_, &str>("abc")).await;
    check(Ok::<_, Infallible>(Ok::<_, io::Error>("abc"))).await;
}

#[tokio::test]
async fn chunks_are_not_copied() {
    const CHUNK: &str = "static text that is long enough to be seen";
    let bytes = Bytes::from(vec![7; 4096]);
    for (stream, address) in [
        (Stream::iter([CHUNK]), CHUNK.as_ptr()),
        (Stream::iter([bytes.clone()]), bytes.as_ptr()),
        (Stream::blocking([bytes.clone()]), bytes.as_ptr()),
    ] {
        let stream: Stream = stream;
        let frame = stream.into_response().into_body().frame().await;
        assert_eq!(
            frame.unwrap().unwrap().into_data().unwrap().as_ptr(),
            address
        );
    }
}

#[tokio::test]
async fn the_type_names_the_content_and_the_instance_may_override_it() {
    async fn check(response: impl IntoResponse, content_type: &str) {
        let answer = read(response.into_response()).await;
        assert_eq!(answer.header("content-type"), Some(content_type));
        assert_eq!(answer.status, 200);
    }
    let empty = stream::empty::<Bytes>;
    check(
        Stream::<OctetStream>::new(empty()),
        "application/octet-stream",
    )
    .await;
    check(Stream::<CsvType>::new(empty()), "text/csv; charset=utf-8").await;
    check(
        Stream::<PlainText>::new(empty()),
        "text/plain; charset=utf-8",
    )
    .await;
    check(
        Stream::<CsvType>::new(empty()).media_type(MediaType::from_static("text/css")),
        "text/css; charset=utf-8",
    )
    .await;
    let none = stream::empty::<u8>;
    check(NdJson::<u8>::new(none()), "application/x-ndjson").await;
    check(JsonArray::<u8>::new(none()), "application/json").await;
    check(Csv::<u8>::new(none()), "text/csv; charset=utf-8").await;
}

#[tokio::test]
async fn an_empty_source_is_a_complete_body() {
    async fn check(response: impl IntoResponse, body: &str) {
        let answer = read(response.into_response()).await;
        assert!(answer.complete);
        assert_eq!(answer.text(), body);
    }
    let empty = stream::empty::<&str>;
    check(Stream::<OctetStream>::new(empty()), "").await;
    check(Stream::<OctetStream>::new(empty()).content_length(0), "").await;
    check(Stream::<OctetStream>::blocking([""; 0]), "").await;
    check(NdJson::<&str>::new(empty()), "").await;
    check(NdJson::<u8>::blocking([0; 0]), "").await;
    check(JsonArray::<&str>::new(empty()), "[]").await;
    check(JsonArray::<u8>::blocking([0; 0]), "[]").await;
    check(Csv::<&str>::new(empty()), "").await;
    check(Csv::<&str>::new(empty()).header(["a", "b"]), "a,b\r\n").await;
    check(Csv::<u8>::blocking([0; 0]).header(["a b,"]), "\"a b,\"\r\n").await;
}

#[tokio::test]
async fn the_body_is_held_to_its_length() {
    type Item = Result<&'static str, &'static str>;
    async fn check(length: u64, items: &[Item], sent: &str, complete: bool) {
        let (polls, errors) = (Counter::default(), Counter::default());
        let hook = errors.clone();
        let stream: Stream = Stream::new(polled(items, &polls))
            .content_length(length)
            .on_error(move |_| hook.up());
        let response = stream.into_response();
        assert_eq!(response.body().size_hint().exact(), Some(length));
        let answer = read(response).await;
        assert_eq!(
            (answer.text().as_str(), answer.complete),
            (sent, complete),
            "{items:?}"
        );
        assert_eq!(errors.get(), usize::from(!complete), "{items:?}");
    }
    check(4, &[Ok("ab"), Ok("cd")], "abcd", true).await;
    check(2, &[Ok(""), Ok("ab"), Ok("")], "ab", true).await;
    check(0, &[], "", true).await;
    // fewer
    check(5, &[Ok("ab"), Ok("cd")], "abcd", false).await;
    check(1, &[], "", false).await;
    check(5, &[Ok("ab"), Err("gone")], "ab", false).await;
    // more: within a chunk, and behind a chunk that was the last one
    check(3, &[Ok("ab"), Ok("cd")], "ab", false).await;
    check(4, &[Ok("ab"), Ok("cd"), Ok("e")], "ab", false).await;
    check(0, &[Ok("a")], "", false).await;
    // a failure behind the last byte
    check(4, &[Ok("ab"), Ok("cd"), Err("checksum")], "ab", false).await;
}

#[tokio::test]
async fn the_last_announced_byte_does_not_wait_for_the_end() {
    let stream: Stream =
        Stream::new(stream::iter(["all"]).chain(stream::pending())).content_length(3);
    let mut body = stream.into_response().into_body();
    let frame = body.frame().await.unwrap().unwrap();
    assert_eq!(frame.into_data().unwrap(), "all");
    assert_eq!(body.size_hint().exact(), Some(0));
}

#[tokio::test]
async fn an_error_ends_the_body_once_and_for_all() {
    let (polls, errors) = (Counter::default(), Counter::default());
    let drops = Counter::default();
    let (hook, guard) = (errors.clone(), Dropped(drops.clone()));
    let items = [
        Ok("a"),
        Err(io::Error::other("gone")),
        Ok("b"),
        Err(io::Error::other("twice")),
    ];
    let source = polled(items, &polls).map(move |item| {
        let _ = &guard;
        item
    });
    let stream: Stream = Stream::new(source).on_error(move |error| {
        assert_eq!(
            error.downcast_ref::<io::Error>().unwrap().to_string(),
            "gone"
        );
        hook.count();
    });
    let mut body = stream.into_response().into_body();
    assert_eq!(
        body.frame().await.unwrap().unwrap().into_data().unwrap(),
        "a"
    );
    assert_eq!(drops.get(), 0);
    assert!(body.frame().await.unwrap().is_err());
    assert_eq!(drops.get(), 1, "the source is gone with its error");
    assert!(body.frame().await.is_none());
    assert!(body.is_end_stream());
    assert_eq!((polls.get(), errors.get()), (2, 1));
}

#[tokio::test]
async fn a_body_that_ends_by_a_future_hides_no_error() {
    let check = async |name: &str, ended: fn(Stream) -> Stream| {
        let told = Counter::default();
        let hook = told.clone();
        let items = [Ok("a"), Err(io::Error::other("gone"))];
        let stream = ended(Stream::iter(items)).on_error(move |error| {
            assert!(error.is::<io::Error>(), "{error:?}");
            hook.up();
        });
        let mut body = stream.into_response().into_body();
        let first = body.frame().await.unwrap().unwrap().into_data().unwrap();
        assert_eq!(first, "a", "{name}");
        let error = body.frame().await.unwrap().unwrap_err().into_inner();
        assert!(error.is::<io::Error>(), "{name}: {error:?}");
        assert!(
            body.frame().await.is_none() && body.is_end_stream(),
            "{name}"
        );
        assert_eq!(told.get(), 1, "{name}");
    };
    check("alone", |stream| stream).await;
    check("until", |stream| stream.until(std::future::pending::<()>())).await;
    check("twice", |stream| {
        let once = stream.until(std::future::pending::<()>());
        once.until(std::future::pending::<()>())
    })
    .await;

    let drops = Counter::default();
    let guard = Dropped(drops.clone());
    let endless = stream::repeat("a").map(move |item| {
        let _ = &guard;
        item
    });
    let (end, ended) = tokio::sync::oneshot::channel::<()>();
    let mut body = Stream::<OctetStream>::new(endless)
        .until(async { drop(ended.await) })
        .into_response()
        .into_body();
    assert!(body.frame().await.unwrap().is_ok());
    end.send(()).unwrap();
    assert!(body.frame().await.is_none() && body.is_end_stream());
    assert_eq!(drops.get(), 1, "the source is gone with its end");
}

#[tokio::test]
async fn nothing_is_produced_before_it_is_asked_for() {
    let (made, polls) = (Counter::default(), Counter::default());
    let (making, polling) = (made.clone(), polls.clone());
    let stream: Stream = Stream::lazy(move || {
        making.count();
        polled(["a", "b", "c"], &polling)
    });
    let mut body = stream.into_response().into_body();
    assert_eq!((made.get(), polls.get()), (0, 0));
    body.frame().await.unwrap().unwrap();
    assert_eq!((made.get(), polls.get()), (1, 1));
    drop(body);
    assert_eq!((made.get(), polls.get()), (1, 1));

    let counter = Counter::default();
    let counting = counter.clone();
    let mut body = NdJson::<usize>::new(stream::repeat_with(move || counting.count()))
        .into_response()
        .into_body();
    assert_eq!(counter.get(), 0);
    let length = body
        .frame()
        .await
        .unwrap()
        .unwrap()
        .into_data()
        .unwrap()
        .len();
    assert!((16 * 1024..16 * 1024 + 10).contains(&length), "{length}");
    let first = counter.get();
    tokio::task::yield_now().await;
    assert_eq!(counter.get(), first);
}

#[tokio::test]
async fn a_blocking_source_stays_one_batch_ahead() {
    let counter = Counter::default();
    let counting = counter.clone();
    let stream: Stream = Stream::blocking(std::iter::repeat_with(move || {
        counting.count();
        Bytes::from_static(&[0; 8192])
    }));
    let mut body = stream.into_response().into_body();
    assert_eq!(counter.get(), 0);
    for asked in 1..100 {
        body.frame().await.unwrap().unwrap();
        tokio::time::sleep(Duration::from_millis(1)).await;
        assert!(counter.get() <= asked + 8, "{} {asked}", counter.get());
    }
}

#[tokio::test]
async fn a_blocking_source_that_is_slow_sends_each_item_at_once() {
    let items = (1..=3).map(|number: u8| {
        thread::sleep(Duration::from_millis(5));
        number.to_string()
    });
    let stream: Stream = Stream::blocking(items);
    assert_eq!(frames(stream.into_response()).await, [1, 1, 1]);
}

#[tokio::test]
async fn a_blocking_source_runs_and_is_dropped_on_the_pool() {
    struct Here(thread::ThreadId, Counter);
    impl Drop for Here {
        fn drop(&mut self) {
            assert_ne!(thread::current().id(), self.0);
            self.1.count();
        }
    }
    let drops = Counter::default();
    let make = |drops: &Counter| {
        let here = thread::current().id();
        let guard = drops.clone();
        let stream: Stream = Stream::blocking_lazy(move || {
            assert_ne!(thread::current().id(), here);
            let guard = Here(here, guard);
            (0..200).map(move |_| {
                let guard = &guard; // all of it, so that it lives as long as the iterator
                assert_ne!(thread::current().id(), guard.0);
                Bytes::from_static(&[0; 32 * 1024])
            })
        });
        stream.into_response().into_body()
    };
    // through to its end
    assert!(make(&drops).collect().await.is_ok());
    drops.becomes(1).await;
    // left in the middle
    let mut body = make(&drops);
    body.frame().await.unwrap().unwrap();
    body.frame().await.unwrap().unwrap();
    drop(body);
    drops.becomes(2).await;
}

#[tokio::test]
async fn a_panic_on_the_pool_cuts_the_body() {
    async fn check(make: impl Fn(Counter) -> Response) {
        let errors = Counter::default();
        let answer = read(make(errors.clone())).await;
        assert!(!answer.complete);
        assert_eq!(errors.get(), 1);
    }
    let items = || {
        (0..5).map(|number| {
            if number == 3 {
                panic!("on purpose")
            } else {
                "item"
            }
        })
    };
    check(|errors| {
        let stream: Stream = Stream::blocking(items()).on_error(move |error| {
            assert!(error.to_string().contains("panic"), "{error}");
            errors.count();
        });
        stream.into_response()
    })
    .await;
    check(|errors| {
        NdJson::<&str>::blocking(items())
            .on_error(move |_| errors.up())
            .into_response()
    })
    .await;
}

#[test]
fn without_a_runtime_a_blocking_source_is_an_error() {
    let errors = Counter::default();
    let hook = errors.clone();
    let stream: Stream = Stream::blocking(["a"]).on_error(move |_| hook.up());
    let mut body = stream.into_response().into_body();
    let mut poll = || futures_util::FutureExt::now_or_never(body.frame());
    assert!(
        poll().is_none(),
        "pending once, so that what was sent before goes out"
    );
    assert!(poll().flatten().is_some_and(|frame| frame.is_err()));
    assert_eq!(errors.get(), 1);
}

#[tokio::test]
async fn the_status_is_200_whatever_the_method_unless_it_is_chosen() {
    let app = Router::new()
        .route(
            "/",
            axum::routing::post(async || Stream::<PlainText>::iter(["ok"])),
        )
        .route(
            "/202",
            axum::routing::post(async || Reply::<_, 202>::new(NdJson::<u8>::blocking([1, 2]))),
        );
    for (path, status, body) in [("/", 200, "ok"), ("/202", 202, "1\n2\n")] {
        let answer = ask(&app, any_request(Method::POST, path, &[], Body::empty())).await;
        assert_eq!(
            (answer.status.as_u16(), answer.text().as_str()),
            (status, body)
        );
    }
}

#[tokio::test]
async fn a_body_at_rest_is_woken() {
    // A blocking job that ends while nobody polls must wake the body.
    let stream: Stream = Stream::blocking_lazy(|| {
        thread::sleep(Duration::from_millis(20));
        ["late"]
    });
    let mut body = stream.into_response().into_body();
    let first = poll_fn(|cx| Poll::Ready(Pin::new(&mut body).poll_frame(cx).is_pending())).await;
    assert!(first);
    let answer: Answer = read(Response::new(body)).await;
    assert_eq!(answer.text(), "late");
}

#[test]
fn streams_are_described_as_they_are_sent() {
    use utoipa::openapi::path::{HttpMethod, OperationBuilder};
    use utoipa::openapi::{OpenApiBuilder, OpenApiVersion, PathItem, PathsBuilder};
    use utoipa::{IntoResponses, ToSchema};

    #[derive(Serialize, ToSchema)]
    struct Person {
        name: String,
    }

    fn document<R: IntoResponses>(version: OpenApiVersion) -> serde_json::Value {
        let responses = utoipa::openapi::ResponsesBuilder::new()
            .responses_from_iter(R::responses())
            .build();
        let operation = OperationBuilder::new().responses(responses).build();
        let mut api = OpenApiBuilder::new()
            .paths(
                PathsBuilder::new()
                    .path("/", PathItem::new(HttpMethod::Get, operation))
                    .build(),
            )
            .build();
        api.openapi = version;
        axum_responses::openapi::finish(&mut api);
        serde_json::to_value(api).unwrap()
    }
    fn check<R: IntoResponses + Debug>(
        version: OpenApiVersion,
        media_type: &str,
        content: &serde_json::Value,
    ) {
        let document = document::<R>(version);
        let ok = &document["paths"]["/"]["get"]["responses"]["200"];
        assert_eq!(&ok["content"][media_type], content, "{document}");
        assert_eq!(ok["content"].as_object().unwrap().len(), 1);
        if content.to_string().contains("$ref") {
            assert!(
                document["components"]["schemas"]["Person"].is_object(),
                "{document}"
            );
        }
    }
    let _ = Person {
        name: String::new(),
    };
    let (v31, v32) = (|| OpenApiVersion::Version31, || OpenApiVersion::Version32);
    let person = serde_json::json!({ "$ref": "#/components/schemas/Person" });
    check::<Stream>(v31(), "application/octet-stream", &serde_json::json!({}));
    check::<Stream<PlainText>>(
        v31(),
        "text/plain",
        &serde_json::json!({ "schema": { "type": "string" } }),
    );
    check::<NdJson<Person>>(v31(), "application/x-ndjson", &serde_json::json!({}));
    check::<NdJson<Person>>(
        v32(),
        "application/x-ndjson",
        &serde_json::json!({ "itemSchema": person }),
    );
    check::<Csv<Person>>(
        v32(),
        "text/csv",
        &serde_json::json!({ "itemSchema": person }),
    );
    check::<JsonArray<Person>>(
        v31(),
        "application/json",
        &serde_json::json!({ "schema": { "type": "array", "items": person } }),
    );
}
