//! The section `telemetry`: what MAID says about itself: log lines, always to stderr, and traces.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::loadtest::{secret::Secret, span::Span};

/// What MAID says about itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Telemetry {
    /// Log level (`off`, `error`, `warn`, `info`, `debug`, `trace`), also per module: `warn,maid=debug`.
    #[schemars(length(min = 1, max = 1000), example = "warn,maid=debug")]
    pub log: String,
    /// Form of a log line.
    pub log_format: LogFormat,
    /// Traces of MAID's own work, sent to a collector.
    pub otlp: Otlp,
}

impl Default for Telemetry {
    fn default() -> Self {
        Self { log: "warn".to_owned(), log_format: LogFormat::default(), otlp: Otlp::default() }
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

/// Traces of MAID's own work, sent to a collector by OTLP (HTTP, protobuf).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Otlp {
    /// The collector, such as `http://127.0.0.1:4318`; traces go to `/v1/traces` below it. Without one
    /// nothing is traced.
    #[schemars(length(min = 1, max = 2000), example = "http://127.0.0.1:4318")]
    pub endpoint: Option<String>,
    /// Headers that the collector asks for, such as `authorization`. Never shown.
    #[schemars(with = "BTreeMap<String, HeaderValue>", extend("maxProperties" = 50,
        "propertyNames" = { "pattern": HEADER_NAME }))]
    pub headers: BTreeMap<String, Secret>,
    /// Share of traces that is sent, 0 to 1; a caller that traces already decides for itself.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub sample: f64,
    /// Name of this service in traces.
    #[schemars(length(min = 1, max = 200))]
    pub service_name: String,
    /// How long the collector may take for a batch.
    pub timeout: Span,
}

impl Default for Otlp {
    fn default() -> Self {
        Self {
            endpoint: None,
            headers: BTreeMap::new(),
            sample: 1.0,
            service_name: "maid".to_owned(),
            timeout: Span::from_secs(10),
        }
    }
}

/// Letters of a header's name (RFC 9110).
const HEADER_NAME: &str = "^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,200}$";

/// The schema of a header's value.
#[derive(JsonSchema)]
#[schemars(inline)]
struct HeaderValue(
    #[expect(dead_code, reason = "only its schema is used")]
    #[schemars(regex(pattern = "^[\\t -~]*$"), length(max = 4096), extend("writeOnly" = true))]
    String,
);
