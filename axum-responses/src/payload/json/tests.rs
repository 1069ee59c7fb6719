//! The writer held against serde_json's.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt;
use std::net::Ipv4Addr;

use proptest::collection::vec;
use proptest::prelude::*;
use serde::ser::{self, SerializeMap, SerializeSeq, SerializeStruct};
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;
use serde_json::{Value, json};

use super::{Error, write, write_into};

/// The same bytes as serde_json's, or the same reason why there are none.
#[track_caller]
fn check<T: Serialize + ?Sized>(value: &T) {
    let ours = write(value).map(text).map_err(|error| error.to_string());
    let theirs = serde_json::to_vec(value)
        .map(text)
        .map_err(|error| error.to_string());
    assert_eq!(ours, theirs);
}

fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap()
}

#[track_caller]
fn written<T: Serialize + ?Sized>(value: &T) -> String {
    text(write(value).unwrap())
}

/// A value that is serialised by this: for shapes that no ordinary type has.
macro_rules! by {
    (|$serializer:ident| $body:expr) => {{
        struct Shape;
        impl Serialize for Shape {
            fn serialize<S: Serializer>(&self, $serializer: S) -> Result<S::Ok, S::Error> {
                $body
            }
        }
        Shape
    }};
}

#[derive(Serialize)]
struct Unit;

#[derive(Serialize)]
struct Empty {}

#[derive(Serialize)]
struct Newtype<T>(T);

