//! Makes API keys, checks them, revokes them.

use std::{
    collections::{BTreeSet, HashMap},
    mem,
    sync::{Arc, Mutex, PoisonError},
};

use jiff::Timestamp;
use serde_json::json;
use uuid::Uuid;

use super::{dto::NewKey, record::KeyRow, store::Store};
use crate::{
    audit::{Action, Event},
    auth::{
        Principal, Scope,
        context::Context,
        error::AuthError,
        opaque::{Kind, Opaque},
    },
    http::Limit,
};

/// Longest name, in characters.
const LONGEST_NAME: usize = 100;

/// All API keys; a clone is the same.
#[derive(Clone, Debug)]
pub struct Keys {
    context: Context,
    store: Store,
    /// Keys that were used since it was last written down. There are no more of them than known keys.
    used: Arc<Mutex<HashMap<Uuid, Timestamp>>>,
}

/// A key that was made.
#[derive(Debug)]
pub struct MadeKey {
    /// What is stored of it.
    pub row: KeyRow,
    /// The key itself.
    pub key: Opaque,
}

impl Keys {
    /// The keys in the database of `context`.
    #[must_use]
    pub fn new(context: Context) -> Self {
        Self { store: Store::new(context.db.clone()), context, used: Arc::default() }
    }

    /// Makes a key of `owner` for the principal, who may give no more than they have.
    ///
    /// # Errors
    /// A value will not do, the owner has too many, or the database does not answer.
    pub async fn create(
        &self,
        principal: &Principal,
        owner: Uuid,
        id: Uuid,
        new: NewKey,
    ) -> Result<MadeKey, AuthError> {
        let now = self.context.clock.now();
        check(&new, now)?;
        if let Some(scope) = new.scopes.iter().find(|scope| !principal.may(**scope)) {
            return Err(AuthError::Beyond(scope.name().to_owned()));
        }
        let key = Opaque::make(Kind::ApiKey, id);
        let row = KeyRow {
            id,
            tenant_id: principal.tenant_id.clone(),
            owner_id: owner,
            name: new.name.trim().to_owned(),
            plugin_name: new.plugin_name,
            hash: self.context.hashes.of(&key).to_vec(),
            scopes: new.scopes,
            allowance: Arc::new(new.metadata),
            created_at: now,
            expires_at: new.expires_at,
            last_used_at: None,
            revoked_at: None,
            owner_scopes: BTreeSet::new(),
        };
        let detail = json!({"name": row.name, "owner": owner, "scopes": row.scopes, "expires_at": row.expires_at,
            "metadata": *row.allowance});
        let event = Event::of(principal, Action::ApikeyCreate).on(id).with(detail);
        let most = self.context.config().auth.max_keys;
        let inserted = async {
            let full = || {
                AuthError::Full(format!(
                    "there are {most} keys already, the most that auth.max_keys allows; revoke one"
                ))
            };
            self.store.insert(&row, most).await?.then_some(()).ok_or_else(full)
        };
        self.context.recorded(event, inserted).await?;
        Ok(MadeKey { row, key })
    }

    /// Whom a key stands for, if it is good.
    ///
    /// # Errors
    /// The database does not answer, and has not for too long.
    pub async fn principal(&self, key: &Opaque) -> Result<Option<Principal>, AuthError> {
        let found = self.context.keys.get(key.id, || self.store.of_credential(key.id)).await?;
        let now = self.context.clock.now();
        let good = found.filter(|row| self.context.hashes.fits(key, &row.hash) && row.is_good(now));
        if good.is_some() {
            self.used.lock().unwrap_or_else(PoisonError::into_inner).insert(key.id, now);
        }
        Ok(good.map(|row| row.principal()))
    }

