//! Flags that ask for log files.

use std::path::PathBuf;

use clap::Args;

use super::what::What;
use crate::{
    engine::{LogKind, LogPaths},
    loadtest::valid::ValidLoadTest,
};

/// Files with a line for each thing that happened.
#[derive(Args, Clone, Debug, Default)]
#[command(
    next_help_heading = "Logs (FILE.csv gives CSV, any other name JSON Lines; existing files are overwritten)"
)]
pub(super) struct LogFlags {
    /// A line for each finished request, with the parts of its response time
    #[arg(long, value_name = "FILE")]
    request_log: Option<PathBuf>,
    /// A line for each finished transaction
    #[arg(long, value_name = "FILE")]
    transaction_log: Option<PathBuf>,
    /// A line for each finished pass of a user through its scenario
    #[arg(long, value_name = "FILE")]
    scenario_log: Option<PathBuf>,
    /// A line for each failure, with the first 512 bytes of the answer's body
    #[arg(long, value_name = "FILE")]
    error_log: Option<PathBuf>,
    /// Failed requests with heads and bodies (64 KB of each), credentials masked
    #[arg(long, value_name = "FILE")]
    debug_log: Option<PathBuf>,
}

impl LogFlags {
    /// The files that are asked for. What the test is read from, and `reports`, are not overwritten.
    pub(super) fn paths(self, what: &What, test: &ValidLoadTest, reports: &[PathBuf]) -> LogPaths {
        let files = [
            (LogKind::Request, self.request_log),
            (LogKind::Transaction, self.transaction_log),
            (LogKind::Scenario, self.scenario_log),
            (LogKind::Error, self.error_log),
            (LogKind::Debug, self.debug_log),
        ];
        let mut protected = reports.to_vec();
        if let What::File(path) = what {
            let folder = path.parent().unwrap_or(path);
            protected.extend(test.loadtest().data.iter().map(|data| folder.join(&data.file)));
            protected.push(path.clone());
        }
        LogPaths {
            files: files.into_iter().filter_map(|(kind, path)| Some((kind, path?))).collect(),
            protected,
        }
    }
}
