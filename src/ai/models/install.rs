//! Puts models where MAID finds them: looked at first, copied whole, and named last.

use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
};

use uuid::Uuid;

use super::{Catalogue, EMBEDDING_FILES, Kind, LONGEST_NAME, Model, ModelError, checked, look, sums};

/// Puts the model in `from`, a GGUF file or a folder, into `catalogue`, under `name` or one made from the file's.
///
/// # Errors
/// When it cannot be loaded, when the name is taken, when it cannot be copied.
pub fn import(catalogue: &Catalogue, from: &Path, name: Option<&str>) -> Result<Model, ModelError> {
    let metadata = fs::metadata(from).map_err(|error| ModelError::file(from, error))?;
    let model = match metadata.is_dir() {
        true => look("new", from)?,
        false => file(from)?,
    };
    let files: Vec<PathBuf> = match &model.kind {
        Kind::Chat { file, .. } => vec![file.clone()],
        Kind::Embedding { .. } => EMBEDDING_FILES.iter().map(|file| from.join(file)).collect(),
    };
    let named = match (&model.kind, name) {
        (_, Some(name)) => name.to_owned(),
        (Kind::Chat { file, .. }, None) => made_of(file.file_stem()),
        (Kind::Embedding { .. }, None) => {
            let whole = from.canonicalize().map_err(|error| ModelError::file(from, error))?;
            made_of(whole.file_name())
        }
    };
    let name = checked(&named)?;
    put(catalogue, name, &files)?;
    catalogue.model(name)
}

/// A file, which must be a language model.
fn file(path: &Path) -> Result<Model, ModelError> {
    let (head, bytes) = super::head(path)?;
    let folder = path.parent().unwrap_or(Path::new(".")).to_owned();
    let kind = Kind::Chat { file: path.to_owned(), head: Box::new(head) };
    Ok(Model { name: String::new(), folder, kind, bytes })
}

/// A name out of a file's: what is no part of names becomes `-`.
fn made_of(name: Option<&std::ffi::OsStr>) -> String {
    let name = name.unwrap_or_default().to_string_lossy().to_lowercase();
    let fine = |c: char| if c.is_ascii_alphanumeric() || "._-".contains(c) { c } else { '-' };
    name.trim_start_matches('.').chars().map(fine).take(LONGEST_NAME).collect()
}

/// Copies `files` beside the others and names the folder once all is there.
pub(super) fn put(catalogue: &Catalogue, name: &str, files: &[PathBuf]) -> Result<(), ModelError> {
    let folder = catalogue.folder().join(name);
    if folder.exists() {
        return Err(ModelError::Taken(name.to_owned()));
    }
    let partial = catalogue.folder().join(format!(".{name}.{}", Uuid::now_v7()));
    fs::create_dir_all(&partial).map_err(|error| ModelError::file(&partial, error))?;
    let copied = copy(&partial, files).and_then(|()| {
        fs::rename(&partial, &folder).map_err(|error| match error.kind() {
            io::ErrorKind::DirectoryNotEmpty | io::ErrorKind::AlreadyExists => {
                ModelError::Taken(name.to_owned())
            }
            _ => ModelError::file(&folder, error),
        })
    });
    if copied.is_err() {
        // Half a model is of no use, and a full disk wants the room back.
        fs::remove_dir_all(&partial).ok();
    }
    copied
}

fn copy(into: &Path, files: &[PathBuf]) -> Result<(), ModelError> {
    let mut names = Vec::new();
    for file in files {
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let to = into.join(&name);
        let written = fs::copy(file, &to).and_then(|_| File::open(&to)?.sync_all());
        written.map_err(|error| ModelError::file(&to, error))?;
        names.push(name);
    }
    sums::write(into, &names)
}
