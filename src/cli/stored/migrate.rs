//! `maid migrate`: brings the database up to date.

use clap::Args;

use super::on_a_runtime;
use crate::{
    cli::{error::CliError, exit::Exit, screen::Screen},
    config::Config,
    db::Db,
};

/// Bring the database up to date, as every start of the server does.
#[derive(Args, Debug)]
#[command(after_help = "\
Each step is taken whole or not at all. What is stored stays; `maid backup FILE` first is wise all the same.")]
pub(in crate::cli) struct Migrate {
    /// Only say which steps have been taken and which are left
    #[arg(long)]
    status: bool,
}

impl Migrate {
    pub(in crate::cli) fn execute(&self, config: &Config, screen: &Screen) -> Result<Exit, CliError> {
        on_a_runtime(async {
            let db = Db::connect(&config.database, &config.server.data_dir).await?;
            let before = db.steps().await?;
            if !self.status {
                db.migrate().await?;
            }
            let lines: Vec<String> = before
                .iter()
                .map(|step| match (step.applied, self.status) {
                    (true, _) => format!("done     {}", step.name),
                    (false, true) => format!("pending  {}", step.name),
                    (false, false) => format!("applied  {}", step.name),
                })
                .collect();
            screen.result(&lines.join("\n"))?;
            screen.note(&format!("the database is {}", db.place()));
            db.close().await?;
            Ok(Exit::Passed)
        })
    }
}
