//! PostgreSQL: parameters have types, and a wrong one is an error. Keys are read from the binary form of a column.

use futures_core::future::BoxFuture;
use sqlx::encode::IsNull;
use sqlx::error::BoxDynError;
use sqlx::postgres::types::Oid;
use sqlx::postgres::{PgArgumentBuffer, PgRow, PgTypeInfo, PgTypeKind, Postgres};
use sqlx::{Encode, QueryBuilder, Row, Type, TypeInfo, ValueRef};

use super::{Dialect, NoKey, runs};
use crate::cursor::value::{Kind, Value};
use crate::sql::range::Form;
use crate::sql::term::Term;

/// Its times count from 2000-01-01.
const EPOCH_MICROS: i64 = 946_684_800_000_000;
const EPOCH_DAYS: i32 = 10_957;

impl Dialect for Postgres {
    const QUOTE: char = '"';
    const NULLS_SMALLEST: bool = false;
    const PLACES_NULLS: bool = true;
    const ESTIMATES: bool = true;

    fn form(terms: &[Term]) -> Form {
        let one_direction = terms
            .iter()
            .all(|term| term.descending == terms[0].descending);
        let no_nulls = terms.iter().all(|term| term.nulls.is_none());
        if one_direction && no_nulls {
            Form::RowValue
        } else {
            Form::Ranges
        }
    }

    fn read(row: &PgRow, column: &str) -> Result<Value, NoKey> {
        let at = Self::ordinal(row, column).ok_or(NoKey::Missing)?;
        let raw = row.try_get_raw(at).map_err(|_| NoKey::Missing)?;
        if raw.is_null() {
            return Ok(Value::Null);
        }
        let held = raw.type_info();
        let refuse = || NoKey::Type(held.name().to_owned());
        let bytes = raw.as_bytes().map_err(|_| refuse())?;
        let value = match held.name() {
            "BOOL" => bytes.first().map(|byte| Value::Bool(*byte != 0)),
            "INT2" => fixed(bytes).map(|bytes| Value::Int(i16::from_be_bytes(bytes).into())),
            "INT4" => fixed(bytes).map(|bytes| Value::Int(i32::from_be_bytes(bytes).into())),
            "INT8" => fixed(bytes).map(|bytes| Value::Int(i64::from_be_bytes(bytes))),
            "FLOAT4" => fixed(bytes).map(|bytes| Value::Float(f32::from_be_bytes(bytes).into())),
            "FLOAT8" => fixed(bytes).map(|bytes| Value::Float(f64::from_be_bytes(bytes))),
            "BYTEA" => Some(Value::Bytes(bytes.to_vec())),
            "UUID" => fixed(bytes).map(Value::Uuid),
            "TIMESTAMPTZ" => fixed(bytes).map(|bytes| Value::Instant(from_epoch(bytes))),
            "TIMESTAMP" => fixed(bytes).map(|bytes| Value::DateTime(from_epoch(bytes))),
            "DATE" => fixed(bytes)
                .map(|bytes| Value::Date(i32::from_be_bytes(bytes).wrapping_add(EPOCH_DAYS))),
            "TIME" => fixed(bytes).map(|bytes| Value::Time(i64::from_be_bytes(bytes))),
            "NUMERIC" => numeric(bytes).map(Value::Decimal),
            name if is_text(name, &held) => std::str::from_utf8(bytes)
                .ok()
                .map(|text| Value::Text(text.to_owned())),
            _ => None,
        };
        value.ok_or_else(refuse)
    }

    fn fits(declared: Kind, held: Kind) -> bool {
        declared == held
    }

    fn takes(value: &Value) -> bool {
        match value {
            // A character that its texts cannot hold
            Value::Text(text) => !text.contains('\0'),
            Value::UInt(_) => false,
            Value::Instant(micros) | Value::DateTime(micros) => in_range(*micros),
            Value::Date(days) => in_range(i64::from(*days).saturating_mul(86_400_000_000)),
            Value::Time(micros) => (0..=86_400_000_000).contains(micros),
            _ => true,
        }
    }

