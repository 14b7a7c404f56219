//! Subcommands that work on the database itself, with a server or without.

pub(super) mod audit;
pub(super) mod backup;
pub(super) mod history;
mod identities;
pub(super) mod key;
pub(super) mod migrate;
pub(super) mod search;
pub(super) mod user;

use std::{ffi::OsString, future::Future, path::PathBuf};

use tokio::runtime;
use uuid::Uuid;

use super::error::CliError;
use crate::{
    analyst,
    auth::DEFAULT_TENANT,
    config::Config,
    db::Db,
    engine::outcome::Outcome,
    recipes::{self, document::Checked},
    reports,
    runs::{analysis::analysed, record::NewRun, store::Store},
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

/// A run that is over: one of the history, or the JSON report that it left.
#[derive(Clone, Debug)]
pub(super) enum Which {
    Stored(Uuid),
    Report(PathBuf),
}

impl From<OsString> for Which {
    fn from(text: OsString) -> Self {
        match text.to_str().and_then(|text| text.parse().ok()) {
            Some(id) => Self::Stored(id),
            None => Self::Report(text.into()),
        }
    }
}

impl Which {
    /// What it left behind. `config` is only asked for where it is in the database.
    pub(super) fn outcome(&self, config: impl Fn() -> Result<Config, CliError>) -> Result<Outcome, CliError> {
        match self {
            Self::Stored(id) => outcome(&config()?, *id),
            Self::Report(path) => Ok(reports::read(path)?),
        }
    }
}

impl Which {
    /// The same with what was found in it.
    pub(super) fn analysed(
        &self,
        config: impl Fn() -> Result<Config, CliError>,
    ) -> Result<Outcome, CliError> {
        let Self::Stored(id) = self else { return self.outcome(config) };
        with_database(&config()?, async |db| {
            let store = Store::new(db);
            let run = store.get(DEFAULT_TENANT, *id).await?.ok_or(CliError::NoSuchRun(*id))?;
            let outcome = store.outcome(DEFAULT_TENANT, *id).await?.ok_or(CliError::NoSuchRun(*id))?;
            let known = outcome.analysis.as_ref().is_some_and(|found| found.version >= analyst::VERSION);
            let recipe_id = run.row.recipe_id.as_deref();
            Ok(if known { outcome } else { analysed(&store, DEFAULT_TENANT, recipe_id, outcome).await })
        })
    }
}

/// What the run `id` left behind.
fn outcome(config: &Config, id: Uuid) -> Result<Outcome, CliError> {
    with_database(config, async |db| {
        let found = Store::new(db).outcome(DEFAULT_TENANT, id).await?;
        found.ok_or(CliError::NoSuchRun(id))
    })
}

/// The recipe `id` of the library in the database.
pub(super) fn recipe(config: &Config, id: Uuid) -> Result<Checked, CliError> {
    let recipe = with_database(config, async |db| {
        recipes::stored(db, DEFAULT_TENANT, id).await?.ok_or(CliError::NoSuchRecipe(id))
    })?;
    // It was right when it was stored; a later version of MAID may see it otherwise.
    recipe.check("recipe").map_err(CliError::Recipe)
}

/// A run with what it shows by itself.
pub(super) fn alone(outcome: Outcome) -> Outcome {
    let analysis = analyst::analyse(&outcome, &[]);
    Outcome { analysis: Some(analysis), ..outcome }
}

/// Puts a run of the command line into the history; one of a recipe belongs to its results. Answers it with what
/// it shows beside earlier runs of the same test.
pub(super) fn keep(
    config: &Config,
    outcome: &Outcome,
    recipe_id: Option<String>,
) -> Result<Outcome, CliError> {
    let Ok(id) = outcome.summary.run_id.parse::<Uuid>() else { return Ok(alone(outcome.clone())) };
    let principal = crate::auth::Principal::local();
    let run = NewRun {
        id,
        tenant_id: principal.tenant_id,
        owner: principal.id,
        api_key_id: None,
        recipe_id,
        name: outcome.name.clone(),
        notes: outcome.notes.clone(),
        instance_id: Uuid::nil(),
        queued_document: None,
        own_secrets: false,
        allowance: Default::default(),
        config: outcome.config.clone(),
        at: outcome.started_at.parse().unwrap_or_else(|_| jiff::Timestamp::now()),
    };
    with_database(config, async |db| {
        let store = Store::new(db);
        let recipe_id = run.recipe_id.as_deref();
        let outcome = analysed(&store, &run.tenant_id, recipe_id, outcome.clone()).await;
        store.import(&run, &outcome).await?;
        Ok(outcome)
    })
}
