//! What models make, as services of their own: text, in MAID's own form, and speech.
//!
//! Pictures have a folder of their own, for most of them take no model.

mod dto;
mod routes;
mod told;

pub use self::routes::routes;
