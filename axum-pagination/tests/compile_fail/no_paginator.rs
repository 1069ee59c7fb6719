use axum_pagination::{ClassicPaginator, CursorPaginator, OffsetPaginator};

struct People;

fn classic(_: impl ClassicPaginator) {}
fn offset(_: impl OffsetPaginator) {}
fn cursor(_: impl CursorPaginator) {}

fn main() {
    classic(People);
    offset(People);
    cursor(People);
}
