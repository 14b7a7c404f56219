//! The tests themselves, on decoded histograms.

use std::collections::BTreeMap;

use hdrhistogram::Histogram;
use schemars::JsonSchema;
use serde::Serialize;

use super::{
    cluster::Widening,
    measure::Sample,
    probability::{Z_99, quantile_ranks, two_sided_p, wilson},
};

/// The smallest difference of two response times that is taken for one, in microseconds: on a shared
/// machine the scheduler alone moves a run by as much.
pub const SMALLEST_DIFFERENCE_US: u64 = 100;

/// Two distributions as a whole.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
pub struct Shift {
    /// Probability that a request of B took longer than one of A, ties counting half: 0.5 is no shift.
    pub b_slower: f64,
    /// The Mann-Whitney statistic in standard deviations, those of independent requests widened as
    /// the median's interval is.
    pub z: f64,
    /// Its two-sided p-value.
    pub p: f64,
    /// Whether the p-value is under 1 %, and the medians differ by enough to mean anything.
    pub beyond_noise: bool,
}

/// Mann-Whitney U over the merged buckets; none when a side is empty.
pub fn shift(a: &Sample, b: &Sample) -> Option<Shift> {
    let wider = a.widening.p50.max(b.widening.p50);
    let (a, b) = (&a.histogram, &b.histogram);
    let (na, nb) = (a.len() as f64, b.len() as f64);
    if na == 0.0 || nb == 0.0 {
        return None;
    }
    let mut buckets: BTreeMap<u64, (f64, f64)> = BTreeMap::new();
    for bucket in a.iter_recorded() {
        let key = a.lowest_equivalent(bucket.value_iterated_to());
        buckets.entry(key).or_default().0 += bucket.count_at_value() as f64;
    }
    for bucket in b.iter_recorded() {
        let key = a.lowest_equivalent(bucket.value_iterated_to());
        buckets.entry(key).or_default().1 += bucket.count_at_value() as f64;
    }
    let (mut u, mut below, mut ties) = (0.0, 0.0, 0.0);
    for (in_a, in_b) in buckets.values() {
        u += in_b * (below + in_a / 2.0);
        below += in_a;
        let tied = in_a + in_b;
        ties += tied * tied * tied - tied;
    }
    let n = na + nb;
    let correction = if n > 1.0 { ties / (n * (n - 1.0)) } else { 0.0 };
    let deviation = (na * nb / 12.0 * (n + 1.0 - correction)).max(0.0).sqrt() * wider;
    let z = if deviation > 0.0 { (u - na * nb / 2.0) / deviation } else { 0.0 };
    let p = two_sided_p(z);
    let apart = a.value_at_quantile(0.5).abs_diff(b.value_at_quantile(0.5));
    Some(Shift { b_slower: u / na / nb, z, p, beyond_noise: p < 0.01 && apart > SMALLEST_DIFFERENCE_US })
}

/// A quantile that is compared.
#[derive(Clone, Copy)]
pub struct Quantile {
    pub q: f64,
    /// Its widening, of those of a run.
    pub widening: fn(&Widening) -> f64,
}

/// Whether a quantile differs: its 99 % intervals lie apart, by more than [`least`].
pub fn quantiles_differ(a: &Sample, b: &Sample, of: Quantile) -> bool {
    if a.histogram.is_empty() || b.histogram.is_empty() {
        return false;
    }
    let at = |sample: &Sample| sample.histogram.value_at_quantile(of.q);
    let (low_a, high_a) = interval(a, of);
    let (low_b, high_b) = interval(b, of);
    (high_a < low_b || high_b < low_a) && at(a).abs_diff(at(b)) > least(&a.histogram, at(a), at(b))
}

/// What a difference of two response times has to exceed: a bucket, and what can mean anything.
fn least(histogram: &Histogram<u64>, a: u64, b: u64) -> u64 {
    let bucket = |value| histogram.equivalent_range(value);
    bucket(a).max(bucket(b)).max(SMALLEST_DIFFERENCE_US)
}

/// The 99 % interval of a quantile, widened to the edges of its buckets. A side that the samples do
/// not bound is open.
fn interval(sample: &Sample, of: Quantile) -> (u64, u64) {
    let histogram = &sample.histogram;
    let (low, high) = quantile_ranks(histogram.len(), of.q, (of.widening)(&sample.widening));
    let bottom = low.map_or(0, |rank| histogram.lowest_equivalent(at_rank(histogram, rank)));
    let top = high.map_or(u64::MAX, |rank| histogram.highest_equivalent(at_rank(histogram, rank)));
    (bottom, top)
}

