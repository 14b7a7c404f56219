//! What was found in a run, as it is stored with the run: plain values. The analyst makes them, reports
//! and answers show them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Everything that was found in one run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Analysis {
    /// Version of the rules that found it; a later version may find something else in the same run.
    pub version: u32,
    /// Whether nothing was found that needs a person's attention.
    pub healthy: bool,
    /// What was found in a few sentences.
    pub summary: String,
    /// What was found, causes first; what follows from a cause names it.
    pub findings: Vec<Finding>,
    /// What could not be judged, and what it would take; one sentence each.
    pub not_judged: Vec<String>,
    /// Earlier runs of the same test that it was compared with, newest first, by their ids.
    pub compared_with: Vec<String>,
}

/// One thing that was found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Finding {
    /// Names it within the run, such as `knee-1`.
    pub id: String,
    /// What sort of thing it is.
    pub kind: Kind,
    /// How much it matters.
    pub severity: Severity,
    /// How sure it is, 0 to 1.
    pub confidence: f64,
    /// What is the matter, in a line.
    pub title: String,
    /// The same in sentences, made of the figures.
    pub explanation: String,
    /// The request that it is about, where it is one.
    pub request: Option<String>,
    /// The host that it is about, where it is one.
    pub host: Option<String>,
    /// When it began, in seconds since the start of the run, where it has a time.
    pub from_s: Option<f64>,
    /// When it ended.
    pub to_s: Option<f64>,
    /// The figures that show it.
    pub evidence: Vec<Figure>,
    /// The finding that this one follows from, by its id.
    pub follows_from: Option<String>,
    /// Whether it says little about the target, because the generator was the bottleneck.
    pub weak: bool,
    /// What to run next.
    pub next_test: NextTest,
}

/// What sort of thing was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// The generator itself was the bottleneck.
    GeneratorSaturated,
    /// One host is worse than the others.
    BadHost,
    /// More load brings no more throughput, only longer waits.
    Knee,
    /// Requests fail.
    Errors,
    /// The target stalls, at intervals or once.
    Stalls,
    /// From one moment on everything takes longer.
    Shift,
    /// Response times grow as time goes by under the same load.
    Drift,
    /// A request is slow, and where its time goes.
    SlowRequest,
    /// It is worse than earlier runs of the same test.
    Regression,
    /// The beginning is slower than the rest.
    WarmUp,
    /// Response times fall into two groups.
    Bimodal,
    /// A threshold failed, or all but failed.
    Threshold,
}

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Good to know.
    Info,
    /// To be looked at.
    Warning,
    /// The test shows that something does not work.
    Critical,
}

/// One figure of the evidence.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Figure {
    /// What it is.
    pub name: String,
    /// Its value in its unit.
    pub value: f64,
    /// Its unit.
    pub unit: Unit,
    /// Value and unit for people.
    pub text: String,
}

/// Unit of a figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Milliseconds.
    Ms,
    /// Seconds.
    S,
    /// A share of 0 to 1, told in percent.
    Share,
    /// How often something happened.
    Count,
    /// Requests per second.
    PerSecond,
    /// Users at once.
    Users,
    /// So many times as much.
    Times,
    /// An HTTP status code.
    Status,
}

/// What to run next.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct NextTest {
    /// In words.
    pub text: String,
    /// The `load` of the LoadTest to run it with, where another one is of use.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub load: Option<serde_json::Value>,
}
