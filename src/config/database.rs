//! The section `database`: where everything is stored.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Hidden;
use crate::loadtest::span::Span;

/// Where everything is stored.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Database {
    /// `sqlite://FILE` or `postgres://USER:PASSWORD@HOST/NAME`; empty is `maid.db` in `server.data_dir`.
    pub url: Hidden,
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
            url: Hidden::default(),
            max_connections: 10,
            acquire_timeout: Span::from_secs(5),
            busy_timeout: Span::from_secs(5),
        }
    }
}
