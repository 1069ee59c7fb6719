//! `/items`: a small resource over SQLite, that nobody overwrites unseen.

use std::sync::LazyLock;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum_pagination::{ClassicPage, ClassicParams, Order, PageError, keyset};
use axum_responses::conditional::{Optional, Required, Unmet};
use axum_responses::problem::{Path, ProblemOf};
use axum_responses::rejection::{ContentRejection, InvalidPath};
use axum_responses::{Conditional, ETag, Empty, Json, Problem, Reply};
use serde::{Deserialize, Serialize};
use sqlx::sqlite::{SqliteConnectOptions, SqlitePool, SqlitePoolOptions};
use sqlx::{FromRow, Sqlite, SqliteConnection};
use utoipa::{IntoParams, ToSchema};

/// An id is never given twice, or the entity tag of an item could be that of one that is gone.
const TABLE: &str = "
    CREATE TABLE items (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        name TEXT NOT NULL,
        version INTEGER NOT NULL DEFAULT 1
    );
    INSERT INTO items (name) VALUES ('first'), ('second'), ('third');
";

/// So many items are kept, the newest ones: strangers make them.
const MOST: i64 = 10_000;

/// A database in memory, with the one connection that it lives and dies with.
pub(crate) async fn database() -> sqlx::Result<SqlitePool> {
    let pool = SqlitePoolOptions::new()
        .max_connections(1)
        .idle_timeout(None)
        .max_lifetime(None)
        .connect_with(SqliteConnectOptions::new().in_memory(true))
        .await?;
    sqlx::raw_sql(TABLE).execute(&pool).await?;
    Ok(pool)
}

static BY_ID: LazyLock<Order<Item>> =
    LazyLock::new(|| Order::named("id").unique_asc("id", |item: &Item| item.id));

/// Something with a name.
#[derive(FromRow, Serialize, ToSchema)]
pub(crate) struct Item {
    #[schema(example = 1)]
    id: i64,
    #[schema(example = "first")]
    name: String,
    /// Grows by one with every update
    version: i64,
}

impl Item {
    async fn of<R>(id: i64, connection: &mut SqliteConnection) -> Result<Self, Refusal<R>> {
        let item = sqlx::query_as("SELECT id, name, version FROM items WHERE id = ?")
            .bind(id)
            .fetch_optional(connection)
            .await?;
        item.ok_or(Refusal::NoSuchItem)
    }

    fn etag(&self) -> ETag {
        ETag::of_version(self.version.unsigned_abs())
    }

    fn reply<const STATUS: u16>(self) -> Reply<Json<Self>, STATUS> {
        let etag = self.etag();
        Reply::new(Json(self)).etag(&etag)
    }
}

/// What an item is to be.
#[derive(Deserialize, ToSchema)]
pub(crate) struct Draft {
    #[schema(value_type = String, min_length = 1, max_length = 100, example = "fourth")]
    name: Name,
}

/// 1 to 100 characters.
#[derive(Deserialize)]
#[serde(try_from = "String")]
struct Name(String);

impl TryFrom<String> for Name {
    type Error = &'static str;

    fn try_from(name: String) -> Result<Self, &'static str> {
        match name.chars().count() {
            1..=100 => Ok(Self(name)),
            _ => Err("must have 1 to 100 characters"),
        }
    }
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct Which {
    /// Of which item
    #[param(example = 1)]
    id: i64,
}

/// Why there is no item, or nothing is done to it.
#[derive(Debug)]
pub(crate) enum Refusal<R = Optional> {
    NoSuchItem,
    Unmet(Unmet<R>),
    Database(sqlx::Error),
}

impl<R> From<Unmet<R>> for Refusal<R> {
    fn from(unmet: Unmet<R>) -> Self {
        Self::Unmet(unmet)
    }
}

impl<R> From<sqlx::Error> for Refusal<R> {
    fn from(error: sqlx::Error) -> Self {
        Self::Database(error)
    }
}

impl<R> IntoResponse for Refusal<R> {
    fn into_response(self) -> Response {
        match self {
            Self::NoSuchItem => ProblemOf::<404>::detail("There is no such item.").into_response(),
            Self::Unmet(unmet) => unmet.into_response(),
            Self::Database(error) => {
                tracing::error!(%error, "the database does not do as it is told");
                Problem::internal().into_response()
            }
        }
    }
}

