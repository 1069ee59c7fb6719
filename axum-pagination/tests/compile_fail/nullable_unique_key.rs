use axum_pagination::Order;

struct Post {
    id: Option<i64>,
}

fn main() {
    let _ = Order::named("id").unique_asc("id", |post: &Post| post.id);
}
