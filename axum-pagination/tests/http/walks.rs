//! Laws: pages laid end to end are the list, and no query breaks anything.

use axum::Router;
use proptest::prelude::*;
use tokio::runtime::Builder;

use crate::{Answer, app, ask};

fn block_on<T>(future: impl Future<Output = T>) -> T {
    Builder::new_current_thread()
        .build()
        .unwrap()
        .block_on(future)
}

/// All answers from here on, by links with this relation.
async fn walk(app: &Router, path: &str, query: &str, rel: &str) -> Vec<Answer> {
    let mut answers = Vec::new();
    let mut query = Some(query.to_owned());
    while let Some(to) = query {
        let answer = ask(app, &format!("{path}{to}")).await;
        assert_eq!(answer.status, 200, "{path}{to}");
        query = answer.link(rel);
        answers.push(answer);
        assert!(answers.len() <= 200, "a walk without end: {path}");
    }
    answers
}

fn ids(answers: &[Answer]) -> Vec<String> {
    answers.iter().flat_map(Answer::ids).collect()
}

fn all(count: usize) -> Vec<String> {
    (1..=count).map(|n| format!("p{n:02}")).collect()
}

fn parameters(query: &str) -> Vec<(String, String)> {
    let parsed = form_urlencoded::parse(query.trim_start_matches('?').as_bytes());
    parsed.into_owned().collect()
}

#[tokio::test]
async fn links_say_where_they_lead() {
    let app = app(50);
    let answer = ask(
        &app,
        "/classic-linked?page_size=10&current_page=2&x=a%20b&x=2",
    )
    .await;
    assert_eq!(
        answer.header("link"),
        Some(concat!(
            r#"<?x=a%20b&x=2&page_size=10&current_page=1>; rel="first", "#,
            r#"<?x=a%20b&x=2&page_size=10&current_page=1>; rel="prev", "#,
            r#"<?x=a%20b&x=2&page_size=10&current_page=3>; rel="next", "#,
            r#"<?x=a%20b&x=2&page_size=10&current_page=5>; rel="last""#,
        ))
    );
    let answer = ask(&app, "/offset-linked?limit=10&offset=20").await;
    assert_eq!(
        answer.header("link"),
        Some(concat!(
            r#"<?limit=10&offset=0>; rel="first", <?limit=10&offset=10>; rel="prev", "#,
            r#"<?limit=10&offset=30>; rel="next", <?limit=10&offset=40>; rel="last""#,
        ))
    );
    assert_eq!(answer.header("x-total-count"), Some("50"));
    let answer = ask(&app, "/cursor-linked?cursor=p10&sort=-name").await;
    assert_eq!(
        answer.header("link"),
        Some(concat!(
            r#"<?sort=-name&results_per_page=20>; rel="first", "#,
            r#"<?sort=-name&results_per_page=20&cursor=p30>; rel="next""#,
        ))
    );
    assert_eq!(answer.header("x-total-count"), None);
    for bare in ["/classic", "/offset", "/cursor"] {
        let answer = ask(&app, bare).await;
        assert_eq!(
            (answer.header("link"), answer.header("x-total-count")),
            (None, None)
        );
    }
}

#[test]
fn a_base_stays_whatever_is_said_before_it_and_after() {
    use axum::response::IntoResponse;
    use axum_pagination::{CursorPage, CursorParams};

    let params = CursorParams::<20, 100>::new(None, 2).unwrap();
    let page = || CursorPage::new(vec![1], params.results_per_page(), None, None);
    let base = &http::Uri::from_static("https://example.com/n?left=out");
    for page in [
        page().link(&params).link_base(base),
        page().link_base(base).link(&params),
        page().link(&params).link_base(base).link(&params),
        page().link_base(base).link(&params).map_items(|n| n + 1),
        page()
            .link_base(&http::Uri::from_static("/before"))
            .link_base(base)
            .link(&params),
    ] {
        let response = page.into_response();
        assert_eq!(
            response.headers()["link"],
            r#"<https://example.com/n?results_per_page=2>; rel="first""#
        );
    }
    let unlinked = page().link_base(base).into_response();
    assert!(!unlinked.headers().contains_key("link"));
}

#[tokio::test]
async fn refusals_have_no_links() {
    let answer = ask(&app(50), "/classic-linked?page_size=0").await;
    assert_eq!(
        (answer.header("link"), answer.header("x-total-count")),
        (None, None)
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn pages_laid_end_to_end_are_the_list(count in 0..60usize, size in 1..=21u64) {
        block_on(async {
            let app = app(count);
            for (path, name) in [("/classic-linked", "page_size"), ("/offset-linked", "limit"), ("/cursor-linked", "results_per_page")] {
                let forward = walk(&app, path, &format!("?{name}={size}"), "next").await;
                assert_eq!(ids(&forward), all(count), "{path}");
                let last = forward.last().unwrap();
                if let Some(back) = last.link("last") {
                    let mut backward = walk(&app, path, &back, "prev").await;
                    backward.reverse();
                    assert_eq!(ids(&backward), all(count), "{path}");
                }
            }
        });
    }

    #[test]
    fn other_parameters_survive_every_step(pairs in prop::collection::vec(("[a-z<>&=% \"\u{e9}]{0,5}", ".{0,8}"), 0..5)) {
        let own = ["limit", "offset"];
        let pairs: Vec<_> = pairs.into_iter().filter(|(name, _)| !own.contains(&name.as_str())).collect();
        let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(&pairs).finish();
        block_on(async {
            let app = app(30);
            for answer in walk(&app, "/offset-linked", &format!("?{query}&limit=7"), "next").await {
                for rel in ["first", "prev", "next", "last"] {
                    let Some(target) = answer.link(rel) else { continue };
                    let kept: Vec<_> = parameters(&target).into_iter().filter(|(name, _)| !own.contains(&name.as_str())).collect();
                    assert_eq!(kept, pairs, "{target}");
                }
            }
        });
    }

    #[test]
    fn every_query_is_a_page_or_a_problem(query in "((page_size|current_page|limit|offset|cursor|results_per_page|[!$-;=?-~]{0,4})=?([0-9]{1,20}|p[0-9]{2}|[!$-;=?-~]{0,6})&?){0,4}") {
        block_on(async {
            let app = app(50);
            for path in ["/classic-linked", "/offset-linked", "/cursor-linked"] {
                let answer = ask(&app, &format!("{path}?{query}")).await;
                match answer.status.as_u16() {
                    200 => {
                        for rel in ["first", "prev", "next", "last"] {
                            let Some(target) = answer.link(rel) else { continue };
                            assert_eq!(ask(&app, &format!("{path}{target}")).await.status, 200, "{target}");
                        }
                    }
                    400 => assert!(answer.json()["parameter"].is_string()),
                    status => panic!("{status} of {path}?{query}"),
                }
            }
        });
    }
}
