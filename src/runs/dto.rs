//! What goes over the wire about runs.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, value::RawValue};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::{
    active::Began,
    log::LogLine,
    record::{RunRow, RunStatus, StoredRun},
    start::Obstacle,
};
use crate::{
    bus::LogLevel,
    engine::outcome::{Analysis, Summary},
    http::{
        Limit, moment,
        schema::{AnalysisSchema, LoadTestInput, LoadTestSchema, MeasuresSchema},
    },
    loadtest::{self, secret::Secret},
};

/// A run that was started, or waits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Started {
    /// Its id.
    pub run_id: Uuid,
    /// `running` or `queued`.
    #[schema(example = "running")]
    pub status: RunStatus,
}

/// What is to be stopped.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"run_id": "0190d5b6-7e1c-7a3e-8c7d-1f2e3d4c5b6a"}))]
pub struct StopRequest {
    /// The run; without it, the active one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run_id: Option<Uuid>,
    /// Whether requests under way are dropped instead of being given `load.stop_grace`.
    #[serde(default)]
    pub kill: bool,
}

/// A run that is ending.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Stopped {
    /// Its id.
    pub run_id: Uuid,
}

/// What the killswitch ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Killed {
    /// The run that was active.
    pub run_id: Option<Uuid>,
    /// Runs that waited for their turn.
    pub cancelled: Vec<Uuid>,
}

/// Which part of the history is wanted, and in which order.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct HistoryParams {
    /// Rows a page, 1 to 200.
    #[param(inline)]
    #[serde(default)]
    pub limit: Limit,
    /// Where the page begins: `next_cursor` of the page before.
    #[param(min_length = 1, pattern = "^[A-Za-z0-9_-]+$")]
    pub cursor: Option<String>,
    /// What it is sorted by: `created_at`, `started_at`, `name`, `status`, `duration_s`, `requests`,
    /// `failures`, `p95_ms` or `rps`; with a `-` before it, the largest or newest first.
    #[param(
        default = "-created_at",
        example = "-p95_ms",
        pattern = "^-?(created_at|started_at|name|status|duration_s|requests|failures|p95_ms|rps)$"
    )]
    pub sort: Option<String>,
    /// Only runs with one of these: `queued,running,completed,stopped,failed`.
    #[param(
        example = "completed,stopped",
        pattern = "^(queued|running|completed|stopped|failed)(,(queued|running|completed|stopped|failed))*$"
    )]
    pub status: Option<String>,
    /// Only runs whose test has this in its name, upper and lower case alike.
    pub name: Option<String>,
    /// Only runs of this recipe.
    pub recipe_id: Option<String>,
    /// Only runs that this user has started, by id; with an API key it is who the key belongs to.
    pub owner: Option<String>,
    /// Only runs that began then or later, RFC 3339.
    #[serde(default, deserialize_with = "moment")]
    #[param(value_type = Option<String>, format = DateTime, example = "2026-01-31T00:00:00Z")]
    pub since: Option<Timestamp>,
    /// Only runs that began before then, RFC 3339.
    #[serde(default, deserialize_with = "moment")]
    #[param(value_type = Option<String>, format = DateTime)]
    pub until: Option<Timestamp>,
    /// Only runs that passed, or only those that did not.
    pub passed: Option<bool>,
    /// Only baselines, or only the others.
    pub baseline: Option<bool>,
}

/// One run in the history.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct HistoryItem {
    /// Id of the run.
    pub run_id: Uuid,
    /// Name of its test.
    #[schema(example = "Shop checkout")]
    pub name: String,
    /// How it ended, or where it is.
    #[schema(example = "completed")]
    pub status: RunStatus,
    /// Whether every threshold held; also true where there was none.
    #[schema(example = true)]
    pub passed: Option<bool>,
    /// How many thresholds it was held to; unknown before it was measured.
    #[schema(example = 2)]
    pub thresholds: Option<u32>,
    /// Id of the user who started it.
    #[schema(example = "dev")]
    pub owner: String,
    /// The API key that it was started with.
    pub api_key_id: Option<Uuid>,
    /// The recipe that it came from.
    pub recipe_id: Option<String>,
    /// When it was asked for, RFC 3339.
    #[schema(format = DateTime)]
    pub created_at: String,
    /// When it began, RFC 3339.
    #[schema(format = DateTime)]
    pub started_at: Option<String>,
    /// When it ended, RFC 3339.
    #[schema(format = DateTime)]
    pub ended_at: Option<String>,
    /// Time that the totals cover, in seconds.
    #[schema(example = 30.0)]
    pub duration_s: Option<f64>,
    /// Most users at once.
    #[schema(example = 10)]
    pub users_max: Option<u32>,
    /// Finished requests.
    #[schema(example = 158_204)]
    pub requests: u64,
    /// Failed requests.
    #[schema(example = 0)]
    pub failures: u64,
    /// Requests per second.
    #[schema(example = 5273.5)]
    pub rps: Option<f64>,
    /// Average response time, ms.
    #[schema(example = 1.9)]
    pub avg_ms: Option<f64>,
    /// 95th percentile of the response time, ms.
    #[schema(example = 4.1)]
    pub p95_ms: Option<f64>,
    /// 99th percentile of the response time, ms.
    #[schema(example = 7.7)]
    pub p99_ms: Option<f64>,
    /// Whether later runs of its test are compared with it.
    #[schema(example = false)]
    pub baseline: bool,
    /// Why it ended, where it was not simply over.
    pub ended_because: Option<String>,
}

