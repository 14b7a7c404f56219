//! Servers and databases that tests are made against.

pub mod byte_server;
pub mod cluster;
pub mod databases;
pub mod h2_server;
pub mod people;
pub mod server;
pub mod tls;
pub mod turn;
