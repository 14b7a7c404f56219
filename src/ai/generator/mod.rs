//! Makes a LoadTest of what somebody says in English or German.
//!
//! `reader` finds the facts, without a model or with one that tells it what numbers are for (`roles`). `draft` makes a test of them and of a recipe that fits, and notes of each
//! field where it comes from. `choice` asks a model, where there is one, to choose among what is there: it never says a
//! host or a number of its own; `near` finds recipes by meaning. `follow` changes a test by a further sentence. `eval` measures all of it. Nothing here
//! sends a request or starts a run.

mod choice;
pub mod draft;
mod dto;
mod error;
pub mod eval;
pub mod filler;
mod follow;
mod near;
pub mod reader;
pub mod roles;
mod routes;
mod service;

pub use self::{
    dto::{Format, GenerateAnswer},
    error::GenerateError,
    filler::{By, FillError, Filled, Filler, Filling, Nearest, Question, Teller},
    routes::{openai_routes, routes},
    service::{Ask, Generated, Generator, Models, Step, built_in, generate},
};
