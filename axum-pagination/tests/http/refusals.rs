//! What is not answered with a page.

use std::convert::Infallible;
use std::num::NonZeroU64;

use axum::Router;
use axum::response::IntoResponse;
use axum::routing::get;
use axum_pagination::{
    ClassicPaginator, ClassicParams, CursorPage, CursorPagination, CursorPaginator, CursorParams,
    InMemory, Names, OffsetPaginator, OffsetParams, Order, PageError, Position, keyset,
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
    for broken in ["%FF", "a%EF%BF", "%EF%BF%BD%FF", "%C3+%A9"] {
        let uri = format!("/cursor?x=%FF&c%75rsor={broken}");
        check(&uri, "cursor", "must be UTF-8").await;
    }
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

#[tokio::test]
async fn a_cursor_may_hold_the_character_that_stands_for_what_is_no_text() {
    async fn letters(params: CursorParams<1, 10>) -> Result<CursorPage<&'static str>, PageError> {
        let letters = InMemory::new(vec!["a\u{fffd}", "\u{fffd} +%", "c"]);
        letters.cursor_by(ToString::to_string).page(params).await
    }

    let app = Router::new().route("/", get(letters));
    let mut uri = "/?x=%FF".to_owned();
    for expected in ["a\u{fffd}", "\u{fffd} +%"] {
        let answer = ask(&app, &uri).await;
        assert_eq!(answer.json()["cursor"], expected, "{uri}: {}", answer.body);
        uri = format!("/{}", answer.link("next").unwrap());
    }
    assert_eq!(ask(&app, &uri).await.json()["items"][0], "c");
}

/// Gives this cursor.
struct Gives(String);

impl CursorPaginator for Gives {
    type Item = u8;
    type Cursor = String;
    type Error = Infallible;

    async fn get_items(
        &self,
        _: Option<String>,
        _: NonZeroU64,
    ) -> Result<(Vec<u8>, Option<String>), Infallible> {
        Ok((vec![1], Some(self.0.clone())))
    }
}

#[tokio::test]
async fn a_cursor_that_would_not_lead_on_is_a_failure_of_the_paginator() {
    let params = CursorParams::<20, 100>::default();
    for (cursor, status) in [
        ("x".to_owned(), 200),
        ("x".repeat(4096), 200),
        (String::new(), 500),
        ("x".repeat(4097), 500),
        ("\u{e9}".repeat(2049), 500),
    ] {
        let is_given = status == 200;
        let paged = Gives(cursor.clone()).page(params.clone()).await;
        match &paged {
            Ok(_) => assert!(is_given, "{} bytes", cursor.len()),
            Err(error) => {
                assert!(!is_given && matches!(error, PageError::Declaration(_)));
                assert!(error.to_string().contains("cursor"), "{error}");
            }
        }
        assert_eq!(paged.into_response().status(), status);
        let bare = Gives(cursor.clone()).paginate(params.clone()).await;
        assert_eq!(bare.into_response().status(), status);

        // Pages that are put together by hand are judged when they are sent.
        let size = params.results_per_page();
        let page = |next, previous| CursorPage::new(vec![1], size, next, previous).link(&params);
        let some = || Some(cursor.clone());
        for page in [
            page(some(), None),
            page(None, some()),
            page(None, None).last(cursor.clone()),
            CursorPagination::new(vec![1], &params, some()).link(&params),
        ] {
            assert_eq!(page.into_response().status(), status);
        }
    }
}

#[tokio::test]
async fn keys_that_are_not_unique_are_a_failure_of_the_list_in_memory() {
    for (items, size) in [
        (vec![1, 1, 2], 1),
        (vec![1, 2, 1, 3], 1),
        (vec![2, 1, 1], 2),
    ] {
        let list = InMemory::new(items.clone()).cursor_by(|n| *n);
        let (mut cursor, mut pages) = (None::<String>, 0);
        let error = loop {
            pages += 1;
            assert!(pages < 9, "{items:?} does not end");
            let params = CursorParams::<20, 100>::new(cursor.as_deref(), size).unwrap();
            match list.page(params).await {
                Ok(page) => cursor = page.next_cursor().map(str::to_owned),
                Err(error) => break error,
            }
            assert!(cursor.is_some(), "{items:?} ended as if nothing were wrong");
        };
        let says = error.to_string();
        assert!(
            matches!(error, PageError::Declaration(_)),
            "{items:?}: {says}"
        );
        assert!(says.contains("unique"), "{says}");
    }
    // Where no page ends with it, nobody looks: as pages out of a database.
    let list = InMemory::new(vec![1, 1, 2]).cursor_by(|n| *n);
    let whole = list.page(CursorParams::<20, 100>::default()).await;
    assert_eq!(whole.unwrap().items(), [1, 1, 2]);
}

#[test]
fn keys_that_do_not_fit_the_order_are_told_on_every_page() {
    type Row = (String, i64, Option<i64>);
    let order = Order::named("title")
        .asc("title", |row: &Row| row.0.clone())
        .desc("rank", |row| row.2)
        .unique_asc("id", |row| row.1);
    let rows = vec![("a".to_owned(), 1, None), ("b".to_owned(), 2, Some(3))];
    let first = CursorParams::<20, 100>::new(None, 1).unwrap();
    let page = keyset(&order).assemble(rows, &first).unwrap();
    let second = CursorParams::<20, 100>::new(page.next_cursor(), 1).unwrap();
    let foreign = CursorParams::<20, 100>::new(Some("nope"), 1).unwrap();

    macro_rules! says {
        ($keys:ty, $says:literal) => {
            for params in [&first, &second, &foreign] {
                let position: Result<Position<$keys>, _> = keyset(&order).position(params);
                let error = position.unwrap_err();
                assert_eq!(error.status(), 500, "{error}");
                assert!(error.to_string().ends_with($says), "{error}");
            }
        };
    }
    says!(
        (i64, Option<i64>, i64),
        "the column `title` is declared as Text, and asked for as Int"
    );
    says!(
        (String, Option<f64>, i64),
        "the column `rank` is declared as Int, and asked for as Float"
    );
    says!(
        (String, i64, i64),
        "the column `rank` may be NULL; ask for an Option"
    );
    says!((String, i64), "it has 3 columns, and 2 were asked for");

    let position = keyset(&order).position(&second).unwrap();
    assert_eq!(
        position,
        Position::Forward(Some(("a".to_owned(), None::<i64>, 1_i64)))
    );
    // An Option that is never None does no harm, nor does an integer of another width.
    let position = keyset(&order).position(&second).unwrap();
    assert_eq!(
        position,
        Position::Forward(Some((Some("a".to_owned()), None::<u8>, 1_i32)))
    );
}