#[derive(Serialize)]
struct Pair(u8, &'static str);

#[derive(Serialize, Default)]
struct Person {
    id: u32,
    name: String,
    #[serde(rename = "e-mail")]
    email: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tags: Vec<&'static str>,
}

fn person() -> Person {
    Person {
        id: 7,
        name: "Zoë \"Z\" Müller".into(),
        email: None,
        tags: vec!["a", ""],
    }
}

#[derive(Serialize)]
struct Names {
    a: u8,
    #[serde(rename = "")]
    empty: u8,
    #[serde(rename = "with \"quotes\"\n")]
    escaped: u8,
    #[serde(rename = "größe")]
    beyond_ascii: u8,
    #[serde(rename = "twenty-eight bytes, no more!")]
    longest_inlined: u8,
    #[serde(rename = "twenty-nine bytes, that's all")]
    shortest_outside: u8,
    #[serde(rename = "a name that is much longer than the room that is made for names")]
    long: u8,
}

#[derive(Serialize)]
enum External {
    Unit,
    Newtype(u8),
    Newtypes(Vec<External>),
    Tuple(u8, bool),
    NoTuple(),
    Struct {
        a: u8,
        b: Option<bool>,
    },
    NoStruct {},
    #[serde(rename = "need\\ed")]
    Escaped(u8),
}

#[derive(Serialize)]
#[serde(tag = "type")]
enum Internal {
    Unit,
    Newtype(Person),
    Struct { a: u8 },
}

#[derive(Serialize)]
#[serde(tag = "t", content = "c")]
enum Adjacent {
    Unit,
    Newtype(u8),
    Tuple(u8, u8),
    Struct { a: u8 },
}

#[derive(Serialize)]
#[serde(untagged)]
enum Untagged {
    Unit,
    Newtype(u8),
    Tuple(u8, u8),
    Struct { a: u8 },
}

#[derive(Serialize)]
struct Flattened {
    first: u8,
    #[serde(flatten)]
    person: Person,
    #[serde(flatten)]
    more: BTreeMap<&'static str, Value>,
    #[serde(flatten)]
    none: Option<Person>,
    last: u8,
}

#[test]
fn every_shape_of_the_data_model_is_written_alike() {
    check(&true);
    check(&false);
    check(&());
    check(&Unit);
    check(&Empty {});
    check(&None::<u8>);
    check(&Some(1));
    check(&Some(Some("x")));
    check("text");
    check(&'x');
    check(&'"');
    check(&'\u{1f980}');
    check(serde_bytes::Bytes::new(b""));
    check(serde_bytes::Bytes::new(&[0, 9, 10, 99, 100, 255]));
    check(&Newtype("x"));
    check(&Newtype(Newtype(Person::default())));
    check(&Pair(1, "x"));
    check(&(1, "x", None::<u8>, [0.5]));
    check(&[0u8; 0]);
    check(&[[1, 2], [3, 4]]);
    check(&vec![Vec::<u8>::new(), vec![1]]);
    check(&person());
    check(&[person(), Person::default()]);
    check(&BTreeMap::<String, u8>::new());
    check(&BTreeMap::from([(
        "a",
        BTreeMap::from([("b", 1), ("c", 2)]),
    )]));
    check(&Names {
        a: 1,
        empty: 2,
        escaped: 3,
        beyond_ascii: 4,
        longest_inlined: 5,
        shortest_outside: 6,
        long: 7,
    });
    check(&json!({"a": [1, -1, 1.5, null, true, "x", {}, []], "b": {"c": {"d": [[[]]]}}}));
    // Only where the format is human-readable is this text.
    check(&Ipv4Addr::LOCALHOST);
    check(&std::time::Duration::from_millis(1500));
    check(&Ok::<u8, u8>(1));
}

#[test]
fn enums_are_written_alike_in_every_representation() {
    check(&[
        External::Unit,
        External::Newtype(1),
        External::Newtypes(vec![External::Unit, External::Newtypes(vec![])]),
        External::Tuple(1, true),
        External::NoTuple(),
        External::Struct { a: 1, b: None },
        External::NoStruct {},
        External::Escaped(1),
    ]);
    check(&[
        Internal::Unit,
        Internal::Newtype(person()),
        Internal::Struct { a: 1 },
    ]);
    check(&[
        Adjacent::Unit,
        Adjacent::Newtype(1),
        Adjacent::Tuple(1, 2),
        Adjacent::Struct { a: 1 },
    ]);
    check(&[
        Untagged::Unit,
        Untagged::Newtype(1),
        Untagged::Tuple(1, 2),
        Untagged::Struct { a: 1 },
    ]);
}

#[test]
fn flattened_fields_are_written_alike() {
    for more in [
        BTreeMap::new(),
        BTreeMap::from([("more", json!([1])), ("escape\"d", json!({}))]),
    ] {
        check(&Flattened {
            first: 1,
            person: person(),
            more,
            none: None,
            last: 2,
        });
    }
}

#[test]
fn numbers_are_written_alike_at_their_edges() {
    macro_rules! integers {
        ($($type:ty)*) => {$(
            for value in [
                <$type>::MIN, <$type>::MAX, <$type>::MIN / 2, <$type>::MAX / 2, <$type>::MAX / 10, 0, 1, 9, 10, 11,
                99, 100, 101, 127,
            ] {
                check(&value);
                check(&BTreeMap::from([(value, value)]));
            }
        )*};
    }
    integers!(i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize);
    for value in -1100..1100 {
        check(&value);
    }
    for value in [
        0.0,
        1.0,
        0.1,
        1.5,
        123456789.0,
        1e15,
        1e16,
        1e17,
        1e20,
        1e21,
        1e-5,
        1e-6,
        1e-7,
        1.0 / 3.0,
        5e-324,
        f64::MIN_POSITIVE,
        f64::MAX,
        f64::EPSILON,
        9007199254740993.0,
        2.225_073_858_507_201e-308,
        f64::NAN,
        f64::INFINITY,
    ] {
        check(&[value, -value]);
    }
    for value in [
        0.0,
        0.1,
        1.5,
        16777217.0,
        1e16,
        1e21,
        1e-45,
        1e-7,
        f32::MAX,
        f32::MIN_POSITIVE,
        f32::NAN,
        f32::INFINITY,
    ] {
        check(&[value, -value]);
    }
}

#[test]
fn every_character_is_written_alike() {
    for character in (0..=0x2ff)
        .chain(0x2000..0x2100)
        .chain(0xfff0..0x1_0010)
        .chain(0x1f600..0x1f610)
    {
        if let Some(character) = char::from_u32(character) {
            check(&character);
            check(&character.to_string());
            check(&format!("behind {character} before"));
            check(&BTreeMap::from([(character, character.to_string())]));
        }
    }
    check("\u{2028}\u{2029}\u{7f}\u{80}\u{feff}\u{fffd}\u{10ffff}/</script>");
}

#[test]
fn an_escape_is_found_wherever_it_stands() {
    for length in 0..=100 {
        check(&"x".repeat(length));
        check(&"\n".repeat(length));
        check(&"é".repeat(length));
        for position in 0..length {
            for escaped in ['"', '\\', '\n', '\0', '\u{1f}'] {
                let mut text = ["~".repeat(position), "!".repeat(length - position - 1)];
                check(&text.join(&escaped.to_string()));
                text[1].push('é');
                check(&text.join(&escaped.to_string()));
            }
        }
    }
}

#[test]
fn what_display_writes_is_written_alike() {
    check(&format_args!(""));
    check(&format_args!("plain"));
    check(&format_args!("{}{}\n{:>40}\"{}", 1, "", "é\\", 'x'));
    check(&BTreeMap::from([(
        Ipv4Addr::LOCALHOST,
        Ipv4Addr::UNSPECIFIED,
    )]));
    check(&by!(|serializer| {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry(&format_args!("a{}", "\n"), &1)?;
        map.end()
    }));
}

#[test]
fn keys_are_written_alike() {
    macro_rules! keys {
        ($($key:expr),* $(,)?) => {$(
            check(&by!(|serializer| {
                let mut map = serializer.serialize_map(Some(2))?;
                map.serialize_entry(&$key, &1)?;
                map.serialize_key(&$key)?;
                map.serialize_value(&())?;
                map.end()
            }));
        )*};
    }
    keys! {
        "text", "", "esc\"aped", 'c', '"', true, false, 0u8, 255u8, -1i8, 1u16, -1i16, 1u32, -1i32, 1u64, -1i64,
        u128::MAX, i128::MIN, 1.5f32, -0.0f64, 1e21, 5e-324, Newtype("x"), Newtype(1), Some("x"), Some(1.5), External::Unit,
    }
}

#[test]
fn keys_that_serde_json_refuses_are_refused_for_the_same_reason() {
    macro_rules! keys {
        ($($key:expr),* $(,)?) => {$({
            let map = by!(|serializer| {
                let mut map = serializer.serialize_map(Some(1))?;
                map.serialize_entry(&$key, &1)?;
                map.end()
            });
            assert!(write(&map).is_err());
            check(&map);
        })*};
    }
    keys! {
        (), Unit, None::<u8>, serde_bytes::Bytes::new(b"x"), [1], (1, 2), Pair(1, "x"), [0u8; 0].as_slice(),
        BTreeMap::<u8, u8>::new(), person(), External::Newtype(1), External::Tuple(1, true),
        External::Struct { a: 1, b: None }, Newtype(()), Some(()),
        f64::NAN, f64::INFINITY, f64::NEG_INFINITY, f32::NAN, f32::INFINITY,
    }
}

#[test]
fn custom_messages_are_kept() {
    let refused = by!(|serializer| {
        let _ = serializer;
        Err(ser::Error::custom("not \"today\""))
    });
    check(&refused);
    check(&BTreeMap::from([("a", [&refused])]));
    check(&RefCell::new(1));
    let cell = RefCell::new(1);
    let _borrowed = cell.borrow_mut();
    check(&cell);
    assert_eq!(write(&refused).unwrap_err().to_string(), "not \"today\"");
}

#[test]
fn values_behind_a_trait_object_are_written_alike() {
    let values: [&dyn erased_serde::Serialize; 4] =
        [&person(), &External::Struct { a: 1, b: None }, &"x\n", &1.5];
    for value in values {
        check(value);
    }
    assert_eq!(written(values[0]), written(&person()));
}

#[test]
fn raw_values_stand_as_they_are() {
    let raw = RawValue::from_string(r#"{"a" : [1.00, "é"]}"#.into()).unwrap();
    check(&raw);
    check(&BTreeMap::from([("raw", [&raw, &raw])]));
    assert_eq!(written(&[&raw]), r#"[{"a" : [1.00, "é"]}]"#);
    check(&by!(|serializer| {
        // Is a RawValue by its name, but holds something else.
        let mut raw = serializer.serialize_struct("$serde_json::private::RawValue", 1)?;
        raw.serialize_field("$serde_json::private::RawValue", &1)?;
        raw.end()
    }));
}

#[test]
fn numbers_of_any_precision_are_what_serde_json_makes_of_them() {
    check(&by!(|serializer| {
        let mut number = serializer.serialize_struct("$serde_json::private::Number", 1)?;
        number.serialize_field(
            "$serde_json::private::Number",
            "1.000000000000000000000000000000001",
        )?;
        number.end()
    }));
    let digits = "[1.0000000000000000000000000000000001,1e400,123456789012345678901234567890]";
    if let Ok(value) = serde_json::from_str::<Value>(digits) {
        check(&value);
    }
}

#[test]
fn announced_lengths_change_nothing() {
    for length in [None, Some(2), Some(7)] {
        struct Announced(Option<usize>);
        impl Serialize for Announced {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let mut map = serializer.serialize_map(self.0)?;
                map.serialize_entry("a", &1)?;
                map.serialize_entry("b", &2)?;
                map.end()
            }
        }
        check(&Announced(length));
    }
    // Here serde_json closes the array in front of its elements.
    let none = by!(|serializer| {
        let mut seq = serializer.serialize_seq(Some(0))?;
        seq.serialize_element(&1)?;
        seq.end()
    });
    assert_eq!(written(&none), "[1]");
}

#[test]
fn a_display_that_fails_is_an_error() {
    struct Fails;
    impl fmt::Display for Fails {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("begun")?;
            Err(fmt::Error)
        }
    }
    let fails = by!(|serializer| serializer.collect_str(&Fails));
    assert!(write(&[fails]).is_err());
}

#[test]
fn values_stand_behind_what_is_there_and_errors_leave_nothing() {
    let mut bytes = b"first ".to_vec();
    write_into(&mut bytes, "second").unwrap();
    assert_eq!(bytes, b"first \"second\"");
    write_into(&mut bytes, &("third", BTreeMap::from([((), 1)]))).unwrap_err();
    assert_eq!(bytes, b"first \"second\"");
}

#[test]
fn a_result_is_a_pointer_wide() {
    assert_eq!(size_of::<Result<(), Error>>(), size_of::<usize>());
}

fn values() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        texts().prop_map(Value::from),
    ];
    leaf.prop_recursive(6, 60, 8, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..8).prop_map(Value::from),
            vec((texts(), inner), 0..8)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

