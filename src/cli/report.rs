//! `maid report`: a stored outcome in another form.

use std::path::PathBuf;

use clap::Args;

use super::{error::CliError, exit::Exit, screen::Screen, stored::Which};
use crate::{
    config::Config,
    reports::{self, Format},
};

/// Make a report of a run that is over.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  maid report data/reports/RUN_ID.json                     the summary again
  maid report data/reports/RUN_ID.json -o report.html -o junit.xml
  maid report 01993c6e-... -o report.html                  a run of `maid history`")]
pub(super) struct Report {
    /// The run: its id in the history, or its JSON report; `maid run` leaves one in reports.dir
    #[arg(value_name = "RUN")]
    run: Which,
    /// File to write; the extension says which report: .json .csv .html .md .xml (JUnit); repeatable
    #[arg(short, long, value_name = "FILE")]
    out: Vec<PathBuf>,
}

impl Report {
    /// `config` is only asked for where the run is in the database.
    pub(super) fn execute(
        &self,
        config: impl Fn() -> Result<Config, CliError>,
        screen: &Screen,
    ) -> Result<Exit, CliError> {
        for path in &self.out {
            Format::from_path(path)?;
        }
        let outcome = self.run.outcome(config)?;
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
