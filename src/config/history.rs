//! The section `history`: how much of the past is kept.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::loadtest::span::Span;

/// How much of the past is kept. A baseline is never trimmed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct History {
    /// Most finished runs that are kept; the oldest go first. 0 keeps all.
    #[schemars(range(max = 10_000_000))]
    pub max_runs: u32,
    /// How long a finished run is kept; `0s` keeps it for ever.
    pub max_age: Span,
    /// Whether runs of `maid run` are put into the history too, besides their report.
    pub command_line: bool,
    /// Most runs that may wait for their turn.
    #[schemars(range(min = 1, max = 10_000))]
    pub max_queued: u32,
    /// Most log lines that are kept of one run.
    #[schemars(range(min = 10, max = 1_000_000))]
    pub max_logs: u32,
    /// Most recipes that a tenant may have besides the built-in ones.
    #[schemars(range(min = 1, max = 100_000))]
    pub max_recipes: u32,
    /// Most prompts that a tenant may have besides the built-in ones.
    #[schemars(range(min = 1, max = 100_000))]
    pub max_prompts: u32,
    /// Most deeplinks that a tenant may have, those that have ended included until they are forgotten.
    #[schemars(range(min = 1, max = 1_000_000))]
    pub max_deeplinks: u32,
    /// Most presets that a tenant may have.
    #[schemars(range(min = 1, max = 100_000))]
    pub max_presets: u32,
    /// Most runs of a tenant that the search finds, the newest, and most texts of one whose meanings it compares:
    /// ten thousand take 15 MB of memory.
    #[schemars(range(min = 100, max = 200_000))]
    pub max_search_documents: u32,
    /// How long an answer is kept for repetitions of a request with the same `Idempotency-Key`.
    pub idempotency_ttl: Span,
}

impl Default for History {
    fn default() -> Self {
        Self {
            max_runs: 10_000,
            max_age: Span::from_secs(0),
            command_line: true,
            max_queued: 100,
            max_logs: 5_000,
            max_recipes: 10_000,
            max_prompts: 10_000,
            max_deeplinks: 10_000,
            max_presets: 1_000,
            max_search_documents: 10_000,
            idempotency_ttl: Span::from_secs(24 * 3600),
        }
    }
}
