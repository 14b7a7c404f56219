//! The one task of a process that appends to the log: many events in one transaction, and whoever waits
//! is told when they are on the disk.

use std::{
    collections::VecDeque,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use serde_json::json;
use tokio::{
    sync::{mpsc, oneshot},
    task::spawn_blocking,
    time,
};

use super::{
    chain::{Head, Mark},
    event::{Action, Event},
    store::Store,
};
use crate::db::StoreError;

/// Events that are appended at once.
const BATCH: usize = 256;
/// How long it takes until a database that took no notes is tried again.
const AGAIN: Duration = Duration::from_secs(2);

/// What the writer is asked for.
#[derive(Debug)]
pub(super) enum Job {
    /// To write this down, and to say when that is done.
    Record(Box<Event>, Recorded),
    /// To say when all that was noted before is written down, or cannot be for now.
    Flush(oneshot::Sender<()>),
}

/// Told when an event is written down, or why it is not.
pub(super) type Recorded = oneshot::Sender<Result<(), StoreError>>;

/// Appends to the log.
#[derive(Debug)]
pub(super) struct Writer {
    pub(super) store: Store,
    pub(super) jobs: mpsc::Receiver<Job>,
    pub(super) notes: mpsc::Receiver<Event>,
    /// Notes for which there was no room, since that was last written down.
    pub(super) dropped: Arc<AtomicU64>,
    pub(super) pending: Pending,
}

/// What is to be written next.
#[derive(Debug, Default)]
pub(super) struct Pending {
    records: Vec<(Event, Recorded)>,
    notes: VecDeque<Event>,
    flushes: Vec<oneshot::Sender<()>>,
    seen: Seen,
}

/// How far the log was seen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Seen {
    /// That was not looked up yet.
    #[default]
    Unknown,
    /// Up to here; none where nothing was noted.
    To(Option<Head>),
    /// The log does not go on from what was seen of it. What was noted of that stays as it is, since
    /// it is what shows it.
    Lost,
}

impl Writer {
    /// Writes until nobody can ask for anything any more.
    pub(super) async fn work(mut self) {
        while self.gather().await {
            self.write().await;
        }
        self.write().await;
    }

    /// Waits for something to write, and takes what else is there. False when there will be nothing more.
    async fn gather(&mut self) -> bool {
        let waiting = !self.pending.notes.is_empty();
        let room = self.pending.notes.len() < BATCH;
        tokio::select! {
            biased;
            job = self.jobs.recv() => match job {
                Some(job) => self.pending.take(job),
                None => {
                    self.take_notes();
                    return false;
                }
            },
            Some(note) = self.notes.recv(), if room && !waiting => self.pending.notes.push_back(note),
            () = time::sleep(AGAIN), if waiting => {}
        }
        while self.pending.records.len() < BATCH {
            let Ok(job) = self.jobs.try_recv() else { break };
            self.pending.take(job);
        }
        self.take_notes();
        true
    }

    fn take_notes(&mut self) {
        while self.pending.notes.len() < BATCH {
            let Ok(note) = self.notes.try_recv() else { break };
            self.pending.notes.push_back(note);
        }
    }

    async fn write(&mut self) {
        loop {
            let written = self.write_once().await;
            self.take_notes();
            if !written || self.pending.notes.is_empty() {
                break;
            }
        }
        for flushed in self.pending.flushes.drain(..) {
            flushed.send(()).ok();
        }
    }

