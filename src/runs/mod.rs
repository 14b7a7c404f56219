//! A run's life: asked for, started, followed, stored, looked up, compared, trimmed.

pub mod active;
pub mod capability;
pub mod dto;
mod error;
pub mod history;
pub mod launch;
mod listing;
pub mod log;
pub mod record;
mod routes;
mod service;
mod start;
pub mod store;

pub use self::{
    dto::{HistoryItem, Started, notes},
    error::RunError,
    history::Usage,
    routes::{routes, started},
    service::{Runs, Side, Test, Wanted},
};
