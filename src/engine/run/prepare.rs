//! Everything that can be refused before the first packet, and the engine's own runtime.

use std::{
    sync::{
        Arc, OnceLock,
        atomic::{AtomicU32, AtomicU64, Ordering},
        mpsc,
    },
    time::Instant,
};

use tokio::{
    runtime,
    sync::{oneshot, watch},
};

use super::{EngineError, Event, Settings, conductor::Conductor, ending::Ending, phases::Phases, target};
use crate::{
    engine::{
        goose::Claim,
        health::{self, Threads},
        live::{RunEvent, Snapshot},
        log::{Log, LogKind},
        pace::{RateLimit, Slots, Timer},
        plan::Plan,
        recorder::{Recorder, number_worker},
        session::Shared,
        signal::StopSignal,
        transport::{HttpShared, Origin, TraceLines},
    },
    loadtest::{types::TraceContext, valid::ValidLoadTest},
};

/// What a run is made of.
pub(super) struct Parts {
    pub claim: Claim,
    pub test: Arc<ValidLoadTest>,
    pub plan: Plan,
    pub fd_limit: u64,
    pub settings: Settings,
    pub events: mpsc::SyncSender<Event>,
    pub inbox: mpsc::Receiver<Event>,
    pub asked: mpsc::Receiver<oneshot::Sender<Ending>>,
    pub publish: watch::Sender<Arc<Snapshot>>,
    pub reader: tokio::sync::mpsc::Sender<RunEvent>,
}

/// Builds the engine's runtime and refuses what can be refused before the first packet.
pub(super) fn prepare(parts: Parts) -> Result<Conductor, EngineError> {
    let Parts { claim, test, plan, fd_limit, settings, events, inbox, asked, publish, reader } = parts;
    let workers = workers(settings.workers, &plan);
    let threads = Arc::new(Threads::default());
    let runtime = runtime(workers, &threads)?;
    let debug = settings.logs.wants(LogKind::Debug);
    let http = HttpShared::new(&target::settings(&test, debug), (*settings.policy).clone())?;
    let origins = plan.origins();
    runtime.block_on(http.preflight(&origins))?;
    let log = Log::start(&settings.logs, &plan)?;
    // Passes through a scenario are measured behind the transactions.
    let transactions = plan.transactions.len() + plan.scenarios.len();
    let recorder = Recorder::new(workers, plan.requests.len(), transactions, plan.checks.len())
        .telling_hosts_apart(plan.hosts.len());
    let arrival = plan.load.arrival.clone();
    let slots =
        arrival.map(|(schedule, late)| Slots::new(schedule, late, Arc::clone(&threads))).transpose()?;
    let timer = Timer::start(Arc::clone(&threads))?;
    let (http, events_too) = (Arc::new(http), events.clone());
    let trace = trace(&plan, &settings);
    let shared = Shared {
        log,
        slots,
        trace,
        ..shared(plan, &test, Base { recorder, http, timer, threads, workers, events: events_too })
    };
    let (shared, settings) = (Arc::new(shared), Arc::new(settings));
    Ok(Conductor { claim, shared, runtime, settings, test, fd_limit, events, inbox, asked, publish, reader })
}

/// What all users of a run share whatever the run is like.
pub(in crate::engine) struct Base {
    pub recorder: Recorder,
    pub http: Arc<HttpShared>,
    pub timer: Timer,
    pub threads: Arc<Threads>,
    pub workers: usize,
    pub events: mpsc::SyncSender<Event>,
}

/// What all users share of a run that begins now, without a log, a schedule of slots or a trace.
pub(in crate::engine) fn shared(plan: Plan, test: &ValidLoadTest, base: Base) -> Shared {
    let Base { recorder, http, timer, threads, workers, events } = base;
    let started = Instant::now();
    // From the beginning: a user may send before the conductor has had the CPU once.
    let (_, first) = Phases::of_run(started, plan.steady);
    Shared {
        recorder,
        log: None,
        witness: None,
        http,
        stop: StopSignal::new(),
        timer,
        slots: None,
        trace: None,
        limit: plan.rate_limit.map(RateLimit::new),
        threads,
        workers,
        started,
        stamp: AtomicU32::new(first.packed()),
        users_started: AtomicU32::new(0),
        users_ended: AtomicU32::new(0),
        users_peak: AtomicU32::new(0),
        last_finish_us: AtomicU64::new(0),
        last_ended_us: AtomicU64::new(0),
        users_by_scenario: plan.scenarios.iter().map(|_| AtomicU32::new(0)).collect(),
        dry: OnceLock::new(),
        thresholds: test.thresholds().to_vec(),
        events,
        plan,
    }
}

