//! The section `ai`: which models MAID has inside, and how much they may ask of the machine.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::loadtest::span::Span;

/// Which models MAID has inside, and how much they may ask of the machine. Without a model everything works in a
/// reduced way that says so.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Ai {
    /// Whether models are used at all.
    pub enabled: bool,
    /// Folder that models are kept in, one folder each. None takes `maid/models` in the user's folder for caches, where
    /// `make model` and `maid model` put them.
    #[schemars(length(min = 1))]
    pub models_dir: Option<PathBuf>,
    /// Name of the language model; `maid model list` shows those that are there.
    #[schemars(length(min = 1, max = 100))]
    pub model: String,
    /// Name of the model that tells texts of like meaning.
    #[schemars(length(min = 1, max = 100))]
    pub embedding_model: String,
    /// Folder of the model that speaks: Dia's `config.json` and `model.safetensors`. None speaks nothing.
    #[schemars(length(min = 1))]
    pub speech_model: Option<PathBuf>,
    /// Folder of the codec that makes sound of what it says: `model.safetensors` of DAC, 44 kHz.
    #[schemars(length(min = 1))]
    pub speech_codec: Option<PathBuf>,
    /// Folder of the model that makes pictures of texts: FLUX. None makes none; pictures of runs take no model.
    #[schemars(length(min = 1))]
    pub image_model: Option<PathBuf>,
    /// File that says which providers may be asked, and what may leave the machine; `maid schema ai-policy` describes
    /// it. None lets nothing leave. It is read again whenever it changes.
    #[schemars(length(min = 1))]
    pub policy_file: Option<PathBuf>,
    /// Answers that are written at once. More than one shares the same cores.
    #[schemars(range(min = 1, max = 64))]
    pub max_concurrency: u16,
    /// Requests that may wait for their turn; whoever comes then is told to come again.
    #[schemars(range(max = 10_000))]
    pub max_queued: u16,
    /// How long a request waits for its turn.
    pub queue_timeout: Span,
    /// How long an answer may take, waiting left out.
    pub timeout: Span,
    /// Most tokens of what is asked, together with all that was said before.
    #[schemars(range(min = 64, max = 1_000_000))]
    pub max_prompt_tokens: u32,
    /// Most tokens of an answer.
    #[schemars(range(min = 1, max = 100_000))]
    pub max_tokens: u32,
    /// How long a model that nobody asks anything stays in memory; `0s` keeps it for ever.
    pub idle_unload: Span,
}

impl Default for Ai {
    fn default() -> Self {
        Self {
            enabled: true,
            models_dir: None,
            model: "smollm2-135m-instruct".to_owned(),
            embedding_model: "all-minilm-l6-v2".to_owned(),
            speech_model: None,
            speech_codec: None,
            image_model: None,
            policy_file: None,
            max_concurrency: 1,
            max_queued: 16,
            queue_timeout: Span::from_secs(30),
            timeout: Span::from_secs(120),
            max_prompt_tokens: 4096,
            max_tokens: 1024,
            idle_unload: Span::from_secs(600),
        }
    }
}
