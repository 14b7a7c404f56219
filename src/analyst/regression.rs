//! What is worse than in earlier runs of the same test.

use std::collections::BTreeMap;

use super::{
    MOST_EARLIER,
    facts::Facts,
    finding::{Draft, short},
    statistics::{Measure, MeasureName, Sample, Widening, measures},
};
use crate::engine::{
    histogram::decode,
    outcome::{Finding, Kind, Outcome, RequestStats, Severity, Status, Unit},
};

/// Requests of a name that is compared, in both runs.
const LEAST: u64 = 100;
/// How much worse a response time is than in the last run at least, as a share and in milliseconds: runs on
/// one machine differ by a tenth without a cause.
const WORSE: (f64, f64) = (0.25, 2.0);
/// How much worse than the worst of all earlier runs.
const BEYOND: f64 = 1.1;
/// How much more often requests fail at least, as a share of all.
const MORE_FAILURES: f64 = 0.005;

/// What came of the comparison.
#[derive(Default)]
pub(super) struct Compared {
    pub finding: Option<Finding>,
    pub not_judged: Option<String>,
    /// Runs that it was compared with.
    pub with: Vec<String>,
}

/// One request name, or all of them, that is worse.
struct Worse {
    request: Option<String>,
    measure: Measure,
    /// Requests that it is about, times what each takes longer.
    weight: f64,
}

/// Compares with those of `earlier` that had the same load on the same hosts.
pub(super) fn find(facts: &Facts<'_>, earlier: &[Outcome]) -> Compared {
    let alike: Vec<&Outcome> =
        earlier.iter().filter(|before| comparable(before, facts.outcome)).take(MOST_EARLIER).collect();
    let Some(last) = alike.first() else {
        let not_judged = (!earlier.is_empty()).then(|| {
            "The earlier runs of this test had another load or other hosts, or were cut short, so nothing was compared.".to_owned()
        });
        return Compared { not_judged, ..Compared::default() };
    };
    let with = alike.iter().map(|run| run.summary.run_id.clone()).collect();
    let mut worse = Vec::new();
    let sides = alike.iter().map(|run| Side::of(run)).collect::<Option<Vec<_>>>();
    let (Some(sides), Some(now)) = (sides, Side::of(facts.outcome)) else {
        return Compared { with, ..Compared::default() };
    };
    worse.extend(worst(None, &sides, &now));
    for request in facts.requests(LEAST) {
        worse.extend(worst(Some(&request.name), &sides, &now));
    }
    let finding = told(facts, last, worse, alike.len());
    Compared { finding, not_judged: None, with }
}

/// Whether a run can be compared with: of the same load on the same hosts, to its end, and not limited by the
/// generator.
#[must_use]
pub fn comparable(before: &Outcome, now: &Outcome) -> bool {
    before.summary.run_id != now.summary.run_id
        && before.hosts == now.hosts
        && before.measure == now.measure
        && before.config.get("load") == now.config.get("load")
        && before.summary.status == Status::Completed
        && !before.summary.generator.limited
        && !now.summary.generator.limited
        && before.summary.requests >= LEAST
}

/// A run, ready to be compared.
struct Side<'a> {
    outcome: &'a Outcome,
    widening: Widening,
    whole: hdrhistogram::Histogram<u64>,
    by_name: BTreeMap<&'a str, &'a RequestStats>,
}

impl<'a> Side<'a> {
    fn of(outcome: &'a Outcome) -> Option<Self> {
        let whole = decode(&outcome.histogram.latency).ok()?;
        let by_name =
            outcome.summary.by_request.iter().map(|request| (request.name.as_str(), request)).collect();
        Some(Self { outcome, widening: Widening::of(outcome, &whole), whole, by_name })
    }

    fn sample(&self, request: Option<&str>) -> Option<Sample> {
        let (histogram, failures) = match request {
            None => (self.whole.clone(), self.outcome.summary.failures),
            Some(name) => {
                let of = self.by_name.get(name)?;
                (decode(&of.histogram.latency).ok()?, of.failures)
            }
        };
        let requests = histogram.len();
        let failures = failures.min(requests);
        (requests >= LEAST).then_some(Sample {
            histogram,
            requests,
            failures,
            rps: 0.0,
            widening: self.widening,
        })
    }
}

