//! The example `posts` on both of its databases.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum_pagination::CursorKey;
use http::{HeaderMap, Request, StatusCode};
use posts::Database;
use serde_json::{Value, json};
use suite_support::database;
use tower::ServiceExt;

const ORDERS: [&str; 4] = ["newest", "title", "most-commented", "last-commented"];

async fn send(app: &Router, request: Request<Body>) -> (StatusCode, HeaderMap, String) {
    let response = app.clone().oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, 1 << 20).await.unwrap();
    let body = String::from_utf8(body.into()).unwrap();
    (parts.status, parts.headers, body)
}

async fn get(app: &Router, path: &str) -> (StatusCode, HeaderMap, Value) {
    let (status, headers, body) = send(app, Request::get(path).body(Body::empty()).unwrap()).await;
    (status, headers, serde_json::from_str(&body).unwrap())
}

async fn post(app: &Router, draft: &Value) -> (StatusCode, HeaderMap, Value) {
    let request = Request::post("/posts").header("content-type", "application/json");
    let request = request.body(draft.to_string().into()).unwrap();
    let (status, headers, body) = send(app, request).await;
    (status, headers, serde_json::from_str(&body).unwrap())
}

/// All posts of a list, by the links to the next page.
async fn walk(app: &Router, query: &str) -> Vec<Value> {
    let mut path = format!("/posts?results_per_page=7&{query}");
    let mut posts = Vec::new();
    loop {
        let (status, headers, page) = get(app, &path).await;
        assert_eq!(status, 200, "{page}");
        posts.extend(page["items"].as_array().unwrap().clone());
        let links = headers["link"].to_str().unwrap().split(", ");
        let mut next = links.filter_map(|link| link.strip_suffix(">; rel=\"next\""));
        match next.next() {
            Some(next) => path = format!("/posts{}", &next[1..]),
            None => return posts,
        }
    }
}

fn member<'a>(posts: &'a [Value], name: &str) -> Vec<&'a Value> {
    posts.iter().map(|post| &post[name]).collect()
}

fn ids(posts: &[Value]) -> Vec<i64> {
    let ids = member(posts, "id").into_iter();
    ids.map(|id| id.as_i64().unwrap()).collect()
}

/// What holds on each database.
async fn check(database: Database) {
    let app = posts::app(database, CursorKey::new([7; 32]));
    every_order_has_every_post_once(&app).await;
    filters_choose(&app).await;
    a_new_post_is_the_newest(&app).await;
    what_a_stranger_sends_is_refused_by_name(&app).await;
}

async fn every_order_has_every_post_once(app: &Router) {
    for sort in ORDERS {
        let posts = walk(app, &format!("sort={sort}")).await;
        let mut sorted = ids(&posts);
        sorted.sort_unstable();
        assert_eq!(sorted, (1..=100).collect::<Vec<_>>(), "{sort}");
        let ordered = posts.is_sorted_by_key(|post| {
            let number = |name: &str| -post[name].as_i64().unwrap();
            let text = |name: &str| post[name].as_str().unwrap_or_default().to_owned();
            let asc = |name: &str| post[name].as_i64().unwrap();
            match sort {
                "newest" => (number("id"), String::new(), 0),
                "title" => (0, text("title"), asc("id")),
                "most-commented" => (number("comments"), text("title"), asc("id")),
                _ => (0, String::new(), 0),
            }
        });
        assert!(ordered, "{sort}");
    }
    let posts = walk(app, "sort=last-commented").await;
    let moments = member(&posts, "commented_at");
    let commented = moments.iter().take_while(|moment| moment.is_string());
    let commented: Vec<_> = commented.map(|moment| moment.as_str()).collect();
    assert!(commented.is_sorted_by(|one, next| one >= next));
    assert!(
        moments[commented.len()..]
            .iter()
            .all(|moment| moment.is_null())
    );
    assert!((1..100).contains(&commented.len()));
}

