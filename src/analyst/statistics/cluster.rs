//! How much less the requests of a run say than as many independent ones would.
//!
//! Requests of one second share a garbage collection, a scheduler, a neighbour: a percentile moves
//! from second to second by more than chance alone moves it. The run's own series shows by how much.
//!
//! For second `i` with `n` requests the series has `x`, its `r`-th smallest response time, with
//! `r = ceil(q n)`. Were all requests of the run independent, `F(x)`, the share of the whole run
//! that took no longer, would follow `Beta(r, n + 1 - r)` (H. A. David and H. N. Nagaraja, *Order
//! Statistics*, 3rd ed., section 2.1), of known mean and variance. The observed variance of `F(x)`
//! around that, weighted with `n`, by the expected one is the *design effect* of sampling by the
//! second (L. Kish, *Survey Sampling*, 1965, section 8.2), and the interval of a percentile is
//! widened in ranks by its square root (R. S. Woodruff, 1952). Seconds depend on each other as well,
//! so the same is done for pairs of seconds, fours and so on, and the widest counts (the batch means
//! of A. M. Law, *Simulation Modeling and Analysis*, section 9.5.3).

use hdrhistogram::Histogram;
use schemars::JsonSchema;
use serde::Serialize;

use super::probability::{Z_99, student_99};
use crate::engine::outcome::Outcome;

/// Points that a run's own variation is taken from at least.
const FEWEST_POINTS: usize = 5;
/// Batches of more than one point that a variation is taken from at least.
const FEWEST_BATCHES: usize = 5;
/// Widening of a run with too few points to show its own: that of three points without a design
/// effect, Student's 9.92 by 2.58, rounded up.
const UNKNOWN: f64 = 4.0;

/// By how much the intervals of a run are wider than those of independent requests; at least 1.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, JsonSchema)]
#[expect(missing_docs, reason = "the names say it all")]
pub struct Widening {
    pub p50: f64,
    pub p95: f64,
    pub p99: f64,
}

impl Widening {
    /// The widening that the series of `outcome` shows; `whole` is its histogram.
    pub fn of(outcome: &Outcome, whole: &Histogram<u64>) -> Self {
        let s = &outcome.series;
        let under_load = under_load(outcome);
        let column = |values: &[f64], q| {
            let points = s.at_s.iter().zip(&s.requests).zip(values);
            let points = points.filter(|((at, _), _)| under_load(**at));
            widening(&points.filter_map(|((_, n), ms)| Point::of(whole, *n, *ms, q)).collect::<Vec<_>>())
        };
        Self { p50: column(&s.p50_ms, 0.5), p95: column(&s.p95_ms, 0.95), p99: column(&s.p99_ms, 0.99) }
    }

    /// The widest, for figures that depend on the whole distribution.
    pub fn widest(self) -> f64 {
        self.p50.max(self.p95).max(self.p99)
    }
}

/// Whether a second lies in the steady phase. While users come and go a percentile moves on purpose,
/// which is no noise; without enough steady seconds all of them count.
fn under_load(outcome: &Outcome) -> impl Fn(u32) -> bool + use<'_> {
    let steady = |at: u32| {
        let (from, to) = (f64::from(at), f64::from(at) + f64::from(outcome.series.step_s));
        outcome.phases.iter().any(|phase| {
            phase.name == "maintain" && phase.start_s <= from && to <= phase.start_s + phase.duration_s
        })
    };
    let enough = outcome.series.at_s.iter().filter(|at| steady(**at)).count() >= FEWEST_POINTS;
    move |at| !enough || steady(at)
}

/// One second of one percentile.
struct Point {
    requests: f64,
    /// How far `F(x)` lies from the mean of its distribution under independence.
    off: f64,
    /// The variance of that distribution.
    variance: f64,
}

