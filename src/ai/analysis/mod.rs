//! `POST /v1/analysis`: what a run shows, in words.

mod dto;
mod routes;
mod service;

pub use self::{
    dto::{AnalysisAnswer, AnalysisRequest},
    routes::routes,
    service::Analyst,
};
