//! The one place for an active run in this process, and who holds it.

use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::{Notify, futures::Notified};
use uuid::Uuid;

use crate::{
    bus::{RunPhase, StatusEvent, TestCompleted, ThresholdNow},
    engine::{
        RunHandle,
        live::{Phase, Snapshot},
        outcome::Series,
    },
};

/// The place for the active run; a clone is the same place.
#[derive(Clone, Debug, Default)]
pub struct Slot {
    state: Arc<Mutex<State>>,
    changed: Arc<Notify>,
}

#[derive(Default)]
struct State {
    occupant: Option<Occupant>,
    draining: bool,
    /// The server ends: nothing new is accepted any more, whoever asks.
    closing: bool,
    queued: u32,
    /// What is shown while nothing is active: the last run.
    last: StatusEvent,
    /// Its series, for whoever comes after its end.
    last_series: Arc<Series>,
}

impl State {
    const fn accepts(&self) -> bool {
        !self.draining && !self.closing
    }
}

impl fmt::Debug for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("State").field("active", &self.occupant.as_ref().map(|of| of.run_id)).finish()
    }
}

/// The run that holds the place.
struct Occupant {
    run_id: Uuid,
    tenant_id: String,
    name: String,
    /// None while the run is being prepared.
    handle: Option<RunHandle>,
    /// A stop that came while the run was being prepared.
    wanted: Option<Stop>,
    snapshot: Arc<Snapshot>,
    /// As they stood at the last checkpoint.
    thresholds: Arc<[ThresholdNow]>,
}

/// How a run is to end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stop {
    /// In good order, for this reason.
    Gracefully(String),
    /// At once.
    AtOnce,
}

/// Why the place cannot be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// This run holds it.
    Active(Uuid),
    /// No new run is accepted.
    Draining,
}

/// The active run, as others may know it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActiveRun {
    /// Its id.
    pub run_id: Uuid,
    /// Who it belongs to.
    pub tenant_id: String,
}

impl Slot {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes the place. It is free again when what this returns is dropped.
    ///
    /// # Errors
    /// When it is taken, or nothing new is accepted.
    pub fn occupy(&self, run_id: Uuid, tenant_id: &str, name: &str) -> Result<Occupancy, Refused> {
        let mut state = self.state();
        if let Some(occupant) = &state.occupant {
            return Err(Refused::Active(occupant.run_id));
        }
        if state.draining || state.closing {
            return Err(Refused::Draining);
        }
        state.occupant = Some(Occupant {
            run_id,
            tenant_id: tenant_id.to_owned(),
            name: name.to_owned(),
            handle: None,
            wanted: None,
            snapshot: Arc::default(),
            thresholds: Arc::default(),
        });
        Ok(Occupancy { slot: self.clone(), run_id })
    }

    /// The active run.
    #[must_use]
    pub fn active(&self) -> Option<ActiveRun> {
        let of = |occupant: &Occupant| ActiveRun {
            run_id: occupant.run_id,
            tenant_id: occupant.tenant_id.clone(),
        };
        self.state().occupant.as_ref().map(of)
    }

    /// Ends the active run, which is `run_id` where one is named. Answers which one it was.
    pub fn stop(&self, run_id: Option<Uuid>, tenant_id: &str, how: &Stop) -> Option<Uuid> {
        let mut state = self.state();
        let occupant = state.occupant.as_mut()?;
        if occupant.tenant_id != tenant_id || run_id.is_some_and(|id| id != occupant.run_id) {
            return None;
        }
        occupant.end(how);
        Some(occupant.run_id)
    }

    /// Ends whatever is active.
    pub fn stop_any(&self, how: &Stop) {
        if let Some(occupant) = &mut self.state().occupant {
            occupant.end(how);
        }
    }

    /// Accepts new runs, or not. Answers whether it did not before.
    pub fn drain(&self, draining: bool) -> bool {
        let before = std::mem::replace(&mut self.state().draining, draining);
        self.changed.notify_waiters();
        before
    }

    /// Accepts nothing new for good: the server ends.
    pub fn close(&self) {
        self.state().closing = true;
    }

