//! Files that are written whole or not at all.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write},
    path::{Path, PathBuf},
};

/// Puts `bytes` in the file `path`, all of them or none.
///
/// They are written beside their place and then moved there, so that a full disk or a crash leaves
/// what was there as it was.
///
/// # Errors
/// Whatever the operating system says; the older file is untouched.
pub fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    if path.is_dir() {
        return Err(io::ErrorKind::IsADirectory.into());
    }
    // A link keeps pointing where it points: the file behind it is the one replaced.
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
    if is_special(&path) {
        return OpenOptions::new().write(true).open(&path)?.write_all(bytes);
    }
    let beside = name_beside(&path);
    let written = fill(&beside, bytes).and_then(|()| fs::rename(&beside, &path));
    if written.is_err() {
        // The first cause is the one to tell.
        let _ = fs::remove_file(&beside);
    }
    written?;
    // The name itself must outlive a power cut too. Some file systems cannot do that to a folder;
    // the file is in its place all the same.
    if let Some(folder) = path.parent().and_then(|folder| File::open(folder).ok()) {
        folder.sync_all().ok();
    }
    Ok(())
}

/// Whether something that is no plain file is there already, such as a pipe: it cannot be replaced.
fn is_special(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|found| !found.is_file())
}

/// A name of its own, so that two runs do not write into each other's report.
fn name_beside(path: &Path) -> PathBuf {
    path.with_file_name(format!(".maid-{:016x}.part", fastrand::u64(..)))
}

fn fill(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).open(path)?;
    file.write_all(bytes)?;
    // Some file systems tell of a full disk only here.
    file.sync_all()
}
