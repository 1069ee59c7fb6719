use axum_pagination::testing::laws;

struct Endpoint;

fn main() {
    let _ = laws(&Endpoint, |id: &i64| *id);
}
