//! The document against what is sent.

use std::collections::HashSet;
use std::convert::Infallible;

use axum::body::{Body, to_bytes};
use axum::http::Request;
use axum::response::Response;
use serde_json::Value;
use tower::util::BoxCloneService;
use tower::{Layer, ServiceExt};

/// The tour, and what asks it.
struct Tour(BoxCloneService<Request<Body>, Response, Infallible>);

impl Tour {
    async fn start() -> Self {
        let context = tour::context().expect("the templates are there");
        let folder = tour::Folder::write().expect("a folder");
        let app = tour::app(folder).await.expect("a database");
        Self(BoxCloneService::new(context.layer(app)))
    }

    async fn ask(&self, method: &str, path: &str) -> Response {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .body(Body::empty())
            .expect(path);
        match self.0.clone().oneshot(request).await {
            Ok(response) => response,
            Err(never) => match never {},
        }
    }

    async fn text(&self, path: &str) -> String {
        let body = self.ask("GET", path).await.into_body();
        let bytes = to_bytes(body, 10_000_000).await.expect("a whole body");
        String::from_utf8(bytes.into()).expect("text")
    }

    async fn document(&self) -> Value {
        serde_json::from_str(&self.text("/openapi.json").await).expect("JSON")
    }
}

/// Path, method and description of every operation.
fn operations(document: &Value) -> impl Iterator<Item = (&String, &String, &Value)> {
    let paths = document["paths"].as_object().into_iter().flatten();
    paths.flat_map(|(path, item)| {
        let operations = item.as_object().into_iter().flatten();
        operations.map(move |(method, operation)| (path, method, operation))
    })
}

/// The links of the index: the route as the document spells it, and where the link goes.
fn links(index: &str) -> Vec<(&str, String)> {
    let anchors = index.split(r#"<a class="path" href=""#).skip(1);
    anchors
        .filter_map(|rest| {
            let (link, rest) = rest.split_once("\">")?;
            let (path, _) = rest.split_once("</a>")?;
            Some((path, link.replace("&#38;", "&")))
        })
        .collect()
}

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
        let documented = &responses[status.as_str()];
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
