//! What a dry run shows, secrets masked.

use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One pass through a test by one user of each scenario.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct DryRun {
    /// Whether every request of the test was sent and passed.
    pub passed: bool,
    /// Time that it took, in seconds.
    pub duration_s: f64,
    /// Requests that were sent.
    pub requests: usize,
    /// Requests that failed, those included of which nothing was sent.
    pub failures: usize,
    /// Why it ended before the last request of the test; null when it did not.
    pub ended_because: Option<String>,
    /// Each request, in the order in which they were sent.
    pub steps: Vec<Step>,
}

/// One request and what came of it.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Step {
    /// Scenario of the user who sent it.
    pub scenario: String,
    /// Transaction that it belongs to.
    pub transaction: String,
    /// Part of the scenario that the transaction belongs to.
    pub part: Part,
    /// Name that its measures are kept under.
    pub request: String,
    /// HTTP method.
    pub method: String,
    /// URL that it was sent to; of a request that could not be written down, that of its host.
    pub url: String,
    /// What was sent; null when nothing was: it could not be written down, was refused, or there was no connection.
    pub sent: Option<Message>,
    /// What came back; null without an answer.
    pub answer: Option<Reply>,
    /// Values that were taken from the answer, in the order of the document.
    pub extracts: Vec<Extracted>,
    /// Checks of the answer, in the order of the document.
    pub checks: Vec<Checked>,
    /// Why it failed; null when it passed.
    pub failure: Option<StepFailure>,
}

/// Part of a scenario.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// What sets a user up.
    OnStart,
    /// What a user does in a loop.
    Transactions,
    /// What tears a user down.
    OnStop,
}

/// Headers and body, as they were sent or received.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct Message {
    /// Headers besides `Host` and what frames the body.
    pub headers: Vec<Field>,
    /// The body as text, decompressed, at most its first 16 KiB; null when it is no text.
    pub body: Option<String>,
    /// Size of the body in bytes, as it was sent or received.
    pub body_bytes: u64,
    /// Whether only the beginning of the body is shown.
    pub body_cut: bool,
}

/// A header.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Field {
    /// Its name, in lower case.
    pub name: String,
    /// Its value.
    pub value: String,
}

/// An answer.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Reply {
    /// Status code.
    pub status: u16,
    /// Redirects that were followed to it.
    pub redirects: u8,
    /// Response time, in milliseconds.
    pub response_ms: f64,
    /// Headers and body.
    #[serde(flatten)]
    pub message: Message,
}

/// A value that was to be taken from an answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Extracted {
    /// Name that later templates have it by.
    pub name: String,
    /// Where it was looked for.
    pub from: String,
    /// The value, at most its first 1,000 characters; null when there is none.
    pub value: Option<String>,
    /// Whether it is the document's default, because nothing was found.
    pub is_default: bool,
}

/// A check.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Checked {
    /// The check in words.
    pub check: String,
    /// Whether it holds.
    pub passed: bool,
    /// What was found in its place, at most its first 1,000 characters; null when there is nothing, or no one thing
    /// that it looks at.
    pub found: Option<String>,
}

/// Why a request failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct StepFailure {
    /// Group that a run counts it under, such as `status` or `connect`.
    pub kind: String,
    /// What happened.
    pub message: String,
}

impl DryRun {
    pub(super) fn new(steps: Vec<Step>, took: Duration, ended_because: Option<String>) -> Self {
        let failures = steps.iter().filter(|step| step.failure.is_some()).count();
        Self {
            passed: failures == 0 && ended_because.is_none(),
            duration_s: (took.as_secs_f64() * 1000.0).round() / 1000.0,
            requests: steps.iter().filter(|step| step.sent.is_some()).count(),
            failures,
            ended_because,
            steps,
        }
    }
}
