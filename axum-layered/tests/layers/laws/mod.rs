//! The laws of merging, over random layers: what goes out is what an interpreter of the declarations says.

mod oracle;
mod tree;

use axum_layered::Layered;
use proptest::prelude::*;
use proptest::test_runner::Config;

use self::oracle::{Expected, Lines, expected};
use self::tree::{Answered, Asked, Chain, Join, Said, joined, shuffled};
use super::{Answer, ask};

/// The lines that the laws are about.
fn lines(answer: &Answer) -> Lines {
    let mut lines = Lines::new();
    for (name, value) in &answer.headers {
        if !matches!(name.as_str(), "content-length" | "content-type" | "allow") {
            let value = value.to_str().unwrap().to_owned();
            lines
                .entry(name.as_str().to_owned())
                .or_default()
                .push(value);
        }
    }
    lines
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap()
        .block_on(future)
}

fn answer(layered: Layered, path: &str, asked: &Asked) -> Answer {
    let router = layered.into_router();
    let condition = asked.if_none_match.map(|given| ("if-none-match", given));
    block_on(ask(&router, asked.method, path, condition.as_slice()))
}

fn of(chain: &[Vec<Said>], joins: &[Join], answered: &Answered, asked: &Asked) -> Answer {
    let (layered, path) = joined(answered.endpoint(), chain, joins);
    answer(layered, &path, asked)
}

fn seen(answer: Answer) -> Expected {
    Expected {
        status: answer.status.as_u16(),
        lines: lines(&answer),
        content: answer.body,
    }
}

proptest! {
    #![proptest_config(Config { cases: 1500, failure_persistence: None, ..Config::default() })]

    #[test]
    fn a_plan_gives_what_its_declarations_say(
        chain in tree::chain(),
        joins in tree::joins(),
        answered in tree::answered(),
        asked in tree::asked(),
    ) {
        let answer = of(&chain, &joins, &answered, &asked);
        if matches!(answer.status.as_u16(), 204 | 304) {
            answer.has_none(&["content-type", "content-length"]);
        }
        prop_assert_eq!(seen(answer), expected(&chain, &answered, &asked));
    }
}

proptest! {
    #![proptest_config(Config { cases: 300, failure_persistence: None, ..Config::default() })]

    #[test]
    fn the_sequence_within_a_layer_makes_no_difference(
        chain in tree::chain(),
        keys in prop::collection::vec(any::<u32>(), 1..20),
        answered in tree::answered(),
        asked in tree::asked(),
    ) {
        let again: Chain = chain.iter().map(|layer| shuffled(layer, &keys)).collect();
        let answers = [&chain, &again].map(|chain| seen(of(chain, &[Join::Nest], &answered, &asked)));
        prop_assert_eq!(&answers[0], &answers[1]);
    }

    #[test]
    fn nest_mount_and_merge_give_the_same(
        chain in tree::chain(),
        joins in tree::joins(),
        answered in tree::answered(),
        asked in tree::asked(),
    ) {
        let ways = [&joins[..], &[Join::Nest], &[Join::Mount], &[Join::Merge]];
        let answers = ways.map(|joins| seen(of(&chain, joins, &answered, &asked)));
        for other in &answers[1..] {
            prop_assert_eq!(&answers[0], other);
        }
    }
}

#[cfg(feature = "openapi")]
mod documents {
    use std::collections::BTreeSet;

    use axum_layered::Endpoint;
    use utoipa_axum::routes;

    use super::tree::Rule;
    use super::*;

    #[utoipa::path(get, path = "/leaf", responses((status = 200, description = "fine"), (status = 404, description = "none")))]
    async fn leaf() -> &'static str {
        "leaf"
    }

    fn document(chain: &[Vec<Said>], joins: &[Join]) -> (serde_json::Value, String) {
        let (layered, path) = joined(Endpoint::from(routes!(leaf)), chain, joins);
        let built = layered.build();
        let json = match built {
            Ok(built) => built.openapi.to_json().unwrap(),
            Err(errors) => errors.to_string(),
        };
        (serde_json::from_str(&json).unwrap_or_default(), path)
    }

    /// The names that layers send or document, of those that the handler may have itself.
    fn documented(chain: &[Vec<Said>], failed: bool) -> BTreeSet<&'static str> {
        let mut found = BTreeSet::new();
        for wanted in ["x-a", "x-b", "link", "vary"] {
            for layer in chain {
                let mut closes = false;
                for said in layer {
                    let Said::Header { name, rule, always } = said else {
                        continue;
                    };
                    if !name.eq_ignore_ascii_case(wanted) {
                        continue;
                    }
                    let is_vary = wanted == "vary";
                    let hears = !failed || *always;
                    match rule {
                        Rule::Set(_) if hears => {
                            found.insert(wanted);
                            closes |= !is_vary;
                        }
                        Rule::Append(_) if hears => drop(found.insert(wanted)),
                        Rule::Set(_) | Rule::Append(_) => {}
                        Rule::Documented => {
                            closes = true;
                            if hears {
                                found.insert(wanted);
                            }
                        }
                        Rule::Removed => closes = true,
                    }
                }
                if closes {
                    break;
                }
            }
        }
        found
    }

    proptest! {
        #![proptest_config(Config { cases: 300, failure_persistence: None, ..Config::default() })]

        #[test]
        fn a_document_is_the_same_however_often_and_in_what_sequence_it_is_built(
            chain in tree::chain(),
            joins in tree::joins(),
            keys in prop::collection::vec(any::<u32>(), 1..20),
        ) {
            let (first, _) = document(&chain, &joins);
            let (second, _) = document(&chain, &joins);
            prop_assert_eq!(first.to_string(), second.to_string());
            let again: Chain = chain.iter().map(|layer| shuffled(layer, &keys)).collect();
            let (shuffled, _) = document(&again, &joins);
            prop_assert_eq!(first.to_string(), shuffled.to_string());
        }

        #[test]
        fn a_document_has_the_headers_that_declarations_say(
            chain in tree::chain(),
            joins in tree::joins(),
        ) {
            let (json, path) = document(&chain, &joins);
            let responses = &json["paths"][&path]["get"]["responses"];
            for (status, response) in responses.as_object().unwrap() {
                let failed = status.starts_with('4');
                let names: BTreeSet<&str> = response["headers"]
                    .as_object()
                    .into_iter()
                    .flat_map(|headers| headers.keys().map(String::as_str))
                    .filter(|name| matches!(*name, "x-a" | "x-b" | "link" | "vary"))
                    .collect();
                prop_assert_eq!(names, documented(&chain, failed), "{} {}", status, response);
            }
        }
    }
}
