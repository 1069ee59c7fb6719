use axum_layered::header;

fn main() {
    let _ = header!("x-name", "two\r\nlines");
}