    /// Whether the server ends.
    #[must_use]
    pub fn is_closing(&self) -> bool {
        self.state().closing
    }

    /// Whether new runs are accepted.
    #[must_use]
    pub fn accepts(&self) -> bool {
        self.state().accepts()
    }

    /// Says how many runs wait, for whoever asks.
    pub fn show_queued(&self, queued: u32) {
        self.state().queued = queued;
    }

    /// Something was queued, or left the queue: whoever starts what waits is to look.
    pub fn queue_changed(&self) {
        self.changed.notify_waiters();
    }

    /// Resolves at the next change: the place became free, something was queued, draining ended.
    pub fn changed(&self) -> Notified<'_> {
        self.changed.notified()
    }

    /// Resolves when no run is active.
    pub async fn free(&self) {
        loop {
            let changed = self.changed.notified();
            tokio::pin!(changed);
            // Asked to be told before looking, so that nothing happens in between.
            changed.as_mut().enable();
            if self.state().occupant.is_none() {
                return;
            }
            changed.await;
        }
    }

    /// The series so far of the run `run_id`, while it is active or the last one.
    #[must_use]
    pub fn series(&self, run_id: Uuid) -> Option<Arc<Series>> {
        let state = self.state();
        match &state.occupant {
            Some(occupant) if occupant.run_id == run_id => Some(Arc::clone(&occupant.snapshot.series)),
            _ if state.last.run_id == Some(run_id) => Some(Arc::clone(&state.last_series)),
            _ => None,
        }
    }

    /// What is known of the run `run_id` of `tenant`, while it is active.
    #[must_use]
    pub fn snapshot(&self, run_id: Uuid, tenant: &str) -> Option<Arc<Snapshot>> {
        let state = self.state();
        let active = state.occupant.as_ref()?;
        (active.run_id == run_id && active.tenant_id == tenant).then(|| Arc::clone(&active.snapshot))
    }

    /// How the thresholds of the run `run_id` stand, while it is active; none before anybody has looked.
    #[must_use]
    pub fn thresholds(&self, run_id: Uuid) -> Arc<[ThresholdNow]> {
        let state = self.state();
        let active = state.occupant.as_ref().filter(|active| active.run_id == run_id);
        active.map(|active| Arc::clone(&active.thresholds)).unwrap_or_default()
    }

    /// Somebody has looked at the thresholds of the run `run_id`.
    pub fn looked_at(&self, run_id: Uuid, thresholds: Arc<[ThresholdNow]>) {
        if let Some(active) = self.state().occupant.as_mut().filter(|active| active.run_id == run_id) {
            active.thresholds = thresholds;
        }
    }

    /// The state of the active run, else of the last one.
    #[must_use]
    pub fn status(&self) -> StatusEvent {
        let state = self.state();
        let status = match &state.occupant {
            Some(occupant) => occupant.status(),
            None => state.last.clone(),
        };
        StatusEvent { queued: state.queued, accepting: state.accepts(), ..status }
    }
}

impl Occupant {
    fn end(&mut self, how: &Stop) {
        match &self.handle {
            Some(handle) => end(handle, how),
            None => self.wanted = Some(how.clone()),
        }
    }

    fn status(&self) -> StatusEvent {
        let snapshot = &self.snapshot;
        StatusEvent {
            // Before the engine's first word it is about to begin, which is not idle.
            phase: match snapshot.phase.into() {
                RunPhase::Idle => RunPhase::Increase,
                phase => phase,
            },
            run_id: Some(self.run_id),
            tenant_id: Some(self.tenant_id.clone()),
            name: Some(self.name.clone()),
            users: snapshot.users,
            requests: snapshot.requests,
            failures: snapshot.failures,
            rps: snapshot.rps,
            elapsed_s: snapshot.elapsed_s,
            progress: snapshot.progress,
            ..StatusEvent::default()
        }
    }
}

fn end(handle: &RunHandle, how: &Stop) {
    match how {
        Stop::Gracefully(reason) => handle.stop(reason),
        Stop::AtOnce => handle.kill(),
    }
}

