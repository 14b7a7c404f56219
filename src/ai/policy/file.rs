//! The file of the policy: read at the start, and again whenever it changes.
//!
//! What may leave the machine is not guessed. While the file is missing, or wrong, nothing leaves.

use std::{
    fs,
    io::Read,
    path::{Path, PathBuf},
    sync::Arc,
    time::SystemTime,
};

use jiff::Timestamp;

use super::{Policy, check::LARGEST, read};
use crate::loadtest::{
    place,
    problem::{Problem, Problems},
};

/// What holds for now.
#[derive(Clone, Debug)]
pub struct Held {
    /// The policy; that of no file where the file cannot be used.
    pub policy: Arc<Policy>,
    /// When it was read.
    pub since: Timestamp,
    /// Why the file is not what holds.
    pub problem: Option<String>,
}

impl Held {
    fn new(read: Result<Policy, Problems>) -> Self {
        let (policy, problem) = match read {
            Ok(policy) => (policy, None),
            Err(problems) => (Policy::default(), Some(problems.to_string())),
        };
        Self { policy: Arc::new(policy), since: Timestamp::now(), problem }
    }
}

/// The file that a policy comes from.
#[derive(Clone, Debug)]
pub struct PolicyFile(PathBuf);

impl PolicyFile {
    /// The file at `path`, and what it holds.
    ///
    /// # Errors
    /// All that is wrong with it: MAID starts with a policy that somebody has meant.
    pub fn open(path: PathBuf) -> Result<(Self, Held), Problems> {
        let held = Held::new(Ok(opened(&path)?));
        Ok((Self(path), held))
    }

    /// Its path.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// What the file is known by, now.
    #[must_use]
    pub fn mark(&self) -> Option<Mark> {
        Mark::of(&self.0)
    }

    /// What the file holds, where it is another one than `last`, which becomes what it is known by now. Waits for the
    /// disk.
    pub fn changed(&self, last: &mut Option<Mark>) -> Option<Held> {
        let now = self.mark();
        if now == *last {
            return None;
        }
        *last = now;
        let held = Held::new(opened(&self.0));
        let file = self.0.display();
        match &held.problem {
            None => tracing::info!(%file, "the AI policy was read again"),
            Some(problem) => {
                tracing::error!(%file, "the AI policy cannot be used, so no provider is asked until it can: {problem}");
            }
        }
        Some(held)
    }
}

/// What a file is known by: another time or length is another content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    changed: Option<SystemTime>,
    length: u64,
}

impl Mark {
    fn of(path: &Path) -> Option<Self> {
        let found = fs::metadata(path).ok()?;
        Some(Self { changed: found.modified().ok(), length: found.len() })
    }
}

fn opened(path: &Path) -> Result<Policy, Problems> {
    let name = path.display().to_string();
    let mut text = String::new();
    let read_in =
        fs::File::open(path).and_then(|file| file.take(LARGEST as u64 + 1).read_to_string(&mut text));
    if let Err(error) = read_in {
        let message = format!("cannot be read: {error}");
        return Err(Problems::one(&name, Problem::new(&place::Path::root(), None, message)));
    }
    read(&text, &name)
}
