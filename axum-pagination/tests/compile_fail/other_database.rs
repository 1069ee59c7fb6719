use axum_pagination::Backend;

struct Any;

fn pages_of<DB: Backend>() {}

fn main() {
    pages_of::<Any>();
}
