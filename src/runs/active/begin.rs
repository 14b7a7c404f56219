//! From a document to a run that the engine has taken on.

use std::{collections::BTreeMap, sync::Arc};

use jiff::Timestamp;
use tokio::task;

use super::{Context, follow::follow, slot::Occupancy};
use crate::{
    config::Config,
    engine::{self, EngineError},
    loadtest::{parse, secret::Secret, valid::ValidLoadTest},
    runs::{
        error::RunError,
        launch::{self, HostPlaces, Unfit, Wishes},
        record::NewRun,
    },
};

/// What became of a wish for a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Began {
    /// It runs.
    Running,
    /// It waits for its turn.
    Queued,
}

/// Reads and checks a document away from the async workers: it may be large and name files.
///
/// # Errors
/// Everything that is wrong with it.
pub async fn check(
    document: String,
    env: BTreeMap<String, Secret>,
    config: Arc<Config>,
) -> Result<ValidLoadTest, RunError> {
    let checked = task::spawn_blocking(move || {
        let document = parse::parse(&document, "loadtest").map_err(Unfit::from)?;
        let origin = launch::over_the_api(&config.server.files_dir, env);
        launch::valid(document, origin, &config.load)
    });
    Ok(checked.await.map_err(RunError::defect)??)
}

/// Hands `test` to the engine and follows it. The row is there already.
///
/// # Errors
/// What the engine refuses before the first packet: the policy or a limit refuses the test, a host
/// does not resolve. The place comes back with it, and the row is left to the caller.
pub async fn begin(
    test: ValidLoadTest,
    occupancy: Occupancy,
    row: NewRun,
    wishes: Wishes,
    context: Context,
) -> Result<(), (RunError, Occupancy)> {
    let config = context.config();
    let id = row.id;
    let started = task::spawn_blocking(move || {
        let settings = launch::settings(id, &test, &config.load, wishes)?;
        let hosts = HostPlaces::of(&test);
        engine::start(test, settings).map_err(|error| RunError::refused(error, &hosts))
    });
    match started.await.map_err(RunError::defect).flatten() {
        Ok(run) => {
            occupancy.begun(run.handle());
            let runtime = context.runtime.clone();
            runtime.spawn(follow(run, occupancy, row, context));
            Ok(())
        }
        Err(error) => Err((error, occupancy)),
    }
}

impl RunError {
    /// A task of ours that did not end as it should.
    pub(crate) fn defect(error: task::JoinError) -> Self {
        tracing::error!(%error, "a task of MAID broke: {error}");
        Self::Engine(EngineError::Lost)
    }
}

/// Now, to the millisecond that every database keeps.
#[must_use]
pub fn now() -> Timestamp {
    let now = Timestamp::now();
    Timestamp::from_millisecond(now.as_millisecond()).unwrap_or(now)
}
