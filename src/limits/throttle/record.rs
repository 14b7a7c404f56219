//! Failures that are remembered, and the wait that they cost.

use std::time::{Duration, Instant};

/// The first wait.
const FIRST: Duration = Duration::from_secs(1);

/// How much may fail, and what comes then.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scale {
    /// Failures that cost nothing.
    pub(super) free: u32,
    /// The longest wait; one failure is forgotten each time that it passes.
    pub(super) longest: Duration,
}

impl Scale {
    /// The wait after so many failures.
    fn wait(self, failures: u32) -> Duration {
        match failures.checked_sub(self.free) {
            None => Duration::ZERO,
            Some(doublings) => FIRST.saturating_mul(1 << doublings.min(20)).min(self.longest),
        }
    }

    /// Failures beyond which the wait grows no more; more are not counted, so that an attack that is
    /// over is soon forgotten.
    fn most(self) -> u32 {
        let doublings = (0..20).find(|doublings| FIRST * (1 << doublings) >= self.longest);
        self.free + doublings.unwrap_or(20)
    }
}

/// Failures, less those that time has taken away.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Record {
    failures: u32,
    /// From when on time takes the next one away; none where nothing has failed yet.
    since: Option<Instant>,
    /// When the last one was counted.
    last: Option<Instant>,
}

impl Record {
    /// The wait that a next attempt costs.
    pub(super) fn wait(&mut self, scale: Scale, now: Instant) -> Duration {
        self.forget(scale, now);
        scale.wait(self.failures)
    }

    /// What is left of that wait since the last attempt.
    pub(super) fn left(&mut self, scale: Scale, now: Instant) -> Duration {
        let wait = self.wait(scale, now);
        self.last.map_or(Duration::ZERO, |last| (last + wait).saturating_duration_since(now))
    }

    /// Counts an attempt as a failure. Whether there was anything left to count.
    pub(super) fn count(&mut self, scale: Scale, now: Instant) -> bool {
        self.forget(scale, now);
        self.last = Some(now);
        let counts = self.failures < scale.most();
        if counts {
            self.failures += 1;
            self.since.get_or_insert(now);
        }
        counts
    }

    /// Takes a counted attempt back: it was none.
    pub(super) fn refund(&mut self) {
        self.failures = self.failures.saturating_sub(1);
    }

    fn forget(&mut self, scale: Scale, now: Instant) {
        let Some(since) = &mut self.since else { return };
        let passed = now.saturating_duration_since(*since).as_nanos() / scale.longest.as_nanos().max(1);
        let passed = u32::try_from(passed).unwrap_or(u32::MAX);
        self.failures = self.failures.saturating_sub(passed);
        if self.failures == 0 {
            self.since = None;
        } else {
            *since += scale.longest * passed;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCALE: Scale = Scale { free: 2, longest: Duration::from_secs(60) };

    #[test]
    fn the_wait_doubles_up_to_the_longest() {
        let waits: Vec<u64> = (0..12).map(|failures| SCALE.wait(failures).as_secs()).collect();
        assert_eq!(waits, [0, 0, 1, 2, 4, 8, 16, 32, 60, 60, 60, 60]);
        assert_eq!(SCALE.wait(u32::MAX), SCALE.longest);
        assert_eq!(SCALE.wait(SCALE.most()), SCALE.longest);
        assert!(SCALE.wait(SCALE.most() - 1) < SCALE.longest);
    }

    #[test]
    fn time_takes_failures_away_one_by_one() {
        let (mut record, start) = (Record::default(), Instant::now());
        (0..100).for_each(|_| _ = record.count(SCALE, start));
        let after = |seconds| start + Duration::from_secs(seconds);
        assert_eq!(record.wait(SCALE, after(59)), Duration::from_secs(60));
        assert_eq!(record.wait(SCALE, after(60)), Duration::from_secs(32));
        assert_eq!(record.wait(SCALE, after(119)), Duration::from_secs(32), "no time is taken twice");
        assert_eq!(record.wait(SCALE, after(121)), Duration::from_secs(16));
        assert_eq!(record.wait(SCALE, after(7 * 60)), Duration::ZERO);
        assert_eq!(record.wait(SCALE, after(1_000_000)), Duration::ZERO);
        assert!(record.count(SCALE, after(1_000_001)), "and it begins anew");
        assert_eq!(record.failures, 1);
    }
}
