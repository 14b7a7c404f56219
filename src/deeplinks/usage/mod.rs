//! How links are used: opened, run, refused, counted by day.
//!
//! No address is kept. A visitor is a keyed hash of the day and the address, which tells visitors of one day
//! apart and says nothing of who comes back on another.

mod dto;
mod routes;
mod service;
mod store;

pub use self::{
    routes::routes,
    service::first_kept,
    store::{EventKind, UsageStore},
};
