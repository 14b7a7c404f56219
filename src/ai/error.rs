//! What can go wrong with models, and the code that each cause has.

use super::{
    chat::{ChosenBy, ShapeError},
    embed::EmbedError,
    local::{LocalError, media::MediaError},
    models::ModelError,
    remote::RemoteError,
};
use crate::{
    audit::{AuditError, Outcome},
    db::StoreError,
    http::{Code, FieldError, Problem},
};

/// After how many seconds whoever was refused may come again.
const AGAIN_S: u32 = 5;

/// Why a model does not answer.
#[derive(Debug, thiserror::Error)]
pub enum AiError {
    /// Models are switched off.
    #[error("this server uses no models: `ai.enabled` is false")]
    Off,
    /// There is another model than the one that is asked for.
    #[error("there is no model `{asked}` here; GET /v1/models lists those that there are")]
    Unknown {
        /// What was asked for.
        asked: String,
    },
    /// The model inside MAID.
    #[error("{0}")]
    Local(#[from] LocalError),
    /// The model for embeddings.
    #[error("{0}")]
    Embed(#[from] EmbedError),
    /// The models that make speech and pictures.
    #[error("{0}")]
    Media(#[from] MediaError),
    /// A provider.
    #[error("`{provider}` does not answer: {error}")]
    Remote {
        /// Which one.
        provider: String,
        /// Why.
        error: RemoteError,
    },
    /// A provider that has failed of late is let alone.
    #[error("{why}")]
    Rests {
        /// Which one, and for how long.
        why: String,
    },
    /// The policy does not let the question leave.
    #[error("the AI policy does not allow this: {}", .why.1)]
    Kept {
        /// Why.
        why: (ChosenBy, String),
    },
    /// It ended without an end.
    #[error("the answer broke off: try again")]
    BrokenOff,
    /// The form that is asked for cannot be.
    #[error("response_format.json_schema.schema: {0}")]
    Shape(#[from] ShapeError),
    /// A field is wrong.
    #[error("{path}: {message}")]
    Field {
        /// Which one.
        path: String,
        /// What is wrong with it and what to do about it.
        message: String,
    },
    /// The audit log does not keep it, so it is not done.
    #[error("{0}")]
    Audit(#[from] AuditError),
    /// The database.
    #[error("{0}")]
    Store(#[from] StoreError),
}

impl AiError {
    /// A field that is wrong.
    #[must_use]
    pub fn field(path: impl Into<String>, message: impl Into<String>) -> Self {
        Self::Field { path: path.into(), message: message.into() }
    }

    /// Whether nothing is configured, rather than broken.
    #[must_use]
    pub fn is_absent(&self) -> bool {
        match self {
            Self::Off => true,
            Self::Local(LocalError::Model(error)) => matches!(error, ModelError::Missing { .. }),
            Self::Embed(EmbedError::Model(error)) => matches!(**error, ModelError::Missing { .. }),
            Self::Local(LocalError::NoText(_)) | Self::Embed(EmbedError::NoEmbeddings(_)) => true,
            Self::Media(error) => matches!(error, MediaError::NotConfigured(_) | MediaError::Missing { .. }),
            _ => false,
        }
    }

    /// How what was asked for came out, for the audit log.
    #[must_use]
    pub const fn outcome(&self) -> Outcome {
        Outcome::Failed
    }

    fn code(&self) -> Code {
        match self {
            Self::Unknown { .. } => Code::NotFound,
            Self::Shape(_) | Self::Field { .. } => Code::InvalidBody,
            Self::Local(LocalError::Busy) | Self::Embed(EmbedError::Busy) | Self::Media(MediaError::Busy) => {
                Code::Full
            }
            Self::Kept { .. } => Code::PolicyRefused,
            Self::Local(LocalError::Overdue)
            | Self::Media(MediaError::Overdue)
            | Self::Remote { error: RemoteError::Overdue(_), .. } => Code::Overdue,
            Self::Local(LocalError::Long { .. } | LocalError::Refused(_))
            | Self::Remote { error: RemoteError::Long { .. }, .. } => Code::InvalidBody,
            _ if self.is_absent() => Code::ModelNotConfigured,
            _ => Code::ModelUnavailable,
        }
    }
}

impl From<AiError> for Problem {
    fn from(error: AiError) -> Self {
        let detail = error.to_string();
        match error {
            AiError::Audit(error) => error.into(),
            AiError::Store(error) => error.into(),
            AiError::Field { ref path, ref message } => {
                let errors = [FieldError { path: path.clone(), message: message.clone() }];
                Self::new(error.code(), detail).with_errors(errors)
            }
            AiError::Local(LocalError::Long { .. })
            | AiError::Remote { error: RemoteError::Long { .. }, .. } => {
                let errors = [FieldError { path: "messages".to_owned(), message: detail.clone() }];
                Self::new(Code::InvalidBody, detail).with_errors(errors)
            }
            error => {
                let code = error.code();
                let again = matches!(code, Code::Full | Code::ModelUnavailable).then_some(AGAIN_S);
                Self { retry_after_s: again, ..Self::new(code, detail) }
            }
        }
    }
}
