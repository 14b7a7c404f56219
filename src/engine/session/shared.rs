//! What all users of a run share, and what the conductor tells them through it.

use std::{
    sync::{
        Arc, OnceLock,
        atomic::{AtomicU32, AtomicU64, Ordering},
        mpsc,
    },
    time::Instant,
};

use crate::{
    engine::{
        dry_run::Witness,
        health::Threads,
        log::{Finished, Log},
        pace::{RateLimit, Slots, Timer},
        plan::{Moment, Plan, RequestPlan},
        recorder::Recorder,
        run::Event,
        signal::StopSignal,
        transport::{HttpShared, TraceLines},
    },
    loadtest::threshold::Threshold,
};

/// What all users of a run share.
#[derive(Debug)]
pub(in crate::engine) struct Shared {
    pub plan: Plan,
    pub recorder: Recorder,
    pub log: Option<Log>,
    /// Who writes down all exchanges, in a dry run.
    pub witness: Option<Witness>,
    pub http: Arc<HttpShared>,
    pub stop: StopSignal,
    pub timer: Timer,
    pub slots: Option<Slots>,
    pub limit: Option<RateLimit>,
    /// The first header lines of a user's trace context, where requests carry one.
    pub trace: Option<TraceLines>,
    pub threads: Arc<Threads>,
    /// Worker threads.
    pub workers: usize,
    pub started: Instant,
    /// The present [`Stamp`].
    pub stamp: AtomicU32,
    pub users_started: AtomicU32,
    pub users_ended: AtomicU32,
    /// Most users at once.
    pub users_peak: AtomicU32,
    /// When the last request finished that did so after the end, in microseconds since the start.
    pub last_finish_us: AtomicU64,
    /// When the last user ended, in microseconds since the start.
    pub last_ended_us: AtomicU64,
    /// Users of each scenario that have started.
    pub users_by_scenario: Vec<AtomicU32>,
    /// The first feeder that ran dry.
    pub dry: OnceLock<usize>,
    pub thresholds: Vec<Threshold>,
    /// Where the conductor hears that all users run.
    pub events: mpsc::SyncSender<Event>,
}

/// What each request is marked with as it is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::engine) struct Stamp {
    /// Phase of the run, by number.
    pub phase: u16,
    /// Whether totals cover that phase.
    pub measured: bool,
}

impl Stamp {
    /// As one number, to be shared.
    pub fn packed(self) -> u32 {
        u32::from(self.phase) << 1 | u32::from(self.measured)
    }
}

impl Shared {
    /// Marks what is sent from now on.
    pub fn set_stamp(&self, stamp: Stamp) {
        self.stamp.store(stamp.packed(), Ordering::Relaxed);
    }

    pub fn stamp(&self) -> Stamp {
        let packed = self.stamp.load(Ordering::Relaxed);
        Stamp { phase: u16::try_from(packed >> 1).unwrap_or(u16::MAX), measured: packed & 1 == 1 }
    }

    /// Whether somebody writes down requests.
    pub(super) const fn is_told(&self) -> bool {
        self.log.is_some() || self.witness.is_some()
    }

    /// Tells of a request that is over whoever writes it down.
    pub(super) fn tell(&self, (moment, plan): (Moment, &RequestPlan), finished: &Finished<'_>) {
        if let Some(log) = &self.log {
            log.request(finished);
        }
        if let Some(witness) = &self.witness {
            witness.saw(plan, moment, finished);
        }
    }

    pub(super) fn since_start_us(&self, at: Instant) -> u64 {
        u64::try_from(at.saturating_duration_since(self.started).as_micros()).unwrap_or(u64::MAX)
    }
}
