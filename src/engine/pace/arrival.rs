//! The open model: users take the slots of a schedule, each slot a request.

use std::{
    sync::{
        OnceLock,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use tokio::sync::Notify;

use super::{Alarm, Schedule, Timer};
use crate::{
    engine::signal::{Stage, UserSignal},
    loadtest::types::Late,
};

/// Slots more than this late are dropped, under `late: drop`.
const DROP_AFTER: Duration = Duration::from_secs(1);

/// A slot that a user may send a request in.
#[derive(Clone, Copy, Debug)]
pub struct Slot {
    /// When it was meant to be sent.
    pub intended: Instant,
    /// Whether the user was there in time. If so, lateness is the generator's own.
    pub waited: bool,
}

/// Hands out the slots of a schedule to all users.
#[derive(Debug)]
pub struct Slots {
    schedule: Schedule,
    late: Late,
    next: AtomicU64,
    sent: AtomicU64,
    waiting: AtomicU64,
    start: OnceLock<Instant>,
    started: Notify,
}

impl Slots {
    /// Slots of `schedule`, which begins when [`Slots::start`] is called.
    #[must_use]
    pub fn new(schedule: Schedule, late: Late) -> Self {
        Self {
            schedule,
            late,
            next: AtomicU64::new(0),
            sent: AtomicU64::new(0),
            waiting: AtomicU64::new(0),
            start: OnceLock::new(),
            started: Notify::new(),
        }
    }

    /// The schedule.
    #[must_use]
    pub const fn schedule(&self) -> &Schedule {
        &self.schedule
    }

    /// Begins the schedule.
    pub fn start(&self, at: Instant) {
        self.start.get_or_init(|| at);
        self.started.notify_waiters();
    }

    /// Users that have come for their first slot.
    #[must_use]
    pub fn users_waiting(&self) -> u64 {
        self.waiting.load(Ordering::Relaxed)
    }

    /// Notes that a slot's request was sent.
    pub fn note_sent(&self) {
        self.sent.fetch_add(1, Ordering::Relaxed);
    }

    /// Whether a backlog of slots is left that are to be sent late.
    #[must_use]
    pub fn has_backlog(&self) -> bool {
        self.late == Late::Queue && self.next.load(Ordering::Relaxed) < self.schedule.len()
    }

    /// Slots that were due by `now` and never sent.
    #[must_use]
    pub fn dropped(&self, now: Instant) -> u64 {
        let since = |start: &Instant| now.saturating_duration_since(*start);
        let due = self.start.get().map_or(0, |start| self.schedule.due_by(since(start)));
        due.saturating_sub(self.sent.load(Ordering::Relaxed))
    }

    /// The next slot, when it is due; `None` when there is none or the run is ending.
    pub async fn take(&self, timer: &Timer, alarm: &Alarm, signal: &UserSignal) -> Option<Slot> {
        let start = self.started(signal).await?;
        loop {
            let index = self.next.fetch_add(1, Ordering::Relaxed);
            let intended = start + self.schedule.due(index)?;
            let now = Instant::now();
            if intended > now {
                let due = timer.sleep_until(alarm, intended, signal, Stage::Draining).await;
                return due.then_some(Slot { intended, waited: true });
            }
            if signal.stage() >= Stage::Draining {
                return None;
            }
            if self.late == Late::Queue || now - intended <= DROP_AFTER {
                return Some(Slot { intended, waited: false });
            }
            // All slots that are too late by now are dropped at once.
            let first_kept = self.schedule.due_by((now - start).saturating_sub(DROP_AFTER));
            self.next.fetch_max(first_kept, Ordering::Relaxed);
        }
    }

    async fn started(&self, signal: &UserSignal) -> Option<Instant> {
        if let Some(start) = self.start.get() {
            return Some(*start);
        }
        self.waiting.fetch_add(1, Ordering::Relaxed);
        let started = self.started.notified();
        tokio::pin!(started);
        // Listening begins before the second look, so that a start in between is not missed.
        started.as_mut().enable();
        if self.start.get().is_none() {
            tokio::select! {
                () = started => {}
                () = signal.reached(Stage::Draining) => {}
            }
        }
        self.start.get().copied()
    }
}
