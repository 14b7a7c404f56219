//! From what other tools write to a LoadTest.
//!
//! Bytes go in, an [`Imported`] comes out: nothing here knows a file, a network or a database, and nothing that a
//! document names is ever opened. Each format has a folder of its own that fills a `draft`; what the draft gives away
//! in the end has been validated.

mod curl;
mod draft;
mod dto;
mod error;
mod har;
mod k6;
mod locust;
mod openapi;
mod own;
mod postman;
mod read;
mod routes;
mod script;
mod service;
mod urls;

pub use self::{
    dto::{Format, ImportAnswer, ImportRequest, Imported, Made, Options, Variable},
    error::ImportError,
    routes::routes,
    service::{MAX_SOURCE, import},
};
