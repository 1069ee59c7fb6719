//! Every public type can be sent, shared and shown.

use std::fmt::Debug;

use axum_pagination::rejection::{InvalidQuery, UnknownCursor};
use axum_pagination::{
    Blocking, ClassicPage, ClassicPagination, ClassicParams, CursorPage, CursorPagination,
    CursorParams, InMemory, InMemoryByKey, Inline, Names, OffsetPage, OffsetPagination,
    OffsetParams, PageError, Standard, Total,
};

/// Neither `Clone` nor `Debug`: nobody has to derive them for the names of parameters.
struct Own;

impl Names for Own {}

fn plain<T: Send + Sync + Debug + 'static>() {}
fn copied<T: Clone>() {}
fn error<T: std::error::Error + Send + Sync + 'static>() {}

#[test]
fn public_types_are_send_sync_and_debug() {
    plain::<ClassicParams<20, 100, Own>>();
    plain::<OffsetParams<20, 100, Own>>();
    plain::<CursorParams<20, 100, Own>>();
    plain::<ClassicPagination<u8>>();
    plain::<OffsetPagination<u8>>();
    plain::<CursorPagination<u8, u8>>();
    plain::<ClassicPage<u8>>();
    plain::<OffsetPage<u8>>();
    plain::<CursorPage<u8>>();
    plain::<InMemory<u8>>();
    plain::<InMemoryByKey<u8, u8, fn(&u8) -> u8>>();
    plain::<Blocking<Standard>>();
    plain::<Inline<Standard>>();
    plain::<Total>();
    error::<PageError>();
    error::<UnknownCursor>();
    error::<InvalidQuery>();
}

#[test]
fn what_handlers_hand_around_can_be_cloned() {
    copied::<ClassicParams<20, 100, Own>>();
    copied::<OffsetParams<20, 100, Own>>();
    copied::<CursorParams<20, 100, Own>>();
    copied::<ClassicPage<u8>>();
    copied::<InMemory<Own>>();
    copied::<Blocking<Own>>();
}

#[test]
fn parameters_are_the_first_page_by_default() {
    let classic = ClassicParams::<7, 10>::default();
    assert_eq!(
        (
            classic.page_size().get(),
            classic.current_page().get(),
            classic.offset()
        ),
        (7, 1, 0)
    );
    let offset = OffsetParams::<7, 10>::default();
    assert_eq!((offset.limit().get(), offset.offset()), (7, 0));
    let cursor = CursorParams::<7, 10>::default();
    assert_eq!(
        (cursor.results_per_page().get(), cursor.cursor()),
        (7, None)
    );
    assert_eq!(
        format!("{cursor:?}"),
        r#"CursorParams { results_per_page: 7, cursor: None, query: "" }"#
    );
}
