use axum_pagination::Order;

struct Id(i64);

struct Post {
    id: Id,
    title: String,
}

fn main() {
    let _ = Order::named("newtype").unique_asc("id", |post: &Post| Id(post.id.0));
    let _ = Order::named("borrowed").unique_asc("title", |_: &Post| "title");
}
