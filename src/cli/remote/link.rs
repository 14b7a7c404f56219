//! A deeplink on the command line: what its server says that it leads to.

use std::path::Path;

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use url::Url;

use super::{ServerUrl, api_key, client::Client};
use crate::{
    cli::{error::CliError, linked::LinkedError},
    deeplinks::link::{self, Link, PAGE},
    recipes::document::Recipe,
};

/// A link whose server was asked.
#[derive(Debug)]
pub(in crate::cli) struct Followed {
    client: Client,
    link: String,
    /// What it leads to.
    pub(in crate::cli) opened: Opened,
}

/// What a link leads to.
#[derive(Debug, Deserialize)]
pub(in crate::cli) struct Opened {
    pub(in crate::cli) title: String,
    pub(in crate::cli) expires_at: Timestamp,
    pub(in crate::cli) uses_left: Option<u64>,
    pub(in crate::cli) recipe: Option<Recipe>,
    pub(in crate::cli) parameters: Map<String, Value>,
    pub(in crate::cli) loadtest: Value,
    digest: String,
}

impl Followed {
    /// Asks the server of a link what it leads to. Nothing is started, here or there.
    pub(in crate::cli) fn ask(link: &str, ca_file: Option<&Path>) -> Result<Self, CliError> {
        let address = link::address(link.trim()).ok_or(LinkedError::NoLink(link::LinkError::Foreign))?;
        let parts = Link::parse(link).map_err(LinkedError::from)?;
        let client = Client::new(server(&address), ca_file, api_key().as_ref())?;
        let whole = parts.at(&address);
        let path = format!("api/maid/deeplinks/open?{}", whole.query().unwrap_or_default());
        let opened = super::waiting(client.get(&path))?;
        Ok(Self { client, link: link.trim().to_owned(), opened })
    }

    /// Tells the server that the test is run here, unless it is another one by now, or too many have run.
    pub(in crate::cli) fn redeem(&self) -> Result<(), CliError> {
        let body = json!({"deeplink": self.link, "seen": self.opened.digest});
        super::waiting(self.client.post("api/maid/deeplinks/redeem", &body))
    }
}

/// The server that a link belongs to.
fn server(address: &Url) -> ServerUrl {
    let mut url = address.clone();
    let path = url.path().strip_suffix(PAGE).unwrap_or_default().to_owned();
    url.set_path(&format!("{path}/"));
    ServerUrl::of(url)
}
