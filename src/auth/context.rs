//! What users, sessions and keys work with alike.

use std::sync::Arc;

use tokio::sync::watch;

use super::{
    clock::AuthClock, error::AuthError, keys::KeyRow, known::Known, opaque::Hashes, password::Hasher,
    sessions::SessionRow, signing::Signing,
};
use crate::{
    audit::{Audit, Event, Outcome},
    config::Config,
    db::Db,
    limits::Throttle,
};

/// What users, sessions and keys work with alike; a clone is the same.
#[derive(Clone, Debug)]
pub struct Context {
    /// The database.
    pub db: Db,
    /// The configuration as it is now.
    pub config: watch::Receiver<Arc<Config>>,
    /// The time by which credentials expire.
    pub clock: AuthClock,
    /// Hashes credentials.
    pub hashes: Hashes,
    /// Hashes passwords.
    pub hasher: Hasher,
    /// Signs access tokens.
    pub signing: Signing,
    /// Makes whoever guesses passwords wait.
    pub throttle: Throttle,
    /// Where it is written down who did what.
    pub audit: Audit,
    /// Sessions that are known.
    pub sessions: Arc<Known<SessionRow>>,
    /// API keys that are known.
    pub keys: Arc<Known<KeyRow>>,
}

impl Context {
    /// The configuration as it is now.
    #[must_use]
    pub fn config(&self) -> Arc<Config> {
        Arc::clone(&self.config.borrow())
    }

    /// Does `work`, which must not happen unrecorded.
    ///
    /// # Errors
    /// Those of `work`, and when it cannot be written down.
    pub async fn recorded<T>(
        &self,
        event: Event,
        work: impl Future<Output = Result<T, AuthError>>,
    ) -> Result<T, AuthError> {
        self.audit.around(event, work, |_| Outcome::Failed).await
    }

    /// Forgets what is known of everybody: somebody's rights have changed.
    pub fn forget(&self) {
        self.sessions.forget_all();
        self.keys.forget_all();
    }
}