/// The `rank`-th smallest value.
fn at_rank(histogram: &Histogram<u64>, rank: u64) -> u64 {
    let mut seen = 0_u64;
    let found = histogram.iter_recorded().find(|bucket| {
        seen = seen.saturating_add(bucket.count_at_value());
        seen >= rank
    });
    found.map_or_else(|| histogram.max(), |bucket| bucket.value_iterated_to())
}

/// Whether the averages differ: Welch's statistic with widened errors, and by more than [`least`].
pub fn averages_differ(a: &Sample, b: &Sample) -> bool {
    let (one, other) = (&a.histogram, &b.histogram);
    if one.len() < 2 || other.len() < 2 {
        return false;
    }
    let change = (one.mean() - other.mean()).abs();
    let error = |sample: &Sample| {
        let of = &sample.histogram;
        (of.stdev() * sample.widening.widest()).powi(2) / of.len() as f64
    };
    let least = least(one, one.mean() as u64, other.mean() as u64);
    change > least as f64 && change > Z_99 * (error(a) + error(b)).sqrt()
}

/// Whether two shares, each of hits and samples, differ: Newcombe's interval leaves out zero.
pub fn shares_differ((hits_a, n_a): (u64, u64), (hits_b, n_b): (u64, u64)) -> bool {
    if n_a == 0 || n_b == 0 {
        return false;
    }
    let (share_a, share_b) = (hits_a as f64 / n_a as f64, hits_b as f64 / n_b as f64);
    let ((low_a, high_a), (low_b, high_b)) = (wilson(hits_a, n_a), wilson(hits_b, n_b));
    let change = share_b - share_a;
    let low = change - ((share_b - low_b).powi(2) + (high_a - share_a).powi(2)).sqrt();
    let high = change + ((high_b - share_b).powi(2) + (share_a - low_a).powi(2)).sqrt();
    low > 0.0 || high < 0.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::histogram::empty;

    fn of(values: &[u64]) -> Sample {
        let mut histogram = empty();
        values.iter().for_each(|value| histogram.saturating_record(*value));
        let widening = Widening { p50: 1.0, p95: 1.0, p99: 1.0 };
        Sample { requests: histogram.len(), histogram, failures: 0, rps: 0.0, widening }
    }

    const MEDIAN: Quantile = Quantile { q: 0.5, widening: |widening| widening.p50 };

    #[test]
    fn mann_whitney_agrees_with_a_count_by_hand() {
        // Of 9 pairs B is larger in 5, equal in 1: U = 5.5. Ties: one pair of two.
        let shift = shift(&of(&[1, 3, 5]), &of(&[2, 5, 6])).expect("both have values");
        assert!((shift.b_slower - 6.5 / 9.0).abs() < 1e-12, "{shift:?}");
        let deviation = (9.0_f64 / 12.0 * (7.0 - 6.0 / 30.0)).sqrt();
        assert!((shift.z - 2.0 / deviation).abs() < 1e-12, "{shift:?}");
    }

    #[test]
    fn one_value_everywhere_is_no_shift() {
        let same = shift(&of(&[7; 100]), &of(&[7; 50])).expect("both have values");
        assert!(!same.beyond_noise && same.b_slower == 0.5);
        assert!(shift(&of(&[]), &of(&[1])).is_none());
        assert!(!quantiles_differ(&of(&[7; 100]), &of(&[7; 50]), MEDIAN));
    }

    #[test]
    fn a_difference_that_the_scheduler_makes_is_none() {
        let (a, b, c) = (of(&[50; 5000]), of(&[140; 5000]), of(&[250; 5000]));
        assert!(!quantiles_differ(&a, &b, MEDIAN) && !averages_differ(&a, &b));
        assert!(!shift(&a, &b).expect("both have values").beyond_noise);
        assert!(quantiles_differ(&a, &c, MEDIAN) && averages_differ(&a, &c));
        assert!(shift(&a, &c).expect("both have values").beyond_noise);
    }

    #[test]
    fn shares_of_rare_failures() {
        assert!(!shares_differ((0, 1000), (1, 1000)));
        assert!(shares_differ((0, 1000), (20, 1000)));
        assert!(!shares_differ((0, 0), (20, 1000)));
    }
}
