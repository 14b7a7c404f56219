//! LoadTests from what other tools write, and for other tools to run.
//!
//! Nothing is dropped in silence: whatever one side cannot say is listed, item by item, as [`LeftOut`].

pub mod export;
pub mod import;
mod left_out;
pub mod yaml;

pub use self::left_out::LeftOut;
