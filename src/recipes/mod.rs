//! Recipes: LoadTests in a library, with parameters, and with what is known about running them well.
//!
//! `document` is a recipe as it is written, `library` are those that are part of the binary, `record` is
//! what is kept of those that people write. Who runs one is `runs`.

pub mod advice;
pub mod document;
mod dto;
mod error;
pub mod generator;
pub mod library;
mod record;
mod routes;
mod running;
mod service;
mod store;

pub use self::{
    error::RecipeError,
    record::{Filters, Found},
    routes::routes,
    running::{HOST, Prepared},
    service::{Recipes, Wanted, stored},
};
