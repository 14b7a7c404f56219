//! Help with writing a test, without a model: what there is to begin with, what is wrong and what could be
//! better, and which values are sensible.

mod dto;
mod error;
mod routes;
mod service;
mod suggest;

pub use self::routes::routes;
