//! A repeated request starts nothing twice.
//!
//! A client names a request with the header `Idempotency-Key`. The first request with a key leaves a
//! pending row with the id of what it is going to make, is worked on, and leaves its answer in that
//! row; each repetition gets that answer. What was refused or failed has changed nothing, so its key
//! is free again. Whoever asks while the first is still worked on waits for it, in memory: however
//! many they are, the database is asked once. After a crash, [`Idempotency::settle`] finds out what
//! became of pending rows.

mod answer;
mod flight;
mod once;
mod store;

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use ring::hmac;
use tokio::{
    runtime::Handle,
    time::{Instant, sleep, timeout},
};
use uuid::Uuid;

pub use self::{
    answer::StoredAnswer,
    once::{IdempotencyKey, Once},
};
use self::{
    flight::{Flight, Flights, Outcome},
    store::{Claim, Owner, Store},
};
use super::{Code, Problem, digest::hex};
use crate::{
    auth::Principal,
    db::{Db, StoreError},
};

/// The header that names a request, so that a repetition is known.
pub const KEY: &str = "idempotency-key";

/// The header of an answer that was given before.
pub const REPLAYED: &str = "idempotency-replayed";

/// Longest key, in characters.
const LONGEST_KEY: usize = 255;

/// How long a repetition waits for the first request.
const PATIENCE: Duration = Duration::from_secs(10);

/// Pause between two looks at a row that another process works on.
const LOOK: Duration = Duration::from_millis(100);

/// Longest pause between two tries to store what came of a request.
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// A request that another process works on for longer has lost that process.
const ABANDONED_AFTER: SignedDuration = SignedDuration::from_mins(10);

/// How long something urgent waits to learn whether it was done before.
const URGENT: Duration = Duration::from_secs(1);

/// Rows that are settled at once.
const BATCH: u64 = 200;

/// What came of requests by their keys. A clone shares it.
#[derive(Clone, Debug)]
pub struct Idempotency {
    store: Store,
    flights: Flights,
    kept: SignedDuration,
    patience: Duration,
    abandoned_after: SignedDuration,
    /// Work goes on there when the web worker that took the request ends.
    runtime: Handle,
    /// What requests are remembered by is hashed with it: a body may hold a password, which must not be
    /// found by trying. None where nobody has given one, as in tests.
    key: Option<hmac::Key>,
}

/// What is to be done while the database cannot say whether it was done before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unsure {
    /// Nothing: twice would be worse than later.
    Refuse,
    /// It is done, and its key is not remembered: later would be worse than twice.
    Do,
}

/// One request as it is told from others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repeatable {
    /// The key that the client chose.
    pub key: String,
    /// What is asked for: a digest of method, path, query and body.
    pub fingerprint: String,
}

impl Idempotency {
    /// Answers are stored in `db` by the server `instance`, and kept for `kept`. Work is done on
    /// `runtime`.
    #[must_use]
    pub fn new(db: Db, kept: Duration, instance: Uuid, runtime: Handle) -> Self {
        let kept = SignedDuration::try_from(kept).unwrap_or(SignedDuration::MAX);
        let store = Store::new(db, instance);
        Self {
            store,
            flights: Flights::default(),
            kept,
            patience: PATIENCE,
            abandoned_after: ABANDONED_AFTER,
            runtime,
            key: None,
        }
    }

    /// The same, with what requests are remembered by hashed with `key`.
    #[must_use]
    pub fn keyed(self, key: &[u8; 32]) -> Self {
        Self { key: Some(hmac::Key::new(hmac::HMAC_SHA256, key)), ..self }
    }

    fn fingerprint(&self, plain: String) -> String {
        let Some(key) = &self.key else { return plain };
        hex(hmac::sign(key, plain.as_bytes()).as_ref())
    }

    /// Does work that is done once anyway: it has no key. It goes on when whoever asked is gone.
    ///
    /// # Errors
    /// What `work` refuses.
    pub async fn unkeyed<W, F>(&self, work: W) -> Result<StoredAnswer, Problem>
    where
        W: FnOnce(Uuid) -> F,
        F: Future<Output = Result<StoredAnswer, Problem>> + Send + 'static,
    {
        let worked = self.runtime.spawn(work(Uuid::now_v7())).await;
        worked.unwrap_or_else(|panicked| Err(Problem::internal(&panicked)))
    }

    /// Does `work` unless it was done before for the same request, and answers what came of it, and
    /// whether that is a repetition. `work` is given the id of what it makes; it goes on when whoever
    /// asked is gone.
    ///
    /// # Errors
    /// What `work` refuses; and when the key belongs to another request, when the first one takes too
    /// long, and when the database does not answer.
    pub async fn once<W, F>(
        &self,
        principal: &Principal,
        request: Repeatable,
        unsure: Unsure,
        work: W,
    ) -> Outcome
    where
        W: FnOnce(Uuid) -> F + Send + 'static,
        F: Future<Output = Result<StoredAnswer, Problem>> + Send + 'static,
    {
        let request = Repeatable { fingerprint: self.fingerprint(request.fingerprint), ..request };
        let owner = Owner {
            tenant_id: principal.tenant_id.clone(),
            // What a user was answered is not for their keys, which may do less.
            principal: principal.actor(),
            key: request.key,
        };
        let joined = self.flights.join(&owner, &request.fingerprint)?;
        if joined.flight.fingerprint != request.fingerprint {
            return Err(mismatch());
        }
        if let Some(landing) = joined.first {
            let (this, flight) = (self.clone(), joined.flight.clone());
            // A task of its own: a client that hangs up does not undo half of the work.
            self.runtime.spawn(async move { this.fly(owner, &flight, landing, unsure, work).await });
            return joined.flight.outcome(None).await;
        }
        joined.flight.outcome(Some(self.patience)).await.map(|(answer, _)| (answer, true))
    }

