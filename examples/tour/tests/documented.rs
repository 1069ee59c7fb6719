//! The document against what is sent.

mod common;

use std::collections::HashSet;

use serde_json::Value;

use self::common::{Tour, links, operations};

#[tokio::test]
async fn every_link_answers_as_documented() {
    let tour = Tour::start().await;
    let (document, index) = (tour.document().await, tour.text("/").await);
    let links = links(&index);
    let gets = operations(&document).filter(|(_, method, _)| *method == "get");
    assert_eq!(links.len(), gets.count());
    for (path, link) in links {
        let response = tour.ask("GET", &link).await;
        let (status, headers) = (response.status(), response.headers());
        let responses = &document["paths"][path]["get"]["responses"];
        let documented = match &responses[status.as_str()] {
            Value::Null => &responses["default"],
            documented => documented,
        };
        assert!(
            documented.is_object(),
            "{link}: {status} is not in {responses}"
        );

        let sent = headers
            .get("content-type")
            .and_then(|value| value.to_str().ok());
        let essence = sent.and_then(|sent| sent.split(';').next());
        match essence {
            Some(essence) => assert!(
                documented["content"][essence].is_object()
                    || documented["content"]["*/*"].is_object(),
                "{link}: {essence} is not in {documented}"
            ),
            None => assert!(documented["content"].is_null(), "{link}: {documented}"),
        }
    }
}

#[tokio::test]
async fn the_index_shows_every_operation() {
    let tour = Tour::start().await;
    let (document, index) = (tour.document().await, tour.text("/").await);
    for (path, method, operation) in operations(&document) {
        assert!(index.contains(&format!(">{path}</")), "{method} {path}");
        assert!(operation["summary"].is_string(), "{method} {path}");
    }
}

#[tokio::test]
async fn every_operation_is_told_apart_and_described() {
    let document = Tour::start().await.document().await;
    let mut ids = HashSet::new();
    for (path, method, operation) in operations(&document) {
        let id = operation["operationId"].as_str().expect("an id");
        assert!(ids.insert(id), "{id} stands twice");
        assert_eq!(
            operation["tags"].as_array().map(Vec::len),
            Some(1),
            "{path}"
        );
        let responses = operation["responses"].as_object().expect("responses");
        assert!(!responses.is_empty(), "{method} {path}");
        for (status, response) in responses {
            let description = response["description"].as_str().unwrap_or_default();
            assert!(!description.is_empty(), "{method} {path} {status}");
            let headers = response["headers"].as_object();
            let said_twice = headers.is_some_and(|headers| headers.contains_key("content-type"));
            assert!(!said_twice, "{method} {path} {status}");
        }
        for parameter in operation["parameters"].as_array().into_iter().flatten() {
            assert!(parameter["description"].is_string(), "{path}: {parameter}");
        }
    }
}

#[tokio::test]
async fn no_reference_leads_nowhere() {
    fn check(value: &Value, document: &Value) {
        match value {
            Value::Object(members) => {
                if let Some(reference) = members.get("$ref").and_then(Value::as_str) {
                    let target = document.pointer(reference.trim_start_matches('#'));
                    assert!(target.is_some(), "{reference}");
                }
                members.values().for_each(|member| check(member, document));
            }
            Value::Array(elements) => elements.iter().for_each(|element| check(element, document)),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
    let document = Tour::start().await.document().await;
    check(&document, &document);
}

#[tokio::test]
async fn what_there_is_not_is_a_problem() {
    let tour = Tour::start().await;
    for (method, path, status) in [
        ("GET", "/nope", 404),
        ("DELETE", "/responses/json", 405),
        ("GET", "/redirect/to", 400),
        ("GET", "/stream/time?count=61", 400),
    ] {
        let response = tour.ask(method, path).await;
        assert_eq!(response.status(), status, "{method} {path}");
        assert_eq!(
            response.headers()["content-type"],
            "application/problem+json"
        );
    }
    let response = tour.ask("DELETE", "/responses/json").await;
    assert_eq!(response.headers()["allow"], "GET,HEAD");
}

#[tokio::test]
async fn the_parameter_at_fault_is_named() {
    let tour = Tour::start().await;
    let long = format!("/edge/cookie?value={}", "x".repeat(5000));
    for (path, parameter) in [
        ("/edge/header?value=a%0Ab", "value"),
        ("/edge/header-name?name=a%20b", "name"),
        ("/edge/cookie?value=v&key=a%20b", "key"),
        (&long, "value"),
        ("/redirect/instance?code=200", "code"),
        ("/stream/csv?count=51", "count"),
        ("/pagination/classic?page_size=0", "page_size"),
        ("/pagination/cursor?cursor=p51", "cursor"),
        ("/pagination/cursor-sql?cursor=p10", "cursor"),
        ("/pagination/cursor-sql?sort=secret", "sort"),
    ] {
        let problem: Value = serde_json::from_str(&tour.text(path).await).expect("a problem");
        assert_eq!(problem["parameter"], parameter, "{path}: {problem}");
    }
}
