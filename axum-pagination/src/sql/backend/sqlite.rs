//! SQLite: any column holds any type, and a value is compared as what it is. The raw value is the key.

use futures_core::future::BoxFuture;
use sqlx::sqlite::{Sqlite, SqliteRow};
use sqlx::{Decode, QueryBuilder, Row, TypeInfo, ValueRef};

use super::{Dialect, NoKey, runs};
use crate::cursor::value::{Kind, Value};
use crate::sql::range::Form;
use crate::sql::term::Term;

impl Dialect for Sqlite {
    const QUOTE: char = '"';
    const NULLS_SMALLEST: bool = true;
    const PLACES_NULLS: bool = true;
    const ESTIMATES: bool = false;

    /// Its row values bound the index by their first column alone.
    fn form(terms: &[Term]) -> Form {
        if terms.len() == 1 {
            Form::RowValue
        } else {
            Form::Ranges
        }
    }

    fn read(row: &SqliteRow, column: &str) -> Result<Value, NoKey> {
        let at = Self::ordinal(row, column).ok_or(NoKey::Missing)?;
        let raw = row.try_get_raw(at).map_err(|_| NoKey::Missing)?;
        if raw.is_null() {
            return Ok(Value::Null);
        }
        let held = raw.type_info().into_owned();
        let name = held.name();
        let unreadable = |_| NoKey::Type(name.to_owned());
        match name {
            "INTEGER" => <i64 as Decode<Sqlite>>::decode(raw)
                .map(Value::Int)
                .map_err(unreadable),
            "REAL" => <f64 as Decode<Sqlite>>::decode(raw)
                .map(Value::Float)
                .map_err(unreadable),
            "TEXT" => <String as Decode<Sqlite>>::decode(raw)
                .map(Value::Text)
                .map_err(unreadable),
            "BLOB" => <Vec<u8> as Decode<Sqlite>>::decode(raw)
                .map(Value::Bytes)
                .map_err(unreadable),
            _ => Err(NoKey::Type(name.to_owned())),
        }
    }

    fn fits(_: Kind, _: Kind) -> bool {
        true
    }

    fn takes(value: &Value) -> bool {
        matches!(
            value,
            Value::Null | Value::Int(_) | Value::Float(_) | Value::Text(_) | Value::Bytes(_)
        )
    }

    fn refuses_value(_: &sqlx::Error) -> bool {
        false
    }

    /// The sign changes no value. Behind it SQLite does not look for the value of a parameter: after ANALYZE it would
    /// compile the statement anew whenever one is set, at several times the cost of the page.
    fn bind(query: &mut QueryBuilder<Self>, value: &Value) {
        query.push("+");
        match value {
            Value::Int(value) => query.push_bind(*value),
            Value::Float(value) => query.push_bind(*value),
            Value::Text(value) => query.push_bind(value.clone()),
            Value::Bytes(value) => query.push_bind(value.clone()),
            // `takes` has let nothing else pass.
            _ => query.push_bind(None::<i64>),
        };
    }

    fn bind_number(query: &mut QueryBuilder<Self>, number: i64) {
        // The same for a limit, where it looks behind a sign and not into a sum.
        query.push_bind(number).push(" + 0");
    }

    runs!(Sqlite);

    /// Its plans do not say.
    fn estimate(_: &[SqliteRow]) -> Option<u64> {
        None
    }
}
