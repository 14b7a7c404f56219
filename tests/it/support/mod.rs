//! Servers and databases that tests are made against.

pub mod byte_server;
pub mod databases;
pub mod h2_server;
pub mod tls;
