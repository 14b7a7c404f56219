//! What goes over the wire about writing tests.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, value::RawValue};
use utoipa::ToSchema;

use super::suggest::Suggestion;
use crate::{
    engine::probe::Probed,
    http::schema::LoadTestInput,
    loadtest::secret::Secret,
    recipes::{
        advice::Advice,
        document::{Category, Parameter, Requires},
    },
    runs::DocumentError,
};

/// A recipe to begin with.
#[derive(Debug, Serialize, ToSchema)]
pub struct Template {
    /// Id of the recipe.
    #[schema(example = "checkout")]
    pub id: String,
    /// What people call it.
    pub title: String,
    /// What it does and when to take it.
    pub summary: String,
    /// What it is for.
    pub category: Category,
    /// What it needs that the engine does not speak yet.
    pub requires: Option<Requires>,
    /// What it asks for.
    pub parameters: Vec<Parameter>,
}

/// The recipes to begin with.
#[derive(Debug, Serialize, ToSchema)]
pub struct Templates {
    /// All built-in recipes.
    pub items: Vec<Template>,
}

/// What is to be looked at: exactly one of `recipe` and `loadtest`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"loadtest": {
    "version": 1, "name": "Shop front", "target": {"hosts": ["http://127.0.0.1:43180"]},
    "load": {"users": 10, "run_time": "10s"},
    "scenarios": [{"name": "front", "transactions": [{"name": "home", "requests": [{"path": "/"}]}]}]
}}))]
pub struct Inspect {
    /// A recipe as an object, or as YAML or JSON text: problems of a text have lines.
    #[serde(default)]
    #[schema(value_type = Option<Value>)]
    pub recipe: Option<Box<RawValue>>,
    /// A LoadTest as an object, or as YAML or JSON text.
    #[serde(default)]
    #[schema(value_type = Option<LoadTestInput>)]
    pub loadtest: Option<Box<RawValue>>,
    /// Values that the test may read with `${env:NAME}`.
    #[serde(default)]
    #[schema(write_only, value_type = BTreeMap<String, String>)]
    pub env: BTreeMap<String, Secret>,
}

/// What is wrong, and what could be better.
#[derive(Debug, Serialize, ToSchema)]
pub struct Inspected {
    /// Whether it can be run.
    pub valid: bool,
    /// Everything that is wrong; at most 100.
    pub errors: Vec<DocumentError>,
    /// What could be better, where it can be run.
    pub advice: Vec<Advice>,
}

/// What values are wanted for.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"recipe_id": "checkout", "host": "http://127.0.0.1:43180"}))]
pub struct SuggestRequest {
    /// The recipe.
    pub recipe_id: String,
    /// The target; without it, that of the last run.
    #[serde(default)]
    #[schema(max_length = 2000)]
    pub host: Option<String>,
    /// Whether a few of the recipe's reading requests are sent to the target, to see how fast it answers: at most
    /// 10, one after another, within 2 seconds. Needs the scope maid.write.
    #[serde(default)]
    pub probe: bool,
    /// Values of the recipe's parameters that the probe is sent with, besides those that are suggested.
    #[serde(default)]
    pub parameters: BTreeMap<String, Value>,
}

/// Values for a recipe's parameters.
#[derive(Debug, Serialize, ToSchema)]
pub struct Suggestions {
    /// One for each parameter that is no secret.
    pub items: Vec<Suggestion>,
    /// What the probe has seen, where one was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub probe: Option<Probe>,
}

/// What a probe of the target has seen.
#[derive(Debug, Serialize, ToSchema)]
pub struct Probe {
    /// Where it was sent.
    #[schema(example = "http://127.0.0.1:43180")]
    pub host: String,
    /// Requests that were sent.
    #[schema(example = 10)]
    pub requests: usize,
    /// Those of them that were answered, with a status below 400.
    #[schema(example = 10)]
    pub answered: usize,
    /// Average response time of those, ms.
    #[schema(example = 2.1)]
    pub mean_ms: Option<f64>,
    /// The slowest of them, ms.
    #[schema(example = 4.8)]
    pub slowest_ms: Option<f64>,
    /// Why the last one that failed did.
    pub failed: Option<String>,
}

impl Probe {
    pub(super) fn new(host: String, seen: &Probed) -> Self {
        let round = |ms: f64| (ms * 1000.0).round() / 1000.0;
        Self {
            host,
            requests: seen.sent,
            answered: seen.answered_ms.len(),
            mean_ms: seen.mean_ms().map(round),
            slowest_ms: seen.slowest_ms().map(round),
            failed: seen.failed.clone(),
        }
    }
}
