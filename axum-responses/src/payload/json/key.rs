//! The keys of a map, which JSON wants to be text.

use std::fmt::Display;

use serde::ser::{self, Impossible, Serialize};

use super::error::{Error, Result};
use super::serializer::Serializer;

/// Writes text, and in quotes what has one obvious spelling as text. Everything else is refused.
pub(super) struct Key<'a>(pub(super) &'a mut Vec<u8>);

impl Key<'_> {
    fn quoted(self, write: impl FnOnce(Serializer<'_>) -> Result) -> Result {
        self.0.push(b'"');
        write(Serializer(self.0))?;
        self.0.push(b'"');
        Ok(())
    }
}

#[cold]
fn no_key<T>() -> Result<T> {
    Err(Error::key_is_no_text())
}

macro_rules! quoted {
    ($($method:ident $type:ty;)*) => {$(
        fn $method(self, value: $type) -> Result {
            self.quoted(|serializer| serializer.$method(value))
        }
    )*};
}

macro_rules! finite {
    ($($method:ident $type:ty;)*) => {$(
        fn $method(self, value: $type) -> Result {
            if !value.is_finite() {
                return Err(Error::key_is_not_finite());
            }
            self.quoted(|serializer| serializer.$method(value))
        }
    )*};
}

impl ser::Serializer for Key<'_> {
    type Ok = ();
    type Error = Error;
    type SerializeSeq = Impossible<(), Error>;
    type SerializeTuple = Impossible<(), Error>;
    type SerializeTupleStruct = Impossible<(), Error>;
    type SerializeTupleVariant = Impossible<(), Error>;
    type SerializeMap = Impossible<(), Error>;
    type SerializeStruct = Impossible<(), Error>;
    type SerializeStructVariant = Impossible<(), Error>;

    quoted! {
        serialize_bool bool;
        serialize_i8 i8;
        serialize_i16 i16;
        serialize_i32 i32;
        serialize_i64 i64;
        serialize_i128 i128;
        serialize_u8 u8;
        serialize_u16 u16;
        serialize_u32 u32;
        serialize_u64 u64;
        serialize_u128 u128;
    }

    finite! {
        serialize_f32 f32;
        serialize_f64 f64;
    }

    fn serialize_char(self, value: char) -> Result {
        Serializer(self.0).serialize_char(value)
    }

    #[inline]
    fn serialize_str(self, value: &str) -> Result {
        Serializer(self.0).serialize_str(value)
    }

    fn serialize_bytes(self, _: &[u8]) -> Result {
        no_key()
    }

    fn serialize_none(self) -> Result {
        no_key()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result {
        no_key()
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result {
        no_key()
    }

    #[inline]
    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Result {
        self.serialize_str(variant)
    }

    #[inline]
    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Result {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result {
        no_key()
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Self::SerializeSeq> {
        no_key()
    }

    fn serialize_tuple(self, _: usize) -> Result<Self::SerializeTuple> {
        no_key()
    }

    fn serialize_tuple_struct(
        self,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleStruct> {
        no_key()
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant> {
        no_key()
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Self::SerializeMap> {
        no_key()
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Self::SerializeStruct> {
        no_key()
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeStructVariant> {
        no_key()
    }

    fn collect_str<T: Display + ?Sized>(self, value: &T) -> Result {
        Serializer(self.0).collect_str(value)
    }
}
