//! Metrics of runs: how many ended how, and those of the active one while it is active.

use std::{
    collections::BTreeMap,
    fmt,
    future::Future,
    sync::{Arc, Mutex, PoisonError},
};

use prometheus_client::{collector::Collector, encoding::DescriptorEncoder, registry::Unit};
use uuid::Uuid;

use super::family::{Family, Labels};
use crate::bus::{
    Bus, Event, LiveRequest, MetricsEvent, Received, RunPhase, StatusEvent, Subscription, Topic,
};

/// Names of requests that are shown; a test may have any number.
const NAMES: usize = 100;
/// Letters of a test's or request's name that are shown.
const LETTERS: usize = 120;

const ENDED: Family = Family::new("maid_runs", "Runs that are over, by how they ended");
const ACTIVE: Family = Family::new("maid_runs_active", "Runs that are active");
const QUEUED: Family = Family::new("maid_runs_queued", "Runs that wait for their turn");
const USERS: Family = Family::new("maid_run_users", "Users that run");
const REQUESTS: Family = Family::new("maid_run_requests", "Finished requests");
const FAILURES: Family = Family::new("maid_run_failures", "Failed requests");
const RATE: Family = Family::new("maid_run_requests_per_second", "Requests over the last second");
const TIMES: Family = Family::with_unit(
    "maid_run_response_time",
    &Unit::Seconds,
    "Response times of the last second, by percentile (50, 95, 99)",
);
const ELAPSED: Family = Family::with_unit("maid_run_elapsed", &Unit::Seconds, "Time since the run began");
const CPU: Family =
    Family::new("maid_generator_cpu_cores", "Cores that generating load took, over the last second");
const CHECKS: Family = Family::new("maid_run_checks", "Checks, by whether they held (passed, failed)");
const ANSWERS: Family = Family::new("maid_run_answers", "Answers by status code");
const LAG: Family = Family::with_unit(
    "maid_generator_dispatch_lag",
    &Unit::Seconds,
    "How late requests were sent, 99th percentile (open model)",
);
const LATE: Family = Family::new("maid_generator_late", "Slots that were sent late (open model)");
const DROPPED: Family = Family::new("maid_generator_dropped", "Slots that are never sent (open model)");
const LIMITED: Family =
    Family::new("maid_generator_limited", "1 while the generator, not the target, is the bottleneck");
const BY_NAME_REQUESTS: Family = Family::new("maid_request_finished", "Finished requests of one name");
const BY_NAME_FAILURES: Family = Family::new("maid_request_failed", "Failed requests of one name");
const BY_NAME_RATE: Family =
    Family::new("maid_request_finished_per_second", "Requests of one name over the last second");
const BY_NAME_TIMES: Family = Family::with_unit(
    "maid_request_response_time",
    &Unit::Seconds,
    "Response times of one name since the run began, by percentile (50, 95, 99)",
);

/// What the bus has told about runs.
#[derive(Debug, Default)]
pub(super) struct Runs(Mutex<Known>);

#[derive(Debug, Default)]
struct Known {
    ended: BTreeMap<&'static str, u64>,
    status: StatusEvent,
    active: Option<Active>,
    /// The last run that is over: what the bus still carries of it is no longer of interest.
    over: Option<Uuid>,
}

#[derive(Debug)]
struct Active {
    id: Uuid,
    metrics: Arc<MetricsEvent>,
    by_request: Vec<LiveRequest>,
}

impl Runs {
    pub(super) fn follow(self: Arc<Self>, bus: &Bus) -> impl Future<Output = ()> + Send + 'static {
        let [mut status, mut metrics, mut completed] =
            [Topic::Status, Topic::Metrics, Topic::TestCompleted].map(|topic| bus.subscribe(topic));
        async move {
            let next = async |from: &mut Subscription| from.next().await;
            loop {
                let received = tokio::select! {
                    received = next(&mut completed) => received,
                    received = next(&mut status) => received,
                    received = next(&mut metrics) => received,
                };
                match received {
                    Some(Received::Message(message)) => self.learn(message.run_id, &message.event),
                    Some(Received::Missed(_)) => {}
                    None => return,
                }
            }
        }
    }

    /// Takes in what the bus has told.
    pub(super) fn learn(&self, run_id: Option<Uuid>, event: &Event) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match event {
            Event::TestCompleted(test) => {
                *known.ended.entry(ending(test.status)).or_default() += 1;
                known.forget(run_id);
            }
            Event::Status(status) => {
                if is_over(status.phase) {
                    known.forget(status.run_id.or(run_id));
                }
                known.status = status.clone();
            }
            Event::Metrics(metrics) => known.take(run_id, metrics),
            _ => {}
        }
    }
}

impl Known {
    fn take(&mut self, run: Option<Uuid>, metrics: &Arc<MetricsEvent>) {
        let Some(id) = run.filter(|id| self.over != Some(*id)) else { return };
        match &mut self.active {
            Some(active) if active.id == id => active.metrics = Arc::clone(metrics),
            other => *other = Some(Active { id, metrics: Arc::clone(metrics), by_request: Vec::new() }),
        }
        if let (Some(active), Some(by_request)) = (&mut self.active, &metrics.by_request) {
            active.by_request = by_request.iter().take(NAMES).cloned().collect();
        }
    }

