//! The lock on a data folder: two servers never share one. The file that is locked also keeps the
//! name of the server, by which it knows its own runs after a crash.

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io::{self, Read, Seek, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
};

use uuid::Uuid;

/// Name of the file in the data folder.
const FILE: &str = "instance.lock";
/// More than the file ever holds.
const LONGEST: u64 = 256;

/// The data folder is this process's own as long as this lives. The system lets go of it when the
/// process ends, however it ends.
#[derive(Debug)]
pub struct InstanceLock {
    id: Uuid,
    /// Holds the lock.
    _file: File,
}

/// Why a data folder cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// Another process has it.
    #[error(
        "the data folder {folder} is in use by another MAID{process}: end that one first, or give this one its own \
         folder in `server.data_dir`"
    )]
    Taken {
        /// The folder.
        folder: PathBuf,
        /// ` (process 123)`, where it is known.
        process: String,
    },
    /// It cannot be used.
    #[error(
        "the data folder {folder} cannot be used: {source}; check that this user may write there, or set `server.data_dir`"
    )]
    File {
        /// The folder.
        folder: PathBuf,
        /// What the system says.
        source: io::Error,
    },
}

impl InstanceLock {
    /// Takes `data_dir` for this process; makes it when it is not there.
    ///
    /// # Errors
    /// When another process has it, or when it cannot be written to.
    pub fn take(data_dir: &Path) -> Result<Self, LockError> {
        let unusable = |source| LockError::File { folder: data_dir.to_owned(), source };
        fs::DirBuilder::new().recursive(true).mode(0o700).create(data_dir).map_err(unusable)?;
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(data_dir.join(FILE))
            .map_err(unusable)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let process = process(&mut file).map(|id| format!(" (process {id})")).unwrap_or_default();
                return Err(LockError::Taken { folder: data_dir.to_owned(), process });
            }
            Err(TryLockError::Error(source)) => return Err(unusable(source)),
        }
        let id = sign(&mut file).map_err(unusable)?;
        Ok(Self { id, _file: file })
    }

    /// Name of this server: the same at every start on this data folder.
    #[must_use]
    pub fn id(&self) -> Uuid {
        self.id
    }
}

/// Writes the process's number behind the id, and the id as well where there is none yet. A file
/// that a crash of the machine left unreadable gets a new one.
fn sign(file: &mut File) -> io::Result<Uuid> {
    let id =
        text(file)?.lines().next().and_then(|line| Uuid::parse_str(line).ok()).unwrap_or_else(Uuid::now_v7);
    let content = format!("{id}\n{}\n", std::process::id());
    file.rewind()?;
    // The id stays where it is, so that a crash between the two calls does not lose it.
    file.write_all(content.as_bytes())?;
    file.set_len(content.len() as u64)?;
    file.sync_all()?;
    Ok(id)
}

fn process(file: &mut File) -> Option<u32> {
    text(file).ok()?.lines().nth(1)?.parse().ok()
}

fn text(file: &mut File) -> io::Result<String> {
    let mut bytes = Vec::new();
    file.rewind()?;
    file.take(LONGEST).read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_has_one_server_and_keeps_its_name() {
        let folder = tempfile::tempdir().expect("a folder");
        let data = folder.path().join("deep/data");
        let first = InstanceLock::take(&data).expect("the first");
        let id = first.id();
        let error = InstanceLock::take(&data).expect_err("the second").to_string();
        assert!(
            error.contains(&format!("in use by another MAID (process {})", std::process::id())),
            "{error}"
        );
        drop(first);
        assert_eq!(InstanceLock::take(&data).expect("again").id(), id);
    }

    #[test]
    fn a_file_that_was_damaged_gets_a_new_name() {
        let folder = tempfile::tempdir().expect("a folder");
        for damage in [&b""[..], b"\0\0\0\0", b"0199f3a2-7c00-7abc-8000-01"] {
            fs::write(folder.path().join(FILE), damage).expect("written");
            let id = InstanceLock::take(folder.path()).expect("taken").id();
            assert_eq!(InstanceLock::take(folder.path()).expect("again").id(), id);
        }
    }
}
