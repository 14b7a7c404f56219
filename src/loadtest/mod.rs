//! The LoadTest document: types, parsing, validation, templates and feeders.
//!
//! Knows no web server, no database and no other module.

pub mod span;
pub mod types;
