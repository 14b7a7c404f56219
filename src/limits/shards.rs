//! Where buckets are kept: in shards with a lock and a bound each, so that neither threads nor
//! memory suffer however many ask.

use std::{
    collections::HashMap,
    hash::{BuildHasher, Hash, RandomState},
    sync::{Mutex, PoisonError},
    time::Duration,
};

use governor::{nanos::Nanos, state::StateStore};

/// Shards of a store; threads that ask for different keys rarely meet.
const SHARDS: usize = 64;

/// Buckets that strangers share, in each shard, where it has no place left for one of their own.
const SHARED: usize = 16;

/// Requests after which a key is no stranger any more: strangers make place first.
const KNOWN_AFTER: u32 = 8;

/// How long a key that is no stranger keeps a bucket that has filled up again.
const KEPT_FOR: u64 = Duration::from_secs(60).as_nanos() as u64;

/// How long a shard that has no place left is not searched for one again.
const SEARCHED_EVERY: u64 = Duration::from_millis(50).as_nanos() as u64;

/// Buckets by key, at most so many.
///
/// A bucket that has filled up again is as good as none, so it makes place when one is needed: at once
/// where its key was seen a few times only, and after a rest where it was seen more often. Where no
/// bucket makes place, a new key shares one with other new keys, picked by its hash. So whoever is
/// known keeps a bucket of its own, and what all strangers together may ask stays bounded however
/// many they are.
#[derive(Debug)]
pub(super) struct Shards<K> {
    shards: Box<[Mutex<Shard<K>>]>,
    hasher: RandomState,
    /// Buckets of their own in a shard.
    room: usize,
    /// Time in which a bucket gets one request back.
    period: u64,
}

#[derive(Debug)]
struct Shard<K> {
    own: HashMap<K, Bucket>,
    shared: [Option<Nanos>; SHARED],
    searched: u64,
}

#[derive(Clone, Copy, Debug)]
struct Bucket {
    /// When it is full again, in the limiter's time.
    full_at: Nanos,
    seen: u32,
}

impl<K: Hash + Eq> Shards<K> {
    /// A store of at least `room` buckets that get a request back each `period`.
    pub(super) fn new(room: usize, period: Duration) -> Self {
        let shard = || Shard { own: HashMap::new(), shared: [None; SHARED], searched: 0 };
        Self {
            shards: (0..SHARDS).map(|_| Mutex::new(shard())).collect(),
            hasher: RandomState::new(),
            room: room.div_ceil(SHARDS),
            period: u64::try_from(period.as_nanos()).unwrap_or(u64::MAX),
        }
    }
}

impl<K: Hash + Eq + Clone> StateStore for Shards<K> {
    type Key = K;

    fn measure_and_replace<T, F, E>(&self, key: &K, measure: F) -> Result<T, E>
    where
        F: Fn(Option<Nanos>) -> Result<(T, Nanos), E>,
    {
        let hash = usize::try_from(self.hasher.hash_one(key) >> 32).unwrap_or(0);
        // A panic elsewhere leaves a bucket as it was before or after a request.
        let mut shard = self.shards[hash % SHARDS].lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(bucket) = shard.own.get_mut(key) {
            let (outcome, full_at) = measure(Some(bucket.full_at))?;
            *bucket = Bucket { full_at, seen: bucket.seen.saturating_add(1) };
            return Ok(outcome);
        }
        // A full bucket, less this request, is full again after one period: which tells the time.
        let (outcome, full_at) = measure(None)?;
        let now = full_at.as_u64().saturating_sub(self.period);
        if shard.has_place(self.room, now) {
            shard.own.insert(key.clone(), Bucket { full_at, seen: 1 });
            return Ok(outcome);
        }
        let slot = &mut shard.shared[hash / SHARDS % SHARED];
        let (outcome, full_at) = measure(*slot)?;
        *slot = Some(full_at);
        Ok(outcome)
    }
}

impl<K: Hash + Eq> Shard<K> {
    /// Whether there is place for one more, after what makes place has made it.
    fn has_place(&mut self, room: usize, now: u64) -> bool {
        if self.own.len() < room {
            return true;
        }
        if now < self.searched.saturating_add(SEARCHED_EVERY) && self.searched > 0 {
            return false;
        }
        self.own.retain(|_, bucket| {
            let kept_for = if bucket.seen < KNOWN_AFTER { 0 } else { KEPT_FOR };
            bucket.full_at.as_u64().saturating_add(kept_for) > now
        });
        self.searched = now;
        self.own.len() < room
    }
}

#[cfg(test)]
impl<K: Hash + Eq + Clone> governor::state::keyed::ShrinkableKeyedStateStore<K> for Shards<K> {
    fn retain_recent(&self, drop_below: Nanos) {
        for shard in &self.shards {
            shard.lock().expect("nobody panics with it").own.retain(|_, bucket| bucket.full_at > drop_below);
        }
    }

    fn len(&self) -> usize {
        self.shards.iter().map(|shard| shard.lock().expect("nobody panics with it").own.len()).sum()
    }

    fn is_empty(&self) -> bool {
        self.len() == 0
    }
}
