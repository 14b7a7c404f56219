//! All that an outcome is made of, taken at one moment: at the end of a run, or in the middle of it
//! for a checkpoint. From then on it is nobody else's, so an outcome is put together wherever there
//! is time for it.

use std::{
    sync::{Arc, atomic::Ordering},
    time::{Duration, Instant},
};

use super::{
    Settings,
    conductor::{Conductor, End, Progress},
    phases::Phases,
};
use crate::{
    engine::{
        outcome::Status,
        pace::Slots,
        recorder::{Collector, SeriesLog},
        session::Shared,
    },
    loadtest::valid::ValidLoadTest,
};

/// What a run has left when it is over, or would have if it were over now.
#[derive(Debug)]
pub(super) struct Ending {
    /// Only for what does not change: the plan, the rules, when it started.
    pub shared: Arc<Shared>,
    pub test: Arc<ValidLoadTest>,
    pub settings: Arc<Settings>,
    /// Shares each name's totals with the run, which copies those it changes from here on.
    pub collector: Collector,
    pub phases: Phases,
    pub series: SeriesLog,
    /// When the phases that are known beforehand began to count.
    pub base: Option<Instant>,
    pub end: End,
    pub over: Instant,
    /// When the last request finished that did so after the end, since the start.
    pub last_finish: Duration,
    pub users_peak: u32,
    pub users_by_scenario: Vec<u32>,
    pub machine: Machine,
    pub slots: Option<SlotCounts>,
}

/// What the generator has used.
#[derive(Clone, Copy, Debug)]
pub(super) struct Machine {
    pub cpu: Duration,
    /// In percent of one core.
    pub cpu_percent: f64,
    pub peak_rss: u64,
    pub peak_files: u64,
    pub fd_limit: u64,
}

/// How much of the open model's schedule was kept.
#[derive(Clone, Copy, Debug)]
pub(super) struct SlotCounts {
    pub due: u64,
    pub sent: u64,
}

impl SlotCounts {
    /// Slots that were due and never sent.
    pub const fn missed(self) -> u64 {
        self.due.saturating_sub(self.sent)
    }
}

impl Conductor {
    /// Takes everything as it stands, at the end of the run.
    pub(super) fn ending(&self, progress: &Progress, end: End) -> Ending {
        self.standing(progress, end, Slots::sent)
    }

    /// Takes everything as it stands now, as if the run had failed.
    pub(super) fn ending_now(&self, progress: &Progress) -> Ending {
        let at = progress.end.as_ref().map_or_else(Instant::now, |end| end.at);
        let end = End { at, status: Status::Failed, because: None };
        // A slot whose request is under way has been given, and is not lost.
        self.standing(progress, end, Slots::given)
    }

    fn standing(&self, progress: &Progress, end: End, sent: fn(&Slots) -> u64) -> Ending {
        let mut collector = self.shared.recorder.collect().clone();
        let shared = &self.shared;
        let mut series = progress.series.clone();
        let (latency, failures) = progress.window.rest(&collector.totals);
        if !latency.is_empty() {
            series.push(progress.seconds(), self.users(), failures, &latency, &mut collector.totals.names);
        }
        let count = |users: &std::sync::atomic::AtomicU32| users.load(Ordering::Relaxed);
        Ending {
            shared: Arc::clone(shared),
            test: Arc::clone(&self.test),
            settings: Arc::clone(&self.settings),
            phases: progress.phases.clone(),
            series,
            base: progress.base,
            last_finish: Duration::from_micros(shared.last_finish_us.load(Ordering::Relaxed)),
            users_peak: count(&shared.users_peak),
            users_by_scenario: shared.users_by_scenario.iter().map(count).collect(),
            machine: self.machine(progress),
            slots: shared
                .slots
                .as_ref()
                .map(|slots| SlotCounts { due: slots.due(end.at), sent: sent(slots) }),
            over: Instant::now(),
            collector,
            end,
        }
    }

    fn machine(&self, progress: &Progress) -> Machine {
        let (cpu, cpu_percent) = progress.health.overall(&self.shared.threads);
        Machine {
            cpu,
            cpu_percent,
            peak_rss: progress.health.peak_rss,
            peak_files: progress.health.peak_files,
            fd_limit: self.fd_limit,
        }
    }
}
