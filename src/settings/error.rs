//! Why the configuration was not changed.

use std::{io, path::PathBuf};

use crate::{
    audit::AuditError,
    config::{ConfigError, Origin},
    http::{Code, FieldError, Problem},
};

/// Why the configuration was not changed, or not told.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// The new configuration cannot be used.
    #[error("the configuration cannot be used")]
    Invalid(Vec<FieldError>),
    /// Somebody else changed it meanwhile.
    #[error("the configuration was changed meanwhile")]
    Changed,
    /// Somebody changed the file itself.
    #[error("{} was changed by hand", .0.display())]
    ChangedByHand(PathBuf),
    /// The runtime file cannot be replaced.
    #[error("{} cannot be written: {error}", .path.display())]
    Unwritable {
        /// The file.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// The database does not keep who changed what.
    #[error(transparent)]
    Store(#[from] crate::db::StoreError),
    /// The audit log does not keep it.
    #[error(transparent)]
    Audit(#[from] AuditError),
    /// A defect.
    #[error(transparent)]
    Task(#[from] tokio::task::JoinError),
}

impl From<ConfigError> for SettingsError {
    fn from(error: ConfigError) -> Self {
        Self::Invalid(error.problems.into_iter().map(field_error).collect())
    }
}

/// What is wrong elsewhere than in the runtime layer says where.
fn field_error(problem: crate::config::Problem) -> FieldError {
    let message = match problem.origin {
        Origin::Runtime(_) => problem.message,
        elsewhere => format!("{elsewhere}: {}", problem.message),
    };
    FieldError { path: problem.path, message }
}

impl From<SettingsError> for Problem {
    fn from(error: SettingsError) -> Self {
        match error {
            SettingsError::Invalid(errors) => {
                let detail = "nothing was changed; correct these keys, which GET /config/schema describes";
                Self::new(Code::InvalidConfig, detail).with_errors(errors)
            }
            SettingsError::Changed => Self::new(
                Code::Changed,
                "nothing was changed: somebody else was first; read the configuration again and send \
                 its new ETag as If-Match",
            ),
            SettingsError::ChangedByHand(path) => {
                let file = path.display();
                let detail = format!(
                    "nothing was changed: {file} itself was edited; restart MAID to take that over, or send \
                     the change without If-Match to replace it"
                );
                Self::new(Code::Changed, detail)
            }
            SettingsError::Unwritable { path, error } => {
                let file = path.display();
                tracing::warn!("{file} cannot be written: {error}");
                let detail = format!(
                    "nothing was changed: {file} cannot be written ({error}); make room, or let MAID write \
                     to its folder"
                );
                Self::new(Code::ConfigUnwritable, detail)
            }
            SettingsError::Store(error) if error.is_unavailable() => {
                tracing::warn!("a change of the configuration cannot be recorded: {error}");
                Self::new(Code::StorageUnavailable, format!("nothing was changed: {error}; try again later"))
            }
            SettingsError::Store(error) => Self::internal(&error),
            SettingsError::Audit(error) if error.code() == Code::StorageUnavailable => {
                tracing::warn!("a change of the configuration cannot be recorded: {error}");
                Self::new(Code::StorageUnavailable, format!("nothing was changed: {error}; try again later"))
            }
            SettingsError::Audit(error) => error.into(),
            SettingsError::Task(error) => Self::internal(&error),
        }
    }
}
