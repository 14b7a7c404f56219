//! The section `rate_limit`: how much may be asked of MAID, and how often.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How much may be asked of MAID. Each has a bucket that is filled so many times a minute, holds a
/// burst at most, and is emptied by one for each request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RateLimit {
    /// Whether requests are limited at all.
    pub enabled: bool,
    /// Requests a minute of one API key.
    #[schemars(range(min = 1, max = 60_000_000))]
    pub key_per_minute: u32,
    /// Most requests at once of an API key that has rested.
    #[schemars(range(min = 1, max = 10_000_000))]
    pub key_burst: u32,
    /// Requests a minute of one address (of IPv6: of one /64) without an identity.
    #[schemars(range(min = 1, max = 60_000_000))]
    pub address_per_minute: u32,
    /// Most requests at once of an address that has rested.
    #[schemars(range(min = 1, max = 10_000_000))]
    pub address_burst: u32,
    /// Requests a minute of one user who has signed in.
    #[schemars(range(min = 1, max = 60_000_000))]
    pub user_per_minute: u32,
    /// Most requests at once of a user who has rested.
    #[schemars(range(min = 1, max = 10_000_000))]
    pub user_burst: u32,
}

impl Default for RateLimit {
    fn default() -> Self {
        Self {
            enabled: true,
            key_per_minute: 60,
            key_burst: 120,
            address_per_minute: 120,
            address_burst: 120,
            user_per_minute: 1200,
            user_burst: 1200,
        }
    }
}
