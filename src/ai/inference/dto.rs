//! Texts and speech on the wire.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::ai::chat::{Engine, Finish};

/// What a model is asked.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"prompt": "What does a p95 of 300 ms mean?", "max_tokens": 100}))]
pub struct TextRequest {
    /// What is asked.
    #[schema(min_length = 1, max_length = 200_000, pattern = r"\S")]
    pub prompt: String,
    /// What the model is told before, such as who it is.
    #[serde(default)]
    #[schema(max_length = 200_000)]
    pub system: Option<String>,
    /// Most tokens of the answer; 256 where nobody says, and at most `ai.max_tokens`.
    #[serde(default)]
    #[schema(minimum = 1)]
    pub max_tokens: Option<u32>,
    /// How freely it chooses: 0 always takes the likeliest. 0.7 where nobody says.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 2)]
    pub temperature: Option<f64>,
    /// Texts that end the answer, and are not part of it.
    #[serde(default)]
    #[schema(max_items = 4)]
    pub stop: Option<Vec<String>>,
    /// The same seed gives the same answer, as long as the model is the same.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 4_294_967_295_u32)]
    pub seed: Option<u32>,
}

/// What a model answers.
#[derive(Debug, Serialize, ToSchema)]
pub struct TextAnswer {
    /// The answer. Nothing is done with it.
    #[schema(example = "95 of 100 requests were answered within 300 ms.")]
    pub text: String,
    /// Why it ended.
    pub finish: Finish,
    /// Who answered, and why they.
    pub engine: Engine,
    /// What it took.
    pub usage: TextUsage,
}

/// What an answer took.
#[derive(Debug, Serialize, ToSchema)]
pub struct TextUsage {
    /// Milliseconds from the question to the end of the answer.
    #[schema(example = 840)]
    pub latency_ms: u64,
    /// Tokens of both.
    #[schema(example = 61)]
    pub tokens: u32,
    /// Tokens of what was asked.
    #[schema(example = 41)]
    pub prompt_tokens: u32,
    /// Tokens of the answer.
    #[schema(example = 20)]
    pub answer_tokens: u32,
    /// US dollars; 0 for the model inside MAID.
    #[schema(example = 0.0)]
    pub cost: f64,
    /// Whether tokens were not counted by whoever answered, and are about as many.
    pub estimated: bool,
}

/// What is to be said.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"text": "[S1] The test is over. [S2] And? [S1] All thresholds are met."}))]
pub struct SpeechRequest {
    /// The text. `[S1]` and `[S2]` stand before what the first and the second speaker says; without them the first one
    /// says everything. How long it may be is up to the model.
    #[schema(min_length = 1, max_length = 10_000, pattern = r"\S")]
    pub text: String,
}
