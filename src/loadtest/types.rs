//! The LoadTest document as Rust types: exactly the keys a user may write, with their defaults.
//!
//! The JSON schema, the form in the UI and the error messages are all derived from this file, so a
//! doc comment here is text that users read. Shapes stay flat: where a key holds one of several
//! things, it is a struct of optional fields of which validation wants exactly one, because an
//! untagged choice can only be refused with "matches no variant".

use std::path::PathBuf;

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::span::Span;

/// A load test: what to send, how much of it, and what counts as a pass.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "LoadTest")]
pub struct LoadTest {
    /// Version of the document format; always 1.
    #[schemars(range(min = 1, max = 1))]
    pub version: u32,
    /// Name of the test, as shown in lists and reports.
    #[schemars(length(min = 1, max = 200), example = "Shop checkout")]
    pub name: String,
    /// What the test is for, in a sentence or two.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The system under test and how to talk to it.
    pub target: Target,
    /// How much load: exactly one of users, stages or arrival.
    pub load: Load,
    /// Order in which scenarios are given to users and transactions to a user's loop.
    #[serde(default)]
    pub scheduler: Scheduler,
    /// Upper limit on requests per second over all users; 0 means none.
    #[serde(default)]
    #[schemars(range(min = 0.0, max = 10_000_000.0))]
    pub rate_limit: f64,
    /// Values that templates can use by name; `${env:NAME}` reads the environment.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub variables: IndexMap<String, Value>,
    /// Data files that feed templates, one row at a time.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 100))]
    pub data: Vec<DataSource>,
    /// What users do. Each user runs one scenario, chosen by weight.
    #[schemars(length(min = 1, max = 100))]
    pub scenarios: Vec<Scenario>,
    /// Pass or fail rules such as `p95 < 500ms` or `p99{GET product} < 800ms`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 100), example = ["p95 < 500ms", "error_rate < 1%"])]
    pub thresholds: Vec<String>,
    /// Stop the run as soon as a threshold can no longer be met.
    #[serde(default)]
    pub abort_on_threshold: bool,
}

/// The system under test.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Target {
    /// Base URLs, `http://` or `https://`. Users are spread over them evenly.
    #[schemars(length(min = 1, max = 100), example = ["http://127.0.0.1:8080"])]
    pub hosts: Vec<String>,
    /// Longest time for one request, redirects included.
    #[serde(default = "default_timeout")]
    pub timeout: Span,
    /// TLS settings for `https://` hosts.
    #[serde(default)]
    pub tls: Tls,
    /// HTTP version: `auto` negotiates by ALPN and speaks 1.1 without TLS.
    #[serde(default)]
    pub http_version: HttpVersion,
    /// Redirects followed for one request; 0 means none.
    #[serde(default = "default_redirects")]
    #[schemars(range(max = 20))]
    pub redirects: u8,
    /// Headers sent with every request; a request's own headers win.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub headers: IndexMap<String, String>,
    /// Stay on the host that a redirect led to for the rest of the user's requests.
    #[serde(default)]
    pub sticky_redirects: bool,
    /// Keep cookies for each user.
    #[serde(default = "default_true")]
    pub cookies: bool,
    /// Ask for compressed answers (gzip, br, zstd, deflate).
    #[serde(default)]
    pub compression: bool,
}

fn default_timeout() -> Span {
    Span::from_secs(30)
}
fn default_redirects() -> u8 {
    5
}
fn default_true() -> bool {
    true
}
fn one() -> u32 {
    1
}

/// TLS settings.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Tls {
    /// Check the server's certificate and name. Switch off only for a test server of your own.
    pub verify: bool,
    /// PEM file with certificate authorities to trust besides the system's.
    pub ca_file: Option<PathBuf>,
    /// PEM file with a client certificate chain; needs `client_key`.
    pub client_cert: Option<PathBuf>,
    /// PEM file with the private key of `client_cert`.
    pub client_key: Option<PathBuf>,
}

impl Default for Tls {
    fn default() -> Self {
        Self { verify: true, ca_file: None, client_cert: None, client_key: None }
    }
}

