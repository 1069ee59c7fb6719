//! The value of a key in a row, exact to the bit, and how it is written into a cursor.

/// What kind of value a key holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Kind {
    Bool = 1,
    Int = 2,
    Float = 3,
    Text = 4,
    Bytes = 5,
    Uuid = 6,
    /// A point in time
    Instant = 7,
    /// A date and a time of day, of no zone
    DateTime = 8,
    Date = 9,
    Time = 10,
    Decimal = 11,
}

/// The value of a key in a row.
#[derive(Clone, Debug)]
pub enum Value {
    Null,
    Bool(bool),
    Int(i64),
    /// Above what `Int` holds
    UInt(u64),
    Float(f64),
    Text(String),
    Bytes(Vec<u8>),
    Uuid([u8; 16]),
    /// Microseconds since 1970-01-01T00:00:00Z
    Instant(i64),
    /// Microseconds since 1970-01-01T00:00:00
    DateTime(i64),
    /// Days since 1970-01-01
    Date(i32),
    /// Microseconds since midnight
    Time(i64),
    /// Digits with an optional sign and point, or `NaN`, `Infinity`, `-Infinity`
    Decimal(String),
}

/// Of 64 bits that have no sign.
const UINT: u8 = 12;
const NULL: u8 = 0;

impl Value {
    pub(crate) fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// `None` of NULL.
    #[cfg(feature = "sql")]
    pub(crate) fn kind(&self) -> Option<Kind> {
        Some(match self {
            Self::Null => return None,
            Self::Bool(_) => Kind::Bool,
            Self::Int(_) | Self::UInt(_) => Kind::Int,
            Self::Float(_) => Kind::Float,
            Self::Text(_) => Kind::Text,
            Self::Bytes(_) => Kind::Bytes,
            Self::Uuid(_) => Kind::Uuid,
            Self::Instant(_) => Kind::Instant,
            Self::DateTime(_) => Kind::DateTime,
            Self::Date(_) => Kind::Date,
            Self::Time(_) => Kind::Time,
            Self::Decimal(_) => Kind::Decimal,
        })
    }

    /// Appends a tag and the value: numbers in eight bytes, big end first; texts after their length in two.
    ///
    /// `None` when a text is too long for any cursor.
    pub(crate) fn write(&self, to: &mut Vec<u8>) -> Option<()> {
        let mut tagged = |tag: u8, bytes: &[u8]| {
            to.push(tag);
            to.extend_from_slice(bytes);
        };
        let (tag, bytes) = match self {
            Self::Null => {
                tagged(NULL, &[]);
                return Some(());
            }
            Self::Bool(value) => {
                tagged(Kind::Bool as u8, &[u8::from(*value)]);
                return Some(());
            }
            Self::Date(value) => {
                tagged(Kind::Date as u8, &value.to_be_bytes());
                return Some(());
            }
            Self::Uuid(value) => {
                tagged(Kind::Uuid as u8, value);
                return Some(());
            }
            Self::Int(value) => (Kind::Int as u8, value.to_be_bytes()),
            Self::UInt(value) => (UINT, value.to_be_bytes()),
            Self::Float(value) => (Kind::Float as u8, value.to_bits().to_be_bytes()),
            Self::Instant(value) => (Kind::Instant as u8, value.to_be_bytes()),
            Self::DateTime(value) => (Kind::DateTime as u8, value.to_be_bytes()),
            Self::Time(value) => (Kind::Time as u8, value.to_be_bytes()),
            Self::Text(value) => return write_long(to, Kind::Text, value.as_bytes()),
            Self::Decimal(value) => return write_long(to, Kind::Decimal, value.as_bytes()),
            Self::Bytes(value) => return write_long(to, Kind::Bytes, value),
        };
        tagged(tag, &bytes);
        Some(())
    }

