//! The section `database`: where everything is stored.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize, Serializer};

use crate::loadtest::{secret::Secret, span::Span};

/// Where everything is stored.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Database {
    /// `sqlite://FILE` or `postgres://USER:PASSWORD@HOST/NAME`; empty is `maid.db` in `server.data_dir`.
    pub url: DatabaseUrl,
    /// Most connections at once.
    #[schemars(range(min = 1, max = 1000))]
    pub max_connections: u32,
    /// How long a request waits for a free connection.
    pub acquire_timeout: Span,
    /// How long SQLite waits for another writer.
    pub busy_timeout: Span,
}

impl Default for Database {
    fn default() -> Self {
        Self {
            url: DatabaseUrl::default(),
            max_connections: 10,
            acquire_timeout: Span::from_secs(5),
            busy_timeout: Span::from_secs(5),
        }
    }
}

/// A database URL. It may hold a password, so it is never shown.
#[derive(Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct DatabaseUrl(#[schemars(with = "String", extend("writeOnly" = true))] Secret);

impl DatabaseUrl {
    /// A URL, as the configuration gives it.
    #[must_use]
    pub fn new(url: impl Into<String>) -> Self {
        Self(Secret::new(url))
    }

    /// The URL itself, for the one place that connects; None where none is given.
    #[must_use]
    pub fn expose(&self) -> Option<&str> {
        Some(self.0.expose()).filter(|url| !url.is_empty())
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

/// Shown as `***`, and an empty one as what it is.
impl Serialize for DatabaseUrl {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.expose() {
            Some(_) => self.0.serialize(serializer),
            None => serializer.serialize_str(""),
        }
    }
}
