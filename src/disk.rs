//! Files that are written whole or not at all.

use std::{
    fs::{self, File, OpenOptions, Permissions},
    io::{self, Write},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

/// What becomes of a file that has the name already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Existing {
    /// It is replaced.
    Replace,
    /// It stays, and the new one gets no name.
    Keep,
}

/// A file in the making, under a name of its own beside the one that it is to have. It goes away
/// with this value, unless it was published.
#[derive(Debug)]
pub struct Part(PathBuf);

impl Part {
    /// Makes an empty file beside `file`, with at most the rights `mode`.
    ///
    /// # Errors
    /// Whatever the operating system says, and when `file` ends without a name.
    pub fn beside(file: &Path, mode: u32) -> io::Result<Self> {
        let name = file.file_name().ok_or(io::ErrorKind::InvalidFilename)?;
        let part =
            file.with_file_name(format!(".{}.{:016x}.part", name.to_string_lossy(), fastrand::u64(..)));
        OpenOptions::new().write(true).create_new(true).mode(mode).open(&part)?;
        Ok(Self(part))
    }

    /// Its name until it is published.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Gives it the name `file`, when all of it has reached the disk.
    ///
    /// # Errors
    /// Whatever the operating system says; what was there is then as it was.
    pub fn publish(self, file: &Path, existing: Existing) -> io::Result<()> {
        // Some file systems tell of a full disk only here.
        File::open(&self.0)?.sync_all()?;
        match existing {
            Existing::Replace => fs::rename(&self.0, file)?,
            Existing::Keep => name_once(&self.0, file)?,
        }
        keep_names(file);
        Ok(())
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        // After a rename there is nothing left to remove.
        fs::remove_file(&self.0).ok();
    }
}

/// Puts `bytes` in the file `path`, all of them or none.
///
/// They are written beside their place and then moved there, so that a full disk or a crash leaves
/// what was there as it was. Its permissions stay; a link keeps pointing where it points.
///
/// # Errors
/// Whatever the operating system says; the older file is untouched.
pub fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    if path.is_dir() {
        return Err(io::ErrorKind::IsADirectory.into());
    }
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
    let there = fs::metadata(&path).ok();
    if there.as_ref().is_some_and(|found| !found.is_file()) {
        // A pipe or a device cannot be replaced.
        return OpenOptions::new().write(true).open(&path)?.write_all(bytes);
    }
    let permissions = there.map(|found| found.permissions());
    let part = Part::beside(&path, if permissions.is_some() { 0o600 } else { 0o666 })?;
    fill(part.path(), bytes, permissions)?;
    part.publish(&path, Existing::Replace)
}

/// Sees to it that the names in the folder of `file` outlive a power cut, as what is in the files
/// does. Some file systems cannot do that to a folder; the file is in its place all the same.
pub fn keep_names(file: &Path) {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    if let Ok(folder) = File::open(folder.unwrap_or(Path::new("."))) {
        folder.sync_all().ok();
    }
}

fn fill(path: &Path, bytes: &[u8], permissions: Option<Permissions>) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).open(path)?;
    if let Some(permissions) = permissions {
        // Before there is anything in it that not everybody may read.
        file.set_permissions(permissions)?;
    }
    file.write_all(bytes)
}

/// Names `part` as `file` unless that is there: a second name is refused where a rename would
/// replace. Some file systems have no second names; there, looking first has to do.
fn name_once(part: &Path, file: &Path) -> io::Result<()> {
    match fs::hard_link(part, file) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists && !file.exists() => {
            fs::rename(part, file)
        }
        linked => linked,
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::{PermissionsExt, symlink};

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
    fn a_file_keeps_its_permissions() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("file");
        replace(&path, b"one").expect("it is written");
        fs::set_permissions(&path, Permissions::from_mode(0o640)).expect("they are set");
        replace(&path, b"two").expect("it is written");
        assert_eq!(fs::read_to_string(&path).expect("a file"), "two");
        assert_eq!(fs::metadata(&path).expect("a file").permissions().mode() & 0o777, 0o640);
        assert_eq!(names(folder.path()), ["file"]);
    }

    #[test]
    fn a_link_stays_one() {
        let folder = tempfile::tempdir().expect("a folder");
        let (link, file) = (folder.path().join("link"), folder.path().join("file"));
        fs::write(&file, "one").expect("a file");
        symlink(&file, &link).expect("a link");
        replace(&link, b"two").expect("it is written");
        assert!(fs::symlink_metadata(&link).expect("a link").is_symlink());
        assert_eq!(fs::read_to_string(&file).expect("a file"), "two");
    }

    #[test]
    fn a_file_that_is_there_is_kept_when_it_should_be() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("file");
        fs::write(&path, "one").expect("a file");
        let part = Part::beside(&path, 0o600).expect("a part");
        let error = part.publish(&path, Existing::Keep).expect_err("it is there");
        assert_eq!(error.kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(fs::read_to_string(&path).expect("a file"), "one");
        assert_eq!(names(folder.path()), ["file"], "nothing lies about");
    }

    /// Even root cannot make files there.
    #[test]
    fn a_folder_that_takes_no_files_is_told() {
        let error = replace(Path::new("/proc/self/file"), b"").expect_err("no file");
        assert!(
            matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::PermissionDenied),
            "{error:?}"
        );
        let error = Part::beside(Path::new("/"), 0o600).expect_err("no name");
        assert_eq!(error.kind(), io::ErrorKind::InvalidFilename);
    }
}
