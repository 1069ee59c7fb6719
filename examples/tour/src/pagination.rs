//! `/pagination`: one list of people in three styles, out of memory and out of SQLite.

use axum::extract::{OriginalUri, State};
use axum_layered::Layered;
use axum_pagination::{
    ClassicPage, ClassicPagination, ClassicPaginator, ClassicParams, CursorKey, CursorPage,
    CursorPagination, CursorPaginator, CursorParams, InMemory, Keyset, OffsetPage,
    OffsetPagination, OffsetPaginator, OffsetParams, Order, PageError, Select, Sort, keyset,
};
use sqlx::{Sqlite, SqlitePool};
use utoipa_axum::routes;

use crate::Tour;
use crate::data::Person;
use crate::people::BY_ID;

pub(crate) fn routes() -> Layered<Tour> {
    Layered::new()
        .routes(routes!(classic))
        .routes(routes!(offset))
        .routes(routes!(cursor))
        .routes(routes!(classic_sql))
        .routes(routes!(offset_sql))
        .routes(routes!(cursor_sql))
}

/// Pages by number, of a list in memory
#[utoipa::path(get, path = "/classic", params(ClassicParams), responses(ClassicPagination<Person>, PageError))]
async fn classic(
    State(people): State<InMemory<Person>>,
    page: ClassicParams,
) -> Result<ClassicPagination<Person>, PageError> {
    ClassicPaginator::paginate(&people, page).await
}

/// Pages by limit and offset, of a list in memory
#[utoipa::path(get, path = "/offset", params(OffsetParams), responses(OffsetPagination<Person>, PageError))]
async fn offset(
    State(people): State<InMemory<Person>>,
    page: OffsetParams,
) -> Result<OffsetPagination<Person>, PageError> {
    OffsetPaginator::paginate(&people, page).await
}

/// Pages by cursor, of a list in memory: the cursor is the last person's id
#[utoipa::path(get, path = "/cursor", params(CursorParams), responses(CursorPagination<String, Person>, PageError))]
async fn cursor(
    State(people): State<InMemory<Person>>,
    page: CursorParams,
) -> Result<CursorPagination<String, Person>, PageError> {
    let people = people.cursor_by(|person| person.id.clone());
    people.paginate(page).await
}

/// Everybody in this order: what each of the routes below takes its pages from.
fn people(order: &Order<Person>) -> Keyset<'_, Person, Select<'_, Sqlite>> {
    keyset(order).select(|query| {
        query.push("SELECT id, name FROM person");
    })
}

/// Pages by number, from SQLite
#[utoipa::path(get, path = "/classic-sql", params(ClassicParams), responses(ClassicPage<Person>, PageError))]
async fn classic_sql(
    State(database): State<SqlitePool>,
    page: ClassicParams,
) -> Result<ClassicPage<Person>, PageError> {
    people(&BY_ID).classic(&database, &page).await
}

/// Pages by limit and offset, from SQLite
#[utoipa::path(get, path = "/offset-sql", params(OffsetParams), responses(OffsetPage<Person>, PageError))]
async fn offset_sql(
    State(database): State<SqlitePool>,
    page: OffsetParams,
) -> Result<OffsetPage<Person>, PageError> {
    people(&BY_ID).offset(&database, &page).await
}

/// Pages by cursor, from SQLite: signed, in three orders, with links that name the path
#[utoipa::path(get, path = "/cursor-sql", params(CursorParams, Sort<Person>), responses(CursorPage<Person>, PageError))]
async fn cursor_sql(
    State(database): State<SqlitePool>,
    State(key): State<CursorKey>,
    OriginalUri(uri): OriginalUri,
    sort: Sort<Person>,
    page: CursorParams,
) -> Result<CursorPage<Person>, PageError> {
    let page = people(&sort).signed(&key).fetch(&database, &page).await?;
    Ok(page.link_base(&uri))
}
