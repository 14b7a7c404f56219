//! Everything that a subcommand can fail with, its exit code, and what to do about it.

use std::io;

use super::{
    engine_link::{self, EngineError},
    exit::Exit,
};
use crate::{config::ConfigError, reports::ReportError};

/// Why a subcommand failed.
#[derive(Debug, thiserror::Error)]
pub(super) enum CliError {
    #[error("the configuration cannot be used:\n{0}")]
    Config(#[from] ConfigError),
    #[error("{name} cannot be read: {error}")]
    Unreadable { name: String, error: io::Error },
    #[error("there is no recipe `{id}`")]
    UnknownRecipe { id: String, known: String },
    #[error("a deeplink is not supported yet")]
    Deeplink,
    #[error("{0}")]
    Document(String),
    #[error("the test has no scenario `{name}`")]
    UnknownScenario { name: String, known: String },
    #[error("{0}")]
    Engine(#[from] EngineError),
    #[error("{0}")]
    Report(#[from] ReportError),
    #[error("the demo shop cannot listen on {addr}: {error}")]
    Shop { addr: String, error: io::Error },
    #[error("the result cannot be written to stdout: {0}")]
    Stdout(#[from] io::Error),
}

impl From<&CliError> for Exit {
    fn from(error: &CliError) -> Self {
        match error {
            CliError::Config(_)
            | CliError::Unreadable { .. }
            | CliError::UnknownRecipe { .. }
            | CliError::Deeplink
            | CliError::Document(_)
            | CliError::UnknownScenario { .. }
            | CliError::Report(ReportError::UnknownFormat(_)) => Self::BadInput,
            CliError::Engine(error) => engine_link::exit_of(error),
            CliError::Report(_) | CliError::Shop { .. } | CliError::Stdout(_) => Self::Other,
        }
    }
}

impl CliError {
    /// What to do about it, in one line: the last one on stderr.
    pub(super) fn way_out(&self) -> String {
        match self {
            Self::Config(_) => "correct these places; `maid schema config` describes every key".to_owned(),
            Self::Unreadable { .. } => {
                "give the path of a LoadTest file, recipe:ID, a URL, or - for stdin; see `maid run --help`"
                    .to_owned()
            }
            Self::UnknownRecipe { known, .. } => format!("the recipes are: {known}"),
            Self::Deeplink => "give a LoadTest file, recipe:ID or a URL instead".to_owned(),
            Self::Document(_) => {
                "correct these places and check again with `maid validate`; `maid schema` describes every key"
                    .to_owned()
            }
            Self::UnknownScenario { known, .. } => format!("--scenario takes: {known}"),
            Self::Engine(error) => engine_link::way_out(error),
            Self::Report(_) => "the message above says what to do about the report".to_owned(),
            Self::Shop { .. } => {
                "choose another port with `maid demo --port 0`, which takes a free one".to_owned()
            }
            Self::Stdout(_) => {
                "keep the reader of stdout open, or give `--summary none -o report.json`".to_owned()
            }
        }
    }
}
