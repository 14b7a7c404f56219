//! Links that lead to a test that is ready to run, and never start it by themselves.
//!
//! `link` is a link as it is written, `content` what it leads to, `record` what is kept of it; `presets` are tests
//! that have a name; `usage` counts how links are used; `code` draws
//! them as QR codes; `page` is where they lead. Who starts a run from one is `runs`.

pub mod code;
mod content;
mod dto;
mod error;
pub mod link;
pub mod page;
mod presets;
mod record;
mod routes;
mod service;
mod store;
mod usage;

use utoipa_actix_web::service_config::ServiceConfig;

pub use self::{
    dto::DeeplinkOpened,
    error::DeeplinkError,
    record::Line,
    service::{Deeplinks, Prepared, Wanted},
};

/// Registers the routes of links and presets.
pub fn routes(config: &mut ServiceConfig<'_>) {
    usage::routes(config);
    routes::routes(config);
    presets::routes(config);
}