/// The place, held for one run until this is dropped.
#[derive(Debug)]
pub struct Occupancy {
    slot: Slot,
    run_id: Uuid,
}

impl Occupancy {
    /// The run that holds it.
    #[must_use]
    pub const fn run_id(&self) -> Uuid {
        self.run_id
    }

    /// The engine has the run: from now on it can be stopped.
    pub fn begun(&self, handle: RunHandle) {
        self.with(|occupant| {
            if let Some(how) = occupant.wanted.take() {
                end(&handle, &how);
            }
            occupant.handle = Some(handle);
        });
    }

    /// The newest state.
    pub fn seen(&self, snapshot: Arc<Snapshot>) {
        self.with(|occupant| occupant.snapshot = snapshot);
    }

    /// The engine is done; what is left is to store the run.
    pub fn stopped_sending(&self) {
        self.with(|occupant| {
            let snapshot = Snapshot { phase: Phase::Shutdown, rps: 0.0, ..(*occupant.snapshot).clone() };
            occupant.snapshot = Arc::new(snapshot);
        });
    }

    /// Gives the place up. Answers what is shown from now on: the last that was seen, and what
    /// `told` knows better.
    pub fn ended(self, told: &TestCompleted) -> StatusEvent {
        let mut state = self.slot.state();
        if let Some(occupant) = &state.occupant {
            let status = occupant.status();
            let series = Arc::clone(&occupant.snapshot.series);
            // What is complete is done, also where the engine was faster than its clock.
            let progress = if told.status == RunPhase::Completed { Some(1.0) } else { status.progress };
            state.last = StatusEvent { phase: told.status, users: 0, rps: 0.0, progress, ..status };
            // A run that broke has nothing to tell.
            if told.requests >= state.last.requests {
                (state.last.requests, state.last.failures) = (told.requests, told.failures);
            }
            state.last_series = series;
        }
        StatusEvent { queued: state.queued, accepting: state.accepts(), ..state.last.clone() }
    }

    fn with(&self, change: impl FnOnce(&mut Occupant)) {
        if let Some(occupant) = &mut self.slot.state().occupant {
            change(occupant);
        }
    }
}

impl Drop for Occupancy {
    fn drop(&mut self) {
        self.slot.state().occupant = None;
        self.slot.changed.notify_waiters();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn one_run_holds_the_place_until_it_is_over() {
        let slot = Slot::default();
        let (one, other) = (Uuid::now_v7(), Uuid::now_v7());
        let held = slot.occupy(one, "default", "a test").expect("it is free");
        assert_eq!(slot.occupy(other, "default", "b").err(), Some(Refused::Active(one)));
        assert_eq!(slot.status().run_id, Some(one));
        let waiting = tokio::spawn({
            let slot = slot.clone();
            async move { slot.free().await }
        });
        held.ended(&TestCompleted {
            status: RunPhase::Completed,
            passed: Some(true),
            name: "a test".to_owned(),
            requests: 7,
            failures: 1,
            duration_s: 1.0,
            findings: 0,
            top_finding: None,
        });
        waiting.await.expect("it is told");
        let status = slot.status();
        assert_eq!((status.phase, status.requests, status.failures), (RunPhase::Completed, 7, 1));
        assert!(slot.occupy(other, "default", "b").is_ok());
    }

    #[test]
    fn a_draining_slot_takes_nothing_new() {
        let slot = Slot::default();
        slot.drain(true);
        assert_eq!(slot.occupy(Uuid::now_v7(), "default", "a").err(), Some(Refused::Draining));
        slot.drain(false);
        assert!(slot.occupy(Uuid::now_v7(), "default", "a").is_ok());
    }

    #[test]
    fn nobody_stops_the_run_of_another_tenant() {
        let slot = Slot::default();
        let run_id = Uuid::now_v7();
        let _held = slot.occupy(run_id, "one", "a").expect("it is free");
        let how = Stop::Gracefully("asked".to_owned());
        assert_eq!(slot.stop(Some(run_id), "other", &how), None);
        assert_eq!(slot.stop(Some(Uuid::now_v7()), "one", &how), None);
        assert_eq!(slot.stop(None, "one", &how), Some(run_id));
    }
}
