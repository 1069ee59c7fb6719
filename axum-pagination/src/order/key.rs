//! The types of Rust that rows can be ordered by.

use crate::cursor::value::{Kind, Value};

/// A value that rows can be ordered by.
///
/// It is implemented for `bool`, integers of up to 64 bits, floats, `String`, `Vec<u8>`, and, with the feature of the
/// same name, for the types of `chrono`, `time`, `uuid` and `rust_decimal`; and for an [`Option`] of each, where the
/// column may be NULL. The closure of a key gives the value inside of a type of one's own: `|post| post.id.0`. `usize`
/// is none, as its size is the machine's.
///
/// ```
/// use axum_pagination::Order;
///
/// struct PostId(i64);
/// struct Post { id: PostId, score: Option<f64> }
///
/// let best = Order::named("best").desc("score", |post: &Post| post.score).unique_asc("id", |post| post.id.0);
/// assert_eq!(format!("{best:?}"), "best: score desc nulls last, id asc");
/// ```
///
/// Times go into a cursor to the microsecond, which is what databases hold; what is finer in Rust is cut off:
///
/// ```
/// # #[cfg(feature = "chrono")] {
/// use axum_pagination::{CursorParams, Order, Position, keyset};
/// use chrono::{DateTime, Utc};
///
/// let order = Order::named("at").unique_asc("at", |at: &DateTime<Utc>| *at);
/// let times = vec![DateTime::from_timestamp_nanos(1_234_567), DateTime::from_timestamp_nanos(2_000_000)];
/// let page = keyset(&order).assemble(times, &CursorParams::<20, 100>::new(None, 1)?)?;
/// let position = keyset(&order).position(&CursorParams::<20, 100>::new(page.next_cursor(), 1)?)?;
/// assert_eq!(position, Position::Forward(Some((DateTime::from_timestamp_nanos(1_234_000),))));
/// # }
/// # Ok::<(), axum_pagination::PageError>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "rows cannot be ordered by a `{Self}`",
    label = "no key of an order",
    note = "the closure of a key returns a bool, an integer, a float, a String, a Vec<u8>, \
            a type of chrono, time, uuid or rust_decimal (with the feature of that name), or an Option of one of them",
    note = "for a newtype return what is inside: `|post| post.id.0`; text is returned owned: `|post| post.title.clone()`"
)]
pub trait Key: private::Exact {}

/// A [`Key`] that is never NULL: each but an [`Option`]. What [ends an order](crate::KeyColumns::unique_asc).
///
/// It says what the closure gives, and takes its word for the column: a NULL that is there all the same is a
/// [`PageError::Declaration`](crate::PageError::Declaration), a logged 500, on the page that meets it.
///
/// ```
/// use axum_pagination::Order;
///
/// // `code` may be NULL, and cannot be the end; `id` can.
/// type Row = (i64, Option<String>);
/// let order = Order::named("code").asc("code", |row: &Row| row.1.clone()).unique_asc("id", |row| row.0);
/// assert_eq!(format!("{order:?}"), "code: code asc nulls first, id asc");
/// ```
///
/// ```compile_fail
/// # use axum_pagination::Order;
/// let order = Order::named("code").unique_asc("code", |row: &(i64, Option<String>)| row.1.clone());
/// ```
#[diagnostic::on_unimplemented(
    message = "the unique key that ends an order cannot be a `{Self}`: it must never be NULL",
    label = "may be NULL, or is no key",
    note = "rows whose unique key is NULL cannot be told apart: end the order with a column that is UNIQUE and NOT NULL, \
            as the primary key is"
)]
pub trait NotNull: Key {}

pub(crate) mod private {
    use super::{Kind, Value};

    /// How a key is carried. Sealed: what a cursor holds is decided here alone.
    pub trait Exact: Sized {
        const KIND: Kind;
        const NULLABLE: bool = false;

        fn into_value(self) -> Value;

        /// `None` when the value is of another kind or out of range.
        fn from_value(value: Value) -> Option<Self>;
    }
}

use private::Exact;

impl<K: NotNull> Key for Option<K> {}

impl<K: NotNull> Exact for Option<K> {
    const KIND: Kind = K::KIND;
    const NULLABLE: bool = true;

    fn into_value(self) -> Value {
        self.map_or(Value::Null, Exact::into_value)
    }

