//! A dry run as it is asked for over the wire.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, value::RawValue};
use utoipa::ToSchema;

use super::Asked;
use crate::{
    http::schema::LoadTestInput,
    loadtest::secret::Secret,
    recipes,
    runs::{
        error::RunError,
        service::{Test, document_of},
    },
};

/// A dry run that is asked for: exactly one of `loadtest` and `recipe_id`.
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
    /// Values of the recipe's parameters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parameters: Option<BTreeMap<String, Value>>,
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
    /// Not exactly one of the two kinds of test is given, or parameters without a recipe.
    pub fn into_asked(self) -> Result<Asked, RunError> {
        let asked = |path, message| Err(RunError::Request { path, message });
        let test = match (self.loadtest, self.recipe_id, self.parameters) {
            (Some(_), None, Some(_)) => {
                return asked("parameters", "are those of a recipe: give `recipe_id` too, or leave them out");
            }
            (Some(loadtest), None, None) => Test::Document(document_of(&loadtest)),
            (None, Some(id), parameters) => {
                let parameters = parameters.unwrap_or_default().into_iter().collect();
                Test::Recipe(recipes::Wanted { id, parameters })
            }
            (None, None, _) => return asked("loadtest", "is missing: give `loadtest` or `recipe_id`"),
            (Some(_), Some(_), _) => {
                return asked("loadtest", "give exactly one of `loadtest` and `recipe_id`");
            }
        };
        Ok(Asked { test, env: self.env })
    }
}
