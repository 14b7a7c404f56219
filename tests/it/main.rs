//! The one integration test binary: a module a capability.

mod audit;
mod auth;
mod cli;
mod cli_reports;
mod cli_run;
mod compare;
mod config;
mod demo;
mod edges;
mod engine;
mod house;
mod http;
mod limits;
mod live;
mod loadtest;
mod oidc;
mod prompts;
mod recipes;
mod reports;
mod server;
mod settings;
mod storage;
mod support;
mod telemetry;
mod transport;
