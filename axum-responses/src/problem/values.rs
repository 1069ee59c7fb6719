//! A serde format over named texts, as query strings and path segments give them.
//!
//! Stricter than the usual ones: a number is plain ASCII decimal digits that fit the type (no sign on
//! an unsigned one, no `+`, no exponent), an empty text is no number, and a value that stands
//! twice is refused unless the field is a sequence. Every error knows the name it belongs to.

use std::borrow::Cow;
use std::fmt::{self, Display};

use serde::de::value::{CowStrDeserializer, SeqDeserializer};
use serde::de::{
    self, DeserializeSeed, Deserializer, EnumAccess, IntoDeserializer, MapAccess, VariantAccess,
    Visitor,
};
use serde::forward_to_deserialize_any;

/// What is wrong with the parameters: which one, and how.
#[derive(Debug)]
pub(super) struct ValueError {
    pub(super) name: Option<String>,
    pub(super) reason: String,
}

impl ValueError {
    fn new(reason: impl Into<String>) -> Self {
        Self {
            name: None,
            reason: reason.into(),
        }
    }
}

impl de::Error for ValueError {
    fn custom<T: Display>(message: T) -> Self {
        Self::new(message.to_string())
    }

    fn missing_field(field: &'static str) -> Self {
        Self {
            name: Some(field.to_owned()),
            reason: "is missing".to_owned(),
        }
    }
}

impl Display for ValueError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reason)
    }
}

impl std::error::Error for ValueError {}

/// All values that stand under one name, in order.
type Group<'de> = (Cow<'de, str>, Vec<Cow<'de, str>>);

/// Names and their values, as a map or a struct.
pub(super) struct Named<'de>(Vec<Group<'de>>);

impl<'de> Named<'de> {
    pub(super) fn new(pairs: impl IntoIterator<Item = (Cow<'de, str>, Cow<'de, str>)>) -> Self {
        let mut groups: Vec<Group<'de>> = Vec::new();
        for (name, value) in pairs {
            match groups.iter_mut().find(|(known, _)| *known == name) {
                Some((_, values)) => values.push(value),
                None => groups.push((name, vec![value])),
            }
        }
        Self(groups)
    }
}

impl<'de> Deserializer<'de> for Named<'de> {
    type Error = ValueError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ValueError> {
        visitor.visit_map(Entries {
            groups: self.0.into_iter(),
            value: None,
        })
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ValueError> {
        visitor.visit_unit()
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, ValueError> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ValueError> {
        visitor.visit_some(self)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf
        unit_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

struct Entries<'de> {
    groups: std::vec::IntoIter<Group<'de>>,
    value: Option<Group<'de>>,
}

impl<'de> MapAccess<'de> for Entries<'de> {
    type Error = ValueError;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, ValueError> {
        self.value = self.groups.next();
        match &self.value {
            Some((name, _)) => seed
                .deserialize(CowStrDeserializer::new(name.clone()))
                .map(Some),
            None => Ok(None),
        }
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(
        &mut self,
        seed: V,
    ) -> Result<V::Value, ValueError> {
        let (name, values) = self
            .value
            .take()
            .ok_or_else(|| ValueError::new("has no value"))?;
        seed.deserialize(Values(values))
            .map_err(|error| ValueError {
                name: Some(name.into_owned()),
                reason: error.reason,
            })
    }
}

/// The values under one name: a sequence, or the only one of them.
pub(super) struct Values<'de>(pub(super) Vec<Cow<'de, str>>);

impl<'de> Values<'de> {
    fn only(mut self) -> Result<Cow<'de, str>, ValueError> {
        let value = self.0.pop().unwrap_or_default();
        if self.0.is_empty() {
            Ok(value)
        } else {
            Err(ValueError::new("stands more than once"))
        }
    }

    /// Digits, and behind a point more of them: what every notation of a number has in common.
    fn float<T: std::str::FromStr>(self, fits: impl Fn(&T) -> bool) -> Result<T, ValueError> {
        let text = self.only()?;
        let unsigned = text.strip_prefix('-').unwrap_or(&text);
        let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, "0"));
        let is_number = [whole, fraction]
            .iter()
            .all(|digits| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()));
        let number = is_number.then(|| text.parse().ok()).flatten();
        number
            .filter(fits)
            .ok_or_else(|| ValueError::new("must be a number, in decimal digits"))
    }

    fn number<T: std::str::FromStr>(self, what: &str, signed: bool) -> Result<T, ValueError> {
        let text = self.only()?;
        let digits = if signed {
            text.strip_prefix('-').unwrap_or(&text)
        } else {
            &text
        };
        if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(ValueError::new(format!(
                "must be {what}, in decimal digits"
            )));
        }
        text.parse()
            .map_err(|_| ValueError::new(format!("must be {what}")))
    }
}