    /// Writes what is pending. False when the database does not take it: then notes wait.
    async fn write_once(&mut self) -> bool {
        // Whoever no longer waits has not done it.
        self.pending.records.retain(|(_, recorded)| !recorded.is_closed());
        let dropped = self.dropped.swap(0, Ordering::Relaxed);
        let told = (dropped > 0).then(|| Event::of_maid(Action::Dropped).with(json!({"dropped": dropped})));
        let noted = self.pending.notes.iter().chain(&told);
        let events: Vec<Event> =
            self.pending.records.iter().map(|(event, _)| event).chain(noted).cloned().collect();
        if events.is_empty() {
            return true;
        }
        match self.append(&events).await {
            Ok(()) => {
                self.pending.notes.clear();
                self.pending.records.drain(..).for_each(|(_, recorded)| drop(recorded.send(Ok(()))));
                true
            }
            Err(error) if error.is_unavailable() => {
                tracing::warn!(%error, "the audit log cannot be written to for now: {error}");
                self.dropped.fetch_add(dropped, Ordering::Relaxed);
                let refuse = |(_, recorded): (Event, Recorded)| drop(recorded.send(Err(error.clone())));
                self.pending.records.drain(..).for_each(refuse);
                false
            }
            Err(_) => {
                self.dropped.fetch_add(dropped, Ordering::Relaxed);
                self.write_one_by_one().await;
                true
            }
        }
    }

    /// So that one event that the database never takes does not keep others from being written down.
    async fn write_one_by_one(&mut self) {
        for (event, recorded) in std::mem::take(&mut self.pending.records) {
            let written = self.append(std::slice::from_ref(&event)).await;
            recorded.send(written).ok();
        }
        for note in std::mem::take(&mut self.pending.notes) {
            if let Err(error) = self.append(std::slice::from_ref(&note)).await {
                let action = note.action.name();
                tracing::error!(%error, action, "an entry of the audit log is lost ({action}): {error}");
                self.dropped.fetch_add(1, Ordering::Relaxed);
            }
        }
    }

    /// Appends `events`, sees to it that they outlive a power cut, and notes outside the database how far
    /// the log goes now.
    async fn append(&mut self, events: &[Event]) -> Result<(), StoreError> {
        let seen = self.seen().await;
        let known = if let Seen::To(head) = seen { head } else { None };
        let appended = self.store.append(events, known).await?;
        if let Err(error) = self.store.db.settle().await {
            tracing::warn!(%error, "the audit log may not outlive a power cut: {error}");
        }
        match seen {
            Seen::To(_) if appended.follows => {
                self.pending.seen = Seen::To(Some(appended.head));
                self.note(appended.head).await;
            }
            Seen::To(_) => {
                self.pending.seen = Seen::Lost;
                tracing::error!("the audit log does not go on from what was seen of it: `maid audit verify`");
            }
            // A file that cannot be read may be readable the next time.
            Seen::Unknown | Seen::Lost => {}
        }
        Ok(())
    }

    async fn note(&self, head: Head) {
        let key = Arc::clone(&self.store.key);
        // The file may lag behind, and never runs ahead: an entry counts whether it is noted or not.
        if let Ok(Err(error)) = spawn_blocking(move || key.note(head)).await {
            tracing::warn!(%error, "audit.head cannot be written: {error}");
        }
    }

    /// How far the log was seen, from the file at first.
    async fn seen(&mut self) -> Seen {
        if self.pending.seen == Seen::Unknown {
            let key = Arc::clone(&self.store.key);
            self.pending.seen = match spawn_blocking(move || key.noted()).await {
                Ok(Ok(None)) => Seen::To(None),
                Ok(Ok(Some(noted))) if self.store.chain_key().fits(Mark::Seen, &noted) => {
                    Seen::To(Some(noted.head))
                }
                Ok(Ok(Some(_))) => {
                    tracing::error!("the file audit.head was not written by MAID: `maid audit verify`");
                    Seen::Lost
                }
                Ok(Err(error)) => {
                    tracing::warn!(%error, "{error}");
                    Seen::Unknown
                }
                Err(_) => Seen::Unknown,
            };
        }
        self.pending.seen
    }
}

impl Pending {
    fn take(&mut self, job: Job) {
        match job {
            Job::Record(event, recorded) => self.records.push((*event, recorded)),
            Job::Flush(flushed) => self.flushes.push(flushed),
        }
    }
}
