//! Recipes: LoadTests in a library, with parameters, and with what is known about running them well.

pub mod document;
pub mod library;
