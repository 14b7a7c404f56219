//! What principals ask of models, counted by day: who asked which model how often, for how many tokens, and for how long
//! it worked.

mod asking;
mod dto;
mod routes;
mod service;
mod store;

pub use self::{asking::Asking, routes::routes, service::AiUsage};
