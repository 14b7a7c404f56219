//! Figures that a few odd points do not move: medians, trends, and what repeats.

use super::probability::two_sided_p;

/// The middle value; of an even number the mean of the two in the middle. `None` for nothing.
pub(crate) fn median(values: &[f64]) -> Option<f64> {
    let mut sorted: Vec<f64> = values.iter().copied().filter(|value| value.is_finite()).collect();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    match sorted.len() {
        0 => None,
        n if n % 2 == 1 => Some(sorted[middle]),
        _ => Some(f64::midpoint(sorted[middle - 1], sorted[middle])),
    }
}

/// The median absolute deviation, as an estimate of a normal standard deviation (factor 1.4826;
/// F. R. Hampel, 1974).
pub(crate) fn mad(values: &[f64]) -> Option<f64> {
    let middle = median(values)?;
    let off: Vec<f64> = values.iter().map(|value| (value - middle).abs()).collect();
    median(&off).map(|off| off * 1.4826)
}

/// A straight line through points, as most pairs of them see it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Trend {
    /// Change for one step of `x`.
    pub slope: f64,
    /// The line at the first `x`.
    pub at_start: f64,
    /// The line at the last `x`.
    pub at_end: f64,
    /// Two-sided p-value of there being no trend, of points that may depend on their neighbours.
    pub p: f64,
}

/// The Theil-Sen line (H. Theil, 1950; P. K. Sen, 1968) with the Mann-Kendall test (H. B. Mann, 1945),
/// whose variance is widened for neighbours that go together: by `(1 + r) / (1 - r)` with the lag-1
/// autocorrelation `r` of what the line leaves over (S. Yue and C. Wang, 2004). `None` under 4 points.
pub(crate) fn trend(xs: &[f64], ys: &[f64]) -> Option<Trend> {
    let n = xs.len().min(ys.len());
    if n < 4 {
        return None;
    }
    let mut slopes = Vec::with_capacity(n * (n - 1) / 2);
    let mut s = 0.0;
    for i in 0..n {
        for j in i + 1..n {
            if xs[j] > xs[i] {
                slopes.push((ys[j] - ys[i]) / (xs[j] - xs[i]));
            }
            s += (ys[j] - ys[i]).signum() * f64::from(u8::from(ys[j] != ys[i]));
        }
    }
    let slope = median(&slopes)?;
    let rest: Vec<f64> = (0..n).map(|i| ys[i] - slope * xs[i]).collect();
    let base = median(&rest)?;
    let left: Vec<f64> = rest.iter().map(|value| value - base).collect();
    let r = autocorrelation(&left, 1).clamp(0.0, 0.9);
    let count = n as f64;
    let variance = count * (count - 1.0) * (2.0 * count + 5.0) / 18.0 * (1.0 + r) / (1.0 - r);
    let z = if s == 0.0 { 0.0 } else { (s - s.signum()) / variance.sqrt() };
    Some(Trend { slope, at_start: base + slope * xs[0], at_end: base + slope * xs[n - 1], p: two_sided_p(z) })
}

/// How much values go together with those `lag` later, -1 to 1 (G. E. P. Box and G. M. Jenkins, *Time
/// Series Analysis*, section 2.1.5).
pub(crate) fn autocorrelation(values: &[f64], lag: usize) -> f64 {
    let n = values.len();
    if n <= lag + 1 {
        return 0.0;
    }
    let mean = values.iter().sum::<f64>() / n as f64;
    let all: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
    let together: f64 = values.iter().zip(&values[lag..]).map(|(a, b)| (a - mean) * (b - mean)).sum();
    if all > 0.0 { together / all } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_is_not_moved_by_odd_points() {
        assert_eq!(median(&[3.0, 1.0, 1e9]), Some(3.0));
        assert_eq!(median(&[1.0, 2.0]), Some(1.5));
        assert_eq!(median(&[f64::NAN]), None);
        assert!((mad(&[1.0, 2.0, 3.0, 4.0, 1e6]).expect("values") - 1.4826).abs() < 1e-9);
    }

    #[test]
    fn a_trend_is_told_from_noise_and_from_outliers() {
        let mut random = fastrand::Rng::with_seed(3);
        let xs: Vec<f64> = (0..60).map(f64::from).collect();
        let mut noisy =
            |slope: f64| -> Vec<f64> { xs.iter().map(|x| 100.0 + slope * x + 10.0 * random.f64()).collect() };
        let mut rising = noisy(1.0);
        rising[30] = 1e6;
        let found = trend(&xs, &rising).expect("enough points");
        assert!((found.slope - 1.0).abs() < 0.1 && found.p < 1e-6, "{found:?}");
        assert!(trend(&xs, &noisy(0.0)).expect("enough points").p > 0.01);
        assert!(trend(&xs, &vec![5.0; 60]).expect("enough points").p > 0.99);
        assert!(trend(&xs[..3], &[1.0, 2.0, 3.0]).is_none());
    }

    #[test]
    fn what_repeats_goes_together_with_itself() {
        let every_ten: Vec<f64> = (0..100).map(|i| f64::from(u8::from(i % 10 == 0))).collect();
        assert!(autocorrelation(&every_ten, 10) > 0.8);
        assert!(autocorrelation(&every_ten, 7) < 0.0);
        assert_eq!(autocorrelation(&[1.0], 1), 0.0);
    }
}
