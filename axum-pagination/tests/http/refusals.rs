//! What is not answered with a page.

use std::convert::Infallible;
use std::num::NonZeroU64;

use axum::Router;
use axum::routing::get;
use axum_pagination::{
    ClassicPaginator, ClassicParams, CursorPaginator, CursorParams, InMemory, Names,
    OffsetPaginator, OffsetParams, PageError,
};

use crate::{app, ask};

/// A 400 that names this parameter, in the member and in the detail.
async fn check(uri: &str, parameter: &str, says: &str) {
    let answer = ask(&app(50), uri).await;
    assert_eq!(answer.status, 400, "{uri}");
    assert_eq!(
        answer.header("content-type"),
        Some("application/problem+json"),
        "{uri}"
    );
    let problem = answer.json();
    assert_eq!(problem["type"], "urn:problem-type:invalid-query", "{uri}");
    assert_eq!(problem["parameter"], parameter, "{uri}");
    let detail = problem["detail"].as_str().unwrap();
    assert!(
        detail.contains(&format!("`{parameter}` {says}")),
        "{uri}: {detail}"
    );
}

/// What is no number from 1 to 100, however it is spelt.
const NO_SIZES: [&str; 16] = [
    "0",
    "00",
    "-1",
    "-0",
    "",
    "ten",
    "10.5",
    "1e1",
    "0x10",
    "%2B5",
    "+5",
    "5+",
    "%205",
    "101",
    "9223372036854775808",
    "99999999999999999999",
];

#[tokio::test]
async fn sizes_are_numbers_from_1_to_the_maximum() {
    let says = "must be a whole number from 1 to 100, in decimal digits";
    for no_size in NO_SIZES {
        check(&format!("/classic?page_size={no_size}"), "page_size", says).await;
        check(&format!("/offset?limit={no_size}"), "limit", says).await;
        check(
            &format!("/cursor?results_per_page={no_size}"),
            "results_per_page",
            says,
        )
        .await;
    }
    check("/classic?page_size", "page_size", says).await;
    check("/classic?page_size=%D9%A5", "page_size", says).await; // U+0665, a digit of another script
}

#[tokio::test]
async fn positions_are_numbers_that_rows_can_be_counted_to() {
    for no_page in ["0", "-1", "", "two", "1.0", "%2B1", "18446744073709551616"] {
        check(
            &format!("/classic?current_page={no_page}"),
            "current_page",
            "must be a whole number from 1 to ",
        )
        .await;
    }
    for no_offset in [
        "-1",
        "",
        "b",
        "1.0",
        "%2B1",
        "9223372036854775807",
        "18446744073709551616",
    ] {
        check(
            &format!("/offset?offset={no_offset}"),
            "offset",
            "must be a whole number from 0 to ",
        )
        .await;
    }
    check(
        "/classic?page_size=1&current_page=92233720368547759",
        "current_page",
        "must be a whole number from 1 to 92233720368547758,",
    )
    .await;
    check(
        "/offset?limit=1&offset=9223372036854775707",
        "offset",
        "must be a whole number from 0 to 9223372036854775706,",
    )
    .await;
}

#[tokio::test]
async fn a_parameter_is_given_once() {
    let says = "is given more than once";
    check("/classic?page_size=1&page_size=1", "page_size", says).await;
    check(
        "/classic?current_page=1&x=2&current_page=2",
        "current_page",
        says,
    )
    .await;
    check("/offset?limit=1&%6Cimit=1", "limit", says).await;
    check("/offset?offset=1&offset=", "offset", says).await;
    check("/cursor?cursor=p10&cursor=p20", "cursor", says).await;
    check("/cursor?cursor=&cursor=p20", "cursor", says).await;
}

#[tokio::test]
async fn cursors_are_those_that_were_given_out() {
    let unknown = "is not a cursor of this list";
    check("/cursor?cursor=nope", "cursor", unknown).await;
    check("/cursor?cursor=P10", "cursor", unknown).await;
    check("/cursor?cursor=p10%00", "cursor", unknown).await;
    check("/cursor?cursor=%FF", "cursor", "must be UTF-8").await;
    check(
        &format!("/cursor?cursor={}", "a".repeat(4096)),
        "cursor",
        unknown,
    )
    .await;
    check(
        &format!("/cursor?cursor={}", "a".repeat(4097)),
        "cursor",
        "must have at most 4096 bytes",
    )
    .await;
}

