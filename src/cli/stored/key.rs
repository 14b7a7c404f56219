//! `maid key`: API keys, in the database itself.

use clap::{Args, Subcommand};
use jiff::Timestamp;
use uuid::Uuid;

use super::identities::{Form, Listing, print_json, with_identities};
use crate::{
    auth::{
        Scope,
        allowance::Allowance,
        keys::{KeyRow, KeyView, NewKey},
    },
    cli::{error::CliError, exit::Exit, screen::Screen},
    config::Config,
    http::Limit,
    reports::table::{Cell, Ink, Table},
};

/// Show, make and revoke API keys.
#[derive(Args, Debug)]
pub(in crate::cli) struct Key {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand, Debug)]
enum Command {
    /// Show the API keys of a tenant, the newest first; never the keys themselves.
    List(Listing),
    Create(Box<Create>),
    Revoke(Revoke),
}

/// Make an API key for a user. The key is printed to stdout, once.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  maid key create nightly --user alice --scope maid.read --scope maid.write --max-users 100
  KEY=$(maid key create ci --user alice --scope maid.write -q)")]
struct Create {
    /// What people call it
    name: String,
    /// The user whose it is
    #[arg(long, value_name = "NAME")]
    user: String,
    /// What it may do; repeat it for more
    #[arg(long = "scope", value_name = "SCOPE", required = true, value_parser = scope)]
    scopes: Vec<Scope>,
    /// When it ends, such as 2027-01-31T00:00:00Z
    #[arg(long, value_name = "TIME")]
    expires: Option<Timestamp>,
    /// The plugin that uses it
    #[arg(long, value_name = "NAME")]
    plugin: Option<String>,
    /// Most users of a run
    #[arg(long, value_name = "N")]
    max_users: Option<u32>,
    /// Most requests per second of a run
    #[arg(long, value_name = "N")]
    max_rps: Option<f64>,
    /// Most runs that may run or wait at once
    #[arg(long, value_name = "N")]
    concurrent_tests: Option<u32>,
    /// Most recipes that it may have made at once
    #[arg(long, value_name = "N")]
    recipe_limit: Option<u32>,
    /// A target that it may send load to; repeat it for more [default: all that are allowed]
    #[arg(long = "target", value_name = "HOST")]
    targets: Vec<String>,
    /// Tenant of the user [default: default]
    #[arg(long, value_name = "TENANT")]
    tenant: Option<String>,
}

/// Revoke an API key: it is refused from now on.
#[derive(Args, Debug)]
struct Revoke {
    /// Id of the key, as `maid key list` shows it
    id: Uuid,
    /// Tenant of the key [default: default]
    #[arg(long, value_name = "TENANT")]
    tenant: Option<String>,
}

impl Key {
    pub(in crate::cli) fn execute(self, config: &Config, screen: &Screen) -> Result<Exit, CliError> {
        match self.command {
            Command::List(asked) => list(asked, config, screen),
            Command::Create(create) => create.execute(config, screen),
            Command::Revoke(revoke) => revoke.execute(config, screen),
        }
    }
}

fn list(asked: Listing, config: &Config, screen: &Screen) -> Result<Exit, CliError> {
    let keys = with_identities(config, asked.tenant, async |auth, principal| {
        let mut keys: Vec<KeyRow> = Vec::new();
        loop {
            let after = keys.last().map(|key| key.id);
            let page = auth.keys.list(principal, None, after, Limit::largest()).await?;
            if page.is_empty() {
                return Ok(keys);
            }
            keys.extend(page);
        }
    })?;
    match asked.form {
        Form::Json => print_json(screen, &keys.into_iter().map(KeyView::from).collect::<Vec<_>>())?,
        Form::Text => screen.result(&table(&keys).lines(0, screen.width(), screen.colour).join("\n"))?,
    }
    Ok(Exit::Passed)
}

impl Create {
    fn execute(self, config: &Config, screen: &Screen) -> Result<Exit, CliError> {
        let new = NewKey {
            name: self.name,
            scopes: self.scopes.into_iter().collect(),
            expires_at: self.expires,
            plugin_name: self.plugin,
            metadata: Allowance {
                recipe_limit: self.recipe_limit,
                concurrent_tests: self.concurrent_tests,
                max_users: self.max_users,
                max_rps: self.max_rps,
                targets: Some(self.targets).filter(|targets| !targets.is_empty()),
            },
        };
        let made = with_identities(config, self.tenant, async |auth, principal| {
            let owner = auth.users.named(&principal.tenant_id, &self.user.parse()?).await?;
            auth.keys.create(principal, owner.id, Uuid::now_v7(), new).await
        })?;
        screen.note(&format!("key {}; it is shown once", made.row.id));
        screen.result(made.key.expose())?;
        Ok(Exit::Passed)
    }
}

impl Revoke {
    fn execute(self, config: &Config, screen: &Screen) -> Result<Exit, CliError> {
        let key = with_identities(config, self.tenant, async |auth, principal| {
            auth.keys.revoke(principal, self.id).await
        })?;
        screen.note(&format!("key {} ({}) is revoked", key.id, key.name));
        Ok(Exit::Passed)
    }
}

fn scope(text: &str) -> Result<Scope, String> {
    let known = || Scope::ALL.map(Scope::name).join(", ");
    Scope::from_name(text).ok_or_else(|| format!("known are {}", known()))
}

fn table(keys: &[KeyRow]) -> Table {
    let mut table = Table::new(&["key", "scopes", "last used", "state", "id"]).left(&[1, 2, 3, 4]);
    let now = Timestamp::now();
    for key in keys {
        let scopes: Vec<_> = key.scopes.iter().map(|scope| scope.name()).collect();
        let state = match (key.revoked_at, key.is_good(now)) {
            (Some(_), _) => "revoked",
            (None, true) => "good",
            (None, false) => "ended",
        };
        table.row(vec![
            Cell::new(&key.name, Ink::Plain),
            Cell::new(scopes.join(" "), Ink::Plain),
            Cell::new(key.last_used_at.map_or_else(|| "never".to_owned(), |at| at.to_string()), Ink::Plain),
            Cell::new(state, Ink::Plain),
            Cell::new(key.id.to_string(), Ink::Plain),
        ]);
    }
    table
}