/// Items, page by page
#[utoipa::path(get, path = "/items", operation_id = "items_list", tag = "Items", params(ClassicParams), responses(ClassicPage<Item>, PageError))]
pub(crate) async fn list(
    State(database): State<SqlitePool>,
    page: ClassicParams,
) -> Result<ClassicPage<Item>, PageError> {
    keyset(&BY_ID)
        .select::<Sqlite>(|query| {
            query.push("SELECT id, name, version FROM items");
        })
        .classic(&database, &page)
        .await
}

/// One more item
#[utoipa::path(post, path = "/items", operation_id = "items_create", tag = "Items", request_body = Draft, responses(
    (status = 201, description = "The item", body = Item, headers(
        ("location" = String, description = "Where it is"),
        ("etag" = String, description = "Its version")
    )),
    ContentRejection
))]
pub(crate) async fn create(
    State(database): State<SqlitePool>,
    Json(draft): Json<Draft>,
) -> Result<Reply<Json<Item>, 201>, Refusal> {
    let mut transaction = database.begin_with("BEGIN IMMEDIATE").await?;
    let item: Item =
        sqlx::query_as("INSERT INTO items (name) VALUES (?) RETURNING id, name, version")
            .bind(draft.name.0)
            .fetch_one(&mut *transaction)
            .await?;
    sqlx::query("DELETE FROM items WHERE id <= ?")
        .bind(item.id - MOST)
        .execute(&mut *transaction)
        .await?;
    transaction.commit().await?;
    let location = format!("/items/{}", item.id);
    Ok(item.reply().header(("location", location)))
}

/// An item, unless the client has it
#[utoipa::path(get, path = "/items/{id}", operation_id = "items_read", tag = "Items", params(Which), responses(
    (status = 200, description = "The item", body = Item, headers(
        ("etag" = String, description = "Its version")
    )),
    Unmet,
    ProblemOf<404>,
    InvalidPath
))]
pub(crate) async fn read(
    State(database): State<SqlitePool>,
    Path(Which { id }): Path<Which>,
    conditional: Conditional,
) -> Result<Reply<Json<Item>>, Refusal> {
    let item = Item::of(id, &mut *database.acquire().await?).await?;
    conditional.check(item.etag())?;
    Ok(item.reply())
}

/// Another name for the item, in the version that the client has seen
#[utoipa::path(put, path = "/items/{id}", operation_id = "items_update", tag = "Items", request_body = Draft, params(
    Which,
    ("if-match" = String, Header, description = "The entity tags of the versions that may be replaced", example = "\"1\"")
), responses(
    (status = 200, description = "The item as it is now", body = Item, headers(
        ("etag" = String, description = "Its version")
    )),
    Unmet<Required>,
    ProblemOf<404>,
    InvalidPath,
    ContentRejection
))]
pub(crate) async fn update(
    State(database): State<SqlitePool>,
    Path(Which { id }): Path<Which>,
    conditional: Conditional<Required>,
    Json(draft): Json<Draft>,
) -> Result<Reply<Json<Item>>, Refusal<Required>> {
    // Nobody else writes between the check and the update.
    let mut transaction = database.begin_with("BEGIN IMMEDIATE").await?;
    let item = Item::of(id, &mut transaction).await?;
    conditional.check(item.etag())?;
    let item: Item = sqlx::query_as(
        "UPDATE items SET name = ?, version = version + 1 WHERE id = ? RETURNING id, name, version",
    )
    .bind(draft.name.0)
    .bind(id)
    .fetch_one(&mut *transaction)
    .await?;
    transaction.commit().await?;
    Ok(item.reply())
}

/// The item is gone; with If-Match, if it is as the client has seen it
#[utoipa::path(delete, path = "/items/{id}", operation_id = "items_delete", tag = "Items", params(Which), responses(
    Reply<Empty, 204>,
    ProblemOf<404>,
    ProblemOf<412>,
    InvalidPath
))]
pub(crate) async fn delete(
    State(database): State<SqlitePool>,
    Path(Which { id }): Path<Which>,
    conditional: Conditional,
) -> Result<Reply<Empty, 204>, Refusal> {
    let mut transaction = database.begin_with("BEGIN IMMEDIATE").await?;
    let item = Item::of(id, &mut transaction).await?;
    conditional.check(item.etag())?;
    sqlx::query("DELETE FROM items WHERE id = ?")
        .bind(id)
        .execute(&mut *transaction)
        .await?;
    transaction.commit().await?;
    Ok(Reply::new(Empty))
}