/// HTTP version to speak.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum HttpVersion {
    /// HTTP/2 where TLS negotiates it, else HTTP/1.1.
    #[default]
    #[serde(rename = "auto")]
    Auto,
    /// HTTP/1.1 only.
    #[serde(rename = "1.1")]
    Http1,
    /// HTTP/2 only; without TLS with prior knowledge.
    #[serde(rename = "2")]
    Http2,
}

/// How much load. Exactly one of `users`, `stages` and `arrival`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Load {
    /// Closed model: this many users at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 1_000_000), example = 50)]
    pub users: Option<u32>,
    /// Users started per second; by default all users start within the first second.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0.001, max = 1_000_000.0))]
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
    #[schemars(range(min = 0.0, max = 10_000_000.0), example = 200.0)]
    pub rate: f64,
    /// Most users that may be busy at once.
    #[schemars(range(min = 1, max = 1_000_000), example = 500)]
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

/// A data file whose rows feed templates as `{{ name.column }}`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DataSource {
    /// Name that templates use.
    #[schemars(example = &"people")]
    pub name: String,
    /// CSV file with a header line, or a JSON array of objects; relative to the document.
    #[schemars(example = "people.csv")]
    pub file: PathBuf,
    /// How rows are handed out.
    #[serde(default)]
    pub mode: FeedMode,
}

/// How a feeder hands out its rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FeedMode {
    /// In file order over all users, from the start again at the end.
    #[default]
    Sequential,
    /// Any row at random.
    Random,
    /// Each row once over all users; the run stops when they are used up.
    Unique,
}

/// What one kind of user does.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// Name of the scenario, unique in the test.
    #[schemars(length(min = 1, max = 200), example = &"browse")]
    pub name: String,
    /// Share of users that run this scenario, relative to the others.
    #[serde(default = "one")]
    #[schemars(range(min = 1, max = 10_000))]
    pub weight: u32,
    /// Hosts for this scenario instead of the target's.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 100))]
    pub hosts: Vec<String>,
    /// Pause between transactions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub think_time: Option<ThinkTime>,
    /// Transactions that each user runs once, before the first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 100))]
    pub on_start: Vec<Transaction>,
    /// Transactions of the user's loop.
    #[schemars(length(min = 1, max = 1000))]
    pub transactions: Vec<Transaction>,
    /// Transactions that each user runs once, at its end.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 100))]
    pub on_stop: Vec<Transaction>,
}

/// A pause of random length between `min` and `max`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ThinkTime {
    /// Shortest pause.
    pub min: Span,
    /// Longest pause.
    pub max: Span,
}

/// A group of requests that belong together.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Transaction {
    /// Name of the transaction, unique in its scenario.
    #[schemars(length(min = 1, max = 200), example = &"product")]
    pub name: String,
    /// How often it runs in a pass, relative to the others.
    #[serde(default = "one")]
    #[schemars(range(min = 1, max = 10_000))]
    pub weight: u32,
    /// Place in the pass: lower numbers run first, those without one run last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 10_000))]
    pub sequence: Option<u32>,
    /// Requests, sent one after another; a failed one ends the transaction.
    #[schemars(length(min = 1, max = 1000))]
    pub requests: Vec<Request>,
}

/// What a request speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Protocol {
    /// HTTP/1.1 or HTTP/2.
    #[default]
    Http,
    /// WebSocket; not supported yet.
    Websocket,
    /// Server-sent events; not supported yet.
    Sse,
    /// gRPC; not supported yet.
    Grpc,
    /// SQL over a database connection; not supported yet.
    Sql,
}

/// One request.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Request {
    /// Name that metrics are kept under; by default method and path.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 200), example = "GET product")]
    pub name: Option<String>,
    /// What the request speaks.
    #[serde(default, skip_serializing_if = "is_http")]
    pub protocol: Protocol,
    /// HTTP method.
    #[serde(default = "get")]
    #[schemars(example = &"GET")]
    pub method: String,
    /// Path on the host, or a whole URL; may hold templates.
    #[schemars(length(min = 1, max = 8192), example = "/products/{{ people.id }}")]
    pub path: String,
    /// Query parameters, encoded for you.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub query: IndexMap<String, Value>,
    /// Headers of this request.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub headers: IndexMap<String, String>,
    /// Body; exactly one kind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<Body>,
    /// Credentials sent in the `Authorization` header.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub auth: Option<Auth>,
    /// Longest time for this request, instead of the target's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timeout: Option<Span>,
    /// Redirects followed for this request, instead of the target's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(max = 20))]
    pub redirects: Option<u8>,
    /// Values to take from the answer, for later templates of the same user.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 100))]
    pub extract: Vec<Extract>,
    /// What the answer must be; without a status check, 400 and above fail.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 100))]
    pub check: Vec<Check>,
}

