//! MySQL and MariaDB: no row values (their index is scanned whole), no NULLS FIRST, and comparisons that turn both sides
//! into floats where a parameter has the wrong type.

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, TimeDelta};
use futures_core::future::BoxFuture;
use sqlx::encode::IsNull;
use sqlx::error::BoxDynError;
use sqlx::mysql::types::MySqlTime;
use sqlx::mysql::{MySql, MySqlDatabaseError, MySqlRow, MySqlTypeInfo};
use sqlx::{Decode, Encode, QueryBuilder, Row, Type, TypeInfo, ValueRef};

use super::{Dialect, NoKey, runs};
use crate::cursor::value::{Kind, Value};
use crate::order::key::private::Exact;
use crate::sql::range::Form;
use crate::sql::term::Term;

impl Dialect for MySql {
    const QUOTE: char = '`';
    const NULLS_SMALLEST: bool = true;
    const PLACES_NULLS: bool = false;
    const ESTIMATES: bool = true;

    fn form(terms: &[Term]) -> Form {
        let native = |terms: &[Term]| {
            terms
                .iter()
                .all(|term| term.is_native(Self::NULLS_SMALLEST))
        };
        if native(terms) {
            Form::Hinted
        } else if native(&terms[1..]) {
            Form::NullsApart
        } else {
            Form::Ranges
        }
    }

    fn read(row: &MySqlRow, column: &str) -> Result<Value, NoKey> {
        let at = Self::ordinal(row, column).ok_or(NoKey::Missing)?;
        let raw = row.try_get_raw(at).map_err(|_| NoKey::Missing)?;
        if raw.is_null() {
            return Ok(Value::Null);
        }
        let held = raw.type_info().into_owned();
        let name = held.name();
        let value = match name {
            // Its labels are ordered by their places, and compared by their text.
            "ENUM" | "SET" => return Err(NoKey::Type(name.to_owned())),
            // A text of a collation that compares bytes has the name of a type for bytes.
            _ if <str as Type<MySql>>::compatible(&held) => {
                <String as Decode<MySql>>::decode(raw).map(Value::Text)
            }
            "BOOLEAN" | "TINYINT" | "SMALLINT" | "MEDIUMINT" | "INT" | "BIGINT" => {
                <i64 as Decode<MySql>>::decode(raw).map(Value::Int)
            }
            "TINYINT UNSIGNED" | "SMALLINT UNSIGNED" | "MEDIUMINT UNSIGNED" | "INT UNSIGNED"
            | "BIGINT UNSIGNED" | "YEAR" => {
                <u64 as Decode<MySql>>::decode(raw).map(Exact::into_value)
            }
            "FLOAT" => <f32 as Decode<MySql>>::decode(raw).map(|value| Value::Float(value.into())),
            "DOUBLE" => <f64 as Decode<MySql>>::decode(raw).map(Value::Float),
            // Sent as text
            "DECIMAL" => <String as Decode<MySql>>::decode(raw).map(Value::Decimal),
            "BINARY" | "VARBINARY" | "TINYBLOB" | "BLOB" | "MEDIUMBLOB" | "LONGBLOB" => {
                <Vec<u8> as Decode<MySql>>::decode(raw).map(Value::Bytes)
            }
            "TIMESTAMP" => <NaiveDateTime as Decode<MySql>>::decode(raw)
                .map(|at| Value::Instant(at.and_utc().timestamp_micros())),
            "DATETIME" => <NaiveDateTime as Decode<MySql>>::decode(raw).map(Exact::into_value),
            "DATE" => <NaiveDate as Decode<MySql>>::decode(raw).map(Exact::into_value),
            "TIME" => <TimeDelta as Decode<MySql>>::decode(raw)
                .map(|time| time.num_microseconds().map_or(Value::Null, Value::Time)),
            _ => return Err(NoKey::Type(name.to_owned())),
        };
        value.map_err(|error| NoKey::Type(format!("{name} ({error})")))
    }

    fn fits(declared: Kind, held: Kind) -> bool {
        match declared {
            Kind::Bool => matches!(held, Kind::Bool | Kind::Int),
            Kind::Uuid => matches!(held, Kind::Bytes | Kind::Text),
            Kind::Instant | Kind::DateTime => matches!(held, Kind::Instant | Kind::DateTime),
            _ => declared == held,
        }
    }

