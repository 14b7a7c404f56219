//! The one integration test binary: a module a capability.

mod cli;
mod cli_reports;
mod cli_run;
mod compare;
mod config;
mod demo;
mod engine;
mod house;
mod loadtest;
mod reports;
mod storage;
mod support;
mod transport;
