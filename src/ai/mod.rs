//! Models inside MAID, and what they are for.
//!
//! `models` are the files, `local` writes text (the one place that knows mistral.rs), `embed` makes vectors (the one
//! place that knows candle), `chat` is what is asked and answered, in words that fit every model, `openai` the API
//! that clients of OpenAI speak, `usage` what was asked. `generator` makes tests of what people say; `filling` is where it asks
//! the models; `search` finds runs, recipes and prompts by what they say and mean, `pictures` draws runs, `inference` has texts and speech made, `analysis` words what the
//! [`analyst`](crate::analyst) finds. Nothing here starts a run, and nothing that a model writes is believed.

pub mod analysis;
pub mod chat;
pub mod desk;
mod dto;
pub mod embed;
mod error;
mod filling;
pub mod generator;
mod give_way;
pub mod inference;
mod inside;
pub mod local;
pub mod mask;
pub mod models;
mod openai;
pub mod pictures;
pub mod policy;
pub mod remote;
pub mod router;
mod routes;
pub mod search;
mod service;
pub mod usage;
mod worker;

use utoipa_actix_web::service_config::ServiceConfig;

pub use self::{
    error::AiError,
    filling::{Meanings, Nearby},
    inside::Inside,
    openai::routes as openai_routes,
    service::{Ai, Offered},
};

/// Registers the routes below `/api/maid`.
pub fn routes(config: &mut ServiceConfig<'_>) {
    routes::routes(config);
    usage::routes(config);
}
