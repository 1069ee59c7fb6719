//! What pages look like, byte for byte.

use crate::{app, ask};

fn items(numbers: std::ops::RangeInclusive<usize>) -> String {
    let items: Vec<String> = numbers
        .map(|n| format!(r#"{{"id":"p{n:02}","name":"Person {n:02}"}}"#))
        .collect();
    format!(r#"{{"items":[{}]"#, items.join(","))
}

/// Of fifty people: these, and behind them this.
async fn check(uri: &str, numbers: std::ops::RangeInclusive<usize>, rest: &str) {
    let answer = ask(&app(50), uri).await;
    assert_eq!(answer.status, 200, "{uri}");
    assert_eq!(
        answer.header("content-type"),
        Some("application/json"),
        "{uri}"
    );
    assert_eq!(answer.body, items(numbers) + rest, "{uri}");
}

#[expect(clippy::reversed_empty_ranges, reason = "no items")]
const NONE: std::ops::RangeInclusive<usize> = 1..=0;

#[tokio::test]
async fn classic_pages() {
    check(
        "/classic?page_size=10&current_page=1",
        1..=10,
        r#","page_size":10,"current_page":1,"total_pages":5}"#,
    )
    .await;
    check(
        "/classic?page_size=20&current_page=3",
        41..=50,
        r#","page_size":20,"current_page":3,"total_pages":3}"#,
    )
    .await;
    check(
        "/classic?page_size=10&current_page=6",
        NONE,
        r#","page_size":10,"current_page":6,"total_pages":5}"#,
    )
    .await;
    check(
        "/classic",
        1..=20,
        r#","page_size":20,"current_page":1,"total_pages":3}"#,
    )
    .await;
    check(
        "/classic?page_size=100",
        1..=50,
        r#","page_size":100,"current_page":1,"total_pages":1}"#,
    )
    .await;
    check(
        "/classic?page_size=010&current_page=02&x=1",
        11..=20,
        r#","page_size":10,"current_page":2,"total_pages":5}"#,
    )
    .await;
    check(
        "/classic?page_size=1&current_page=92233720368547758",
        NONE,
        r#","page_size":1,"current_page":92233720368547758,"total_pages":50}"#,
    )
    .await;
}

#[tokio::test]
async fn pages_by_limit_and_offset() {
    check(
        "/offset?limit=10&offset=0",
        1..=10,
        r#","limit":10,"offset":0,"total":50}"#,
    )
    .await;
    check(
        "/offset?limit=10&offset=39",
        40..=49,
        r#","limit":10,"offset":39,"total":50}"#,
    )
    .await;
    check(
        "/offset?limit=10&offset=45",
        46..=50,
        r#","limit":10,"offset":45,"total":50}"#,
    )
    .await;
    check(
        "/offset?limit=10&offset=50",
        NONE,
        r#","limit":10,"offset":50,"total":50}"#,
    )
    .await;
    check(
        "/offset?limit=1&offset=49",
        50..=50,
        r#","limit":1,"offset":49,"total":50}"#,
    )
    .await;
    check("/offset", 1..=20, r#","limit":20,"offset":0,"total":50}"#).await;
    check(
        "/offset?limit=1&offset=9223372036854775706",
        NONE,
        r#","limit":1,"offset":9223372036854775706,"total":50}"#,
    )
    .await;
}

#[tokio::test]
async fn pages_by_cursor() {
    check(
        "/cursor?results_per_page=10",
        1..=10,
        r#","results_per_page":10,"cursor":"p10"}"#,
    )
    .await;
    check(
        "/cursor?cursor=p10&results_per_page=10",
        11..=20,
        r#","results_per_page":10,"cursor":"p20"}"#,
    )
    .await;
    check(
        "/cursor?cursor=p40&results_per_page=10",
        41..=50,
        r#","results_per_page":10,"cursor":null}"#,
    )
    .await;
    check(
        "/cursor?cursor=p50&results_per_page=10",
        NONE,
        r#","results_per_page":10,"cursor":null}"#,
    )
    .await;
    check(
        "/cursor?results_per_page=50",
        1..=50,
        r#","results_per_page":50,"cursor":null}"#,
    )
    .await;
    check(
        "/cursor",
        1..=20,
        r#","results_per_page":20,"cursor":"p20"}"#,
    )
    .await;
    check(
        "/cursor?cursor=",
        1..=20,
        r#","results_per_page":20,"cursor":"p20"}"#,
    )
    .await;
    check(
        "/cursor?cursor=%70%31%30&results_per_page=1",
        11..=11,
        r#","results_per_page":1,"cursor":"p11"}"#,
    )
    .await;
}

#[tokio::test]
async fn pages_with_links_have_the_same_bodies() {
    check(
        "/classic-linked?page_size=10",
        1..=10,
        r#","page_size":10,"current_page":1,"total_pages":5}"#,
    )
    .await;
    check(
        "/offset-linked?limit=10",
        1..=10,
        r#","limit":10,"offset":0,"total":50}"#,
    )
    .await;
    check(
        "/cursor-linked?results_per_page=10",
        1..=10,
        r#","results_per_page":10,"cursor":"p10","previous_cursor":null}"#,
    )
    .await;
}

#[tokio::test]
async fn an_empty_list_has_no_pages_and_a_first_one() {
    let app = app(0);
    let classic = ask(&app, "/classic-linked").await;
    assert_eq!(
        classic.body,
        r#"{"items":[],"page_size":20,"current_page":1,"total_pages":0}"#
    );
    assert_eq!(classic.header("x-total-count"), Some("0"));
    let (first, last) = (classic.link("first"), classic.link("last"));
    assert_eq!(first.as_deref(), Some("?page_size=20&current_page=1"));
    assert_eq!(
        (last, classic.link("prev"), classic.link("next")),
        (first, None, None)
    );

    let cursor = ask(&app, "/cursor").await;
    assert_eq!(
        cursor.body,
        r#"{"items":[],"results_per_page":20,"cursor":null}"#
    );
}

#[tokio::test]
async fn clients_in_rust_read_what_is_sent() {
    use axum_pagination::{ClassicPagination, CursorPage, CursorPagination, OffsetPagination};

    use crate::Person;

    let app = app(50);
    let classic: ClassicPagination<Person> =
        serde_json::from_str(&ask(&app, "/classic").await.body).unwrap();
    assert_eq!((classic.items.len(), classic.total_pages), (20, 3));
    let offset: OffsetPagination<Person> =
        serde_json::from_str(&ask(&app, "/offset").await.body).unwrap();
    assert_eq!((offset.items.len(), offset.total), (20, 50));
    let cursor: CursorPagination<String, Person> =
        serde_json::from_str(&ask(&app, "/cursor").await.body).unwrap();
    assert_eq!(cursor.cursor.as_deref(), Some("p20"));
    let linked: CursorPage<Person> =
        serde_json::from_str(&ask(&app, "/cursor-linked").await.body).unwrap();
    assert_eq!(
        (linked.next_cursor(), linked.previous_cursor()),
        (Some("p20"), None)
    );
    assert_eq!(linked.bare(), cursor);
}

#[test]
fn a_page_that_cannot_be_written_is_a_failure_and_leads_nowhere() {
    use axum::response::IntoResponse;
    use axum_pagination::{ClassicPage, ClassicParams};

    struct Unwritable;

    impl serde::Serialize for Unwritable {
        fn serialize<S: serde::Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
            Err(serde::ser::Error::custom("no words for it"))
        }
    }

    let params = ClassicParams::<20, 100>::default();
    let response = ClassicPage::new(vec![Unwritable], &params, 1).into_response();
    assert_eq!(response.status(), 500);
    assert_eq!(response.headers().get("link"), None);
    assert_eq!(response.headers().get("x-total-count"), None);
}
