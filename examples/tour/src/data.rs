//! What the routes answer with, and the little that the process remembers.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use serde::{Deserialize, Serialize};
use sqlx::FromRow;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
use utoipa::{PartialSchema, ToSchema};

/// The value that most examples send.
#[derive(Clone, Serialize, ToSchema)]
pub(crate) struct Resource {
    id: u64,
    #[schema(example = "my resource")]
    name: &'static str,
}

impl Resource {
    pub(crate) const MINE: Self = Self {
        id: 1,
        name: "my resource",
    };

    pub(crate) const SECOND: Self = Self {
        id: 2,
        name: "second",
    };
}

/// `1: my resource`, for those who want text.
impl fmt::Display for Resource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.id, self.name)
    }
}

/// One row of a longer list.
#[derive(Clone, FromRow, Serialize, ToSchema)]
pub(crate) struct Person {
    #[schema(example = "p01")]
    pub(crate) id: String,
    #[schema(example = "Person 01")]
    pub(crate) name: String,
}

impl Person {
    /// Fifty of them, `p01` to `p50`.
    pub(crate) fn all() -> impl Iterator<Item = Self> + Send {
        (1..=50).map(|number| Self {
            id: format!("p{number:02}"),
            name: format!("Person {number:02}"),
        })
    }
}

/// A whole number from 0 to `MAX`: a query parameter beyond it is a 400 that names the parameter.
#[derive(Clone, Copy, Deserialize)]
#[serde(try_from = "u8")]
pub(crate) struct UpTo<const MAX: u8>(u8);

impl<const MAX: u8> UpTo<MAX> {
    pub(crate) const fn new(number: u8) -> Self {
        assert!(number <= MAX);
        Self(number)
    }

    pub(crate) fn get(self) -> u8 {
        self.0
    }
}

impl<const MAX: u8> TryFrom<u8> for UpTo<MAX> {
    type Error = String;

    fn try_from(number: u8) -> Result<Self, String> {
        if number <= MAX {
            Ok(Self(number))
        } else {
            Err(format!("must be at most {MAX}"))
        }
    }
}

/// What documents say of a `u64`: utoipa's own words for it end where an `i64` does.
pub(crate) struct Unsigned;

impl ToSchema for Unsigned {}

impl PartialSchema for Unsigned {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::Integer)
            .minimum(Some(0_u64))
            .maximum(Some(u64::MAX))
            .into()
    }
}

/// What background tasks and streams noted: one list for the whole process.
#[derive(Clone, Default)]
pub(crate) struct Log(Arc<Mutex<Vec<String>>>);

impl Log {
    /// More notes than this are not kept.
    const LONGEST: usize = 1000;

    pub(crate) fn note(&self, text: impl Into<String>) {
        let mut notes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if notes.len() < Self::LONGEST {
            notes.push(text.into());
        }
    }

    /// All notes; the log is empty afterwards.
    pub(crate) fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
