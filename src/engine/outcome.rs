//! What a run leaves behind: the one stored form that every report, comparison and history entry
//! is made from.
//!
//! Times of requests are in milliseconds in `*_ms` fields; histograms are HDR histograms of
//! microseconds in their compressed form (V2 + DEFLATE), base64. Everything else that has a unit
//! carries it in its name. The summary of `--summary json` is the first part of this object.

use std::{collections::BTreeMap, sync::Arc};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use super::analysis::{Analysis, Figure, Finding, Kind, NextTest, Severity, Unit};

/// Version of the stored form.
pub const FORMAT: u32 = 1;

/// One finished run.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Outcome {
    /// The summary, as `--summary json` prints it.
    #[serde(flatten)]
    pub summary: Summary,
    /// Version of this form, [`FORMAT`].
    pub format: u32,
    /// Version of MAID that ran it.
    pub maid_version: String,
    /// Name of the test.
    pub name: String,
    /// Hosts that were aimed at.
    pub hosts: Vec<String>,
    /// Start of the run, RFC 3339 in UTC.
    pub started_at: String,
    /// End of the run, RFC 3339 in UTC.
    pub ended_at: String,
    /// Why the run ended, in a sentence, when it was not simply over.
    pub ended_because: Option<String>,
    /// What whoever started the run wrote down about it.
    #[serde(default)]
    pub notes: Option<String>,
    /// What went wrong beside the run itself, such as a log file that could not be finished; one
    /// sentence each.
    #[serde(default)]
    pub warnings: Vec<String>,
    /// Part of the run that totals cover.
    pub measure: String,
    /// Phases in order: increase, maintain, decrease.
    pub phases: Vec<Phase>,
    /// Values over time.
    pub series: Series,
    /// Values over time of the request names that matter most, at most 8, each with as many points as
    /// `series`.
    #[serde(default)]
    pub series_by_request: Vec<RequestSeries>,
    /// Per host, where users are spread over several.
    #[serde(default)]
    pub by_host: Vec<HostStats>,
    /// Per transaction.
    pub by_transaction: Vec<TransactionStats>,
    /// Per scenario.
    pub by_scenario: Vec<ScenarioStats>,
    /// Per check, over all requests.
    pub checks: Vec<CheckStats>,
    /// Latency over all requests.
    pub histogram: Histograms,
    /// What was found in it; of a run that an older version stored, nothing yet.
    #[serde(default)]
    pub analysis: Option<Analysis>,
    /// The LoadTest as it ran, with secrets masked.
    pub config: serde_json::Value,
}

/// The object of `--summary json`; its keys are a contract.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Summary {
    /// Id of the run, UUIDv7.
    pub run_id: String,
    /// How the run ended.
    pub status: Status,
    /// Pass or fail, with each threshold.
    pub verdict: Verdict,
    /// Time that the totals cover, in seconds.
    pub duration_s: f64,
    /// Most users at once.
    pub users_max: u32,
    /// Finished requests, failed ones included, interrupted ones not.
    pub requests: u64,
    /// Failed requests: no answer, a refused status, a failed check or extraction.
    pub failures: u64,
    /// Requests that had been sent and were given up because the run stopped.
    pub interrupted: u64,
    /// Failures by requests, 0 to 1.
    pub error_rate: f64,
    /// Requests per second over `duration_s`.
    pub rps: f64,
    /// Bytes received, heads included.
    pub bytes_in: u64,
    /// Bytes sent, heads included.
    pub bytes_out: u64,
    /// Response time from sending.
    pub latency_ms: Latency,
    /// Response time from when the request was meant to be sent.
    pub corrected_latency_ms: Latency,
    /// Per request name.
    pub by_request: Vec<RequestStats>,
    /// Answers by status code.
    pub status_codes: BTreeMap<String, u64>,
    /// Failures grouped by kind and message, most frequent first.
    pub errors: Vec<ErrorGroup>,
    /// What the generator itself went through.
    pub generator: Generator,
}

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// It ran to its end.
    Completed,
    /// It was stopped by a person or a signal.
    Stopped,
    /// It ended itself: a threshold with `abort_on_threshold`, the breaker, a feeder run dry.
    Failed,
}

/// Pass or fail.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct Verdict {
    /// Whether every threshold held and the run did not end itself.
    pub passed: bool,
    /// Each threshold in the order of the document.
    pub thresholds: Vec<ThresholdResult>,
}

