//! The lines of a run's log.

mod store;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::bus::LogLevel;

/// A line of a run's log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogLine {
    /// Its number in the run, by which a line is stored once however often it is handed in.
    pub seq: u64,
    /// When it was written.
    pub at: Timestamp,
    /// How much it matters.
    pub level: LogLevel,
    /// What happened.
    pub message: String,
}
