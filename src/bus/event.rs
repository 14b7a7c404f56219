//! What happens, as watchers are told.

use std::{collections::BTreeMap, sync::Arc};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::topic::Topic;
use crate::engine::{live::Phase, outcome::Series};

/// What happened; its `data` on the wire.
#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
pub enum Event {
    /// The state of the active run.
    Status(StatusEvent),
    /// Measures of the active run.
    Metrics(Arc<MetricsEvent>),
    /// A line of a run's log.
    Log(LogEvent),
    /// A run is over and stored.
    TestCompleted(TestCompleted),
    /// A test was made of words.
    RecipeGenerated(RecipeGenerated),
}

impl Event {
    /// The topic that it belongs to.
    #[must_use]
    pub const fn topic(&self) -> Topic {
        match self {
            Self::Status(_) => Topic::Status,
            Self::Metrics(_) => Topic::Metrics,
            Self::Log(_) => Topic::Logs,
            Self::TestCompleted(_) => Topic::TestCompleted,
            Self::RecipeGenerated(_) => Topic::RecipeGenerated,
        }
    }
}

/// Where a run, or the server, is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RunPhase {
    /// Nothing has run since the start, or a run is being prepared.
    #[default]
    Idle,
    /// Users (or the rate) are growing.
    Increase,
    /// Users (or the rate) are steady.
    Maintain,
    /// Users (or the rate) are shrinking.
    Decrease,
    /// Users are ending; their last requests are given time.
    Shutdown,
    /// The last run went to its end.
    Completed,
    /// The last run ended itself, or broke.
    Failed,
    /// The last run was stopped.
    Stopped,
}

impl From<Phase> for RunPhase {
    fn from(phase: Phase) -> Self {
        match phase {
            Phase::Idle => Self::Idle,
            Phase::Increase => Self::Increase,
            Phase::Maintain => Self::Maintain,
            Phase::Decrease => Self::Decrease,
            Phase::Shutdown => Self::Shutdown,
        }
    }
}

/// The state of the active run, else of the last one; what `GET /status` answers.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct StatusEvent {
    /// Where it is.
    #[schema(example = "maintain")]
    pub phase: RunPhase,
    /// The run.
    pub run_id: Option<Uuid>,
    /// Name of its test.
    #[schema(example = "Shop checkout")]
    pub name: Option<String>,
    /// Users that run now.
    #[schema(example = 50)]
    pub users: u32,
    /// Finished requests so far.
    #[schema(example = 12_000)]
    pub requests: u64,
    /// Failed requests so far.
    #[schema(example = 3)]
    pub failures: u64,
    /// Requests per second over the last second.
    #[schema(example = 812.5)]
    pub rps: f64,
    /// Seconds since the start.
    #[schema(example = 14.75)]
    pub elapsed_s: f64,
    /// Share of the run that is over, 0 to 1, where it is known.
    #[schema(example = 0.49)]
    pub progress: Option<f64>,
    /// Runs that wait for their turn.
    #[schema(example = 0)]
    pub queued: u32,
    /// Whether new runs are accepted.
    pub accepting: bool,
    /// The tenant whose run it is.
    #[serde(skip)]
    #[schema(ignore)]
    pub tenant_id: Option<String>,
}

impl StatusEvent {
    /// What of it `tenant` may see: of a run of another one, nothing.
    #[must_use]
    pub fn for_tenant(self, tenant: &str) -> Self {
        match &self.tenant_id {
            Some(whose) if whose != tenant => Self { accepting: self.accepting, ..Self::default() },
            _ => self,
        }
    }
}

/// Measures of the active run.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
pub struct MetricsEvent {
    /// Where the run is.
    pub phase: RunPhase,
    /// Seconds since the start.
    pub elapsed_s: f64,
    /// Share of the run that is over, 0 to 1, where it is known.
    pub progress: Option<f64>,
    /// Users that run now.
    pub users: u32,
    /// Users that there will be at most.
    pub users_planned: u32,
    /// Finished requests so far.
    pub requests: u64,
    /// Failed requests so far.
    pub failures: u64,
    /// Requests per second over the last second.
    pub rps: f64,
    /// Failures per second over the last second.
    pub failures_per_s: f64,
    /// Median response time of the last second, ms.
    pub p50_ms: f64,
    /// 95th percentile of the last second, ms.
    pub p95_ms: f64,
    /// 99th percentile of the last second, ms.
    pub p99_ms: f64,
    /// CPU of MAID over the last second, in percent of one core.
    pub generator_cpu_percent: f64,
    /// The most frequent failures so far, at most five.
    pub top_errors: Vec<TopError>,
    /// Checks that held so far, renewed once a second.
    #[serde(default)]
    pub checks_passed: u64,
    /// Checks that did not hold so far, renewed once a second.
    #[serde(default)]
    pub checks_failed: u64,
    /// Answers so far by status code, renewed once a second.
    #[serde(default)]
    #[schema(value_type = Object, example = json!({"200": 11_990, "503": 10}))]
    pub status_codes: Arc<BTreeMap<String, u64>>,
    /// What the generator itself goes through, renewed once a second.
    #[serde(default)]
    pub generator: LiveGeneratorEvent,
    /// The phases so far, in order, once a second; the last 64 where there are more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<PhaseBegin>>)]
    pub phases: Option<Arc<[PhaseBegin]>>,
    /// The thresholds as they stand, whenever they have been looked at anew: about once a second.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<ThresholdNow>>)]
    pub thresholds: Option<Arc<[ThresholdNow]>>,
    /// Per request name, once a second; at most 100 names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by_request: Option<Vec<LiveRequest>>,
    /// How response times were spread over the newest whole step of the series; in the first message after it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spread: Option<Spread>,
    /// The series so far, in the first message that a late joiner gets.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub series: Option<Arc<Series>>,
}