impl From<RunRow> for HistoryItem {
    fn from(row: RunRow) -> Self {
        Self {
            run_id: row.id,
            name: row.name,
            status: row.status,
            passed: row.passed,
            thresholds: row.thresholds,
            owner: row.owner,
            api_key_id: row.api_key_id,
            recipe_id: row.recipe_id,
            created_at: format!("{:.3}", row.created_at),
            started_at: row.start_time.map(|at| format!("{at:.3}")),
            ended_at: row.end_time.map(|at| format!("{at:.3}")),
            duration_s: row.duration_s,
            users_max: row.users_max,
            requests: row.requests,
            failures: row.failures,
            rps: row.rps,
            avg_ms: row.avg_ms,
            p95_ms: row.p95_ms,
            p99_ms: row.p99_ms,
            baseline: row.baseline,
            ended_because: row.ended_because,
        }
    }
}

/// One run: the summary of the command line, what the history knows beside it, and the LoadTest as it
/// runs.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RunDetail {
    /// Id of the run.
    run_id: Uuid,
    /// Name of its test.
    #[schema(example = "Shop checkout")]
    name: String,
    /// How it ended, or where it is.
    #[schema(example = "completed")]
    status: RunStatus,
    /// Whether every threshold held; unknown before its end.
    #[schema(example = true)]
    passed: Option<bool>,
    /// Id of the user who started it.
    #[schema(example = "dev")]
    owner: String,
    /// The API key that it was started with.
    api_key_id: Option<Uuid>,
    /// The recipe that it came from.
    recipe_id: Option<String>,
    /// What was written down about it.
    notes: Option<String>,
    /// When it was asked for, RFC 3339.
    #[schema(format = DateTime)]
    created_at: String,
    /// When it began, RFC 3339.
    #[schema(format = DateTime)]
    started_at: Option<String>,
    /// When it ended, RFC 3339.
    #[schema(format = DateTime)]
    ended_at: Option<String>,
    /// Why it ended, where it was not simply over.
    ended_because: Option<String>,
    /// Whether later runs of its test are compared with it.
    #[schema(example = false)]
    baseline: bool,
    /// The keys of `maid run --summary json`; of a run that goes on, as of a second ago.
    #[serde(flatten)]
    #[schema(value_type = MeasuresSchema)]
    summary: serde_json::Map<String, Value>,
    /// What was found in it, once it is over.
    #[schema(value_type = Option<AnalysisSchema>)]
    analysis: Option<Analysis>,
    /// The LoadTest as it runs, with secrets masked.
    #[schema(value_type = LoadTestSchema)]
    config: Value,
}

impl RunDetail {
    /// One run, as it is stored, with what was found in it.
    #[must_use]
    pub fn new(run: StoredRun, analysis: Option<Analysis>) -> Self {
        let StoredRun { row, notes, config, metrics, .. } = run;
        let item = HistoryItem::from(row);
        let mut summary = metrics.as_ref().map(object).unwrap_or_default();
        // The row knows better: what a checkpoint says of a run that goes on is not its end.
        for known in ["run_id", "status"] {
            summary.shift_remove(known);
        }
        if item.passed.is_none() {
            // It is judged at its end.
            summary.shift_remove("verdict");
        }
        if summary.is_empty() {
            summary.insert("requests".to_owned(), item.requests.into());
            summary.insert("failures".to_owned(), item.failures.into());
        }
        Self {
            run_id: item.run_id,
            name: item.name,
            status: item.status,
            passed: item.passed,
            owner: item.owner,
            api_key_id: item.api_key_id,
            recipe_id: item.recipe_id,
            notes,
            created_at: item.created_at,
            started_at: item.started_at,
            ended_at: item.ended_at,
            ended_because: item.ended_because,
            baseline: item.baseline,
            summary,
            analysis,
            config,
        }
    }
}

