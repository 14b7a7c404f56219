//! The one integration test binary: a module a capability.

mod cli;
mod config;
mod demo;
mod house;
