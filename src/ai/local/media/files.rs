//! Folders and small files of models, as they come from outside.

use std::{
    fs::{self, File},
    io::Read,
    path::{Path, PathBuf},
};

use serde::de::DeserializeOwned;

use super::MediaError;

/// Largest description of a model, in bytes; real ones have a few thousand.
const LARGEST: u64 = 1 << 20;

/// The folder, as nobody can take for the name of something on a hub.
pub(super) fn folder(path: &Path, hint: &'static str) -> Result<PathBuf, MediaError> {
    let missing = |_| MediaError::Missing { path: path.to_owned(), hint };
    let found = fs::canonicalize(path).map_err(missing)?;
    if !found.is_dir() {
        return Err(MediaError::broken(path, format!("it is no folder: {hint}")));
    }
    if found.to_str().is_none() {
        return Err(MediaError::broken(path, "its path is not UTF-8"));
    }
    Ok(found)
}

/// The file `name` of `folder`.
pub(super) fn file(folder: &Path, name: &str, hint: &'static str) -> Result<PathBuf, MediaError> {
    let path = folder.join(name);
    match path.is_file() {
        true => Ok(path),
        false => Err(MediaError::Missing { path, hint }),
    }
}

/// What a small JSON file says.
pub(super) fn json<T: DeserializeOwned>(path: &Path) -> Result<T, MediaError> {
    let mut text = String::new();
    let read = File::open(path).and_then(|file| file.take(LARGEST + 1).read_to_string(&mut text));
    read.map_err(|error| MediaError::broken(path, error.to_string()))?;
    if text.len() as u64 > LARGEST {
        return Err(MediaError::broken(path, "it is larger than 1 MiB"));
    }
    serde_json::from_str(&text).map_err(|error| MediaError::broken(path, error.to_string()))
}