fn get() -> String {
    "GET".to_owned()
}
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_http(protocol: &Protocol) -> bool {
    *protocol == Protocol::Http
}

/// A request body: exactly one of the keys.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Body {
    /// JSON; strings in it may hold templates. A string that is one template alone keeps the
    /// value's type.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub json: Option<Value>,
    /// Form fields, sent as `application/x-www-form-urlencoded`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub form: Option<IndexMap<String, String>>,
    /// Plain text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// File whose bytes are sent as they are; relative to the document.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<PathBuf>,
    /// GraphQL query.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub graphql: Option<Graphql>,
}

/// `json: null` is a body of `null`, not a body left out.
fn present<'de, D: serde::Deserializer<'de>>(d: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(d).map(Some)
}

/// A GraphQL body, sent as JSON by POST.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Graphql {
    /// Query or mutation text.
    pub query: String,
    /// Variables of the query.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub variables: IndexMap<String, Value>,
}

/// Credentials: exactly one of the keys.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Auth {
    /// Bearer token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bearer: Option<String>,
    /// Basic credentials.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub basic: Option<Basic>,
}

/// Basic credentials.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Basic {
    /// User name.
    pub username: String,
    /// Password.
    pub password: String,
}

/// A value to take from the answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Extract {
    /// Name that templates use.
    pub name: String,
    /// Where to look.
    pub from: ExtractFrom,
    /// JSONPath (RFC 9535), for `json`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(example = "$.items[0].sku")]
    pub path: Option<String>,
    /// Regular expression, for `regex`; the first group is taken, or the whole match.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pattern: Option<String>,
    /// Header's or cookie's name, for `header` and `cookie`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// Value to use when nothing is found; without it, the request fails.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default: Option<String>,
}

/// Where an extracted value comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ExtractFrom {
    /// The JSON body, by `path`.
    Json,
    /// The body's text, by `pattern`.
    Regex,
    /// A response header, by `key`.
    Header,
    /// A cookie that the response sets, by `key`.
    Cookie,
    /// The status code.
    Status,
}

/// What an answer must be: exactly one of `status`, `json`, `header`, `body_contains`,
/// `body_matches`, `time` and `size`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Check {
    /// Status code, or a list of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<StatusSet>,
    /// JSONPath whose first match is compared with `value` by `op`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(example = "$.stock")]
    pub json: Option<String>,
    /// Response header that is compared with `value` by `op`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub header: Option<String>,
    /// Comparison for `json` and `header`; by default `==`, or `exists` without a value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub op: Option<CheckOp>,
    /// What is compared with.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub value: Option<Value>,
    /// Text that the body must contain.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body_contains: Option<String>,
    /// Regular expression that the body must match.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body_matches: Option<String>,
    /// Response time, such as `< 800ms`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(example = "< 800ms")]
    pub time: Option<String>,
    /// Body size in bytes, such as `< 10kb` or `> 0b`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<String>,
}

/// One status code or several.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum StatusSet {
    /// One code.
    One(#[schemars(range(min = 100, max = 599))] u16),
    /// Any of several codes.
    Many(#[schemars(length(min = 1, max = 100))] Vec<u16>),
}

/// Comparison in a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum CheckOp {
    /// Equal.
    #[serde(rename = "==")]
    Eq,
    /// Not equal.
    #[serde(rename = "!=")]
    Ne,
    /// Greater.
    #[serde(rename = ">")]
    Gt,
    /// Greater or equal.
    #[serde(rename = ">=")]
    Ge,
    /// Less.
    #[serde(rename = "<")]
    Lt,
    /// Less or equal.
    #[serde(rename = "<=")]
    Le,
    /// Contains the text, or the element.
    #[serde(rename = "contains")]
    Contains,
    /// Is there.
    #[serde(rename = "exists")]
    Exists,
}
