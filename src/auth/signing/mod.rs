//! Access tokens: signed with Ed25519, by a key that is replaced before it gets old.
//!
//! A token says only who (`sub`) and in which session (`sid`); what they may do is looked up. The
//! private keys are in the database, so that several servers share them, encrypted with a key that
//! is not. A key that no longer signs stays known until the last token that it signed has died.

mod store;

use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, MutexGuard, PoisonError, RwLock},
    time::{Duration, Instant},
};

use jiff::{SignedDuration, Timestamp};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, decode_header, encode};
use ring::{
    digest,
    signature::{Ed25519KeyPair, KeyPair},
};
use serde::{Deserialize, Serialize};
use tokio::sync::Mutex;
use uuid::Uuid;

use self::store::Store;
use super::{
    clock::AuthClock,
    sealed::Sealer,
    secret::{self, KEY},
};
use crate::{
    db::{Db, StoreError},
    limits::recent::Recent,
};

/// Who signs, and for whom.
const ISSUER: &str = "maid";
/// What an access token is called in its head (RFC 9068), so that no other token passes for one.
const TYPE: &str = "at+jwt";
/// Longest token that is looked at, in bytes.
const LONGEST: usize = 2048;
/// Most tokens that are not checked again.
const MOST_CHECKED: usize = 10_000;
/// How far the clocks of servers that share a database may be apart, in seconds.
const LEEWAY_S: i64 = 30;
/// How long an unknown key is not asked for again.
const ASK_AGAIN: Duration = Duration::from_secs(1);
/// A private Ed25519 key as PKCS #8 begins (RFC 8410); its 32 bytes follow.
const PKCS8: [u8; 16] =
    [0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20];

/// Signs and reads access tokens; a clone is the same.
#[derive(Clone, Debug)]
pub struct Signing(Arc<Inner>);

struct Inner {
    store: Store,
    sealer: Sealer,
    clock: AuthClock,
    keys: RwLock<Arc<Keys>>,
    /// When the database was last asked for keys; held while it is.
    asked: Mutex<Option<Instant>>,
    /// What tokens say whose signature was checked before, by their hash: checking one costs three times
    /// what a small request does. A token dies before its key, so the time is all that is left to check.
    checked: std::sync::Mutex<Recent<[u8; 32], Option<Claims>>>,
}

/// All keys whose tokens may be alive.
#[derive(Default)]
struct Keys {
    signing: Option<Signer>,
    known: HashMap<String, (DecodingKey, Timestamp)>,
}

#[derive(Clone)]
struct Signer {
    kid: String,
    key: EncodingKey,
    retires_at: Timestamp,
    expires_at: Timestamp,
}

/// A pair of keys as it is stored.
pub(super) struct StoredKey {
    kid: String,
    public_key: Vec<u8>,
    sealed_seed: Vec<u8>,
    created_at: Timestamp,
    retires_at: Timestamp,
    expires_at: Timestamp,
}

/// What an access token says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    iss: String,
    aud: String,
    /// The user.
    pub sub: Uuid,
    /// The session.
    pub sid: Uuid,
    iat: i64,
    nbf: i64,
    /// When it dies, in seconds since 1970.
    pub exp: i64,
}

/// Why a token is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// It was not signed by this installation, or not for it, or is garbage.
    #[error("the access token is not one of this server")]
    Foreign,
    /// It has died.
    #[error("the access token has expired; refresh it")]
    Expired,
    /// The database does not answer, and the key is not known without it.
    #[error("the access token cannot be checked for now")]
    Unchecked,
}

/// Why nothing can be signed.
#[derive(Debug, thiserror::Error)]
pub enum SigningError {
    /// The keys were made with another secret.
    #[error(
        "the signing keys in the database were made with another secret: give this server the one that they were made \
         with (auth.secret, or the file secret.key in server.data_dir)"
    )]
    OtherSecret,
    /// A defect.
    #[error("a token cannot be signed: {0}")]
    Defect(String),
    /// The database.
    #[error("{0}")]
    Store(#[from] StoreError),
}

