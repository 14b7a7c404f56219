//! Uses of prompts on the wire.

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::http::{Days, Limit};

/// A use that is to be noted.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(as = NewPromptUse, example = json!({"version": 3}))]
pub struct NewUse {
    /// Which version was used; missing is the newest.
    #[schema(minimum = 1)]
    pub version: Option<u64>,
    /// The run of the test that was made from it.
    pub run_id: Option<Uuid>,
}

/// A use that was noted.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PromptUse)]
pub struct UseView {
    /// Id.
    pub id: Uuid,
    /// The prompt.
    #[schema(example = "analyse-run")]
    pub prompt: String,
    /// Which version of it.
    pub version: u64,
    /// The run of the test that was made from it.
    pub run_id: Option<Uuid>,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
}

/// What uses are counted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = PromptUsageBy)]
pub enum By {
    /// By prompt, the most used first.
    Prompt,
    /// By version of one prompt, the most used first; needs `prompt`.
    Version,
    /// By user, whoever uses most first.
    User,
    /// By day, the newest first.
    Day,
}

/// Which uses are counted, and by what.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct UsageQuery {
    /// What they are counted by; missing is by prompt.
    #[param(inline)]
    pub by: Option<By>,
    /// Only those of this prompt.
    #[param(max_length = 100)]
    pub prompt: Option<String>,
    /// Only those of this many days, today included; at most the year that is kept.
    #[serde(default)]
    #[param(inline)]
    pub days: Days,
    /// Most groups of the page.
    #[serde(default)]
    #[param(inline)]
    pub limit: Limit,
    /// Where the page goes on: `next_cursor` of the one before.
    pub cursor: Option<String>,
}

/// How often something was used, and what became of it.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = PromptUsage)]
pub struct UsageGroup {
    /// The prompt, where uses are counted by prompt or version.
    pub prompt: Option<String>,
    /// What people call it.
    pub title: Option<String>,
    /// The version, where they are counted by version.
    pub version: Option<u64>,
    /// The user, where they are counted by user.
    pub user: Option<String>,
    /// The day in UTC, where they are counted by day.
    #[schema(value_type = Option<String>, format = Date)]
    pub day: Option<Date>,
    /// How often it was used.
    pub uses: u64,
    /// By how many users.
    pub users: u64,
    /// When it was last used.
    #[schema(value_type = String, format = DateTime)]
    pub last_used_at: Timestamp,
    /// Runs of the tests that were made from it.
    pub runs: u64,
    /// Those of them that passed.
    pub passed: u64,
    /// Those of them that did not. What is in neither has no verdict, or not yet.
    pub failed: u64,
}
