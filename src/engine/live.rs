//! What watchers of a run are shown, 4 times a second.

use std::{collections::BTreeMap, sync::Arc, time::SystemTime};

use serde::Serialize;

use super::outcome::Series;

/// Where a run is in its life.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// Nothing has been started yet.
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
}

/// A phase that has begun.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct PhaseBegin {
    /// Which one.
    pub phase: Phase,
    /// When it began, in seconds since the start of the run.
    pub start_s: f64,
}

/// The state of a run at one moment.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Snapshot {
    /// Where the run is in its life.
    pub phase: Phase,
    /// The phases so far, in order; of many, the last ones.
    pub phases: Arc<[PhaseBegin]>,
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
    /// CPU of this process over the last second, in percent of one core.
    pub generator_cpu_percent: f64,
    /// The most frequent failures so far, at most five, as `kind: message` without secrets, with
    /// their count.
    pub top_errors: Vec<(String, u64)>,
    /// Measures of each request name so far, of the 100 with most requests at most, most first;
    /// renewed once a second, in another allocation. `None` before the first second is over.
    pub by_request: Option<Arc<[LiveRequest]>>,
    /// Checks so far, renewed once a second.
    pub checks: LiveChecks,
    /// Answers so far by status code, renewed once a second.
    pub status_codes: Arc<BTreeMap<String, u64>>,
    /// What the generator itself goes through, renewed once a second.
    pub generator: Arc<LiveGenerator>,
    /// The series so far, for whoever comes late; renewed with each point.
    pub series: Arc<Series>,
}

/// Measures of one request name, over the part of the run that totals cover so far.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LiveRequest {
    /// Name of the request, without secrets.
    pub name: Arc<str>,
    /// HTTP method.
    pub method: Arc<str>,
    /// Finished requests.
    pub requests: u64,
    /// Failed requests.
    pub failures: u64,
    /// Requests over the last second.
    pub rps: f64,
    /// Median response time, ms.
    pub p50_ms: f64,
    /// 95th percentile, ms.
    pub p95_ms: f64,
    /// 99th percentile, ms.
    pub p99_ms: f64,
}

/// Checks over all requests.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct LiveChecks {
    /// Times that a check held.
    pub passed: u64,
    /// Times that one did not.
    pub failed: u64,
}

/// What the generator itself goes through.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct LiveGenerator {
    /// How late requests were sent, 99th percentile in ms.
    pub dispatch_lag_p99_ms: f64,
    /// Slots sent late, by more than 10 ms (open model).
    pub late: u64,
    /// Slots that will not be sent any more (open model).
    pub dropped: u64,
    /// Whether the generator, not the target, is the bottleneck.
    pub limited: bool,
    /// Why, one sentence each.
    pub limited_because: Vec<String>,
}

/// How much something matters that happens in a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// The run takes its course.
    Info,
    /// Something to look at.
    Warn,
    /// The run ends itself, or has broken.
    Error,
}

/// Something that happens in a run and is worth a line.
#[derive(Clone, Debug, PartialEq)]
pub struct RunEvent {
    /// When it happened.
    pub at: SystemTime,
    /// How much it matters.
    pub level: Level,
    /// What happened, without secrets.
    pub message: String,
    /// Events before this one that nobody has taken in time.
    pub lost: u64,
}