    fn from_value(value: Value) -> Option<Self> {
        match value {
            Value::Null => Some(None),
            value => K::from_value(value).map(Some),
        }
    }
}

macro_rules! keys {
    ($($type:ty: $kind:ident, $value:ident => $into:expr, $pattern:pat => $from:expr;)*) => {$(
        impl Key for $type {}
        impl NotNull for $type {}

        impl Exact for $type {
            const KIND: Kind = Kind::$kind;

            fn into_value(self) -> Value {
                let $value = self;
                $into
            }

            fn from_value(value: Value) -> Option<Self> {
                match value {
                    $pattern => $from,
                    _ => None,
                }
            }
        }
    )*};
}

macro_rules! integers {
    ($($type:ty)*) => {
        keys! {$(
            $type: Int, value => Value::Int(value.into()), Value::Int(value) => value.try_into().ok();
        )*}
    };
}

integers!(i8 i16 i32 i64 u8 u16 u32);

keys! {
    bool: Bool, value => Value::Bool(value), Value::Bool(value) => Some(value);
    f64: Float, value => Value::Float(value), Value::Float(value) => Some(value);
    String: Text, value => Value::Text(value), Value::Text(value) => Some(value);
    Vec<u8>: Bytes, value => Value::Bytes(value), Value::Bytes(value) => Some(value);
}

impl Key for u64 {}
impl NotNull for u64 {}

impl Exact for u64 {
    const KIND: Kind = Kind::Int;

    fn into_value(self) -> Value {
        i64::try_from(self).map_or(Value::UInt(self), Value::Int)
    }

    fn from_value(value: Value) -> Option<Self> {
        match value {
            Value::Int(value) => value.try_into().ok(),
            Value::UInt(value) => Some(value),
            _ => None,
        }
    }
}

impl Key for f32 {}
impl NotNull for f32 {}

impl Exact for f32 {
    const KIND: Kind = Kind::Float;

    fn into_value(self) -> Value {
        Value::Float(self.into())
    }

    fn from_value(value: Value) -> Option<Self> {
        // Every f32 came from one, so that nothing is cut off.
        #[allow(clippy::cast_possible_truncation)]
        match value {
            Value::Float(value) => Some(value as Self),
            _ => None,
        }
    }
}

#[cfg(feature = "uuid")]
keys! {
    uuid::Uuid: Uuid, value => Value::Uuid(value.into_bytes()), Value::Uuid(bytes) => Some(Self::from_bytes(bytes));
}

#[cfg(feature = "rust_decimal")]
keys! {
    rust_decimal::Decimal: Decimal, value => Value::Decimal(value.to_string()), Value::Decimal(text) => text.parse().ok();
}

/// Databases hold microseconds: what is finer was cut off when the row was written.
#[cfg(feature = "chrono")]
mod of_chrono {
    use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};

    use super::*;

    fn days(date: NaiveDate) -> i32 {
        let days = date.signed_duration_since(NaiveDate::default()).num_days();
        i32::try_from(days).unwrap_or_default() // chrono's years end at 262143
    }

    fn date(days: i32) -> Option<NaiveDate> {
        NaiveDate::default().checked_add_signed(TimeDelta::try_days(days.into())?)
    }

    fn micros(time: NaiveTime) -> i64 {
        time.signed_duration_since(NaiveTime::MIN)
            .num_microseconds()
            .unwrap_or_default()
    }

    fn time(micros: i64) -> Option<NaiveTime> {
        let seconds = u32::try_from(micros.div_euclid(1_000_000)).ok()?;
        let rest = u32::try_from(micros.rem_euclid(1_000_000)).ok()?;
        NaiveTime::from_num_seconds_from_midnight_opt(seconds, rest * 1_000)
    }

    keys! {
        DateTime<Utc>: Instant, value => Value::Instant(value.timestamp_micros()),
            Value::Instant(micros) | Value::DateTime(micros) => Self::from_timestamp_micros(micros);
        DateTime<FixedOffset>: Instant, value => Value::Instant(value.timestamp_micros()),
            Value::Instant(micros) | Value::DateTime(micros) => Some(DateTime::<Utc>::from_timestamp_micros(micros)?.into());
        NaiveDateTime: DateTime, value => Value::DateTime(value.and_utc().timestamp_micros()),
            Value::DateTime(micros) => Some(DateTime::<Utc>::from_timestamp_micros(micros)?.naive_utc());
        NaiveDate: Date, value => Value::Date(days(value)), Value::Date(days) => date(days);
        NaiveTime: Time, value => Value::Time(micros(value)), Value::Time(micros) => time(micros);
    }
}

