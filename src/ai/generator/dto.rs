//! What goes over the wire about making tests of words.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use utoipa::ToSchema;

use super::{
    draft::{Candidate, Provenance, Question},
    filler::By,
    reader::Unused,
    service::{Generated, Step},
};

/// What is to be made of a text.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"text": "Test the checkout of my shop at http://127.0.0.1:43180 with 30 users for 20 seconds"}))]
pub struct GenerateRequest {
    /// What somebody wants, in English or German: at most 32768 bytes.
    #[schema(max_length = 32768)]
    pub text: String,
    /// The test that the text changes: as an object, or as YAML or JSON text. Without it, a new one is made.
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    pub previous: Option<Box<RawValue>>,
    /// `json` leaves the YAML out of the answer.
    #[serde(default)]
    pub format: Format,
}

/// A form of a test.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, ToSchema, clap::ValueEnum)]
#[serde(rename_all = "snake_case")]
#[schema(as = GeneratorFormat)]
pub enum Format {
    /// YAML
    #[default]
    Yaml,
    /// JSON
    Json,
}

/// Who has made a test.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = GeneratorEngine)]
pub struct Engine {
    /// `reader` alone, or `reader+model`.
    #[schema(example = "reader")]
    pub route: &'static str,
    /// The model.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// What decided it: `default` where there is only the model inside MAID, or none, else what the AI policy decided by.
    #[schema(example = "default")]
    pub chosen_by: String,
    /// Why this one.
    #[schema(example = "no model is there")]
    pub reason: String,
    /// Whether less was done than was meant to be.
    pub degraded: bool,
    /// Why.
    pub degraded_because: Vec<String>,
}

impl Engine {
    /// The reader, and a language model where one was asked; `told` says whether a model has told numbers apart.
    pub(super) fn of(
        asked: Option<String>,
        told: bool,
        by: Option<By>,
        degraded_because: Vec<String>,
    ) -> Self {
        let (route, reason) = match &asked {
            Some(_) => {
                ("reader+model", "the reader finds the facts, and the model chooses among what is there")
            }
            None if told => (
                "reader",
                "the reader finds the facts, a small model tells what numbers are for, and nothing was left to ask a language model",
            ),
            None => {
                ("reader", "no model is there: facts and recipes are found without one, and names are plain")
            }
        };
        let degraded = !degraded_because.is_empty();
        let (model, chosen_by, reason) = match by {
            Some(By { model, chosen_by, reason: why }) => {
                (Some(model), chosen_by, format!("{reason}; {why}"))
            }
            None => (asked, "default".to_owned(), reason.to_owned()),
        };
        Self { route, model, chosen_by, reason, degraded, degraded_because }
    }
}

/// What a test has cost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, ToSchema)]
#[schema(as = GeneratorUsage)]
pub struct Usage {
    /// Milliseconds.
    #[schema(example = 1.8)]
    pub latency_ms: f64,
    /// Tokens that a model has read.
    #[schema(example = 0)]
    pub prompt_tokens: u32,
    /// Tokens that a model has written.
    #[schema(example = 0)]
    pub completion_tokens: u32,
    /// Both.
    #[schema(example = 0)]
    pub tokens: u32,
    /// What they cost, in US dollars.
    #[schema(example = 0.0)]
    pub cost: f64,
}

/// A test that was made of words.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct GenerateAnswer {
    /// The test. It has been validated, except that without a host in the text it has none; nothing is stored or started.
    #[schema(value_type = Object)]
    pub loadtest: serde_json::Value,
    /// The same as YAML, unless `format` is `json`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub yaml: Option<String>,
    /// Whether it can be run as it is: it has a host, and nothing about it is wrong.
    pub complete: bool,
    /// Where each field comes from.
    pub provenance: Vec<Provenance>,
    /// What somebody has to say.
    pub questions: Vec<Question>,
    /// What was understood and not used.
    pub unused: Vec<Unused>,
    /// What somebody should know: secrets that became variables, targets that a run may refuse.
    pub notes: Vec<String>,
    /// Recipes that fit, best first.
    pub recipes: Vec<Candidate>,
    /// Who has made it.
    pub engine: Engine,
    /// What it has cost.
    pub usage: Usage,
}

impl GenerateAnswer {
    /// What was made, in the form that is wanted.
    #[must_use]
    pub fn of(made: Generated, format: Format) -> Self {
        let complete = made.is_complete();
        Self {
            loadtest: made.document,
            yaml: (format == Format::Yaml).then_some(made.yaml),
            complete,
            provenance: made.provenance,
            questions: made.questions,
            unused: made.unused,
            notes: made.notes,
            recipes: made.recipes,
            engine: made.engine,
            usage: made.usage,
        }
    }
}

/// A step on the way: the data of an event `step`.
#[derive(Clone, Copy, Debug, Serialize)]
pub(super) struct Progress {
    pub(super) step: Step,
}
