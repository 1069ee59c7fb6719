use axum_layered::ETag;

const TAG: ETag = ETag::strong("\"v1\"");

fn main() {
    let _ = TAG;
}
