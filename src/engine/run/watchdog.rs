//! The last second of a run, and the breaker that ends a run which reaches nobody.

use std::{
    collections::VecDeque,
    mem,
    time::{Duration, Instant},
};

use hdrhistogram::Histogram;

use crate::engine::{
    live::Snapshot,
    recorder::{Collector, Totals, histogram, merge, quantile_ms},
};

/// Ticks in a second.
const SECOND: usize = 4;

/// One quarter of a second.
#[derive(Debug)]
struct Quarter {
    latency: Histogram<u64>,
    failures: u64,
}

/// The last second, in quarters whose histograms are used again and again.
#[derive(Debug)]
pub struct Window {
    quarters: VecDeque<Quarter>,
    fresh: usize,
    turns: usize,
}

impl Default for Window {
    fn default() -> Self {
        let quarter = || Quarter { latency: histogram(3), failures: 0 };
        Self { quarters: std::iter::repeat_with(quarter).take(SECOND).collect(), fresh: 0, turns: 0 }
    }
}

impl Window {
    /// Takes what has come since the last turn.
    pub fn turn(&mut self, totals: &mut Totals) {
        let Some(mut quarter) = self.quarters.pop_front() else { return };
        quarter.latency.reset();
        mem::swap(&mut quarter.latency, &mut totals.window);
        quarter.failures = mem::take(&mut totals.window_failures);
        self.quarters.push_back(quarter);
        self.fresh += 1;
        self.turns += 1;
    }

    /// Latency and failures of the second that is just over.
    pub fn last_second(&mut self) -> (Histogram<u64>, u64) {
        let all = self.sum(SECOND);
        self.fresh = 0;
        all
    }

    /// What has come since the last whole second, the quarter that is under way included.
    pub fn rest(&self, totals: &Totals) -> (Histogram<u64>, u64) {
        let mut all = self.sum(self.fresh);
        merge(&mut all.0, &totals.window);
        all.1 += totals.window_failures;
        all
    }

    fn sum(&self, quarters: usize) -> (Histogram<u64>, u64) {
        let fresh = quarters.min(self.fresh);
        let mut all = (histogram(3), 0);
        for quarter in self.quarters.iter().rev().take(fresh) {
            merge(&mut all.0, &quarter.latency);
            all.1 += quarter.failures;
        }
        all
    }

    /// The measured part of a snapshot.
    #[expect(clippy::cast_precision_loss, reason = "requests of one second")]
    pub fn snapshot(&self, collector: &Collector) -> Snapshot {
        let mut latency = histogram(3);
        self.quarters.iter().for_each(|quarter| merge(&mut latency, &quarter.latency));
        let failures: u64 = self.quarters.iter().map(|quarter| quarter.failures).sum();
        // Before the first second is over, there are fewer quarters that count.
        let seconds = self.turns.clamp(1, SECOND) as f64 / SECOND as f64;
        Snapshot {
            requests: collector.totals.finished,
            failures: collector.totals.failed,
            rps: latency.len() as f64 / seconds,
            failures_per_s: failures as f64 / seconds,
            p50_ms: quantile_ms(&latency, 0.50),
            p95_ms: quantile_ms(&latency, 0.95),
            p99_ms: quantile_ms(&latency, 0.99),
            ..Snapshot::default()
        }
    }
}

/// When a run gives up by itself.
#[derive(Clone, Copy, Debug)]
pub struct BreakerRule {
    /// How long the share must stay reached; zero never trips.
    pub after: Duration,
    /// Share of requests that find no connection, 0 to 1.
    pub share: f64,
}

/// Ends a run in which next to nothing but failed connections has happened for a while.
#[derive(Debug)]
pub struct Breaker {
    rule: BreakerRule,
    /// Since when every look that saw a request finish saw too many of them fail.
    failing_since: Option<Instant>,
    finished: u64,
    unreachable: u64,
}

impl Breaker {
    /// A breaker that has seen nothing yet.
    pub const fn new(rule: BreakerRule) -> Self {
        Self { rule, failing_since: None, finished: 0, unreachable: 0 }
    }

    /// Takes a look; the reason to end the run, when there is one.
    pub fn trips(&mut self, collector: &Collector) -> Option<String> {
        self.judge(collector.totals.finished, collector.unreachable, Instant::now())
    }

    #[expect(clippy::cast_precision_loss, reason = "requests of a quarter of a second")]
    fn judge(&mut self, finished: u64, unreachable: u64, now: Instant) -> Option<String> {
        let (new, failed) = (finished - self.finished, unreachable - self.unreachable);
        (self.finished, self.unreachable) = (finished, unreachable);
        if new == 0 {
            return None;
        }
        if (failed as f64) < self.rule.share * new as f64 {
            self.failing_since = None;
            return None;
        }
        let failing = now - *self.failing_since.get_or_insert(now);
        (!self.rule.after.is_zero() && failing >= self.rule.after).then(|| {
            format!(
                "{:.0} % of requests have found no connection for {} s; is the target running?",
                self.rule.share * 100.0,
                failing.as_secs()
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_failures_without_a_success_between_them_add_up() {
        let second = Duration::from_secs(1);
        let start = Instant::now();
        let mut breaker = Breaker::new(BreakerRule { after: 10 * second, share: 1.0 });
        // A user that thinks for long: refused, served, refused.
        assert_eq!(breaker.judge(1, 1, start), None);
        assert_eq!(breaker.judge(2, 1, start + 15 * second), None);
        assert_eq!(breaker.judge(3, 2, start + 30 * second), None);
        assert_eq!(breaker.judge(4, 3, start + 39 * second), None);
        assert!(breaker.judge(5, 4, start + 40 * second).is_some());
    }

    #[test]
    fn a_share_is_enough_and_zero_never_trips() {
        let (start, minute) = (Instant::now(), Duration::from_secs(60));
        let mut half = Breaker::new(BreakerRule { after: minute, share: 0.5 });
        assert_eq!(half.judge(10, 6, start), None);
        assert!(half.judge(20, 11, start + minute).is_some());
        let mut off = Breaker::new(BreakerRule { after: Duration::ZERO, share: 0.5 });
        assert_eq!(off.judge(10, 10, start), None);
        assert_eq!(off.judge(20, 20, start + minute), None);
    }
}
