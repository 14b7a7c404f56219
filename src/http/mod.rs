//! What all routes share: the table of error codes, problem documents, extractors, paging, repeated
//! requests, and the frame around every answer.

pub mod address;
mod bounds;
mod code;
pub mod cors;
pub mod digest;
mod edges;
pub mod extract;
mod foreign;
pub mod frame;
pub mod idempotency;
pub mod idle;
pub mod outgoing;
pub mod page;
mod problem;
pub mod schema;
pub mod surface;
pub mod trace;
mod unbroken;
pub mod within;

pub use self::{
    address::ClientAddress,
    code::Code,
    digest::Digest,
    edges::Edges,
    extract::{
        BodyLimits, Header, IfMatch, Json, NoBody, OptionalJson, Path, Query, moment, read_json, read_value,
    },
    page::{List, Page, PageQuery},
    problem::{FieldError, PROBLEM_JSON, Problem},
    surface::Surface,
    trace::RequestId,
    unbroken::unbroken,
    within::{Days, Limit},
};
