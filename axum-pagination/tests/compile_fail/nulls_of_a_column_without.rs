use axum_pagination::Order;

struct Post {
    id: i64,
    pinned: i64,
}

fn main() {
    let _ = Order::named("pinned").desc("pinned", |post: &Post| post.pinned).nulls_last().unique_asc("id", |post| post.id);
}
