//! Counters and histograms per request name, transaction, check and phase.
//!
//! Latency is kept per status, so that a request's own histogram is the sum of these and every
//! sample is recorded once. In the closed model, corrected latency is that histogram plus
//! the samples which a stall kept a user from sending, after Gil Tene's correction for coordinated
//! omission: a response time above the user's cadence c also counts as if requests had been sent
//! at c, 2c, 3c ... into it. In the open model it is measured, from the intended time.

use std::{collections::BTreeMap, sync::Arc};

use hdrhistogram::Histogram;

use super::{
    sample::{NO_STATUS, Sample, TransactionSample},
    series::NameWindow,
};
use crate::engine::{histogram as stored, transport::Timings};

/// Longest time that is kept apart: an hour, in microseconds.
const LONGEST_US: u64 = stored::HIGHEST_US;

/// Most corrections that one stalled request is spread over; beyond it, steps are widened and
/// weighted, so that no sample costs more than this.
const MAX_CORRECTIONS: u64 = 1000;

/// Phases that have a histogram of their own; later ones share the last.
pub const MAX_PHASES: usize = 64;

/// Request names that have values over time; most tests have fewer.
const MOST_NAMES: usize = 24;

/// Statuses of one request name that are kept apart; further ones are kept by their class, under
/// 1 to 5. A target that makes statuses up must not cost memory.
const MAX_STATUSES: usize = 24;

/// Names of the parts of the response time, in the order of its fields.
pub const PARTS: [&str; 7] = ["blocked", "dns", "connect", "tls", "send", "wait", "receive"];

/// Place of `send` in [`PARTS`].
const SEND: usize = 4;

const fn parts(t: &Timings) -> [u32; 7] {
    [t.blocked, t.dns, t.connect, t.tls, t.send, t.wait, t.receive]
}

/// An empty histogram of microseconds that grows with what it is given.
///
/// # Panics
/// Never: every number of digits used here is in the range that the library takes.
#[must_use]
pub fn histogram(digits: u8) -> Histogram<u64> {
    Histogram::new(digits).expect("0 to 5 digits are valid")
}

/// Adds a value, cut at an hour.
pub fn add(histogram: &mut Histogram<u64>, value_us: u64, count: u64) {
    histogram
        .record_n(value_us.clamp(1, LONGEST_US), count)
        .expect("an hour fits into the counts that can be addressed");
}

/// Adds all of another histogram.
pub fn merge(into: &mut Histogram<u64>, from: &Histogram<u64>) {
    into.add(from).expect("histograms that resize take each other");
}

/// A quantile in milliseconds; 0 when there is nothing.
#[must_use]
pub fn quantile_ms(histogram: &Histogram<u64>, quantile: f64) -> f64 {
    if histogram.is_empty() { 0.0 } else { ms(histogram.value_at_quantile(quantile)) }
}

/// Microseconds as milliseconds.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "an hour of microseconds is far below 2^52")]
pub fn ms(us: u64) -> f64 {
    us as f64 / 1000.0
}

/// Measures of one request name.
#[derive(Clone, Debug, Default)]
pub struct RequestTotals {
    /// Failed requests.
    pub failures: u64,
    /// Redirects followed.
    pub redirects: u64,
    /// Bytes received.
    pub bytes_in: u64,
    /// Bytes sent.
    pub bytes_out: u64,
    /// Latency by status; [`NO_STATUS`] without an answer, 1 to 5 for the rest of a class.
    pub statuses: BTreeMap<u16, Box<Histogram<u64>>>,
    /// Open model: from the intended time. Closed model: what a stall kept from being sent.
    corrections: Option<Box<Histogram<u64>>>,
    /// Parts of the response time, in the order of [`PARTS`].
    pub parts: [Option<Box<Histogram<u64>>>; 7],
}

impl RequestTotals {
    /// Finished requests.
    #[must_use]
    pub fn requests(&self) -> u64 {
        self.statuses.values().map(|status| status.len()).sum()
    }

    /// Latency of the statuses that `wanted` takes; the rest of a class is asked for as its first
    /// status, such as 500.
    pub fn of_status(&self, wanted: impl Fn(u16) -> bool) -> impl Iterator<Item = &Histogram<u64>> {
        let whole = |status: u16| if status < 100 { status * 100 } else { status };
        self.statuses.iter().filter(move |(status, _)| wanted(whole(**status))).map(|(_, h)| &**h)
    }

    /// Latency over all statuses.
    #[must_use]
    pub fn latency(&self) -> Histogram<u64> {
        let mut all = stored::empty();
        self.add_latency(&mut all);
        all
    }

    /// Adds the latency over all statuses.
    pub fn add_latency(&self, all: &mut Histogram<u64>) {
        self.statuses.values().for_each(|status| merge(all, status));
    }

    /// Corrected latency; `None` where there is nothing to correct, and it is the latency itself.
    #[must_use]
    pub fn corrected(&self, open_model: bool) -> Option<Histogram<u64>> {
        if !open_model && self.corrections.is_none() {
            return None;
        }
        let mut all = stored::empty();
        self.add_corrected(&mut all, open_model);
        Some(all)
    }

