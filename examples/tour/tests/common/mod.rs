//! The tour, and what asks it.

// Not every test file needs all of it.
#![allow(dead_code)]

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::Request;
use axum::response::Response;
use serde_json::Value;
use tower::ServiceExt;

/// The tour, and what asks it.
pub(crate) struct Tour(Router);

impl Tour {
    pub(crate) async fn start() -> Self {
        let folder = tour::Folder::write().expect("a folder");
        Self(tour::app(folder).await.expect("a database"))
    }

    pub(crate) async fn ask(&self, method: &str, path: &str) -> Response {
        self.ask_with(method, path, &[]).await
    }

    pub(crate) async fn ask_with(
        &self,
        method: &str,
        path: &str,
        fields: &[(&str, &str)],
    ) -> Response {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in fields {
            request = request.header(*name, *value);
        }
        let request = request.body(Body::empty()).expect(path);
        let Ok(response) = self.0.clone().oneshot(request).await;
        response
    }

    pub(crate) async fn text(&self, path: &str) -> String {
        let body = self.ask("GET", path).await.into_body();
        let bytes = to_bytes(body, 10_000_000).await.expect("a whole body");
        String::from_utf8(bytes.into()).expect("text")
    }

    pub(crate) async fn document(&self) -> Value {
        serde_json::from_str(&self.text("/openapi.json").await).expect("JSON")
    }
}

/// Path, method and description of every operation.
pub(crate) fn operations(document: &Value) -> impl Iterator<Item = (&String, &String, &Value)> {
    let paths = document["paths"].as_object().into_iter().flatten();
    paths.flat_map(|(path, item)| {
        let operations = item.as_object().into_iter().flatten();
        operations.map(move |(method, operation)| (path, method, operation))
    })
}

/// The links of the index: the route as the document spells it, and where the link goes.
pub(crate) fn links(index: &str) -> Vec<(&str, String)> {
    let anchors = index.split(r#"<a class="path" href=""#).skip(1);
    anchors
        .filter_map(|rest| {
            let (link, rest) = rest.split_once("\">")?;
            let (path, _) = rest.split_once("</a>")?;
            Some((path, link.replace("&#38;", "&")))
        })
        .collect()
}
