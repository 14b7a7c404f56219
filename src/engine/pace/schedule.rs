//! When each slot of the open model is due: the inverse of the integral of the rate.

use std::time::Duration;

/// A stretch of time over which the rate changes linearly.
#[derive(Clone, Copy, Debug)]
struct Segment {
    start_s: f64,
    length_s: f64,
    from: f64,
    to: f64,
    /// Slots due before it begins.
    before: f64,
}

impl Segment {
    fn slots(&self) -> f64 {
        self.length_s * f64::midpoint(self.from, self.to)
    }

    /// Time into the segment at which `slots` of it are due. With the rate r(t) = from + a t, it
    /// solves from t + a t²/2 = slots, in the form that stays exact for small a.
    fn time_of(&self, slots: f64) -> f64 {
        if slots <= 0.0 {
            return 0.0;
        }
        let a = (self.to - self.from) / self.length_s;
        let root = (2.0 * a).mul_add(slots, self.from * self.from).max(0.0).sqrt();
        (2.0 * slots / (self.from + root)).min(self.length_s)
    }

    fn slots_at(&self, t: f64) -> f64 {
        let t = t.clamp(0.0, self.length_s);
        let a = (self.to - self.from) / self.length_s;
        t * (0.5 * a).mul_add(t, self.from)
    }
}

/// All slots of a run in order.
#[derive(Clone, Debug)]
pub struct Schedule {
    segments: Vec<Segment>,
}

impl Schedule {
    /// A schedule that starts at `rate` per second and moves linearly to each stage's target in
    /// turn; a stage without length is a jump.
    #[must_use]
    pub fn new(rate: f64, stages: &[(Duration, f64)]) -> Self {
        let (mut from, mut start_s, mut before) = (rate, 0.0, 0.0);
        let mut segments = Vec::with_capacity(stages.len());
        for &(length, to) in stages {
            let length_s = length.as_secs_f64();
            if length_s > 0.0 {
                let segment = Segment { start_s, length_s, from, to, before };
                before += segment.slots();
                start_s += length_s;
                segments.push(segment);
            }
            from = to;
        }
        Self { segments }
    }

    /// Number of slots.
    #[must_use]
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "rates and times are bounded far below"
    )]
    pub fn len(&self) -> u64 {
        // Whatever is due within a billionth of a slot counts as due: 0.1 * 10 is 1.
        self.segments.last().map_or(0, |last| (last.before + last.slots() - 1e-9).ceil().max(0.0) as u64)
    }

    /// Whether there is no slot.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Length of the schedule.
    #[must_use]
    pub fn duration(&self) -> Duration {
        self.segments
            .last()
            .map_or(Duration::ZERO, |last| Duration::from_secs_f64(last.start_s + last.length_s))
    }

    /// Highest rate, per second.
    #[must_use]
    pub fn peak(&self) -> f64 {
        self.segments.iter().map(|segment| segment.from.max(segment.to)).fold(0.0, f64::max)
    }

    /// When slot `index` is due, from the start; `None` past the last one.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "slot numbers stay far below 2^52")]
    pub fn due(&self, index: u64) -> Option<Duration> {
        if index >= self.len() {
            return None;
        }
        let slot = index as f64;
        let place = self.segments.partition_point(|s| s.before <= slot).saturating_sub(1);
        // A segment of rate 0 holds no slot: the one before it ends where it does.
        let segment = &self.segments[place];
        Some(Duration::from_secs_f64(segment.start_s + segment.time_of(slot - segment.before)))
    }

    /// Number of slots that are due before or at `t`.
    #[must_use]
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "rates and times are bounded far below"
    )]
    pub fn due_by(&self, t: Duration) -> u64 {
        let t = t.as_secs_f64();
        let place = self.segments.partition_point(|s| s.start_s <= t).saturating_sub(1);
        let Some(segment) = self.segments.get(place) else { return 0 };
        let slots = segment.before + segment.slots_at(t - segment.start_s);
        let whole = (slots + 1e-9).floor() as u64;
        // The next slot is due at this very moment, unless the rate is 0 and it comes after a pause.
        let next = self.due(whole).is_some_and(|due| due.as_secs_f64() <= t + 1e-9);
        (whole + u64::from(next)).min(self.len())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const fn secs(s: u64) -> Duration {
        Duration::from_secs(s)
    }

    #[test]
    fn a_constant_rate_is_evenly_spaced() {
        let schedule = Schedule::new(200.0, &[(secs(30), 200.0)]);
        assert_eq!(schedule.len(), 6000);
        assert_eq!(schedule.due(0), Some(Duration::ZERO));
        assert_eq!(schedule.due(200), Some(secs(1)));
        assert_eq!(schedule.due(6000), None);
        assert_eq!(schedule.due_by(secs(1)), 201);
    }

    #[test]
    fn a_ramp_integrates_the_rate() {
        let schedule = Schedule::new(0.0, &[(secs(10), 100.0), (secs(10), 100.0)]);
        assert_eq!(schedule.len(), 1500);
        let quarter = schedule.due(125).expect("in range").as_secs_f64();
        assert!((quarter - 5.0).abs() < 1e-9, "{quarter}");
        let steady = schedule.due(600).expect("in range").as_secs_f64();
        assert!((steady - 11.0).abs() < 1e-9, "{steady}");
    }

    #[test]
    fn a_pause_holds_no_slot() {
        let schedule = Schedule::new(
            10.0,
            &[(secs(1), 10.0), (secs(0), 0.0), (secs(5), 0.0), (secs(0), 10.0), (secs(1), 10.0)],
        );
        assert_eq!(schedule.len(), 20);
        assert!(schedule.due(10).expect("in range") >= secs(1));
        assert!(schedule.due(11).expect("in range") > secs(6));
        assert_eq!(schedule.due_by(secs(3)), 10, "nothing is due in the pause");
    }

    proptest! {
        #[test]
        fn slots_are_in_order_and_due_by_agrees(rate in 0.0..500.0_f64, stages in prop::collection::vec((0_u64..20, 0.0..500.0_f64), 1..6)) {
            let stages: Vec<_> = stages.into_iter().map(|(s, to)| (secs(s), to)).collect();
            let schedule = Schedule::new(rate, &stages);
            let mut last = Duration::ZERO;
            for index in (0..schedule.len()).step_by(7) {
                let due = schedule.due(index).expect("in range");
                prop_assert!(due >= last && due <= schedule.duration() + Duration::from_micros(1));
                let by = schedule.due_by(due + Duration::from_micros(50));
                prop_assert!(by > index, "slot {index} due at {due:?}, but only {by} by then");
                last = due;
            }
            prop_assert_eq!(schedule.due(schedule.len()), None);
        }
    }
}
