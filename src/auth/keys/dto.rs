//! API keys on the wire.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::record::KeyRow;
use crate::{
    auth::{Scope, allowance::Allowance},
    http::{Limit, moment},
};

/// A key that is to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewKey {
    /// What people call it.
    #[schema(min_length = 1, max_length = 100, example = "nightly build")]
    pub name: String,
    /// What it may do; at most what you may.
    #[schema(min_items = 1)]
    pub scopes: BTreeSet<Scope>,
    /// When it ends; missing is never.
    #[serde(default, deserialize_with = "moment")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub expires_at: Option<Timestamp>,
    /// The plugin that uses it.
    #[schema(max_length = 100)]
    pub plugin_name: Option<String>,
    /// How much it may ask for.
    #[serde(default)]
    pub metadata: Allowance,
}

/// A key that was made.
#[derive(Debug, Serialize, ToSchema)]
pub struct NewKeyAnswer {
    /// Id, for looking it up and revoking it.
    pub id: Uuid,
    /// The key itself, shown once: a repetition of the request does not show it again.
    #[schema(example = "maid_live_0000000000000000000000_00000000000000000000000000000000000000")]
    pub key: Option<String>,
}

/// A key; never the key itself.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct KeyView {
    /// Id.
    pub id: Uuid,
    /// What people call it.
    pub name: String,
    /// The user whose it is.
    pub owner_id: Uuid,
    /// The plugin that uses it.
    pub plugin_name: Option<String>,
    /// What it was given. It may do what of that its owner still may.
    pub scopes: BTreeSet<Scope>,
    /// How much it may ask for.
    pub metadata: Allowance,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// When it ends.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub expires_at: Option<Timestamp>,
    /// When it was last used, to half a minute.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub last_used_at: Option<Timestamp>,
    /// When it was revoked.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub revoked_at: Option<Timestamp>,
}

impl From<KeyRow> for KeyView {
    fn from(key: KeyRow) -> Self {
        Self {
            id: key.id,
            name: key.name,
            owner_id: key.owner_id,
            plugin_name: key.plugin_name,
            scopes: key.scopes,
            metadata: (*key.allowance).clone(),
            created_at: key.created_at,
            expires_at: key.expires_at,
            last_used_at: key.last_used_at,
            revoked_at: key.revoked_at,
        }
    }
}

/// Which keys are asked for.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct KeyQuery {
    /// Most keys of the page.
    #[serde(default)]
    #[param(inline)]
    pub limit: Limit,
    /// Where the page goes on: `next_cursor` of the one before.
    pub cursor: Option<String>,
    /// Only keys of this user. Whoever is no admin sees their own alone.
    pub owner: Option<Uuid>,
}
