//! LoadTests for other tools, and from them.

pub mod export;
mod trips;
