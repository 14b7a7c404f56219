//! `maid schema`: the JSON schemas of MAID's documents.

use clap::{Args, ValueEnum};

use super::{error::CliError, exit::Exit, screen::Screen};
use crate::{ai, config, loadtest};

/// Print a JSON schema, for editors and form generators.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  maid schema > loadtest.schema.json
  maid schema config > config.schema.json
  maid schema ai-policy > ai-policy.schema.json

In an editor, put `# yaml-language-server: $schema=loadtest.schema.json` in the first line of a test.")]
pub(super) struct Schema {
    /// Document that the schema describes: a load test, config.json, or the file that `ai.policy_file` names
    #[arg(value_enum, default_value_t = Of::Loadtest)]
    of: Of,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Of {
    AiPolicy,
    Config,
    Loadtest,
}

impl Schema {
    pub(super) fn execute(&self, screen: &Screen) -> Result<Exit, CliError> {
        let schema = match self.of {
            Of::AiPolicy => ai::policy::schema(),
            Of::Config => config::schema_json(),
            Of::Loadtest => loadtest::schema::schema(),
        };
        screen.result(&format!("{schema:#}"))?;
        Ok(Exit::Passed)
    }
}
