//! An outcome of requests that something else has carried out, or made up: recorded and put together
//! like those of a run, so that what reads outcomes can be tried on runs whose cause is known.

use std::{
    sync::{Arc, mpsc},
    time::{Duration, Instant},
};

use url::Url;

use super::{
    EVENTS, EngineError, Settings, assemble,
    conductor::End,
    ending::{Ending, Machine, SlotCounts},
    phases::Phases,
    prepare::{self, Base},
    target,
};
use crate::{
    engine::{
        health::Threads,
        live::Phase,
        outcome::{Outcome, Status},
        pace::Timer,
        plan,
        recorder::{self, Incident, Recorder, Sample, SeriesLog, histogram},
        session::{Shared, Stamp},
        transport::{FailureKind, HttpShared, Origin, Timings},
    },
    loadtest::valid::ValidLoadTest,
};

/// One request that is over.
#[derive(Clone, Debug)]
pub struct Replayed {
    /// When it ended, since the start of the run.
    pub at: Duration,
    /// Number of the user who sent it.
    pub user: u32,
    /// Place of its name among those of the test.
    pub request: u32,
    /// Status code; 0 without an answer.
    pub status: u16,
    /// Parts of the response time.
    pub timings: Timings,
    /// Why it failed, where it did.
    pub failure: Option<(FailureKind, Arc<str>)>,
}

/// What is known of the run that the requests belong to.
#[derive(Clone, Debug)]
pub struct Setting {
    /// How the run was carried out; names, limits and the rest of it do not matter here.
    pub settings: Settings,
    /// How long it took.
    pub length: Duration,
    /// Users at the end of each second.
    pub users: Vec<u32>,
    /// Phases in order, with their beginnings; the first begins at 0.
    pub phases: Vec<(Phase, Duration)>,
    /// CPU of the generator, in percent of one core; it had one thread.
    pub cpu_percent: f64,
    /// How late requests were sent, in microseconds.
    pub lags_us: Vec<u32>,
    /// Slots of the open model that were due and those that were sent.
    pub slots: Option<(u64, u64)>,
}

/// The outcome of `requests`, which come in the order in which they ended.
///
/// # Errors
/// When the test cannot be turned into a plan, or the system gives no timer.
pub fn replay(
    test: Arc<ValidLoadTest>,
    setting: Setting,
    requests: impl IntoIterator<Item = Replayed>,
) -> Result<Outcome, EngineError> {
    let plan = plan::compile(&test, &setting.settings.scenarios)?;
    let transactions = plan.transactions.len() + plan.scenarios.len();
    let recorder = Recorder::new(1, plan.requests.len(), transactions, plan.checks.len())
        .telling_hosts_apart(plan.hosts.len());
    let threads = Arc::new(Threads::default());
    let http = HttpShared::new(&target::settings(&test, false), (*setting.settings.policy).clone())?;
    let timer = Timer::start(Arc::clone(&threads))?;
    let (events, _inbox) = mpsc::sync_channel(EVENTS);
    let base = Base { recorder, http: Arc::new(http), timer, threads, workers: 1, events };
    let mut shared = prepare::shared(plan, &test, base);
    // It is over now, as far as the calendar goes.
    shared.started = shared.started.checked_sub(setting.length).unwrap_or(shared.started);
    let played = Played::of(&shared, &test, &setting, requests);
    setting.lags_us.iter().for_each(|lag| shared.recorder.record_lag(*lag));
    Ok(assemble::outcome(played.ending(shared, test, setting)))
}

/// What comes of the requests.
struct Played {
    phases: Phases,
    series: SeriesLog,
    end: Instant,
}

