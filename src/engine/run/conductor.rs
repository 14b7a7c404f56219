//! Conducts a run from a thread of its own: phases, the end, the series, snapshots, and what ends
//! a run early. The users' threads are never waited for, so a saturated engine is still stopped,
//! shown and measured in time.

use std::{
    sync::{
        Arc,
        atomic::Ordering,
        mpsc::{self, RecvTimeoutError},
    },
    time::{Duration, Instant},
};

use tokio::{
    runtime,
    sync::{oneshot, watch},
};

use super::{
    EngineError, Event, Settings, assemble,
    detail::Detail,
    diary::Diary,
    ending::Ending,
    failures::Failures,
    phases::Phases,
    watchdog::{Breaker, Window},
};
use crate::{
    engine::{
        goose,
        health::Health,
        live::{Level, Phase, RunEvent, Snapshot},
        log::Log,
        outcome::{Outcome, Status},
        pace::Alarm,
        plan::Hatch,
        recorder::{Collector, SeriesLog},
        session::Shared,
        signal::Stage,
    },
    loadtest::valid::ValidLoadTest,
};

/// How often watchers are shown the state.
const TICK: Duration = Duration::from_millis(250);

/// How often the workers' logs are emptied. Often, so that they stay small: at 100,000 requests a
/// second a log then holds half a megabyte.
const COLLECT: Duration = Duration::from_millis(50);

/// Ticks that make a point of the series.
const TICKS_A_SECOND: u32 = 4;

/// How long all users of the open model may take to get ready before its schedule begins anyway.
const READY_AFTER: Duration = Duration::from_secs(10);

/// How long Goose may take to end once every request has been dropped.
const LAST_WAIT: Duration = Duration::from_secs(10);

/// How often the generator's own lag is probed, where nothing else shows it.
const PROBE: Duration = Duration::from_millis(10);

/// A run that is ready to go.
pub(super) struct Conductor {
    pub(super) claim: goose::Claim,
    pub(super) shared: Arc<Shared>,
    pub(super) runtime: runtime::Runtime,
    pub(super) settings: Arc<Settings>,
    pub(super) test: Arc<ValidLoadTest>,
    pub(super) fd_limit: u64,
    pub(super) events: mpsc::SyncSender<Event>,
    pub(super) inbox: mpsc::Receiver<Event>,
    /// Whoever waits for what an outcome would be made of now.
    pub(super) asked: mpsc::Receiver<oneshot::Sender<Ending>>,
    pub(super) publish: watch::Sender<Arc<Snapshot>>,
    pub(super) reader: tokio::sync::mpsc::Sender<RunEvent>,
}

/// How and why a run ends.
#[derive(Clone, Debug)]
pub(super) struct End {
    pub at: Instant,
    pub status: Status,
    pub because: Option<String>,
}

/// What changes while a run goes on.
pub(super) struct Progress {
    pub(super) phases: Phases,
    pub(super) health: Health,
    pub(super) series: SeriesLog,
    pub(super) window: Window,
    breaker: Breaker,
    failures: Failures,
    detail: Detail,
    diary: Diary,
    ticks: u32,
    /// When the phases that are known beforehand began to count.
    pub(super) base: Option<Instant>,
    next_phase: usize,
    pub(super) end: Option<End>,
    cut_at: Option<Instant>,
}

impl Progress {
    /// Whole seconds that are over, each a point of the series.
    pub(super) const fn seconds(&self) -> u32 {
        self.ticks / TICKS_A_SECOND
    }
}

impl Conductor {
    /// Conducts the run to its end.
    pub(super) fn conduct(self) -> Result<Outcome, EngineError> {
        let mut progress = self.progress();
        let target = &self.test.loadtest().target;
        progress.diary.begins(&self.test.loadtest().name, &target.hosts, &self.shared.plan);
        self.launch();
        let done = loop {
            let wait = self.next_look(&progress).saturating_duration_since(Instant::now());
            match self.inbox.recv_timeout(wait) {
                Ok(Event::Done(result)) => break result,
                Ok(Event::AllStarted) => self.all_started(&mut progress),
                Ok(Event::Stop(reason)) => self.end(&mut progress, Status::Stopped, Some(reason)),
                Ok(Event::Kill) => self.kill(&mut progress),
                Err(RecvTimeoutError::Timeout) => {
                    if progress.cut_at.is_some_and(|at| Instant::now() > at + LAST_WAIT) {
                        break Ok(());
                    }
                }
                Err(RecvTimeoutError::Disconnected) => return Err(EngineError::Lost),
            }
            self.look(&mut progress);
        };
        done.map_err(EngineError::Scheduler)?;
        Ok(self.finish(progress))
    }

