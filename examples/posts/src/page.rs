//! `/`: the first page in HTML. A script fetches the others as JSON; without it a link leads to them.

use axum::extract::State;
use axum_pagination::{CursorKey, CursorParams, PageError, Sort, Sortable};
use axum_responses::Template;
use axum_responses::problem::Query;

use crate::database::Database;
use crate::post::{Filter, Post};

#[derive(askama::Template)]
#[template(path = "index.html")]
pub(crate) struct Page {
    filter: Filter,
    sort: &'static str,
    posts: Vec<Post>,
    /// The query of the next page.
    next: Option<String>,
}

impl Page {
    /// What the posts can be sorted by.
    fn sorts(&self) -> impl Iterator<Item = &'static str> {
        Post::orders().names()
    }
}

/// Posts to scroll through
#[utoipa::path(get, path = "/", params(Filter, Sort<Post>, CursorParams), responses(Template<Page>, PageError))]
pub(crate) async fn index(
    State(database): State<Database>,
    State(key): State<CursorKey>,
    Query(filter): Query<Filter>,
    sort: Sort<Post>,
    page: CursorParams,
) -> Result<Template<Page>, PageError> {
    let found = database.page(&filter, &sort, &key, &page).await?;
    let next = found.next_cursor().map(|cursor| {
        form_urlencoded::Serializer::new("?".to_owned())
            .append_pair("author", &filter.author)
            .append_pair("text", &filter.text)
            .append_pair("sort", sort.name())
            .append_pair("cursor", cursor)
            .finish()
    });
    Ok(Template::new(Page {
        filter,
        sort: sort.order().name(),
        posts: found.into_items(),
        next,
    }))
}
