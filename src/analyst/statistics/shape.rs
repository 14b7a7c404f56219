//! Where a curve bends, jumps, or has two humps.

use hdrhistogram::Histogram;

/// Two straight lines that meet.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Hinge {
    /// Where they meet.
    pub at: f64,
    /// Height there.
    pub height: f64,
    /// Slope before it.
    pub before: f64,
    /// Slope after it.
    pub after: f64,
    /// How many times as much a single line leaves over as the two do, for each degree of freedom: the F
    /// statistic of the bend.
    pub f: f64,
}

/// Points on either side of a bend at least.
const LEAST_SIDE: usize = 3;

/// The continuous two-piece line with least squares, its bend searched among the points
/// (D. J. Hudson, 1966). `None` with fewer than 8 points, or where `x` does not vary.
pub(crate) fn hinge(xs: &[f64], ys: &[f64]) -> Option<Hinge> {
    let n = xs.len().min(ys.len());
    if n < 8 {
        return None;
    }
    let one = residual(&[vec![1.0; n], xs[..n].to_vec()], &ys[..n])?.1;
    let mut best: Option<(f64, Hinge)> = None;
    for at in &xs[LEAST_SIDE..n - LEAST_SIDE] {
        let beyond: Vec<f64> = xs[..n].iter().map(|x| (x - at).max(0.0)).collect();
        let Some((fit, left)) = residual(&[vec![1.0; n], xs[..n].to_vec(), beyond], &ys[..n]) else {
            continue;
        };
        if best.as_ref().is_none_or(|(least, _)| left < *least) {
            let height = fit[0] + fit[1] * at;
            let hinge = Hinge { at: *at, height, before: fit[1], after: fit[1] + fit[2], f: 0.0 };
            best = Some((left, hinge));
        }
    }
    let (left, hinge) = best?;
    // The bend takes two parameters more than the line: where it is, and how much.
    let freedom = n as f64 - 4.0;
    let f = ((one - left) / 2.0) / (left / freedom).max(f64::MIN_POSITIVE);
    Some(Hinge { f, ..hinge })
}

/// Least squares of `y` on `columns`: the factors, and the sum of squares that they leave over.
fn residual(columns: &[Vec<f64>], ys: &[f64]) -> Option<(Vec<f64>, f64)> {
    let k = columns.len();
    let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
    let mut rows: Vec<Vec<f64>> = (0..k)
        .map(|i| columns.iter().map(|of| dot(&columns[i], of)).chain([dot(&columns[i], ys)]).collect())
        .collect();
    for i in 0..k {
        let pivot = (i..k).max_by(|a, b| rows[*a][i].abs().total_cmp(&rows[*b][i].abs()))?;
        rows.swap(i, pivot);
        if rows[i][i].abs() < 1e-9 {
            return None;
        }
        for j in 0..k {
            if j != i {
                let factor = rows[j][i] / rows[i][i];
                let base = rows[i].clone();
                rows[j].iter_mut().zip(base).for_each(|(value, of)| *value -= factor * of);
            }
        }
    }
    let fit: Vec<f64> = (0..k).map(|i| rows[i][k] / rows[i][i]).collect();
    let left = ys.iter().enumerate().map(|(at, y)| {
        let line: f64 = columns.iter().zip(&fit).map(|(column, factor)| column[at] * factor).sum();
        (y - line).powi(2)
    });
    let left = left.sum();
    Some((fit, left))
}

/// One level before a moment, another one from it on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Step {
    /// First place of the second level.
    pub at: usize,
    /// Mean before it.
    pub before: f64,
    /// Mean from it on.
    pub after: f64,
    /// What the two levels leave over, as a share of what one level leaves.
    pub left: f64,
}

