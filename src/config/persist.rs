//! Writes the runtime file: whole or not at all.

use std::{
    fs::{self, File, OpenOptions, Permissions},
    io::{self, ErrorKind, Write},
    path::{Path, PathBuf},
};

use serde_json::Value;

/// A runtime file that was just replaced, and what it was before.
#[derive(Debug)]
pub struct Replaced {
    path: PathBuf,
    before: Option<Vec<u8>>,
}

/// Replaces `path` by `value`.
///
/// What is new is written beside the file and moved over it when it is on the disk, so that a full
/// disk or a crash leaves the file as it was. Its permissions stay; a link keeps pointing where it
/// points.
///
/// # Errors
/// When the folder cannot be written to, or has no room.
pub(super) fn replace(path: &Path, value: &Value) -> io::Result<Replaced> {
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
    let before = match fs::read(&path) {
        Ok(bytes) => Some(bytes),
        Err(error) if error.kind() == ErrorKind::NotFound => None,
        Err(error) => return Err(error),
    };
    let mut text = serde_json::to_vec_pretty(value)?;
    text.push(b'\n');
    put(&path, &text)?;
    Ok(Replaced { path, before })
}

impl Replaced {
    /// Puts back what was there before.
    ///
    /// # Errors
    /// When the folder cannot be written to any more, or has no room.
    pub fn undo(self) -> io::Result<()> {
        match self.before {
            Some(bytes) => put(&self.path, &bytes),
            None => {
                fs::remove_file(&self.path)?;
                keep_names(&self.path)
            }
        }
    }
}

fn put(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let permissions = fs::metadata(path).ok().map(|found| found.permissions());
    let beside = name_beside(path);
    let written = fill(&beside, bytes, permissions).and_then(|()| fs::rename(&beside, path));
    if written.is_err() {
        // The first cause is the one to tell.
        fs::remove_file(&beside).ok();
    }
    written.and_then(|()| keep_names(path))
}

/// A name of its own, which the list of ignored files knows.
fn name_beside(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{:016x}", fastrand::u64(..)));
    path.with_file_name(name)
}

fn fill(path: &Path, bytes: &[u8], permissions: Option<Permissions>) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).open(path)?;
    if let Some(permissions) = permissions {
        file.set_permissions(permissions)?;
    }
    file.write_all(bytes)?;
    // Some file systems tell of a full disk only here.
    file.sync_all()
}

/// Until its folder is on the disk, so is not the file's name.
fn keep_names(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::{PermissionsExt, symlink};

    use serde_json::json;

    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).expect("it is there");
        let mut names: Vec<String> = entries
            .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn a_file_is_replaced_with_its_permissions_and_put_back() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("config.runtime.json");
        let first = replace(&path, &json!({"a": 1})).expect("it is written");
        fs::set_permissions(&path, Permissions::from_mode(0o640)).expect("they are set");
        let second = replace(&path, &json!({"a": 2})).expect("it is written");
        assert_eq!(fs::read_to_string(&path).expect("a file"), "{\n  \"a\": 2\n}\n");
        assert_eq!(fs::metadata(&path).expect("a file").permissions().mode() & 0o777, 0o640);
        second.undo().expect("it is put back");
        assert_eq!(fs::read_to_string(&path).expect("a file"), "{\n  \"a\": 1\n}\n");
        first.undo().expect("it is removed");
        assert_eq!(names(folder.path()), [""; 0]);
    }

    #[test]
    fn a_link_stays_one() {
        let folder = tempfile::tempdir().expect("a folder");
        let (link, file) = (folder.path().join("link"), folder.path().join("file"));
        fs::write(&file, "{}").expect("a file");
        symlink(&file, &link).expect("a link");
        replace(&link, &json!({"a": 1})).expect("it is written");
        assert!(fs::symlink_metadata(&link).expect("a link").is_symlink());
        assert!(fs::read_to_string(&file).expect("a file").contains("\"a\": 1"));
    }

    /// Even root cannot make files there.
    #[test]
    fn a_folder_that_takes_no_files_is_told() {
        let error = replace(Path::new("/proc/self/config.runtime.json"), &json!({})).expect_err("no file");
        assert!(matches!(error.kind(), ErrorKind::NotFound | ErrorKind::PermissionDenied), "{error:?}");
    }
}
