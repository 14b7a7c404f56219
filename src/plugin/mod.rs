//! MAID as a plugin describes itself: what it is called, what it can do, where its pages are; and its
//! engine, drained, started and restarted.

pub mod dto;
mod routes;

pub use routes::routes;