/// The split into two levels with least squares (W. D. Fisher, 1958), each at least `least` points long.
pub(crate) fn step(ys: &[f64], least: usize) -> Option<Step> {
    let n = ys.len();
    if n < 2 * least.max(1) {
        return None;
    }
    let mean = |part: &[f64]| part.iter().sum::<f64>() / part.len() as f64;
    let spread = |part: &[f64]| {
        let mean = mean(part);
        part.iter().map(|y| (y - mean).powi(2)).sum::<f64>()
    };
    let whole = spread(ys);
    let split = |at: usize| (at, spread(&ys[..at]) + spread(&ys[at..]));
    let (at, left) = (least..=n - least).map(split).min_by(|a, b| a.1.total_cmp(&b.1))?;
    let left = if whole > 0.0 { left / whole } else { 1.0 };
    Some(Step { at, before: mean(&ys[..at]), after: mean(&ys[at..]), left })
}

/// A stretch of time with more hits than the rest.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Window {
    /// Its first place.
    pub from: usize,
    /// The first place behind it.
    pub to: usize,
    /// Hits by all within it.
    pub inside: f64,
    /// Hits by all outside of it.
    pub outside: f64,
    /// Logarithm of how much likelier two shares are than one.
    pub gain: f64,
}

/// The stretch whose share of hits differs most from the rest: the scan statistic with Bernoulli's
/// likelihood (M. Kulldorff, 1997). `parts` are hits and all, a place each.
pub(crate) fn densest(parts: &[(u64, u64)]) -> Option<Window> {
    let sums: Vec<(f64, f64)> = std::iter::once((0.0, 0.0))
        .chain(parts.iter().scan((0.0, 0.0), |sum, (hits, all)| {
            *sum = (sum.0 + *hits as f64, sum.1 + *all as f64);
            Some(*sum)
        }))
        .collect();
    let (hits, all) = *sums.last()?;
    let likelihood = |hits: f64, all: f64| {
        let entropy = |part: f64| if part > 0.0 { part * (part / all).ln() } else { 0.0 };
        entropy(hits) + entropy(all - hits)
    };
    let base = likelihood(hits, all);
    let mut best: Option<Window> = None;
    for from in 0..parts.len() {
        for to in from + 1..=parts.len() {
            let (in_hits, in_all) = (sums[to].0 - sums[from].0, sums[to].1 - sums[from].1);
            let (out_hits, out_all) = (hits - in_hits, all - in_all);
            if in_all <= 0.0 || out_all <= 0.0 || in_hits / in_all <= out_hits / out_all {
                continue;
            }
            let gain = likelihood(in_hits, in_all) + likelihood(out_hits, out_all) - base;
            if best.is_none_or(|best| gain > best.gain) {
                best = Some(Window { from, to, inside: in_hits / in_all, outside: out_hits / out_all, gain });
            }
        }
    }
    best
}

/// Two humps of a distribution.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Modes {
    /// Top of the lower one, in the histogram's unit.
    pub low: f64,
    /// Top of the higher one.
    pub high: f64,
    /// The valley between them.
    pub valley: f64,
    /// Share of values below the valley.
    pub below: f64,
}

/// Bins for ten times as much.
const BINS_A_DECADE: f64 = 16.0;
/// Values that a shape is read from at least.
const LEAST_VALUES: u64 = 300;
/// Share of the values that a hump holds at least.
const LEAST_SHARE: f64 = 0.08;
/// How many times as far up the second hump lies at least.
const APART: f64 = 3.0;
/// How low the valley between two humps is at most, by the lower hump.
const VALLEY: f64 = 0.3;

