//! `maid backup` and `maid restore`.

use std::path::PathBuf;

use clap::Args;

use super::on_a_runtime;
use crate::{
    cli::{error::CliError, exit::Exit, screen::Screen},
    config::Config,
    db::{self, Db},
};

/// Copy the SQLite database to a file, while the server goes on.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  maid backup /backups/maid-2026-01-31.db
  maid backup --force /backups/latest.db       replaces an older backup

A Postgres database is backed up by its own tools: pg_dump --format=custom --file=maid.dump URL")]
pub(in crate::cli) struct Backup {
    /// File to write
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Replace the file where it is there already
    #[arg(long)]
    force: bool,
}

impl Backup {
    pub(in crate::cli) fn execute(&self, config: &Config, screen: &Screen) -> Result<Exit, CliError> {
        on_a_runtime(async {
            let db = Db::connect(&config.database, &config.server.data_dir).await?;
            db.backup(&self.file, self.force).await?;
            db.close().await?;
            screen.note(&format!("backup   {}", self.file.display()));
            Ok(Exit::Passed)
        })
    }
}

/// Replace the SQLite database by a backup. The server must not be running.
#[derive(Args, Debug)]
#[command(after_help = "\
The backup is checked first, and the database that is replaced is kept beside the new one.

A Postgres database is restored by its own tools: pg_restore --clean --if-exists --dbname=URL maid.dump")]
pub(in crate::cli) struct Restore {
    /// File that `maid backup` wrote
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

impl Restore {
    pub(in crate::cli) fn execute(&self, config: &Config, screen: &Screen) -> Result<Exit, CliError> {
        on_a_runtime(async {
            let restored = db::restore(&self.file, &config.database, &config.server.data_dir).await?;
            if let Some(aside) = restored.kept {
                screen.note(&format!("the database before it is kept as {}", aside.display()));
            }
            screen.note(&format!("restored {}", restored.database.display()));
            Ok(Exit::Passed)
        })
    }
}
