//! What watchers of a run are shown, 4 times a second.

use serde::Serialize;

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

/// The state of a run at one moment.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Snapshot {
    /// Where the run is in its life.
    pub phase: Phase,
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
}
