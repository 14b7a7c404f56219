//! Servers that tests are made against.

pub mod byte_server;
pub mod h2_server;
pub mod tls;
pub mod turn;
