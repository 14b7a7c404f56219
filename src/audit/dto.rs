//! What goes over the wire about the audit log.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use super::{
    chain::Entry,
    event::{Action, Outcome},
    reading::Filters,
};
use crate::http::{Limit, moment};

/// The parameters of the list.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AuditParams {
    /// Most entries of the page.
    #[param(inline)]
    #[serde(default)]
    pub limit: Limit,
    /// `next_cursor` of the page before.
    pub cursor: Option<String>,
    /// Only entries of this action.
    #[param(inline)]
    pub action: Option<Action>,
    /// Only entries that came out like this.
    #[param(inline)]
    pub outcome: Option<Outcome>,
    /// Only entries of this principal.
    pub actor: Option<String>,
    /// Only entries about this, such as the id of a run.
    pub target: Option<String>,
    /// Only entries from then or later, RFC 3339.
    #[serde(default, deserialize_with = "moment")]
    #[param(value_type = Option<String>, format = DateTime, example = "2026-01-31T00:00:00Z")]
    pub since: Option<Timestamp>,
    /// Only entries from before then, RFC 3339.
    #[serde(default, deserialize_with = "moment")]
    #[param(value_type = Option<String>, format = DateTime)]
    pub until: Option<Timestamp>,
}

impl AuditParams {
    /// Which entries are asked for.
    #[must_use]
    pub fn filters(&self) -> Filters {
        Filters {
            action: self.action,
            outcome: self.outcome,
            actor: self.actor.clone(),
            target: self.target.clone(),
            since: self.since,
            until: self.until,
        }
    }
}

/// An entry of the audit log.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct AuditEntry {
    /// Its number; numbers have gaps where there are several tenants.
    #[schema(example = 42)]
    pub seq: u64,
    /// When it happened.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// What was done.
    #[schema(value_type = Action, example = "config.change")]
    pub action: String,
    /// How it came out.
    #[schema(value_type = Outcome, example = "done")]
    pub outcome: String,
    /// Who did it.
    #[schema(example = "dev")]
    pub actor: String,
    /// What kind of principal that is.
    #[schema(example = "development")]
    pub actor_kind: String,
    /// What it was done to; null where that is clear without.
    pub target: Option<String>,
    /// The address that the request came from; null where it came from this machine or from MAID.
    #[schema(example = "192.0.2.7")]
    pub address: Option<String>,
    /// What else is to be known, such as the configuration before and after.
    #[schema(value_type = Object, nullable = true, example = json!({"before": {}, "after": {"load.max_users": 500}}))]
    pub detail: Value,
}

impl From<Entry> for AuditEntry {
    fn from(entry: Entry) -> Self {
        // What is no JSON was changed in the database, and is shown as it is.
        let detail = entry.detail.map(|text| serde_json::from_str(&text).unwrap_or(Value::String(text)));
        Self {
            seq: entry.seq,
            at: entry.at,
            action: entry.action,
            outcome: entry.outcome,
            actor: entry.actor,
            actor_kind: entry.actor_kind,
            target: entry.target,
            address: entry.address,
            detail: detail.unwrap_or_default(),
        }
    }
}