    /// Takes what [`write`](Self::write) appended; `None` when it is nothing of the kind.
    pub(crate) fn read(from: &mut &[u8]) -> Option<Self> {
        let [tag] = take(from)?;
        let text = |bytes: &[u8]| Some(std::str::from_utf8(bytes).ok()?.to_owned());
        Some(match tag {
            NULL => Self::Null,
            UINT => Self::UInt(u64::from_be_bytes(take(from)?)),
            1 => match take(from)? {
                [0] => Self::Bool(false),
                [1] => Self::Bool(true),
                _ => return None,
            },
            2 => Self::Int(i64::from_be_bytes(take(from)?)),
            3 => Self::Float(f64::from_bits(u64::from_be_bytes(take(from)?))),
            4 => Self::Text(text(take_long(from)?)?),
            5 => Self::Bytes(take_long(from)?.to_vec()),
            6 => Self::Uuid(take(from)?),
            7 => Self::Instant(i64::from_be_bytes(take(from)?)),
            8 => Self::DateTime(i64::from_be_bytes(take(from)?)),
            9 => Self::Date(i32::from_be_bytes(take(from)?)),
            10 => Self::Time(i64::from_be_bytes(take(from)?)),
            11 => Self::Decimal(text(take_long(from)?).filter(|text| is_decimal(text))?),
            _ => return None,
        })
    }
}

fn write_long(to: &mut Vec<u8>, kind: Kind, bytes: &[u8]) -> Option<()> {
    let length = u16::try_from(bytes.len()).ok()?;
    to.push(kind as u8);
    to.extend_from_slice(&length.to_be_bytes());
    to.extend_from_slice(bytes);
    Some(())
}

fn take<const N: usize>(from: &mut &[u8]) -> Option<[u8; N]> {
    let (head, rest) = from.split_first_chunk()?;
    *from = rest;
    Some(*head)
}

fn take_long<'a>(from: &mut &'a [u8]) -> Option<&'a [u8]> {
    let length = u16::from_be_bytes(take(from)?);
    let (head, rest) = from.split_at_checked(length.into())?;
    *from = rest;
    Some(head)
}

/// Whether a text is a number that every database reads as a decimal.
fn is_decimal(text: &str) -> bool {
    if matches!(text, "NaN" | "Infinity" | "-Infinity") {
        return true;
    }
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let all = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    all(whole) && all(fraction)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(value: &Value) -> Vec<u8> {
        let mut bytes = Vec::new();
        value.write(&mut bytes).unwrap();
        bytes
    }

    #[test]
    fn a_value_comes_back_to_the_bit() {
        for value in [
            Value::Null,
            Value::Bool(true),
            Value::Int(i64::MIN),
            Value::UInt(u64::MAX),
            Value::Float(-0.0),
            Value::Float(f64::from_bits(0x7ff8_0000_0000_0001)),
            Value::Float(0.1 + 0.2),
            Value::Text("é\0\u{10ffff}".to_owned()),
            Value::Bytes(vec![0, 255]),
            Value::Uuid([7; 16]),
            Value::Instant(1_700_000_000_000_001),
            Value::DateTime(-1),
            Value::Date(i32::MIN),
            Value::Time(86_399_999_999),
            Value::Decimal("-12345678901234567890.000000001".to_owned()),
        ] {
            let bytes = written(&value);
            let mut rest = bytes.as_slice();
            let back = Value::read(&mut rest).unwrap();
            assert!(rest.is_empty());
            assert_eq!(written(&back), bytes, "{value:?}");
            for end in 0..bytes.len() {
                assert!(
                    Value::read(&mut &bytes[..end]).is_none(),
                    "{value:?} cut at {end}"
                );
            }
        }
    }

    #[test]
    fn what_is_no_value_is_not_read() {
        for bytes in [
            &[99_u8][..],
            &[1, 2],
            &[4, 0, 1, 0xff],
            &[11, 0, 3, b'1', b'e', b'5'],
        ] {
            assert!(Value::read(&mut &*bytes).is_none(), "{bytes:?}");
        }
        for (text, expected) in [
            ("1", true),
            ("-1.50", true),
            ("NaN", true),
            ("", false),
            ("1.", false),
            (".5", false),
            ("+1", false),
            ("1;", false),
        ] {
            assert_eq!(is_decimal(text), expected, "{text}");
        }
    }
}