#[tokio::test]
async fn refusals_and_links_know_parameters_by_their_own_names() {
    struct JsonApi;

    impl Names for JsonApi {
        const RESULTS_PER_PAGE: &'static str = "page[size]";
        const CURSOR: &'static str = "page[after]";
    }

    async fn numbers(
        params: CursorParams<2, 10, JsonApi>,
    ) -> Result<axum_pagination::CursorPage<u32>, PageError> {
        let numbers = InMemory::new(vec![1, 2, 3, 4, 5]).cursor_by(|number| *number);
        numbers.page(params).await
    }

    let app = Router::new().route("/", get(numbers));
    for (query, parameter) in [
        ("page[size]=11", "page[size]"),
        ("page%5Bafter%5D=x", "page[after]"),
        ("page[after]=9", "page[after]"),
    ] {
        let answer = ask(&app, &format!("/?{query}")).await;
        assert_eq!(
            (answer.status.as_u16(), &answer.json()["parameter"]),
            (400, &parameter.into())
        );
    }
    let answer = ask(&app, "/?page[after]=2&cursor=mine").await;
    assert_eq!(
        answer.link("next").as_deref(),
        Some("?cursor=mine&page%5Bsize%5D=2&page%5Bafter%5D=4")
    );
}

/// Takes no notice of what it is asked for.
struct Everything;

impl ClassicPaginator for Everything {
    type Item = u8;
    type Error = Infallible;

    async fn get_total(&self) -> Result<u64, Infallible> {
        Ok(3)
    }

    async fn get_items(&self, _: NonZeroU64, _: NonZeroU64) -> Result<Vec<u8>, Infallible> {
        Ok(vec![1, 2, 3])
    }
}

impl OffsetPaginator for Everything {
    type Item = u8;
    type Error = Infallible;

    async fn get_total(&self) -> Result<u64, Infallible> {
        Ok(3)
    }

    async fn get_items(&self, _: NonZeroU64, _: u64) -> Result<Vec<u8>, Infallible> {
        Ok(vec![1, 2, 3])
    }
}

impl CursorPaginator for Everything {
    type Item = u8;
    type Cursor = u8;
    type Error = Infallible;

    async fn get_items(
        &self,
        _: Option<u8>,
        _: NonZeroU64,
    ) -> Result<(Vec<u8>, Option<u8>), Infallible> {
        Ok((vec![1, 2, 3], None))
    }
}

#[tokio::test]
async fn more_items_than_a_page_has_are_a_failure_of_the_paginator() {
    let is_declaration = |error| matches!(error, PageError::Declaration(text) if text.contains("3 items for a page of 2"));
    let classic = ClassicParams::<20, 100>::new(2, 1).unwrap();
    assert!(is_declaration(
        ClassicPaginator::paginate(&Everything, classic)
            .await
            .unwrap_err()
    ));
    let offset = OffsetParams::<20, 100>::new(2, 0).unwrap();
    assert!(is_declaration(
        OffsetPaginator::paginate(&Everything, offset)
            .await
            .unwrap_err()
    ));
    let cursor = CursorParams::<20, 100>::new(None, 2).unwrap();
    assert!(is_declaration(
        CursorPaginator::paginate(&Everything, cursor)
            .await
            .unwrap_err()
    ));
}

#[tokio::test]
async fn beyond_the_end_nobody_is_asked_for_items() {
    let classic = ClassicParams::<20, 100>::new(2, 3).unwrap();
    let page = ClassicPaginator::paginate(&Everything, classic)
        .await
        .unwrap();
    assert_eq!((page.items, page.total_pages), (vec![], 2));
    let offset = OffsetParams::<20, 100>::new(2, 3).unwrap();
    let page = OffsetPaginator::paginate(&Everything, offset)
        .await
        .unwrap();
    assert_eq!((page.items, page.total), (vec![], 3));
}
