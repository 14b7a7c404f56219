//! Where a run is in its life.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::engine::outcome::Status;

/// Where a run is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RunStatus {
    /// It waits for its turn.
    Queued,
    /// It goes on.
    Running,
    /// It went to its end.
    Completed,
    /// It was stopped.
    Stopped,
    /// It ended itself, or broke.
    Failed,
}

impl RunStatus {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Queued, Self::Running, Self::Completed, Self::Stopped, Self::Failed];
    /// Those of runs that are over.
    pub const OVER: [Self; 3] = [Self::Completed, Self::Stopped, Self::Failed];

    /// As it is written.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Running => "running",
            Self::Completed => "completed",
            Self::Stopped => "stopped",
            Self::Failed => "failed",
        }
    }

    /// The status that is written so.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str() == name)
    }

    /// Whether the run is over.
    #[must_use]
    pub fn is_over(self) -> bool {
        Self::OVER.contains(&self)
    }

    /// How the outcome of such a run says it ended; None while it is not over.
    #[must_use]
    pub const fn of_outcome(self) -> Option<Status> {
        match self {
            Self::Queued | Self::Running => None,
            Self::Completed => Some(Status::Completed),
            Self::Stopped => Some(Status::Stopped),
            Self::Failed => Some(Status::Failed),
        }
    }
}

impl From<Status> for RunStatus {
    fn from(status: Status) -> Self {
        match status {
            Status::Completed => Self::Completed,
            Status::Stopped => Self::Stopped,
            Status::Failed => Self::Failed,
        }
    }
}

impl fmt::Display for RunStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
