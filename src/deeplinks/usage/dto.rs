//! Uses of links on the wire.

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::http::{Days, Limit};

/// What uses are counted by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = DeeplinkUsageBy)]
pub enum By {
    /// By day, the newest first.
    #[default]
    Day,
    /// By link, the most opened first.
    Link,
}

/// Which uses are counted, and by what.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields, default)]
pub struct UsageQuery {
    /// What they are counted by.
    #[param(inline)]
    pub by: By,
    /// Only those of this link.
    #[param(pattern = "^[0-9A-Za-z]{12}$", example = "k3Jd92LmQx0a")]
    pub link: Option<String>,
    /// Only those of this many days, today included; at most the year that is kept.
    #[param(inline)]
    pub days: Days,
    /// Most groups of the page.
    #[param(inline)]
    pub limit: Limit,
    /// Where the page goes on: `next_cursor` of the one before.
    #[param(min_length = 1, pattern = "^[A-Za-z0-9_-]+$")]
    pub cursor: Option<String>,
}

/// How often links were opened, and what came of it.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = DeeplinkUsage)]
pub struct UsageGroup {
    /// The day in UTC, where they are counted by day.
    #[schema(value_type = Option<String>, format = Date)]
    pub day: Option<Date>,
    /// Id of the link, where they are counted by link.
    pub link: Option<String>,
    /// What people call it.
    pub title: Option<String>,
    /// How often it was looked at.
    pub opens: u64,
    /// From how many addresses, each counted once a day. Of one link at most 1,000 a day are told apart.
    pub visitors: u64,
    /// Runs that were started from it, or that its test was taken away for.
    pub runs: u64,
    /// How often it was refused: changed, expired, revoked or used up.
    pub refused: u64,
    /// When something of it happened last.
    #[schema(value_type = String, format = DateTime)]
    pub last_at: Timestamp,
}
