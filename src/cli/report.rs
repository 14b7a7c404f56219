//! `maid report`: a stored outcome in another form.

use std::path::PathBuf;

use clap::Args;

use super::{error::CliError, exit::Exit, screen::Screen};
use crate::reports::{self, Format};

/// Make a report of a run that is over.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  maid report data/reports/RUN_ID.json                     the summary again
  maid report data/reports/RUN_ID.json -o report.html -o junit.xml")]
pub(super) struct Report {
    /// JSON report of the run; every run leaves one in reports.dir
    #[arg(value_name = "OUTCOME.json")]
    outcome: PathBuf,
    /// File to write; the extension says which report: .json .csv .html .md .xml (JUnit); repeatable
    #[arg(short, long, value_name = "FILE")]
    out: Vec<PathBuf>,
}

impl Report {
    pub(super) fn execute(&self, screen: &Screen) -> Result<Exit, CliError> {
        for path in &self.out {
            Format::from_path(path)?;
        }
        let outcome = reports::read(&self.outcome)?;
        if self.out.is_empty() {
            screen.result(&reports::summary_text(&outcome, screen.colour, screen.width()))?;
        }
        for path in &self.out {
            reports::write(&outcome, path)?;
            screen.note(&format!("report   {}", path.display()));
        }
        Ok(Exit::Passed)
    }
}
