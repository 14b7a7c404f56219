//! The few functions of probability that the tests need.

/// Two-sided point of the standard normal distribution at 1 %.
pub const Z_99: f64 = 2.575_829_303_548_901;

/// Up to this many samples the binomial distribution is summed, beyond it is as good as normal.
const EXACT_UP_TO: u64 = 5000;

/// Two-sided p-value of a standard normal `z`.
///
/// Below 3 the series of the error function, above it the continued fraction of its complement
/// (*Digital Library of Mathematical Functions*, 7.6.1 and 7.9.1).
pub fn two_sided_p(z: f64) -> f64 {
    let x = z.abs() / std::f64::consts::SQRT_2;
    if !x.is_finite() {
        return 0.0;
    }
    if x < 3.0 {
        let (mut term, mut sum) = (x, x);
        for n in 1..60 {
            term *= -x * x / f64::from(n);
            sum += term / f64::from(2 * n + 1);
        }
        return (1.0 - sum * std::f64::consts::FRAC_2_SQRT_PI).clamp(0.0, 1.0);
    }
    let fraction = (1..60).rev().fold(x, |below, k| x + f64::from(k) / 2.0 / below);
    ((-x * x).exp() / fraction / std::f64::consts::PI.sqrt()).clamp(0.0, 1.0)
}

/// Ranks (from 1) of the order statistics that bound the `p`-quantile of `n` samples with 99 %
/// confidence, `wider` times as far from it as those of independent samples; `None` for a side that
/// so few samples do not bound.
pub fn quantile_ranks(n: u64, p: f64, wider: f64) -> (Option<u64>, Option<u64>) {
    let (low, high) = if n <= EXACT_UP_TO { exact_ranks(n, p) } else { normal_ranks(n, p) };
    let middle = n as f64 * p;
    // Above `n` or below 1 the rank of an independent sample is open already, and stays so.
    let wide_low = (middle - wider * (middle - low as f64)).floor().max(0.0).min(low as f64) as u64;
    let wide_high = (middle + wider * (high as f64 - middle)).ceil().max(high as f64) as u64;
    ((wide_low >= 1).then_some(wide_low), (wide_high <= n).then_some(wide_high))
}

/// `low` is the largest rank with P(B < low) <= 0.5 %, `high` the smallest with P(B >= high) <= 0.5 %.
fn exact_ranks(n: u64, p: f64) -> (u64, u64) {
    const TAIL: f64 = 0.005;
    let odds = (p / (1.0 - p)).ln();
    let mut log_mass = n as f64 * (1.0 - p).ln();
    let (mut below, mut low) = (0.0, 0);
    for k in 0..=n {
        // Here `below` is P(B < k).
        if below <= TAIL {
            low = k;
        }
        if 1.0 - below <= TAIL {
            return (low, k);
        }
        below += log_mass.exp();
        log_mass += ((n - k) as f64 / (k + 1) as f64).ln() + odds;
    }
    (low, n + 1)
}

fn normal_ranks(n: u64, p: f64) -> (u64, u64) {
    let middle = n as f64 * p;
    let spread = Z_99 * (middle * (1.0 - p)).sqrt();
    let low = (middle - spread).floor().max(0.0) as u64;
    let high = (middle + spread).ceil() as u64 + 1;
    (low, high)
}

/// Two-sided point of Student's distribution at 1 %: its expansion around the normal one
/// (M. Abramowitz and I. A. Stegun, *Handbook of Mathematical Functions*, 26.7.5). With one or two
/// degrees of freedom, where that falls short, the point itself.
pub fn student_99(degrees: f64) -> f64 {
    if degrees < 1.5 {
        return 63.657;
    }
    if degrees < 2.5 {
        return 9.925;
    }
    let z = Z_99;
    let first = (z.powi(3) + z) / 4.0;
    let second = (5.0 * z.powi(5) + 16.0 * z.powi(3) + 3.0 * z) / 96.0;
    let third = (3.0 * z.powi(7) + 19.0 * z.powi(5) + 17.0 * z.powi(3) - 15.0 * z) / 384.0;
    z + first / degrees + second / degrees.powi(2) + third / degrees.powi(3)
}

/// Wilson's 99 % score interval of a share of `hits` in `n`.
pub fn wilson(hits: u64, n: u64) -> (f64, f64) {
    let (n, share) = (n as f64, hits as f64 / n as f64);
    let z2 = Z_99 * Z_99;
    let middle = share + z2 / (2.0 * n);
    let spread = Z_99 * (share * (1.0 - share) / n + z2 / (4.0 * n * n)).sqrt();
    let scale = 1.0 + z2 / n;
    (((middle - spread) / scale).max(0.0), ((middle + spread) / scale).min(1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_points_of_the_normal_distribution() {
        for (z, p) in [(0.0, 1.0), (1.0, 0.317_310_5), (1.959_964, 0.05), (Z_99, 0.01), (5.0, 5.733e-7)] {
            assert!((two_sided_p(z) / p - 1.0).abs() < 1e-4, "{z}: {}", two_sided_p(z));
        }
        assert!(two_sided_p(f64::INFINITY) == 0.0 && two_sided_p(40.0) < 1e-300);
    }

    #[test]
    fn ranks_hold_99_percent_and_meet_the_normal_ones() {
        // With 100 samples the median lies between the 37th and the 64th in 99.3 % of cases: P(B < 37)
        // is 0.33 % and P(B < 38) 0.6 %, and the upper side mirrors it.
        assert_eq!(quantile_ranks(100, 0.5, 1.0), (Some(37), Some(64)));
        assert_eq!(quantile_ranks(100, 0.99, 1.0).1, None, "100 samples cannot bound p99 from above");
        let (exact, normal) = (exact_ranks(5000, 0.95), normal_ranks(5000, 0.95));
        assert!(exact.0.abs_diff(normal.0) <= 3 && exact.1.abs_diff(normal.1) <= 3, "{exact:?} {normal:?}");
        assert_eq!(quantile_ranks(0, 0.5, 1.0), (None, None));
    }

    #[test]
    fn wider_ranks_lie_as_much_farther_out() {
        assert_eq!(quantile_ranks(100, 0.5, 2.0), (Some(24), Some(78)));
        assert_eq!(quantile_ranks(100, 0.5, 4.0), (None, None), "nothing is bounded any more");
        assert_eq!(quantile_ranks(100, 0.5, f64::INFINITY), (None, None));
    }

    #[test]
    fn known_points_of_students_distribution() {
        for (degrees, point) in [(1.0, 63.66), (2.0, 9.925), (4.0, 4.604), (9.0, 3.250), (59.0, 2.662)] {
            assert!((student_99(degrees) / point - 1.0).abs() < 0.02, "{degrees}: {}", student_99(degrees));
        }
    }

    #[test]
    fn wilson_stays_within_0_and_1() {
        assert_eq!(wilson(0, 10).0, 0.0);
        assert!(wilson(10, 10).1 <= 1.0 && wilson(0, u64::MAX).1 < 1e-15);
    }
}
