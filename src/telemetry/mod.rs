//! What MAID says about itself: log lines, traces, metrics, health.
//!
//! Nothing here costs a run anything: metrics of a run are taken from what the bus carries anyway,
//! everything else is asked for when somebody scrapes.

mod health;
mod log;
mod measure;
mod metrics;
mod routes;
mod trace;

pub use self::{
    health::{Check, Health, HealthBuilder, Readiness},
    log::{Tracing, init, subscriber},
    measure::measure,
    metrics::Metrics,
    routes::routes,
};
