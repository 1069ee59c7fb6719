use axum_layered::header;

fn main() {
    let _ = header!("no token", "value");
}
