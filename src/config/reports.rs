//! The section `reports`: where results are kept, and how many.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Where results are kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Reports {
    /// Folder that each run's outcome is written to, as `RUN_ID.json`.
    #[schemars(length(min = 1, max = 4096))]
    pub dir: PathBuf,
    /// Runs that are kept there; the oldest are removed beyond it. 0 keeps none.
    #[schemars(range(max = 100_000))]
    pub keep: u32,
}

impl Default for Reports {
    fn default() -> Self {
        Self { dir: PathBuf::from("data/reports"), keep: 100 }
    }
}
