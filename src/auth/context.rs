//! What users, sessions and keys work with alike.

use std::sync::Arc;

use tokio::sync::watch;

use super::{
    clock::AuthClock, keys::KeyRow, known::Known, opaque::Hashes, password::Hasher, sessions::SessionRow,
    signing::Signing,
};
use crate::{config::Config, db::Db, limits::Throttle};

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

    /// Forgets what is known of everybody: somebody's rights have changed.
    pub fn forget(&self) {
        self.sessions.forget_all();
        self.keys.forget_all();
    }
}
