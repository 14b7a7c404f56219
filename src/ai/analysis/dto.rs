//! What goes over the wire about analyses.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    engine::outcome::Analysis,
    http::schema::{AnalysisSchema, OutcomeSchema},
};

/// What is to be analysed: exactly one of `run_id` and `outcome`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"run_id": "0190d5b6-7e1c-7a3e-8c7d-1f2e3d4c5b6a", "lang": "de"}))]
pub struct AnalysisRequest {
    /// A run of the history.
    #[serde(default)]
    pub run_id: Option<Uuid>,
    /// A JSON report, as `report.json` answers it or `maid run` leaves it.
    #[serde(default)]
    #[schema(value_type = Option<OutcomeSchema>)]
    pub outcome: Option<Box<RawValue>>,
    /// Language of the text, such as `en` or `de`; without a model it is English.
    #[serde(default)]
    #[schema(example = "de", max_length = 35)]
    pub lang: Option<String>,
    /// Whether a model may word what was found, where there is one.
    #[serde(default = "yes")]
    #[schema(default = true)]
    pub words: bool,
}

const fn yes() -> bool {
    true
}

/// What was found in a run.
#[derive(Debug, Serialize, ToSchema)]
pub struct AnalysisAnswer {
    /// The run.
    #[schema(example = "0190d5b6-7e1c-7a3e-8c7d-1f2e3d4c5b6a")]
    pub run_id: String,
    /// What was found, with its figures.
    #[schema(value_type = AnalysisSchema)]
    pub analysis: Analysis,
    /// The same as text.
    #[schema(example = "Nothing was found that needs attention.")]
    pub text: String,
    /// Why the text is the plain one, where another was asked for.
    pub degraded: Option<String>,
    /// What worded it, and who decided that.
    pub engine: Engine,
    /// What it took.
    pub usage: Usage,
}

/// What has worded an answer.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AnalysisEngine)]
pub struct Engine {
    /// `deterministic` where no model had a part in it, else where it was worded: `local` or `remote`.
    #[schema(example = "deterministic")]
    pub route: String,
    /// The model that worded it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// What decided that: `request`, `check` or `default`, and for a model what the AI policy decided by.
    #[schema(example = "default")]
    pub chosen_by: String,
    /// Why.
    #[schema(example = "there is no model to word it with")]
    pub reason: String,
}

/// What an answer took.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AnalysisUsage)]
pub struct Usage {
    /// Time that it took, ms.
    #[schema(example = 4.2)]
    pub latency_ms: f64,
    /// Tokens that a model read and wrote.
    #[schema(example = 0)]
    pub tokens: u64,
    /// What that cost, in US dollars.
    #[schema(example = 0.0)]
    pub cost: f64,
}
