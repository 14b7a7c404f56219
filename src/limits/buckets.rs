//! One kind of bucket: so many a minute, a burst at most, for every key.

use std::{fmt::Debug, hash::Hash, num::NonZeroU32, time::Duration};

use governor::{Quota, RateLimiter, clock::Clock, middleware::StateInformationMiddleware};

use super::{
    service::{Refused, Standing},
    shards::Shards,
};

/// What a key may ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Rate {
    pub(super) per_minute: u32,
    pub(super) burst: u32,
}

/// Buckets of one kind.
pub(super) struct Buckets<K: Hash + Eq + Clone, C: Clock> {
    limiter: RateLimiter<K, Shards<K>, C, StateInformationMiddleware>,
    rate: Rate,
    period: Duration,
    clock: C,
}

impl<K: Hash + Eq + Clone, C: Clock + Clone> Buckets<K, C> {
    /// Full buckets, of which at most about `room` are told apart.
    pub(super) fn new(rate: Rate, room: usize, clock: &C) -> Self {
        let at_least_one = |number: u32| NonZeroU32::new(number).unwrap_or(NonZeroU32::MIN);
        let (per_minute, burst) = (at_least_one(rate.per_minute), at_least_one(rate.burst));
        let quota = Quota::per_minute(per_minute).allow_burst(burst);
        let period = quota.replenish_interval();
        let limiter = RateLimiter::new(quota, Shards::new(room, period), clock.clone());
        Self { limiter, rate, period, clock: clock.clone() }
    }

    /// The rate that they were made for.
    pub(super) const fn rate(&self) -> Rate {
        self.rate
    }

    /// Takes a request out of the bucket of `key`.
    pub(super) fn take(&self, key: &K) -> Result<Standing, Refused> {
        match self.limiter.check_key(key) {
            Ok(state) => Ok(self.standing(state.remaining_burst_capacity())),
            Err(not_until) => {
                let wait = not_until.wait_time_from(self.clock.now());
                Err(Refused { standing: self.standing(0), retry_after_s: whole_seconds(wait).max(1) })
            }
        }
    }

    /// How many are told apart.
    #[cfg(test)]
    pub(super) fn apart(&self) -> usize {
        self.limiter.len()
    }

    fn standing(&self, remaining: u32) -> Standing {
        let missing = self.rate.burst.saturating_sub(remaining);
        let reset_s = whole_seconds(self.period.saturating_mul(missing));
        Standing { limit: self.rate.burst, remaining, reset_s }
    }
}

impl<K: Hash + Eq + Clone, C: Clock> Debug for Buckets<K, C> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Buckets").field("rate", &self.rate).finish_non_exhaustive()
    }
}

/// Seconds after which `wait` is over.
pub(super) fn whole_seconds(wait: Duration) -> u32 {
    let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
    u32::try_from(seconds).unwrap_or(u32::MAX)
}
