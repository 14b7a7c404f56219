//! The server: what its modules share, how they are put together, started and ended, and the document
//! that describes them.

pub mod docs;
mod error;
mod examples;
pub mod mount;
pub mod openapi;
mod server;
mod state;
mod tls;

pub use self::{
    error::StartError,
    server::{Ending, Server, Start},
    state::AppState,
    tls::{Tls, TlsError},
};