async fn filters_choose(app: &Router) {
    for sort in ORDERS {
        let posts = walk(app, &format!("author=Ada&text=LOOP&sort={sort}")).await;
        assert_eq!(posts.len(), 4);
        assert!(
            member(&posts, "author")
                .iter()
                .all(|author| *author == "Ada")
        );
        assert!(
            member(&posts, "title")
                .iter()
                .all(|title| *title == "Notes on loops")
        );
    }
    for text in ["%25", "_", "!", "'"] {
        let (_, headers, page) = get(app, &format!("/posts?text={text}")).await;
        assert_eq!(page["items"], json!([]), "{text}");
        assert_eq!(headers["x-total-count"], "0");
    }
}

async fn a_new_post_is_the_newest(app: &Router) {
    let draft = json!({"author": "Me", "title": "100 % <b>new</b>", "body": "snow\u{2603}"});
    let (status, headers, added) = post(app, &draft).await;
    assert_eq!(
        (status, &headers["location"]),
        (StatusCode::CREATED, &"/posts/101".parse().unwrap())
    );
    let (_, _, read) = get(app, "/posts/101").await;
    assert_eq!(read, added);
    let (_, headers, page) = get(app, "/posts?results_per_page=1").await;
    assert_eq!(page["items"], json!([added]));
    assert_eq!(headers["x-total-count"], "101");
    assert_eq!(ids(&walk(app, "text=100%20%25").await), [101]);

    let (status, _, page) = send(app, Request::get("/").body(Body::empty()).unwrap()).await;
    assert_eq!(status, 200);
    assert!(page.contains("100 % &#60;b&#62;new&#60;/b&#62;"), "{page}");
    let (_, more) = page.split_once("rel=\"next\" href=\"").unwrap();
    let more = more.split_once('"').unwrap().0.replace("&#38;", "&");
    let (_, _, second) = get(app, &format!("/posts{more}")).await;
    assert_eq!(
        ids(second["items"].as_array().unwrap()),
        (62..=81).rev().collect::<Vec<_>>()
    );
}

async fn what_a_stranger_sends_is_refused_by_name(app: &Router) {
    let (_, _, page) = get(app, "/posts").await;
    let cursor = page["cursor"].as_str().unwrap();
    let long = "x".repeat(81);
    for (path, parameter) in [
        ("/posts?author=%00".to_owned(), "author"),
        (format!("/posts?text={long}"), "text"),
        ("/posts?sort=id;--".to_owned(), "sort"),
        ("/posts?results_per_page=0".to_owned(), "results_per_page"),
        (format!("/posts?author=Ada&cursor={cursor}"), "cursor"),
        (format!("/posts?sort=title&cursor={cursor}"), "cursor"),
        ("/posts/one".to_owned(), "id"),
    ] {
        let (status, _, problem) = get(app, &path).await;
        assert_eq!(status, 400, "{path}");
        let detail = problem["detail"].as_str().unwrap();
        let named = problem["parameter"] == parameter || parameter == "id";
        assert!(named, "{path}: {detail}");
    }
    let (status, _, _) = get(app, "/posts/102").await;
    assert_eq!(status, 404);
    for draft in [
        json!({"author": "", "title": "t", "body": ""}),
        json!({"author": "a", "title": "\0", "body": ""}),
        json!({"author": "a", "title": "t", "body": "x".repeat(10_001)}),
        json!({"author": "a", "title": "t"}),
    ] {
        let (status, _, problem) = post(app, &draft).await;
        assert_eq!(status, 422, "{problem}");
    }
}

#[tokio::test]
async fn on_sqlite() {
    let database = database::sqlite_file().await;
    let posts = Database::with_sqlite(database.pool.clone()).await.unwrap();
    check(posts).await;
    // Nothing is made twice.
    let again = Database::with_sqlite(database.pool.clone()).await.unwrap();
    let app = posts::app(again, CursorKey::new([7; 32]));
    assert_eq!(walk(&app, "").await.len(), 101);
}

#[tokio::test]
async fn on_postgres() {
    let Some(database) = database::postgres().await else {
        return;
    };
    let posts = Database::with_postgres(database.pool.clone())
        .await
        .unwrap();
    check(posts).await;
}
