use axum_layered::CacheControl;

const CACHE: CacheControl = CacheControl::NO_STORE.public();

fn main() {
    let _ = CACHE;
}
