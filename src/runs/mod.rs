//! A run's life: asked for, started, followed, stored, looked up, compared, trimmed.

pub mod active;
pub mod analysis;
pub mod capability;
mod dry_run;
pub mod dto;
mod error;
pub mod history;
pub mod launch;
mod listing;
pub mod log;
mod present;
pub mod record;
mod routes;
mod service;
mod start;
pub mod store;

pub use self::{
    dry_run::DryRuns,
    dto::{DocumentError, HistoryItem, Started},
    error::RunError,
    history::Usage,
    record::notes,
    routes::{routes, started},
    service::{Runs, Side, Test, Wanted, document_of},
};
