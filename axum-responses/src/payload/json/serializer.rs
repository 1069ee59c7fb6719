//! serde's data model as compact JSON.

use std::fmt::{self, Display, Write as _};

use serde::ser::{self, Error as _, Serialize};
use serde_json::ser::{CompactFormatter, Formatter as _};

use super::error::{Error, Result};
use super::escape;
use super::key::Key;

/// Writes one value behind what the buffer holds.
///
/// Lengths that are announced are not looked at: what comes is what is written. Nesting is not
/// limited, and takes stack, as with serde_json.
pub(super) struct Serializer<'a>(pub(super) &'a mut Vec<u8>);

/// Digits are left to serde_json: so they stay the same, whichever crates it takes them from.
macro_rules! integers {
    ($($method:ident $type:ty => $write:ident;)*) => {$(
        #[inline]
        fn $method(self, value: $type) -> Result {
            match u8::try_from(value) {
                Ok(small @ ..100) => {
                    two_digits(self.0, small);
                    Ok(())
                }
                _ => CompactFormatter.$write(self.0, value).map_err(Error::custom),
            }
        }
    )*};
}

macro_rules! floats {
    ($($method:ident $type:ty => $write:ident;)*) => {$(
        #[inline]
        fn $method(self, value: $type) -> Result {
            if !value.is_finite() {
                return self.serialize_unit(); // RFC 8259 §6: there is no such number
            }
            CompactFormatter.$write(self.0, value).map_err(Error::custom)
        }
    )*};
}

impl<'a> ser::Serializer for Serializer<'a> {
    type Ok = ();
    type Error = Error;
    type SerializeSeq = Elements<'a>;
    type SerializeTuple = Elements<'a>;
    type SerializeTupleStruct = Elements<'a>;
    type SerializeTupleVariant = InVariant<Elements<'a>>;
    type SerializeMap = Members<'a>;
    type SerializeStruct = Members<'a>;
    type SerializeStructVariant = InVariant<Members<'a>>;

    integers! {
        serialize_i8 i8 => write_i8;
        serialize_i16 i16 => write_i16;
        serialize_i32 i32 => write_i32;
        serialize_i64 i64 => write_i64;
        serialize_i128 i128 => write_i128;
        serialize_u8 u8 => write_u8;
        serialize_u16 u16 => write_u16;
        serialize_u32 u32 => write_u32;
        serialize_u64 u64 => write_u64;
        serialize_u128 u128 => write_u128;
    }

    floats! {
        serialize_f32 f32 => write_f32;
        serialize_f64 f64 => write_f64;
    }

    #[inline]
    fn serialize_bool(self, value: bool) -> Result {
        if value {
            self.0.extend_from_slice(b"true");
        } else {
            self.0.extend_from_slice(b"false");
        }
        Ok(())
    }

    #[inline]
    fn serialize_char(self, value: char) -> Result {
        self.serialize_str(value.encode_utf8(&mut [0; 4]))
    }

    #[inline]
    fn serialize_str(self, value: &str) -> Result {
        escape::string(self.0, value);
        Ok(())
    }

    fn serialize_bytes(self, value: &[u8]) -> Result {
        self.collect_seq(value)
    }

    #[inline]
    fn serialize_none(self) -> Result {
        self.serialize_unit()
    }

    #[inline]
    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result {
        value.serialize(self)
    }

    #[inline]
    fn serialize_unit(self) -> Result {
        self.0.extend_from_slice(b"null");
        Ok(())
    }

    #[inline]
    fn serialize_unit_struct(self, _: &'static str) -> Result {
        self.serialize_unit()
    }

    #[inline]
    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Result {
        self.serialize_str(variant)
    }

    #[inline]
    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Result {
        value.serialize(self)
    }

    #[inline]
    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result {
        name(self.0, b'{', variant);
        value.serialize(Serializer(self.0))?;
        self.0.push(b'}');
        Ok(())
    }

    #[inline]
    fn serialize_seq(self, _: Option<usize>) -> Result<Elements<'a>> {
        Ok(Elements {
            out: self.0,
            lead: b'[',
        })
    }

    #[inline]
    fn serialize_tuple(self, _: usize) -> Result<Elements<'a>> {
        self.serialize_seq(None)
    }

    #[inline]
    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Elements<'a>> {
        self.serialize_seq(None)
    }

    #[inline]
    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<InVariant<Elements<'a>>> {
        name(self.0, b'{', variant);
        self.serialize_seq(None).map(InVariant)
    }

    #[inline]
    fn serialize_map(self, _: Option<usize>) -> Result<Members<'a>> {
        Ok(Members {
            out: self.0,
            lead: b'{',
            private: None,
        })
    }

    #[inline]
    fn serialize_struct(self, name: &'static str, _: usize) -> Result<Members<'a>> {
        let private = is_private(name).then_some(name);
        Ok(Members {
            out: self.0,
            lead: b'{',
            private,
        })
    }

    #[inline]
    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<InVariant<Members<'a>>> {
        name(self.0, b'{', variant);
        self.serialize_map(None).map(InVariant)
    }

    fn collect_str<T: Display + ?Sized>(self, value: &T) -> Result {
        self.0.push(b'"');
        write!(Escaping(self.0), "{value}")
            .map_err(|_| Error::custom("a Display implementation failed"))?;
        self.0.push(b'"');
        Ok(())
    }
}

/// Most integers are small: ages, counts, ranks. The call that copies the digits of others costs more
/// than the digits.
#[inline(always)]
fn two_digits(out: &mut Vec<u8>, value: u8) {
    let (tens, ones) = (b'0' + value / 10, b'0' + value % 10);
    if value < 10 {
        out.push(ones);
    } else {
        out.extend_from_slice(&[tens, ones]);
    }
}

