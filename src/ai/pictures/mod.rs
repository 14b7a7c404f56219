//! Pictures of runs: how response times were spread, what happened over time, two runs side by side; and of texts, by a model.
//!
//! `draw` draws them from outcomes. Drawing takes a processor for a moment, so only a few are drawn at once.

pub mod draw;
mod dto;
mod error;
mod routes;
mod service;

pub use self::{error::PictureError, routes::routes, service::Pictures};
