//! Writes down what happened, tells it, checks it and lets it go.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use tokio::{
    runtime::Handle,
    sync::{Semaphore, mpsc, oneshot, watch},
    time,
};

use super::{
    chain::{Entry, Fault},
    error::AuditError,
    event::{Action, Event, Outcome},
    export::Export,
    key::AuditKey,
    reading::{AuditQuery, Filters},
    store::{Shortened, Store},
    verify::{Verdict, verify},
    writer::{Job, Pending, Writer},
};
use crate::{
    auth::Principal,
    config::Config,
    db::Db,
    http::{Limit, List, Page},
};

/// Events that may wait to be written down, of those that are waited for, and of the others.
const WAITING: usize = 1024;
/// How long an event may take to be written down.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long what was noted may take to be written down when the server ends.
const LAST_NOTES: Duration = Duration::from_secs(5);
/// How often old entries are looked for.
const EVERY: Duration = Duration::from_secs(3600);
/// Entries that are deleted at once, so that nobody waits for it.
const BATCH: u64 = 500;
/// Seconds of a day.
const DAY: i64 = 86_400;

/// The audit log of this process; a clone is the same. It is written to as long as one is there.
#[derive(Clone, Debug)]
pub struct Audit(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    store: Store,
    jobs: mpsc::Sender<Job>,
    notes: mpsc::Sender<Event>,
    dropped: Arc<AtomicU64>,
    /// One check at a time: it reads the whole log.
    checking: Semaphore,
}

impl Audit {
    /// The log in `db`, sealed with `key`; a task on `runtime` writes it.
    #[must_use]
    pub fn start(db: Db, key: AuditKey, runtime: &Handle) -> Self {
        let store = Store::new(db, Arc::new(key));
        let (jobs, wanted) = mpsc::channel(WAITING);
        let (notes, noted) = mpsc::channel(WAITING);
        let dropped = Arc::new(AtomicU64::new(0));
        let writer = Writer {
            store: store.clone(),
            jobs: wanted,
            notes: noted,
            dropped: Arc::clone(&dropped),
            pending: Pending::default(),
        };
        runtime.spawn(writer.work());
        Self(Arc::new(Shared { store, jobs, notes, dropped, checking: Semaphore::new(1) }))
    }

    /// Writes `event` down, and answers when that is on the disk: for what must not happen unrecorded,
    /// before it happens.
    ///
    /// # Errors
    /// When it is not written down for now, or not in time. In the second case it may be later.
    pub async fn record(&self, event: Event) -> Result<(), AuditError> {
        let (recorded, answer) = oneshot::channel();
        let work = async {
            let job = Job::Record(Box::new(event), recorded);
            self.0.jobs.send(job).await.map_err(|_| AuditError::Ending)?;
            Ok(answer.await.map_err(|_| AuditError::Ending)??)
        };
        time::timeout(PATIENCE, work).await.unwrap_or(Err(AuditError::Late))
    }

    /// Does `work`, which must not happen unrecorded, once `event` is written down; where it fails, it is
    /// noted how that came out.
    ///
    /// # Errors
    /// Those of `work`, and when it cannot be written down; then nothing was done.
    pub async fn around<T, E: From<AuditError>>(
        &self,
        event: Event,
        work: impl Future<Output = Result<T, E>>,
        outcome: impl FnOnce(&E) -> Outcome,
    ) -> Result<T, E> {
        self.record(event.clone()).await?;
        let done = work.await;
        if let Err(error) = &done {
            self.note(Event { at: Timestamp::now(), ..event.ended(outcome(error)) });
        }
        done
    }

