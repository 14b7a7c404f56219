//! What watchers are shown in detail: request by request, once a second.

use std::{cmp::Reverse, collections::BTreeMap, collections::HashMap, sync::Arc, time::Instant};

use hdrhistogram::Histogram;

use super::{assemble, generator, phases::Phases};
use crate::engine::{
    health::{Health, cores},
    live::{LiveChecks, LiveGenerator, LiveRequest, PhaseBegin, Snapshot},
    outcome::Series,
    recorder::{Collector, RequestTotals, histogram, quantile_ms},
    session::Shared,
};

/// Request names that are shown.
const NAMES: usize = 100;

/// The details as they were a second ago at most.
#[derive(Debug)]
pub(super) struct Detail {
    by_request: Option<Arc<[LiveRequest]>>,
    checks: LiveChecks,
    status_codes: Arc<BTreeMap<String, u64>>,
    generator: Arc<LiveGenerator>,
    series: Arc<Series>,
    phases: Arc<[PhaseBegin]>,
    /// How many phases they were put together of.
    phase_count: usize,
    /// Name and method of a request by its number, masked when it is first shown.
    labels: HashMap<usize, (Arc<str>, Arc<str>)>,
    /// Requests of each name a second ago.
    before: Vec<u64>,
    /// For names with several statuses; used again and again.
    latency: Histogram<u64>,
}

impl Default for Detail {
    fn default() -> Self {
        Self {
            by_request: None,
            checks: LiveChecks::default(),
            status_codes: Arc::default(),
            generator: Arc::default(),
            series: Arc::default(),
            phases: Arc::default(),
            phase_count: 0,
            labels: HashMap::new(),
            before: Vec::new(),
            latency: histogram(3),
        }
    }
}

impl Detail {
    /// Takes a look; due once a second.
    pub fn renew(&mut self, shared: &Shared, collector: &Collector, health: &Health) {
        let totals = &collector.totals;
        let checks = totals.checks.iter().fold([0, 0], |all, one| [all[0] + one[0], all[1] + one[1]]);
        self.checks = LiveChecks { failed: checks[0], passed: checks[1] };
        self.status_codes = Arc::new(assemble::status_codes(totals.requests.iter().map(Arc::as_ref)));
        self.generator = Arc::new(generator_now(shared, collector, health));
        self.by_request = Some(self.requests(shared, &totals.requests));
    }

    /// Takes the series with its newest point.
    pub fn renew_series(&mut self, series: Arc<Series>) {
        self.series = series;
    }

    /// Takes the phases, where there are new ones.
    pub fn renew_phases(&mut self, phases: &Phases, start: Instant) {
        if phases.count() != self.phase_count {
            (self.phases, self.phase_count) = (phases.shown(start).collect(), phases.count());
        }
    }

    /// Why the generator is the bottleneck, if it is.
    pub fn limits(&self) -> &[String] {
        &self.generator.limited_because
    }

    /// Puts the details into a snapshot.
    pub fn complete(&self, snapshot: Snapshot) -> Snapshot {
        Snapshot {
            by_request: self.by_request.clone(),
            checks: self.checks,
            status_codes: Arc::clone(&self.status_codes),
            generator: Arc::clone(&self.generator),
            series: Arc::clone(&self.series),
            phases: Arc::clone(&self.phases),
            ..snapshot
        }
    }

    fn requests(&mut self, shared: &Shared, totals: &[Arc<RequestTotals>]) -> Arc<[LiveRequest]> {
        let counts: Vec<u64> = totals.iter().map(|totals| totals.requests()).collect();
        let mut order: Vec<usize> = (0..counts.len()).collect();
        order.sort_unstable_by_key(|&number| (Reverse(counts[number]), number));
        order.truncate(NAMES);
        let shown = order.into_iter().map(|number| {
            let before = self.before.get(number).copied().unwrap_or(0);
            self.request(shared, number, &totals[number], counts[number] - before)
        });
        let shown = shown.collect();
        self.before = counts;
        shown
    }

    fn request(&mut self, shared: &Shared, number: usize, totals: &RequestTotals, fresh: u64) -> LiveRequest {
        let (name, method) = self.labels.entry(number).or_insert_with(|| {
            let name = &shared.plan.requests[number];
            (shared.plan.mask.text(&name.name).into(), name.method.as_str().into())
        });
        let mut statuses = totals.statuses.values();
        let latency = match (statuses.next(), statuses.next()) {
            (Some(only), None) => only,
            _ => {
                self.latency.reset();
                totals.add_latency(&mut self.latency);
                &self.latency
            }
        };
        LiveRequest {
            name: Arc::clone(name),
            method: Arc::clone(method),
            requests: latency.len(),
            failures: totals.failures,
            rps: assemble::as_f64(fresh),
            p50_ms: quantile_ms(latency, 0.50),
            p95_ms: quantile_ms(latency, 0.95),
            p99_ms: quantile_ms(latency, 0.99),
        }
    }
}

fn generator_now(shared: &Shared, collector: &Collector, health: &Health) -> LiveGenerator {
    let (_, cpu_percent) = health.overall(&shared.threads);
    let lag_p99 = quantile_ms(&collector.lag, 0.99);
    let because = generator::limits(cpu_percent, shared.workers.min(cores()), lag_p99, collector);
    LiveGenerator {
        dispatch_lag_p99_ms: lag_p99,
        late: collector.late,
        dropped: shared.slots.as_ref().map_or(0, |slots| slots.dropped(Instant::now())),
        limited: !because.is_empty(),
        limited_because: because.iter().map(|because| shared.plan.mask.text(because)).collect(),
    }
}
