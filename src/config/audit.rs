//! The section `audit`: how long it is kept who did what.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How long it is kept who did what.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Audit {
    /// Days that an entry of the audit log is kept; 0 keeps all for ever. Older ones are deleted by the
    /// hour, and what is left can still be checked.
    #[schemars(range(max = 36_500))]
    pub max_age_days: u32,
}

impl Default for Audit {
    fn default() -> Self {
        // A year is what most rules for such logs ask for. Without an end, addresses of people would be
        // kept that nobody asks about any more, and whoever fails to sign in could fill the disk.
        Self { max_age_days: 365 }
    }
}
