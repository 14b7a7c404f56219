//! SHA-256 sums of a model's files, as `sha256sum` writes and checks them.

use std::{
    fs::{self, File},
    io::{self, Read},
    path::Path,
};

use ring::digest::{Context, SHA256};

use super::ModelError;
use crate::http::Digest;

/// Name of the list.
pub(super) const FILE: &str = "SHA256SUMS";
/// Bytes that are read at once.
const PIECE: usize = 1 << 20;

/// The sum of a file.
pub(super) fn of(path: &Path) -> Result<Digest, ModelError> {
    let summed = || -> io::Result<Digest> {
        let (mut file, mut context) = (File::open(path)?, Context::new(&SHA256));
        let mut piece = vec![0; PIECE];
        loop {
            match file.read(&mut piece)? {
                0 => return Ok(Digest::finish(context)),
                read => context.update(&piece[..read]),
            }
        }
    };
    summed().map_err(|error| ModelError::file(path, error))
}

/// Writes the list of `files` in `folder`.
pub(super) fn write(folder: &Path, files: &[String]) -> Result<(), ModelError> {
    let mut list = String::new();
    for file in files {
        list.push_str(&format!("{}  {file}\n", of(&folder.join(file))?.hex()));
    }
    let path = folder.join(FILE);
    fs::write(&path, list).map_err(|error| ModelError::file(&path, error))
}

/// Checks the list in `folder`; one that is not there says nothing.
pub(super) fn verify(folder: &Path) -> Result<(), ModelError> {
    let path = folder.join(FILE);
    let list = match fs::read_to_string(&path) {
        Ok(list) => list,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(ModelError::file(&path, error)),
    };
    for (at, line) in list.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let (sum, name) = line
            .split_once(char::is_whitespace)
            .map(|(sum, name)| (sum, name.trim_start().trim_start_matches('*')))
            .filter(|(sum, name)| sum.len() == 64 && !name.is_empty() && !name.contains('/'))
            .ok_or_else(|| ModelError::Sums { file: path.clone(), line: at + 1 })?;
        let file = folder.join(name);
        if !of(&file)?.hex().eq_ignore_ascii_case(sum) {
            return Err(ModelError::Changed(file));
        }
    }
    Ok(())
}
