//! The prompt library: texts with places for values, which say what a load test is to be or ask what its
//! results mean.
//!
//! `document` is a prompt as it is written, `builtin` those that MAID comes with, `finding` the lists and
//! the search, `changes` what differs between versions, `usage` how they are used. A prompt belongs to
//! whoever has made it; each change of it is a version; it is shown to others as its owner says.

mod builtin;
mod changes;
pub mod document;
mod dto;
mod error;
mod finding;
mod record;
mod routes;
mod service;
mod store;
mod usage;

pub use self::{
    error::PromptError,
    routes::routes,
    service::{Prompts, library, stored},
};
pub(crate) use self::{finding::readable, record::Viewer, service::viewer};
