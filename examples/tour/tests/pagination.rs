//! The same people in every style, out of memory and out of the database.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request};
use serde_json::Value;
use tower::ServiceExt;

async fn app() -> Router {
    let folder = tour::Folder::write().expect("a folder");
    tour::app(folder).await.expect("a database")
}

async fn get(app: &Router, path: &str) -> (HeaderMap, Value) {
    let request = Request::get(path).body(Body::empty()).expect(path);
    let Ok(response) = app.clone().oneshot(request).await;
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, 100_000).await.expect("a whole body");
    assert_eq!(parts.status, 200, "{path}: {body:?}");
    (parts.headers, serde_json::from_slice(&body).expect("JSON"))
}

fn ids(page: &Value) -> Vec<String> {
    let items = page["items"].as_array().into_iter().flatten();
    let id = |item: &Value| item["id"].as_str().expect("an id").to_owned();
    items.map(id).collect()
}

/// `p01` to `p50`.
fn everybody() -> Vec<String> {
    (1..=50).map(|number| format!("p{number:02}")).collect()
}

/// The target of the link with this relation.
fn link(headers: &HeaderMap, rel: &str) -> Option<String> {
    let links = headers.get("link")?.to_str().expect("text").split(", ");
    let end = format!(">; rel=\"{rel}\"");
    let mut targets = links.filter_map(|link| link.strip_prefix('<')?.strip_suffix(&end));
    targets.next().map(str::to_owned)
}

#[tokio::test]
async fn the_database_has_the_pages_of_the_list() {
    let app = app().await;
    for query in [
        "",
        "?page_size=7&current_page=8&limit=7&offset=49",
        "?page_size=100&limit=100",
        "?current_page=9&offset=50",
    ] {
        for style in ["classic", "offset"] {
            let (list, in_memory) = get(&app, &format!("/pagination/{style}{query}")).await;
            let (table, in_sqlite) = get(&app, &format!("/pagination/{style}-sql{query}")).await;
            assert_eq!(in_memory, in_sqlite, "{style}{query}");
            assert!(link(&list, "first").is_none() && link(&table, "first").is_some());
            assert_eq!(table["x-total-count"], "50");
        }
    }
}

#[tokio::test]
async fn links_lead_through_all_orders_and_back() {
    let app = app().await;
    let backwards: Vec<_> = everybody().into_iter().rev().collect();
    for (sort, expected) in [
        ("", everybody()),
        ("&sort=id", everybody()),
        ("&sort=name", everybody()),
        ("&sort=-name", backwards),
    ] {
        let mut path = format!("/pagination/cursor-sql?results_per_page=15{sort}");
        let mut seen = Vec::new();
        let last = loop {
            let (headers, page) = get(&app, &path).await;
            seen.extend(ids(&page));
            match link(&headers, "next") {
                Some(next) => path = next,
                None => break headers,
            }
        };
        assert_eq!(seen, expected, "{sort}");
        let before = link(&last, "prev").expect("a page before");
        let (_, page) = get(&app, &before).await;
        assert_eq!(ids(&page), expected[30..45], "{sort}");
    }
}

#[tokio::test]
async fn the_cursor_of_the_list_in_memory_is_an_id() {
    let app = app().await;
    let mut cursor = String::new();
    let mut seen = Vec::new();
    loop {
        let (_, page) = get(&app, &format!("/pagination/cursor?cursor={cursor}")).await;
        seen.extend(ids(&page));
        match page["cursor"].as_str() {
            Some(next) => assert_eq!(next, seen[seen.len() - 1]),
            None => break,
        }
        cursor.clone_from(&seen[seen.len() - 1]);
    }
    assert_eq!(seen, everybody());
}