/// One threshold, judged.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct ThresholdResult {
    /// The rule as written.
    pub rule: String,
    /// Whether it held. A rule about something that never happened does not hold.
    pub passed: bool,
    /// What was observed, in the rule's unit: ms, a ratio of 0 to 1, or a count.
    pub observed: Option<f64>,
    /// What was observed, for people.
    pub observed_text: String,
}

/// Percentiles in milliseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[expect(missing_docs, reason = "the names say it all")]
pub struct Latency {
    pub min: f64,
    pub avg: f64,
    pub p50: f64,
    pub p90: f64,
    pub p95: f64,
    pub p99: f64,
    pub p999: f64,
    pub max: f64,
}

/// Measures of one request name.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct RequestStats {
    /// Name of the request.
    pub name: String,
    /// HTTP method.
    pub method: String,
    /// Finished requests.
    pub requests: u64,
    /// Failed requests.
    pub failures: u64,
    /// Failures by requests, 0 to 1.
    pub error_rate: f64,
    /// Requests per second.
    pub rps: f64,
    /// Redirects followed to the answers: the targets have seen so many requests more.
    #[serde(default)]
    pub redirects: u64,
    /// Bytes received.
    pub bytes_in: u64,
    /// Bytes sent.
    pub bytes_out: u64,
    /// Response time from sending.
    pub latency_ms: Latency,
    /// Response time from when it was meant to be sent.
    pub corrected_latency_ms: Latency,
    /// Parts of the response time; a part that never happened is left out.
    pub timings_ms: BTreeMap<String, TimingStats>,
    /// Answers by status code.
    pub status_codes: BTreeMap<String, u64>,
    /// Response time by status; `none` without an answer, `4xx` for statuses beyond the first few.
    pub by_status: BTreeMap<String, StatusStats>,
    /// Histograms for comparison; not in the summary.
    #[serde(default, skip_serializing_if = "Histograms::is_empty")]
    pub histogram: Histograms,
}

/// Measures of one status.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct StatusStats {
    /// Answers with it.
    pub requests: u64,
    /// Their response time.
    pub latency_ms: Latency,
}

/// One part of the response time: blocked, dns, connect, tls, send, wait, receive.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, JsonSchema)]
#[expect(missing_docs, reason = "the names say it all")]
pub struct TimingStats {
    pub count: u64,
    pub avg: f64,
    pub p50: f64,
    pub p95: f64,
    pub p99: f64,
    pub max: f64,
}

/// Histograms of microseconds: base64 of HDR V2 + DEFLATE.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Histograms {
    /// From sending.
    pub latency: String,
    /// From when it was meant to be sent.
    pub corrected: String,
}

impl Histograms {
    fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl Summary {
    /// Whether the run passed. None where nothing was judged: not one request was finished, and no
    /// threshold was set.
    #[must_use]
    pub fn passed(&self) -> Option<bool> {
        let judged = self.requests > 0 || !self.verdict.thresholds.is_empty() || !self.verdict.passed;
        judged.then_some(self.verdict.passed)
    }

    /// The summary as it is printed: what people and scripts read, without histograms.
    #[must_use]
    pub fn without_histograms(&self) -> Self {
        let mut summary = self.clone();
        summary.by_request.iter_mut().for_each(|request| request.histogram = Histograms::default());
        summary
    }
}

/// Failures of one kind and message.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct ErrorGroup {
    /// Kind, such as `connect`, `timeout`, `status`, `check`.
    pub kind: String,
    /// What happened.
    pub message: String,
    /// How often.
    pub count: u64,
    /// Name of the request of the first one.
    pub request: String,
    /// The first one, for looking into.
    pub example: Option<ErrorExample>,
}

/// One failed request.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct ErrorExample {
    /// URL without credentials.
    pub url: String,
    /// Status code, when there was an answer.
    pub status: Option<u16>,
    /// First 512 bytes of the body.
    pub body: String,
    /// Seconds since the start of the run.
    pub at_s: f64,
}

