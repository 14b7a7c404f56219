//! The life of runs: started, stopped, queued, looked up, compared, deleted.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use serde_json::{json, value::RawValue};
use tokio::{task, time};
use uuid::Uuid;

use super::{
    active::{self, Began, Context, Stop},
    analysis::analysed,
    dry_run::{Asked, Waiting, walk},
    error::RunError,
    history::{Filters, HistoryQuery, Usage},
    launch::{Unfit, Wishes},
    log::LogLine,
    record::{Deletion, Marking, RunRow, RunStatus, StoredRun},
    start::{Obstacle, obstacles, recorded, start},
};
use crate::{
    analyst,
    audit::{self, Action, Event},
    auth::Principal,
    bus::{LogLevel, StatusEvent},
    config::Config,
    db::StoreError,
    deeplinks,
    engine::{
        dry_run::DryRun,
        outcome::{Analysis, Outcome},
    },
    loadtest::{problem::Problems, secret::Secret, valid::ValidLoadTest},
    recipes,
    reports::{
        self, Format,
        compare::{Comparison, compare},
    },
};

/// How long requests under way may take beside `load.stop_grace` when the server ends.
const SPARE: Duration = Duration::from_secs(1);
/// How long the results of a killed run may take to be stored.
const LAST_WAIT: Duration = Duration::from_secs(10);

/// All runs; a clone is the same runs.
#[derive(Clone, Debug)]
pub struct Runs {
    context: Context,
}

/// What is asked of a run.
#[derive(Debug)]
pub struct Wanted {
    /// Id that the run gets.
    pub id: Uuid,
    /// The test.
    pub test: Test,
    /// Whether it may wait for its turn.
    pub queue: bool,
    /// What is written down about it.
    pub notes: Option<String>,
    /// Values that the test may read with `${env:NAME}`; kept nowhere.
    pub env: BTreeMap<String, Secret>,
    /// The trace that the run belongs to.
    pub trace: Option<[u8; 16]>,
}

/// What a run is made of.
#[derive(Debug)]
pub enum Test {
    /// A LoadTest, as text (YAML or JSON).
    Document(String),
    /// A recipe of the library.
    Recipe(recipes::Wanted),
    /// That of an earlier run.
    Again(Uuid),
    /// What a deeplink leads to.
    Deeplink(deeplinks::Wanted),
}

/// One of two runs that are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// This run.
    Run(Uuid),
    /// The baseline of the other run's test.
    Baseline,
}

impl Runs {
    /// The runs of this server.
    #[must_use]
    pub const fn new(context: Context) -> Self {
        Self { context }
    }

    /// What everything around the active run works with.
    #[must_use]
    pub const fn context(&self) -> &Context {
        &self.context
    }

    /// Starts a run, or queues it. Whatever can be refused before the first packet is refused here.
    ///
    /// # Errors
    /// The document, the policy, a limit; a run is active; the database does not answer.
    pub async fn start(&self, principal: &Principal, wanted: Wanted) -> Result<Began, RunError> {
        let (context, principal) = (self.context.clone(), principal.clone());
        // In a task of its own: a client that leaves must not leave half a start behind.
        let started = self.context.runtime.spawn(start(context, principal, wanted));
        started.await.map_err(RunError::defect)?
    }

    /// Walks once through a test, to see whether it is right. It ends early where nobody waits for it any more.
    ///
    /// # Errors
    /// The document, the policy, a limit; too many dry runs at once; the database does not answer.
    pub async fn dry_run(&self, principal: &Principal, asked: Asked) -> Result<DryRun, RunError> {
        let waiting = Waiting::default();
        let (context, principal) = (self.context.clone(), principal.clone());
        // In a task of its own: what is written down about it is written to its end.
        let walked = self.context.runtime.spawn(walk(context, principal, asked, waiting.0.clone()));
        walked.await.map_err(RunError::defect)?
    }

