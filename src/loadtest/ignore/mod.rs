//! `.maidignore`: files that nothing may read, and URLs that nothing may be sent to.
//!
//! The file has gitignore syntax. The one beside a document counts, and those in all directories
//! above it; the nearest decides, as in git. A symbolic link is refused when either its own path or
//! what it leads to is. Lines that begin with `url:` are patterns of host and path.

mod url;

use std::path::{Component, Path, PathBuf};

use ignore::{
    Match,
    gitignore::{Gitignore, GitignoreBuilder},
};

pub use self::url::UrlRule;

/// Name of the file.
pub const FILE: &str = ".maidignore";
/// Largest such file, in bytes.
const MAX_SIZE: u64 = 1024 * 1024;

/// The rules of the `.maidignore` files of a directory and those above it.
#[derive(Clone, Debug, Default)]
pub struct Ignore {
    /// Outermost directory first.
    files: Vec<Gitignore>,
    urls: Vec<UrlRule>,
}

/// Why a `.maidignore` cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum IgnoreError {
    /// It is there and cannot be read.
    #[error("{path} cannot be read: {source}; make it readable or remove it")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// Too large.
    #[error("{0} is larger than 1 MB: remove what is not a rule")]
    TooLarge(PathBuf),
    /// A line that is no pattern.
    #[error("{path}:{line}: `{text}` is not a pattern: {reason}")]
    Line {
        /// The file.
        path: PathBuf,
        /// Line, from 1.
        line: usize,
        /// The line.
        text: String,
        /// What is wrong with it.
        reason: String,
    },
}

impl Ignore {
    /// No rules.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// Reads the `.maidignore` of `dir` and of every directory above it.
    pub fn load(dir: &Path) -> Result<Self, IgnoreError> {
        let unreadable = |source| IgnoreError::Unreadable { path: dir.to_owned(), source };
        let dir = dir.canonicalize().map_err(unreadable)?;
        let mut ignore = Self::none();
        let mut dirs: Vec<&Path> = dir.ancestors().collect();
        dirs.reverse();
        for dir in dirs {
            if let Some(text) = read(&dir.join(FILE))? {
                ignore.add(dir, &text)?;
            }
        }
        Ok(ignore)
    }

    /// Adds the rules of one file's text, for the files in and below `dir`.
    pub fn add(&mut self, dir: &Path, text: &str) -> Result<(), IgnoreError> {
        let path = dir.join(FILE);
        let mut builder = GitignoreBuilder::new(dir);
        for (index, line) in text.lines().enumerate() {
            let refused = |reason: String| IgnoreError::Line {
                path: path.clone(),
                line: index + 1,
                text: line.to_owned(),
                reason,
            };
            match line.trim_start().strip_prefix("url:") {
                Some(pattern) => self.urls.push(UrlRule::parse(pattern).map_err(refused)?),
                None => {
                    builder.add_line(None, line).map_err(|error| refused(error.to_string()))?;
                }
            }
        }
        let built = builder.build().map_err(|error| IgnoreError::Line {
            path,
            line: 0,
            text: String::new(),
            reason: error.to_string(),
        })?;
        self.files.push(built);
        Ok(())
    }

    /// Whether a file may not be read: by its path, or by where a symbolic link leads.
    #[must_use]
    pub fn refuses_file(&self, path: &Path) -> bool {
        let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        let plain = without_dots(&absolute);
        self.matches(&plain) || plain.canonicalize().is_ok_and(|real| self.matches(&real))
    }

    /// Patterns of URLs that no request may be sent to.
    #[must_use]
    pub fn url_rules(&self) -> &[UrlRule] {
        &self.urls
    }

    /// A file outside a rule's directory is matched as if it lay in it: a link that leads away
    /// gains nothing.
    fn matches(&self, path: &Path) -> bool {
        let decided = self.files.iter().rev().find_map(|rules| {
            let relative =
                path.strip_prefix(rules.path()).or_else(|_| path.strip_prefix("/")).unwrap_or(path);
            match rules.matched_path_or_any_parents(relative, false) {
                Match::None => None,
                Match::Ignore(_) => Some(true),
                Match::Whitelist(_) => Some(false),
            }
        });
        decided.unwrap_or(false)
    }
}

fn read(path: &Path) -> Result<Option<String>, IgnoreError> {
    let unreadable = |source| IgnoreError::Unreadable { path: path.to_owned(), source };
    match std::fs::metadata(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(unreadable(error)),
        Ok(found) if found.len() > MAX_SIZE => Err(IgnoreError::TooLarge(path.to_owned())),
        Ok(_) => std::fs::read_to_string(path).map(Some).map_err(unreadable),
    }
}

/// Resolves `.` and `..` by name alone.
fn without_dots(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                plain.pop();
            }
            other => plain.push(other),
        }
    }
    plain
}

#[cfg(test)]
mod tests;
