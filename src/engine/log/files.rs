//! Which files are written, and why one is refused before the run.

use std::{
    fs::{File, Metadata, OpenOptions},
    io,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
};

use super::{row::LogKind, sink::Sink};

/// Log files to write. A name that ends in `.csv` gives CSV, every other one JSON Lines. A file that
/// exists is written anew.
#[derive(Clone, Debug, Default)]
pub struct LogPaths {
    /// The files, each with what it holds.
    pub files: Vec<(LogKind, PathBuf)>,
    /// Files that are never overwritten, such as the document itself.
    pub protected: Vec<PathBuf>,
}

/// Why a log file is refused.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// It cannot be opened for writing.
    #[error("the {kind} {} cannot be written: {error}; nothing was sent, name another place", path.display())]
    Unwritable {
        /// What it would hold.
        kind: LogKind,
        /// Its path.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// The test itself is read from it.
    #[error("the {kind} {} would overwrite a file that the test is read from; name another place", path.display())]
    Protected {
        /// What it would hold.
        kind: LogKind,
        /// Its path.
        path: PathBuf,
    },
    /// Two logs would be written to it.
    #[error("{} is named for the {first} and the {second}; give each log a file of its own", path.display())]
    Twice {
        /// Its path.
        path: PathBuf,
        /// What it would hold.
        first: LogKind,
        /// What it would hold, too.
        second: LogKind,
    },
}

impl LogPaths {
    /// Whether a log of this kind is asked for.
    #[must_use]
    pub fn wants(&self, kind: LogKind) -> bool {
        self.files.iter().any(|(wanted, _)| *wanted == kind)
    }

    /// Opens all files, and empties them only when none was refused.
    pub(super) fn open(&self) -> Result<Vec<Sink>, LogError> {
        let protected: Vec<_> = self.protected.iter().filter_map(|path| identity_of(path)).collect();
        let mut opened: Vec<(LogKind, &Path, File, Option<Identity>)> = Vec::new();
        for (kind, path) in &self.files {
            let (kind, unwritable) =
                (*kind, |error| LogError::Unwritable { kind: *kind, path: path.clone(), error });
            if identity_of(path).is_some_and(|identity| protected.contains(&identity)) {
                return Err(LogError::Protected { kind, path: path.clone() });
            }
            let open = OpenOptions::new().create(true).write(true).truncate(false).open(path);
            let file = open.map_err(unwritable)?;
            let identity = identity(&file.metadata().map_err(unwritable)?);
            let other = opened.iter().find(|(_, _, _, known)| identity.is_some() && *known == identity);
            if let Some((first, ..)) = other {
                return Err(LogError::Twice { path: path.clone(), first: *first, second: kind });
            }
            opened.push((kind, path, file, identity));
        }
        opened
            .into_iter()
            .map(|(kind, path, file, identity)| {
                // A terminal or a pipe has nothing to be emptied.
                if identity.is_some() {
                    file.set_len(0).map_err(|error| LogError::Unwritable {
                        kind,
                        path: path.to_owned(),
                        error,
                    })?;
                }
                Ok(Sink::new(kind, path, file))
            })
            .collect()
    }
}

/// Device and number of a regular file: the same under every name that it has.
type Identity = (u64, u64);

fn identity(metadata: &Metadata) -> Option<Identity> {
    metadata.is_file().then(|| (metadata.dev(), metadata.ino()))
}

fn identity_of(path: &Path) -> Option<Identity> {
    identity(&path.metadata().ok()?)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_refused_file_leaves_the_others_as_they_were() {
        let folder = tempfile::tempdir().expect("a folder");
        let (log, test) = (folder.path().join("a.jsonl"), folder.path().join("test.yaml"));
        fs::write(&log, "older").expect("writable");
        fs::write(&test, "version: 1").expect("writable");
        let open = |second: PathBuf| {
            let files = vec![(LogKind::Request, log.clone()), (LogKind::Error, second)];
            LogPaths { files, protected: vec![test.clone()] }.open()
        };
        let same = folder.path().join(".").join("a.jsonl");
        assert!(matches!(open(same), Err(LogError::Twice { .. })));
        assert!(matches!(open(test.clone()), Err(LogError::Protected { .. })));
        assert!(matches!(open(folder.path().join("no/b.csv")), Err(LogError::Unwritable { .. })));
        assert_eq!(fs::read_to_string(&log).expect("readable"), "older");
        assert!(open(folder.path().join("b.csv")).is_ok_and(|sinks| sinks.len() == 2));
        assert_eq!(fs::read_to_string(&log).expect("readable"), "");
    }
}
