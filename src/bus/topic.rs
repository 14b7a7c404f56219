//! What one can listen to.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What one can listen to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
pub enum Topic {
    /// The state of the active run, at each change of phase and once a second.
    #[serde(rename = "maid:status")]
    Status,
    /// Measures of the active run, 4 times a second.
    #[serde(rename = "maid:metrics")]
    Metrics,
    /// What is worth a line about a run.
    #[serde(rename = "maid:logs")]
    Logs,
    /// A recipe was generated.
    #[serde(rename = "maid:recipe-generated")]
    RecipeGenerated,
    /// A run is over and stored.
    #[serde(rename = "maid:test-completed")]
    TestCompleted,
}

impl Topic {
    /// How many there are.
    pub const COUNT: usize = 5;

    /// All of them.
    pub const ALL: [Self; Self::COUNT] =
        [Self::Status, Self::Metrics, Self::Logs, Self::RecipeGenerated, Self::TestCompleted];

    /// Its place in [`Topic::ALL`].
    #[must_use]
    pub const fn index(self) -> usize {
        self as usize
    }

    /// As it is written.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Status => "maid:status",
            Self::Metrics => "maid:metrics",
            Self::Logs => "maid:logs",
            Self::RecipeGenerated => "maid:recipe-generated",
            Self::TestCompleted => "maid:test-completed",
        }
    }

    /// Messages that wait for a slow listener. A state is only worth its newest; events are each
    /// worth something.
    #[must_use]
    pub const fn ring(self) -> usize {
        match self {
            Self::Metrics => 4,
            Self::Status => 32,
            Self::Logs => 256,
            Self::RecipeGenerated | Self::TestCompleted => 64,
        }
    }
}
