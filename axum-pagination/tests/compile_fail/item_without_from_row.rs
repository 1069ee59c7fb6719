use axum_pagination::{CursorPage, CursorParams, Order, PageError, keyset};
use sqlx::SqlitePool;

struct Post {
    id: i64,
}

async fn list(order: &Order<Post>, pool: &SqlitePool, page: &CursorParams) -> Result<CursorPage<Post>, PageError> {
    keyset(order).select(|q| { q.push("SELECT id FROM posts"); }).fetch(pool, page).await
}

fn main() {
    let _ = list;
}
