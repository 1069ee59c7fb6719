//! The people, as rows of a database.

use std::sync::LazyLock;

use axum_pagination::{Order, Orders, Sortable};
use sqlx::sqlite::{SqliteConnectOptions, SqlitePool};
use sqlx::{QueryBuilder, Sqlite};

use crate::data::Person;
use crate::folder::Folder;

/// Each order ends with a key that no two rows share, and has an index that is sorted like it: the primary key
/// of `person` is the one of [`BY_ID`].
const TABLE: &str = "
    CREATE TABLE IF NOT EXISTS person (id TEXT PRIMARY KEY NOT NULL, name TEXT NOT NULL) WITHOUT ROWID;
    CREATE INDEX IF NOT EXISTS person_by_name ON person (name, id);
";

/// From the first person to the last.
pub(crate) static BY_ID: LazyLock<Order<Person>> =
    LazyLock::new(|| Order::named("id").unique_asc("id", |person: &Person| person.id.clone()));

static BY_NAME: LazyLock<Order<Person>> = LazyLock::new(|| {
    Order::named("name")
        .asc("name", |person: &Person| person.name.clone())
        .unique_asc("id", |person| person.id.clone())
});

static BY_NAME_BACKWARDS: LazyLock<Order<Person>> = LazyLock::new(|| {
    Order::named("-name")
        .desc("name", |person: &Person| person.name.clone())
        .unique_desc("id", |person| person.id.clone())
});

static ORDERS: LazyLock<Orders<Person>> = LazyLock::new(|| {
    Orders::new("id", &BY_ID)
        .or("name", &BY_NAME)
        .or("-name", &BY_NAME_BACKWARDS)
});

impl Sortable for Person {
    fn orders() -> &'static Orders<Self> {
        &ORDERS
    }
}

/// Every person as a row, in a file beside those that the tour sends.
///
/// A database in memory belongs to the one connection that made it: a pool would see as many as it has connections.
pub(crate) async fn database(folder: &Folder) -> sqlx::Result<SqlitePool> {
    let file = SqliteConnectOptions::new()
        .filename(folder.file("people.sqlite"))
        .create_if_missing(true);
    let pool = SqlitePool::connect_with(file).await?;
    sqlx::raw_sql(TABLE).execute(&pool).await?;
    // A folder may have been the one of an earlier tour.
    QueryBuilder::<Sqlite>::new("INSERT OR IGNORE INTO person (id, name) ")
        .push_values(Person::all(), |mut row, person| {
            row.push_bind(person.id).push_bind(person.name);
        })
        .build()
        .execute(&pool)
        .await?;
    Ok(pool)
}
