//! Two runs side by side: what changed, and whether the change is more than noise.
//!
//! # The tests
//! All are two-sided at a level of 1 %, on the histograms from sending, as the reports store them.
//!
//! * **Percentiles**: for each run the distribution-free 99 % confidence interval of the quantile
//!   from order statistics: the number of samples below the true `p`-quantile is binomial
//!   `B(n, p)`, so the `l`-th and the `u`-th smallest sample bound it, where `l` and `u` are the
//!   0.5 % and 99.5 % points of `B(n, p)` (W. J. Conover, *Practical Nonparametric Statistics*,
//!   3rd ed., section 3.2; J.-Y. Le Boudec, *Performance Evaluation of Computer and Communication
//!   Systems*, theorem 2.1). A change is beyond noise when the intervals, widened to the edges of
//!   their histogram buckets, do not overlap and the change is larger than a bucket and than 0.1 ms.
//!   Intervals that do not overlap are a stricter demand than 1 %: about 0.03 % for runs of equal
//!   size. Both ranks lie farther out by what the run's own seconds vary more than independent
//!   requests would: see `analyst::statistics`.
//! * **Average**: Welch's statistic `(b - a) / sqrt(va/na + vb/nb)` beyond 2.576 (B. L. Welch, 1947),
//!   and more than a bucket and 0.1 ms, with the error widened as the widest percentile.
//! * **The distribution as a whole**: the Mann-Whitney U test over the merged buckets, in its normal
//!   approximation with the correction for ties (H. B. Mann and D. R. Whitney, 1947; Conover,
//!   section 5.1), with `U / (na * nb)` as effect size: the probability that a request of B took
//!   longer than one of A, ties counting half (A. Vargha and H. D. Delaney, 2000). Its deviation is
//!   widened as the median's interval is.
//! * **Error rate**: the 99 % interval of the difference of two proportions after R. G. Newcombe
//!   (1998, method 10), made from two Wilson score intervals (E. B. Wilson, 1927); beyond noise when
//!   it leaves out zero. It holds for rare errors and for none at all.
//! * **Requests per second** get no test: a run has one rate, not a sample of rates.
//!
//! # What the tests cannot know
//! The seconds of a run show what moves from second to second. What moves a whole run, another
//! placement of threads, another neighbour, shows only between runs: repeat a run before acting on
//! a small difference. Error rates take requests for independent.

mod notes;
mod text;

use std::collections::BTreeMap;

use hdrhistogram::Histogram;
use schemars::JsonSchema;
use serde::Serialize;

use super::ReportError;
pub use crate::analyst::statistics::{Measure, MeasureName, Shift, Widening};
use crate::{
    analyst::statistics::{Sample, measures, shift},
    engine::{
        histogram::decode,
        outcome::{Histograms, Outcome, RequestStats},
    },
};
use notes::{notes, total_is_incomparable};

/// Two runs side by side.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Comparison {
    /// The run that is compared with.
    pub a: RunRef,
    /// The run that is compared.
    pub b: RunRef,
    /// All requests together.
    pub total: Compared,
    /// Request names that both runs have, in the order of B.
    pub by_request: Vec<Compared>,
    /// Request names that only B has.
    pub added: Vec<String>,
    /// Request names that only A has.
    pub removed: Vec<String>,
    /// Why the two may not be comparable, a sentence each.
    pub notes: Vec<String>,
    /// Largest regression that is let pass, as a share (0.1 is 10 %), when one was given.
    pub max_regression: Option<f64>,
    /// What is worse by more than that and beyond noise.
    pub regressions: Vec<Regression>,
}

/// Which run.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct RunRef {
    /// Id of the run.
    pub run_id: String,
    /// Name of the test.
    pub name: String,
    /// When it began, RFC 3339.
    pub started_at: String,
    /// Finished requests.
    pub requests: u64,
    /// By how much its intervals were widened for what its seconds vary.
    pub widening: Widening,
}

/// One request name, or all of them, in both runs.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Compared {
    /// Name of the request; empty for the total.
    pub name: String,
    /// Requests in A and in B.
    pub requests: [u64; 2],
    /// p50, p95, p99, avg, error_rate, rps.
    pub measures: Vec<Measure>,
    /// The distribution as a whole; none when one of the runs has no request.
    pub shift: Option<Shift>,
}

/// A measure that is worse than is let pass.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Regression {
    /// Name of the request; empty for the total.
    pub request: String,
    /// Which measure.
    pub measure: MeasureName,
    /// Its value in A, in ms or as a share.
    pub a: f64,
    /// Its value in B.
    pub b: f64,
    /// The change as a share of A; none when A is zero.
    pub change: Option<f64>,
}