/// The measure of a request that is worse beyond noise, and beyond what all earlier runs had.
fn worst(request: Option<&str>, earlier: &[Side<'_>], now: &Side<'_>) -> Option<Worse> {
    let after = now.sample(request)?;
    let before: Vec<Sample> = earlier.iter().filter_map(|side| side.sample(request)).collect();
    let last = before.first()?;
    let judged = measures(last, &after);
    let found = judged.into_iter().find(|measure| {
        let old = before.iter().map(|sample| value(sample, measure.name)).fold(0.0, f64::max);
        measure.is_real() && measure.is_worse() && matters(measure, old)
    })?;
    let longer = (after.histogram.mean() - last.histogram.mean()).max(0.0);
    Some(Worse {
        request: request.map(str::to_owned),
        weight: longer * after.requests as f64,
        measure: found,
    })
}

fn value(sample: &Sample, name: MeasureName) -> f64 {
    let at = |q| sample.histogram.value_at_quantile(q) as f64 / 1000.0;
    match name {
        MeasureName::P50 => at(0.5),
        MeasureName::P95 => at(0.95),
        MeasureName::P99 => at(0.99),
        MeasureName::ErrorRate => sample.failures as f64 / sample.requests.max(1) as f64,
        MeasureName::Avg | MeasureName::Rps => f64::INFINITY,
    }
}

fn matters(measure: &Measure, highest: f64) -> bool {
    match measure.name {
        MeasureName::P50 | MeasureName::P95 => {
            measure.b >= measure.a * (1.0 + WORSE.0)
                && measure.delta >= WORSE.1
                && measure.b >= highest * BEYOND
        }
        MeasureName::ErrorRate => measure.delta >= MORE_FAILURES && measure.b >= highest * BEYOND,
        // The farthest percentile, the average and the rate move by too much without a cause.
        MeasureName::P99 | MeasureName::Avg | MeasureName::Rps => false,
    }
}

fn told(facts: &Facts<'_>, last: &Outcome, worse: Vec<Worse>, runs: usize) -> Option<Finding> {
    let of_requests: f64 = worse.iter().filter(|one| one.request.is_some()).map(|one| one.weight).sum();
    let heaviest =
        worse.iter().filter(|one| one.request.is_some()).max_by(|a, b| a.weight.total_cmp(&b.weight));
    // One request that makes up most of it, or all of them together.
    let one = heaviest.filter(|one| one.weight >= 0.7 * of_requests);
    let found = one.or_else(|| worse.iter().find(|one| one.request.is_none())).or(heaviest)?;
    let confidence = if runs > 2 { 0.95 } else { 0.85 };
    let mut draft = Draft::new(Kind::Regression, Severity::Warning, confidence);
    let (name, unit) = (
        found.measure.name.to_string(),
        if found.measure.name == MeasureName::ErrorRate { Unit::Share } else { Unit::Ms },
    );
    let before = draft.figure(format!("{name} in the last run"), found.measure.a, unit);
    let after = draft.figure(format!("{name} in this run"), found.measure.b, unit);
    let runs = draft.figure("earlier runs compared with", runs as f64, Unit::Count);
    let who = found.request.as_deref().map_or("The test as a whole", short);
    let mut text = format!(
        "{who} is worse than in the last run of this test: {name} went from {before} to {after}, which is beyond \
         noise and beyond all of {runs} earlier runs with the same load."
    );
    if let Some((phase, from, to)) =
        found.request.as_deref().and_then(|name| grown(name, last, facts.outcome))
    {
        let from = draft.figure(format!("{phase} in the average request of the last run"), from, Unit::Ms);
        let to = draft.figure(format!("{phase} in the average request of this run"), to, Unit::Ms);
        text.push_str(&format!(" Its {phase} time went from {from} to {to} on average."));
    }
    let title = format!("{who} is worse than in earlier runs");
    let request = found.request.clone();
    let next = "Run it again to confirm; then run the version before under the same load, and look at what changed between \
                the two.";
    Some(draft.request(request).next(next, None).told(title, text))
}

/// The part of a request's time that grew most.
fn grown(name: &str, before: &Outcome, after: &Outcome) -> Option<(String, f64, f64)> {
    let of = |run: &Outcome| {
        let request = run.summary.by_request.iter().find(|request| request.name == name)?;
        let mean = |part: &crate::engine::outcome::TimingStats| {
            part.avg * part.count as f64 / request.requests.max(1) as f64
        };
        Some(
            request
                .timings_ms
                .iter()
                .map(|(name, part)| (name.clone(), mean(part)))
                .collect::<BTreeMap<_, _>>(),
        )
    };
    let (old, new) = (of(before)?, of(after)?);
    let growth = |name: &str, value: f64| value - old.get(name).copied().unwrap_or_default();
    let (name, value) = new.iter().max_by(|a, b| growth(a.0, *a.1).total_cmp(&growth(b.0, *b.1)))?;
    (growth(name, *value) > 0.5).then(|| (name.clone(), old.get(name).copied().unwrap_or_default(), *value))
}