/// A phase of a run that has begun.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PhaseBegin {
    /// Which one.
    pub phase: RunPhase,
    /// When it began, in seconds since the start of the run.
    pub start_s: f64,
}

/// A threshold as it stands while the run goes on. It is judged at the end.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ThresholdNow {
    /// The rule as written.
    #[schema(example = "p95 < 500ms")]
    pub rule: String,
    /// Whether it would hold if the run ended now; none where nothing of it was measured yet.
    #[schema(example = true)]
    pub holds: Option<bool>,
    /// What was observed so far, in the rule's unit: ms, a ratio of 0 to 1, or a count.
    #[schema(example = 4.1)]
    pub observed: Option<f64>,
    /// What was observed so far, for people.
    #[schema(example = "4.10 ms")]
    pub observed_text: String,
}

/// How response times were spread over a step of the series.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Spread {
    /// Start of the step, in seconds since the start of the run.
    pub at_s: u32,
    /// Length of the step, in seconds.
    pub step_s: u32,
    /// The first class with any, and the counts from it on; empty where nothing was answered. A class ends at
    /// 0.1 ms * 2^(class / 2).
    #[schema(value_type = Vec<u32>, example = json!([7, 120, 45, 3]))]
    pub classes: Arc<[u32]>,
}

/// What the generator itself goes through.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct LiveGeneratorEvent {
    /// How late requests were sent, 99th percentile in ms.
    pub dispatch_lag_p99_ms: f64,
    /// Slots sent late (open model).
    pub late: u64,
    /// Slots that will not be sent any more (open model).
    pub dropped: u64,
    /// Whether the generator, not the target, is the bottleneck.
    pub limited: bool,
    /// Why, one sentence each.
    pub limited_because: Vec<String>,
}

/// Failures of one kind and message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TopError {
    /// `kind: message`.
    pub message: String,
    /// How often.
    pub count: u64,
}

/// Measures of one request name so far.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct LiveRequest {
    /// Name of the request.
    pub name: String,
    /// HTTP method.
    pub method: String,
    /// Finished requests so far.
    pub requests: u64,
    /// Failed requests so far.
    pub failures: u64,
    /// Requests over the last second.
    pub rps: f64,
    /// Median response time so far, ms.
    pub p50_ms: f64,
    /// 95th percentile so far, ms.
    pub p95_ms: f64,
    /// 99th percentile so far, ms.
    pub p99_ms: f64,
}

/// How much a line of the log matters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LogLevel {
    /// For whoever looks into MAID itself.
    Debug,
    /// The run takes its course.
    #[default]
    Info,
    /// Something to look at.
    Warn,
    /// Something went wrong.
    Error,
}

impl LogLevel {
    /// All of them, from the least to the most important.
    pub const ALL: [Self; 4] = [Self::Debug, Self::Info, Self::Warn, Self::Error];
}

/// A line of a run's log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LogEvent {
    /// How much it matters.
    pub level: LogLevel,
    /// What happened, at most [`LogEvent::LONGEST`] bytes.
    pub message: String,
}

impl LogEvent {
    /// Longest line, in bytes: what is kept and sent to every watcher is bounded.
    pub const LONGEST: usize = 4096;

    /// Cuts a line that is too long.
    pub(super) fn shorten(&mut self) {
        const ELLIPSIS: &str = "…";
        if self.message.len() > Self::LONGEST {
            let end = self.message.floor_char_boundary(Self::LONGEST - ELLIPSIS.len());
            self.message.truncate(end);
            self.message.push_str(ELLIPSIS);
        }
    }
}

/// A run that is over and stored.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct TestCompleted {
    /// How it ended.
    pub status: RunPhase,
    /// Whether every threshold held; a run that broke has not passed.
    pub passed: Option<bool>,
    /// Name of the test.
    pub name: String,
    /// Finished requests.
    pub requests: u64,
    /// Failed requests.
    pub failures: u64,
    /// Time that the totals cover, in seconds.
    pub duration_s: f64,
    /// How much was found in it.
    #[serde(default)]
    pub findings: u32,
    /// The first of that, which is the cause of most.
    #[serde(default)]
    pub top_finding: Option<TopFinding>,
}

/// What was found first in a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TopFinding {
    /// Names it within the run.
    #[schema(example = "slow-1")]
    pub id: String,
    /// Whether it shows that something does not work.
    pub critical: bool,
    /// What is the matter, in a line.
    #[schema(example = "GET /search is slow")]
    pub title: String,
    /// The request that it is about, where it is one.
    pub request: Option<String>,
    /// The host that it is about, where it is one.
    pub host: Option<String>,
}

/// A test that was made of words. What was said is not told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RecipeGenerated {
    /// Name of the test.
    #[schema(example = "E-commerce checkout")]
    pub name: String,
    /// The recipe that it is built on.
    #[schema(example = "checkout")]
    pub recipe: Option<String>,
    /// Whether it can be run as it is.
    pub complete: bool,
    /// Questions that are open.
    #[schema(example = 0)]
    pub questions: u32,
    /// Who has made it: `reader`, or `reader+model`.
    #[schema(example = "reader")]
    pub engine: String,
}
