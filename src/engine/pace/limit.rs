//! The rate limit: requests over all users keep a least distance from each other.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::{Duration, Instant},
};

/// Spaces requests evenly; time that nobody used is not saved up for a burst.
#[derive(Debug)]
pub struct RateLimit {
    start: Instant,
    interval_ns: u64,
    next_ns: AtomicU64,
}

impl RateLimit {
    /// At most `per_second` requests a second.
    #[must_use]
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the cast saturates, which is what is meant"
    )]
    pub fn new(per_second: f64) -> Self {
        Self { start: Instant::now(), interval_ns: (1e9 / per_second) as u64, next_ns: AtomicU64::new(0) }
    }

    /// When the caller's next request may be sent.
    #[must_use]
    pub fn reserve(&self) -> Instant {
        let now = u64::try_from(self.start.elapsed().as_nanos()).unwrap_or(u64::MAX);
        let advance = |next: u64| Some(next.max(now).saturating_add(self.interval_ns));
        let mine = self.next_ns.fetch_update(Ordering::Relaxed, Ordering::Relaxed, advance);
        self.start + Duration::from_nanos(mine.unwrap_or_else(|next| next).max(now))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_keep_their_distance_and_pauses_are_not_saved_up() {
        let limit = RateLimit::new(1000.0);
        let first = limit.reserve();
        let later: Vec<_> = (0..5).map(|_| limit.reserve()).collect();
        for (n, at) in (1_u32..).zip(later) {
            assert_eq!(at - first, Duration::from_millis(1) * n);
        }
    }
}
