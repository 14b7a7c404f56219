//! Who is known already, so that a request does not cost a query.
//!
//! What was looked up is good for a moment, and looked up again by the first who asks after it: under
//! load that is a few queries a second for each credential, however many requests come. A change made
//! in this process is seen at once, one made in another within [`FRESH`]. While the database does not
//! answer, whoever was known goes on being known for a while: a test must be stopped also then.

use std::{
    collections::HashMap,
    future::Future,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use tokio::time::timeout;
use uuid::Uuid;

use crate::db::StoreError;

/// How long what was looked up is good for.
pub const FRESH: Duration = Duration::from_millis(50);
/// How long somebody is known for while the database does not answer.
pub const UNCHECKED: Duration = Duration::from_secs(15 * 60);
/// How long the database may take to say that somebody is known still.
const LOOK: Duration = Duration::from_millis(500);
/// Most who are known at once.
const MOST: usize = 10_000;

/// Who is known, by id.
#[derive(Debug)]
pub struct Known<T>(Mutex<HashMap<Uuid, Arc<Entry<T>>>>);

#[derive(Debug)]
struct Entry<T> {
    found: Mutex<Option<Found<T>>>,
    /// Held by the one who looks; the others wait for what comes of it.
    looking: tokio::sync::Mutex<()>,
}

#[derive(Clone, Debug)]
struct Found<T> {
    value: T,
    at: Instant,
}

impl<T> Default for Known<T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<T: Clone> Known<T> {
    /// What is known of `id`, looked up by `look` where that is too long ago.
    ///
    /// # Errors
    /// The database does not answer, and has not for too long.
    pub async fn get<F>(&self, id: Uuid, look: impl FnOnce() -> F) -> Result<Option<T>, StoreError>
    where
        F: Future<Output = Result<Option<T>, StoreError>>,
    {
        let entry = self.entry(id);
        if let Some(fresh) = entry.within(FRESH) {
            return Ok(Some(fresh));
        }
        let _looking = entry.looking.lock().await;
        if let Some(fresh) = entry.within(FRESH) {
            return Ok(Some(fresh));
        }
        let began = Instant::now();
        let stale = entry.within(UNCHECKED);
        let looked = match stale {
            // Nobody is held up by a database that is away, where something is known.
            Some(_) => timeout(LOOK, look()).await.unwrap_or_else(|_| Err(StoreError::silent())),
            None => look().await,
        };
        match looked {
            Ok(Some(value)) => {
                // As of when the question was put: what changed since may not be in the answer.
                *lock(&entry.found) = Some(Found { value: value.clone(), at: began });
                Ok(Some(value))
            }
            Ok(None) => {
                self.forget(id);
                Ok(None)
            }
            Err(error) if error.is_unavailable() && stale.is_some() => Ok(stale),
            Err(error) => {
                self.forget(id);
                Err(error)
            }
        }
    }

    /// Forgets what is known of `id`: it has changed.
    pub fn forget(&self, id: Uuid) {
        lock(&self.0).remove(&id);
    }

    /// Forgets all.
    pub fn forget_all(&self) {
        lock(&self.0).clear();
    }

    fn entry(&self, id: Uuid) -> Arc<Entry<T>> {
        let mut entries = lock(&self.0);
        if let Some(entry) = entries.get(&id) {
            return Arc::clone(entry);
        }
        if entries.len() >= MOST {
            entries.retain(|_, entry| entry.within(FRESH).is_some());
            if entries.len() >= MOST {
                entries.clear();
            }
        }
        let entry = Arc::new(Entry { found: Mutex::new(None), looking: tokio::sync::Mutex::new(()) });
        entries.insert(id, Arc::clone(&entry));
        entry
    }
}

impl<T: Clone> Entry<T> {
    fn within(&self, age: Duration) -> Option<T> {
        let found = lock(&self.found);
        found.as_ref().filter(|found| found.at.elapsed() < age).map(|found| found.value.clone())
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use tokio::task::JoinSet;

    use super::*;

    #[tokio::test]
    async fn many_at_once_cost_one_look() {
        let (known, looks) = (Arc::new(Known::default()), Arc::new(AtomicUsize::new(0)));
        let mut all = JoinSet::new();
        for _ in 0..1000 {
            let (known, looks) = (Arc::clone(&known), Arc::clone(&looks));
            all.spawn(async move {
                let look = || async {
                    looks.fetch_add(1, Ordering::Relaxed);
                    Ok(Some(7))
                };
                known.get(Uuid::nil(), look).await
            });
        }
        assert!(all.join_all().await.into_iter().all(|found| found.expect("it is found") == Some(7)));
        assert!(looks.load(Ordering::Relaxed) <= 3, "{looks:?}");
    }

    #[tokio::test]
    async fn a_change_is_seen_at_once() {
        let known = Known::default();
        assert_eq!(known.get(Uuid::nil(), || async { Ok(Some(1)) }).await.expect("it works"), Some(1));
        known.forget(Uuid::nil());
        assert_eq!(known.get(Uuid::nil(), || async { Ok(Some(2)) }).await.expect("it works"), Some(2));
        known.forget_all();
        assert_eq!(known.get(Uuid::nil(), || async { Ok(None) }).await.expect("it works"), None);
    }

    #[tokio::test]
    async fn what_is_known_outlives_the_database() {
        let known = Known::default();
        let away = || async { Err(StoreError::silent()) };
        assert!(known.get(Uuid::nil(), away).await.is_err(), "nobody is let in unseen");
        assert_eq!(known.get(Uuid::nil(), || async { Ok(Some(1)) }).await.expect("it works"), Some(1));
        let entry = known.entry(Uuid::nil());
        let at = Instant::now().checked_sub(FRESH * 2).expect("the machine has run that long");
        *lock(&entry.found) = Some(Found { value: 1, at });
        assert_eq!(known.get(Uuid::nil(), away).await.expect("it was known"), Some(1));
        let held = known.get(Uuid::nil(), std::future::pending).await;
        assert_eq!(held.expect("it was known"), Some(1), "nor is anybody held up");
    }

    #[test]
    fn there_is_a_bound() {
        let known = Known::<u8>::default();
        (0..3 * MOST as u128).for_each(|id| drop(known.entry(Uuid::from_u128(id))));
        assert!(lock(&known.0).len() <= MOST);
    }
}
