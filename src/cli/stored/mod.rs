//! Subcommands that work on the database itself, with a server or without.

pub(super) mod backup;
pub(super) mod history;
pub(super) mod migrate;

use std::future::Future;

use tokio::runtime;
use uuid::Uuid;

use super::error::CliError;
use crate::{
    auth::DEFAULT_TENANT,
    config::Config,
    db::Db,
    engine::outcome::Outcome,
    runs::{record::NewRun, store::Store},
};

/// Does `work` with the database open and up to date.
pub(super) fn with_database<T, W>(config: &Config, work: impl FnOnce(Db) -> W) -> Result<T, CliError>
where
    W: Future<Output = Result<T, CliError>>,
{
    on_a_runtime(async {
        let db = Db::connect(&config.database, &config.server.data_dir).await?;
        db.migrate().await?;
        let done = work(db.clone()).await;
        db.close().await?;
        done
    })
}

/// Does `work` on a runtime of its own.
fn on_a_runtime<T>(work: impl Future<Output = Result<T, CliError>>) -> Result<T, CliError> {
    runtime::Builder::new_current_thread().enable_all().build()?.block_on(work)
}

/// What the run `id` left behind.
pub(super) fn outcome(config: &Config, id: Uuid) -> Result<Outcome, CliError> {
    with_database(config, async |db| {
        let found = Store::new(db).outcome(DEFAULT_TENANT, id).await?;
        found.ok_or(CliError::NoSuchRun(id))
    })
}

/// Puts a run of the command line into the history.
pub(super) fn keep(config: &Config, outcome: &Outcome) -> Result<(), CliError> {
    let Ok(id) = outcome.summary.run_id.parse::<Uuid>() else { return Ok(()) };
    let principal = crate::auth::Principal::local();
    let run = NewRun {
        id,
        tenant_id: principal.tenant_id,
        owner: principal.id,
        api_key_id: None,
        recipe_id: None,
        name: outcome.name.clone(),
        notes: outcome.notes.clone(),
        instance_id: Uuid::nil(),
        queued_document: None,
        config: outcome.config.clone(),
        at: outcome.started_at.parse().unwrap_or_else(|_| jiff::Timestamp::now()),
    };
    with_database(config, async |db| {
        Store::new(db).import(&run, outcome).await?;
        Ok(())
    })
}