/// What users say of the trace that their requests belong to.
pub(in crate::engine) fn trace(plan: &Plan, settings: &Settings) -> Option<TraceLines> {
    let run = settings.run_id;
    // An id of zeros is none.
    let given = settings.trace.map(u128::from_be_bytes).filter(|trace| *trace != 0);
    match plan.trace_context {
        TraceContext::Off => None,
        TraceContext::Run => Some(TraceLines::new(given.unwrap_or(run.as_u128()).max(1), None)),
        TraceContext::Request => Some(TraceLines::new(0, Some(&format!("maid={run}")))),
    }
}

/// Worker threads: as many as are asked for; else one for each core, or for every two where a
/// target is on this machine, which needs the others itself.
fn workers(asked: usize, plan: &Plan) -> usize {
    match asked {
        0 if plan.origins().iter().any(|origin| origin.is_loopback()) => health::cores().div_ceil(2),
        0 => health::cores(),
        asked => asked,
    }
}

fn runtime(workers: usize, threads: &Arc<Threads>) -> std::io::Result<runtime::Runtime> {
    let next = AtomicU32::new(0);
    let threads = Arc::clone(threads);
    runtime::Builder::new_multi_thread()
        .worker_threads(workers)
        .thread_name("maid-engine")
        .on_thread_start(move || {
            number_worker(next.fetch_add(1, Ordering::Relaxed) as usize);
            threads.add_current();
        })
        .enable_all()
        .build()
}

impl Plan {
    /// Every host that is known before the run.
    pub(in crate::engine) fn origins(&self) -> Vec<Arc<Origin>> {
        let requests = self.scenarios.iter().flat_map(|s| &s.transactions).flat_map(|t| &t.requests);
        let places = requests.flat_map(|request| request.to.places());
        let mut origins: Vec<_> = places.map(|place| Arc::clone(&place.origin)).collect();
        origins.sort_by(|a, b| (&a.host, a.port, a.tls).cmp(&(&b.host, b.port, b.tls)));
        origins.dedup_by(|a, b| (&a.host, a.port, a.tls) == (&b.host, b.port, b.tls));
        origins
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        engine::{plan, policy::TargetPolicy},
        loadtest::{parse::parse, valid::Context},
    };

    /// What users would share of a run that has just been prepared.
    fn prepared(load: &str) -> Shared {
        let text = format!(
            r#"{{"version": 1, "name": "early", "target": {{"hosts": ["http://127.0.0.1:9"]}}, "load": {load},
                "scenarios": [{{"name": "s", "transactions": [{{"name": "t", "requests": [{{"path": "/"}}]}}]}}]}}"#
        );
        let document = parse(&text, "test.json").expect("a document");
        let test = document.validate(&Context::new(".")).unwrap_or_else(|problems| panic!("{problems}"));
        let plan = plan::compile(&test, &[]).expect("a plan");
        let policy = TargetPolicy::new(&[], Vec::new(), Vec::new()).expect("a policy");
        let http = HttpShared::new(&target::settings(&test, false), policy).expect("settings");
        let threads = Arc::new(Threads::default());
        let timer = Timer::start(Arc::clone(&threads)).expect("a timer");
        let recorder = Recorder::new(1, 1, 2, 0);
        let events = mpsc::sync_channel(1).0;
        shared(plan, &test, Base { recorder, http: Arc::new(http), timer, threads, workers: 1, events })
    }

    #[test]
    fn a_request_that_is_sent_before_the_conductor_has_looked_counts() {
        let all = prepared(r#"{"users": 1, "iterations": 1}"#).stamp();
        assert_eq!((all.phase, all.measured), (0, true));
        let steady = prepared(r#"{"users": 1, "run_time": "10s", "measure": "steady"}"#).stamp();
        assert_eq!((steady.phase, steady.measured), (0, false), "users are still being started");
    }
}
