//! Adapters over sqlx, generic in the database.

mod backend;
mod base;
mod pages;
mod range;
mod statement;
mod term;
#[cfg(feature = "testing")]
mod testing;

pub use self::backend::Backend;
pub use self::pages::Select;
