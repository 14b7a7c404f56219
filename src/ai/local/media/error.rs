//! Why there is no speech, or no picture.

use std::path::{Path, PathBuf};

/// Why there is none.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MediaError {
    /// No model is configured.
    #[error("{0}")]
    NotConfigured(&'static str),
    /// A file or a folder is not there.
    #[error("{path} is not there: {hint}", path = .path.display())]
    Missing {
        /// Where it was looked for.
        path: PathBuf,
        /// What belongs there.
        hint: &'static str,
    },
    /// A file is not what it should be.
    #[error("{path} cannot be used: {why}", path = .path.display())]
    Broken {
        /// Which one.
        path: PathBuf,
        /// Why not.
        why: String,
    },
    /// It could not be loaded.
    #[error("the model could not be loaded: {0}")]
    Load(String),
    /// Too many wait.
    #[error("the model makes one thing at a time, and as many as may are waiting: try again in a moment")]
    Busy,
    /// It broke.
    #[error("the model broke while it worked; it is loaded anew for the next request")]
    Died,
    /// It made nothing of use.
    #[error("the model did not manage: {0}")]
    Failed(String),
    /// It took too long.
    #[error(
        "it took longer than `ai.queue_timeout` and `ai.timeout` allow together; ask for less, or raise `ai.timeout`"
    )]
    Overdue,
    /// The text is none that it takes.
    #[error("{0}")]
    Text(String),
}

impl MediaError {
    /// A file that is not what it should be.
    pub(super) fn broken(path: &Path, why: impl Into<String>) -> Self {
        Self::Broken { path: path.to_owned(), why: why.into() }
    }
}
