//! Why no test is made.

use super::reader::TextError;
use crate::{
    http::{Code, FieldError, Problem},
    loadtest::problem::Problems,
    recipes::RecipeError,
};

/// Why no test is made of a text.
#[derive(Debug, thiserror::Error)]
pub enum GenerateError {
    /// The text is not read.
    #[error("the text {0}")]
    Text(#[from] TextError),
    /// The test that is to be changed is none.
    #[error("the test that is to be changed is wrong:\n{0}")]
    Previous(Problems),
    /// The library does not answer.
    #[error("{0}")]
    Recipes(#[from] RecipeError),
}

impl From<GenerateError> for Problem {
    fn from(error: GenerateError) -> Self {
        match error {
            GenerateError::Text(why) => {
                let place = FieldError { path: "text".to_owned(), message: why.to_string() };
                Self::new(Code::InvalidBody, format!("the text {why}")).with_errors([place])
            }
            GenerateError::Previous(problems) => {
                let problems = problems.within(&crate::loadtest::place::Path::root().key("previous"));
                Self::new(
                    Code::InvalidLoadtest,
                    "the test that is to be changed is wrong; correct these places",
                )
                .with_places(&problems)
            }
            GenerateError::Recipes(error) => error.into(),
        }
    }
}
