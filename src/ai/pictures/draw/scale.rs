//! From values to places, and which of them are written at the edge.

/// Values between which decades are drawn: none that is measured lies outside.
const LEAST: f64 = 1e-6;
/// The largest of them.
const MOST: f64 = 1e9;

/// A range of values along an edge.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scale {
    from: f64,
    to: f64,
    logarithmic: bool,
}

impl Scale {
    /// From 0 to a round value above `most`.
    #[must_use]
    pub fn up_to(most: f64) -> Self {
        let most = if most.is_finite() && most > 0.0 { most } else { 1.0 };
        let step = step(most, 4);
        Self { from: 0.0, to: (most / step).ceil() * step, logarithmic: false }
    }

    /// From one value to another, each decade as long as any other.
    #[must_use]
    pub fn decades(from: f64, to: f64) -> Self {
        let from = if from.is_finite() && from > 0.0 { from } else { 0.1 };
        let from = from.clamp(LEAST, MOST);
        let to = if to.is_finite() && to > from { to.min(MOST * 10.0) } else { from * 10.0 };
        Self { from, to, logarithmic: true }
    }

    /// Where a value lies, 0 to 1; what lies outside is at the edge.
    #[must_use]
    pub fn share(self, value: f64) -> f64 {
        let of = |value: f64| if self.logarithmic { value.max(f64::MIN_POSITIVE).ln() } else { value };
        let share = (of(value) - of(self.from)) / (of(self.to) - of(self.from));
        if share.is_finite() { share.clamp(0.0, 1.0) } else { 0.0 }
    }

    /// Values to write, at most about `most`.
    #[must_use]
    pub fn ticks(self, most: usize) -> Vec<f64> {
        let all = if self.logarithmic { self.round_decades(most) } else { self.round_values(most) };
        all.into_iter().filter(|tick| (self.from * 0.999..=self.to * 1.001 + 1e-9).contains(tick)).collect()
    }

    fn round_values(self, most: usize) -> Vec<f64> {
        let step = step(self.to - self.from, most.max(1));
        let first = (self.from / step).ceil();
        (0..=most + 1).map(|n| (first + n as f64) * step).collect()
    }

    /// 1, 2 and 5 of each decade where there is room, else 1 alone.
    fn round_decades(self, most: usize) -> Vec<f64> {
        let (first, last) = (self.from.log10().floor() as i32, self.to.log10().ceil() as i32);
        let decades = (first..=last).map(|power| 10_f64.powi(power));
        let within = |all: &Vec<f64>| all.iter().filter(|tick| (self.from..=self.to).contains(*tick)).count();
        let fine: Vec<f64> =
            decades.clone().flat_map(|decade| [1.0, 2.0, 5.0].map(|part| part * decade)).collect();
        let coarse: Vec<f64> = decades.collect();
        if within(&fine) <= most || within(&coarse) < 2 { fine } else { coarse }
    }
}

/// A round step that cuts `range` into at most `parts` or one more.
fn step(range: f64, parts: usize) -> f64 {
    let rough = range / parts.max(1) as f64;
    let decade = 10_f64.powf(rough.log10().floor());
    let part = rough / decade;
    let round = [1.0, 2.0, 2.5, 5.0, 10.0].into_iter().find(|round| part <= round * 1.0001);
    let step = round.unwrap_or(10.0) * decade;
    if step.is_finite() && step > 0.0 { step } else { 1.0 }
}

/// A round value as short as it can be written.
#[must_use]
pub fn short(value: f64) -> String {
    let (value, unit) = match value.abs() {
        large if large >= 1e9 => (value / 1e9, "G"),
        large if large >= 1e6 => (value / 1e6, "M"),
        large if large >= 1e4 => (value / 1e3, "k"),
        _ => (value, ""),
    };
    let digits = if value.abs() >= 100.0 { 0 } else { 2 };
    let text = format!("{value:.digits$}");
    let text = if digits > 0 { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    format!("{text}{unit}")
}

/// A round time in milliseconds as short as it can be written.
#[must_use]
pub fn short_ms(value: f64) -> String {
    match value {
        0.0 => "0".to_owned(),
        long if long >= 60_000.0 => format!("{} min", short(long / 60_000.0)),
        long if long >= 1000.0 => format!("{} s", short(long / 1000.0)),
        value => format!("{} ms", short(value)),
    }
}

/// Seconds as people write them along a run.
#[must_use]
pub fn clock(seconds: f64) -> String {
    let whole = seconds.round().max(0.0) as u64;
    let (hours, minutes, rest) = (whole / 3600, whole / 60 % 60, whole % 60);
    match (hours, minutes) {
        (0, 0) => format!("{rest} s"),
        (0, _) => format!("{minutes}:{rest:02}"),
        _ => format!("{hours}:{minutes:02}:{rest:02}"),
    }
}

/// Times along a run to write, at most about `most`.
#[must_use]
pub fn clock_ticks(end: f64, most: usize) -> Vec<f64> {
    const STEPS: [f64; 18] = [
        1.0, 2.0, 5.0, 10.0, 15.0, 30.0, 60.0, 120.0, 300.0, 600.0, 900.0, 1800.0, 3600.0, 7200.0, 10_800.0,
        21_600.0, 43_200.0, 86_400.0,
    ];
    let rough = end / most.max(1) as f64;
    let days = (rough / 86_400.0).ceil().max(1.0) * 86_400.0;
    let step = STEPS.into_iter().find(|step| *step >= rough).unwrap_or(days);
    (0..=most).map(|n| n as f64 * step).filter(|tick| *tick <= end).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn ticks_are_round() {
        assert_eq!(Scale::up_to(812.0).ticks(4), [0.0, 250.0, 500.0, 750.0, 1000.0]);
        assert_eq!(Scale::up_to(0.0).ticks(4), [0.0, 0.25, 0.5, 0.75, 1.0]);
        assert_eq!(Scale::decades(3.0, 900.0).ticks(4), [10.0, 100.0]);
        assert_eq!(Scale::decades(3.0, 40.0).ticks(6), [5.0, 10.0, 20.0]);
        assert_eq!(clock_ticks(60.0, 6), [0.0, 10.0, 20.0, 30.0, 40.0, 50.0, 60.0]);
        let written = [50.0, 0.25, 1500.0, 25_000.0, 0.0].map(short);
        assert_eq!(written, ["50", "0.25", "1500", "25k", "0"]);
        assert_eq!([0.5, 1500.0, 120_000.0].map(short_ms), ["0.5 ms", "1.5 s", "2 min"]);
        assert_eq!((clock(5.0), clock(65.0), clock(3725.0)), ("5 s".into(), "1:05".into(), "1:02:05".into()));
    }

    proptest! {
        #[test]
        fn any_range_has_a_few_ticks_within_it(most in any::<f64>(), from in any::<f64>(), to in any::<f64>()) {
            for scale in [Scale::up_to(most), Scale::decades(from, to)] {
                prop_assert!(scale.ticks(6).len() <= 50, "{scale:?}");
                prop_assert!((0.0..=1.0).contains(&scale.share(from)));
            }
            prop_assert!(clock_ticks(most.abs().min(1e15), 6).len() <= 7);
        }
    }
}
