//! The search: runs, recipes and prompts, found by their words and by what they mean.
//!
//! `document` is what is searched of each thing, `meaning` compares what texts mean, `fusion` makes one list
//! of two, `upkeep` keeps what is searched like what it is of, `near` finds what goes with a run or a target,
//! `trend` answers how a test has changed, from its stored runs. Full text is the databases' own; the vectors
//! of meanings are made by an [`Embedder`], without which the search goes by words alone and says so.

pub mod document;
mod dto;
mod error;
mod fusion;
pub mod meaning;
mod near;
mod routes;
mod service;
mod snippet;
mod store;
mod trend;
mod upkeep;

pub use self::{
    dto::{Hit, SearchAnswer},
    error::SearchError,
    meaning::{EmbedFuture, Embedder, EmbedderError},
    routes::routes,
    service::Search,
    trend::{Trend, Verdict as TrendVerdict},
    upkeep::{Changes, Progress},
};
