//! From text to a [`Document`]: YAML and JSON, with the place of every value.

mod json;
mod read;
mod scalar;
mod yaml;

use std::{collections::BTreeSet, fmt};

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{
    mask::masked,
    place::{Path, SourceMap},
    problem::{Problem, Problems},
    template::env_names,
    types::LoadTest,
    valid::{Context, ValidLoadTest},
    validate,
};

pub use read::{read, read_from};
pub(crate) use scalar::plain as plain_scalar;

/// Largest document, in bytes.
pub const MAX_DOCUMENT: usize = 10 * 1000 * 1000;
/// Deepest nesting of a document.
pub const MAX_DEPTH: usize = 64;
/// Longest key, in bytes.
pub const MAX_KEY: usize = 1000;
/// Most values in a document, aliases expanded.
pub const MAX_NODES: usize = 200_000;

/// A document as it was written: well-formed, but not yet known to make sense.
#[derive(Clone)]
pub struct Document {
    pub(super) name: String,
    pub(super) value: Value,
    pub(super) map: SourceMap,
}

/// Parses a document: JSON when `name` ends in `.json` or the text begins with `{`, else YAML.
pub fn parse(text: &str, name: &str) -> Result<Document, Problems> {
    if text.len() > MAX_DOCUMENT {
        return Err(Problems::one(name, too_large()));
    }
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    let is_json = name.to_ascii_lowercase().ends_with(".json") || text.trim_start().starts_with('{');
    let (value, map) = if is_json { json::parse(text, name)? } else { yaml::parse(text, name)? };
    Ok(Document { name: name.to_owned(), value, map })
}

fn key_too_long() -> String {
    format!("a key here is longer than {MAX_KEY} bytes, the most that is taken")
}

fn too_large() -> Problem {
    let message = format!(
        "is more than {} MB large, the most that is read: put data rows into a CSV file under `data`, and large \
         bodies into files",
        MAX_DOCUMENT / 1_000_000
    );
    Problem::new(&Path::root(), None, message)
}

/// Shows the document with its secrets masked.
impl fmt::Debug for Document {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Document").field(&masked(&self.value)).finish()
    }
}

impl Document {
    /// A document of a LoadTest that was made, not read.
    #[must_use]
    pub fn from_loadtest(loadtest: &LoadTest, name: &str) -> Self {
        let value = serde_json::to_value(loadtest).expect("a LoadTest has text keys and finite numbers");
        Self { name: name.to_owned(), value, map: SourceMap::default() }
    }

    /// A document that was made, not read.
    #[must_use]
    pub fn from_value(value: Value, name: &str) -> Self {
        Self { name: name.to_owned(), value, map: SourceMap::default() }
    }

    /// The document under a key of this one; what is wrong with it has its place in the same text.
    #[must_use]
    pub fn part(&self, key: &str) -> Option<Self> {
        let value = self.value.get(key)?.clone();
        let map = self.map.within(&Path::root().key(key));
        Some(Self { name: self.name.clone(), value, map })
    }

    /// The same document with another value at the same places.
    #[must_use]
    pub fn with_value(&self, value: Value) -> Self {
        Self { name: self.name.clone(), value, map: self.map.clone() }
    }

    /// Where everything stands in the text.
    #[must_use]
    pub const fn places(&self) -> &SourceMap {
        &self.map
    }

    /// What is written, as a `T`.
    ///
    /// # Errors
    /// The first thing that keeps it from being one, with its place.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, Problems> {
        serde_path_to_error::deserialize(&self.value).map_err(|error| {
            let path = Path::from(error.path());
            let place = self.map.value(&path);
            Problems::one(&self.name, Problem::new(&path, place, error.into_inner().to_string()))
        })
    }

    /// Name of the document, as its file is called.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The document's value as written.
    #[must_use]
    pub const fn value(&self) -> &Value {
        &self.value
    }

    /// The names that the document reads from the environment.
    #[must_use]
    pub fn env_names(&self) -> BTreeSet<String> {
        let mut names = BTreeSet::new();
        gather_env(&self.value, &mut names);
        names
    }

    /// Checks everything at once; either the document can be run, or all that is wrong with it is
    /// said.
    pub fn validate(self, context: &Context) -> Result<ValidLoadTest, Problems> {
        validate::validate(self, context)
    }
}

fn gather_env(value: &Value, names: &mut BTreeSet<String>) {
    match value {
        Value::String(text) => names.extend(env_names(text).map(str::to_owned)),
        Value::Array(list) => list.iter().for_each(|value| gather_env(value, names)),
        Value::Object(map) => map.iter().for_each(|(key, value)| {
            names.extend(env_names(key).map(str::to_owned));
            gather_env(value, names);
        }),
        _ => {}
    }
}
