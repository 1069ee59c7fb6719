//! Why a value could not be written.

use std::fmt::{self, Display};

use serde::ser;

pub(super) type Result<T = ()> = std::result::Result<T, Error>;

/// What a value, or one of the two rules about keys, had against being written.
///
/// One pointer wide: it is part of what the writing of every field returns.
#[derive(Debug)]
pub(crate) struct Error(Box<Reason>);

#[derive(Debug)]
enum Reason {
    KeyIsNoText,
    KeyIsNotFinite,
    Custom(String),
}

impl Error {
    #[cold]
    pub(super) fn key_is_no_text() -> Self {
        Self(Box::new(Reason::KeyIsNoText))
    }

    #[cold]
    pub(super) fn key_is_not_finite() -> Self {
        Self(Box::new(Reason::KeyIsNotFinite))
    }
}

impl Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // In serde_json's words, which are what people search for.
        f.write_str(match &*self.0 {
            Reason::KeyIsNoText => "key must be a string",
            Reason::KeyIsNotFinite => "float key must be finite (got NaN or +/-inf)",
            Reason::Custom(message) => message,
        })
    }
}

impl std::error::Error for Error {}

impl ser::Error for Error {
    #[cold]
    fn custom<T: Display>(message: T) -> Self {
        Self(Box::new(Reason::Custom(message.to_string())))
    }
}
