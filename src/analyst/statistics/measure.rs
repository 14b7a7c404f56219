//! The measures that are compared, and when one of them is worse.

use std::fmt;

use hdrhistogram::Histogram;
use schemars::JsonSchema;
use serde::Serialize;

use super::{
    cluster::Widening,
    estimate::{Quantile, averages_differ, quantiles_differ, shares_differ},
};

/// What is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it all")]
pub enum MeasureName {
    P50,
    P95,
    P99,
    Avg,
    ErrorRate,
    Rps,
}

impl fmt::Display for MeasureName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::P50 => "p50",
            Self::P95 => "p95",
            Self::P99 => "p99",
            Self::Avg => "avg",
            Self::ErrorRate => "error rate",
            Self::Rps => "requests/s",
        })
    }
}

/// One measure in both runs: ms, a share of 0 to 1, or requests per second.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Measure {
    /// Which measure.
    pub name: MeasureName,
    /// Its value in A.
    pub a: f64,
    /// Its value in B.
    pub b: f64,
    /// B less A.
    pub delta: f64,
    /// The change as a share of A; none when A is zero.
    pub change: Option<f64>,
    /// Whether the change is beyond noise; none when there is no test for it, or nothing to test.
    pub beyond_noise: Option<bool>,
}

impl Measure {
    fn new(name: MeasureName, a: f64, b: f64, beyond_noise: Option<bool>) -> Self {
        let [a, b] = [a, b].map(|value| if value.is_finite() { value } else { 0.0 });
        let change = (a != 0.0).then(|| (b - a) / a);
        Self { name, a, b, delta: b - a, change, beyond_noise }
    }

    /// Whether the change is beyond noise.
    #[must_use]
    pub fn is_real(&self) -> bool {
        self.beyond_noise == Some(true)
    }

    /// The same figures, not judged: what they were taken from cannot be compared.
    pub(crate) fn unjudged(self) -> Self {
        Self { beyond_noise: None, ..self }
    }

    /// Whether B is worse than A: slower, more errors, fewer requests.
    #[must_use]
    pub fn is_worse(&self) -> bool {
        if self.name == MeasureName::Rps { self.delta < 0.0 } else { self.delta > 0.0 }
    }

    /// Whether it is worse by more than `max` (a share of A) and beyond noise. The average is left
    /// out, which one outlier moves, and so is the rate, which has no test.
    pub(crate) fn is_regression(&self, max: f64) -> bool {
        let judged = !matches!(self.name, MeasureName::Avg | MeasureName::Rps);
        judged && self.is_real() && self.is_worse() && self.change.is_none_or(|change| change > max)
    }
}

/// One side of a comparison.
pub struct Sample {
    pub histogram: Histogram<u64>,
    pub requests: u64,
    pub failures: u64,
    pub rps: f64,
    pub widening: Widening,
}

/// All measures of `a` and `b`.
pub fn measures(a: &Sample, b: &Sample) -> Vec<Measure> {
    let timed = !a.histogram.is_empty() && !b.histogram.is_empty();
    let quantile = |name, of: Quantile| {
        let value = |sample: &Sample| sample.histogram.value_at_quantile(of.q) as f64 / 1000.0;
        Measure::new(name, value(a), value(b), timed.then(|| quantiles_differ(a, b, of)))
    };
    let share = |sample: &Sample| sample.failures as f64 / sample.requests.max(1) as f64;
    let counted = a.requests > 0 && b.requests > 0;
    let errors = counted.then(|| shares_differ((a.failures, a.requests), (b.failures, b.requests)));
    let averages = timed.then(|| averages_differ(a, b));
    vec![
        quantile(MeasureName::P50, Quantile { q: 0.5, widening: |widening| widening.p50 }),
        quantile(MeasureName::P95, Quantile { q: 0.95, widening: |widening| widening.p95 }),
        quantile(MeasureName::P99, Quantile { q: 0.99, widening: |widening| widening.p99 }),
        Measure::new(MeasureName::Avg, a.histogram.mean() / 1000.0, b.histogram.mean() / 1000.0, averages),
        Measure::new(MeasureName::ErrorRate, share(a), share(b), errors),
        Measure::new(MeasureName::Rps, a.rps, b.rps, None),
    ]
}