#[cfg(any(feature = "sse", feature = "stream"))]
#[test]
fn raw_json_comes_on_one_line() {
    for (given, sent) in [
        ("{\n  \"a\": 1\r\n}", "{  \"a\": 1}"),
        (r#"{"a":"x\ny"}"#, r#"{"a":"x\ny"}"#),
        ("[1,\n2]\n", "[1,2]"),
        ("", ""),
    ] {
        let mut document = [b"before\n", given.as_bytes()].concat();
        super::one_line(&mut document, 7);
        assert_eq!(
            String::from_utf8(document).unwrap(),
            format!("before\n{sent}")
        );
    }
}

/// Any text, and text in which much has to be escaped.
fn texts() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[a-z \"\\\\\n\t\u{0}-\u{1f}\u{7f}é\u{1f980}]{0,120}",
        "[ -~]{0,200}",
    ]
}

proptest! {
    #[test]
    fn any_value_is_written_alike(value in values()) {
        check(&value);
    }

    #[test]
    fn any_text_is_written_alike(text in texts(), other in texts()) {
        check(&text);
        check(&format_args!("{text}{other}"));
        check(&BTreeMap::from([(text, other)]));
    }

    #[test]
    fn any_number_is_written_alike(bits in any::<u128>(), shift in 0..128u32) {
        let bits = bits >> shift;
        check(&bits);
        check(&bits.cast_signed());
        #[allow(clippy::cast_possible_truncation)] // it is meant
        let (low, lower) = (bits as u64, bits as u32);
        check(&(low, low.cast_signed(), lower, lower.cast_signed()));
        check(&(f64::from_bits(low), f32::from_bits(lower)));
    }
}
