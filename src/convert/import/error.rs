//! Why nothing can be made of a document.

use crate::{
    http::{self, Code, FieldError},
    loadtest::{
        place::{Path, Place},
        problem::{Problem, Problems},
    },
};

/// Why nothing can be made of a document: what is wrong, where, and what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ImportError(pub Problems);

impl ImportError {
    /// What is wrong with a document as a whole.
    pub(super) fn whole(name: &str, message: impl Into<String>) -> Self {
        Self::at(name, &Path::root(), None, message)
    }

    /// What is wrong at a place.
    pub(super) fn at(name: &str, path: &Path, place: Option<Place>, message: impl Into<String>) -> Self {
        Self(Problems::one(name, Problem::new(path, place, message)))
    }

    /// What is wrong with an option, which the command line gives by a flag.
    pub(super) fn given(name: &str, path: &Path, flag: &str, message: impl Into<String>) -> Self {
        Self(Problems::one(name, Problem::new(path, None, message).given_by(Some(flag))))
    }

    /// What is wrong at a line and column, both from 1.
    pub(super) fn on_line(name: &str, line: usize, column: usize, message: impl Into<String>) -> Self {
        let number = |value: usize| u32::try_from(value.max(1)).unwrap_or(u32::MAX);
        Self::at(name, &Path::root(), Some(Place { line: number(line), column: number(column) }), message)
    }
}

impl From<ImportError> for http::Problem {
    fn from(ImportError(problems): ImportError) -> Self {
        let field = |problem: &Problem| FieldError {
            path: match (problem.line, problem.path.is_empty()) {
                (Some(line), _) => format!("text:{line}:{}", problem.column.unwrap_or(1)),
                (None, true) => "text".to_owned(),
                (None, false) => problem.path.clone(),
            },
            // A flag is the command line's word for the path.
            message: Problem { flag: None, path: String::new(), ..problem.clone() }.to_string(),
        };
        Self::new(Code::InvalidBody, "nothing can be made of this document")
            .with_errors(problems.list().iter().map(field))
    }
}
