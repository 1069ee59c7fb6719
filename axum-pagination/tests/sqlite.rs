//! Keyset pages out of SQLite, through a router.
#![cfg(feature = "sqlite")]
#![allow(clippy::unwrap_used)]

use std::sync::LazyLock;

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::Request;
use axum::response::IntoResponse;
use axum::routing::get;
use axum_pagination::{
    ClassicParams, CursorKey, CursorPage, CursorParams, OffsetParams, Order, PageError, keyset,
};
use serde::Serialize;
use sqlx::{FromRow, SqlitePool};
use tower::ServiceExt;

#[derive(FromRow, Serialize)]
struct Post {
    id: i64,
    pinned: Option<i64>,
    title: String,
}

static PINNED: LazyLock<Order<Post>> = LazyLock::new(|| {
    Order::named("pinned")
        .desc("pinned", |post: &Post| post.pinned)
        .asc("title", |post| post.title.clone())
        .unique_desc("id", |post| post.id)
});

static KEY: LazyLock<CursorKey> = LazyLock::new(|| CursorKey::new([3; 32]));

async fn list(
    State(pool): State<SqlitePool>,
    page: CursorParams<20, 100>,
) -> Result<CursorPage<Post>, PageError> {
    let least = 0_i64;
    keyset(&PINNED)
        .select(|q| {
            q.push("SELECT id, pinned, title FROM posts WHERE id > ")
                .push_bind(least);
        })
        .scope(&least)
        .signed(&KEY)
        .fetch(&pool, &page)
        .await
}

async fn pool() -> SqlitePool {
    let pool = sqlx::sqlite::SqlitePoolOptions::new()
        .max_connections(1)
        .connect("sqlite::memory:")
        .await
        .unwrap();
    sqlx::query("CREATE TABLE posts (id INTEGER PRIMARY KEY, pinned INTEGER, title TEXT NOT NULL)")
        .execute(&pool)
        .await
        .unwrap();
    for id in 1..=23_i64 {
        let pinned = (id % 3 != 0).then_some(id % 4);
        sqlx::query("INSERT INTO posts VALUES (?, ?, ?)")
            .bind(id)
            .bind(pinned)
            .bind(format!("t{}", id % 2))
            .execute(&pool)
            .await
            .unwrap();
    }
    pool
}

async fn ask(app: &Router, path: &str) -> serde_json::Value {
    let response = app
        .clone()
        .oneshot(Request::get(path).body(Body::empty()).unwrap())
        .await
        .unwrap();
    let body = axum::body::to_bytes(response.into_body(), 1 << 20)
        .await
        .unwrap();
    serde_json::from_slice(&body).unwrap()
}

#[tokio::test]
async fn pages_laid_end_to_end_are_the_list() {
    let pool = pool().await;
    let expected: Vec<i64> =
        sqlx::query_scalar("SELECT id FROM posts ORDER BY pinned DESC, title, id DESC")
            .fetch_all(&pool)
            .await
            .unwrap();
    let app = Router::new().route("/", get(list)).with_state(pool);
    for size in [1, 2, 3, 7, 50] {
        let mut seen = Vec::new();
        let mut cursor = String::new();
        let mut previous = None;
        loop {
            let page = ask(&app, &format!("/?results_per_page={size}&cursor={cursor}")).await;
            let ids: Vec<i64> = page["items"]
                .as_array()
                .unwrap_or_else(|| panic!("{page}"))
                .iter()
                .map(|item| item["id"].as_i64().unwrap())
                .collect();
            if let Some(before) = &previous {
                let back = ask(
                    &app,
                    &format!(
                        "/?results_per_page={size}&cursor={}",
                        page["previous_cursor"].as_str().unwrap()
                    ),
                )
                .await;
                assert_eq!(&back["items"], before);
            }
            previous = Some(page["items"].clone());
            seen.extend(ids);
            let Some(next) = page["cursor"].as_str() else {
                break;
            };
            cursor = next.to_owned();
        }
        assert_eq!(seen, expected, "{size}");
    }
}

#[tokio::test]
async fn counted_pages_send_the_count() {
    let pool = pool().await;
    let all = || {
        keyset(&PINNED).select::<sqlx::Sqlite>(|q| {
            q.push("SELECT id, pinned, title FROM posts");
        })
    };
    let classic = ClassicParams::<20, 100>::new(10, 3).unwrap();
    let classic = all().classic(&pool, &classic).await.into_response();
    assert_eq!(classic.headers()["x-total-count"], "23");
    let offset = OffsetParams::<20, 100>::new(10, 30).unwrap();
    let offset = all().offset(&pool, &offset).await.into_response();
    assert_eq!(offset.headers()["x-total-count"], "23");
}

/// SQLite finds `p."ID"` in a column `id`, and so do we.
#[tokio::test]
async fn a_column_is_found_whatever_its_case() {
    let pool = pool().await;
    let page = async |order: &Order<(i64,)>, base: &'static str, cursor: Option<&str>| {
        let list = keyset(order).select::<sqlx::Sqlite>(|q| {
            q.push(base);
        });
        let page = CursorParams::<20, 100>::new(cursor, 2).unwrap();
        list.fetch(&pool, &page).await
    };
    let upper = Order::named("upper")
        .desc("TITLE", |_: &(i64,)| String::new())
        .unique_asc("Id", |row| row.0);
    let base = "SELECT id, title FROM posts WHERE id < 6";
    let first = page(&upper, base, None).await.unwrap();
    assert_eq!(first.items(), [(1,), (3,)]);
    let second = page(&upper, base, first.next_cursor()).await.unwrap();
    assert_eq!(second.items(), [(5,), (2,)]);

    // Of two SQLite takes the first, under either name.
    let by_b = Order::named("b").unique_asc("B", |row: &(i64,)| row.0);
    let base = "SELECT id, -id AS b, id AS B FROM posts WHERE id < 6";
    let first = page(&by_b, base, None).await.unwrap();
    assert_eq!(first.items(), [(5,), (4,)]);
    let second = page(&by_b, base, first.next_cursor()).await.unwrap();
    assert_eq!(second.items(), [(3,), (2,)]);
}

/// What the documentation says of the end of a base query.
#[tokio::test]
async fn behind_a_semicolon_nothing_may_follow() {
    let pool = pool().await;
    let by_id = Order::named("id").unique_asc("id", |row: &(i64,)| row.0);
    let page = async |end: &'static str| {
        let list = keyset(&by_id).select::<sqlx::Sqlite>(|q| {
            q.push("SELECT id FROM posts").push(end);
        });
        list.fetch(&pool, &CursorParams::<20, 100>::default()).await
    };
    for end in [
        "",
        ";",
        " ;\n; ",
        " -- all of them",
        " -- all; of them;",
        " /* all */",
    ] {
        assert_eq!(page(end).await.unwrap().items().len(), 20, "{end}");
    }
    for end in ["; -- all of them", "; /* all */"] {
        let error = page(end).await.unwrap_err();
        assert!(matches!(error, PageError::Database(_)), "{end}: {error}");
    }
}