/// What the generator itself went through.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct Generator {
    /// CPU of this process, in percent of one core.
    pub cpu_percent: f64,
    /// CPU microseconds of this process for one request.
    pub cpu_us_per_request: f64,
    /// Most resident memory, in MB (10^6 bytes).
    pub rss_mb: f64,
    /// Most open file descriptors.
    pub open_fds: u64,
    /// How late requests were sent.
    pub dispatch_lag_ms: DispatchLag,
    /// Slots sent late, by more than 10 ms (open model).
    pub late: u64,
    /// Slots never sent (open model).
    pub dropped: u64,
    /// Whether the generator, not the target, was the bottleneck.
    pub limited: bool,
    /// Why, one sentence each.
    pub limited_because: Vec<String>,
    /// Cores this process may use.
    pub cores: u32,
    /// Limit of open files.
    pub fd_limit: u64,
}

/// How late requests were sent, in milliseconds.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[expect(missing_docs, reason = "the names say it all")]
pub struct DispatchLag {
    pub p50: f64,
    pub p99: f64,
    pub max: f64,
}

/// One phase of the run.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Phase {
    /// increase, maintain, decrease or shutdown; later, for what comes after the first 63.
    pub name: String,
    /// Start, in seconds since the start of the run.
    pub start_s: f64,
    /// Length in seconds.
    pub duration_s: f64,
    /// Users at its end.
    pub users: u32,
    /// Finished requests.
    pub requests: u64,
    /// Failed requests.
    pub failures: u64,
    /// Requests per second.
    pub rps: f64,
    /// Response time from sending.
    pub latency_ms: Latency,
}

/// Values over time, in columns of equal length.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct Series {
    /// Seconds between points: 1 for the first hour, then doubled as often as needed.
    pub step_s: u32,
    /// Start of each point, in seconds since the start of the run.
    pub at_s: Vec<u32>,
    /// Finished requests in the step.
    pub requests: Vec<u64>,
    /// Failed requests in the step.
    pub failures: Vec<u64>,
    /// Users at the end of the step.
    pub users: Vec<u32>,
    /// Median response time of the step, ms.
    pub p50_ms: Vec<f64>,
    /// 95th percentile of the step, ms.
    pub p95_ms: Vec<f64>,
    /// 99th percentile of the step, ms.
    pub p99_ms: Vec<f64>,
    /// How response times were spread: for each step the first class with any, and the counts from it on. A class
    /// ends at 0.1 ms * 2^(class / 2). Runs of earlier versions have none.
    #[serde(default)]
    pub classes: Vec<Arc<[u32]>>,
}

/// Values over time of one request name, in columns as long as the series.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct RequestSeries {
    /// Name of the request.
    pub name: String,
    /// Finished requests in the step.
    pub requests: Vec<u32>,
    /// Failed requests in the step.
    pub failures: Vec<u32>,
    /// Median response time of the step, ms, to two digits.
    pub p50_ms: Vec<f32>,
    /// 95th percentile of the step, ms, to two digits.
    pub p95_ms: Vec<f32>,
}

/// Measures of one host.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct HostStats {
    /// Its base URL.
    pub host: String,
    /// Finished requests.
    pub requests: u64,
    /// Failed requests.
    pub failures: u64,
    /// Failures by requests, 0 to 1.
    pub error_rate: f64,
    /// Response time from sending.
    pub latency_ms: Latency,
    /// The same as a histogram of microseconds: base64 of HDR V2 + DEFLATE.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub histogram: String,
}

/// Measures of one transaction.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct TransactionStats {
    /// Scenario it belongs to.
    pub scenario: String,
    /// Name of the transaction.
    pub name: String,
    /// Finished passes.
    pub count: u64,
    /// Passes that a failed request ended.
    pub failures: u64,
    /// Time of a pass.
    pub latency_ms: Latency,
}

/// Measures of one scenario.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct ScenarioStats {
    /// Name of the scenario.
    pub name: String,
    /// Users that ran it.
    pub users: u32,
    /// Transactions that its users finished.
    pub transactions: u64,
    /// Transactions that failed.
    pub failures: u64,
    /// Finished passes through it.
    #[serde(default)]
    pub iterations: u64,
    /// Time of a pass, think time within it included.
    #[serde(default)]
    pub latency_ms: Latency,
}

/// One check, over all its evaluations.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct CheckStats {
    /// Request it belongs to.
    pub request: String,
    /// The check in words.
    pub name: String,
    /// Times it held.
    pub passed: u64,
    /// Times it did not.
    pub failed: u64,
}
