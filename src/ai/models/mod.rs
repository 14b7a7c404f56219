//! The models that are on this machine: one folder each, known by what is in it.
//!
//! A language model is a GGUF file, a model for embeddings a BERT: `config.json`, `tokenizer.json` and
//! `model.safetensors`. `SHA256SUMS` beside them, as `sha256sum` writes it, tells files that were damaged.
//! `gguf` reads heads, `install` puts models here, `pull` fetches them from the hub, `quick` makes
//! copies of those that this machine would compute slowly.

mod error;
pub mod gguf;
mod install;
mod pull;
mod quick;
mod sums;

use std::{
    fs::{self, File},
    io::BufReader,
    path::{Path, PathBuf},
};

use serde_json::Value;

use self::gguf::Head;
pub use self::{
    error::ModelError,
    install::import,
    pull::{Address, Pulling, pull},
    quick::quick,
};

/// Most folders that are looked at.
const MOST_MODELS: usize = 1000;
/// Longest name.
const LONGEST_NAME: usize = 100;
/// Largest `config.json` that is read.
const LARGEST_CONFIG: u64 = 1 << 20;
/// Files that a model for embeddings consists of.
pub const EMBEDDING_FILES: [&str; 3] = ["config.json", "tokenizer.json", "model.safetensors"];

/// The folder of models.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Catalogue {
    folder: PathBuf,
}

/// A model that is whole, as far as its head tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Model {
    /// What it is called here.
    pub name: String,
    /// Its folder.
    pub folder: PathBuf,
    /// What it is for.
    pub kind: Kind,
    /// Size of its files.
    pub bytes: u64,
}

/// What a model is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// It writes text.
    Chat {
        /// Its file.
        file: PathBuf,
        /// What the file says of it.
        head: Box<Head>,
    },
    /// It tells texts of like meaning.
    Embedding {
        /// Numbers that a text becomes.
        dimensions: usize,
        /// Longest text, in tokens.
        context: usize,
    },
}

/// A folder of the catalogue.
#[derive(Debug)]
pub struct Listed {
    /// Its name.
    pub name: String,
    /// What is in it.
    pub model: Result<Model, ModelError>,
}

impl Catalogue {
    /// The models in `folder`, or where models are by default: `maid/models` in the user's folder for caches.
    #[must_use]
    pub fn new(folder: Option<&Path>) -> Self {
        Self { folder: folder.map_or_else(standard, Path::to_owned) }
    }

    /// The folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// All models, by name.
    ///
    /// # Errors
    /// When the folder cannot be read; one that is not there has no models.
    pub fn all(&self) -> Result<Vec<Listed>, ModelError> {
        let entries = match fs::read_dir(&self.folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(ModelError::file(&self.folder, error)),
        };
        let mut names: Vec<String> = entries
            .filter_map(Result::ok)
            .filter(|entry| entry.path().is_dir())
            .filter_map(|entry| entry.file_name().into_string().ok())
            .filter(|name| checked(name).is_ok())
            .take(MOST_MODELS)
            .collect();
        names.sort();
        Ok(names.into_iter().map(|name| Listed { model: self.model(&name), name }).collect())
    }

    /// The model of this name.
    ///
    /// # Errors
    /// When there is none, or it cannot be used.
    pub fn model(&self, name: &str) -> Result<Model, ModelError> {
        let name = checked(name)?;
        let folder = self.folder.join(name);
        if !folder.is_dir() {
            return Err(ModelError::Missing { name: name.to_owned(), folder: self.folder.clone() });
        }
        look(name, &folder)
    }

    /// Whether the files of a model are as they were when they were put here.
    ///
    /// # Errors
    /// When one was changed, or is gone.
    pub fn verify(model: &Model) -> Result<(), ModelError> {
        sums::verify(&model.folder)
    }
}

