//! The opaque cursor: versioned, bound to its list, authenticated if asked.
//!
//! URL-safe base64 without padding (RFC 4648 §5) of a version, a position, the values of the keys, and a tag of 16
//! bytes. The tag is an HMAC-SHA256 (RFC 2104) of all before it, of the order and of the scope, cut to its left half;
//! without a key it is a SHA-256 of the same.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::value::Value;
use crate::limits::LONGEST_CURSOR;

const VERSION: u8 = 1;
const TAG: usize = 16;
/// What is hashed serves this purpose alone.
const PURPOSE: &[u8] = b"axum-pagination cursor";

/// The secret that cursors are signed with: 32 bytes, the same on every replica.
///
/// A signed cursor was made by somebody who has the key. It is not encrypted: whoever has a cursor can read the values
/// of its keys.
///
/// ```
/// use axum_pagination::CursorKey;
///
/// let key = CursorKey::try_from(&b"32 random bytes of configuration"[..]).unwrap();
/// assert_eq!(format!("{key:?}"), "CursorKey { previous: 0, .. }"); // nothing of the secret
/// assert!(CursorKey::try_from(&b"too short"[..]).is_err());
/// ```
#[derive(Clone)]
pub struct CursorKey {
    signs: Hmac<Sha256>,
    accepted: Vec<Hmac<Sha256>>,
}

impl CursorKey {
    /// A key of 32 random bytes: not a password, not a text that somebody thought of.
    ///
    /// What [`try_from`](TryFrom::try_from) makes of a slice of 32 bytes is the same.
    ///
    /// ```
    /// use axum_pagination::{CursorKey, CursorParams, Order, keyset};
    ///
    /// let by_id = Order::named("id").unique_asc("id", |id: &u32| *id);
    /// let cursor = |key: CursorKey| {
    ///     let page = keyset(&by_id).signed(&key).assemble(vec![1, 2], &CursorParams::<1, 100>::default()).unwrap();
    ///     page.next_cursor().unwrap().to_owned()
    /// };
    /// assert_eq!(cursor(CursorKey::new([7; 32])), cursor(CursorKey::try_from(&[7; 32][..]).unwrap()));
    /// assert_ne!(cursor(CursorKey::new([7; 32])), cursor(CursorKey::new([8; 32])));
    /// ```
    #[must_use]
    pub fn new(secret: [u8; 32]) -> Self {
        Self {
            signs: Hmac::new(&secret.into_block()),
            accepted: Vec::new(),
        }
    }

    /// Takes cursors of a key that was in use before: until the last of them is forgotten. It may be said several
    /// times.
    ///
    /// Replicas that still have the old key alone refuse what the new one signs. Where they run side by side, let all
    /// of them take the new key first, and sign with it afterwards.
    ///
    /// ```
    /// use axum_pagination::{CursorKey, CursorParams, Order, keyset};
    ///
    /// let by_id = Order::named("id").unique_asc("id", |id: &u32| *id);
    /// let page = |key, cursor: Option<&str>| {
    ///     keyset(&by_id).signed(key).assemble(vec![1, 2], &CursorParams::<20, 100>::new(cursor, 1)?)
    /// };
    /// let old = CursorKey::new([7; 32]);
    /// let new = CursorKey::new([8; 32]).previous([7; 32]);
    ///
    /// let signed_by_old = page(&old, None)?;
    /// let signed_by_new = page(&new, signed_by_old.next_cursor())?; // takes both, signs with its own
    /// assert_eq!(page(&old, signed_by_new.next_cursor()).unwrap_err().status(), 400);
    /// # Ok::<(), axum_pagination::PageError>(())
    /// ```
    #[must_use]
    pub fn previous(mut self, secret: [u8; 32]) -> Self {
        self.accepted.push(Hmac::new(&secret.into_block()));
        self
    }
}

/// RFC 2104 §2: a key shorter than a block is filled up with zeros.
trait IntoBlock {
    fn into_block(self) -> hmac::digest::Key<Hmac<Sha256>>;
}

