use axum::response::IntoResponse;
use axum_pagination::CursorPage;

struct Post;

fn respond(page: CursorPage<Post>) -> impl IntoResponse {
    page
}

fn main() {
    let _ = respond;
}
