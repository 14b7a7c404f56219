//! How often something was run.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How often a recipe was run, as far as the history goes back.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Usage {
    /// Runs.
    #[schema(example = 12)]
    pub runs: u64,
    /// Those of them that went to their end and passed.
    #[schema(example = 11)]
    pub passed: u64,
    /// When it was last asked for, RFC 3339.
    #[schema(format = DateTime)]
    pub last_run_at: Option<String>,
}
