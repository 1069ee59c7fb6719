//! What is declared, three times: as it is sent, as it is explained, and as it is documented.

mod common;

use std::collections::BTreeSet;

use axum::http::StatusCode;
use axum::response::Response;
use axum_layered::{Explained, Said};
use serde_json::Value;

use self::common::{Tour, links, operations};

/// What any answer may have, and documents do not list.
const COMMON: [&str; 3] = ["allow", "content-length", "content-type"];

/// Headers that the response sets in the place of the declared value.
const OVERRIDDEN: [(&str, &str); 8] = [
    ("/responses/annotated-overrides", "x-both"),
    ("/responses/annotated-overrides", "content-type"),
    ("/responses/header-case-duplicate", "x-case"),
    (
        "/layers/headers/router-path/controller-path/dynamic-wins",
        "app-level-header",
    ),
    ("/layers/cache-control/dynamic", "cache-control"),
    ("/layers/cache-control/dynamic-other-case", "cache-control"),
    ("/layers/etag/population-dynamic-no-doc", "etag"),
    ("/files/etag-decorator", "etag"),
];

/// Cookies likewise.
const OVERRIDDEN_COOKIES: [(&str, &str); 1] = [(
    "/layers/cookies/router-path/controller-path/dynamic-vs-static",
    "my-cookie",
)];

/// Whose header's name a stranger chooses.
const ANY_NAME: &str = "/edge/header-name";

/// Method, path, and header fields of a request.
type Way<'a> = (&'a str, &'a str, &'a [(&'a str, &'a str)]);

/// One answer of a route, and what there is to compare it with.
struct Checked<'a> {
    what: String,
    path: &'a str,
    method: &'a str,
    response: Response,
    route: &'a Explained,
    /// The document's operation.
    operation: &'a Value,
}

impl Checked<'_> {
    fn status(&self) -> StatusCode {
        self.response.status()
    }

    /// Whether what is said of this route reaches this answer.
    fn reaches(&self, said: &Said) -> bool {
        let status = self.status();
        let failed = status.is_client_error() || status.is_server_error();
        if failed {
            return said.is_always();
        }
        if said.name() == "etag" {
            let reads = matches!(self.method, "GET" | "HEAD");
            let tagged = status.is_success() || status == StatusCode::NOT_MODIFIED;
            let computed = said.value() == Some("of the body");
            return reads && tagged && !computed;
        }
        // RFC 9110 §15.4.5
        let described = status == StatusCode::NOT_MODIFIED && said.name().starts_with("content-");
        !described
    }

    fn lines(&self, name: &str) -> Vec<String> {
        let lines = self.response.headers().get_all(name).iter();
        lines
            .map(|line| line.to_str().expect("text").to_owned())
            .collect()
    }

    /// What the layers say is sent, is.
    fn is_sent(&self) {
        let sent = |said: &&Said| said.value().is_some();
        for said in self.route.said().iter().filter(sent) {
            let (name, value) = (said.name(), said.value().unwrap_or_default());
            let (lines, overridden) = match said.kind() {
                "cookie" => (
                    self.lines("set-cookie"),
                    OVERRIDDEN_COOKIES.contains(&(self.path, name)),
                ),
                _ => (self.lines(name), OVERRIDDEN.contains(&(self.path, name))),
            };
            let there = match name {
                "vary" => lines
                    .iter()
                    .any(|line| line == "*" || line.to_lowercase().contains(&value.to_lowercase())),
                _ => lines.iter().any(|line| line == value),
            };
            assert_eq!(
                there,
                self.reaches(said) && !overridden,
                "{}: {said}, and sent is {lines:?}",
                self.what
            );
        }
    }

    /// What is sent is documented, and no cookie is sent that is not.
    fn is_documented(&self) {
        let status = self.status();
        if status == StatusCode::METHOD_NOT_ALLOWED || self.path == ANY_NAME {
            return;
        }
        let responses = &self.operation["responses"];
        let documented = match &responses[status.as_str()] {
            Value::Null => &responses["default"],
            documented => documented,
        };
        assert!(documented.is_object(), "{}: {status}", self.what);
        let headers = documented["headers"].as_object();
        let find = |name: &str| headers.and_then(|headers| headers.get(name));
        for name in self.response.headers().keys() {
            let name = name.as_str();
            assert!(
                find(name).is_some() || COMMON.contains(&name),
                "{}: {name} is not in the document of {status}",
                self.what
            );
        }
        let cookies = find("set-cookie").map(cookies_of).unwrap_or_default();
        for line in self.lines("set-cookie") {
            let name = line.split('=').next().unwrap_or_default();
            assert!(cookies.contains(name), "{}: {line}", self.what);
        }
        for said in self.route.said().iter().filter(|said| self.reaches(said)) {
            if said.value().is_none() || said.name() == "content-type" {
                continue;
            }
            let there = match said.kind() {
                "cookie" => cookies.contains(said.name()),
                _ => find(said.name()).is_some(),
            };
            assert!(there, "{}: {said} is not in {documented}", self.what);
        }
    }

    /// What the layers do not say of an error, they do not document.
    fn errors_are_documented_alone(&self) {
        let responses = self.operation["responses"].as_object();
        let is_error = |status: &str| status.starts_with('4') || status.starts_with('5');
        for (status, response) in responses.into_iter().flatten() {
            if !is_error(status) {
                continue;
            }
            let reaches = |said: &&Said| said.kind() == "header" && !said.is_always();
            for said in self.route.said().iter().filter(reaches) {
                // A refusal's own tag is that of what is there.
                let own = said.name() == "etag" || said.name() == "vary";
                assert!(
                    own || response["headers"][said.name()].is_null(),
                    "{}: {said} in {status}",
                    self.what
                );
            }
        }
    }
}

