//! How prompts are used: how often, by whom, which version, when, and what became of the tests that were
//! made from them. A use is kept for a year.

mod dto;
mod routes;
mod service;
mod store;

pub use self::{routes::routes, store::UsageStore};
