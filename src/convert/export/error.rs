//! Why a LoadTest cannot be exported.

use super::Form;
use crate::{
    http::{Code, FieldError, Problem},
    loadtest::{ignore::IgnoreError, problem::Problems},
};

/// Why a LoadTest cannot be exported.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// There is no such form.
    #[error("`{0}` is nothing that a LoadTest is exported to: give {forms}", forms = Form::ALL.map(Form::name).join(", "))]
    UnknownForm(String),
    /// The document is wrong.
    #[error("{0}")]
    Document(#[from] Problems),
    /// A `.maidignore` is wrong.
    #[error("{0}")]
    Ignore(#[from] IgnoreError),
    /// A request that contradicts itself.
    #[error("{message}")]
    Request {
        /// The place.
        path: &'static str,
        /// What is wrong and what to do about it.
        message: &'static str,
    },
}

impl From<ExportError> for Problem {
    fn from(error: ExportError) -> Self {
        match &error {
            ExportError::Document(problems) => {
                Self::new(Code::InvalidLoadtest, "nothing was exported; correct these places")
                    .with_places(problems)
            }
            ExportError::UnknownForm(_) => Self::new(Code::InvalidBody, error.to_string())
                .with_errors([FieldError { path: "format".to_owned(), message: error.to_string() }]),
            ExportError::Ignore(_) => Self::new(Code::InvalidLoadtest, error.to_string()),
            ExportError::Request { path, message } => {
                Self::new(Code::InvalidBody, format!("`{path}` {message}"))
                    .with_errors([FieldError { path: (*path).to_owned(), message: (*message).to_owned() }])
            }
        }
    }
}
