//! Pages out of real databases.

mod types;
