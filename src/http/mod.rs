//! What all routes share: the table of error codes, problem documents, extractors, paging.

mod code;
pub mod extract;
pub mod idempotency;
pub mod page;
mod problem;

pub use self::{
    code::Code,
    problem::{FieldError, Problem},
};
