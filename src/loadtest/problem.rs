//! What is wrong with a document, all of it at once.

use std::fmt;

use serde::Serialize;

use super::place::{Path, Place};

/// Problems that are kept; further ones are only counted.
pub const MAX_PROBLEMS: usize = 100;

/// One thing that is wrong with a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// Where, such as `scenarios[0].transactions[1].name`; empty for the document as a whole.
    pub path: String,
    /// Line in the text, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// Column in the line, from 1, in characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<u32>,
    /// Flags of the command line that the value comes from, instead of the text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub flag: Option<String>,
    /// What is wrong, and what to do about it.
    pub message: String,
    /// What was probably meant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suggestion: Option<String>,
}

impl Problem {
    /// A problem at a path, at a place of the text when there is one.
    #[must_use]
    pub fn new(path: &Path, place: Option<Place>, message: impl Into<String>) -> Self {
        Self {
            path: path.as_str().to_owned(),
            line: place.map(|place| place.line),
            column: place.map(|place| place.column),
            flag: None,
            message: message.into(),
            suggestion: None,
        }
    }

    /// The same problem with a value that comes from a flag, when it does.
    #[must_use]
    pub fn given_by(mut self, flag: Option<&str>) -> Self {
        if let Some(flag) = flag {
            (self.flag, self.line, self.column) = (Some(flag.to_owned()), None, None);
        }
        self
    }

    /// The same problem with what was probably meant.
    #[must_use]
    pub fn meaning(mut self, suggestion: Option<impl Into<String>>) -> Self {
        self.suggestion = suggestion.map(Into::into);
        self
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.flag {
            Some(flag) => write!(f, "{flag}: ")?,
            None if self.path.is_empty() => {}
            None => write!(f, "{}: ", self.path)?,
        }
        f.write_str(&self.message)?;
        match &self.suggestion {
            Some(suggestion) => write!(f, "; did you mean `{suggestion}`?"),
            None => Ok(()),
        }
    }
}

/// Everything that is wrong with a document. Prints one line a problem, as
/// `shop.yaml:12:5 scenarios[0].weigth: unknown key; did you mean `weight`?`, or with the flag that a
/// wrong value comes from, as `-u/--users: must be at least 1, not 0`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problems {
    name: String,
    list: Vec<Problem>,
    more: usize,
}

impl Problems {
    /// No problem yet in the document `name`.
    #[must_use]
    pub fn none(name: impl Into<String>) -> Self {
        Self { name: name.into(), list: Vec::new(), more: 0 }
    }

    /// A single problem.
    #[must_use]
    pub fn one(name: impl Into<String>, problem: Problem) -> Self {
        Self { list: vec![problem], ..Self::none(name) }
    }

    /// Adds a problem, or only counts it when there are [`MAX_PROBLEMS`] already.
    pub fn push(&mut self, problem: Problem) {
        if self.list.len() < MAX_PROBLEMS {
            self.list.push(problem);
        } else {
            self.more += 1;
        }
    }

    /// The same problems of a document that stands at `path` of a larger one.
    #[must_use]
    pub fn within(mut self, path: &Path) -> Self {
        for problem in &mut self.list {
            problem.path = match problem.path.as_str() {
                "" => path.as_str().to_owned(),
                inner if inner.starts_with('[') => format!("{path}{inner}"),
                inner => format!("{path}.{inner}"),
            };
        }
        self
    }

    /// Name of the document, as its file is called.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The problems that were kept, in the order of the text.
    #[must_use]
    pub fn list(&self) -> &[Problem] {
        &self.list
    }

    /// How many further problems there are.
    #[must_use]
    pub const fn more(&self) -> usize {
        self.more
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Sorts by place in the text and changes each problem's texts by `scrub`.
    pub(crate) fn finish(&mut self, scrub: impl Fn(&str) -> String) {
        for problem in &mut self.list {
            problem.message = scrub(&problem.message);
            problem.suggestion = problem.suggestion.as_deref().map(&scrub);
        }
        self.list.sort_by_key(|problem| (problem.line.unwrap_or(0), problem.column.unwrap_or(0)));
        self.list.dedup();
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.list.iter().enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            if problem.flag.is_some() {
                write!(f, "{problem}")?;
                continue;
            }
            f.write_str(&self.name)?;
            if let (Some(line), Some(column)) = (problem.line, problem.column) {
                write!(f, ":{line}:{column}")?;
            }
            // Without a line, a path would run into the file's name.
            f.write_str(if problem.line.is_some() && !problem.path.is_empty() { " " } else { ": " })?;
            write!(f, "{problem}")?;
        }
        if self.more > 0 {
            write!(f, "\n{}: and {} more", self.name, self.more)?;
        }
        Ok(())
    }
}

impl std::error::Error for Problems {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prints_one_line_a_problem_and_counts_the_rest() {
        let mut problems = Problems::none("a.yaml");
        let path = Path::root().key("scenarios").index(0).key("weigth");
        let place = Place { line: 12, column: 5 };
        problems.push(Problem::new(&path, Some(place), "unknown key").meaning(Some("weight")));
        assert_eq!(
            problems.to_string(),
            "a.yaml:12:5 scenarios[0].weigth: unknown key; did you mean `weight`?"
        );
        for _ in 0..MAX_PROBLEMS + 1 {
            problems.push(Problem::new(&Path::root(), None, "bad"));
        }
        assert!(problems.to_string().ends_with("\na.yaml: and 2 more"), "{problems}");
    }
}
