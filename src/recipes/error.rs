//! What can go wrong with a recipe, and the code that each cause has.

use super::document::Requires;
use crate::{
    audit::AuditError,
    db::StoreError,
    http::{Code, FieldError, Problem},
    loadtest::problem::Problems,
};

/// Why something about recipes cannot be done.
#[derive(Debug, thiserror::Error)]
pub enum RecipeError {
    /// There is no such recipe, or version of it.
    #[error("there is no recipe {0}; GET /api/maid/recipes lists those that there are")]
    NotFound(String),
    /// The recipe is wrong.
    #[error("{0}")]
    Wrong(Problems),
    /// A value for a parameter is wrong, or missing.
    #[error("{0}")]
    Values(Problems),
    /// It is part of the binary.
    #[error(
        "{0} is built in and stays as it is: make a copy with POST /api/maid/recipes/{0}/clone, and change that"
    )]
    BuiltIn(String),
    /// It is somebody else's.
    #[error("recipe {0} is somebody else's: they or an admin may change it; you may make a copy")]
    NotOwn(String),
    /// It was changed meanwhile.
    #[error("it was changed meanwhile, and is at version {0} now; look at it again")]
    Changed(i64),
    /// The tenant has as many as it may.
    #[error("there are {0} recipes already, the most that history.max_recipes allows: delete one")]
    Full(u32),
    /// The API key has made as many as it may.
    #[error("this API key may have made {0} recipes at once; delete one of them")]
    Allowance(u32),
    /// The engine does not speak what it needs yet.
    #[error(
        "this recipe needs {0}, which this version of MAID does not speak yet: it can be read, and not be run"
    )]
    Requires(Requires),
    /// The audit log does not keep it, so it is not done.
    #[error("{0}")]
    Audit(#[from] AuditError),
    /// The database.
    #[error("{0}")]
    Store(#[from] StoreError),
}

impl From<RecipeError> for Problem {
    fn from(error: RecipeError) -> Self {
        let detail = error.to_string();
        match error {
            RecipeError::NotFound(_) => Self::new(Code::NotFound, detail),
            RecipeError::Wrong(problems) => {
                Self::new(Code::InvalidRecipe, "nothing was stored; correct these places")
                    .with_places(&problems)
            }
            RecipeError::Values(problems) => {
                Self::new(Code::InvalidRecipe, "nothing was sent; give these values").with_places(&problems)
            }
            RecipeError::BuiltIn(_) | RecipeError::NotOwn(_) => Self::new(Code::Forbidden, detail),
            RecipeError::Changed(_) => Self::new(Code::Changed, detail.clone())
                .with_errors([FieldError { path: "version".to_owned(), message: detail }]),
            RecipeError::Full(_) => Self::new(Code::Full, detail),
            RecipeError::Allowance(_) => Self::new(Code::BeyondLimits, detail),
            RecipeError::Requires(_) => Self::new(Code::NotSupported, detail),
            RecipeError::Audit(error) => error.into(),
            RecipeError::Store(error) => error.into(),
        }
    }
}
