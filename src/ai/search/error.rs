//! What can go wrong with a search, and the code that each cause has.

use uuid::Uuid;

use crate::{
    db::StoreError,
    http::{Code, FieldError, Problem},
    recipes::RecipeError,
    reports::ReportError,
};

/// Why a search cannot be done.
#[derive(Debug, thiserror::Error)]
pub enum SearchError {
    /// A parameter of the query is wrong.
    #[error("{path}: {message}")]
    Query {
        /// Which one.
        path: &'static str,
        /// What is wrong and what to do about it.
        message: String,
    },
    /// There is no such run, or it is not over.
    #[error("there is no run {0} that is over")]
    NotFound(Uuid),
    /// The database.
    #[error("{0}")]
    Store(#[from] StoreError),
    /// A recipe.
    #[error("{0}")]
    Recipe(#[from] RecipeError),
    /// What is stored of a run.
    #[error("{0}")]
    Report(#[from] ReportError),
    /// A defect.
    #[error("{0}")]
    Task(#[from] tokio::task::JoinError),
}

impl From<SearchError> for Problem {
    fn from(error: SearchError) -> Self {
        let detail = error.to_string();
        match error {
            SearchError::Query { path, message } => {
                Self::new(Code::BadQuery, detail).with_errors([FieldError { path: path.to_owned(), message }])
            }
            SearchError::NotFound(_) => Self::new(Code::NotFound, detail),
            SearchError::Store(error) => error.into(),
            SearchError::Recipe(error) => error.into(),
            SearchError::Report(error) => Self::internal(&error),
            SearchError::Task(error) => Self::internal(&error),
        }
    }
}
