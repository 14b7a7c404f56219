//! Prompts on the wire.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::{
    document::{Prompt, PromptCategory},
    finding::{Filters, Source},
    record::{VersionRow, Visibility},
};
use crate::{http::Limit, recipes::document::Parameter};

/// What a prompt was made from.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = PromptFork)]
pub struct ForkView {
    /// The other prompt.
    #[schema(example = "analyse-run")]
    pub id: String,
    /// Which version of it.
    pub version: u64,
}

/// A prompt as lists show it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PromptSummary {
    /// Id; that of a built-in one is a name.
    #[schema(example = "analyse-run")]
    pub id: String,
    /// What people call it.
    pub title: String,
    /// What it does and when to take it.
    pub description: String,
    /// What it is for.
    pub category: PromptCategory,
    /// Words to find it by.
    pub tags: Vec<String>,
    /// Number of its newest version.
    pub version: u64,
    /// Whether MAID comes with it; such a one stays as it is.
    pub built_in: bool,
    /// Whose it is.
    pub owner: Option<String>,
    /// Who may read it.
    pub visibility: Visibility,
    /// What it was made from.
    pub forked_from: Option<ForkView>,
    /// Whether you have marked it for yourself.
    pub favourite: bool,
    /// When it was made.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub created_at: Option<Timestamp>,
    /// When it was last changed.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub updated_at: Option<Timestamp>,
}

/// A prompt.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PromptView {
    /// What lists show of it.
    #[serde(flatten)]
    pub summary: PromptSummary,
    /// Whether you may change it.
    pub may_change: bool,
    /// What goes into its places.
    pub variables: Vec<Parameter>,
    /// The text, with `{{ name }}` where a value goes.
    pub text: String,
}

/// A prompt as whoever has its link sees it: nothing of whose it is.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SharedPrompt {
    /// What people call it.
    pub title: String,
    /// What it does and when to take it.
    pub description: String,
    /// What it is for.
    pub category: PromptCategory,
    /// Words to find it by.
    pub tags: Vec<String>,
    /// What goes into its places.
    pub variables: Vec<Parameter>,
    /// The text, with `{{ name }}` where a value goes.
    pub text: String,
}

impl From<Prompt> for SharedPrompt {
    fn from(prompt: Prompt) -> Self {
        let Prompt { title, description, category, tags, variables, text } = prompt;
        Self { title, description, category, tags, variables, text }
    }
}

/// One version of a prompt.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PromptVersionView {
    /// Who wrote it, and when; of a built-in one nobody.
    pub about: Option<VersionRow>,
    /// Its number.
    pub version: u64,
    /// What was written.
    pub prompt: Prompt,
}

/// What differs between two versions.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PromptDiff {
    /// The first of them.
    pub from: u64,
    /// The other.
    pub to: u64,
    /// The parts that differ.
    #[schema(example = json!(["text"]))]
    pub changed: Vec<&'static str>,
    /// A unified diff; empty where they are the same.
    #[schema(example = "--- version 1\n+++ version 2\n@@ -6 +6 @@\n-20 users\n+50 users\n")]
    pub diff: String,
}

/// Which prompts are asked for.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct PromptQuery {
    /// Only those for this.
    #[param(inline)]
    pub category: Option<PromptCategory>,
    /// Only those with this tag.
    #[param(max_length = 40)]
    pub tag: Option<String>,
    /// Only those that you have marked, or only the others.
    pub favourite: Option<bool>,
    /// Only those that come from there.
    #[param(inline)]
    pub source: Option<Source>,
    /// Most prompts of the page.
    #[serde(default)]
    #[param(inline)]
    pub limit: Limit,
    /// Where the page goes on: `next_cursor` of the one before.
    pub cursor: Option<String>,
}

/// What is looked for.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct PromptSearch {
    /// Words that must all be there, or the beginnings of them; the first eight count.
    #[param(min_length = 1, max_length = 1000, example = "tail latency")]
    pub q: String,
    /// Only those for this.
    #[param(inline)]
    pub category: Option<PromptCategory>,
    /// Only those with this tag.
    #[param(max_length = 40)]
    pub tag: Option<String>,
    /// Only those that you have marked, or only the others.
    pub favourite: Option<bool>,
    /// Only those that come from there.
    #[param(inline)]
    pub source: Option<Source>,
    /// Most prompts of the page.
    #[serde(default)]
    #[param(inline)]
    pub limit: Limit,
    /// Where the page goes on: `next_cursor` of the one before.
    pub cursor: Option<String>,
}

impl PromptQuery {
    /// The filters alone.
    #[must_use]
    pub fn filters(&self) -> Filters {
        let Self { category, tag, favourite, source, .. } = self;
        Filters { category: *category, tag: tag.clone(), favourite: *favourite, source: *source }
    }
}

impl PromptSearch {
    /// The filters alone.
    #[must_use]
    pub fn filters(&self) -> Filters {
        let Self { category, tag, favourite, source, .. } = self;
        Filters { category: *category, tag: tag.clone(), favourite: *favourite, source: *source }
    }
}

/// Which versions are compared.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct DiffQuery {
    /// The first of them.
    #[param(minimum = 1)]
    pub from: u64,
    /// The other; missing is the newest.
    #[param(minimum = 1)]
    pub to: Option<u64>,
}

/// Which version is to be brought back.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PromptRestore, example = json!({"version": 1}))]
pub struct Restore {
    /// The version that is to be brought back; it becomes the newest one.
    #[schema(minimum = 1)]
    pub version: u64,
}

/// What is to be made from a prompt.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(as = NewPromptFork, example = json!({"title": "Analyse a run, our way"}))]
pub struct NewFork {
    /// The version that it is made from; missing is the newest.
    #[schema(minimum = 1)]
    pub version: Option<u64>,
    /// What people call it; missing is the title of the other.
    #[schema(min_length = 1, max_length = 200)]
    pub title: Option<String>,
}

/// Who may read a prompt from now on.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PromptSharing)]
pub struct Sharing {
    /// `public` makes a link, and ends the one before; `tenant` and `private` end it.
    pub visibility: Visibility,
}

/// Who may read a prompt now.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PromptShared)]
pub struct SharingView {
    /// Who may read it.
    pub visibility: Visibility,
    /// Path of its link, shown once: a repetition of the request does not show it again.
    #[schema(
        example = "/api/maid/prompts/shared/maid_prompt_0000000000000000000000_00000000000000000000000000000000000000"
    )]
    pub link: Option<String>,
}

/// Values for the places of a prompt.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(as = PromptValues, example = json!({"values": {"users": 50}}))]
pub struct Preview {
    /// The version; missing is the newest.
    #[schema(minimum = 1)]
    pub version: Option<u64>,
    /// Values by the names of variables; defaults where there are none.
    #[schema(value_type = Object)]
    pub values: Map<String, Value>,
    /// Whether examples stand where a value is missing.
    pub examples: bool,
}

/// A prompt with values in its places.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PromptPreview)]
pub struct PreviewView {
    /// The version.
    pub version: u64,
    /// The text. What values hold is in it as it is.
    pub text: String,
}

/// The id of something that was made, or its newest version.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PromptMade)]
pub struct Made {
    /// Id of the prompt.
    pub id: Uuid,
    /// Number of its newest version.
    pub version: u64,
}
