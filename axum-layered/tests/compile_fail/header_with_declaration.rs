use axum_layered::header;

fn main() {
    let _ = header!("Set-Cookie", "a=b");
    let _ = header!("ETag", "\"v\"");
    let _ = header!("Content-Length", "5");
}
