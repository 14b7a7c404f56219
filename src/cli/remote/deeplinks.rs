//! Deeplinks of a server: made, listed, revoked.

use std::path::Path;

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;

use super::{ServerUrl, api_key, client::Client};
use crate::cli::error::CliError;

/// The deeplinks of a server.
#[derive(Debug)]
pub(in crate::cli) struct Links(Client);

/// A link that was made.
#[derive(Debug, Deserialize)]
pub(in crate::cli) struct Made {
    pub(in crate::cli) url: String,
    pub(in crate::cli) short_url: String,
    pub(in crate::cli) title: String,
    pub(in crate::cli) expires_at: Timestamp,
    pub(in crate::cli) max_uses: Option<u64>,
}

/// A link in the list.
#[derive(Debug, Deserialize)]
pub(in crate::cli) struct Listed {
    pub(in crate::cli) id: String,
    pub(in crate::cli) title: String,
    pub(in crate::cli) kind: String,
    pub(in crate::cli) state: String,
    pub(in crate::cli) expires_at: Timestamp,
    pub(in crate::cli) uses: u64,
    pub(in crate::cli) max_uses: Option<u64>,
}

#[derive(Deserialize)]
struct Page {
    items: Vec<Value>,
    next_cursor: Option<String>,
}

impl Links {
    /// Those of the server at `url`.
    pub(in crate::cli) fn of(url: ServerUrl, ca_file: Option<&Path>) -> Result<Self, CliError> {
        Ok(Self(Client::new(url, ca_file, api_key().as_ref())?))
    }

    /// Makes a link.
    pub(in crate::cli) fn make(&self, new: &Value) -> Result<Value, CliError> {
        super::waiting(self.0.make("api/maid/deeplinks", new))
    }

    /// All links, the newest first.
    pub(in crate::cli) fn list(&self) -> Result<Vec<Value>, CliError> {
        super::waiting(async {
            let mut all = Vec::new();
            let mut path = "api/maid/deeplinks?limit=200".to_owned();
            loop {
                let page: Page = self.0.get(&path).await?;
                all.extend(page.items);
                match page.next_cursor {
                    Some(cursor) => path = format!("api/maid/deeplinks?limit=200&cursor={cursor}"),
                    None => return Ok(all),
                }
            }
        })
    }

    /// Makes a link invalid.
    pub(in crate::cli) fn revoke(&self, id: &str) -> Result<(), CliError> {
        super::waiting(self.0.delete(&format!("api/maid/deeplinks/{id}")))
    }
}
