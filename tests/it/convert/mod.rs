//! LoadTests for other tools, and from them.

mod export;
mod trips;
