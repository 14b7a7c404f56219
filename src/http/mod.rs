//! What all routes share: the table of error codes, problem documents, extractors, paging.

mod code;
mod problem;

pub use self::{
    code::Code,
    problem::{FieldError, Problem},
};
