//! The LoadTest document: types, parsing, validation, templates and feeders.
//!
//! A text becomes a [`Document`](parse::Document) by [`parse`](parse::parse()), the command line may
//! change it ([`Overrides`](overrides::Overrides)), and [`Document::validate`](parse::Document::validate)
//! makes a [`ValidLoadTest`](valid::ValidLoadTest) of it, or says everything that is wrong with it.
//! Knows no web server, no database and no other module.

pub mod feeder;
pub mod ignore;
pub mod limit;
pub mod mask;
pub(crate) mod nearest;
pub mod overrides;
pub mod parse;
pub mod place;
pub mod problem;
pub mod schema;
pub mod secret;
pub mod span;
pub mod stand_in;
pub mod template;
pub mod threshold;
pub mod types;
pub mod valid;
mod validate;

pub(crate) use self::validate::is_template;
