//! What can be wrong with models on this machine.

use std::{
    io,
    path::{Path, PathBuf},
};

use super::gguf::GgufError;

/// Why a model cannot be used, or not be put here.
#[derive(Debug, thiserror::Error)]
pub enum ModelError {
    /// There is none of this name.
    #[error(
        "there is no model `{name}` in {folder}: `make model` brings the standard ones, `maid model import FILE` one of \
         your own, and `maid model list` shows those that are there", folder = .folder.display()
    )]
    Missing {
        /// The name.
        name: String,
        /// Where models are.
        folder: PathBuf,
    },
    /// It is no name.
    #[error("`{0}` is no name of a model: use a-z, 0-9, `.`, `_` and `-`, at most 100 of them")]
    Name(String),
    /// A model of this name is there.
    #[error(
        "there is a model `{0}` already: give this one another name with --name, or delete the folder of that one"
    )]
    Taken(String),
    /// A file cannot be read or written.
    #[error("{path}: {cause}", path = .path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why not.
        cause: io::Error,
    },
    /// It is no language model that can be loaded.
    #[error("{file} cannot be used: {cause}", file = .file.display())]
    Gguf {
        /// The file.
        file: PathBuf,
        /// Why not.
        cause: GgufError,
    },
    /// It is no model for embeddings that can be loaded.
    #[error("{file} cannot be used: {why}", file = .file.display())]
    Embedding {
        /// The file.
        file: PathBuf,
        /// Why not.
        why: String,
    },
    /// The folder has no model.
    #[error(
        "{folder} has no model: a language model is one .gguf file; a model for embeddings is config.json, \
         tokenizer.json and model.safetensors", folder = .0.display()
    )]
    Nothing(PathBuf),
    /// The folder has more than one.
    #[error("{folder} has several .gguf files: keep one, or import each under a name of its own", folder = .0.display())]
    Several(PathBuf),
    /// A file was changed.
    #[error("{file} is damaged: it is not what SHA256SUMS beside it says; fetch the model again", file = .0.display())]
    Changed(PathBuf),
    /// The list of sums cannot be understood.
    #[error("{file}: line {line} is not a SHA-256 sum and a name", file = .file.display())]
    Sums {
        /// The list.
        file: PathBuf,
        /// The line, from 1.
        line: usize,
    },
    /// It is no address of the hub.
    #[error(
        "`{0}` is no address of a model: write hf:OWNER/REPOSITORY/FILE.gguf, or hf:OWNER/REPOSITORY for embeddings"
    )]
    Address(String),
    /// The hub does not give it.
    #[error(
        "the hub does not give {what}: {cause}; where it cannot be reached, fetch the file elsewhere and use `maid model import`"
    )]
    Hub {
        /// What was asked for.
        what: String,
        /// Why not.
        cause: String,
    },
}

impl ModelError {
    /// A file that cannot be read or written.
    pub(super) fn file(path: &Path, cause: io::Error) -> Self {
        Self::File { path: path.to_owned(), cause }
    }
}