    /// Has `event` written down soon, and never waits: for what is done whatever becomes of the
    /// database, and for what others can cause at will. Where there is no room for more, it is counted,
    /// and the log says later how many are not in it. While the database is away, at most as many wait
    /// as there is room for; a note whose answer was lost may be written twice.
    pub fn note(&self, event: Event) {
        if self.0.notes.try_send(event).is_err() {
            self.0.dropped.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Waits until all that was noted before is written down, but not for long.
    pub async fn flush(&self) {
        let (flushed, done) = oneshot::channel();
        let work = async {
            if self.0.jobs.send(Job::Flush(flushed)).await.is_ok() {
                done.await.ok();
            }
        };
        if time::timeout(LAST_NOTES, work).await.is_err() {
            tracing::error!("the audit log could not be written to: the last entries may not be in it");
        }
    }

    /// A page of what is written down of the principal's tenant, the newest first.
    ///
    /// # Errors
    /// When the database cannot be used.
    pub async fn list(
        &self,
        principal: &Principal,
        filters: &Filters,
        limit: Limit,
        before: Option<u64>,
    ) -> Result<Page<Entry>, AuditError> {
        // One more than asked for shows whether there are more.
        let query = AuditQuery { limit: limit.get() + 1, before, filters: filters.clone() };
        let found = self.entries(&principal.tenant_id, &query).await?;
        Ok(Page::of(found, limit, &Self::listed(principal, filters), |last| last.seq))
    }

    /// Entries of `tenant`, the newest first.
    ///
    /// # Errors
    /// When the database cannot be used.
    pub async fn entries(&self, tenant: &str, query: &AuditQuery) -> Result<Vec<Entry>, AuditError> {
        let found = self.0.store.list(tenant, query).await?;
        Ok(found.into_iter().map(|stored| stored.entry).collect())
    }

    /// What cursors of [`Audit::list`] belong to.
    #[must_use]
    pub fn listed(principal: &Principal, filters: &Filters) -> List {
        List::new("audit", &"-seq", &(&principal.tenant_id, filters))
    }

    /// Checks all of the log, and counts what is of `tenant`, or all of it. One check at a time.
    ///
    /// # Errors
    /// When it is being checked already, or the database cannot be used.
    pub async fn verify(&self, tenant: Option<&str>) -> Result<Verdict, AuditError> {
        let _turn = self.0.checking.try_acquire().map_err(|_| AuditError::Checking)?;
        verify(&self.0.store, tenant).await
    }

    /// The entries of the principal's tenant with their seals, the oldest first; that it was given away
    /// is recorded before.
    ///
    /// # Errors
    /// When that cannot be recorded.
    pub async fn export(&self, principal: &Principal) -> Result<Export, AuditError> {
        self.record(Event::of(principal, Action::Export)).await?;
        Ok(Export::new(self.0.store.clone(), Some(principal.tenant_id.clone())))
    }

    /// Deletes the entries that are from before `before`, page by page, and answers how many. Entries
    /// that do not hold stay, and so does all after them: they are what shows it.
    ///
    /// # Errors
    /// When the database cannot be used, or the deletion cannot be recorded.
    pub async fn shorten(&self, before: Timestamp) -> Result<Result<u64, Fault>, AuditError> {
        if !self.0.store.reaches_before(before).await? {
            return Ok(Ok(0));
        }
        self.record(Event::of_maid(Action::Shorten).with(json!({"before": before}))).await?;
        let mut gone = 0;
        loop {
            match self.0.store.shorten(before, BATCH).await? {
                Shortened::Deleted(0) => return Ok(Ok(gone)),
                Shortened::Deleted(more) => gone += more,
                Shortened::Unsound(fault) => return Ok(Err(fault)),
            }
        }
    }

    /// Lets go of old entries as the configuration says, for ever.
    pub async fn retain(self, config: watch::Receiver<Arc<Config>>) {
        loop {
            let days = config.borrow().audit.max_age_days;
            let age = SignedDuration::from_secs(i64::from(days) * DAY);
            if let (1.., Ok(before)) = (days, Timestamp::now().checked_sub(age)) {
                match self.shorten(before).await {
                    Ok(Ok(0)) => {}
                    Ok(Ok(gone)) => tracing::info!(gone, "{gone} old entries of the audit log are deleted"),
                    Ok(Err(fault)) => tracing::error!("old entries of the audit log are kept: {fault}"),
                    Err(error) => tracing::warn!(%error, "old entries cannot be deleted for now: {error}"),
                }
            }
            time::sleep(EVERY).await;
        }
    }
}
