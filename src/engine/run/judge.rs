//! Thresholds held against what was measured.

use std::time::Instant;

use hdrhistogram::Histogram;

use super::phases::Phases;
use crate::{
    engine::{
        outcome::{ThresholdResult, Verdict},
        plan::CheckName,
        recorder::{Collector, RequestTotals, histogram, merge, ms, quantile_ms},
        session::Shared,
    },
    loadtest::threshold::{Filter, Measure, Stat, Threshold},
};

/// What a threshold is judged by.
#[derive(Debug)]
pub(super) struct Evidence<'a> {
    pub shared: &'a Shared,
    pub collector: &'a Collector,
    /// Time that totals cover.
    pub seconds: f64,
    pub limited: bool,
}

impl Evidence<'_> {
    /// Judges every threshold.
    pub fn verdict(&self) -> Verdict {
        let thresholds: Vec<_> = self.shared.thresholds.iter().map(|t| self.judge(t)).collect();
        Verdict { passed: thresholds.iter().all(|t| t.passed), thresholds }
    }

    fn judge(&self, threshold: &Threshold) -> ThresholdResult {
        let observed = self.observe(threshold);
        ThresholdResult {
            rule: threshold.source.clone(),
            passed: observed.is_some_and(|value| threshold.holds(value)),
            observed,
            observed_text: observed
                .map_or_else(|| "nothing was measured".to_owned(), |v| show(threshold.measure, v)),
        }
    }

    /// What is measured, in the threshold's unit; `None` when it never happened.
    #[expect(clippy::cast_precision_loss, reason = "counts stay below 2^52")]
    fn observe(&self, threshold: &Threshold) -> Option<f64> {
        let chosen = self.chosen(threshold.filter.as_ref());
        let requests: u64 = chosen.iter().map(|totals| totals.requests()).sum();
        let failures: u64 = chosen.iter().map(|totals| totals.failures).sum();
        match threshold.measure {
            Measure::Latency { stat, corrected } => {
                let open = self.shared.slots.is_some();
                let latency = latency(&chosen, threshold.filter.as_ref(), corrected, open);
                (!latency.is_empty()).then(|| figure(&latency, stat))
            }
            Measure::ErrorRate => (requests > 0).then(|| failures as f64 / requests as f64),
            Measure::Failures => Some(failures as f64),
            Measure::Rps => (self.seconds > 0.0).then(|| requests as f64 / self.seconds),
            Measure::Checks => self.checks(threshold.filter.as_ref()),
            Measure::GeneratorLimited => Some(f64::from(u8::from(self.limited))),
        }
    }

    /// Requests that a filter chooses.
    fn chosen(&self, filter: Option<&Filter>) -> Vec<&RequestTotals> {
        let all = self.collector.totals.requests.iter().zip(&self.shared.plan.requests);
        let chosen = all.filter(|(_, name)| match filter {
            None | Some(Filter::StatusClass(_) | Filter::Status(_)) => true,
            Some(Filter::Request(wanted)) => name.name == *wanted,
            Some(Filter::Scenario(wanted)) => {
                name.scenarios.iter().any(|s| *self.shared.plan.scenarios[*s].name == **wanted)
            }
        });
        chosen.map(|(totals, _)| &**totals).collect()
    }

    #[expect(clippy::cast_precision_loss, reason = "counts stay below 2^52")]
    fn checks(&self, filter: Option<&Filter>) -> Option<f64> {
        let plan = &self.shared.plan;
        let chosen = |check: &CheckName| match filter {
            Some(Filter::Request(wanted)) => plan.requests[check.request as usize].name == *wanted,
            Some(Filter::Scenario(wanted)) => *plan.scenarios[check.scenario].name == **wanted,
            _ => true,
        };
        let counted =
            plan.checks.iter().zip(&self.collector.totals.checks).filter(|(check, _)| chosen(check));
        let (held, all) =
            counted.fold((0, 0), |(held, all), (_, [failed, passed])| (held + passed, all + failed + passed));
        (all > 0).then(|| held as f64 / all as f64)
    }
}

/// Latency of the chosen requests, narrowed to a status where the filter is one.
fn latency(
    chosen: &[&RequestTotals],
    filter: Option<&Filter>,
    corrected: bool,
    open: bool,
) -> Histogram<u64> {
    let mut all = histogram(3);
    for totals in chosen {
        match filter {
            Some(Filter::StatusClass(class)) => {
                totals.of_status(|s| s / 100 == u16::from(*class)).for_each(|h| merge(&mut all, h));
            }
            Some(Filter::Status(status)) => {
                totals.of_status(|s| s == *status).for_each(|h| merge(&mut all, h));
            }
            _ if corrected => totals.add_corrected(&mut all, open),
            _ => totals.add_latency(&mut all),
        }
    }
    all
}

/// A figure of the response time in milliseconds.
fn figure(latency: &Histogram<u64>, stat: Stat) -> f64 {
    match stat {
        Stat::Min => ms(latency.min()),
        Stat::Max => ms(latency.max()),
        Stat::Avg => latency.mean() / 1000.0,
        Stat::Percentile(thousandths) => quantile_ms(latency, f64::from(thousandths) / 100_000.0),
    }
}

/// Requests that a rule is given before it can end a run: the first few are slow or cold.
const ENOUGH: u64 = 100;

/// The first threshold that fails now, for a run that is to end with it. Rules on the rate, and on
/// the generator, are about the whole run and judged at its end alone.
pub(super) fn first_failed(shared: &Shared, phases: &Phases, now: Instant) -> Option<String> {
    let collector = shared.recorder.collect();
    let seconds = phases.measured(now).as_secs_f64();
    let evidence = Evidence { shared, collector: &collector, seconds, limited: false };
    let fails = |threshold: &&Threshold| {
        let chosen: u64 = evidence.chosen(threshold.filter.as_ref()).iter().map(|t| t.requests()).sum();
        let ripe = match threshold.measure {
            Measure::Rps | Measure::GeneratorLimited => false,
            // These can only get worse.
            Measure::Failures | Measure::Latency { stat: Stat::Max, .. } => chosen > 0,
            _ => chosen >= ENOUGH,
        };
        ripe && evidence.judge(threshold).observed.is_some_and(|value| !threshold.holds(value))
    };
    shared.thresholds.iter().find(fails).map(|threshold| threshold.source.clone())
}

/// An observed value with its unit.
fn show(measure: Measure, value: f64) -> String {
    match measure {
        Measure::Latency { .. } => format!("{value:.2} ms"),
        Measure::ErrorRate | Measure::Checks => format!("{:.2} %", value * 100.0),
        Measure::Failures => format!("{value:.0}"),
        Measure::Rps => format!("{value:.1}/s"),
        Measure::GeneratorLimited => if value > 0.0 { "yes" } else { "no" }.to_owned(),
    }
}