impl Signing {
    /// Opens the keys in `db` with the key `seal`.
    ///
    /// # Errors
    /// They were made with another secret, or the database does not answer.
    pub async fn open(db: Db, seal: &[u8; KEY], clock: AuthClock) -> Result<Self, SigningError> {
        let this = Self(Arc::new(Inner {
            store: Store::new(db),
            sealer: Sealer::new(seal),
            clock,
            keys: RwLock::default(),
            asked: Mutex::default(),
            checked: std::sync::Mutex::new(Recent::new(MOST_CHECKED)),
        }));
        this.0.load().await?;
        Ok(this)
    }

    /// A token for `user` in `session` that dies after `ttl`, and its time to live. A key that has
    /// signed for `key_ttl` is replaced first.
    ///
    /// # Errors
    /// When the database does not answer and a new key is needed.
    pub async fn issue(
        &self,
        (user, session): (Uuid, Uuid),
        ttl: Duration,
        key_ttl: Duration,
    ) -> Result<(String, Duration), SigningError> {
        let now = self.0.clock.now();
        let signer = match self.0.keys().signing.clone().filter(|signer| now < signer.retires_at) {
            Some(signer) => signer,
            None => self.0.next_signer(ttl, key_ttl).await?,
        };
        let now = now.as_second();
        // No token outlives the key that it is checked with.
        let exp = now.saturating_add_unsigned(ttl.as_secs()).min(signer.expires_at.as_second());
        let maid = || ISSUER.to_owned();
        let claims = Claims { iss: maid(), aud: maid(), sub: user, sid: session, iat: now, nbf: now, exp };
        let mut header = Header::new(Algorithm::EdDSA);
        header.typ = Some(TYPE.to_owned());
        header.kid = Some(signer.kid);
        let token =
            encode(&header, &claims, &signer.key).map_err(|error| SigningError::Defect(error.to_string()))?;
        Ok((token, Duration::from_secs(exp.abs_diff(now))))
    }

    /// What a token says, if it was signed here and is alive.
    ///
    /// # Errors
    /// Why not.
    pub async fn read(&self, token: &str) -> Result<Claims, Refusal> {
        if token.len() > LONGEST {
            return Err(Refusal::Foreign);
        }
        let hash = hash(token);
        if let Some(claims) = self.0.checked_before(hash) {
            return self.0.alive(claims);
        }
        let claims = self.0.checked(token).await?;
        *self.0.tokens().entry(hash) = Some(claims.clone());
        self.0.alive(claims)
    }

    /// Forgets keys that nothing alive was signed with.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn purge(&self) -> Result<(), SigningError> {
        self.0.store.purge(self.0.clock.now()).await?;
        self.0.load().await
    }
}
fn hash(token: &str) -> [u8; 32] {
    let mut hash = [0; 32];
    hash.copy_from_slice(digest::digest(&digest::SHA256, token.as_bytes()).as_ref());
    hash
}

/// What a token must be, beside its times: those are checked by a clock that never goes back.
fn validation() -> Validation {
    let mut validation = Validation::new(Algorithm::EdDSA);
    validation.validate_exp = false;
    validation.validate_nbf = false;
    validation.set_issuer(&[ISSUER]);
    validation.set_audience(&[ISSUER]);
    validation.set_required_spec_claims(&["iss", "aud", "sub", "exp", "nbf"]);
    validation
}

impl Inner {
    /// What a token says that was signed here, whenever.
    async fn checked(&self, token: &str) -> Result<Claims, Refusal> {
        let header = decode_header(token).map_err(|_| Refusal::Foreign)?;
        let kid = header.kid.filter(|_| header.typ.as_deref() == Some(TYPE)).ok_or(Refusal::Foreign)?;
        if header.alg != Algorithm::EdDSA {
            return Err(Refusal::Foreign);
        }
        let key = match self.known(&kid) {
            Some(key) => key,
            // Another server may have made it.
            None => self.ask_for(&kid).await?,
        };
        Ok(decode::<Claims>(token, &key, &validation()).map_err(|_| Refusal::Foreign)?.claims)
    }

    /// What a token says, if it is alive.
    fn alive(&self, claims: Claims) -> Result<Claims, Refusal> {
        let now = self.clock.now().as_second();
        if claims.nbf > now + LEEWAY_S || claims.iat > claims.exp {
            return Err(Refusal::Foreign);
        }
        if claims.exp <= now { Err(Refusal::Expired) } else { Ok(claims) }
    }

