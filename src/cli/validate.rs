//! `maid validate`: is this document right?

use clap::Args;

use super::{document, error::CliError, exit::Exit, run::TestFlags, session::Session, what::What};

/// Check a LoadTest and tell everything that is wrong with it.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  maid validate shop.yaml
  maid validate shop.yaml -e SHOP_TOKEN=x        a document that reads ${env:SHOP_TOKEN}
  generate-test | maid validate -

Exit codes: 0 it is right, 104 it is not. Nothing is sent.")]
pub(super) struct Validate {
    /// LoadTest file (YAML or JSON), recipe:ID, a URL, or - for stdin
    #[arg(value_name = "FILE")]
    what: What,
    #[command(flatten)]
    test: TestFlags,
}

impl Validate {
    pub(super) fn execute(&self, session: &Session<'_>) -> Result<Exit, CliError> {
        let test = document::valid(&self.what, &self.test, session.config)?;
        session.screen.result(&document::described(&test))?;
        Ok(Exit::Passed)
    }
}