impl Point {
    fn of(whole: &Histogram<u64>, requests: u64, ms: f64, q: f64) -> Option<Self> {
        let known = requests > 0 && ms.is_finite() && ms >= 0.0 && !whole.is_empty();
        known.then(|| {
            let n = requests as f64;
            let rank = (q * n).ceil().clamp(1.0, n);
            let variance = rank * (n + 1.0 - rank) / ((n + 1.0).powi(2) * (n + 2.0));
            let off = share_up_to(whole, (ms * 1000.0).round() as u64) - rank / (n + 1.0);
            Self { requests: n, off, variance }
        })
    }
}

/// The share of `whole` up to the middle of the bucket of `value`.
fn share_up_to(whole: &Histogram<u64>, value: u64) -> f64 {
    let (value, all) = (value.min(whole.high()), whole.len() as f64);
    let within = whole.count_at(value) as f64 / all;
    (whole.quantile_below(value) - within / 2.0).clamp(0.0, 1.0)
}

fn widening(points: &[Point]) -> f64 {
    let measured = batch_sizes(points.len()).map(|size| batched(points, size)).fold(1.0, f64::max);
    if points.len() < FEWEST_POINTS { measured.max(UNKNOWN) } else { measured }
}

/// 1, and then 2, 4, 8 and so on while there are enough batches.
fn batch_sizes(points: usize) -> impl Iterator<Item = usize> {
    let sizes = std::iter::successors(Some(1_usize), |size| size.checked_mul(2));
    sizes.take_while(move |size| if *size == 1 { points >= 2 } else { points / size >= FEWEST_BATCHES })
}

/// The square root of the design effect of batches of `size` points, for an interval by Student's
/// distribution: few batches know their own variance but roughly.
fn batched(points: &[Point], size: usize) -> f64 {
    let requests: f64 = points.iter().map(|p| p.requests).sum();
    let mean = points.iter().map(|p| p.requests * p.off).sum::<f64>() / requests;
    let batches = points.chunks(size).map(|batch| {
        let off: f64 = batch.iter().map(|p| p.requests * (p.off - mean)).sum();
        off * off
    });
    let observed: f64 = batches.sum();
    let expected: f64 = points.iter().map(|p| p.requests * p.requests * p.variance).sum();
    let count = points.len().div_ceil(size) as f64;
    let effect = observed / expected * count / (count - 1.0);
    let effect = if effect.is_finite() { effect.max(1.0) } else { 1.0 };
    effect.sqrt() * student_99(count - 1.0) / Z_99
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::histogram::empty;

    /// Seconds of 200 requests each, of 10 to 20 ms, second `i` later by `shift(i)` ms.
    fn seconds(count: usize, shift: impl Fn(usize) -> f64) -> f64 {
        let mut random = fastrand::Rng::with_seed(7);
        let times: Vec<Vec<u64>> = (0..count)
            .map(|i| (0..200).map(|_| ((10.0 + 10.0 * random.f64() + shift(i)) * 1000.0) as u64).collect())
            .collect();
        let mut whole = empty();
        times.iter().flatten().for_each(|time| whole.saturating_record(*time));
        let median = |times: &Vec<u64>| {
            let mut sorted = times.clone();
            sorted.sort_unstable();
            sorted[99] as f64 / 1000.0
        };
        let points = times.iter().filter_map(|times| Point::of(&whole, 200, median(times), 0.5));
        widening(&points.collect::<Vec<_>>())
    }

    #[test]
    fn independent_seconds_widen_little_and_moving_ones_much() {
        let independent = seconds(60, |_| 0.0);
        assert!((1.0..1.7).contains(&independent), "{independent}");
        let moving = seconds(60, |i| if i % 2 == 0 { 0.0 } else { 2.0 });
        assert!(moving > 2.0 * independent, "{moving}");
        let drifting = seconds(64, |i| if i < 32 { 0.0 } else { 2.0 });
        assert!(drifting > 1.5 * moving, "seconds that go together say less: {drifting} {moving}");
    }

    #[test]
    fn few_seconds_are_taken_with_caution() {
        assert_eq!(widening(&[]), UNKNOWN);
        assert!(seconds(3, |_| 0.0) >= UNKNOWN);
        assert!(seconds(3, |i| i as f64 * 5.0) > 2.0 * UNKNOWN);
    }
}
