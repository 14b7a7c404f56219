//! What an import is asked for, and what comes of it.

use clap::ValueEnum;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    convert::LeftOut,
    http::schema::LoadTestSchema,
    loadtest::{span::Span, types::LoadTest},
};

/// A format that can be imported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, ToSchema, ValueEnum)]
#[serde(rename_all = "snake_case")]
#[schema(as = ImportFormat)]
pub enum Format {
    /// An `OpenAPI` 3.0 or 3.1 description, JSON or YAML
    #[value(name = "openapi")]
    #[serde(rename = "openapi")]
    OpenApi,
    /// A recording of a browser or proxy, HAR 1.2
    Har,
    /// A Postman collection, v2.1
    Postman,
    /// curl command lines, one or a whole script of them
    Curl,
    /// URLs, one a line, each with a method before it where it is not GET
    Urls,
    /// A script for k6, in JavaScript; it is read and never run
    K6,
    /// A file for Locust, in Python; it is read and never run
    Locust,
}

/// What an import is to do beside reading.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(as = ImportOptions)]
pub struct Options {
    /// Base URLs to send to, instead of what the document names.
    #[schema(max_items = 100, example = json!(["http://127.0.0.1:8080"]))]
    pub hosts: Vec<String>,
    /// `OpenAPI`: only operations with one of these tags.
    #[schema(max_items = 100)]
    pub tags: Vec<String>,
    /// `OpenAPI`: only these operations, each an operationId or a method and path such as `GET /orders`.
    #[schema(max_items = 1000)]
    pub operations: Vec<String>,
    /// Take what is left out otherwise: operations that delete or are deprecated, static files, requests to
    /// hosts of others.
    pub all: bool,
    /// Name of the test, instead of the document's.
    #[schema(max_length = 200)]
    pub name: Option<String>,
    /// Users of the test; by default those of the document, or 5 where it says nothing of load.
    #[schema(minimum = 1, maximum = 1_000_000)]
    pub users: Option<u32>,
    /// How long they run; by default as the document says, or 30 seconds.
    #[schema(value_type = Option<String>, example = "30s")]
    pub run_time: Option<Span>,
}

impl Options {
    /// Users of a test whose document says nothing of load.
    pub(super) const USERS: u32 = 5;
    /// How long they run.
    pub(super) const RUN_TIME: Span = Span::from_secs(30);
}

/// What an import made.
#[derive(Clone, Debug, PartialEq)]
pub struct Imported {
    /// The test. It has been validated.
    pub loadtest: LoadTest,
    /// What could not be carried over, item by item.
    pub left_out: Vec<LeftOut>,
    /// Further items that were left out and are only counted.
    pub left_out_more: usize,
    /// What was made of more than what is written: values that are taken from answers, secrets that became
    /// variables.
    pub made: Vec<Made>,
    /// Variables of the environment that the test reads.
    pub env: Vec<Variable>,
    /// Requests, operations or commands that were found.
    pub found: usize,
    /// Requests of the test.
    pub requests: usize,
}

/// Something that was made of more than what is written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = ImportMade)]
pub struct Made {
    /// Where it is in what was imported.
    #[schema(example = "log.entries[0].response")]
    pub place: String,
    /// What was made.
    #[schema(example = "`token` is taken from `$.token`, and sent by 4 later requests")]
    pub message: String,
}

/// A variable of the environment that a test reads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = ImportVariable)]
pub struct Variable {
    /// Its name.
    #[schema(example = "API_TOKEN")]
    pub name: String,
    /// What it is for.
    #[schema(example = "the bearer token of `bearerAuth`")]
    pub what: String,
}

/// What is to be imported.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"format": "curl", "text": "curl https://shop.test/products?page=1"}))]
pub struct ImportRequest {
    /// What it is written in.
    pub format: Format,
    /// The document itself. Nothing that it names is fetched or read.
    pub text: String,
    /// What else is wanted.
    #[serde(default)]
    pub options: Options,
}

/// What an import made.
#[derive(Debug, Serialize, ToSchema)]
pub struct ImportAnswer {
    /// The test. It has been validated; nothing is stored.
    #[schema(value_type = LoadTestSchema)]
    pub loadtest: serde_json::Value,
    /// The same as YAML.
    pub yaml: String,
    /// What could not be carried over, item by item.
    pub left_out: Vec<LeftOut>,
    /// Further items that were left out and are only counted.
    pub left_out_more: usize,
    /// What was made of more than what is written.
    pub made: Vec<Made>,
    /// Variables of the environment that the test reads: to be given when it is started.
    pub env: Vec<Variable>,
    /// Requests, operations or commands that were found.
    pub found: usize,
    /// Requests of the test.
    pub requests: usize,
}
