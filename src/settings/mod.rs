//! The configuration at run time: what holds and where it comes from, changes without a restart
//! where that is possible, and who changed what.
//!
//! What is changed here lies in `config.runtime.json` beside the main file. A change is recorded
//! before the file is replaced, and takes effect after both.

mod dto;
mod error;
mod routes;
mod service;
mod store;

pub use self::{
    dto::{AppliedChange, ConfigChange, ConfigView, KeyOrigin, OverriddenKey},
    error::SettingsError,
    routes::routes,
    service::Settings,
};
