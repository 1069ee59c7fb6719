//! The merged declarations in the document: what is documented is what is sent.

mod headers;
mod responses;

use axum_responses::status::allows_content;
use utoipa::openapi::path::{Operation, PathItem, Paths};
use utoipa::openapi::{Components, OpenApi, RefOr, Schema};

use self::responses::describe_operation;
use crate::config_error::Mistake;
use crate::paths::joined;
use crate::plan::Documented;

/// The operations of an endpoint, as its own documentation has them.
#[derive(Clone, Default)]
pub(crate) struct Operations {
    schemas: Vec<(String, RefOr<Schema>)>,
    paths: Paths,
}

impl Operations {
    pub(crate) fn new(schemas: Vec<(String, RefOr<Schema>)>, paths: Paths) -> Self {
        Self { schemas, paths }
    }

    pub(crate) fn paths(&self) -> Vec<String> {
        self.paths.paths.keys().cloned().collect()
    }

    pub(crate) fn of_path(&self, path: &str) -> Self {
        let mut paths = Paths::new();
        if let Some(item) = self.paths.paths.get(path) {
            paths.paths.insert(path.to_owned(), item.clone());
        }
        Self {
            schemas: self.schemas.clone(),
            paths,
        }
    }
}

/// Takes another document in: components, tags, servers.
pub(crate) fn take_in(to: &mut OpenApi, from: OpenApi) {
    to.merge(from);
}

/// Where an endpoint's operations stand.
#[derive(Clone, Copy)]
pub(crate) enum Place<'a> {
    /// At this path, whatever its own document says
    At(&'a str),
    /// Each at its own path below this one
    Below(&'a str),
}

/// Writes an endpoint's operations into the document, with what is declared around them.
pub(crate) fn describe(
    openapi: &mut OpenApi,
    place: Place<'_>,
    operations: Operations,
    documented: &Documented,
) -> Vec<(String, Mistake)> {
    let mut mistakes = Vec::new();
    let mut components = openapi.components.take().unwrap_or_default();
    for (name, schema) in operations.schemas {
        components.schemas.entry(name).or_insert(schema);
    }
    for (own, mut item) in operations.paths.paths {
        let path = match place {
            Place::At(path) => path.to_owned(),
            Place::Below(prefix) => joined(prefix, if own.is_empty() { "/" } else { &own }),
        };
        for (method, operation) in by_method(&mut item) {
            inline(operation, &components);
            let found = describe_operation(method, operation, documented);
            mistakes.extend(found.map(|mistake| (format!("{method} {path}"), mistake)));
        }
        match openapi.paths.paths.get_mut(&path) {
            Some(there) => there.merge_operations(item),
            None => drop(openapi.paths.paths.insert(path, item)),
        }
    }
    if components != Components::new() {
        openapi.components = Some(components);
    }
    mistakes
}

fn by_method(item: &mut PathItem) -> impl Iterator<Item = (&'static str, &mut Operation)> {
    let all = [
        ("GET", item.get.as_mut()),
        ("PUT", item.put.as_mut()),
        ("POST", item.post.as_mut()),
        ("DELETE", item.delete.as_mut()),
        ("OPTIONS", item.options.as_mut()),
        ("HEAD", item.head.as_mut()),
        ("PATCH", item.patch.as_mut()),
        ("TRACE", item.trace.as_mut()),
    ];
    all.into_iter()
        .filter_map(|(method, operation)| Some((method, operation?)))
}

/// A response that is shared must not get the headers of one endpoint: each has its own from here on.
fn inline(operation: &mut Operation, components: &Components) {
    for response in operation.responses.responses.values_mut() {
        let RefOr::Ref(reference) = response else {
            continue;
        };
        let name = reference
            .ref_location
            .strip_prefix("#/components/responses/");
        let found = name.and_then(|name| components.responses.get(name));
        if let Some(RefOr::T(shared)) = found {
            let mut own = shared.clone();
            if !reference.description.is_empty() {
                own.description.clone_from(&reference.description);
            }
            *response = own.into();
        }
    }
}

/// The class of a response's key, the first digit of `404` or `4XX`; `default` has none (OpenAPI 3.1 §4.8.16).
fn class_of(status: &str) -> Option<u16> {
    match status.strip_suffix("XX") {
        Some(class) => class.parse().ok(),
        None => status.parse::<u16>().ok().map(|status| status / 100),
    }
}

fn has_place_for_content(status: u16) -> bool {
    http::StatusCode::from_u16(status).is_ok_and(allows_content)
}
