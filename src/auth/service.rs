//! All of authentication behind one name.

use std::{fmt, sync::Arc, time::Duration};

use ring::hmac;
use subtle::ConstantTimeEq;
use tokio::{sync::watch, time::interval};
use uuid::Uuid;

use super::{
    Credential, Principal, Scope,
    clock::AuthClock,
    context::Context,
    error::AuthError,
    keys::Keys,
    opaque::{Hashes, Opaque},
    password::Hasher,
    secret::{Purpose, RootSecret},
    sessions::Sessions,
    signing::{Refusal, Signing},
    users::Users,
};
use crate::{audit::Audit, config::Config, db::Db, http::digest::hex, limits::Throttle};

/// How often it is written down which keys were used, and what time it is.
const NOTE_EVERY: Duration = Duration::from_secs(30);
/// After how many of them what has ended is forgotten.
const PURGE_AFTER: u32 = 20;

/// Who is let in; a clone is the same.
#[derive(Clone)]
pub struct Auth {
    /// Users.
    pub users: Users,
    /// Sessions.
    pub sessions: Sessions,
    /// API keys.
    pub keys: Keys,
    context: Context,
    csrf: Arc<hmac::Key>,
    required: bool,
}

/// Why a credential lets nobody in.
#[derive(Debug)]
pub enum NotLetIn {
    /// It is not good, or no longer.
    Refused(&'static str),
    /// It cannot be checked.
    Failed(AuthError),
}

impl Auth {
    /// Opens what identities are kept in: the database `db`, with keys derived from `secret`. Who does
    /// what is written down in `audit`.
    ///
    /// # Errors
    /// The database does not answer, or was used with another secret.
    pub async fn open(
        db: Db,
        config: watch::Receiver<Arc<Config>>,
        secret: &RootSecret,
        audit: Audit,
    ) -> Result<Self, AuthError> {
        let (hasher, required) = {
            let auth = &config.borrow().auth;
            (Hasher::new(&auth.password)?, auth.required)
        };
        let clock = AuthClock::open(&db).await?;
        let signing = Signing::open(db.clone(), &secret.key(Purpose::SigningKeys), clock.clone()).await?;
        let context = Context {
            db,
            config,
            clock,
            hashes: Hashes::new(&secret.key(Purpose::Credentials)),
            hasher,
            signing,
            throttle: Throttle::default(),
            audit,
            sessions: Arc::default(),
            keys: Arc::default(),
        };
        Ok(Self {
            users: Users::new(context.clone()),
            sessions: Sessions::new(context.clone()),
            keys: Keys::new(context.clone()),
            csrf: Arc::new(hmac::Key::new(hmac::HMAC_SHA256, &secret.key(Purpose::Csrf))),
            context,
            required,
        })
    }

    /// Whether whoever asks must say who they are.
    #[must_use]
    pub const fn required(&self) -> bool {
        self.required
    }

    /// The time by which credentials expire.
    #[must_use]
    pub const fn clock(&self) -> &AuthClock {
        &self.context.clock
    }

    /// Whom an API key stands for.
    ///
    /// # Errors
    /// It is not good, or cannot be checked.
    pub async fn by_key(&self, key: &Opaque) -> Result<Principal, NotLetIn> {
        let principal = self.keys.principal(key).await.map_err(NotLetIn::Failed)?;
        principal
            .ok_or(NotLetIn::Refused("the API key is not good: it is unknown, has ended, or was revoked"))
    }

    /// Whom an access token stands for, and when it ends.
    ///
    /// # Errors
    /// It is not good, or cannot be checked.
    pub async fn by_token(&self, token: &str) -> Result<(Principal, i64), NotLetIn> {
        let claims = self.context.signing.read(token).await.map_err(|refusal| match refusal {
            Refusal::Foreign => NotLetIn::Refused("the access token is not one of this server"),
            Refusal::Expired => NotLetIn::Refused("the access token has expired; refresh it"),
            Refusal::Unchecked => NotLetIn::Failed(crate::db::StoreError::silent().into()),
        })?;
        let session = self.sessions.alive(claims.sid).await.map_err(NotLetIn::Failed)?;
        let session = session.filter(|session| session.user_id == claims.sub);
        let session = session.ok_or(NotLetIn::Refused("the session has ended; sign in again"))?;
        Ok((session.principal, claims.exp))
    }

