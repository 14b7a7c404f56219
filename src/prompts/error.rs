//! What can go wrong with prompts.

use crate::{
    audit::AuditError,
    db::StoreError,
    http::{Code, FieldError, Problem},
};

/// What can go wrong with prompts.
#[derive(Debug, thiserror::Error)]
pub enum PromptError {
    /// The prompt, or values for it, will not do.
    #[error("{}", told(.0))]
    Invalid(Vec<FieldError>),
    /// There is no such thing for whoever asks.
    #[error("there is no such {0}")]
    NotFound(&'static str),
    /// It belongs to somebody else.
    #[error("only its owner and admins may change this prompt; fork it to have one of your own")]
    NotYours,
    /// It comes with MAID.
    #[error("this prompt comes with MAID and stays as it is; fork it to have one of your own")]
    BuiltIn,
    /// It was changed meanwhile.
    #[error("it was changed meanwhile, and is at version {0} now; look at it again")]
    Changed(u64),
    /// A parameter of the query is wrong.
    #[error("{path}: {message}")]
    Query {
        /// Which one.
        path: &'static str,
        /// What is wrong and what to do about it.
        message: String,
    },
    /// A bound is reached.
    #[error("{0}")]
    Full(String),
    /// It cannot be written down, so it is not done.
    #[error("{0}")]
    Audit(#[from] AuditError),
    /// The database.
    #[error("{0}")]
    Store(#[from] StoreError),
    /// A defect.
    #[error("{0}")]
    Task(#[from] tokio::task::JoinError),
}

/// The first of what is wrong, and how many there are.
fn told(wrong: &[FieldError]) -> String {
    match wrong {
        [] => "it will not do".to_owned(),
        [one] => format!("{}: {}", one.path, one.message),
        [first, rest @ ..] => format!("{}: {}; and {} more", first.path, first.message, rest.len()),
    }
}

impl From<PromptError> for Problem {
    fn from(error: PromptError) -> Self {
        let detail = error.to_string();
        match error {
            PromptError::Invalid(errors) => Self::new(Code::InvalidBody, detail).with_errors(errors),
            PromptError::NotFound(_) => Self::new(Code::NotFound, detail),
            PromptError::NotYours | PromptError::BuiltIn => Self::new(Code::Forbidden, detail),
            PromptError::Changed(_) => Self::new(Code::Changed, detail.clone())
                .with_errors([FieldError { path: "version".to_owned(), message: detail }]),
            PromptError::Query { path, message } => {
                Self::new(Code::BadQuery, detail).with_errors([FieldError { path: path.to_owned(), message }])
            }
            PromptError::Full(_) => Self::new(Code::Full, detail),
            PromptError::Audit(error) => error.into(),
            PromptError::Store(error) => error.into(),
            PromptError::Task(error) => Self::internal(&error),
        }
    }
}
