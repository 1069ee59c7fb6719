//! What a page sends, where a database needs it in a certain form.
#![allow(clippy::unwrap_used)] // Tests say what is wrong by panicking.

use super::statement;
use crate::cursor::CursorParams;
use crate::cursor::keyset::keyset;
use crate::order::Order;
use crate::sql::Backend;

#[derive(Clone, sqlx::FromRow)]
struct Row {
    id: i64,
    k: Option<i64>,
}

fn order() -> Order<Row> {
    Order::named("k")
        .asc("k", |row: &Row| row.k)
        .nulls_last()
        .unique_asc("id", |row| row.id)
}

/// The statement of the page behind a row.
fn behind<DB: Backend>(row: &Row) -> String
where
    Row: for<'r> sqlx::FromRow<'r, DB::Row>,
{
    let order = order();
    let page = CursorParams::<20, 100>::new(None, 1).unwrap();
    let rows = vec![row.clone(), row.clone()];
    let page = keyset(&order).assemble(rows, &page).unwrap();
    let page = CursorParams::<20, 100>::new(page.next_cursor(), 20).unwrap();
    let list = keyset(&order).select::<DB>(|q| {
        q.push("SELECT id, k FROM t");
    });
    statement(&list, &page).unwrap()
}

#[cfg(feature = "sqlite")]
#[test]
fn sqlite_does_not_see_the_values_of_parameters_when_it_compiles() {
    let sql = behind::<sqlx::Sqlite>(&Row { id: 1, k: Some(1) });
    assert!(sql.matches('?').count() > 5, "{sql}");
    for (at, _) in sql.match_indices('?') {
        let sign = sql[..at].ends_with('+');
        assert!(sign || sql[at + 1..].starts_with(" + 0"), "{at}: {sql}");
    }
}

#[cfg(feature = "mysql")]
#[test]
fn behind_a_null_mariadb_searches_by_the_columns_after_it_too() {
    let sql = behind::<sqlx::MySql>(&Row { id: 1, k: None });
    assert_eq!(
        sql,
        "SELECT p.* FROM (SELECT id, k FROM t\n) AS p WHERE (p.`k` IS NULL OR p.`k` < NULL) AND p.`id` > ? \
         ORDER BY p.`k`, p.`id` LIMIT ?"
    );
}
