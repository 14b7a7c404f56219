//! A dry run as it is asked for over the wire.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, value::RawValue};
use utoipa::ToSchema;
use uuid::Uuid;

use super::Asked;
use crate::{
    http::schema::LoadTestInput,
    loadtest::secret::Secret,
    runs::{error::RunError, start::Meant},
};

/// A dry run that is asked for: exactly one of `loadtest`, `recipe_id`, `run_id` and `deeplink`.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "loadtest": {
        "version": 1,
        "name": "Shop front",
        "target": {"hosts": ["http://127.0.0.1:43180"]},
        "load": {"users": 10, "run_time": "10s"},
        "scenarios": [{"name": "front", "transactions": [{"name": "home", "requests": [{"path": "/"}]}]}]
    }
}))]
pub struct DryRunRequest {
    /// The test: a LoadTest as an object, or as YAML or JSON text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<LoadTestInput>)]
    pub loadtest: Option<Box<RawValue>>,
    /// A recipe of the library.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recipe_id: Option<String>,
    /// Values of the recipe's parameters; with a deeplink, of those that it leaves open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parameters: Option<BTreeMap<String, Value>>,
    /// An earlier run, whose test it is. Secrets are kept nowhere: where one stood in it, this is refused, and what it
    /// reads from the environment is given in `env`, unless its recipe has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run_id: Option<Uuid>,
    /// A deeplink, in any of its forms, or its id. No run is counted for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 8000, example = "https://maid.example.com/maid/run?link=k3Jd92LmQx0a")]
    pub deeplink: Option<String>,
    /// `digest` of what was looked at by `GET /deeplinks/open`: where the deeplink leads to something else by now,
    /// nothing is sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seen: Option<String>,
    /// Values that the test may read with `${env:NAME}`, besides those that `load.env_allow` names. They are kept
    /// nowhere.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[schema(write_only, value_type = BTreeMap<String, String>)]
    pub env: BTreeMap<String, Secret>,
}

impl DryRunRequest {
    /// What is asked of the service.
    ///
    /// # Errors
    /// Not exactly one of the four kinds of test is given, or what belongs to another kind.
    pub fn into_asked(self) -> Result<Asked, RunError> {
        let Self { loadtest, recipe_id, parameters, run_id, deeplink, seen, env } = self;
        let test = Meant { loadtest, recipe_id, parameters, run_id, deeplink, seen }.test()?;
        Ok(Asked { test, env })
    }
}
