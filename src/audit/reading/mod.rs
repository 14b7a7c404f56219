//! Reads the log: pages of it for people, and all of it in its order.

mod store;

use jiff::Timestamp;
use serde::Serialize;

pub(super) use self::store::{head, rows_after};
use super::event::{Action, Outcome};

/// A page of the log, the newest entries first.
#[derive(Clone, Debug, Default)]
pub struct AuditQuery {
    /// Most entries.
    pub limit: usize,
    /// Number of the last entry of the page before.
    pub before: Option<u64>,
    /// Which entries.
    pub filters: Filters,
}

/// Which entries are listed; what is not given does not matter.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Filters {
    /// Those of this action.
    pub action: Option<Action>,
    /// Those that came out like this.
    pub outcome: Option<Outcome>,
    /// Those of this principal.
    pub actor: Option<String>,
    /// Those done to this.
    pub target: Option<String>,
    /// Those from this time or later.
    pub since: Option<Timestamp>,
    /// Those from before this time.
    pub until: Option<Timestamp>,
}

/// How many entries there are, and from when.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Extent {
    pub(super) entries: u64,
    pub(super) since: Option<Timestamp>,
    pub(super) until: Option<Timestamp>,
}

impl Extent {
    /// Counts an entry that is from `at`.
    pub(super) fn add(&mut self, at: Timestamp) {
        self.entries += 1;
        self.since = Some(self.since.map_or(at, |since| since.min(at)));
        self.until = Some(self.until.map_or(at, |until| until.max(at)));
    }
}
