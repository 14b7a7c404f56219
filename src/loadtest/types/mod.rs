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

mod load;
mod request;
mod scalar;
mod scenario;
mod url;

pub use load::{Arrival, Late, Load, Measured, Scheduler, Stage};
pub use request::{
    Auth, Basic, Body, Check, CheckOp, Extract, ExtractFrom, Graphql, Protocol, Request, StatusSet,
};
pub use scenario::{DataSource, FeedMode, Scenario, ThinkTime, Transaction};

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
    #[schemars(range(min = 0.0, max = 10_000_000.0), extend("x-unit" = "requests/s"))]
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
    /// Stop the run as soon as a threshold fails. It is looked at once a second from when all users
    /// run (stages: from the start), once it has 100 requests; rules on `rps` are judged at the end.
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
    #[serde(default, skip_serializing_if = "IndexMap::is_empty", deserialize_with = "scalar::texts")]
    #[schemars(with = "IndexMap<String, scalar::Scalar>")]
    pub headers: IndexMap<String, String>,
    /// Stay on the host that a redirect led to for the rest of the user's requests.
    #[serde(default)]
    pub sticky_redirects: bool,
    /// Tell the target which trace each request belongs to, by the W3C header `traceparent`: `off` sends
    /// none; `run` puts all requests of the run into one trace; `request` makes a trace of each, and
    /// sends the run's id in `tracestate`. A request that names these headers itself keeps its own.
    #[serde(default)]
    pub trace_context: TraceContext,
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

/// Which trace requests belong to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TraceContext {
    /// No trace context is sent.
    #[default]
    Off,
    /// All requests belong to the trace of the run.
    Run,
    /// Each request has a trace of its own.
    Request,
}

/// TLS settings.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Tls {
    /// Check the server's certificate and name. Switch off only for a test server of your own.
    pub verify: bool,
    /// PEM file with certificate authorities to trust besides the system's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ca_file: Option<PathBuf>,
    /// PEM file with a client certificate chain; needs `client_key`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_cert: Option<PathBuf>,
    /// PEM file with the private key of `client_cert`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_key: Option<PathBuf>,
}

impl Default for Tls {
    fn default() -> Self {
        Self { verify: true, ca_file: None, client_cert: None, client_key: None }
    }
}

/// HTTP version to speak.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, JsonSchema)]
#[schemars(transform = scalar::numbers_too)]
pub enum HttpVersion {
    /// HTTP/2 where TLS negotiates it, else HTTP/1.1.
    #[default]
    #[schemars(rename = "auto")]
    Auto,
    /// HTTP/1.1 only.
    #[schemars(rename = "1.1")]
    Http1,
    /// HTTP/2 only; without TLS with prior knowledge.
    #[schemars(rename = "2")]
    Http2,
}