    fn checked_before(&self, hash: [u8; 32]) -> Option<Claims> {
        self.tokens().known(hash).and_then(|claims| claims.clone())
    }

    fn tokens(&self) -> MutexGuard<'_, Recent<[u8; 32], Option<Claims>>> {
        self.checked.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn keys(&self) -> Arc<Keys> {
        Arc::clone(&self.keys.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn known(&self, kid: &str) -> Option<DecodingKey> {
        let keys = self.keys();
        let (key, expires_at) = keys.known.get(kid)?;
        (self.clock.now() < *expires_at).then(|| key.clone())
    }

    async fn ask_for(&self, kid: &str) -> Result<DecodingKey, Refusal> {
        let mut asked = self.asked.lock().await;
        // Whoever came first may have found it; and made-up tokens must not cost a query each.
        if let Some(key) = self.known(kid) {
            return Ok(key);
        }
        if asked.is_some_and(|at| at.elapsed() < ASK_AGAIN) {
            return Err(Refusal::Foreign);
        }
        *asked = Some(Instant::now());
        self.load().await.map_err(|_| Refusal::Unchecked)?;
        self.known(kid).ok_or(Refusal::Foreign)
    }

    async fn load(&self) -> Result<(), SigningError> {
        let now = self.clock.now();
        let mut keys = Keys::default();
        let rows = self.store.alive(now).await?;
        for row in rows {
            let seed = self.sealer.open(row.kid.as_bytes(), &row.sealed_seed);
            let seed = seed.and_then(|seed| seed.try_into().ok()).ok_or(SigningError::OtherSecret)?;
            let pair = pair(&seed)?;
            if pair.public_key().as_ref() != row.public_key {
                return Err(SigningError::OtherSecret);
            }
            keys.known.insert(row.kid.clone(), (DecodingKey::from_ed_der(&row.public_key), row.expires_at));
            // They come in the order in which they were made.
            if now < row.retires_at {
                keys.signing = Some(signer(&row, &seed));
            }
        }
        *self.keys.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(keys);
        Ok(())
    }

    /// The key that signs next: another server's, or a new one.
    async fn next_signer(&self, ttl: Duration, key_ttl: Duration) -> Result<Signer, SigningError> {
        let _asked = self.asked.lock().await;
        self.load().await?;
        if let Some(signer) = self.keys().signing.clone() {
            return Ok(signer);
        }
        let seed = secret::random::<KEY>();
        let kid = Uuid::now_v7().simple().to_string();
        let created_at = self.clock.now();
        let after = |at: Timestamp, span: Duration| {
            at.saturating_add(SignedDuration::try_from(span).unwrap_or(SignedDuration::MAX))
                .unwrap_or(Timestamp::MAX)
        };
        let retires_at = after(created_at, key_ttl);
        let row = StoredKey {
            public_key: pair(&seed)?.public_key().as_ref().to_vec(),
            sealed_seed: self.sealer.seal(kid.as_bytes(), seed.to_vec()),
            kid,
            created_at,
            retires_at,
            expires_at: after(retires_at, ttl),
        };
        self.store.insert(&row).await?;
        self.load().await?;
        tracing::info!(kid = row.kid, "a new key signs access tokens: {}", row.kid);
        Ok(signer(&row, &seed))
    }
}

impl fmt::Debug for Inner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signing").field("known", &self.keys().known.len()).finish_non_exhaustive()
    }
}

fn pair(seed: &[u8; KEY]) -> Result<Ed25519KeyPair, SigningError> {
    Ed25519KeyPair::from_seed_unchecked(seed).map_err(|error| SigningError::Defect(error.to_string()))
}

fn signer(row: &StoredKey, seed: &[u8; KEY]) -> Signer {
    let private = [PKCS8.as_slice(), seed].concat();
    Signer {
        kid: row.kid.clone(),
        key: EncodingKey::from_ed_der(&private),
        retires_at: row.retires_at,
        expires_at: row.expires_at,
    }
}

#[cfg(test)]
mod tests;
