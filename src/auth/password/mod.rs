//! Passwords: hashed with Argon2id, a few at a time, and as slowly for those who do not exist.

mod rules;

use std::{fmt, sync::Arc, thread, time::Duration};

use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{self, PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use tokio::{sync::Semaphore, task::spawn_blocking, time::timeout};

pub use self::rules::{LONGEST, Refused, check};
use super::secret;
use crate::{config::Passwords, loadtest::secret::Secret};

/// How long somebody waits for their turn to be hashed.
const PATIENCE: Duration = Duration::from_secs(10);
/// Most who wait for their turn.
const MOST_WAITING: usize = 1000;

/// Hashes and checks passwords; a clone is the same.
#[derive(Clone)]
pub struct Hasher(Arc<Inner>);

struct Inner {
    argon2: Argon2<'static>,
    params: Params,
    turns: Semaphore,
    waiting: Semaphore,
    /// Hash of nobody's password, with the parameters of today.
    nobody: String,
}

/// What a password turned out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Another one.
    Wrong,
    /// The right one.
    Right,
    /// The right one, hashed with parameters that are not today's: hash it anew.
    Outdated,
}

/// Why nothing was hashed.
#[derive(Debug, thiserror::Error)]
pub enum HashError {
    /// Too many are before it.
    #[error("too many passwords are being checked; try again later")]
    Busy,
    /// A defect.
    #[error("a password cannot be hashed: {0}")]
    Defect(String),
}

impl Hasher {
    /// A hasher within the bounds of `config`.
    ///
    /// # Errors
    /// When the parameters do not go together, which the check of the configuration rules out.
    pub fn new(config: &Passwords) -> Result<Self, HashError> {
        let params = Params::new(config.memory_kib, config.iterations, config.lanes, None)
            .map_err(|error| HashError::Defect(error.to_string()))?;
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params.clone());
        let by_memory = (config.total_memory_kib / config.memory_kib).max(1) as usize;
        // The other half of the cores is for those who are not signing in.
        let by_cores = thread::available_parallelism().map_or(1, usize::from).div_ceil(2);
        let nobody = hash(&argon2, &secret::random::<16>())?;
        Ok(Self(Arc::new(Inner {
            argon2,
            params,
            turns: Semaphore::new(by_memory.min(by_cores)),
            waiting: Semaphore::new(MOST_WAITING),
            nobody,
        })))
    }

    /// The hash of a new password.
    ///
    /// # Errors
    /// When too many are before it.
    pub async fn hash(&self, password: Secret) -> Result<String, HashError> {
        self.in_turn(move |inner| hash(&inner.argon2, password.expose().as_bytes())).await?
    }

    /// Whether `password` is the one with the hash `stored`. Where there is none it takes as long as with
    /// the hash `other`, and is wrong whatever comes of it.
    ///
    /// # Errors
    /// When too many are before it, or the hash is none.
    pub async fn verify(
        &self,
        password: Secret,
        stored: Option<String>,
        other: Option<String>,
    ) -> Result<Verdict, HashError> {
        self.in_turn(move |inner| {
            let exists = stored.is_some();
            let stored = stored.or(other).unwrap_or_else(|| inner.nobody.clone());
            let parsed = PasswordHash::new(&stored).map_err(|error| HashError::Defect(error.to_string()))?;
            let right = inner.argon2.verify_password(password.expose().as_bytes(), &parsed);
            match right {
                Ok(()) if exists && inner.is_of_today(&parsed) => Ok(Verdict::Right),
                Ok(()) if exists => Ok(Verdict::Outdated),
                Ok(()) | Err(password_hash::Error::PasswordInvalid) => Ok(Verdict::Wrong),
                Err(error) => Err(HashError::Defect(error.to_string())),
            }
        })
        .await?
    }

    async fn in_turn<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Inner) -> T + Send + 'static,
    ) -> Result<T, HashError> {
        // A place among those who wait is given back when their turn comes or they give up.
        let place = self.0.waiting.try_acquire().map_err(|_| HashError::Busy)?;
        let turn = timeout(PATIENCE, self.0.turns.acquire()).await.map_err(|_| HashError::Busy)?;
        turn.map_err(|closed| HashError::Defect(closed.to_string()))?.forget();
        drop(place);
        let inner = Arc::clone(&self.0);
        // The turn ends with the work, not with whoever waits for it: memory is bounded by what runs.
        let worked = spawn_blocking(move || {
            let _turn = GivenBack(&inner.turns);
            work(&inner)
        });
        worked.await.map_err(|panicked| HashError::Defect(panicked.to_string()))
    }
}

/// Gives a turn back, also when its work panics.
struct GivenBack<'a>(&'a Semaphore);

impl Drop for GivenBack<'_> {
    fn drop(&mut self) {
        self.0.add_permits(1);
    }
}

impl Inner {
    fn is_of_today(&self, hash: &PasswordHash) -> bool {
        hash.algorithm == Algorithm::Argon2id.ident()
            && Params::try_from(hash).is_ok_and(|params| {
                (params.m_cost(), params.t_cost(), params.p_cost())
                    == (self.params.m_cost(), self.params.t_cost(), self.params.p_cost())
            })
    }
}

impl fmt::Debug for Hasher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hasher").field("params", &self.0.params).finish_non_exhaustive()
    }
}

fn hash(argon2: &Argon2<'_>, password: &[u8]) -> Result<String, HashError> {
    let hashed = argon2.hash_password(password).map_err(|error| HashError::Defect(error.to_string()))?;
    Ok(hashed.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hasher(iterations: u32) -> Hasher {
        Hasher::new(&Passwords { iterations, ..Passwords::default() }).expect("they go together")
    }

    fn secret(text: &str) -> Secret {
        Secret::new(text)
    }

    #[tokio::test]
    async fn the_right_one_is_told_from_others() {
        let hasher = hasher(2);
        let hash = hasher.hash(secret("correct horse 7")).await.expect("it is hashed");
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        let verify =
            async |password, stored| hasher.verify(secret(password), stored, None).await.expect("it works");
        assert_eq!(verify("correct horse 7", Some(hash.clone())).await, Verdict::Right);
        assert_eq!(verify("correct horse 8", Some(hash.clone())).await, Verdict::Wrong);
        assert_eq!(verify("correct horse 7", None).await, Verdict::Wrong, "nobody has no password");
        let other = hasher.verify(secret("correct horse 7"), None, Some(hash.clone())).await;
        assert_eq!(other.expect("it works"), Verdict::Wrong, "nor that of somebody else");
        let again = hasher.hash(secret("correct horse 7")).await.expect("it is hashed");
        assert_ne!(hash, again, "each has a salt of its own");
    }

    #[tokio::test]
    async fn older_parameters_are_noticed() {
        let old = hasher(3).hash(secret("correct horse 7")).await.expect("it is hashed");
        let verdict = hasher(2).verify(secret("correct horse 7"), Some(old), None).await;
        assert_eq!(verdict.expect("it works"), Verdict::Outdated);
    }

    #[tokio::test]
    async fn what_is_no_hash_lets_nobody_in() {
        for broken in ["", "plain", "$argon2id$v=19$m=8,t=1,p=1$c2FsdA"] {
            let verdict = hasher(2).verify(secret(""), Some(broken.to_owned()), None).await;
            assert!(!matches!(verdict, Ok(Verdict::Right | Verdict::Outdated)), "{broken}: {verdict:?}");
        }
    }
}
