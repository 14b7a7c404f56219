//! How much load: the closed and the open model.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::loadtest::span::Span;

/// How much load. Exactly one of `users`, `stages` and `arrival`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Load {
    /// Closed model: this many users at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 1_000_000), example = 50, extend("x-unit" = "users"))]
    pub users: Option<u32>,
    /// Users started per second; by default all users start within the first second.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0.001, max = 1_000_000.0), example = 10.0, extend("x-unit" = "users/s"))]
    pub hatch_rate: Option<f64>,
    /// How long to run, counted from when all users run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run_time: Option<Span>,
    /// Passes through the scenario for each user, instead of `run_time`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 1_000_000_000))]
    pub iterations: Option<u32>,
    /// What totals and thresholds cover: the whole run, or only the time when all users run.
    #[serde(default)]
    pub measure: Measured,
    /// Closed model in steps: each stage moves to `target` users in `duration`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 1000))]
    pub stages: Option<Vec<Stage>>,
    /// Open model: requests are sent at a given rate, however slow the answers are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub arrival: Option<Arrival>,
}

/// Part of the run that totals and thresholds cover.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Measured {
    /// The whole run, ramps included.
    #[default]
    All,
    /// Only the phases in which the number of users (or the rate) is steady.
    Steady,
}

/// One step of a staged load.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Stage {
    /// How long the step takes, in whole seconds for users.
    pub duration: Span,
    /// Users (or requests per second, under `arrival`) at the end of the step.
    #[schemars(range(min = 0.0, max = 10_000_000.0))]
    pub target: f64,
}

/// The open model: a schedule of request slots, taken by a pool of users.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Arrival {
    /// Requests per second; with `stages`, the rate at the start.
    #[schemars(range(min = 0.0, max = 10_000_000.0), example = 200.0, extend("x-unit" = "requests/s"))]
    pub rate: f64,
    /// Most users that may be busy at once. The one that was busy last goes on first, so no more are
    /// needed than the target's slowness asks for; the others send nothing, not even `on_start`.
    #[schemars(range(min = 1, max = 1_000_000), example = 500, extend("x-unit" = "users"))]
    pub max_users: u32,
    /// What happens to slots that no user was free for.
    #[serde(default)]
    pub late: Late,
    /// Steps that move the rate linearly to `target`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 1000))]
    pub stages: Vec<Stage>,
}

/// What happens to late slots.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Late {
    /// Send every slot, late if need be.
    #[default]
    Queue,
    /// Drop slots that are more than a second late, and count them.
    Drop,
}

/// Scheduling order, as in Goose.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Scheduler {
    /// One of each in turn.
    #[default]
    RoundRobin,
    /// All of the first, then all of the second.
    Serial,
    /// In random order.
    Random,
}