/// The two humps of a histogram on a logarithmic scale, smoothed with a kernel (B. W. Silverman, 1981), where
/// there are two that are far apart, hold enough and have a deep valley between them.
pub(crate) fn modes(histogram: &Histogram<u64>) -> Option<Modes> {
    if histogram.len() < LEAST_VALUES {
        return None;
    }
    let bin_of = |value: u64| ((value.max(1) as f64).log10() * BINS_A_DECADE).round() as usize;
    let mut bins = vec![0.0; bin_of(histogram.max()) + 3];
    for bucket in histogram.iter_recorded() {
        bins[bin_of(bucket.value_iterated_to()) + 1] += bucket.count_at_value() as f64;
    }
    let smooth: Vec<f64> = (0..bins.len())
        .map(|at| {
            let near =
                |off: isize| at.checked_add_signed(off).and_then(|at| bins.get(at)).copied().unwrap_or(0.0);
            (near(-2) + 2.0 * near(-1) + 3.0 * near(0) + 2.0 * near(1) + near(2)) / 9.0
        })
        .collect();
    let value = |bin: usize| 10_f64.powf((bin as f64 - 1.0) / BINS_A_DECADE);
    let all = histogram.len() as f64;
    let mut best: Option<(f64, Modes)> = None;
    for valley in 1..smooth.len() - 1 {
        let top = |part: &[f64]| {
            part.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1)).map(|(at, top)| (at, *top))
        };
        let (Some((low, low_top)), Some((high, high_top))) =
            (top(&smooth[..valley]), top(&smooth[valley + 1..]))
        else {
            continue;
        };
        let high = high + valley + 1;
        let below = bins[..=valley].iter().sum::<f64>() / all;
        let least = low_top.min(high_top);
        let depth = smooth[valley] / least.max(f64::MIN_POSITIVE);
        let apart = value(high) / value(low) >= APART;
        if depth <= VALLEY && apart && below >= LEAST_SHARE && 1.0 - below >= LEAST_SHARE && least >= 10.0 {
            let found = Modes { low: value(low), high: value(high), valley: value(valley), below };
            if best.as_ref().is_none_or(|(deepest, _)| depth < *deepest) {
                best = Some((depth, found));
            }
        }
    }
    best.map(|(_, modes)| modes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::histogram::empty;

    #[test]
    fn a_bend_is_found_where_it_is() {
        let xs: Vec<f64> = (0..40).map(f64::from).collect();
        let bent: Vec<f64> = xs.iter().map(|x| x.min(25.0) * 3.0 + f64::from((*x as u32) % 3)).collect();
        let found = hinge(&xs, &bent).expect("enough points");
        assert!((found.at - 25.0).abs() <= 1.0 && found.after.abs() < 0.3 && found.f > 100.0, "{found:?}");
        let straight: Vec<f64> = xs.iter().map(|x| x * 3.0 + f64::from((*x as u32 * 7) % 5)).collect();
        assert!(hinge(&xs, &straight).expect("enough points").f < 10.0);
        assert!(hinge(&[1.0; 20], &[1.0; 20]).is_none(), "x does not vary");
    }

    #[test]
    fn a_jump_and_a_burst_are_found_where_they_are() {
        let ys: Vec<f64> = (0..30).map(|i| if i < 12 { 5.0 } else { 9.0 }).collect();
        let found = step(&ys, 3).expect("enough points");
        assert!(found.at == 12 && found.left < 1e-9, "{found:?}");
        let parts: Vec<(u64, u64)> =
            (0..30).map(|i| (if (10..15).contains(&i) { 20 } else { 0 }, 100)).collect();
        let found = densest(&parts).expect("hits");
        assert_eq!((found.from, found.to), (10, 15));
        assert!(found.gain > 100.0 && found.outside == 0.0);
        assert!(densest(&[(0, 10); 5]).is_none(), "no hit, no stretch");
    }

    #[test]
    fn two_humps_are_told_from_one() {
        let mut random = fastrand::Rng::with_seed(5);
        let mut normal = || (0..12).map(|_| random.f64()).sum::<f64>() - 6.0;
        let (mut one, mut two) = (empty(), empty());
        for at in 0..4000 {
            let typical = if at % 4 == 0 { 200_000.0 } else { 10_000.0 };
            two.saturating_record((typical * (0.3 * normal()).exp()) as u64);
            one.saturating_record((10_000.0 * (0.6 * normal()).exp()) as u64);
        }
        assert_eq!(modes(&one), None);
        let found = modes(&two).expect("two humps");
        assert!((0.7..1.4).contains(&(found.high / 200_000.0)), "{found:?}");
        assert!((found.below - 0.75).abs() < 0.03, "{found:?}");
        assert_eq!(modes(&empty()), None);
    }
}