    /// Whom the key `id` stands for, for whoever has shown it before, if it is still good.
    ///
    /// # Errors
    /// The database does not answer, and has not for too long.
    pub async fn good(&self, id: Uuid) -> Result<Option<Principal>, AuthError> {
        let found = self.context.keys.get(id, || self.store.of_credential(id)).await?;
        let now = self.context.clock.now();
        Ok(found.filter(|row| row.is_good(now)).map(|row| row.principal()))
    }

    /// When a key ends, for whoever has shown it.
    ///
    /// # Errors
    /// The database does not answer, and has not for too long.
    pub async fn expires_at(&self, id: Uuid) -> Result<Option<Timestamp>, AuthError> {
        let found = self.context.keys.get(id, || self.store.of_credential(id)).await?;
        Ok(found.and_then(|row| row.expires_at))
    }

    /// A page of keys, the newest first: of `owner`, or all that the principal may see.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn list(
        &self,
        principal: &Principal,
        owner: Option<Uuid>,
        after: Option<Uuid>,
        limit: Limit,
    ) -> Result<Vec<KeyRow>, AuthError> {
        let own = principal.id.parse().unwrap_or_default();
        let owner = if principal.may(Scope::Admin) { owner } else { Some(own) };
        Ok(self.store.list(&principal.tenant_id, owner, after, limit.get() + 1).await?)
    }

    /// One key that the principal may see.
    ///
    /// # Errors
    /// There is none, or the database does not answer.
    pub async fn get(&self, principal: &Principal, id: Uuid) -> Result<KeyRow, AuthError> {
        let key = self.store.get(&principal.tenant_id, id).await?;
        key.filter(|key| principal.owns(&key.owner_id.to_string())).ok_or(AuthError::NotFound("API key"))
    }

    /// Revokes a key. It is refused from now on, in this process at once.
    ///
    /// # Errors
    /// There is none, or the database does not answer.
    pub async fn revoke(&self, principal: &Principal, id: Uuid) -> Result<KeyRow, AuthError> {
        let key = self.get(principal, id).await?;
        let event = Event::of(principal, Action::ApikeyRevoke).on(id).with(json!({"name": key.name}));
        let revoked =
            async { Ok(self.store.revoke(&principal.tenant_id, id, self.context.clock.now()).await?) };
        self.context.recorded(event, revoked).await?;
        self.context.keys.forget(id);
        Ok(key)
    }

    /// Writes down which keys were used.
    ///
    /// # Errors
    /// The database does not answer; what was not written down is next time.
    pub async fn note_used(&self) -> Result<(), AuthError> {
        let used = mem::take(&mut *self.used.lock().unwrap_or_else(PoisonError::into_inner));
        let mut used = used.into_iter();
        while let Some((id, at)) = used.next() {
            if let Err(error) = self.store.used(id, at).await {
                let mut later = self.used.lock().unwrap_or_else(PoisonError::into_inner);
                for (id, at) in std::iter::once((id, at)).chain(used) {
                    later.entry(id).or_insert(at);
                }
                return Err(error.into());
            }
        }
        Ok(())
    }
}

fn check(new: &NewKey, now: Timestamp) -> Result<(), AuthError> {
    let field = |path, message: String| Err(AuthError::Field { path, message });
    let named = |name: &str| {
        (1..=LONGEST_NAME).contains(&name.trim().chars().count()) && !name.chars().any(char::is_control)
    };
    if !named(&new.name) {
        return field("name", format!("must be 1 to {LONGEST_NAME} characters"));
    }
    if new.plugin_name.as_ref().is_some_and(|name| !named(name)) {
        return field("plugin_name", format!("must be 1 to {LONGEST_NAME} characters"));
    }
    if new.scopes.is_empty() {
        return field("scopes", "must name one scope or more".to_owned());
    }
    if new.expires_at.is_some_and(|end| end <= now) {
        return field("expires_at", "must be in the future".to_owned());
    }
    match new.metadata.problems().into_iter().next() {
        Some((path, message)) => field(path, message),
        None => Ok(()),
    }
}
