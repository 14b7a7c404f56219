//! Begins sessions, prolongs them, ends them.

use std::{net::IpAddr, time::Duration};

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    record::{SessionLine, SessionRow},
    store::{NewSession, RefreshRow, Store},
};
use crate::{
    audit::{Action, Event, Outcome},
    auth::{
        DEFAULT_TENANT, Principal, PrincipalKind,
        context::Context,
        error::AuthError,
        opaque::{Kind, Opaque},
        password::{LONGEST, Verdict},
        users::{UserRow, UserStatus, UserStore, Username, is_tenant, qualified},
    },
    limits::Wait,
    loadtest::secret::Secret,
};

/// How long a session that has ended is remembered, so that its tokens are known as used ones.
const REMEMBERED: SignedDuration = SignedDuration::from_hours(24);

/// All sessions; a clone is the same.
#[derive(Clone, Debug)]
pub struct Sessions {
    context: Context,
    store: Store,
    users: UserStore,
}

/// A session that was begun.
#[derive(Debug)]
pub struct SignedIn {
    /// Whose it is.
    pub user: UserRow,
    /// Its id.
    pub session: Uuid,
    /// What it is kept by.
    pub tokens: Tokens,
}

/// What keeps a session.
#[derive(Debug)]
pub enum Tokens {
    /// Of a program.
    Bearer {
        /// Access token.
        access: String,
        /// For how long it is good.
        expires_in: Duration,
        /// Refresh token.
        refresh: Opaque,
    },
    /// Of a browser.
    Cookie {
        /// The cookie.
        cookie: Opaque,
        /// For how long it is good unless the session is used.
        expires_in: Duration,
    },
}

/// What became of a refresh token.
#[derive(Debug)]
pub enum Refreshed {
    /// It was good; this keeps the session now.
    Done(Box<SignedIn>),
    /// It was used before: the session has ended, whoever it was.
    Reused,
}

impl Sessions {
    /// The sessions in the database of `context`.
    #[must_use]
    pub fn new(context: Context) -> Self {
        Self { store: Store::new(context.db.clone()), users: UserStore::new(context.db.clone()), context }
    }

    /// The user who has this name and password and may come in. It takes as long for a user who does
    /// not exist, or may not come in.
    ///
    /// # Errors
    /// There is none, too many wrong ones were tried, too many sign in at once, or the database does not
    /// answer.
    pub async fn check(&self, username: &str, password: Secret, from: IpAddr) -> Result<UserRow, AuthError> {
        let (tenant, name) = qualified(username);
        let account = format!("{tenant}/{name}");
        let attempt = self.context.throttle.before(&account, from).map_err(|Wait(wait)| {
            self.failed(username, None, from, "too many attempts");
            AuthError::Wait(wait)
        })?;
        // What can be no name is looked for nowhere, and takes as long to hash all the same.
        let (user, other) = match (is_tenant(tenant), name.parse::<Username>()) {
            (true, Ok(name)) => {
                let key = name.key();
                (self.users.named(tenant, &key).await?, self.users.hash_beside(tenant, &key).await?)
            }
            _ => (None, None),
        };
        let stored = user.as_ref().and_then(|user| user.password_hash.clone());
        // No password is longer, and hashing more would be work for nothing.
        let password = if password.expose().len() > LONGEST { Secret::default() } else { password };
        let rehash = password.clone();
        let verdict = self.context.hasher.verify(password, stored, other).await?;
        let Some(user) =
            user.clone().filter(|user| user.status == UserStatus::Active && verdict != Verdict::Wrong)
        else {
            let why = if verdict == Verdict::Wrong { "wrong" } else { "kept out" };
            self.failed(username, user.as_ref(), from, why);
            return Err(AuthError::WrongCredentials);
        };
        let rehashed = match verdict {
            Verdict::Outdated => Some(self.context.hasher.hash(rehash).await?),
            Verdict::Right | Verdict::Wrong => None,
        };
        let change = user.password_hash.as_deref().zip(rehashed.as_deref());
        attempt.succeeded();
        self.users.signed_in(user.id, self.context.clock.now(), change).await?;
        let password_hash = rehashed.or_else(|| user.password_hash.clone());
        Ok(UserRow { password_hash, ..user })
    }

    /// Writes down that somebody could not sign in: for the tenant of the user, where there is one.
    fn failed(&self, username: &str, user: Option<&UserRow>, from: IpAddr, why: &str) {
        let tenant = user.map_or(DEFAULT_TENANT, |user| user.tenant_id.as_str());
        self.note_failed((tenant, username), Some(from), json!({"why": why}));
    }