macro_rules! numbers {
    ($($method:ident $visit:ident $type:ty, $signed:literal, $what:literal;)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ValueError> {
            visitor.$visit(self.number::<$type>($what, $signed)?)
        }
    )*};
}

impl<'de> Deserializer<'de> for Values<'de> {
    type Error = ValueError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ValueError> {
        CowStrDeserializer::new(self.only()?).deserialize_any(visitor)
    }

    numbers! {
        deserialize_u8 visit_u8 u8, false, "a whole number from 0 to 255";
        deserialize_u16 visit_u16 u16, false, "a whole number from 0 to 65535";
        deserialize_u32 visit_u32 u32, false, "a whole number from 0 to 4294967295";
        deserialize_u64 visit_u64 u64, false, "a whole number from 0 to 18446744073709551615";
        deserialize_u128 visit_u128 u128, false, "a whole number of at most 128 bits";
        deserialize_i8 visit_i8 i8, true, "a whole number from -128 to 127";
        deserialize_i16 visit_i16 i16, true, "a whole number from -32768 to 32767";
        deserialize_i32 visit_i32 i32, true, "a whole number from -2147483648 to 2147483647";
        deserialize_i64 visit_i64 i64, true, "a whole number from -9223372036854775808 to 9223372036854775807";
        deserialize_i128 visit_i128 i128, true, "a whole number of at most 128 bits";
    }

    fn deserialize_f32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ValueError> {
        visitor.visit_f32(self.float(|number: &f32| number.is_finite())?)
    }

    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ValueError> {
        visitor.visit_f64(self.float(|number: &f64| number.is_finite())?)
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ValueError> {
        match &*self.only()? {
            "true" => visitor.visit_bool(true),
            "false" => visitor.visit_bool(false),
            _ => Err(ValueError::new("must be true or false")),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ValueError> {
        visitor.visit_some(self)
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ValueError> {
        visitor.visit_unit()
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, ValueError> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ValueError> {
        SeqDeserializer::new(self.0.into_iter().map(|value| Values(vec![value])))
            .deserialize_any(visitor)
    }

    fn deserialize_tuple<V: Visitor<'de>>(
        self,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, ValueError> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, ValueError> {
        visitor.visit_enum(Variant(self.only()?))
    }

    /// Parameters that nobody asked for may stand as often as they like.
    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ValueError> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        char str string bytes byte_buf unit_struct tuple_struct map struct identifier
    }
}

impl<'de> IntoDeserializer<'de, ValueError> for Values<'de> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

/// The name of a variant without fields.
struct Variant<'de>(Cow<'de, str>);

impl<'de> EnumAccess<'de> for Variant<'de> {
    type Error = ValueError;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(
        self,
        seed: V,
    ) -> Result<(V::Value, Self), ValueError> {
        let value = seed.deserialize(CowStrDeserializer::new(self.0.clone()))?;
        Ok((value, self))
    }
}

impl<'de> VariantAccess<'de> for Variant<'de> {
    type Error = ValueError;

    fn unit_variant(self) -> Result<(), ValueError> {
        Ok(())
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, _: T) -> Result<T::Value, ValueError> {
        Err(ValueError::new("names a variant with fields"))
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, _: V) -> Result<V::Value, ValueError> {
        Err(ValueError::new("names a variant with fields"))
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, ValueError> {
        Err(ValueError::new("names a variant with fields"))
    }
}
