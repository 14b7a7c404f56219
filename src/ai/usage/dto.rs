//! What models were asked, on the wire.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::http::{Days, Limit};

/// What it is counted by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = AiUsageBy)]
pub enum By {
    /// By day, the newest first.
    #[default]
    Day,
    /// By whoever asked, the busiest first.
    Principal,
    /// By model, the busiest first.
    Model,
}

/// What is counted, and by what.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields, default)]
pub struct UsageQuery {
    /// What it is counted by.
    #[param(inline)]
    pub by: By,
    /// Only of this many days, today included; at most the year that is kept.
    #[param(inline)]
    pub days: Days,
    /// Most groups of the page.
    #[param(inline)]
    pub limit: Limit,
    /// Where the page goes on: `next_cursor` of the one before.
    #[param(min_length = 1, pattern = "^[A-Za-z0-9_-]+$")]
    pub cursor: Option<String>,
}

/// What models were asked.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = AiUsage)]
pub struct UsageGroup {
    /// The day in UTC, where it is counted by day.
    #[schema(value_type = Option<String>, format = Date)]
    pub day: Option<Date>,
    /// Id of whoever asked, a user's or a key's, where it is counted by principal.
    pub principal: Option<String>,
    /// The model, where it is counted by model.
    pub model: Option<String>,
    /// Questions, those that were broken off included.
    pub requests: u64,
    /// Tokens of what was asked.
    pub prompt_tokens: u64,
    /// Tokens of what was answered.
    pub answer_tokens: u64,
    /// How long the models worked, in milliseconds.
    pub busy_ms: u64,
    /// What providers took for it, in US dollars, by their prices in the AI policy.
    #[schema(example = 0.0)]
    pub cost: f64,
}