impl IntoBlock for [u8; 32] {
    fn into_block(self) -> hmac::digest::Key<Hmac<Sha256>> {
        let mut block = hmac::digest::Key::<Hmac<Sha256>>::default();
        block[..32].copy_from_slice(&self);
        block
    }
}

/// The bytes are no key: there are not 32 of them.
///
/// Neither more nor fewer are taken, and text is not decoded: of a secret in hex or base64 give the bytes.
///
/// ```
/// use axum_pagination::{CursorKey, NotACursorKey};
///
/// let hex = "07".repeat(32); // 64 bytes
/// assert_eq!(CursorKey::try_from(hex.as_bytes()).unwrap_err(), NotACursorKey);
/// assert_eq!(NotACursorKey.to_string(), "a cursor key has 32 bytes");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotACursorKey;

impl fmt::Display for NotACursorKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a cursor key has 32 bytes")
    }
}

impl std::error::Error for NotACursorKey {}

impl TryFrom<&[u8]> for CursorKey {
    type Error = NotACursorKey;

    fn try_from(secret: &[u8]) -> Result<Self, NotACursorKey> {
        secret.try_into().map(Self::new).map_err(|_| NotACursorKey)
    }
}

/// Says nothing of the secret.
impl fmt::Debug for CursorKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CursorKey")
            .field("previous", &self.accepted.len())
            .finish_non_exhaustive()
    }
}

/// What a cursor belongs to beside its order: a hash of the filter, the tenant and whatever else chooses the rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Scope([u8; 16]);

impl Scope {
    /// The same in every build for values that serialise equally: members of maps are sorted, elements are not.
    pub(crate) fn of<S: Serialize + ?Sized>(value: &S) -> Result<Self, serde_json::Error> {
        let value = serde_json::to_value(value)?;
        let mut text = String::new();
        canonical(&value, &mut text);
        let mut scope = [0; 16];
        scope.copy_from_slice(&Sha256::digest(text)[..16]);
        Ok(Self(scope))
    }
}

/// JSON without blanks, members sorted by name.
fn canonical(value: &serde_json::Value, to: &mut String) {
    use serde_json::Value;

    match value {
        Value::Array(items) => {
            to.push('[');
            for item in items {
                canonical(item, to);
                to.push(',');
            }
            to.push(']');
        }
        Value::Object(members) => {
            let mut members: Vec<_> = members.iter().collect();
            members.sort_unstable_by_key(|(name, _)| *name);
            to.push('{');
            for (name, value) in members {
                to.push_str(&Value::from(name.as_str()).to_string());
                to.push(':');
                canonical(value, to);
                to.push(',');
            }
            to.push('}');
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            to.push_str(&value.to_string())
        }
    }
}

/// Where a page begins.
#[derive(Clone, Debug)]
pub(crate) enum Place {
    /// With the first row
    Start,
    /// Ends with the last row
    End,
    /// Behind the row with these keys
    After(Vec<Value>),
    /// Ends before the row with these keys
    Before(Vec<Value>),
}

impl Place {
    fn code(&self) -> u8 {
        match self {
            Self::Start => 0,
            Self::End => 1,
            Self::After(_) => 2,
            Self::Before(_) => 3,
        }
    }

    /// Whether its page is read from its end.
    pub(crate) fn is_backward(&self) -> bool {
        matches!(self, Self::End | Self::Before(_))
    }

    pub(crate) fn keys(&self) -> Option<&[Value]> {
        match self {
            Self::Start | Self::End => None,
            Self::After(keys) | Self::Before(keys) => Some(keys),
        }
    }
}

/// Makes and reads the cursors of one list.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Seal<'a> {
    pub(crate) fingerprint: &'a [u8; 16],
    pub(crate) scope: Scope,
    pub(crate) key: Option<&'a CursorKey>,
}