    fn forget(&mut self, run: Option<Uuid>) {
        if run.is_some() {
            self.over = run;
            self.active.take_if(|active| Some(active.id) == run);
        }
    }
}

fn is_over(phase: RunPhase) -> bool {
    matches!(phase, RunPhase::Completed | RunPhase::Stopped | RunPhase::Failed)
}

fn ending(phase: RunPhase) -> &'static str {
    match phase {
        RunPhase::Completed => "completed",
        RunPhase::Stopped => "stopped",
        _ => "failed",
    }
}

impl Collector for Runs {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let one = |value: f64| [(Labels::new(), value)];
        let ended = ["completed", "stopped", "failed"].map(|status| {
            let count = known.ended.get(status).copied().unwrap_or_default();
            (vec![("status", status.to_owned())], count as f64)
        });
        ENDED.counter(&mut encoder, ended)?;
        ACTIVE.gauge(&mut encoder, one(if known.active.is_some() { 1.0 } else { 0.0 }))?;
        QUEUED.gauge(&mut encoder, one(f64::from(known.status.queued)))?;
        let Some(active) = &known.active else { return Ok(()) };
        let named = known.status.name.as_deref().filter(|_| known.status.run_id == Some(active.id));
        let labels = vec![("run_id", active.id.to_string()), ("test", shown(named.unwrap_or_default()))];
        active.encode(&mut encoder, &labels)?;
        active.encode_generator(&mut encoder, &labels)?;
        active.encode_by_request(&mut encoder, &labels)
    }
}

impl Active {
    fn encode(&self, encoder: &mut DescriptorEncoder<'_>, run: &Labels) -> fmt::Result {
        let now = &self.metrics;
        let one = |value: f64| [(run.clone(), value)];
        USERS.gauge(encoder, one(f64::from(now.users)))?;
        REQUESTS.counter(encoder, one(now.requests as f64))?;
        FAILURES.counter(encoder, one(now.failures as f64))?;
        RATE.gauge(encoder, one(now.rps))?;
        TIMES.gauge(encoder, percentiles(run, now.p50_ms, now.p95_ms, now.p99_ms))?;
        ELAPSED.gauge(encoder, one(now.elapsed_s))?;
        let check = |result, count: u64| (with(run, "result", result), count as f64);
        CHECKS.counter(encoder, [check("passed", now.checks_passed), check("failed", now.checks_failed)])?;
        let answers = now.status_codes.iter().take(NAMES);
        ANSWERS.counter(encoder, answers.map(|(code, count)| (with(run, "code", code), *count as f64)))
    }

    fn encode_generator(&self, encoder: &mut DescriptorEncoder<'_>, run: &Labels) -> fmt::Result {
        let one = |value: f64| [(run.clone(), value)];
        let generator = &self.metrics.generator;
        CPU.gauge(encoder, one(self.metrics.generator_cpu_percent / 100.0))?;
        LAG.gauge(encoder, one(generator.dispatch_lag_p99_ms / 1000.0))?;
        LATE.counter(encoder, one(generator.late as f64))?;
        DROPPED.counter(encoder, one(generator.dropped as f64))?;
        LIMITED.gauge(encoder, one(if generator.limited { 1.0 } else { 0.0 }))
    }

    fn encode_by_request(&self, encoder: &mut DescriptorEncoder<'_>, run: &Labels) -> fmt::Result {
        let labels = |of: &LiveRequest| {
            let mut labels = run.clone();
            labels.extend([("request", shown(&of.name)), ("method", of.method.clone())]);
            labels
        };
        let each = |value: fn(&LiveRequest) -> f64| {
            self.by_request.iter().map(|of| (labels(of), value(of))).collect::<Vec<_>>()
        };
        BY_NAME_REQUESTS.counter(encoder, each(|of| of.requests as f64))?;
        BY_NAME_FAILURES.counter(encoder, each(|of| of.failures as f64))?;
        BY_NAME_RATE.gauge(encoder, each(|of| of.rps))?;
        let times = self.by_request.iter();
        BY_NAME_TIMES
            .gauge(encoder, times.flat_map(|of| percentiles(&labels(of), of.p50_ms, of.p95_ms, of.p99_ms)))
    }
}

/// Percentiles in milliseconds as series in seconds.
fn percentiles(of: &Labels, p50_ms: f64, p95_ms: f64, p99_ms: f64) -> [(Labels, f64); 3] {
    [("50", p50_ms), ("95", p95_ms), ("99", p99_ms)]
        .map(|(percentile, ms)| (with(of, "percentile", percentile), ms / 1000.0))
}

/// `labels` with one more.
fn with(labels: &Labels, name: &'static str, value: &str) -> Labels {
    let mut labels = labels.clone();
    labels.push((name, value.to_owned()));
    labels
}

fn shown(name: &str) -> String {
    name.chars().take(LETTERS).collect()
}
