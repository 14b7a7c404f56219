//! The one integration test binary: a module a capability.

mod config;
mod demo;
mod house;
mod support;
mod transport;
