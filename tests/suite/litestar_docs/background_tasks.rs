//! "Background Tasks": work for after the response.

use super::*;

#[derive(Deserialize)]
struct Greet {
    name: String,
}

type Hello = Json<BTreeMap<&'static str, String>>;

fn hello(name: String) -> Hello {
    Json(BTreeMap::from([("hello", name)]))
}

/// This router, and what waits for its background tasks: a server does so before it ends.
fn tracked(router: Router) -> (Router, BackgroundTracker) {
    let tracker = BackgroundTracker::new();
    let layer = RequestContextLayer::new().background_tracker(tracker.clone());
    (router.layer(layer), tracker)
}

/// A task is a future: its arguments are those of the function that makes it.
#[tokio::test]
async fn background_task_passed_into_response() {
    static LOG: Mutex<Vec<String>> = Mutex::new(Vec::new());

    async fn logging_task(identifier: &str, message: String) {
        LOG.lock().unwrap().push(format!("{identifier}: {message}"));
    }

    async fn greeter(Query(Greet { name }): Query<Greet>) -> Reply<Hello> {
        let message = format!("was called with name {name}");
        Reply::new(hello(name)).background(BackgroundTask::new(logging_task("greeter", message)))
    }

    let (app, tracker) = tracked(Router::new().route("/", get(greeter)));
    let answer = visit(&app, "/?name=moishe").await;
    assert_eq!(answer.text(), r#"{"hello":"moishe"}"#);

    tracker.wait(PATIENCE).await.unwrap();
    assert_eq!(
        *LOG.lock().unwrap(),
        ["greeter: was called with name moishe"]
    );
}

/// One after the other, in this order. A function that blocks is a task as well.
#[tokio::test]
async fn multiple_background_tasks() {
    static LOG: Mutex<Vec<String>> = Mutex::new(Vec::new());
    static GREETED: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());

    async fn logging_task(name: String) {
        LOG.lock().unwrap().push(format!("{name} was greeted"));
    }

    fn saving_task(name: String) {
        assert_eq!(LOG.lock().unwrap().len(), 1, "the log comes first");
        GREETED.lock().unwrap().insert(name);
    }

    async fn greeter(Query(Greet { name }): Query<Greet>) -> Reply<Hello> {
        let saved = name.clone();
        let tasks = BackgroundTasks::new([
            BackgroundTask::new(logging_task(name.clone())),
            BackgroundTask::blocking(move || saving_task(saved)),
        ]);
        Reply::new(hello(name)).background(tasks)
    }

    let (app, tracker) = tracked(Router::new().route("/", get(greeter)));
    let answer = visit(&app, "/?name=moishe").await;
    assert_eq!(answer.text(), r#"{"hello":"moishe"}"#);

    tracker.wait(PATIENCE).await.unwrap();
    assert_eq!(*LOG.lock().unwrap(), ["moishe was greeted"]);
    assert!(GREETED.lock().unwrap().contains("moishe"));
}

/// `run_in_task_group`: all at once, in no order. These two wait for each other.
#[tokio::test]
async fn executing_multiple_background_tasks_at_once() {
    static MEETING: LazyLock<Barrier> = LazyLock::new(|| Barrier::new(2));

    async fn meet() {
        MEETING.wait().await;
    }

    async fn greeter(Query(Greet { name }): Query<Greet>) -> Reply<Hello> {
        let tasks =
            BackgroundTasks::new([BackgroundTask::new(meet()), BackgroundTask::new(meet())]);
        Reply::new(hello(name)).background(tasks.concurrent())
    }

    let (app, tracker) = tracked(Router::new().route("/", get(greeter)));
    let answer = visit(&app, "/?name=moishe").await;
    assert_eq!(answer.text(), r#"{"hello":"moishe"}"#);
    tracker.wait(PATIENCE).await.unwrap();
}