    /// Whom a browser's cookie stands for.
    ///
    /// # Errors
    /// It is not good, or cannot be checked.
    pub async fn by_cookie(&self, cookie: &Opaque) -> Result<Principal, NotLetIn> {
        let session = self.sessions.alive(cookie.id).await.map_err(NotLetIn::Failed)?;
        let session = session.filter(|session| {
            session.cookie_hash.as_ref().is_some_and(|hash| self.context.hashes.fits(cookie, hash))
        });
        let session = session.ok_or(NotLetIn::Refused("the session has ended; sign in again"))?;
        self.sessions.used(&session).await;
        Ok(session.principal)
    }

    /// Whether `principal` would be let in now with the same rights. While the database does not answer,
    /// it stays as it was.
    pub async fn is_as_it_was(&self, principal: &Principal) -> bool {
        let now = match principal.credential {
            Credential::Place => return true,
            Credential::Session(id) => {
                self.sessions.alive(id).await.map(|found| found.map(|session| session.principal))
            }
            Credential::Key(id) => self.keys.good(id).await,
        };
        now.map_or(true, |now| now.is_some_and(|now| now.scopes == principal.scopes))
    }

    /// Whether what waited for its turn may still be done for whoever asked for it: the user `owner` of
    /// `tenant`, by the API key `key` where one was shown.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn may_still(
        &self,
        tenant: &str,
        owner: &str,
        key: Option<Uuid>,
        scope: Scope,
    ) -> Result<bool, AuthError> {
        let now = match (key, owner.parse()) {
            (Some(key), _) => self.keys.good(key).await?,
            (None, Ok(user)) => {
                self.users.active(tenant, user).await?.map(|user| user.principal(Uuid::nil()))
            }
            // Nobody was asked who they are, which may have changed.
            (None, Err(_)) => return Ok(!self.required),
        };
        Ok(now.is_some_and(|principal| principal.tenant_id == tenant && principal.may(scope)))
    }

    /// What a page of MAID's own shows with whatever changes something in the session.
    #[must_use]
    pub fn csrf_token(&self, session: Uuid) -> String {
        let tag = hmac::sign(&self.csrf, session.as_bytes());
        hex(tag.as_ref())
    }

    /// Whether `token` is what a page of MAID's own shows.
    #[must_use]
    pub fn is_own_page(&self, session: Uuid, token: &str) -> bool {
        self.csrf_token(session).as_bytes().ct_eq(token.as_bytes()).into()
    }

    /// Writes down what is to outlive a restart, and forgets what has ended, for ever.
    pub async fn upkeep(self) {
        let mut ticks = interval(NOTE_EVERY);
        for tick in 0_u32.. {
            ticks.tick().await;
            self.note().await;
            if tick.is_multiple_of(PURGE_AFTER)
                && let Err(error) = self.purge().await
            {
                tracing::debug!(%error, "ended sessions cannot be forgotten for now: {error}");
            }
        }
    }

    /// Writes down what is to outlive a restart.
    pub async fn note(&self) {
        let noted = async {
            self.keys.note_used().await?;
            Ok::<_, AuthError>(self.context.clock.note(&self.context.db).await?)
        };
        if let Err(error) = noted.await {
            tracing::debug!(%error, "which keys were used cannot be written down for now: {error}");
        }
    }

    async fn purge(&self) -> Result<(), AuthError> {
        self.sessions.purge().await?;
        Ok(self.context.signing.purge().await?)
    }
}

impl fmt::Debug for Auth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Auth").field("required", &self.required).finish_non_exhaustive()
    }
}
