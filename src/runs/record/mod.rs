//! What is known of a run, as plain values.

mod notes;
mod packed;
mod status;
mod store;

use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

pub(super) use self::packed::{Packed, clean, pack, unpack};
pub use self::{notes::notes, status::RunStatus};
use crate::{
    auth::allowance::Allowance,
    engine::outcome::{Analysis, Summary},
};

/// A run that is asked for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NewRun {
    /// Its id, UUIDv7.
    pub id: Uuid,
    /// Who it belongs to.
    pub tenant_id: String,
    /// Name of whoever asks for it.
    pub owner: String,
    /// The key that was used to ask.
    pub api_key_id: Option<Uuid>,
    /// The recipe that it was made from.
    pub recipe_id: Option<String>,
    /// Name of the test.
    pub name: String,
    /// What whoever asks wrote down about it.
    pub notes: Option<String>,
    /// The server that runs it.
    pub instance_id: Uuid,
    /// The document as it was handed in, for a run that waits for its turn; without one it runs now.
    pub queued_document: Option<String>,
    /// The LoadTest with secrets masked.
    pub config: Value,
    /// Whether all secrets that it is given are those that its recipe has itself.
    #[serde(default)]
    pub own_secrets: bool,
    /// How much it may ask for, within what the configuration allows.
    #[serde(default)]
    pub allowance: Arc<Allowance>,
    /// When it is asked for.
    pub at: Timestamp,
}

/// A run that waits for its turn.
#[derive(Clone, Debug, PartialEq)]
pub struct QueuedRun {
    /// Its id.
    pub id: Uuid,
    /// Who it belongs to.
    pub tenant_id: String,
    /// Name of whoever asked for it.
    pub owner: String,
    /// The key that was used to ask.
    pub api_key_id: Option<Uuid>,
    /// The recipe that it was made from.
    pub recipe_id: Option<String>,
    /// Name of the test.
    pub name: String,
    /// What whoever asked wrote down about it.
    pub notes: Option<String>,
    /// The document as it was handed in.
    pub document: String,
    /// Whether all secrets that it is given are those that its recipe has itself.
    pub own_secrets: bool,
    /// How much it may ask for, within what the configuration allows.
    pub allowance: Arc<Allowance>,
    /// When it was asked for.
    pub created_at: Timestamp,
}

/// A run in a list.
#[derive(Clone, Debug, PartialEq)]
pub struct RunRow {
    /// Its id.
    pub id: Uuid,
    /// Name of whoever asked for it.
    pub owner: String,
    /// The key that was used to ask.
    pub api_key_id: Option<Uuid>,
    /// The recipe that it was made from.
    pub recipe_id: Option<String>,
    /// Name of the test.
    pub name: String,
    /// Where it is in its life.
    pub status: RunStatus,
    /// Whether it passed; unknown before its end.
    pub passed: Option<bool>,
    /// How many thresholds it was held to; unknown before it was measured.
    pub thresholds: Option<u32>,
    /// When it was started.
    pub start_time: Option<Timestamp>,
    /// When it ended.
    pub end_time: Option<Timestamp>,
    /// Time that its measures cover, in seconds.
    pub duration_s: Option<f64>,
    /// Most users at once.
    pub users_max: Option<u32>,
    /// Finished requests.
    pub requests: u64,
    /// Failed requests.
    pub failures: u64,
    /// Mean response time, ms; unknown without requests, as are the next two.
    pub avg_ms: Option<f64>,
    /// 95th percentile of the response time, ms.
    pub p95_ms: Option<f64>,
    /// 99th percentile of the response time, ms.
    pub p99_ms: Option<f64>,
    /// Requests per second.
    pub rps: Option<f64>,
    /// Whether later runs of this test are compared with it.
    pub baseline: bool,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// When something of it was stored last.
    pub updated_at: Timestamp,
    /// Why it ended, when it was not simply over.
    pub ended_because: Option<String>,
}

/// A run with what is stored beside its row, but without its outcome.
#[derive(Clone, Debug)]
pub struct StoredRun {
    /// What a list shows of it.
    pub row: RunRow,
    /// The server that runs it.
    pub instance_id: Uuid,
    /// What whoever asked wrote down about it.
    pub notes: Option<String>,
    /// Whether all secrets that it was given are those that its recipe has itself.
    pub own_secrets: bool,
    /// The LoadTest with secrets masked.
    pub config: Value,
    /// The summary, without histograms; of a run that goes on, as of the last checkpoint.
    pub metrics: Option<Summary>,
    /// What was found in it; nothing yet of a run that goes on, or that an older version stored.
    pub analysis: Option<Analysis>,
}

/// What became of a wish to delete a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deletion {
    /// It is gone, with all that belonged to it.
    Deleted,
    /// There is none.
    NotFound,
    /// It waits or goes on, and stays.
    Active,
}

/// What became of a wish to make a run the one to compare with, or no longer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Marking {
    /// It is as wished.
    Marked,
    /// There is none.
    NotFound,
    /// It waits or goes on, and says nothing yet.
    Active,
}
