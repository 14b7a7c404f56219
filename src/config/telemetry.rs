//! The section `telemetry`: what MAID logs about itself, always to stderr.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What MAID says about itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Telemetry {
    /// Log level (`off`, `error`, `warn`, `info`, `debug`, `trace`), also per module: `warn,maid=debug`.
    #[schemars(length(min = 1, max = 1000), example = "warn,maid=debug")]
    pub log: String,
    /// Form of a log line.
    pub log_format: LogFormat,
}

impl Default for Telemetry {
    fn default() -> Self {
        Self { log: "warn".to_owned(), log_format: LogFormat::default() }
    }
}

/// Form of a log line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// One JSON object a line.
    Json,
}
