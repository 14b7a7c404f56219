//! Writes the runtime file, and can put back what was there.

use std::{
    fs,
    io::{self, ErrorKind},
    path::{Path, PathBuf},
};

use serde_json::Value;

use crate::disk;

/// A runtime file that was just replaced, and what it was before.
#[derive(Debug)]
pub struct Replaced {
    path: PathBuf,
    before: Option<Vec<u8>>,
}

/// Replaces `path` by `value`, whole or not at all.
///
/// # Errors
/// When the folder cannot be written to, or has no room.
pub(super) fn replace(path: &Path, value: &Value) -> io::Result<Replaced> {
    let before = match fs::read(path) {
        Ok(bytes) => Some(bytes),
        Err(error) if error.kind() == ErrorKind::NotFound => None,
        Err(error) => return Err(error),
    };
    let mut text = serde_json::to_vec_pretty(value)?;
    text.push(b'\n');
    disk::replace(path, &text)?;
    Ok(Replaced { path: path.to_owned(), before })
}

impl Replaced {
    /// Puts back what was there before.
    ///
    /// # Errors
    /// When the folder cannot be written to any more, or has no room.
    pub fn undo(self) -> io::Result<()> {
        match self.before {
            Some(bytes) => disk::replace(&self.path, &bytes),
            None => {
                fs::remove_file(&self.path)?;
                disk::keep_names(&self.path);
                Ok(())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_file_is_replaced_and_put_back() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("config.runtime.json");
        let first = replace(&path, &json!({"a": 1})).expect("it is written");
        let second = replace(&path, &json!({"a": 2})).expect("it is written");
        assert_eq!(fs::read_to_string(&path).expect("a file"), "{\n  \"a\": 2\n}\n");
        second.undo().expect("it is put back");
        assert_eq!(fs::read_to_string(&path).expect("a file"), "{\n  \"a\": 1\n}\n");
        first.undo().expect("it is removed");
        assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 0, "nothing lies about");
    }
}
