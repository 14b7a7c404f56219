//! Thresholds held against what was measured.

use std::time::Instant;

use hdrhistogram::Histogram;

use super::phases::Phases;
use crate::{
    engine::{
        outcome::{ThresholdResult, Verdict},
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
        let requests: u64 = chosen.iter().map(|(totals, class)| count(totals, *class)).sum();
        let failures: u64 = chosen.iter().map(|(totals, class)| failures(totals, *class)).sum();
        match threshold.measure {
            Measure::Latency { stat, corrected } => {
                let open = self.shared.slots.is_some();
                let latency = latency(&chosen, corrected, open);
                (!latency.is_empty()).then(|| figure(&latency, stat))
            }
            Measure::ErrorRate => (requests > 0).then(|| failures as f64 / requests as f64),
            Measure::Failures => Some(failures as f64),
            Measure::Rps => (self.seconds > 0.0).then(|| requests as f64 / self.seconds),
            Measure::Checks => self.checks(threshold.filter.as_ref()),
            Measure::GeneratorLimited => Some(f64::from(u8::from(self.limited))),
        }
    }

    /// Requests that a filter chooses, each with the status class that it is narrowed to.
    fn chosen(&self, filter: Option<&Filter>) -> Vec<(&RequestTotals, Option<usize>)> {
        let all = self.collector.totals.requests.iter().zip(&self.shared.plan.requests);
        all.filter_map(|(totals, name)| match filter {
            None => Some((totals, None)),
            Some(Filter::Request(wanted)) => (name.name == *wanted).then_some((totals, None)),
            Some(Filter::Scenario(wanted)) => {
                let runs = |s: &usize| *self.shared.plan.scenarios[*s].name == **wanted;
                name.scenarios.iter().any(runs).then_some((totals, None))
            }
            Some(Filter::StatusClass(class)) => Some((totals, Some(usize::from(*class)))),
            Some(Filter::Status(_)) => None,
        })
        .collect()
    }

    #[expect(clippy::cast_precision_loss, reason = "counts stay below 2^52")]
    fn checks(&self, filter: Option<&Filter>) -> Option<f64> {
        let requests = &self.shared.plan.requests;
        let counts = |request: u32| match filter {
            Some(Filter::Request(wanted)) => requests[request as usize].name == *wanted,
            _ => true,
        };
        let of = self.shared.plan.checks.iter().zip(&self.collector.totals.checks);
        let (held, all) = of
            .filter(|((request, _), _)| counts(*request))
            .fold((0, 0), |(held, all), (_, [failed, passed])| (held + passed, all + failed + passed));
        (all > 0).then(|| held as f64 / all as f64)
    }
}

fn count(totals: &RequestTotals, class: Option<usize>) -> u64 {
    class.map_or_else(
        || totals.requests(),
        |class| totals.classes.get(class).and_then(Option::as_ref).map_or(0, |h| h.len()),
    )
}

/// Failures; of one status class, its answers as far as they can have failed.
fn failures(totals: &RequestTotals, class: Option<usize>) -> u64 {
    class.map_or(totals.failures, |_| totals.failures.min(count(totals, class)))
}

fn latency(chosen: &[(&RequestTotals, Option<usize>)], corrected: bool, open: bool) -> Histogram<u64> {
    let mut all = histogram(3);
    for (totals, class) in chosen {
        match class {
            Some(class) => {
                totals.classes.get(*class).into_iter().flatten().for_each(|h| merge(&mut all, h));
            }
            None if corrected => merge(&mut all, &totals.corrected(open)),
            None => merge(&mut all, &totals.latency()),
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

/// The first threshold that fails now, for a run that is to end with it.
pub(super) fn first_failed(shared: &Shared, phases: &Phases, now: Instant) -> Option<String> {
    let collector = shared.recorder.collect();
    if collector.totals.finished == 0 {
        return None;
    }
    let evidence = Evidence {
        shared,
        collector: &collector,
        seconds: phases.measured(now).as_secs_f64(),
        limited: false,
    };
    let verdict = evidence.verdict();
    drop(collector);
    verdict.thresholds.into_iter().find(|t| !t.passed && t.observed.is_some()).map(|t| t.rule)
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