    fn takes(value: &Value) -> bool {
        match value {
            Value::Instant(micros) | Value::DateTime(micros) => {
                DateTime::from_timestamp_micros(*micros).is_some_and(|at| has_year(at.year()))
            }
            Value::Date(days) => {
                NaiveDate::from_value(Value::Date(*days)).is_some_and(|date| has_year(date.year()))
            }
            Value::Time(micros) => MySqlTime::try_from(TimeDelta::microseconds(*micros)).is_ok(),
            Value::Decimal(text) => !text.ends_with(['N', 'y']),
            Value::Uuid(_) => false,
            _ => true,
        }
    }

    fn refuses_value(error: &sqlx::Error) -> bool {
        // 1267: a text with characters that the column's set has not; 1292, 1366, 1525: not a value of the type.
        let error = error.as_database_error();
        let error = error.and_then(|error| error.try_downcast_ref::<MySqlDatabaseError>());
        error.is_some_and(|error| matches!(error.number(), 1267 | 1292 | 1366 | 1525))
    }

    fn bind(query: &mut QueryBuilder<Self>, value: &Value) {
        match value {
            Value::Bool(value) => query.push_bind(*value),
            Value::Int(value) => query.push_bind(*value),
            Value::UInt(value) => query.push_bind(*value),
            Value::Float(value) => query.push_bind(*value),
            Value::Text(value) => query.push_bind(value.clone()),
            Value::Bytes(value) => query.push_bind(value.clone()),
            Value::Instant(micros) => query.push_bind(DateTime::from_timestamp_micros(*micros)),
            Value::DateTime(micros) => {
                query.push_bind(DateTime::from_timestamp_micros(*micros).map(|at| at.naive_utc()))
            }
            Value::Date(days) => query.push_bind(NaiveDate::from_value(Value::Date(*days))),
            Value::Time(micros) => {
                query.push_bind(MySqlTime::try_from(TimeDelta::microseconds(*micros)).ok())
            }
            Value::Decimal(value) => query.push_bind(Decimal(value.clone())),
            // `takes` has let nothing else pass, and NULL is never compared with.
            Value::Null | Value::Uuid(_) => query.push("NULL"),
        };
    }

    fn bind_number(query: &mut QueryBuilder<Self>, number: i64) {
        query.push_bind(number);
    }

    runs!(MySql);

    /// The rows of each table that is joined, multiplied, and the part of them that the filter leaves.
    fn estimate(plan: &[MySqlRow]) -> Option<u64> {
        let mut product = 1.0;
        for step in plan {
            let rows: Option<String> = step.try_get_unchecked("rows").ok()?;
            product *= rows?.parse::<f64>().ok()?;
        }
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // `as` stays within u64.
        (!plan.is_empty()).then_some(product as u64)
    }
}

/// Of its dates. sqlx cannot encode others, and says so with a panic where they are pushed onto a query.
fn has_year(year: i32) -> bool {
    (0..=9999).contains(&year)
}

/// Digits as a DECIMAL. As a text they would be compared as floats.
struct Decimal(String);

impl Type<MySql> for Decimal {
    fn type_info() -> MySqlTypeInfo {
        <rust_decimal::Decimal as Type<MySql>>::type_info()
    }
}

impl Encode<'_, MySql> for Decimal {
    fn encode_by_ref(&self, buffer: &mut Vec<u8>) -> Result<IsNull, BoxDynError> {
        <&str as Encode<MySql>>::encode_by_ref(&self.0.as_str(), buffer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_out_of_range_are_not_taken() {
        for (value, expected) in [
            (Value::Instant(1_700_000_000_000_000), true),
            (Value::DateTime(253_402_300_799_999_999), true),
            (Value::DateTime(253_402_300_800_000_000), false),
            (Value::Instant(-62_167_219_200_000_000), true),
            (Value::Instant(-62_167_219_200_000_001), false),
            (Value::Date(2_932_896), true),
            (Value::Date(2_932_897), false),
            (Value::Date(-719_528), true),
            (Value::Date(-719_529), false),
            (Value::Time(-1), true),
            (Value::Time(i64::MAX), false),
        ] {
            assert_eq!(MySql::takes(&value), expected, "{value:?}");
        }
    }
}