fn object(summary: &Summary) -> serde_json::Map<String, Value> {
    match serde_json::to_value(summary) {
        Ok(Value::Object(object)) => object,
        _ => serde_json::Map::new(),
    }
}

/// Two runs.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct CompareParams {
    /// The run that is compared with: an id, or `baseline` for the baseline of the other's test.
    #[param(
        example = "baseline",
        pattern = "^(baseline|[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12})$"
    )]
    pub a: String,
    /// The run that is compared.
    pub b: Uuid,
    /// Largest share by which a measure may be worse, such as `0.1`; what is beyond it and beyond
    /// noise is listed under `regressions`.
    #[param(minimum = 0.0, maximum = 100.0)]
    pub max_regression: Option<f64>,
}

/// A document to check.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"loadtest": "version: 1\nname: Shop\ntarget: {hosts: [\"http://127.0.0.1:43180\"]}\n"}))]
pub struct ValidateRequest {
    /// The LoadTest as an object, or as YAML or JSON text: problems of a text have lines.
    #[schema(value_type = LoadTestInput)]
    pub loadtest: Box<RawValue>,
    /// Values that the test may read with `${env:NAME}`.
    #[serde(default)]
    #[schema(write_only, value_type = BTreeMap<String, String>)]
    pub env: BTreeMap<String, Secret>,
}

/// What is wrong with a document.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[schema(example = json!({
    "valid": false,
    "errors": [{
        "path": "scenarios[0].weigth", "line": 12, "column": 5,
        "message": "is not a known key", "suggestion": "weight"
    }],
    "obstacles": [],
    "config": null
}))]
pub struct Validated {
    /// Whether it is right.
    pub valid: bool,
    /// Everything that is wrong with it; at most 100.
    pub errors: Vec<DocumentError>,
    /// What would keep whoever asks from starting it here although it is right: hosts that may not be sent load, and
    /// more than is allowed. At most 100.
    pub obstacles: Vec<ObstacleView>,
    /// The LoadTest as it would run, with secrets masked, where it is right.
    #[schema(value_type = Option<LoadTestSchema>)]
    pub config: Option<Value>,
}

/// Something that stands in the way of a start.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = Obstacle)]
pub struct ObstacleView {
    /// The place, as the start would name it.
    #[schema(example = "target.hosts[0]")]
    pub path: String,
    /// What it is, and the way out.
    pub message: String,
    /// Whether the start is refused; else it depends on where a name leads, which is not looked up for a check.
    pub certain: bool,
}

impl From<Obstacle> for ObstacleView {
    fn from(Obstacle { path, message, certain }: Obstacle) -> Self {
        Self { path, message, certain }
    }
}

/// One place of a document that is wrong.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct DocumentError {
    /// The place, such as `scenarios[0].weight`.
    #[schema(example = "scenarios[0].weigth")]
    pub path: String,
    /// Line in the text, from 1.
    pub line: Option<u32>,
    /// Column in the line, from 1.
    pub column: Option<u32>,
    /// What is wrong and what to do about it.
    #[schema(example = "unknown key")]
    pub message: String,
    /// What was probably meant.
    #[schema(example = "weight")]
    pub suggestion: Option<String>,
}

/// Which lines of a run's log are wanted.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct LogParams {
    /// Lines that matter at least this much; without it, all of them.
    #[param(inline)]
    pub level: Option<LogLevel>,
    /// Most lines of the page.
    #[param(inline)]
    #[serde(default)]
    pub limit: Limit,
    /// `next_cursor` of the page before.
    #[param(min_length = 1, pattern = "^[A-Za-z0-9_-]+$")]
    pub cursor: Option<String>,
}

/// A line of a run's log.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct LogItem {
    /// Its number in the run, from 1.
    #[schema(example = 7)]
    pub seq: u64,
    /// When it was written, RFC 3339.
    #[schema(format = DateTime)]
    pub at: String,
    /// How much it matters.
    #[schema(example = "info")]
    pub level: LogLevel,
    /// What happened.
    #[schema(example = "10 users run")]
    pub message: String,
}

impl From<Began> for RunStatus {
    fn from(began: Began) -> Self {
        match began {
            Began::Running => Self::Running,
            Began::Queued => Self::Queued,
        }
    }
}

impl From<LogLine> for LogItem {
    fn from(line: LogLine) -> Self {
        let LogLine { seq, at, level, message } = line;
        Self { seq, at: format!("{at:.3}"), level, message }
    }
}

impl From<&loadtest::problem::Problem> for DocumentError {
    fn from(problem: &loadtest::problem::Problem) -> Self {
        Self {
            path: problem.path.clone(),
            line: problem.line,
            column: problem.column,
            message: problem.message.clone(),
            suggestion: problem.suggestion.clone(),
        }
    }
}
