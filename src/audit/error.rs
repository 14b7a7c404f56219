//! What can go wrong with the audit log.

use std::{io, path::PathBuf};

use crate::{
    auth::secret::SecretError,
    db::StoreError,
    http::{Code, Problem},
};

/// What can go wrong with the audit log.
#[derive(Debug, thiserror::Error)]
pub enum AuditError {
    /// There is no key, or it cannot be used.
    #[error("{0}")]
    Secret(#[from] SecretError),
    /// The file that says how far the log was seen cannot be read.
    #[error("the file {} cannot be read: {source}", path.display())]
    SeenFile {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The database.
    #[error("{0}")]
    Store(#[from] StoreError),
    /// More is to be written down than can be in time.
    #[error("the audit log takes too long: what cannot be recorded is not done")]
    Late,
    /// Nothing is written down any more.
    #[error("the server is about to end: nothing new is accepted")]
    Ending,
    /// The log is being checked already.
    #[error("the log is being checked already: ask again when that is done")]
    Checking,
}

impl AuditError {
    /// The code that it has.
    #[must_use]
    pub const fn code(&self) -> Code {
        match self {
            Self::Store(StoreError::Unavailable { .. }) | Self::Late => Code::StorageUnavailable,
            Self::Ending => Code::Draining,
            Self::Checking => Code::Full,
            Self::Secret(_) | Self::SeenFile { .. } | Self::Store(_) => Code::Internal,
        }
    }
}

impl From<AuditError> for Problem {
    fn from(error: AuditError) -> Self {
        match error.code() {
            // The cause may hold what is not for the client; the log has it.
            Code::Internal => Self::internal(&error),
            code => Self { retry_after_s: Some(2), ..Self::new(code, error.to_string()) },
        }
    }
}