    /// What the answer to a start was, where the run `id` of `tenant` was made by one.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn started_as(&self, tenant: &str, id: Uuid) -> Result<Option<RunStatus>, RunError> {
        let run = self.context.store.get(tenant, id).await?;
        // What became of it since does not matter: it had been taken on.
        Ok(run.map(|run| match run.row.status {
            RunStatus::Queued => RunStatus::Queued,
            _ => RunStatus::Running,
        }))
    }

    /// The configuration as it is now.
    #[must_use]
    pub fn config(&self) -> Arc<Config> {
        self.context.config()
    }

    /// Everything that is wrong with a document, or what runs and what would keep `principal` from starting it.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub async fn validate(
        &self,
        principal: &Principal,
        document: &str,
        env: BTreeMap<String, Secret>,
    ) -> Result<(ValidLoadTest, Vec<Obstacle>), RunError> {
        let config = self.context.config();
        let test = active::check(document.to_owned(), env, Arc::clone(&config)).await?;
        let (principal, own) = (principal.clone(), self.context.own());
        let found = task::spawn_blocking(move || {
            let wishes = Wishes { own, ..Wishes::default() };
            let obstacles = obstacles(&principal, &test, &config.load, wishes)?;
            Ok((test, obstacles))
        });
        found.await.map_err(RunError::defect)?
    }

    /// Ends the active run, or takes a queued one out of the queue. Answers which one.
    ///
    /// # Errors
    /// No such run is active or queued.
    pub async fn stop(
        &self,
        principal: &Principal,
        run_id: Option<Uuid>,
        at_once: bool,
    ) -> Result<Uuid, RunError> {
        let stopped = self.stop_one(principal, run_id, at_once).await?;
        // Noted, not recorded: it is stopped whatever becomes of the database.
        let event = Event::of(principal, Action::TestStop).on(stopped);
        self.context.audit.note(event.with(json!({"at_once": at_once})));
        Ok(stopped)
    }

    async fn stop_one(
        &self,
        principal: &Principal,
        run_id: Option<Uuid>,
        at_once: bool,
    ) -> Result<Uuid, RunError> {
        let how =
            if at_once { Stop::AtOnce } else { Stop::Gracefully(format!("stopped by {}", principal.name)) };
        if let Some(stopped) = self.context.slot.stop(run_id, &principal.tenant_id, &how) {
            return Ok(stopped);
        }
        let Some(run_id) = run_id else { return Err(RunError::NoneActive) };
        if self.context.store.cancel_queued(&principal.tenant_id, run_id, active::now()).await? {
            active::recount(&self.context).await;
            return Ok(run_id);
        }
        // Its turn may have come between the two looks.
        if let Some(stopped) = self.context.slot.stop(Some(run_id), &principal.tenant_id, &how) {
            return Ok(stopped);
        }
        match self.context.store.get(&principal.tenant_id, run_id).await? {
            Some(_) => Err(RunError::NotActive(run_id)),
            None => Err(RunError::NotFound(run_id)),
        }
    }

    /// The killswitch: ends the active run at once and empties the queue. Answers what it ended.
    ///
    /// # Errors
    /// The database does not answer; the active run is ended all the same.
    pub async fn kill(&self, principal: &Principal) -> Result<(Option<Uuid>, Vec<Uuid>), RunError> {
        // What waits must not begin in between.
        let slot = &self.context.slot;
        let drained = slot.drain(true);
        let active = slot.stop(None, &principal.tenant_id, &Stop::AtOnce);
        self.context.dry_runs.end(Some(&principal.tenant_id));
        let cancelled = self.cancel_all(principal).await;
        slot.drain(drained);
        self.note_kill(principal, active, cancelled.as_deref().ok());
        match cancelled {
            Ok(cancelled) => {
                active::recount(&self.context).await;
                Ok((active, cancelled))
            }
            // Nothing waited as far as is known: the switch has done what it is for.
            Err(_) if active.is_some() && slot.status().queued == 0 => Ok((active, Vec::new())),
            Err(cause) => Err(RunError::QueueLeft { ended: active, cause }),
        }
    }

    fn note_kill(&self, principal: &Principal, active: Option<Uuid>, cancelled: Option<&[Uuid]>) {
        let event =
            Event::of(principal, Action::TestStop).with(json!({"kill": true, "cancelled": cancelled}));
        let event = Event { target: active.map(|id| id.to_string()), ..event };
        let outcome = if cancelled.is_some() { audit::Outcome::Done } else { audit::Outcome::Failed };
        self.context.audit.note(event.ended(outcome));
    }

    async fn cancel_all(&self, principal: &Principal) -> Result<Vec<Uuid>, StoreError> {
        let (store, tenant) = (&self.context.store, &principal.tenant_id);
        let mut cancelled = Vec::new();
        for id in store.queued_ids(tenant, self.context.instance).await? {
            if store.cancel_queued(tenant, id, active::now()).await? {
                cancelled.push(id);
            }
        }
        Ok(cancelled)
    }

    /// The state of the active run, else of the last one.
    #[must_use]
    pub fn status(&self, principal: &Principal) -> StatusEvent {
        self.context.slot.status().for_tenant(&principal.tenant_id)
    }

    /// A page of the history; one row more than asked for where there are more.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn history(
        &self,
        principal: &Principal,
        query: &HistoryQuery,
    ) -> Result<Vec<RunRow>, RunError> {
        Ok(self.context.store.list(&principal.tenant_id, query).await?)
    }

    /// The last runs of a recipe, the newest first, at most `most`.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn of_recipe(
        &self,
        principal: &Principal,
        recipe_id: &str,
        most: u32,
    ) -> Result<Vec<RunRow>, RunError> {
        let filters = Filters { recipe_id: Some(recipe_id.to_owned()), ..Filters::default() };
        self.history(principal, &HistoryQuery { limit: most, filters, ..HistoryQuery::default() }).await
    }

    /// How often a recipe was run.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn usage(&self, principal: &Principal, recipe_id: &str) -> Result<Usage, RunError> {
        Ok(self.context.store.usage(&principal.tenant_id, recipe_id).await?)
    }

    /// One run.
    ///
    /// # Errors
    /// There is none, or the database does not answer.
    pub async fn get(&self, principal: &Principal, id: Uuid) -> Result<StoredRun, RunError> {
        self.context.store.get(&principal.tenant_id, id).await?.ok_or(RunError::NotFound(id))
    }

    /// What was found in a run that is over: as it was stored, else found now.
    ///
    /// # Errors
    /// There is no such run, it goes on, or it left nothing behind.
    pub async fn analysis(&self, principal: &Principal, run: &StoredRun) -> Result<Analysis, RunError> {
        if let Some(found) = run.analysis.clone().filter(|found| found.version >= analyst::VERSION) {
            return Ok(found);
        }
        let outcome = self.outcome(principal, run.row.id).await?;
        let (tenant, recipe) = (&principal.tenant_id, run.row.recipe_id.as_deref());
        let outcome = analysed(&self.context.store, tenant, recipe, outcome).await;
        Ok(analyst::of(&outcome).into_owned())
    }

    /// Deletes a run that is over.
    ///
    /// # Errors
    /// There is none, it is somebody else's, or it is not over.
    pub async fn delete(&self, principal: &Principal, id: Uuid) -> Result<(), RunError> {
        let run = self.get(principal, id).await?;
        let event = Event::of(principal, Action::TestDelete).on(id).with(json!({"name": run.row.name}));
        if !principal.owns(&run.row.owner) {
            self.context.audit.note(event.ended(audit::Outcome::Denied));
            return Err(RunError::NotOwn(id));
        }
        if !run.row.status.is_over() {
            return Err(RunError::Unfinished(id));
        }
        recorded(&self.context, event, self.delete_one(principal, id)).await
    }

    async fn delete_one(&self, principal: &Principal, id: Uuid) -> Result<(), RunError> {
        match self.context.store.delete(&principal.tenant_id, id).await? {
            Deletion::Deleted => Ok(()),
            Deletion::NotFound => Err(RunError::NotFound(id)),
            Deletion::Active => Err(RunError::Unfinished(id)),
        }
    }

    /// Lines of a run's log.
    ///
    /// # Errors
    /// There is no such run, or the database does not answer.
    pub async fn logs(
        &self,
        principal: &Principal,
        id: Uuid,
        level: LogLevel,
        (after, limit): (Option<u64>, usize),
    ) -> Result<Vec<LogLine>, RunError> {
        self.get(principal, id).await?;
        Ok(self.context.store.logs(&principal.tenant_id, id, level, after, limit).await?)
    }

    /// A report of a run that is over.
    ///
    /// # Errors
    /// There is no such run, it goes on, or it left nothing behind.
    pub async fn report(&self, principal: &Principal, id: Uuid, format: Format) -> Result<Vec<u8>, RunError> {
        let outcome = self.outcome(principal, id).await?;
        let rendered = task::spawn_blocking(move || reports::render(&outcome, format));
        Ok(rendered.await.map_err(RunError::defect)??)
    }

    /// Two runs side by side.
    ///
    /// # Errors
    /// One of them is not there, or cannot be compared.
    pub async fn compare(
        &self,
        principal: &Principal,
        a: Side,
        b: Uuid,
        max_regression: Option<f64>,
    ) -> Result<Comparison, RunError> {
        let after = self.outcome(principal, b).await?;
        let a = match a {
            Side::Run(id) => id,
            Side::Baseline => {
                let found = self.context.store.baseline(&principal.tenant_id, &after.name).await?;
                found.ok_or(RunError::NoBaseline)?
            }
        };
        let before = self.outcome(principal, a).await?;
        let compared = task::spawn_blocking(move || compare(&before, &after, max_regression));
        Ok(compared.await.map_err(RunError::defect)??)
    }

    /// Marks a run as the one that later runs of its test are compared with, or no longer.
    ///
    /// # Errors
    /// There is no such run, or it has no results to compare with.
    pub async fn set_baseline(
        &self,
        principal: &Principal,
        id: Uuid,
        baseline: bool,
    ) -> Result<(), RunError> {
        if baseline {
            self.outcome(principal, id).await?;
        }
        match self.context.store.set_baseline(&principal.tenant_id, id, baseline).await? {
            Marking::Marked => Ok(()),
            Marking::NotFound => Err(RunError::NotFound(id)),
            Marking::Active => Err(RunError::Unfinished(id)),
        }
    }

    async fn outcome(&self, principal: &Principal, id: Uuid) -> Result<Outcome, RunError> {
        let run = self.get(principal, id).await?;
        if !run.row.status.is_over() {
            return Err(RunError::Unfinished(id));
        }
        self.context.store.outcome(&principal.tenant_id, id).await?.ok_or(RunError::NoResults(id))
    }

    /// Accepts nothing new; what runs goes on.
    pub fn drain(&self) {
        self.context.slot.drain(true);
        self.context.tell_status();
    }

    /// Accepts new runs again.
    pub fn accept(&self) {
        self.context.slot.drain(false);
        self.context.tell_status();
    }

    /// Ends the active run in good order and accepts new runs.
    pub async fn restart(&self, principal: &Principal) {
        let reason = format!("the engine was restarted by {}", principal.name);
        let runs = self.clone();
        // In a task of its own: a client that leaves must not leave MAID draining.
        let restarted = self.context.runtime.spawn(async move {
            // What waits must not begin in between.
            runs.drain();
            runs.context.slot.stop_any(&Stop::Gracefully(reason));
            runs.context.slot.free().await;
            runs.accept();
        });
        restarted.await.ok();
    }

    /// Ends the active run within `grace` and waits until it is stored. What ends by itself in
    /// time is left to. What waits for its turn goes on waiting.
    pub async fn shut_down(&self, grace: Duration) {
        let slot = &self.context.slot;
        slot.close();
        self.context.dry_runs.end(None);
        let ending = self.context.config().load.stop_grace.get() + SPARE;
        if remaining(&slot.status()).is_none_or(|left| left + SPARE > grace.saturating_sub(ending)) {
            slot.stop_any(&Stop::Gracefully("the server shut down".to_owned()));
        }
        if time::timeout(grace, slot.free()).await.is_err() {
            slot.stop_any(&Stop::AtOnce);
            time::timeout(LAST_WAIT, slot.free()).await.ok();
        }
    }
}

/// How long the active run will still take, where that is known.
fn remaining(status: &StatusEvent) -> Option<Duration> {
    let done = status.progress.filter(|done| *done > 0.0)?;
    Duration::try_from_secs_f64(status.elapsed_s * (1.0 - done) / done).ok()
}

/// The document of a request: an object as it was sent, so that nothing is lost that is wrong with
/// it, or its text.
#[must_use]
pub fn document_of(value: &RawValue) -> String {
    serde_json::from_str(value.get()).unwrap_or_else(|_| value.get().to_owned())
}

/// Everything that is wrong with a document, where that is what stands in the way.
#[must_use]
pub fn problems(error: &RunError) -> Option<&Problems> {
    match error {
        RunError::Unfit(Unfit::Document(problems)) => Some(problems),
        _ => None,
    }
}
