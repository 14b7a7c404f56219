//! Requests with a key that are being worked on in this process, so that repetitions wait for the
//! first one in memory and ask nobody.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::{sync::watch, time::timeout};

use super::{StoredAnswer, in_progress, store::Owner};
use crate::http::{Code, Problem};

/// Most keys that are worked on at once.
const MOST: usize = 10_000;

/// An answer and whether it is a repetition, or why there is none.
pub type Outcome = Result<(StoredAnswer, bool), Problem>;

/// What is being worked on, by key. A clone shares it.
#[derive(Clone, Debug, Default)]
pub(super) struct Flights(Arc<Mutex<HashMap<Owner, Arc<Flight>>>>);

/// One request that is being worked on.
#[derive(Debug)]
pub(super) struct Flight {
    pub(super) fingerprint: String,
    outcome: watch::Receiver<Option<Outcome>>,
}

/// A request that joined those with its key.
pub(super) struct Joined {
    pub(super) flight: Arc<Flight>,
    /// Held by the first of them, who does the work.
    pub(super) first: Option<Landing>,
}

/// What the first request tells the others. Its key is free in memory once it is dropped.
pub(super) struct Landing {
    flights: Flights,
    /// None once its key is free.
    owner: Option<Owner>,
    outcome: watch::Sender<Option<Outcome>>,
}

impl Flights {
    pub(super) fn join(&self, owner: &Owner, fingerprint: &str) -> Result<Joined, Problem> {
        let mut flights = self.lock();
        if let Some(flight) = flights.get(owner) {
            return Ok(Joined { flight: flight.clone(), first: None });
        }
        if flights.len() >= MOST {
            let detail = "too many requests with an Idempotency-Key are being worked on; send it again later";
            return Err(Problem { retry_after_s: Some(1), ..Problem::new(Code::Full, detail) });
        }
        let (outcome, receiver) = watch::channel(None);
        let flight = Arc::new(Flight { fingerprint: fingerprint.to_owned(), outcome: receiver });
        flights.insert(owner.clone(), flight.clone());
        let first = Landing { flights: self.clone(), owner: Some(owner.clone()), outcome };
        Ok(Joined { flight, first: Some(first) })
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Owner, Arc<Flight>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.lock().len()
    }
}

impl Flight {
    /// What came of it, once that is known; `patience` bounds the wait.
    pub(super) async fn outcome(&self, patience: Option<Duration>) -> Outcome {
        let mut outcome = self.outcome.clone();
        let known = outcome.wait_for(Option::is_some);
        let known = match patience {
            Some(patience) => timeout(patience, known).await.map_err(|_| in_progress())?,
            None => known.await,
        };
        match known {
            Ok(outcome) => outcome.clone().unwrap_or_else(|| Err(stopping())),
            Err(_) => Err(stopping()),
        }
    }
}

impl Landing {
    /// Tells all who wait what came of it, and stays to tell those who come.
    pub(super) fn tell(&self, outcome: Outcome) {
        self.outcome.send_replace(Some(outcome));
    }

    /// Tells all who wait what came of it. Its key is free before they know, so that one who asks
    /// again asks the database.
    pub(super) fn land(mut self, outcome: Outcome) {
        self.leave();
        self.tell(outcome);
    }

    fn leave(&mut self) {
        if let Some(owner) = self.owner.take() {
            self.flights.lock().remove(&owner);
        }
    }
}

impl Drop for Landing {
    fn drop(&mut self) {
        self.leave();
    }
}

/// The work was given up, which happens when the process ends.
fn stopping() -> Problem {
    Problem::new(Code::Draining, "MAID is stopping; send it again with the same key once it is back")
}
