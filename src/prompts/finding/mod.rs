//! Which prompts are asked for, and what they are found by.

mod service;
mod store;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

pub use self::store::{FindingStore, readable};
use super::{
    builtin::BuiltIn,
    document::{Prompt, PromptCategory},
};
use crate::db::words::Words;

/// What the words of the parts of a prompt weigh.
const WEIGHTS: [i64; 4] = [10, 6, 3, 1];

/// The words that a prompt is found by.
#[must_use]
pub fn words(prompt: &Prompt) -> Words {
    let [title, tags, description, text] = WEIGHTS;
    Words::default()
        .and(&prompt.title, title)
        .and(&prompt.tags.join(" "), tags)
        .and(prompt.category.name(), tags)
        .and(&prompt.description, description)
        .and(&prompt.text, text)
}

/// Where prompts come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = PromptSource)]
pub enum Source {
    /// Your own.
    Own,
    /// Those of others that you may read.
    Others,
    /// Those that MAID comes with.
    BuiltIn,
}

/// Which prompts are asked for; what is not given does not matter.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Filters {
    /// Those for this.
    pub category: Option<PromptCategory>,
    /// Those with this tag.
    pub tag: Option<String>,
    /// Those that whoever asks has marked, or the others.
    pub favourite: Option<bool>,
    /// Those that come from there.
    pub source: Option<Source>,
}

impl Filters {
    /// Whether a built-in prompt is among them; `marked` says whether whoever asks has marked it.
    #[must_use]
    pub fn take(&self, one: &BuiltIn, marked: bool) -> bool {
        let prompt = one.checked.prompt();
        self.source.is_none_or(|source| source == Source::BuiltIn)
            && self.category.is_none_or(|category| category == prompt.category)
            && self.tag.as_ref().is_none_or(|tag| prompt.tags.contains(tag))
            && self.favourite.is_none_or(|favourite| favourite == marked)
    }

    /// Whether only built-in prompts are among them.
    #[must_use]
    pub fn built_in_alone(&self) -> bool {
        self.source == Some(Source::BuiltIn)
    }
}

/// Where a page of the list ended: those that people have written come first, the newest of them at the
/// top, then those that MAID comes with.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Position {
    /// Behind this one.
    Written(Uuid),
    /// Behind this built-in one.
    BuiltIn(String),
}
