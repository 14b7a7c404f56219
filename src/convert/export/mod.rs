//! From a LoadTest to what other tools run: k6, Locust, Goose, curl, Postman; and to YAML and JSON.
//!
//! A `Program` is the test worked out, once for all languages; a folder for each language
//! writes it down. Texts go through `literal` and nowhere else, because a name that ends its own quotes
//! would be code in somebody's shell. What a language cannot say is listed, item by item.

mod curl;
mod document;
mod dto;
mod error;
mod goose;
mod k6;
mod literal;
mod locust;
mod names;
mod postman;
mod program;
mod routes;
mod sentence;
mod service;

use std::{fmt, str::FromStr};

use super::LeftOut;

pub(super) use self::postman::{EXPORTER, ON_START, ON_STOP, is_of_every_script};
pub(super) use self::program::original;
pub(super) use self::sentence::id;
pub use self::{
    error::ExportError,
    routes::routes,
    service::{Given, export},
};

/// What a LoadTest can be exported to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// A script for k6.
    K6,
    /// A file for Locust.
    Locust,
    /// A program with Goose.
    Goose,
    /// A bash script that calls curl.
    Curl,
    /// A collection for Postman, version 2.1.
    Postman,
    /// The LoadTest as YAML.
    Yaml,
    /// The LoadTest as JSON.
    Json,
}

impl Form {
    /// All of them.
    pub const ALL: [Self; 7] =
        [Self::K6, Self::Locust, Self::Goose, Self::Curl, Self::Postman, Self::Yaml, Self::Json];

    /// Its name, as it is asked for.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::K6 => "k6",
            Self::Locust => "locust",
            Self::Goose => "goose",
            Self::Curl => "curl",
            Self::Postman => "postman",
            Self::Yaml => "yaml",
            Self::Json => "json",
        }
    }
}

impl fmt::Display for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Form {
    type Err = ExportError;

    fn from_str(name: &str) -> Result<Self, ExportError> {
        let found = Self::ALL.into_iter().find(|form| form.name() == name);
        found.ok_or_else(|| ExportError::UnknownForm(name.to_owned()))
    }
}

/// What an export gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exported {
    /// Files, the one to run first; the others belong beside it.
    pub files: Vec<File>,
    /// What could not be carried over.
    pub left_out: Vec<LeftOut>,
}

/// A file that an export gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Name, without a folder.
    pub name: String,
    /// Media type.
    pub media_type: &'static str,
    /// Contents.
    pub text: String,
}

impl File {
    fn new(name: String, media_type: &'static str, text: String) -> Self {
        Self { name, media_type, text }
    }
}
