//! The section `load`: targets that may be sent load, and caps that no test may pass.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::loadtest::span::Span;

/// What a load test may do.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Load {
    /// Targets that may be sent load.
    pub targets: Targets,
    /// Environment variables that a document may read with `${env:NAME}`, besides those given by `-e`.
    #[schemars(length(max = 1000), inner(length(min = 1, max = 200)), example = ["SHOP_TOKEN"])]
    pub env_allow: Vec<String>,
    /// How long requests under way may still take when a run is stopped.
    pub stop_grace: Span,
    /// Most users that a test may ask for.
    #[schemars(range(min = 1, max = 1_000_000))]
    pub max_users: u32,
    /// Most requests per second that a test may ask for by `arrival` or `rate_limit`; 0 means no cap.
    #[schemars(range(min = 0.0, max = 10_000_000.0))]
    pub max_rps: f64,
    /// Longest time that a test may ask to run.
    pub max_run_time: Span,
    /// Threads that generate load; 0 means one for each core, or for every two where a target is on
    /// this machine.
    #[schemars(range(max = 1024))]
    pub workers: u16,
    /// When a run gives up by itself.
    pub breaker: Breaker,
}

impl Default for Load {
    fn default() -> Self {
        Self {
            targets: Targets::default(),
            env_allow: Vec::new(),
            stop_grace: Span::from_secs(5),
            max_users: 100_000,
            max_rps: 0.0,
            max_run_time: Span::from_secs(24 * 3600),
            workers: 0,
            breaker: Breaker::default(),
        }
    }
}

/// Targets that may be sent load.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Targets {
    /// Hosts, `*.` patterns, addresses and networks that may be sent load besides loopback.
    #[schemars(length(max = 1000), inner(length(min = 1, max = 300)),
        example = ["*.staging.example.com", "10.0.0.0/8"])]
    pub allow: Vec<String>,
}

/// When a run gives up by itself: nobody is helped by load on a target that is gone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Breaker {
    /// How long the share must stay reached; `0s` switches the breaker off.
    pub after: Span,
    /// Share of requests that fail to connect, 0 to 1, from which the target counts as gone.
    #[schemars(range(min = 0.01, max = 1.0))]
    pub connect_failures: f64,
}

impl Default for Breaker {
    fn default() -> Self {
        Self { after: Span::from_secs(10), connect_failures: 1.0 }
    }
}