    fn launch(&self) {
        let (shared, events, claim) = (Arc::clone(&self.shared), self.events.clone(), self.claim.clone());
        self.runtime.spawn(async move {
            // In a task of its own, so that even a panic is told.
            let result = match tokio::spawn(goose::attack(shared, claim)).await {
                Ok(result) => result.map_err(|error| error.to_string()),
                Err(broken) => Err(broken.to_string()),
            };
            let _ = events.send(Event::Done(result));
        });
        if self.shared.slots.is_none() {
            self.runtime.spawn(probe(Arc::clone(&self.shared)));
        }
    }

    fn progress(&self) -> Progress {
        let load = &self.shared.plan.load;
        let started = self.shared.started;
        // Requests have been stamped with the first phase since there are users to send any.
        let (phases, _) = Phases::of_run(started, self.shared.plan.steady);
        // Stages count from the start; everything else from when all users run.
        let staged = load.phases.is_some() && load.arrival.is_none();
        Progress {
            phases,
            health: Health::start(&self.shared.threads),
            series: SeriesLog::default(),
            window: Window::default(),
            breaker: Breaker::new(self.settings.breaker),
            failures: Failures::default(),
            detail: Detail::default(),
            diary: Diary::new(self.reader.clone(), self.shared.plan.mask.clone()),
            ticks: 0,
            base: staged.then_some(started),
            next_phase: 0,
            end: None,
            cut_at: None,
        }
    }

    /// When something is to be done next: a tick, a phase, the end.
    fn next_look(&self, progress: &Progress) -> Instant {
        let tick = self.shared.started + TICK * (progress.ticks + 1);
        let tick = tick.min(Instant::now() + COLLECT);
        let planned = progress.base.and_then(|base| {
            let run_time = self.shared.plan.load.run_time.map(|time| base + time);
            let phase = self.phase_begins(progress, base);
            run_time.into_iter().chain(phase).min()
        });
        // While a backlog is worked off, the planned end is past, and ticks are looks enough.
        let planned =
            planned.filter(|at| progress.end.is_none() && (*at > Instant::now() || !self.has_backlog()));
        let cut = progress.cut_at.filter(|_| self.shared.stop.stage() < Stage::Cut);
        planned.into_iter().chain(cut).fold(tick, Instant::min)
    }

    fn phase_begins(&self, progress: &Progress, base: Instant) -> Option<Instant> {
        let phases = self.shared.plan.load.phases.as_ref()?;
        phases.get(progress.next_phase)?;
        Some(base + phases[..progress.next_phase].iter().map(|(_, length)| *length).sum::<Duration>())
    }

    fn look(&self, progress: &mut Progress) {
        drop(self.shared.recorder.collect());
        let now = Instant::now();
        self.begin_slots(progress, now);
        self.begin_phases(progress, now);
        if let Some(feeder) = self.shared.dry.get().filter(|_| progress.end.is_none()) {
            let feeder = &self.shared.plan.feeders[*feeder];
            let because = format!(
                "data `{}` ran out of rows: mode `unique` gives each of its {} rows once; add rows, use fewer \
                 users or passes, or another mode",
                feeder.name(),
                feeder.rows()
            );
            self.end(progress, Status::Failed, Some(because));
        }
        if let (Some(base), Some(run_time)) = (progress.base, self.shared.plan.load.run_time)
            && now >= base + run_time
            && !self.works_off_backlog(now.saturating_duration_since(base), run_time)
        {
            self.end(progress, Status::Completed, None);
        }
        if progress.cut_at.is_some_and(|at| now >= at) && self.shared.stop.stage() < Stage::Cut {
            self.shared.stop.advance(Stage::Cut);
            progress.diary.cut(self.settings.stop_grace);
        }
        while self.shared.started + TICK * (progress.ticks + 1) <= now {
            progress.ticks += 1;
            self.tick(progress);
        }
        self.answer(progress);
    }

