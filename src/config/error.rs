//! What can be wrong with a configuration. Values are never repeated: one of them may be a secret.

use std::{fmt, path::Path};

use super::origin::Origin;

/// One thing that is wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The file, environment variable or flag it is in.
    pub origin: Origin,
    /// Key, such as `load.breaker.after`; empty for a file as a whole.
    pub path: String,
    /// What is wrong and what to do.
    pub message: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.path.as_str() {
            "" => write!(f, "{}: {}", self.origin, self.message),
            path => write!(f, "{}: {path}: {}", self.origin, self.message),
        }
    }
}

/// A configuration that cannot be used: all that is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", lines(.problems))]
pub struct ConfigError {
    /// In order of the layers; never empty.
    pub problems: Vec<Problem>,
}

impl ConfigError {
    /// The runtime file, where something in it is wrong.
    #[must_use]
    pub fn runtime_file(&self) -> Option<&Path> {
        self.problems.iter().find_map(|problem| match &problem.origin {
            Origin::Runtime(path) => Some(path.as_path()),
            _ => None,
        })
    }
}

fn lines(problems: &[Problem]) -> String {
    let all: Vec<String> = problems.iter().map(Problem::to_string).collect();
    all.join("\n")
}
