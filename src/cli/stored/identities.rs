//! What `maid user` and `maid key` have in common.

use std::{io::Read, sync::Arc};

use clap::{Args, ValueEnum};
use serde::Serialize;
use tokio::{runtime::Handle, sync::watch};

use super::with_database;
use crate::{
    audit::{Audit, AuditKey},
    auth::{
        Auth, AuthError, DEFAULT_TENANT, Principal,
        secret::{Purpose, RootSecret},
    },
    cli::{error::CliError, screen::Screen},
    config::Config,
    loadtest::secret::Secret,
};

/// Longest password that is read from stdin, in bytes.
const LONGEST: u64 = 4096;

/// Form of what is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Form {
    Text,
    Json,
}

/// Which of a tenant's are shown, and how.
#[derive(Args, Debug)]
pub(super) struct Listing {
    /// Tenant that they belong to [default: default]
    #[arg(long, value_name = "TENANT")]
    pub(super) tenant: Option<String>,
    /// What is printed to stdout: a table, or a JSON list and nothing else
    #[arg(long, value_enum, default_value_t = Form::Text, value_name = "FORM")]
    pub(super) form: Form,
}

/// Does `work` with the identities of the database, as the command line within `tenant`.
pub(super) fn with_identities<T>(
    config: &Config,
    tenant: Option<String>,
    work: impl AsyncFnOnce(&Auth, &Principal) -> Result<T, AuthError>,
) -> Result<T, CliError> {
    // Before the database is looked at: without the secret nothing can be made that would be good.
    let secret = RootSecret::open(&config.auth.secret, &config.server.data_dir).map_err(AuthError::from)?;
    with_database(config, async |db| {
        let key = AuditKey::new(secret.key(Purpose::Audit), &config.server.data_dir);
        let audit = Audit::start(db.clone(), key, &Handle::current());
        let (_told, settings) = watch::channel(Arc::new(config.clone()));
        let auth = Auth::open(db, settings, &secret, audit.clone()).await?;
        let tenant_id = tenant.unwrap_or_else(|| DEFAULT_TENANT.to_owned());
        let done = work(&auth, &Principal { tenant_id, ..Principal::local() }).await;
        audit.flush().await;
        Ok(done?)
    })
}

/// Prints `value` as JSON and nothing else.
pub(super) fn print_json(screen: &Screen, value: &impl Serialize) -> Result<(), CliError> {
    Ok(screen.result(&serde_json::to_string(value).map_err(std::io::Error::from)?)?)
}

/// The password on stdin, without the line's end.
pub(super) fn password_of_stdin() -> Result<Secret, CliError> {
    let mut text = String::new();
    std::io::stdin().take(LONGEST).read_to_string(&mut text)?;
    Ok(Secret::new(text.trim_end_matches(['\r', '\n'])))
}
