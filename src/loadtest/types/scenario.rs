//! What users do: scenarios of transactions, and the data files that feed them.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Request;
use crate::loadtest::span::Span;

fn one() -> u32 {
    1
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