    fn refuses_value(error: &sqlx::Error) -> bool {
        // 22P02, 22P03, 08P01: not the text or binary form of the type; 22021: no character of the encoding; 22008: no
        // date; 22003: out of the type's range; 42804, 42883: the column has another type by now.
        const CODES: [&str; 8] = [
            "22P02", "22P03", "08P01", "22021", "22008", "22003", "42804", "42883",
        ];
        let code = error
            .as_database_error()
            .and_then(sqlx::error::DatabaseError::code);
        code.is_some_and(|code| CODES.contains(&code.as_ref()))
    }

    fn bind(query: &mut QueryBuilder<Self>, value: &Value) {
        match value {
            Value::Bool(value) => query.push_bind(*value),
            // An index of a smaller integer takes an INT8 too: they are one family of operators.
            Value::Int(value) => query.push_bind(*value),
            Value::Float(value) => query.push_bind(*value),
            Value::Text(value) => query.push_bind(OfTheColumn(value.clone())),
            Value::Bytes(value) => query.push_bind(value.clone()),
            Value::Uuid(value) => query.push_bind(Binary::of("uuid", *value)),
            Value::Instant(micros) => query.push_bind(Binary::of("timestamptz", to_epoch(*micros))),
            Value::DateTime(micros) => query.push_bind(Binary::of("timestamp", to_epoch(*micros))),
            Value::Date(days) => query.push_bind(Binary::of(
                "date",
                days.wrapping_sub(EPOCH_DAYS).to_be_bytes(),
            )),
            Value::Time(micros) => query.push_bind(Binary::of("time", micros.to_be_bytes())),
            Value::Decimal(value) => query
                .push("CAST(")
                .push_bind(value.clone())
                .push(" AS NUMERIC)"),
            // `takes` has let nothing else pass, and NULL is never compared with.
            Value::Null | Value::UInt(_) => query.push("NULL"),
        };
    }

    fn bind_number(query: &mut QueryBuilder<Self>, number: i64) {
        query.push_bind(number);
    }

    runs!(Postgres);

    /// `Seq Scan on posts  (cost=0.00..35.50 rows=2550 width=4)`
    fn estimate(plan: &[PgRow]) -> Option<u64> {
        let first: String = plan.first()?.try_get(0).ok()?;
        let (_, rows) = first.split_once(" rows=")?;
        rows.split(|char: char| !char.is_ascii_digit())
            .next()?
            .parse()
            .ok()
    }
}

fn fixed<const N: usize>(bytes: &[u8]) -> Option<[u8; N]> {
    bytes.try_into().ok()
}

/// Infinity, the largest and the smallest number, comes back as it was: both ways wrap around.
fn from_epoch(bytes: [u8; 8]) -> i64 {
    i64::from_be_bytes(bytes).wrapping_add(EPOCH_MICROS)
}

fn to_epoch(micros: i64) -> [u8; 8] {
    micros.wrapping_sub(EPOCH_MICROS).to_be_bytes()
}

/// 4713 BC to 294276 AD, and the infinities.
fn in_range(micros: i64) -> bool {
    let own = micros.wrapping_sub(EPOCH_MICROS);
    (-211_813_488_000_000_000..9_223_371_331_200_000_000).contains(&own)
        || own == i64::MIN
        || own == i64::MAX
}

/// Types whose binary form is their text.
fn is_text(name: &str, held: &PgTypeInfo) -> bool {
    matches!(
        name,
        "TEXT" | "VARCHAR" | "CHAR" | "\"CHAR\"" | "NAME" | "UNKNOWN"
    ) || name.eq_ignore_ascii_case("citext")
        || matches!(held.kind(), PgTypeKind::Enum(_))
}

/// The binary form of `numeric` as text: digits of base 10,000, after their number, the weight of the first, the sign
/// and the number of decimal digits behind the point.
fn numeric(bytes: &[u8]) -> Option<String> {
    let mut words = bytes
        .chunks_exact(2)
        .map(|pair| u16::from_be_bytes([pair[0], pair[1]]));
    let (count, weight) = (words.next()?, words.next()?.cast_signed());
    let (sign, scale) = (words.next()?, usize::from(words.next()?));
    let digits: Vec<u16> = words.collect();
    let sign = match sign {
        0x0000 => "",
        0x4000 => "-",
        0xC000 => return Some("NaN".to_owned()),
        0xD000 => return Some("Infinity".to_owned()),
        0xF000 => return Some("-Infinity".to_owned()),
        _ => return None,
    };
    if digits.len() != usize::from(count) {
        return None;
    }
    let digit = |at: i32| {
        usize::try_from(at)
            .ok()
            .and_then(|at| digits.get(at))
            .copied()
            .unwrap_or(0)
    };
    let mut text = sign.to_owned();
    let weight = i32::from(weight);
    if weight < 0 {
        text.push('0');
    }
    for at in 0..=weight {
        let digit = digit(at);
        text += &if at == 0 {
            digit.to_string()
        } else {
            format!("{digit:04}")
        };
    }
    if scale > 0 {
        text.push('.');
        let point = text.len();
        let mut at = weight + 1;
        while text.len() < point + scale {
            text += &format!("{:04}", digit(at));
            at += 1;
        }
        text.truncate(point + scale);
    }
    Some(text)
}

