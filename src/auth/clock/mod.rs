//! The time by which credentials expire. It never goes back.
//!
//! A clock that is set back would revive what has expired. So the time is the latest that was ever
//! seen, carried on by the monotonic clock, and kept in the database over a restart.

mod store;

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Instant,
};

use jiff::Timestamp;

use crate::db::{Db, StoreError};

/// A time that never goes back; a clone is the same.
#[derive(Clone, Debug)]
pub struct AuthClock(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    started: Instant,
    /// Time at `started`, in microseconds: the latest that the system's clock has claimed it was.
    origin_us: AtomicI64,
}

impl AuthClock {
    /// A clock that goes on from `latest`, the latest time that is known to have been.
    #[must_use]
    pub fn since(latest: Timestamp) -> Self {
        Self(Arc::new(Inner { started: Instant::now(), origin_us: AtomicI64::new(latest.as_microsecond()) }))
    }

    /// A clock that goes on from the latest time that `db` knows of.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn open(db: &Db) -> Result<Self, StoreError> {
        Ok(Self::since(store::latest(db).await?))
    }

    /// Notes what time it is, so that it is no earlier after a restart.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn note(&self, db: &Db) -> Result<(), StoreError> {
        store::note(db, self.now()).await
    }

    /// What time it is.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.at(Timestamp::now())
    }

    /// What time it is when the system's clock says `system`.
    fn at(&self, system: Timestamp) -> Timestamp {
        let elapsed = i64::try_from(self.0.started.elapsed().as_micros()).unwrap_or(i64::MAX);
        let claimed = system.as_microsecond().saturating_sub(elapsed);
        let origin = self.0.origin_us.fetch_max(claimed, Ordering::Relaxed).max(claimed);
        Timestamp::from_microsecond(origin.saturating_add(elapsed)).unwrap_or(Timestamp::MAX)
    }
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;

    use super::*;

    /// Now, to the microsecond.
    fn now() -> Timestamp {
        Timestamp::from_microsecond(Timestamp::now().as_microsecond()).expect("a time")
    }

    #[test]
    fn it_never_goes_back() {
        let now = now();
        let clock = AuthClock::since(Timestamp::UNIX_EPOCH);
        let first = clock.at(now);
        assert!(first >= now);
        let back = clock.at(now - SignedDuration::from_hours(1));
        assert!(back >= first, "{back} after {first}");
        let forth = clock.at(now + SignedDuration::from_hours(1));
        assert!(forth >= now + SignedDuration::from_hours(1));
        assert!(clock.at(now) >= forth);
    }

    #[test]
    fn nor_over_a_restart() {
        let latest = now() + SignedDuration::from_hours(24);
        assert!(AuthClock::since(latest).now() >= latest);
    }
}
