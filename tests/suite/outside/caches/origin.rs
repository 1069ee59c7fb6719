//! What stands behind the caches: an application of layers, and a book of who came.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{LazyLock, Mutex, OnceLock, PoisonError};
use std::thread;
use std::time::Duration;

use axum::extract::Request;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use axum_layered::{
    CacheControl, Declare, ETag, LayerETag, Layered, ResponseHeader, SetCookie, get,
};
use axum_responses::{Problem, Redirect, Text};
use suite_support::Server;
use tokio::sync::Notify;

/// Longer than any test.
pub(super) const LONG: Duration = Duration::from_secs(3600);

/// The shortest lifetime that a cache knows.
const SHORT: Duration = Duration::from_secs(1);

const NEW: CacheControl = CacheControl::new();

/// A request that was answered here, and not by a cache.
#[derive(Clone, Debug)]
pub(super) struct Visit {
    pub(super) method: String,
    pub(super) if_none_match: Option<String>,
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
}

/// By path and query, as everything here.
static BOOK: LazyLock<Mutex<HashMap<String, Vec<Visit>>>> = LazyLock::new(Mutex::default);

/// How often a handler has run.
static RUNS: LazyLock<Mutex<HashMap<String, u32>>> = LazyLock::new(Mutex::default);

/// What the second run of `/shop/at-once` waits for.
pub(super) static MAY_GO_ON: Notify = Notify::const_new();

/// Whether `/shop/in-trouble` is.
pub(super) static TROUBLE: AtomicBool = AtomicBool::new(false);

pub(super) fn visits(target: &str) -> Vec<Visit> {
    let book = BOOK.lock().unwrap_or_else(PoisonError::into_inner);
    book.get(target).cloned().unwrap_or_default()
}

/// How often what is at this path has run: it may not have answered yet.
pub(super) fn runs(target: &str) -> u32 {
    let runs = RUNS.lock().unwrap_or_else(PoisonError::into_inner);
    runs.get(target).copied().unwrap_or_default()
}

fn count(uri: &Uri) -> u32 {
    let mut runs = RUNS.lock().unwrap_or_else(PoisonError::into_inner);
    let runs = runs.entry(uri.to_string()).or_default();
    *runs += 1;
    *runs
}

/// The number of this run: two bodies are the same when one of them was stored.
async fn number(uri: Uri) -> Text<String> {
    Text(count(&uri).to_string())
}

/// The same for ever.
async fn constant(uri: Uri) -> Text<&'static str> {
    count(&uri);
    Text("it does not change")
}

/// The same twice, then another.
async fn changes(uri: Uri) -> Text<&'static str> {
    Text(match count(&uri) {
        1 | 2 => "as it was",
        _ => "as it is",
    })
}

async fn language(uri: Uri, headers: HeaderMap) -> Text<String> {
    let asked = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let (language, plan) = (asked("accept-language"), asked("x-plan"));
    let (language, plan) = (language.unwrap_or("none"), plan.unwrap_or("none"));
    Text(format!("{} {language} {plan}", count(&uri)))
}

/// Refused with this status for the first time.
fn at_first(uri: &Uri, status: StatusCode) -> Response {
    match count(uri) {
        1 => Problem::new(status).into_response(),
        run => Text(run.to_string()).into_response(),
    }
}

async fn missing_at_first(uri: Uri) -> Response {
    at_first(&uri, StatusCode::NOT_FOUND)
}

async fn broken_at_first(uri: Uri) -> Response {
    at_first(&uri, StatusCode::SERVICE_UNAVAILABLE)
}

/// Says nothing once there is trouble.
async fn falls_silent(uri: Uri) -> Text<String> {
    let run = count(&uri);
    if TROUBLE.load(Ordering::SeqCst) {
        std::future::pending::<()>().await;
    }
    Text(run.to_string())
}

async fn waits(uri: Uri) -> Text<String> {
    let run = count(&uri);
    if run == 2 {
        MAY_GO_ON.notified().await;
    }
    Text(run.to_string())
}

fn app() -> axum::Router {
    let tag = || ETag::strong("v1");
    let controller = Layered::new()
        .named("controller")
        .header(("vary", "X-Plan"))
        .route("/language", get(language));
    let short = Layered::new()
        .named("short")
        .cache_control_patch(NEW.max_age(SHORT))
        .route("/strong", get(constant).etag(tag()))
        .route("/weak", get(constant).etag(ETag::weak("v1")))
        .route("/computed", get(changes).etag(LayerETag::computed(1 << 10)))
        .route(
            "/at-once",
            get(waits).cache_control_patch(NEW.stale_while_revalidate(LONG)),
        )
        .route(
            "/in-trouble",
            get(falls_silent).cache_control_patch(NEW.stale_if_error(LONG)),
        );
    let router = Layered::new()
        .named("router")
        .header(("vary", "Accept-Language"))
        .mount("/by", controller)
        .merge(short)
        .route("/inherited", get(number).etag(tag()))
        .route("/own-tag", get(number).etag(LayerETag::computed(1 << 10)))
        .route(
            "/no-store",
            get(number)
                .cache_control(CacheControl::NO_STORE)
                .etag(tag()),
        )
        .route("/private", get(number).cache_control_patch(NEW.private()))
        .route("/no-cache", get(number).cache_control_patch(NEW.no_cache()))
        .route("/vary-star", get(number).header(("vary", "*")))
        .route("/cookie", get(number).cookie(SetCookie::new("seen", "yes")))
        .route(
            "/shared",
            get(number).cache_control(NEW.max_age(Duration::ZERO).s_maxage(LONG)),
        )
        .route(
            "/not-shared",
            get(number).cache_control(NEW.max_age(LONG).s_maxage(Duration::ZERO)),
        )
        .route("/missing", get(missing_at_first).etag(tag()))
        .route("/broken", get(broken_at_first).etag(tag()))
        .route(
            "/moved",
            get(async |uri: Uri| Redirect::found(format!("/{}", count(&uri)))),
        );
    Layered::<()>::new()
        .named("app")
        .cache_control(NEW.max_age(LONG).public())
        .header(ResponseHeader::new("x-policy", "strict").always())
        .mount("/shop", router)
        .into_router()
}

async fn book(request: Request, next: Next) -> Response {
    let target = request.uri().to_string();
    let method = request.method().to_string();
    let asked = request.headers().get("if-none-match");
    let if_none_match = asked.map(|value| value.to_str().unwrap_or("(no text)").to_owned());
    let response = next.run(request).await;
    let visit = Visit {
        method,
        if_none_match,
        status: response.status(),
        headers: response.headers().clone(),
    };
    let mut book = BOOK.lock().unwrap_or_else(PoisonError::into_inner);
    book.entry(target).or_default().push(visit);
    response
}

/// Where it listens. It outlives the runtime of the test that needed it first, as the caches do.
pub(super) fn address() -> SocketAddr {
    static ADDRESS: OnceLock<SocketAddr> = OnceLock::new();
    *ADDRESS.get_or_init(|| {
        let (started, starts) = std::sync::mpsc::channel();
        thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap();
            runtime.block_on(async {
                let server = Server::start(app().layer(from_fn(book))).await;
                started.send(server.address).unwrap();
                std::future::pending::<()>().await;
            });
        });
        starts.recv().unwrap()
    })
}
