//! Links that hold a test, and what is made of them.

pub mod code;
pub mod page;
