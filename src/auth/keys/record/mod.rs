//! API keys as they are stored.

use std::{collections::BTreeSet, sync::Arc};

use jiff::Timestamp;
use uuid::Uuid;

use crate::auth::{Credential, Principal, PrincipalKind, Scope, allowance::Allowance, users::UserRow};

/// One API key.
#[derive(Clone, Debug)]
pub struct KeyRow {
    /// Id.
    pub id: Uuid,
    /// The tenant that it belongs to.
    pub tenant_id: String,
    /// The user whose it is.
    pub owner_id: Uuid,
    /// What people call it.
    pub name: String,
    /// The plugin that uses it.
    pub plugin_name: Option<String>,
    /// Hash of the key.
    pub hash: Vec<u8>,
    /// What it was given.
    pub scopes: BTreeSet<Scope>,
    /// How much it may ask for.
    pub allowance: Arc<Allowance>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ends.
    pub expires_at: Option<Timestamp>,
    /// When it was last used.
    pub last_used_at: Option<Timestamp>,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
    /// What its owner may do now; nothing where the owner may not come in.
    pub owner_scopes: BTreeSet<Scope>,
}

impl KeyRow {
    /// Whether it lets anybody in at `now`.
    #[must_use]
    pub fn is_good(&self, now: Timestamp) -> bool {
        self.revoked_at.is_none() && self.expires_at.is_none_or(|end| now < end)
    }

    /// Whom it stands for. It may do what it was given and its owner still may.
    #[must_use]
    pub fn principal(&self) -> Principal {
        Principal {
            id: self.owner_id.to_string(),
            name: self.name.clone(),
            kind: PrincipalKind::ApiKey,
            tenant_id: self.tenant_id.clone(),
            scopes: within(&self.scopes, &self.owner_scopes),
            credential: Credential::Key(self.id),
            allowance: Arc::clone(&self.allowance),
            address: None,
        }
    }
}

/// What of `given` is within `owned`. An admin has all scopes.
fn within(given: &BTreeSet<Scope>, owned: &BTreeSet<Scope>) -> BTreeSet<Scope> {
    given.intersection(owned).copied().collect()
}

/// What a key is stored with, beside what it is made of.
pub(super) fn owned_by(key: KeyRow, owner: Option<&UserRow>) -> Option<KeyRow> {
    owner.map(|owner| KeyRow { owner_scopes: owner.role.scopes(), ..key })
}