    async fn fly<W, F>(
        &self,
        owner: Owner,
        flight: &Flight,
        landing: flight::Landing,
        unsure: Unsure,
        work: W,
    ) where
        W: FnOnce(Uuid) -> F,
        F: Future<Output = Result<StoredAnswer, Problem>> + Send + 'static,
    {
        let resource_id = match self.claim(&owner, &flight.fingerprint, unsure).await {
            Ok(Claimed::First(resource_id)) => resource_id,
            Ok(Claimed::Done(answer)) => return landing.land(Ok((answer, true))),
            Err(problem) if unsure == Unsure::Do && problem.code == Code::StorageUnavailable => {
                return landing.land(self.unkeyed(work).await.map(|answer| (answer, false)));
            }
            Err(problem) => return landing.land(Err(problem)),
        };
        let worked = match self.runtime.spawn(work(resource_id)).await {
            Ok(worked) => worked,
            // The process ends, and how far the work came is not known: its key stays claimed, and the
            // next start settles it. To free it here would let a repetition do the work twice.
            Err(ended) if ended.is_cancelled() => return,
            Err(panicked) => Err(Problem::internal(&panicked)),
        };
        let outcome = worked.clone().map(|answer| (answer, false));
        let Err(error) = self.save(&owner, resource_id, &worked).await else { return landing.land(outcome) };
        // Until it is stored, repetitions are answered from memory.
        landing.tell(outcome);
        self.insist(&owner, resource_id, &worked, error).await;
    }

    /// Stores what came of a request once the database is back.
    async fn insist(
        &self,
        owner: &Owner,
        resource_id: Uuid,
        worked: &Result<StoredAnswer, Problem>,
        mut error: StoreError,
    ) {
        let mut pause = LOOK;
        loop {
            tracing::warn!(%resource_id, %error, "the answer to a request with a key is not stored yet: {error}");
            sleep(pause).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
            match self.save(owner, resource_id, worked).await {
                Ok(()) => return,
                Err(again) => error = again,
            }
        }
    }

    /// Makes the request the first with its key, or finds out what came of the first.
    async fn claim(&self, owner: &Owner, fingerprint: &str, unsure: Unsure) -> Result<Claimed, Problem> {
        let until = Instant::now() + self.patience;
        loop {
            let now = Timestamp::now();
            let expires_at = now.saturating_add(self.kept).unwrap_or(Timestamp::MAX);
            let claim = self.store.claim(owner, fingerprint, now, expires_at);
            let claim = match unsure {
                Unsure::Refuse => claim.await,
                Unsure::Do => timeout(URGENT, claim).await.unwrap_or_else(|_| Err(StoreError::silent())),
            };
            match claim? {
                Claim::First(resource_id) => return Ok(Claimed::First(resource_id)),
                Claim::Other => return Err(mismatch()),
                Claim::Done(answer) => return Ok(Claimed::Done(answer)),
                Claim::Pending if Instant::now() >= until => return Err(in_progress()),
                Claim::Pending => sleep(LOOK).await,
            }
        }
    }

    /// Stores what came of a request: its answer, or that the key is free again.
    async fn save(
        &self,
        owner: &Owner,
        resource_id: Uuid,
        worked: &Result<StoredAnswer, Problem>,
    ) -> Result<(), StoreError> {
        match worked {
            Ok(answer) => self.store.complete(owner, resource_id, answer).await,
            Err(_) => self.store.release(owner, resource_id).await,
        }
    }

    /// Finds out what became of requests that this server was working on before it was started anew,
    /// and of old ones of others. `look` is given tenant and id, and says what the answer would have
    /// been if the thing with this id was made, and `None` if it was not. Answers how many there
    /// were. Call it before the first request is taken.
    ///
    /// # Errors
    /// When the database does not answer, or `look` fails.
    pub async fn settle<L, F>(&self, look: L) -> Result<usize, Problem>
    where
        L: Fn(String, Uuid) -> F,
        F: Future<Output = Result<Option<StoredAnswer>, Problem>>,
    {
        let mut settled = 0;
        let abandoned = Timestamp::now().saturating_sub(self.abandoned_after).unwrap_or(Timestamp::MIN);
        loop {
            let pending = self.store.pending(abandoned, BATCH).await?;
            if pending.is_empty() {
                return Ok(settled);
            }
            for (owner, resource_id) in pending {
                match look(owner.tenant_id.clone(), resource_id).await? {
                    Some(answer) => self.store.complete(&owner, resource_id, &answer).await?,
                    None => self.store.release(&owner, resource_id).await?,
                }
                settled += 1;
            }
        }
    }

    /// Forgets answers that were kept long enough, and says how many.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn purge(&self) -> Result<u64, StoreError> {
        self.store.purge(Timestamp::now()).await
    }
}

/// What a claim comes to.
enum Claimed {
    /// Nobody was first: work, and make the thing with this id.
    First(Uuid),
    /// This was answered.
    Done(StoredAnswer),
}

fn mismatch() -> Problem {
    Problem::new(
        Code::IdempotencyMismatch,
        "another request was sent with this Idempotency-Key before; choose a new key for each new request",
    )
}

fn in_progress() -> Problem {
    Problem {
        retry_after_s: Some(2),
        ..Problem::new(
            Code::IdempotencyInProgress,
            "send it again with the same key after a while to get its answer",
        )
    }
}

#[cfg(test)]
mod tests;
