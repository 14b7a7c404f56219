//! `maid openapi`: the document that describes the HTTP API.

use clap::Args;

use super::{error::CliError, exit::Exit, screen::Screen};
use crate::app::openapi;

/// Print the OpenAPI document of the HTTP API, for client generators.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  maid openapi > openapi.json
  npx openapi-typescript openapi.json -o schema.d.ts

A running server hands it out at /api/openapi.json, and as a page at /api/docs.")]
pub(super) struct OpenApi {}

impl OpenApi {
    pub(super) fn execute(&self, screen: &Screen) -> Result<Exit, CliError> {
        screen.result(&format!("{:#}", openapi::as_json(&openapi::openapi())))?;
        Ok(Exit::Passed)
    }
}