    /// Writes down that somebody whom the provider `provider` sent was turned away: for their tenant, where
    /// it is known, and by the name that is known of them.
    pub fn turned_away(
        &self,
        provider: &str,
        (tenant, name): (Option<&str>, &str),
        from: Option<IpAddr>,
        why: &str,
    ) {
        let detail = json!({"provider": provider, "why": why});
        self.note_failed((tenant.unwrap_or(DEFAULT_TENANT), name), from, detail);
    }

    fn note_failed(&self, (tenant, name): (&str, &str), from: Option<IpAddr>, detail: Value) {
        const LONGEST: usize = 100;
        let event = Event {
            tenant_id: tenant.to_owned(),
            actor: name.chars().take(LONGEST).collect(),
            actor_kind: PrincipalKind::Anonymous.name().to_owned(),
            address: from.map(|from| from.to_string()),
            ..Event::of_maid(Action::LoginFailed)
        };
        self.context.audit.note(event.ended(Outcome::Denied).with(detail));
    }

    /// Begins a session of `user`, kept by a cookie or by tokens.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn begin(
        &self,
        user: UserRow,
        cookie: bool,
        address: Option<IpAddr>,
    ) -> Result<SignedIn, AuthError> {
        let (id, now) = (Uuid::now_v7(), self.context.clock.now());
        let expires_at = self.until(now, now);
        let principal = Principal { address, ..user.principal(id) };
        let detail = json!({"session": id, "provider": user.oidc.as_ref().map(|(issuer, _)| issuer)});
        self.context.audit.record(Event::of(&principal, Action::LoginOk).with(detail)).await?;
        let opaque =
            if cookie { Opaque::make(Kind::Cookie, id) } else { Opaque::make(Kind::Refresh, Uuid::now_v7()) };
        let hash = self.context.hashes.of(&opaque).to_vec();
        let new = NewSession {
            id,
            user: &user,
            cookie_hash: cookie.then(|| hash.clone()),
            address: address.map(|address| address.to_string()),
            created_at: now,
            expires_at,
        };
        if cookie {
            self.began(&new, None).await?;
            let expires_in = Duration::try_from(expires_at.duration_since(now)).unwrap_or_default();
            return Ok(SignedIn { user, session: id, tokens: Tokens::Cookie { cookie: opaque, expires_in } });
        }
        let refresh = RefreshRow { id: opaque.id, session_id: id, hash, expires_at, used_at: None };
        self.began(&new, Some(&refresh)).await?;
        self.bearer(user, id, opaque).await
    }

    async fn began(&self, new: &NewSession<'_>, refresh: Option<&RefreshRow>) -> Result<(), AuthError> {
        match self.store.begin(new, refresh).await? {
            true => Ok(()),
            // The password was changed, or the user kept out, since they were checked.
            false => Err(AuthError::WrongCredentials),
        }
    }

    async fn bearer(&self, user: UserRow, session: Uuid, refresh: Opaque) -> Result<SignedIn, AuthError> {
        let auth = &self.context.config().auth;
        let (access_ttl, key_ttl) = (auth.access_ttl.get(), auth.signing_key_ttl.get());
        let (access, expires_in) =
            self.context.signing.issue((user.id, session), access_ttl, key_ttl).await?;
        Ok(SignedIn { user, session, tokens: Tokens::Bearer { access, expires_in, refresh } })
    }

    /// Prolongs a session by its refresh token.
    ///
    /// # Errors
    /// The token is not good, or the database does not answer.
    pub async fn refresh(&self, token: &str) -> Result<Refreshed, AuthError> {
        const REFUSED: AuthError =
            AuthError::Refused("the refresh token is not good, or no longer; sign in again");
        let now = self.context.clock.now();
        let opaque = Opaque::parse(token.trim()).filter(|opaque| opaque.kind == Kind::Refresh);
        let opaque = opaque.ok_or(REFUSED)?;
        let row = self.store.refresh_token(opaque.id).await?;
        let row = row.filter(|row| self.context.hashes.fits(&opaque, &row.hash)).ok_or(REFUSED)?;
        let session = self.store.alive(row.session_id, now).await?.ok_or(REFUSED)?;
        if row.used_at.is_some() {
            return self.reused(session).await;
        }
        if row.expires_at <= now {
            return Err(REFUSED);
        }
        let next = Opaque::make(Kind::Refresh, Uuid::now_v7());
        let next_row = RefreshRow {
            id: next.id,
            session_id: session.id,
            hash: self.context.hashes.of(&next).to_vec(),
            expires_at: self.until(session.created_at, now),
            used_at: None,
        };
        if !self.store.rotate(&session, row.id, &next_row, now).await? {
            return self.reused(session).await;
        }
        self.context.sessions.forget(session.id);
        let user = self.users.get(&session.principal.tenant_id, session.user_id).await?.ok_or(REFUSED)?;
        self.bearer(user, session.id, next).await.map(Box::new).map(Refreshed::Done)
    }

    async fn reused(&self, session: SessionRow) -> Result<Refreshed, AuthError> {
        self.store.revoke(session.id, self.context.clock.now()).await?;
        self.context.sessions.forget(session.id);
        let event = Event::of(&session.principal, Action::SessionReuse).on(session.id);
        self.context.audit.note(event.ended(Outcome::Denied));
        tracing::warn!(
            session_id = %session.id,
            user = session.principal.id,
            "a refresh token was used twice: session {} has ended",
            session.id
        );
        Ok(Refreshed::Reused)
    }

    /// Ends a session. False where there was none to end.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn end(&self, principal: &Principal, session: Uuid) -> Result<bool, AuthError> {
        let ended = self.store.revoke(session, self.context.clock.now()).await?;
        self.context.sessions.forget(session);
        self.context.audit.note(Event::of(principal, Action::Logout).on(session));
        Ok(ended)
    }

    /// Sessions of whoever asks that go on and began before the one that is named, the newest first; none of whom nobody
    /// signs in as.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn own(
        &self,
        principal: &Principal,
        after: Option<Uuid>,
        limit: usize,
    ) -> Result<Vec<SessionLine>, AuthError> {
        let Ok(user) = principal.id.parse() else { return Ok(Vec::new()) };
        Ok(self.store.of_user(user, self.context.clock.now(), after, limit).await?)
    }

    /// Ends a session of whoever asks.
    ///
    /// # Errors
    /// They have none of this id that goes on, or the database does not answer.
    pub async fn end_own(&self, principal: &Principal, session: Uuid) -> Result<(), AuthError> {
        let none = || AuthError::NotFound("session");
        let user = principal.id.parse().map_err(|_| none())?;
        let ended = self.store.revoke_of(user, session, self.context.clock.now()).await?;
        self.context.sessions.forget(session);
        if !ended {
            return Err(none());
        }
        self.context.audit.note(Event::of(principal, Action::Logout).on(session));
        Ok(())
    }

    /// The session `id`, where it goes on and its user may come in.
    ///
    /// # Errors
    /// The database does not answer, and has not for too long.
    pub async fn alive(&self, id: Uuid) -> Result<Option<SessionRow>, AuthError> {
        let now = self.context.clock.now();
        let found = self.context.sessions.get(id, || self.store.alive(id, now)).await?;
        Ok(found.filter(|session| now < session.expires_at))
    }

    /// Prolongs a session that is kept by a cookie once half of its time is over.
    pub async fn used(&self, session: &SessionRow) {
        let now = self.context.clock.now();
        let until = self.until(session.created_at, now);
        let ttl = SignedDuration::try_from(self.context.config().auth.session_ttl.get()).unwrap_or_default();
        if session.expires_at.duration_since(now) > ttl / 2 || until <= session.expires_at {
            return;
        }
        if let Err(error) = self.store.prolong(session.id, until).await {
            tracing::debug!(%error, "session {} cannot be prolonged for now: {error}", session.id);
        }
        self.context.sessions.forget(session.id);
    }

    /// Forgets sessions that ended long ago.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn purge(&self) -> Result<(), AuthError> {
        let then = self.context.clock.now().saturating_sub(REMEMBERED).unwrap_or(Timestamp::MIN);
        while self.store.purge(then).await? {}
        Ok(())
    }

    /// When a session that began at `created_at` ends unless it is used after `now`.
    fn until(&self, created_at: Timestamp, now: Timestamp) -> Timestamp {
        let auth = &self.context.config().auth;
        let after = |at: Timestamp, span: Duration| {
            at.saturating_add(SignedDuration::try_from(span).unwrap_or(SignedDuration::MAX))
                .unwrap_or(Timestamp::MAX)
        };
        after(now, auth.session_ttl.get()).min(after(created_at, auth.session_max.get()))
    }
}
