//! SQLite or PostgreSQL. What is asked is written once, for both.

use std::str::FromStr;

use axum_pagination::keyset;
use axum_pagination::{Backend, Count, CursorKey, CursorPage, CursorParams, Order, PageError};
use chrono::{DateTime, Utc};
use sqlx::migrate::MigrateError;
use sqlx::postgres::PgPool;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool};
use sqlx::{Encode, QueryBuilder, Type};

use crate::post::{Draft, Filter, Post};
use crate::seed;

/// Beyond so many posts nobody counts.
const COUNTED: u64 = 1000;

/// The database of the posts, its tables made.
#[derive(Clone, Debug)]
pub struct Database(Pool);

#[derive(Clone, Debug)]
enum Pool {
    Sqlite(SqlitePool),
    Postgres(PgPool),
}

impl From<SqlitePool> for Pool {
    fn from(pool: SqlitePool) -> Self {
        Self::Sqlite(pool)
    }
}

impl From<PgPool> for Pool {
    fn from(pool: PgPool) -> Self {
        Self::Postgres(pool)
    }
}

/// The same expression for either pool: sqlx's types differ, the text does not.
macro_rules! on {
    ($database:expr, $pool:ident => $run:expr) => {
        match &$database.0 {
            Pool::Sqlite($pool) => $run,
            Pool::Postgres($pool) => $run,
        }
    };
}

impl Database {
    /// Connects to `sqlite:FILE` or `postgres://…`, and makes what is missing.
    ///
    /// # Errors
    /// When there is no such database, or it refuses.
    pub async fn open(url: &str) -> Result<Self, MigrateError> {
        if url.starts_with("postgres") {
            return Self::with_postgres(PgPool::connect(url).await?).await;
        }
        let file = SqliteConnectOptions::from_str(url)?
            .create_if_missing(true)
            // Readers do not wait for a writer.
            .journal_mode(SqliteJournalMode::Wal);
        Self::with_sqlite(SqlitePool::connect_with(file).await?).await
    }

    /// Makes the tables in SQLite, and some posts where there are none.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn with_sqlite(pool: SqlitePool) -> Result<Self, MigrateError> {
        sqlx::migrate!("migrations/sqlite").run(&pool).await?;
        Self(pool.into()).seeded().await
    }

    /// The same in PostgreSQL.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn with_postgres(pool: PgPool) -> Result<Self, MigrateError> {
        sqlx::migrate!("migrations/postgres").run(&pool).await?;
        Self(pool.into()).seeded().await
    }

    async fn seeded(self) -> Result<Self, MigrateError> {
        on!(self, pool => {
            let there: Option<i64> = sqlx::query_scalar("SELECT id FROM posts LIMIT 1")
                .fetch_optional(pool)
                .await?;
            if there.is_none() {
                insert(seed::posts()).build().execute(pool).await?;
            }
        });
        Ok(self)
    }

    /// The posts that pass this filter, in this order.
    pub(crate) async fn page(
        &self,
        filter: &Filter,
        order: &Order<Post>,
        key: &CursorKey,
        page: &CursorParams,
    ) -> Result<CursorPage<Post>, PageError> {
        let list = keyset(order)
            .scope(filter)
            .signed(key)
            .count(Count::Capped(COUNTED));
        on!(self, pool => list.select(|query| select(filter, query)).fetch(pool, page).await)
    }

    /// The post of this id.
    pub(crate) async fn post(&self, id: i64) -> sqlx::Result<Option<Post>> {
        on!(self, pool => {
            sqlx::query_as("SELECT * FROM posts WHERE id = $1").bind(id).fetch_optional(pool).await
        })
    }

    /// A new post, as it was stored: PostgreSQL keeps microseconds of its time.
    pub(crate) async fn add(&self, draft: &Draft) -> sqlx::Result<Post> {
        let row = Row {
            author: draft.author.to_string(),
            title: draft.title.to_string(),
            body: draft.body.to_string(),
            comments: 0,
            created_at: Utc::now(),
            commented_at: None,
        };
        on!(self, pool => {
            insert([row]).push(" RETURNING *").build_query_as().fetch_one(pool).await
        })
    }
}

/// The base query of the list. It says which rows: the order, the position and the limit stand around it.
fn select<DB: Backend>(filter: &Filter, query: &mut QueryBuilder<DB>)
where
    String: Type<DB> + for<'q> Encode<'q, DB>,
{
    query.push("SELECT * FROM posts WHERE 1 = 1");
    if !filter.author.is_empty() {
        query
            .push(" AND author = ")
            .push_bind(filter.author.to_string());
    }
    if !filter.text.is_empty() {
        // `%` and `_` stand for themselves.
        let text = filter
            .text
            .replace('!', "!!")
            .replace('%', "!%")
            .replace('_', "!_");
        query
            .push(" AND lower(title || ' ' || body) LIKE lower(")
            .push_bind(format!("%{text}%"))
            .push(") ESCAPE '!'");
    }
}

/// A post that has no id yet.
pub(crate) struct Row {
    pub(crate) author: String,
    pub(crate) title: String,
    pub(crate) body: String,
    pub(crate) comments: i64,
    pub(crate) created_at: DateTime<Utc>,
    pub(crate) commented_at: Option<DateTime<Utc>>,
}

fn insert<DB: Backend>(rows: impl IntoIterator<Item = Row>) -> QueryBuilder<DB>
where
    String: Type<DB> + for<'q> Encode<'q, DB>,
    i64: Type<DB> + for<'q> Encode<'q, DB>,
    DateTime<Utc>: Type<DB> + for<'q> Encode<'q, DB>,
    Option<DateTime<Utc>>: for<'q> Encode<'q, DB>,
{
    let mut query = QueryBuilder::new(
        "INSERT INTO posts (author, title, body, comments, created_at, commented_at) ",
    );
    query.push_values(rows, |mut values, row| {
        values
            .push_bind(row.author)
            .push_bind(row.title)
            .push_bind(row.body)
            .push_bind(row.comments)
            .push_bind(row.created_at)
            .push_bind(row.commented_at);
    });
    query
}
