//! What helps to find, read and understand load tests.
//!
//! `search` finds runs, recipes and prompts by what they say and mean, `pictures` draws runs.

pub mod pictures;
pub mod search;