impl Seal<'_> {
    /// `None` when the keys are too long for a cursor.
    pub(crate) fn write(&self, place: &Place) -> Option<String> {
        let mut bytes = Vec::with_capacity(64);
        bytes.extend([VERSION, place.code()]);
        for key in place.keys().unwrap_or_default() {
            key.write(&mut bytes)?;
        }
        let tag = match self.key {
            Some(key) => self.signed(&key.signs, &bytes).finalize().into_bytes(),
            None => self.hashed(&bytes),
        };
        bytes.extend_from_slice(&tag[..TAG]);
        let text = URL_SAFE_NO_PAD.encode(bytes);
        (text.len() <= LONGEST_CURSOR).then_some(text)
    }

    /// `None` for what is no cursor of this list.
    pub(crate) fn read(&self, cursor: &str) -> Option<Place> {
        if cursor.len() > LONGEST_CURSOR {
            return None;
        }
        let bytes = URL_SAFE_NO_PAD.decode(cursor).ok()?;
        let (content, tag) = bytes.split_at_checked(bytes.len().checked_sub(TAG)?)?;
        let genuine = match self.key {
            Some(key) => {
                let mut keys = std::iter::once(&key.signs).chain(&key.accepted);
                keys.any(|key| self.signed(key, content).verify_truncated_left(tag).is_ok())
            }
            None => self.hashed(content)[..TAG] == *tag,
        };
        let (head, mut rest) = content.split_first_chunk::<2>()?;
        if !genuine || head[0] != VERSION {
            return None;
        }
        let mut keys = Vec::with_capacity(4);
        while !rest.is_empty() {
            keys.push(Value::read(&mut rest)?);
        }
        Some(match (head[1], keys.is_empty()) {
            (0, true) => Place::Start,
            (1, true) => Place::End,
            (2, false) => Place::After(keys),
            (3, false) => Place::Before(keys),
            _ => return None,
        })
    }

    fn signed(&self, key: &Hmac<Sha256>, content: &[u8]) -> Hmac<Sha256> {
        let mut mac = key.clone();
        for part in [PURPOSE, self.fingerprint, &self.scope.0, content] {
            Mac::update(&mut mac, part);
        }
        mac
    }

    fn hashed(&self, content: &[u8]) -> hmac::digest::Output<Sha256> {
        let mut hash = Sha256::new();
        for part in [PURPOSE, self.fingerprint, &self.scope.0, content] {
            hash.update(part);
        }
        hash.finalize()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const FINGERPRINT: [u8; 16] = [1; 16];

    fn seal(key: Option<&CursorKey>) -> Seal<'_> {
        Seal {
            fingerprint: &FINGERPRINT,
            scope: Scope::default(),
            key,
        }
    }

    fn place() -> Place {
        Place::After(vec![Value::Instant(1_700_000_000_000_001), Value::Int(42)])
    }

    #[test]
    fn a_cursor_stays_what_it_is_from_build_to_build() {
        assert_eq!(
            seal(None).write(&place()).unwrap(),
            "AQIHAAYKJBgeQAECAAAAAAAAACp9JxLdQvpvcwYlwLixZbTf"
        );
        let key = CursorKey::new([7; 32]);
        assert_eq!(
            seal(Some(&key)).write(&place()).unwrap(),
            "AQIHAAYKJBgeQAECAAAAAAAAACo7uWPuh4VKM3IhR6Rn7EyC"
        );
    }

    #[test]
    fn a_cursor_belongs_to_its_key_its_order_and_its_scope() {
        let key = CursorKey::new([7; 32]);
        let cursor = seal(Some(&key)).write(&place()).unwrap();
        let read = |seal: Seal<'_>| seal.read(&cursor).is_some();
        assert!(read(seal(Some(&key))));
        assert!(!read(seal(None)));
        let other = CursorKey::new([8; 32]);
        assert!(!read(seal(Some(&other))));
        assert!(read(seal(Some(&other.previous([6; 32]).previous([7; 32])))));
        assert!(!read(Seal {
            fingerprint: &[2; 16],
            ..seal(Some(&key))
        }));
        let scope = Scope::of(&("tenant", 1)).unwrap();
        assert!(!read(Seal {
            scope,
            ..seal(Some(&key))
        }));
    }

    #[test]
    fn a_scope_does_not_depend_on_the_sequence_of_members() {
        let scope = |text: &str| {
            Scope::of(&serde_json::from_str::<serde_json::Value>(text).unwrap()).unwrap()
        };
        assert_eq!(
            scope(r#"{"a":1,"b":[1,null]}"#),
            scope(r#"{"b":[1,null],"a":1}"#)
        );
        for other in [
            r#"{"a":1,"b":[1]}"#,
            r#"{"a":"1","b":[1,null]}"#,
            r#"{"a":1,"b":[[1],null]}"#,
            r#"{"a":1}"#,
        ] {
            assert_ne!(scope(r#"{"a":1,"b":[1,null]}"#), scope(other), "{other}");
        }
    }

    #[test]
    fn what_is_equal_and_written_otherwise_is_another_scope() {
        assert_ne!(Scope::of(&0.0).unwrap(), Scope::of(&-0.0).unwrap());
        assert_ne!(Scope::of(&[1, 2]).unwrap(), Scope::of(&[2, 1]).unwrap());
    }

    #[test]
    fn keys_too_long_make_no_cursor() {
        let of = |length| seal(None).write(&Place::After(vec![Value::Text("x".repeat(length))]));
        assert_eq!(of(3051).unwrap().len(), LONGEST_CURSOR);
        assert!(of(3052).is_none());
        assert!(of(70_000).is_none());
    }

    #[test]
    fn what_is_no_cursor_is_refused() {
        let good = seal(None).write(&place()).unwrap();
        let padded = format!("{good}=");
        let long = "A".repeat(LONGEST_CURSOR + 1);
        for text in [
            "",
            "A",
            "garbage",
            "é",
            " ",
            &good[1..],
            &padded,
            &format!("{good} "),
            &long,
        ] {
            assert!(seal(None).read(text).is_none(), "{text}");
        }
    }

    fn values() -> impl Strategy<Value = Vec<Value>> {
        let one = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::Bool),
            any::<i64>().prop_map(Value::Int),
            any::<u64>().prop_map(Value::UInt),
            any::<u64>().prop_map(|bits| Value::Float(f64::from_bits(bits))),
            ".{0,12}".prop_map(Value::Text),
            any::<Vec<u8>>().prop_map(Value::Bytes),
            any::<[u8; 16]>().prop_map(Value::Uuid),
            any::<i64>().prop_map(Value::Instant),
            any::<i64>().prop_map(Value::DateTime),
            any::<i32>().prop_map(Value::Date),
            any::<i64>().prop_map(Value::Time),
            "-?[0-9]{1,30}(\\.[0-9]{1,9})?".prop_map(Value::Decimal),
        ];
        prop::collection::vec(one, 1..5)
    }

    proptest! {
        #[test]
        fn a_round_trip_is_the_identity_and_any_changed_byte_is_refused(
            values in values(), backward: bool, signed: bool, at: prop::sample::Index, with: u8
        ) {
            let key = CursorKey::new([9; 32]);
            let seal = seal(signed.then_some(&key));
            let place = if backward { Place::Before(values) } else { Place::After(values) };
            let cursor = seal.write(&place).unwrap();
            let back = seal.read(&cursor).unwrap();
            prop_assert_eq!(format!("{:?}", back.keys()).replace("NaN", ""), format!("{:?}", place.keys()).replace("NaN", ""));
            prop_assert_eq!(seal.write(&back).unwrap(), cursor.clone());

            let mut changed = cursor.clone().into_bytes();
            let at = at.index(changed.len());
            let with = with & 0x7f;
            prop_assume!(changed[at] != with);
            changed[at] = with;
            prop_assert!(seal.read(std::str::from_utf8(&changed).unwrap()).is_none());
        }

        #[test]
        fn no_text_brings_the_reader_down(text in ".{0,80}", bytes: Vec<u8>) {
            prop_assert!(seal(None).read(&text).is_none());
            prop_assert!(seal(None).read(&URL_SAFE_NO_PAD.encode(bytes)).is_none());
        }
    }
}