    /// Whether slots of the open model are still to be sent late: for as long again as the schedule
    /// took, because a target that stays too slow would never be done.
    fn works_off_backlog(&self, elapsed: Duration, run_time: Duration) -> bool {
        self.has_backlog() && elapsed < 2 * run_time
    }

    fn has_backlog(&self) -> bool {
        self.shared.slots.as_ref().is_some_and(|slots| slots.has_backlog())
    }

    /// The open model's schedule begins when all its users are ready, or have had time enough.
    fn begin_slots(&self, progress: &mut Progress, now: Instant) {
        let Some(slots) = self.shared.slots.as_ref().filter(|_| progress.base.is_none()) else { return };
        let ready = slots.users_waiting() >= self.shared.plan.load.users_max as usize;
        if ready || now >= self.shared.started + READY_AFTER {
            slots.start(now);
            progress.base = Some(now);
        }
    }

    fn begin_phases(&self, progress: &mut Progress, now: Instant) {
        let (Some(base), Some(phases)) = (progress.base, &self.shared.plan.load.phases) else { return };
        while self.phase_begins(progress, base).is_some_and(|at| at <= now) && progress.end.is_none() {
            let at = self.phase_begins(progress, base).unwrap_or(now);
            let phase = phases[progress.next_phase].0;
            progress.next_phase += 1;
            if phase != progress.phases.now() {
                self.enter(progress, phase, at);
            }
        }
    }

    fn enter(&self, progress: &mut Progress, phase: Phase, at: Instant) {
        let users = self.users();
        self.shared.set_stamp(progress.phases.begin(phase, at, users));
        progress.diary.phase(phase, users);
    }

    fn all_started(&self, progress: &mut Progress) {
        progress.diary.all_run(self.shared.plan.load.users_max);
        if self.shared.plan.load.phases.is_none() && progress.base.is_none() && progress.end.is_none() {
            let now = Instant::now();
            progress.base = Some(now);
            self.enter(progress, Phase::Maintain, now);
        }
    }

    /// Ends the run in good order; the first reason stands.
    fn end(&self, progress: &mut Progress, status: Status, because: Option<String>) {
        if progress.end.is_some() {
            return;
        }
        let at = Instant::now();
        progress.diary.ending(status, because.as_deref());
        self.enter(progress, Phase::Shutdown, at);
        progress.end = Some(End { at, status, because });
        progress.cut_at = Some(at + self.settings.stop_grace);
        self.shared.stop.advance(Stage::Draining);
        goose::stop();
    }

    fn kill(&self, progress: &mut Progress) {
        self.end(progress, Status::Stopped, Some("killed".to_owned()));
        progress.cut_at = Some(Instant::now());
        if self.shared.stop.stage() < Stage::Cut {
            progress.diary.tell(Level::Warn, "killed: requests under way are dropped at once".to_owned());
            self.shared.stop.advance(Stage::Cut);
        }
    }

    /// Users that run; in the open model those that have been needed so far.
    pub(super) fn users(&self) -> u32 {
        if self.shared.slots.is_some() {
            return self.shared.users_peak.load(Ordering::Relaxed);
        }
        let ended = self.shared.users_ended.load(Ordering::Relaxed);
        self.shared.users_started.load(Ordering::Relaxed).saturating_sub(ended)
    }