/// Text that takes the type of the column it is compared with: `citext`, an enumeration, `char(n)`, `text`.
///
/// The type `unknown` asks the server to find it out, as for a literal. A parameter of type `text` would turn the column
/// into `text` instead: another order than the index has, or an error.
struct OfTheColumn(String);

impl Type<Postgres> for OfTheColumn {
    fn type_info() -> PgTypeInfo {
        PgTypeInfo::with_oid(Oid(705))
    }
}

impl Encode<'_, Postgres> for OfTheColumn {
    fn encode_by_ref(&self, buffer: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
        buffer.extend_from_slice(self.0.as_bytes());
        Ok(IsNull::No)
    }
}

/// A value in the binary form of a type.
struct Binary {
    oid: Oid,
    bytes: Vec<u8>,
}

impl Binary {
    fn of(name: &str, bytes: impl AsRef<[u8]>) -> Self {
        // pg_type.dat: the numbers of types that come with the server are fixed.
        let oid = match name {
            "date" => 1082,
            "time" => 1083,
            "timestamp" => 1114,
            "timestamptz" => 1184,
            _ => 2950, // uuid
        };
        Self {
            oid: Oid(oid),
            bytes: bytes.as_ref().to_vec(),
        }
    }
}

impl Type<Postgres> for Binary {
    fn type_info() -> PgTypeInfo {
        PgTypeInfo::with_oid(Oid(17)) // bytea; `produces` says better
    }
}

impl Encode<'_, Postgres> for Binary {
    fn encode_by_ref(&self, buffer: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
        buffer.extend_from_slice(&self.bytes);
        Ok(IsNull::No)
    }

    fn produces(&self) -> Option<PgTypeInfo> {
        Some(PgTypeInfo::with_oid(self.oid))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_numeric_is_read_digit_by_digit() {
        let check = |words: &[u16], expected: Option<&str>| {
            let bytes: Vec<u8> = words.iter().flat_map(|word| word.to_be_bytes()).collect();
            assert_eq!(numeric(&bytes).as_deref(), expected, "{words:?}");
        };
        check(&[0, 0, 0, 0], Some("0"));
        check(&[0, 0, 0, 2], Some("0.00"));
        check(&[1, 0, 0, 0, 7], Some("7"));
        check(&[1, 1, 0, 0, 7], Some("70000"));
        check(&[2, 1, 0x4000, 0, 1, 2], Some("-10002"));
        check(&[2, 0, 0, 2, 12, 3400], Some("12.34"));
        check(&[1, 0xFFFF, 0, 4, 5], Some("0.0005"));
        check(&[1, 0xFFFE, 0, 8, 5], Some("0.00000005"));
        check(&[0, 0, 0xC000, 0], Some("NaN"));
        check(&[0, 0, 0xF000, 0], Some("-Infinity"));
        check(&[2, 0, 0, 0, 7], None);
        check(&[0, 0, 0x1234, 0], None);
        check(&[0, 0], None);
    }

    #[test]
    fn times_out_of_range_are_not_taken() {
        assert!(Postgres::takes(&Value::Instant(1_700_000_000_000_000)));
        assert!(Postgres::takes(&Value::Instant(from_epoch(
            i64::MAX.to_be_bytes()
        ))));
        assert!(!Postgres::takes(&Value::Instant(from_epoch(
            (i64::MIN + 1).to_be_bytes()
        ))));
        assert!(!Postgres::takes(&Value::Text("a\0".to_owned())));
        assert!(!Postgres::takes(&Value::Time(-1)));
    }
}
