use axum_pagination::Order;

struct Post {
    title: String,
}

fn main() {
    let _: Order<Post> = Order::named("title").asc("title", |post: &Post| post.title.clone());
}
