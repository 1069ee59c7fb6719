//! Groups of routes: a path in front of them, and one name for them in the document.

use utoipa::openapi::path::{Operation, PathItem};
use utoipa::openapi::tag::TagBuilder;
use utoipa_axum::router::OpenApiRouter;

use crate::Tour;

/// Adds a group of routes to a router.
pub(crate) trait Grouped {
    /// Nests `routes` below `path`. Each operation gets the tag `name`, and an id that is unique because it
    /// begins with the path.
    fn group(self, path: &str, name: &str, about: &str, routes: Self) -> Self;
}

impl Grouped for OpenApiRouter<Tour> {
    fn group(mut self, path: &str, name: &str, about: &str, mut routes: Self) -> Self {
        let prefix = path.trim_matches('/');
        for item in routes.get_openapi_mut().paths.paths.values_mut() {
            for operation in operations(item) {
                operation.tags = Some(vec![name.to_owned()]);
                if let Some(id) = &mut operation.operation_id {
                    id.insert_str(0, &format!("{prefix}_"));
                }
            }
        }
        let tag = TagBuilder::new()
            .name(name)
            .description(Some(about))
            .build();
        self.get_openapi_mut()
            .tags
            .get_or_insert_default()
            .push(tag);
        match prefix {
            "" => self.merge(routes),
            _ => self.nest(path, routes),
        }
    }
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    [
        &mut item.get,
        &mut item.put,
        &mut item.post,
        &mut item.delete,
        &mut item.patch,
    ]
    .into_iter()
    .flatten()
}
