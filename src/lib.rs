//! MAID: a self-hosted load-testing platform in one binary.
//!
//! `loadtest` is the document, `engine` turns it into measurements, `reports` shows them, `cli` is
//! the command line. `docs/architecture.md` is the map.

pub mod ai;
pub mod analyst;
pub mod app;
pub mod audit;
pub mod auth;
pub mod bus;
pub mod cli;
pub mod config;
pub mod convert;
pub mod db;
pub mod deeplinks;
pub mod demo;
pub mod disk;
pub mod engine;
pub mod http;
pub mod limits;
pub mod live;
pub mod loadtest;
pub mod memory;
mod number;
pub mod plugin;
pub mod prompts;
pub mod recipes;
pub mod reports;
pub mod runs;
pub mod settings;
pub mod telemetry;
pub mod ui;
