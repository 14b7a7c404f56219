//! The API that clients of OpenAI speak, answered by the models of this server.
//!
//! Shapes and names are those of OpenAI's published API description; fields that this server cannot honour are refused
//! rather than ignored, those that change nothing here are taken. What MAID adds, `engine` and `usage.latency_ms`, clients
//! leave aside. Errors are problem documents, as everywhere.

mod chat;
mod completion;
mod dto;
mod embedding;
mod routes;
mod stream;
mod told;

pub use self::routes::routes;