impl Played {
    fn of(
        shared: &Shared,
        test: &ValidLoadTest,
        setting: &Setting,
        requests: impl IntoIterator<Item = Replayed>,
    ) -> Self {
        let (phases, stamps) = phases(shared, setting);
        let origin = test.hosts().first().and_then(|host: &Url| Origin::from_url(host).ok());
        let mut series = SeriesLog::default();
        let mut second = 0;
        for request in requests {
            while Duration::from_secs(u64::from(second) + 1) <= request.at {
                close(shared, setting, &mut series, second);
                second += 1;
            }
            let stamp = stamps.iter().rev().find(|(from, _)| *from <= request.at).or(stamps.first());
            record(shared, &request, stamp.map(|(_, stamp)| *stamp), origin.as_ref());
        }
        while Duration::from_secs(u64::from(second)) < setting.length {
            close(shared, setting, &mut series, second);
            second += 1;
        }
        Self { phases, series, end: shared.started + setting.length }
    }

    fn ending(self, shared: Shared, test: Arc<ValidLoadTest>, setting: Setting) -> Ending {
        let collector = shared.recorder.collect().clone();
        let peak = setting.users.iter().copied().max().unwrap_or_default();
        let cpu = setting.length.mul_f64((setting.cpu_percent / 100.0).max(0.0));
        let machine =
            Machine { cpu, cpu_percent: setting.cpu_percent, peak_rss: 0, peak_files: 0, fd_limit: 0 };
        Ending {
            collector,
            phases: self.phases,
            series: self.series,
            base: None,
            end: End { at: self.end, status: Status::Completed, because: None },
            over: self.end,
            last_finish: Duration::ZERO,
            users_peak: peak,
            users_by_scenario: vec![peak; shared.plan.scenarios.len()],
            machine,
            slots: setting.slots.map(|(due, sent)| SlotCounts { due, sent }),
            settings: Arc::new(setting.settings),
            shared: Arc::new(shared),
            test,
        }
    }
}

/// The phases with what their requests are stamped with.
fn phases(shared: &Shared, setting: &Setting) -> (Phases, Vec<(Duration, Stamp)>) {
    let first = setting.phases.first().map_or(Phase::Maintain, |(phase, _)| *phase);
    let (mut phases, stamp) = Phases::new(first, shared.started, shared.plan.steady);
    let mut stamps = vec![(Duration::ZERO, stamp)];
    for (phase, from) in setting.phases.iter().skip(1) {
        let users = setting.users.get(from.as_secs().saturating_sub(1) as usize).copied().unwrap_or_default();
        stamps.push((*from, phases.begin(*phase, shared.started + *from, users)));
    }
    (phases, stamps)
}

fn close(shared: &Shared, setting: &Setting, series: &mut SeriesLog, second: u32) {
    let mut collector = shared.recorder.collect();
    let window = std::mem::replace(&mut collector.totals.window, histogram(3));
    let failures = std::mem::take(&mut collector.totals.window_failures);
    let users = setting.users.get(second as usize).or(setting.users.last()).copied().unwrap_or_default();
    series.push(second, users, failures, &window, &mut collector.totals.names);
}

fn record(shared: &Shared, request: &Replayed, stamp: Option<Stamp>, origin: Option<&Origin>) {
    let Replayed { at, user, request: id, status, timings, failure } = request;
    if *id as usize >= shared.plan.requests.len() {
        return;
    }
    let host = shared.plan.scenarios.first().map_or(recorder::NO_HOST, |scenario| scenario.host_of(*user));
    let sample = Sample {
        request: *id,
        phase: stamp.map_or(0, |stamp| stamp.phase),
        measured: stamp.is_none_or(|stamp| stamp.measured),
        status: *status,
        redirects: 0,
        host,
        timings: *timings,
        from_intended_us: None,
        cadence_us: 0,
        failed: failure.is_some(),
        bytes_out: 100,
        bytes_in: 1000,
    };
    match failure {
        None => shared.recorder.record(sample),
        Some((kind, message)) => shared.recorder.record_failure(
            sample,
            Incident {
                request: *id,
                kind: *kind,
                message,
                url: origin.map(|origin| recorder::Url { origin, target: "/" }),
                status: (*status != recorder::NO_STATUS).then_some(*status),
                body: &[],
                at_us: u64::try_from(at.as_micros()).unwrap_or(u64::MAX),
            },
        ),
    }
}
