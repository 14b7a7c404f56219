//! Presets: tests that have a name, for links that lead to whatever they say when they are opened.

mod dto;
mod routes;
mod service;
mod store;

pub use self::{routes::routes, store::PresetStore};