/// The names of the cookies in the document of a `set-cookie`.
fn cookies_of(header: &Value) -> BTreeSet<&str> {
    let one = std::slice::from_ref(&header["schema"]);
    let schemas = header["schema"]["anyOf"]
        .as_array()
        .map_or(one, Vec::as_slice);
    let titles = schemas.iter().filter_map(|schema| schema["title"].as_str());
    titles.collect()
}

/// What the layers say of a route: its own, not those of a router of axum's beside it.
fn explained<'a>(explain: &'a axum_layered::Explain, path: &str, method: &str) -> &'a Explained {
    let mut routes = explain.iter().filter(|route| {
        let own = route.path().replace("{*", "{");
        own == path && route.methods().iter().any(|own| own == method)
    });
    routes.next().expect(path)
}

#[tokio::test]
async fn what_is_sent_is_explained_and_documented() {
    let tour = Tour::start().await;
    let (document, index) = (tour.document().await, tour.text("/").await);
    let explain = tour::explain().expect("the templates are there");
    let links = links(&index);
    let mut count = 0;
    for (path, method, operation) in operations(&document) {
        let method = method.to_uppercase();
        let link = links.iter().find(|(of, _)| of == path);
        let link = match (link, method.as_str()) {
            (Some((_, link)), "GET") => link.as_str(),
            _ => path,
        };
        let (bare, _) = link.split_once('?').unwrap_or((link, ""));
        let ways: &[Way<'_>] = match method.as_str() {
            "GET" => &[
                ("GET", link, &[]),
                ("HEAD", link, &[]),
                ("GET", link, &[("if-none-match", "*")]),
                // Without what must be given.
                ("GET", bare, &[]),
                ("TRACE", bare, &[]),
            ],
            other => &[(other, link, &[])],
        };
        for (asked, link, fields) in ways {
            let response = tour.ask_with(asked, link, fields).await;
            let checked = Checked {
                what: format!("{asked} {link} {fields:?}: {}", response.status()),
                path,
                method: asked,
                response,
                route: explained(&explain, path, &method),
                operation,
            };
            checked.is_sent();
            checked.is_documented();
            checked.errors_are_documented_alone();
            count += 1;
        }
    }
    assert!(count > 700, "{count} answers");
}

#[tokio::test]
async fn the_index_says_what_the_layers_say() {
    let index = Tour::start().await.text("/").await;
    let explain = tour::explain().expect("the templates are there");
    let said: Vec<&Said> = explain.iter().flat_map(Explained::said).collect();
    assert!(said.len() > 100, "{}", said.len());
    let missing = said.into_iter().find(|said| {
        let text = said.to_string().replace('"', "&#34;");
        !index.contains(&format!("<li>{text}</li>"))
    });
    assert!(missing.is_none(), "{missing:?}");
}