/// Compares run `b` with run `a`, which came before it. `max_regression` is a share: 0.1 is 10 %.
///
/// # Errors
/// When a stored histogram is damaged.
pub fn compare(a: &Outcome, b: &Outcome, max_regression: Option<f64>) -> Result<Comparison, ReportError> {
    let before: BTreeMap<&str, &RequestStats> = by_name(a).collect();
    let after: BTreeMap<&str, &RequestStats> = by_name(b).collect();
    let (a_whole, b_whole) = (Run::of(a)?, Run::of(b)?);
    let both = b.summary.by_request.iter().filter_map(|r| Some((*before.get(r.name.as_str())?, r)));
    let by_request = both
        .map(|(old, new)| Ok(compared(&new.name, &a_whole.sample_of(old)?, &b_whole.sample_of(new)?)))
        .collect::<Result<Vec<_>, ReportError>>()?;
    let only = |these: &Outcome, others: &BTreeMap<&str, &RequestStats>| {
        by_name(these)
            .filter(|(name, _)| !others.contains_key(name))
            .map(|(name, _)| name.to_owned())
            .collect()
    };
    let mut total = compared("", &a_whole.total(), &b_whole.total());
    if total_is_incomparable(a, b).is_some() {
        total.measures = total.measures.into_iter().map(Measure::unjudged).collect();
        total.shift = None;
    }
    let mut comparison = Comparison {
        a: RunRef::of(&a_whole),
        b: RunRef::of(&b_whole),
        total,
        by_request,
        added: only(b, &before),
        removed: only(a, &after),
        notes: notes(a, b),
        max_regression,
        regressions: Vec::new(),
    };
    comparison.regressions = max_regression.map(|max| comparison.regressions(max)).unwrap_or_default();
    Ok(comparison)
}

impl Comparison {
    /// What is worse by more than `max` (a share of A) and beyond noise: p50, p95, p99 and the error
    /// rate, in total and per request name. From an error rate of zero every rise is more.
    #[must_use]
    pub fn regressions(&self, max: f64) -> Vec<Regression> {
        let all = std::iter::once(&self.total).chain(&self.by_request);
        all.flat_map(|compared| compared.measures.iter().map(move |measure| (compared, measure)))
            .filter(|(_, measure)| measure.is_regression(max))
            .map(|(compared, measure)| Regression {
                request: compared.name.clone(),
                measure: measure.name,
                a: measure.a,
                b: measure.b,
                change: measure.change,
            })
            .collect()
    }
}

impl RunRef {
    fn of(run: &Run<'_>) -> Self {
        let outcome = run.outcome;
        Self {
            run_id: outcome.summary.run_id.clone(),
            name: outcome.name.clone(),
            started_at: outcome.started_at.clone(),
            requests: outcome.summary.requests,
            widening: run.widening,
        }
    }
}

fn by_name(outcome: &Outcome) -> impl Iterator<Item = (&str, &RequestStats)> {
    outcome.summary.by_request.iter().map(|request| (request.name.as_str(), request))
}

fn compared(name: &str, a: &Sample, b: &Sample) -> Compared {
    Compared {
        name: name.to_owned(),
        requests: [a.requests, b.requests],
        measures: measures(a, b),
        shift: shift(a, b),
    }
}

/// A run that samples are taken from. A request name has no series of its own and gets the widening
/// of the whole run.
struct Run<'a> {
    outcome: &'a Outcome,
    histogram: Histogram<u64>,
    widening: Widening,
}

impl<'a> Run<'a> {
    fn of(outcome: &'a Outcome) -> Result<Self, ReportError> {
        let histogram = decoded("the whole run", &outcome.histogram)?;
        Ok(Self { outcome, widening: Widening::of(outcome, &histogram), histogram })
    }

    fn total(&self) -> Sample {
        let s = &self.outcome.summary;
        self.sample(self.histogram.clone(), s.requests, s.failures, s.rps)
    }

    fn sample_of(&self, request: &RequestStats) -> Result<Sample, ReportError> {
        let histogram = decoded(&request.name, &request.histogram)?;
        Ok(self.sample(histogram, request.requests, request.failures, request.rps))
    }

    fn sample(&self, histogram: Histogram<u64>, requests: u64, failures: u64, rps: f64) -> Sample {
        Sample { histogram, requests, failures: failures.min(requests), rps, widening: self.widening }
    }
}

fn decoded(of: &str, stored: &Histograms) -> Result<Histogram<u64>, ReportError> {
    decode(&stored.latency).map_err(|cause| ReportError::Histogram { of: super::text::cut(of, 80), cause })
}
