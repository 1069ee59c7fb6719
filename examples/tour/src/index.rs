//! `/`, the list of all routes, made from the OpenAPI document that stands beside it.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum_layered::{Built, Explain, Layered};
use axum_responses::media_type::JsonType;
use axum_responses::{Content, Template};
use serde::Deserialize;
use serde_json::{Number, Value};
use utoipa_axum::routes;

use crate::Tour;

pub(crate) fn routes() -> Layered<Tour> {
    Layered::new()
        .routes(routes!(index))
        .routes(routes!(openapi))
}

/// The finished document, and the page that is made from it.
#[derive(Clone, Default)]
pub(crate) struct Contents {
    document: Bytes,
    groups: Arc<[Group]>,
}

impl Contents {
    pub(crate) fn of(built: &Built<Tour>) -> serde_json::Result<Self> {
        let document = serde_json::to_vec(&built.openapi)?;
        let groups = serde_json::from_slice::<Document>(&document)?.groups(&built.explain);
        Ok(Self {
            document: document.into(),
            groups: groups.into(),
        })
    }
}

/// This list of all routes
#[utoipa::path(get, path = "/", responses(Template<Page>))]
async fn index(State(contents): State<Contents>) -> Template<Page> {
    Template::new(Page {
        groups: contents.groups,
    })
}

/// The OpenAPI document of all routes
#[utoipa::path(get, path = "/openapi.json", responses(Content<JsonType>))]
async fn openapi(State(contents): State<Contents>) -> Content<JsonType> {
    Content::new(contents.document)
}

#[derive(askama::Template)]
#[template(path = "index.html")]
struct Page {
    groups: Arc<[Group]>,
}

struct Group {
    name: String,
    about: String,
    routes: Vec<Route>,
}

impl Group {
    /// The name as a place on the page.
    fn anchor(&self) -> String {
        self.name.to_lowercase().replace(' ', "-")
    }
}

struct Route {
    method: &'static str,
    path: String,
    summary: String,
    parameters: Vec<Parameter>,
    /// What the layers say of it, the closest first.
    said: Vec<String>,
}

impl Route {
    /// The path, as in the example.
    fn action(&self) -> String {
        let mut path = self.path.clone();
        for parameter in self
            .parameters
            .iter()
            .filter(|parameter| parameter.place == "path")
        {
            path = path.replace(&format!("{{{}}}", parameter.name), &parameter.sample());
        }
        path
    }

    /// Where a click goes: what must be given is given as in the example.
    fn link(&self) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        for field in self.fields().filter(|field| field.required) {
            query.append_pair(&field.name, &field.sample());
        }
        match query.finish().as_str() {
            "" => self.action(),
            query => format!("{}?{query}", self.action()),
        }
    }

    fn is_get(&self) -> bool {
        self.method == "GET"
    }

    /// What a form asks for.
    fn fields(&self) -> impl Iterator<Item = &Parameter> {
        self.parameters
            .iter()
            .filter(|parameter| parameter.place == "query")
    }
}

/// As much of an OpenAPI document as the page shows.
#[derive(Deserialize)]
struct Document {
    tags: Vec<Tag>,
    paths: BTreeMap<String, Item>,
}

#[derive(Deserialize)]
struct Tag {
    name: String,
    description: String,
}

#[derive(Deserialize)]
struct Item {
    get: Option<Operation>,
    post: Option<Operation>,
    put: Option<Operation>,
    patch: Option<Operation>,
    delete: Option<Operation>,
}

#[derive(Deserialize)]
struct Operation {
    tags: Vec<String>,
    summary: String,
    #[serde(default)]
    parameters: Vec<Parameter>,
}

#[derive(Deserialize)]
struct Parameter {
    name: String,
    #[serde(rename = "in")]
    place: String,
    #[serde(default)]
    required: bool,
    #[serde(default)]
    description: String,
    #[serde(default)]
    example: Value,
    #[serde(default)]
    schema: Schema,
}

#[derive(Default, Deserialize)]
struct Schema {
    #[serde(default, rename = "type")]
    kind: Value,
    #[serde(default)]
    example: Value,
    #[serde(default)]
    default: Value,
    minimum: Option<Number>,
    maximum: Option<Number>,
}

impl Parameter {
    /// A value that shows what the route does.
    fn sample(&self) -> String {
        let values = [&self.example, &self.schema.example, &self.schema.default];
        match values.into_iter().find(|value| !value.is_null()) {
            None => String::new(),
            Some(Value::String(text)) => text.clone(),
            Some(value) => value.to_string(),
        }
    }

    fn is_number(&self) -> bool {
        self.schema.kind == "integer"
    }
}

impl Document {
    fn groups(self, explain: &Explain) -> Vec<Group> {
        let mut groups: Vec<Group> = self
            .tags
            .into_iter()
            .map(|tag| Group {
                name: tag.name,
                about: tag.description,
                routes: Vec::new(),
            })
            .collect();
        for (path, item) in self.paths {
            for (method, operation) in item.operations() {
                let of_group = |group: &&mut Group| operation.tags.contains(&group.name);
                if let Some(group) = groups.iter_mut().find(of_group) {
                    group.routes.push(Route {
                        said: said(explain, method, &path),
                        method,
                        path: path.clone(),
                        summary: operation.summary,
                        parameters: operation.parameters,
                    });
                }
            }
        }
        groups
    }
}

/// What the layers say of a route.
fn said(explain: &Explain, method: &str, path: &str) -> Vec<String> {
    let routes = explain.iter().filter(|route| {
        // `{*path}` is `{path}` in documents.
        route.path().replace("{*", "{") == path && route.methods().iter().any(|own| own == method)
    });
    let said = routes.flat_map(|route| route.said());
    said.map(ToString::to_string).collect()
}

impl Item {
    fn operations(self) -> impl Iterator<Item = (&'static str, Operation)> {
        [
            ("GET", self.get),
            ("POST", self.post),
            ("PUT", self.put),
            ("PATCH", self.patch),
            ("DELETE", self.delete),
        ]
        .into_iter()
        .filter_map(|(method, operation)| Some((method, operation?)))
    }
}
