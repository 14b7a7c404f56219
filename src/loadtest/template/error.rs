//! Why a text is not a template.

use crate::loadtest::nearest::listed;

/// Why a text is not a template. `at` counts characters from 1.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TemplateError {
    /// `{{` without `}}`.
    #[error(
        "`{{{{` at character {at} is never closed: add `}}}}`, or write `{{{{ \"{{{{\" }}}}` for the braces themselves"
    )]
    Unclosed {
        /// Where it opens.
        at: usize,
    },
    /// Something that does not belong inside the braces.
    #[error("in the template, character {at}: {expected}")]
    Syntax {
        /// Where.
        at: usize,
        /// What was expected there.
        expected: String,
    },
    /// A name that nothing defines.
    #[error("unknown name `{name}` in the template{}", suffix(.known))]
    UnknownName {
        /// The name.
        name: String,
        /// The nearest known one.
        nearest: Option<String>,
        /// All known ones.
        known: Vec<String>,
    },
    /// A data source has no such column, or a variable no such key.
    #[error("`{owner}` has no `{name}`{}", suffix(.known))]
    UnknownPart {
        /// The data source or variable.
        owner: String,
        /// The column or key.
        name: String,
        /// The nearest known one.
        nearest: Option<String>,
        /// All known ones.
        known: Vec<String>,
    },
    /// A data source without a column.
    #[error("`{0}` is a data source: name one of its columns, as in `{{{{ {0}.{1} }}}}`")]
    NeedsColumn(String, String),
    /// An extracted value is a single one.
    #[error(
        "`{0}` is an extracted value and has no parts: extract the part you need under a name of its own"
    )]
    NoParts(String),
    /// A function that does not exist.
    #[error(
        "unknown function `{name}()`: there are uuid(), now(), random_int(a, b) and random_choice(\"a\", ...)"
    )]
    UnknownFunction {
        /// Its name.
        name: String,
        /// The nearest known one.
        nearest: Option<String>,
    },
    /// Arguments that a function does not take.
    #[error("{0}")]
    Arguments(&'static str),
    /// `${env:` that is not closed or names nothing.
    #[error("`${{env:` at character {at} is not finished: write `${{env:NAME}}`")]
    EnvSyntax {
        /// Where.
        at: usize,
    },
    /// An environment variable that may not be read, or is not set.
    #[error(
        "`${{env:{0}}}` has no value: give it with `-e {0}=VALUE`, or set it in the environment and list it in `load.env_allow`"
    )]
    Env(String),
    /// An environment variable that is set, but that nobody has allowed to be read.
    #[error(
        "`${{env:{0}}}` is set in the environment but not allowed: list `{0}` in `load.env_allow`, or give `-e {0}=VALUE`"
    )]
    EnvRefused(String),
    /// Something other than text, a number, a boolean or a list of those in a query.
    #[error("a query parameter is a text, number, boolean or list of these")]
    QueryValue,
}

impl TemplateError {
    /// Whether a name is not known that could be, were the rest of the document right.
    pub(crate) const fn is_unknown(&self) -> bool {
        matches!(self, Self::UnknownName { .. } | Self::UnknownPart { .. })
    }

    /// What was probably meant.
    #[must_use]
    pub fn suggestion(&self) -> Option<&str> {
        match self {
            Self::UnknownName { nearest, .. }
            | Self::UnknownPart { nearest, .. }
            | Self::UnknownFunction { nearest, .. } => nearest.as_deref(),
            _ => None,
        }
    }
}

fn suffix(names: &[String]) -> String {
    if names.is_empty() {
        return ": nothing is defined yet; define it under `variables`, `data` or an `extract`".to_owned();
    }
    format!(": there are {}", listed(names.iter().map(String::as_str)))
}