#[cfg(feature = "time")]
mod of_time {
    use time::{Date, Duration, OffsetDateTime, PrimitiveDateTime, Time, UtcOffset};

    use super::*;

    const EPOCH: Date = OffsetDateTime::UNIX_EPOCH.date();

    fn micros(at: OffsetDateTime) -> i64 {
        let micros = at.unix_timestamp_nanos().div_euclid(1_000);
        i64::try_from(micros).unwrap_or_default() // its years end at 999999
    }

    fn instant(micros: i64) -> Option<OffsetDateTime> {
        OffsetDateTime::from_unix_timestamp_nanos(i128::from(micros) * 1_000).ok()
    }

    fn time(micros: i64) -> Option<Time> {
        let midnight = PrimitiveDateTime::new(EPOCH, Time::MIDNIGHT);
        let at = midnight.checked_add(Duration::microseconds(micros))?;
        (at.date() == EPOCH).then(|| at.time())
    }

    keys! {
        OffsetDateTime: Instant, value => Value::Instant(micros(value)),
            Value::Instant(micros) | Value::DateTime(micros) => instant(micros);
        PrimitiveDateTime: DateTime, value => Value::DateTime(micros(value.assume_utc())),
            Value::DateTime(micros) => instant(micros).map(|at| {
                let at = at.to_offset(UtcOffset::UTC);
                Self::new(at.date(), at.time())
            });
        Date: Date, value => Value::Date(value.to_julian_day() - EPOCH.to_julian_day()),
            Value::Date(days) => Self::from_julian_day(days.checked_add(EPOCH.to_julian_day())?).ok();
        Time: Time, value => Value::Time(i64::try_from((value - Time::MIDNIGHT).whole_microseconds()).unwrap_or_default()),
            Value::Time(micros) => time(micros);
    }
}

/// The keys of an order, in its sequence: a tuple of one to six.
///
/// It is what [`position`](crate::Keyset::position) reads out of a cursor. One key is a tuple too: `(i64,)`. An order
/// may have more columns than six; then it has pages by [`select`](crate::Keyset::select) only.
///
/// ```
/// use axum_pagination::{CursorParams, Order, PageError, Position, keyset};
///
/// let by_id = Order::named("id").unique_asc("id", |id: &i64| *id);
/// let page = keyset(&by_id).assemble(vec![4, 5, 6], &CursorParams::<20, 100>::new(None, 2)?)?;
/// let next = CursorParams::<20, 100>::new(page.next_cursor(), 2)?;
/// assert_eq!(keyset(&by_id).position(&next)?, Position::Forward(Some((5_i64,))));
///
/// let too_many = keyset(&by_id).position::<(i64, String), _, _, _>(&next);
/// assert!(matches!(too_many, Err(PageError::Declaration(_))));
/// let another = keyset(&by_id).position::<(String,), _, _, _>(&next);
/// assert!(matches!(another, Err(PageError::Declaration(_))));
/// # Ok::<(), PageError>(())
/// ```
pub trait Keys: private_keys::FromValues {}

pub(crate) mod private_keys {
    use super::{Kind, Value};

    pub trait FromValues: Sized {
        /// What each key is, and whether it takes NULL.
        const PARTS: &'static [(Kind, bool)];

        fn from_values(values: Vec<Value>) -> Option<Self>;
    }
}

macro_rules! tuples {
    ($($($key:ident)*;)*) => {$(
        impl<$($key: Key),*> Keys for ($($key,)*) {}

        impl<$($key: Key),*> private_keys::FromValues for ($($key,)*) {
            const PARTS: &'static [(Kind, bool)] = &[$(($key::KIND, $key::NULLABLE)),*];

            fn from_values(values: Vec<Value>) -> Option<Self> {
                let mut values = values.into_iter();
                let keys = ($($key::from_value(values.next()?)?,)*);
                values.next().is_none().then_some(keys)
            }
        }
    )*};
}

tuples! {
    A;
    A B;
    A B C;
    A B C D;
    A B C D E;
    A B C D E F;
}