    fn tick(&self, progress: &mut Progress) {
        if progress.end.is_some() {
            // Goose forgets a stop that comes before it has begun.
            goose::stop();
        }
        progress.health.look(&self.shared.threads);
        let whole_second = progress.ticks.is_multiple_of(TICKS_A_SECOND);
        let mut collector = self.shared.recorder.collect();
        progress.window.turn(&mut collector.totals);
        let unreachable = progress.breaker.trips(&collector);
        let first_failures = progress.failures.renew(&collector.errors, &self.shared.plan);
        let snapshot = progress.window.snapshot(&collector);
        let top_errors = progress.failures.top(&collector.errors);
        if whole_second {
            progress.detail.renew(&self.shared, &collector, &progress.health);
            self.second(progress, &mut collector);
        }
        drop(collector);
        first_failures.into_iter().for_each(|message| progress.diary.tell(Level::Warn, message));
        if whole_second {
            self.watch_thresholds(progress);
        }
        if let Some(because) = unreachable {
            self.end(progress, Status::Failed, Some(because));
        }
        progress.detail.renew_phases(&progress.phases, self.shared.started);
        let elapsed = self.shared.started.elapsed();
        self.publish.send_replace(Arc::new(progress.detail.complete(Snapshot {
            phase: progress.phases.now(),
            elapsed_s: elapsed.as_secs_f64(),
            progress: self.share_done(elapsed),
            users: self.users(),
            users_planned: self.shared.plan.load.users_max,
            generator_cpu_percent: progress.health.cpu_percent,
            top_errors,
            ..snapshot
        })));
    }

    /// What is due once a second: a point of the series, and what it tells.
    fn second(&self, progress: &mut Progress, collector: &mut Collector) {
        let (latency, failures) = progress.window.last_second();
        let names = &mut collector.totals.names;
        progress.series.push(progress.seconds() - 1, self.users(), failures, &latency, names);
        progress.detail.renew_series(progress.series.so_far());
        progress.diary.limited(progress.detail.limits());
    }

    /// A look at thresholds that abort, once a second.
    fn watch_thresholds(&self, progress: &mut Progress) {
        let watched = self.shared.plan.abort_on_threshold && progress.base.is_some();
        if watched && progress.end.is_none() {
            let rule = super::judge::first_failed(&self.shared, &progress.phases, Instant::now());
            if let Some(rule) = rule {
                self.end(progress, Status::Failed, Some(format!("threshold `{rule}` failed")));
            }
        }
    }

    fn share_done(&self, elapsed: Duration) -> Option<f64> {
        let load = &self.shared.plan.load;
        let hatching = match &load.hatch {
            Hatch::Rate { users, per_second } => f64::from(*users) / per_second,
            Hatch::Stages(_) => 0.0,
        };
        let whole = load.run_time?.as_secs_f64() + hatching;
        Some((elapsed.as_secs_f64() / whole).min(1.0))
    }

    /// Gives whoever asked what an outcome would be made of now, and leaves the work to them.
    fn answer(&self, progress: &Progress) {
        let Ok(reply) = self.asked.try_recv() else { return };
        // Whoever has lost patience gets nothing, and takes nothing away from the run.
        let _ = reply.send(self.ending_now(progress));
    }

    fn finish(self, mut progress: Progress) -> Outcome {
        let end = progress.end.take().unwrap_or_else(|| {
            let last = Duration::from_micros(self.shared.last_ended_us.load(Ordering::Relaxed));
            End { at: self.shared.started + last, status: Status::Completed, because: None }
        });
        progress.health.look(&self.shared.threads);
        let ending = self.ending(&progress, end);
        // Nobody is to wait for a checkpoint of a run that is over.
        drop(self.asked);
        let mut outcome = assemble::outcome(ending);
        outcome.warnings.extend(self.shared.log.as_ref().map(Log::finish).unwrap_or_default());
        progress.diary.over(&outcome);
        // Users that would not end in time are left behind with their runtime.
        self.runtime.shutdown_background();
        outcome
    }
}

/// How long a task that is ready waits for a thread, seen from a task of its own.
async fn probe(shared: Arc<Shared>) {
    let (alarm, signal) = (Alarm::default(), shared.stop.user());
    loop {
        let at = Instant::now() + PROBE;
        if !shared.timer.sleep_until(&alarm, at, &signal, Stage::Draining).await {
            return;
        }
        shared.recorder.record_lag(u32::try_from(at.elapsed().as_micros()).unwrap_or(u32::MAX));
    }
}
