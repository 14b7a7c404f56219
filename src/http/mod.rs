//! What all routes share: the table of error codes, problem documents, extractors, paging, repeated
//! requests, and the frame around every answer.

mod code;
pub mod cors;
pub mod digest;
mod edges;
pub mod extract;
mod foreign;
pub mod frame;
pub mod idempotency;
pub mod page;
mod problem;
pub mod schema;
pub mod surface;
pub mod trace;

pub use self::{
    code::Code,
    digest::Digest,
    edges::Edges,
    extract::{BodyLimits, Header, Json, NoBody, OptionalJson, Path, Query, read_json, read_value},
    page::{Limit, List, Page, PageQuery},
    problem::{FieldError, PROBLEM_JSON, Problem},
    surface::Surface,
    trace::RequestId,
};