    /// Adds the corrected latency.
    pub fn add_corrected(&self, all: &mut Histogram<u64>, open_model: bool) {
        if !open_model {
            self.add_latency(all);
        }
        if let Some(corrections) = &self.corrections {
            merge(all, corrections);
        }
    }

    fn add(&mut self, sample: &Sample) {
        let total = u64::from(sample.timings.total);
        self.failures += u64::from(sample.failed);
        self.redirects += u64::from(sample.redirects);
        self.bytes_in += sample.bytes_in;
        self.bytes_out += u64::from(sample.bytes_out);
        let full = self.statuses.len() >= MAX_STATUSES && !self.statuses.contains_key(&sample.status);
        let status = if full { sample.status / 100 } else { sample.status };
        add(self.statuses.entry(status).or_insert_with(|| Box::new(histogram(3))), total, 1);
        let parts = parts(&sample.timings).into_iter().enumerate();
        for (part, (place, value)) in self.parts.iter_mut().zip(parts) {
            // Sending, waiting and receiving are parts of every answer, however short.
            if value > 0 || (place >= SEND && sample.status != NO_STATUS) {
                add(part.get_or_insert_with(|| Box::new(histogram(2))), value.into(), 1);
            }
        }
        if let Some(from_intended) = sample.from_intended_us {
            add(self.corrections(), from_intended.into(), 1);
        } else if sample.cadence_us > 0 && total > 2 * u64::from(sample.cadence_us) {
            self.correct(total, sample.cadence_us.into());
        }
    }

    fn corrections(&mut self) -> &mut Histogram<u64> {
        self.corrections.get_or_insert_with(|| Box::new(histogram(3)))
    }

    /// Adds the samples that a response time of `total` kept a user with this cadence from sending.
    fn correct(&mut self, total: u64, cadence: u64) {
        let missed = total / cadence - 1;
        let corrections = self.corrections();
        let steps = missed.min(MAX_CORRECTIONS);
        for step in 1..=steps {
            // Step k of n stands for the missed samples (k-1)*missed/n .. k*missed/n.
            let (from, to) = ((step - 1) * missed / steps, step * missed / steps);
            add(corrections, total - cadence * u64::midpoint(from + 1, to), to - from);
        }
    }
}

/// Measures of one transaction.
#[derive(Clone, Debug, Default)]
pub struct TransactionTotals {
    /// Passes that a failed request ended.
    pub failures: u64,
    /// Time of a pass.
    pub took: Option<Box<Histogram<u64>>>,
}

/// Measures of one phase.
#[derive(Clone, Debug)]
pub struct PhaseTotals {
    /// Failed requests.
    pub failures: u64,
    /// Latency of all requests.
    pub latency: Histogram<u64>,
}

/// Measures of one host, where a test has several.
#[derive(Clone, Debug)]
pub struct HostTotals {
    /// Failed requests.
    pub failures: u64,
    /// Latency of all requests.
    pub latency: Histogram<u64>,
}

/// All counters and histograms of a run.
///
/// A clone shares what there is one of for each name, and a name is copied once it changes: so that
/// a copy of all totals of a run that goes on costs next to nothing at the moment it is made.
#[derive(Clone, Debug)]
pub struct Totals {
    /// Per request name, in the order of the plan.
    pub requests: Vec<Arc<RequestTotals>>,
    /// Per transaction, in the order of the plan.
    pub transactions: Vec<Arc<TransactionTotals>>,
    /// Per check, in the order of the plan: how often it failed and held.
    pub checks: Vec<[u64; 2]>,
    /// Per phase, in the order of the run.
    pub phases: Vec<PhaseTotals>,
    /// Per host that is told apart, in the order of the plan; empty where there is only one.
    pub hosts: Vec<HostTotals>,
    /// What the first request names have seen since this was last emptied: one more entry in a small histogram
    /// for each request, made where logs are emptied and not where requests are sent.
    pub names: Vec<NameWindow>,
    /// Finished requests of the whole run, whatever is measured.
    pub finished: u64,
    /// Failed requests of the whole run, whatever is measured.
    pub failed: u64,
    /// Requests since this was last emptied.
    pub window: Histogram<u64>,
    /// Failures since this was last emptied.
    pub window_failures: u64,
}

impl Totals {
    pub(super) fn new(requests: usize, transactions: usize, checks: usize) -> Self {
        Self {
            requests: (0..requests).map(|_| Arc::default()).collect(),
            transactions: (0..transactions).map(|_| Arc::default()).collect(),
            checks: vec![[0; 2]; checks],
            phases: Vec::new(),
            hosts: Vec::new(),
            names: (0..requests.min(MOST_NAMES)).map(|_| NameWindow::default()).collect(),
            finished: 0,
            failed: 0,
            window: histogram(3),
            window_failures: 0,
        }
    }

    pub(super) fn tell_hosts_apart(&mut self, hosts: usize) {
        self.hosts = (0..hosts).map(|_| HostTotals { failures: 0, latency: histogram(3) }).collect();
    }