/// Under these names serde_json's own `RawValue` and arbitrarily precise `Number` tell its writer what
/// they are. They exist when a user switches those features on; only serde_json knows what to do then.
#[inline(always)]
fn is_private(name: &str) -> bool {
    name.starts_with("$serde_json::private::")
}

/// `{"name":` or `,"name":`
#[inline(always)]
fn name(out: &mut Vec<u8>, lead: u8, name: &'static str) {
    const LONGEST: usize = 28;
    // Inlined, all of this is known to the compiler: what is left of it is one check for room and a few
    // stores.
    let length = name.len();
    if length <= LONGEST && escape::is_plain(name) {
        let mut piece = [0; LONGEST + 4];
        piece[0] = lead;
        piece[1] = b'"';
        piece[2..2 + length].copy_from_slice(name.as_bytes());
        piece[2 + length] = b'"';
        piece[3 + length] = b':';
        out.extend_from_slice(&piece[..4 + length]);
    } else {
        any_name(out, lead, name);
    }
}

#[cold]
fn any_name(out: &mut Vec<u8>, lead: u8, name: &str) {
    out.push(lead);
    escape::string(out, name);
    out.push(b':');
}

/// What `Display` writes, piece by piece.
struct Escaping<'a>(&'a mut Vec<u8>);

impl fmt::Write for Escaping<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        escape::fragment(self.0, text);
        Ok(())
    }
}

/// The elements of an array.
pub(super) struct Elements<'a> {
    out: &'a mut Vec<u8>,
    /// What stands before the next one: the bracket before the first, a comma before each other.
    lead: u8,
}

impl<'a> Elements<'a> {
    #[inline(always)]
    fn add<T: Serialize + ?Sized>(&mut self, value: &T) -> Result {
        self.out.push(self.lead);
        self.lead = b',';
        value.serialize(Serializer(self.out))
    }

    #[inline(always)]
    fn close(self) -> &'a mut Vec<u8> {
        if self.lead == b'[' {
            self.out.push(b'[');
        }
        self.out.push(b']');
        self.out
    }
}

/// The members of an object.
pub(super) struct Members<'a> {
    out: &'a mut Vec<u8>,
    /// As with [`Elements`].
    lead: u8,
    /// The name of a type that serde_json writes itself.
    private: Option<&'static str>,
}

impl<'a> Members<'a> {
    #[inline(always)]
    fn add<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Result {
        name(self.out, self.lead, key);
        self.lead = b',';
        value.serialize(Serializer(self.out))
    }

    #[inline(always)]
    fn close(self) -> &'a mut Vec<u8> {
        if self.lead == b'{' {
            self.out.push(b'{');
        }
        self.out.push(b'}');
        self.out
    }
}

/// An array or object that is the one member of an object: how an enum's variant is written.
pub(super) struct InVariant<T>(T);

macro_rules! elements {
    ($($trait:ident $method:ident;)*) => {$(
        impl ser::$trait for Elements<'_> {
            type Ok = ();
            type Error = Error;

            #[inline(always)]
            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result {
                self.add(value)
            }

            #[inline(always)]
            fn end(self) -> Result {
                self.close();
                Ok(())
            }
        }
    )*};
}

elements! {
    SerializeSeq serialize_element;
    SerializeTuple serialize_element;
    SerializeTupleStruct serialize_field;
}

impl ser::SerializeTupleVariant for InVariant<Elements<'_>> {
    type Ok = ();
    type Error = Error;

    #[inline(always)]
    fn serialize_field<T: Serialize + ?Sized>(&mut self, value: &T) -> Result {
        self.0.add(value)
    }

    #[inline(always)]
    fn end(self) -> Result {
        self.0.close().push(b'}');
        Ok(())
    }
}

impl ser::SerializeStruct for Members<'_> {
    type Ok = ();
    type Error = Error;

    #[inline(always)]
    fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Result {
        match self.private {
            None => self.add(key, value),
            Some(name) => private(self.out, &Private { name, key, value }),
        }
    }

    #[inline(always)]
    fn end(self) -> Result {
        if self.private.is_none() {
            self.close();
        }
        Ok(())
    }
}

impl ser::SerializeStructVariant for InVariant<Members<'_>> {
    type Ok = ();
    type Error = Error;

    #[inline(always)]
    fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Result {
        self.0.add(key, value)
    }

    #[inline(always)]
    fn end(self) -> Result {
        self.0.close().push(b'}');
        Ok(())
    }
}

impl ser::SerializeMap for Members<'_> {
    type Ok = ();
    type Error = Error;

    #[inline]
    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result {
        self.out.push(self.lead);
        self.lead = b',';
        key.serialize(Key(self.out))?;
        self.out.push(b':');
        Ok(())
    }

    #[inline]
    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result {
        value.serialize(Serializer(self.out))
    }

    #[inline(always)]
    fn end(self) -> Result {
        self.close();
        Ok(())
    }
}

/// A struct of one field, as it was seen.
struct Private<'a, T: ?Sized> {
    name: &'static str,
    key: &'static str,
    value: &'a T,
}

impl<T: Serialize + ?Sized> Serialize for Private<'_, T> {
    fn serialize<S: ser::Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        use ser::SerializeStruct as _;
        let mut whole = serializer.serialize_struct(self.name, 1)?;
        whole.serialize_field(self.key, self.value)?;
        whole.end()
    }
}

#[cold]
fn private<T: Serialize + ?Sized>(out: &mut Vec<u8>, value: &Private<'_, T>) -> Result {
    serde_json::to_writer(out, value).map_err(Error::custom)
}
