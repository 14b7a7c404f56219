//! What goes over the wire about the configuration.

use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::config::Origin;

/// The configuration, and where it comes from.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct ConfigView {
    /// All of it, as all layers make it; a secret is `***`.
    #[schema(value_type = Object, example = json!({"load": {"max_users": 500}}))]
    pub config: Value,
    /// What `config.runtime.json` says, without secrets: what `PUT /config` replaces.
    #[schema(value_type = Object, example = json!({"load": {"max_users": 500}}))]
    pub runtime: Value,
    /// Where each key comes from that is not left to its default.
    pub origins: Vec<KeyOrigin>,
    /// Keys that the runtime file sets in vain.
    pub overridden: Vec<OverriddenKey>,
    /// Keys that were changed and take effect with the next start.
    #[schema(example = json!(["server.port"]))]
    pub restart_required: Vec<&'static str>,
}

/// Where a key comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct KeyOrigin {
    /// The key.
    #[schema(example = "load.max_users")]
    pub key: &'static str,
    /// Which layer sets it: `file`, `runtime`, `environment` or `flag`.
    #[schema(example = "environment")]
    pub from: &'static str,
    /// The file, variable or flag.
    #[schema(example = "MAID__LOAD__MAX_USERS")]
    pub name: String,
}

impl KeyOrigin {
    pub(super) fn new(key: &'static str, origin: &Origin) -> Self {
        let (from, name) = match origin {
            Origin::Default => ("default", String::new()),
            Origin::File(path) => ("file", path.display().to_string()),
            Origin::Runtime(path) => ("runtime", path.display().to_string()),
            Origin::Environment(name) => ("environment", name.clone()),
            Origin::Flag(name) => ("flag", name.clone()),
        };
        Self { key, from, name }
    }
}

/// A key that the runtime file sets in vain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct OverriddenKey {
    /// The key.
    #[schema(example = "load.max_users")]
    pub key: &'static str,
    /// What sets it instead.
    #[schema(example = "environment variable MAID__LOAD__MAX_USERS")]
    pub by: String,
}

/// What a change did.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct AppliedChange {
    /// The configuration, as all layers make it now; a secret is `***`.
    #[schema(value_type = Object, example = json!({"load": {"max_users": 500}}))]
    pub config: Value,
    /// Keys that were changed and hold from now on.
    #[schema(example = json!(["load.max_users"]))]
    pub applied: Vec<&'static str>,
    /// Keys that were changed and take effect with the next start.
    #[schema(example = json!(["server.port"]))]
    pub restart_required: Vec<&'static str>,
    /// Keys that the runtime file sets in vain.
    pub overridden: Vec<OverriddenKey>,
}

/// A change, as it was recorded.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "0190d5b6-7e1c-7a3e-8c7d-1f2e3d4c5b6a",
    "at": "2026-01-31T12:00:00Z",
    "actor": "dev",
    "actor_kind": "development",
    "before": {},
    "after": {"load.max_users": 500},
    "applied": ["load.max_users"],
    "restart_required": []
}))]
pub struct ConfigChange {
    /// Its id.
    pub id: Uuid,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// Who made it.
    #[schema(example = "dev")]
    pub actor: String,
    /// What kind of principal that is.
    #[schema(example = "development")]
    pub actor_kind: String,
    /// The changed keys of the runtime file before; a key that is missing was not set there.
    #[schema(value_type = Object, example = json!({}))]
    pub before: Map<String, Value>,
    /// The changed keys of the runtime file since; a key that is missing is no longer set there.
    #[schema(value_type = Object, example = json!({"load.max_users": 500}))]
    pub after: Map<String, Value>,
    /// Keys that held from then on.
    #[schema(example = json!(["load.max_users"]))]
    pub applied: Vec<String>,
    /// Keys that took effect with the next start.
    pub restart_required: Vec<String>,
}
