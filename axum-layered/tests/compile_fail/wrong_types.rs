use axum_layered::{Declare, Layered};

fn main() {
    let _: Layered = Layered::new().header("x-name");
    let _: Layered = Layered::new().etag("v1");
    let _: Layered = Layered::new().cache_control("no-store");
    let _: Layered = Layered::new().route("/", "no handler");
}
