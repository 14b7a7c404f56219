//! What can be asked of the list of runs.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::runs::record::{RunRow, RunStatus};

/// Most characters of a name that it is sorted by.
const FOLDED_CHARS: usize = 200;

/// A page of the list of runs.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct HistoryQuery {
    /// Most rows; at least one and at most a thousand are given.
    pub limit: u32,
    /// What they are sorted by. Runs of which it is unknown come last, either way.
    pub sort: (SortKey, Direction),
    /// The last row of the page before.
    pub after: Option<Position>,
    /// Which runs.
    pub filters: Filters,
}

/// What a list of runs is sorted by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SortKey {
    /// When it was asked for, which its id tells.
    #[default]
    Created,
    /// When it was started.
    StartTime,
    /// Name of the test, small and capital letters alike.
    Name,
    /// Time that its measures cover.
    Duration,
    /// Finished requests.
    Requests,
    /// Failed requests.
    Failures,
    /// 95th percentile of the response time.
    P95,
    /// Requests per second.
    Rps,
    /// Where it is in its life.
    Status,
}

/// Which end of a list comes first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// The smallest or earliest.
    Asc,
    /// The largest or latest.
    #[default]
    Desc,
}

/// Which runs are listed; what is not given does not matter.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Filters {
    /// Those with one of these; none for all.
    pub status: Vec<RunStatus>,
    /// Those whose name contains this, small and capital letters alike.
    pub name: Option<String>,
    /// Those made from this recipe.
    pub recipe_id: Option<String>,
    /// Those that this user has started.
    pub owner: Option<String>,
    /// Those started at this time or later.
    pub since: Option<Timestamp>,
    /// Those started before this time.
    pub until: Option<Timestamp>,
    /// Those that passed, or did not.
    pub passed: Option<bool>,
    /// Those that others are compared with, or the others.
    pub baseline: Option<bool>,
}

/// Place in a sorted list: behind this row.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Position {
    /// What the row is sorted by; None where it is unknown, or where the id is all.
    pub value: Option<SortValue>,
    /// Id of the row.
    pub id: Uuid,
}

/// What a row is sorted by.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SortValue {
    /// A time.
    Time(Timestamp),
    /// A text.
    Text(String),
    /// A measure.
    Number(f64),
    /// A count.
    Count(u64),
}

impl SortKey {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Created,
        Self::StartTime,
        Self::Name,
        Self::Duration,
        Self::Requests,
        Self::Failures,
        Self::P95,
        Self::Rps,
        Self::Status,
    ];

    /// Whether it may be unknown of a run.
    #[must_use]
    pub const fn may_be_unknown(self) -> bool {
        matches!(self, Self::StartTime | Self::Duration | Self::P95 | Self::Rps)
    }
}

impl Position {
    /// Whether it can be a place in a list that is sorted by `key`. A place that was made up, or
    /// taken from another list, does not fit; the list behind it is empty.
    #[must_use]
    pub fn fits(&self, key: SortKey) -> bool {
        match (&self.value, key) {
            (None, SortKey::Created) => true,
            (None, key) => key.may_be_unknown(),
            (Some(SortValue::Time(_)), SortKey::StartTime) => true,
            (Some(SortValue::Text(_)), SortKey::Name | SortKey::Status) => true,
            (Some(SortValue::Number(number)), SortKey::Duration | SortKey::P95 | SortKey::Rps) => {
                number.is_finite()
            }
            (Some(SortValue::Count(_)), SortKey::Requests | SortKey::Failures) => true,
            _ => false,
        }
    }
}

impl RunRow {
    /// The place of this row in a list that is sorted by `key`.
    #[must_use]
    pub fn position(&self, key: SortKey) -> Position {
        let value = match key {
            SortKey::Created => None,
            SortKey::StartTime => self.start_time.map(SortValue::Time),
            SortKey::Name => Some(SortValue::Text(folded(&self.name))),
            SortKey::Duration => self.duration_s.map(SortValue::Number),
            SortKey::Requests => Some(SortValue::Count(self.requests)),
            SortKey::Failures => Some(SortValue::Count(self.failures)),
            SortKey::P95 => self.p95_ms.map(SortValue::Number),
            SortKey::Rps => self.rps.map(SortValue::Number),
            SortKey::Status => Some(SortValue::Text(self.status.as_str().to_owned())),
        };
        Position { value, id: self.id }
    }
}

/// A name as it is sorted by and searched in: in lower case by the rules of Unicode, which
/// databases know to different degrees, and short enough for an index.
#[must_use]
pub fn folded(name: &str) -> String {
    name.to_lowercase().chars().take(FOLDED_CHARS).collect()
}
