//! Groups of routes: a path in front of them, and one name for them in the document.

use axum_layered::{Built, ConfigErrors, Layered};
use axum_responses::problem;
use utoipa::openapi::path::{Operation, PathItem};
use utoipa::openapi::tag::TagBuilder;
use utoipa::openapi::{OpenApi, Paths};

use crate::Tour;

/// The groups of an application.
pub(crate) struct Groups {
    app: Layered<Tour>,
    groups: Vec<Group>,
}

/// What lies below a path.
struct Group {
    path: &'static str,
    name: &'static str,
    about: &'static str,
}

impl Groups {
    pub(crate) fn of(app: Layered<Tour>) -> Self {
        let groups = Vec::new();
        Self { app, groups }
    }

    /// Puts `routes` below `path`. Each of their operations gets the tag `name`, and an id that is unique because it
    /// begins with the path.
    pub(crate) fn group(
        mut self,
        path: &'static str,
        name: &'static str,
        about: &'static str,
        routes: Layered<Tour>,
    ) -> Self {
        self.app = match path {
            "/" => self.app.merge(routes),
            _ => self.app.mount(path, routes),
        };
        self.groups.push(Group { path, name, about });
        self
    }

    /// The router and its document; what is not there, and what is not allowed, is a problem.
    pub(crate) fn build(self) -> Result<Built<Tour>, ConfigErrors> {
        let app = self
            .app
            .fallback(problem::not_found)
            .method_not_allowed_fallback(problem::method_not_allowed);
        let mut built = app.build()?;
        tag(&mut built.openapi, &self.groups);
        name(&mut built.openapi.paths, &self.groups);
        Ok(built)
    }
}

fn tag(document: &mut OpenApi, groups: &[Group]) {
    let tags = groups.iter().map(|group| {
        TagBuilder::new()
            .name(group.name)
            .description(Some(group.about))
            .build()
    });
    document.tags = Some(tags.collect());
}

fn name(paths: &mut Paths, groups: &[Group]) {
    for (path, item) in &mut paths.paths {
        let around = groups.iter().filter(|group| group.is_around(path));
        let Some(group) = around.max_by_key(|group| group.path.len()) else {
            continue;
        };
        let prefix = group.path.trim_matches('/').replace(['/', '-'], "_");
        let mut taken = Vec::new();
        for (method, operation) in operations(item) {
            operation.tags = Some(vec![group.name.to_owned()]);
            if let Some(id) = &mut operation.operation_id {
                // One handler may answer several methods.
                if taken.contains(id) {
                    id.push_str(&format!("_{method}"));
                } else {
                    taken.push(id.clone());
                }
                *id = format!("{prefix}_{id}").trim_matches('_').to_owned();
            }
        }
    }
}

impl Group {
    fn is_around(&self, path: &str) -> bool {
        match path.strip_prefix(self.path.trim_end_matches('/')) {
            Some(rest) => rest.is_empty() || rest.starts_with('/'),
            None => false,
        }
    }
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = (&'static str, &mut Operation)> {
    [
        ("get", &mut item.get),
        ("put", &mut item.put),
        ("post", &mut item.post),
        ("delete", &mut item.delete),
        ("patch", &mut item.patch),
    ]
    .into_iter()
    .filter_map(|(method, operation)| Some((method, operation.as_mut()?)))
}
