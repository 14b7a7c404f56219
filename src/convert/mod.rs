//! LoadTests from what other tools write, and for other tools to run.
//!
//! Nothing is dropped in silence: whatever one side cannot say is listed, item by item, as [`LeftOut`].

pub mod export;
pub mod import;
mod left_out;
mod turns;
pub mod yaml;

use utoipa_actix_web::service_config::ServiceConfig;

pub use self::{
    left_out::LeftOut,
    turns::{Conversions, TurnError},
};

/// Registers the routes.
pub fn routes(config: &mut ServiceConfig<'_>) {
    import::routes(config);
    export::routes(config);
}