fn standard() -> PathBuf {
    let set = |name| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let caches = set("XDG_CACHE_HOME").or_else(|| set("HOME").map(|home| home.join(".cache")));
    caches.unwrap_or_else(|| PathBuf::from("data")).join("maid/models")
}

/// A name that is one: of a folder, and of nothing beyond it.
fn checked(name: &str) -> Result<&str, ModelError> {
    let fine = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "._-".contains(c);
    let good =
        !name.is_empty() && name.len() <= LONGEST_NAME && !name.starts_with('.') && name.chars().all(fine);
    good.then_some(name).ok_or_else(|| ModelError::Name(name.chars().take(LONGEST_NAME).collect()))
}

/// What is in `folder`.
fn look(name: &str, folder: &Path) -> Result<Model, ModelError> {
    let (name, folder) = (name.to_owned(), folder.to_owned());
    let mut files = files_of(&folder)?;
    files.sort();
    let of_gguf = |path: &&PathBuf| path.extension().is_some_and(|end| end.eq_ignore_ascii_case("gguf"));
    let found: Vec<&PathBuf> = files.iter().filter(of_gguf).collect();
    match found[..] {
        [file] => {
            let (head, bytes) = head(file)?;
            let kind = Kind::Chat { file: file.clone(), head: Box::new(head) };
            Ok(Model { name, folder, kind, bytes })
        }
        [] if EMBEDDING_FILES.iter().all(|file| folder.join(file).is_file()) => {
            let kind = bert(&folder.join(EMBEDDING_FILES[0]))?;
            let size = |file: &&str| fs::metadata(folder.join(file)).map_or(0, |found| found.len());
            let bytes = EMBEDDING_FILES.iter().map(size).sum();
            Ok(Model { name, folder, kind, bytes })
        }
        [] => Err(ModelError::Nothing(folder)),
        _ => Err(ModelError::Several(folder)),
    }
}

fn files_of(folder: &Path) -> Result<Vec<PathBuf>, ModelError> {
    let entries = fs::read_dir(folder).map_err(|error| ModelError::file(folder, error))?;
    Ok(entries.filter_map(Result::ok).map(|entry| entry.path()).filter(|path| path.is_file()).collect())
}

/// The head of a language model that can be loaded, and the size of its file.
fn head(path: &Path) -> Result<(Head, u64), ModelError> {
    let unreadable = |error| ModelError::file(path, error);
    let file = File::open(path).map_err(unreadable)?;
    let bytes = file.metadata().map_err(unreadable)?.len();
    let refused = |cause| ModelError::Gguf { file: path.to_owned(), cause };
    let head = Head::read(BufReader::new(file)).map_err(refused)?;
    head.check(bytes).map_err(refused)?;
    Ok((head, bytes))
}

/// What the configuration of a BERT says, as far as it can be loaded.
fn bert(path: &Path) -> Result<Kind, ModelError> {
    let odd = |why: String| ModelError::Embedding { file: path.to_owned(), why };
    let size = fs::metadata(path).map_err(|error| ModelError::file(path, error))?.len();
    if size > LARGEST_CONFIG {
        return Err(odd(format!("it has {size} bytes; at most {LARGEST_CONFIG} are read")));
    }
    let text = fs::read(path).map_err(|error| ModelError::file(path, error))?;
    let config: Value =
        serde_json::from_slice(&text).map_err(|error| odd(format!("it is no JSON: {error}")))?;
    if config["model_type"] != "bert" {
        return Err(odd(format!("its model_type is {}; BERT models can be loaded", config["model_type"])));
    }
    let number = |key: &str, most: u64| {
        let value = config[key].as_u64().filter(|value| (1..=most).contains(value));
        value.and_then(|value| usize::try_from(value).ok()).ok_or_else(|| odd(format!("its `{key}` is none")))
    };
    Ok(Kind::Embedding {
        dimensions: number("hidden_size", 8192)?,
        context: number("max_position_embeddings", 65_536)?,
    })
}