    pub(super) fn add(&mut self, sample: &Sample) {
        let latency = u64::from(sample.timings.total);
        self.finished += 1;
        self.failed += u64::from(sample.failed);
        add(&mut self.window, latency, 1);
        self.window_failures += u64::from(sample.failed);
        if let Some(name) = self.names.get_mut(sample.request as usize) {
            name.add(latency, sample.failed);
        }
        let phase = usize::from(sample.phase).min(MAX_PHASES - 1);
        while self.phases.len() <= phase {
            self.phases.push(PhaseTotals { failures: 0, latency: histogram(3) });
        }
        self.phases[phase].failures += u64::from(sample.failed);
        add(&mut self.phases[phase].latency, latency, 1);
        if sample.measured {
            if let Some(host) = self.hosts.get_mut(usize::from(sample.host)) {
                host.failures += u64::from(sample.failed);
                add(&mut host.latency, latency, 1);
            }
            Arc::make_mut(&mut self.requests[sample.request as usize]).add(sample);
        }
    }

    pub(super) fn add_transaction(&mut self, sample: TransactionSample) {
        if !sample.measured {
            return;
        }
        let totals = Arc::make_mut(&mut self.transactions[sample.transaction as usize]);
        totals.failures += u64::from(sample.failed);
        add(totals.took.get_or_insert_with(|| Box::new(histogram(3))), sample.took_us.into(), 1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(total_us: u32, status: u16) -> Sample {
        Sample {
            request: 0,
            phase: 0,
            measured: true,
            status,
            redirects: 0,
            host: super::super::sample::NO_HOST,
            timings: Timings { total: total_us, wait: total_us, ..Timings::default() },
            from_intended_us: None,
            cadence_us: 0,
            failed: status >= 400,
            bytes_out: 10,
            bytes_in: 100,
        }
    }

    #[test]
    fn every_sample_is_counted_once() {
        let mut totals = Totals::new(1, 0, 0);
        for status in [200, 200, 404, 503, 0] {
            totals.add(&sample(1000, status));
        }
        let request = &totals.requests[0];
        assert_eq!(request.requests(), 5);
        assert_eq!(request.latency().len(), 5);
        assert_eq!(request.failures, 2);
        let counts: Vec<_> = request.statuses.iter().map(|(status, h)| (*status, h.len())).collect();
        assert_eq!(counts, [(NO_STATUS, 1), (200, 2), (404, 1), (503, 1)]);
        assert_eq!(totals.finished, 5);
    }

    #[test]
    fn made_up_statuses_are_bounded_and_none_is_lost() {
        let mut totals = Totals::new(1, 0, 0);
        for status in 200..600 {
            totals.add(&sample(1000, status));
        }
        let request = &totals.requests[0];
        assert!(request.statuses.len() <= MAX_STATUSES + 5, "{}", request.statuses.len());
        assert_eq!(request.requests(), 400);
        let fives: u64 = request.of_status(|status| status / 100 == 5).map(|h| h.len()).sum();
        assert_eq!(fives, 100);
    }

    #[test]
    fn a_stall_is_spread_over_the_requests_it_kept_from_being_sent() {
        let mut request = RequestTotals::default();
        request.add(&Sample { cadence_us: 10_000, ..sample(100_000, 200) });
        // 100 ms at a cadence of 10 ms: 90, 80, ... 10 ms would have been seen as well.
        let corrected = request.corrected(false).expect("it stalled");
        assert_eq!(corrected.len(), 10);
        assert!((quantile_ms(&corrected, 0.5) - 50.0).abs() < 0.1);
        assert_eq!(request.latency().len(), 1);
    }

    #[test]
    fn a_long_stall_costs_a_bounded_number_of_steps_and_counts_the_same() {
        let mut request = RequestTotals::default();
        request.add(&Sample { cadence_us: 50, ..sample(2_000_000, 200) });
        let corrected = request.corrected(false).expect("it stalled");
        assert_eq!(corrected.len(), 40_000);
        assert!((quantile_ms(&corrected, 0.5) - 1000.0).abs() < 3.0, "{}", quantile_ms(&corrected, 0.5));
    }

    #[test]
    fn the_open_model_is_corrected_by_the_intended_time() {
        let mut request = RequestTotals::default();
        request.add(&Sample { from_intended_us: Some(2_000_000), ..sample(1000, 200) });
        assert!(quantile_ms(&request.corrected(true).expect("open"), 0.5) > 1990.0);
        assert!(quantile_ms(&request.latency(), 0.5) < 1.01);
    }

    #[test]
    fn only_measured_phases_reach_the_totals() {
        let mut totals = Totals::new(1, 0, 0);
        totals.add(&Sample { measured: false, ..sample(1000, 200) });
        totals.add(&Sample { phase: 1, ..sample(1000, 200) });
        assert_eq!(totals.requests[0].requests(), 1);
        assert_eq!(totals.finished, 2);
        assert_eq!(totals.phases.len(), 2);
    }
}
