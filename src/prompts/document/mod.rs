//! A prompt as it is written: a text with places for values, and the variables that say what goes there.
//!
//! A place is `{{ name }}`; `\{{` stands for the two characters themselves. Places and variables match both
//! ways. What is filled in stays what it is: the text is read once, and no value becomes a place. A prompt
//! holds no secrets, because it is shared, shown and handed to a model. Knows no web server and no database.

mod check;
mod template;
mod variable;

#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

pub use self::check::is_tag;
use self::template::Template;
use crate::{http::FieldError, recipes::document::Parameter};

/// What a prompt is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PromptCategory {
    /// Says what a load test is to be.
    Describe,
    /// Asks for a better form of a load test that is there.
    Refine,
    /// Asks what the results of a run mean.
    Analyse,
    /// Asks what differs between runs.
    Compare,
    /// Asks for words for others.
    Report,
}

impl PromptCategory {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Describe, Self::Refine, Self::Analyse, Self::Compare, Self::Report];

    /// As it is written.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Describe => "describe",
            Self::Refine => "refine",
            Self::Analyse => "analyse",
            Self::Compare => "compare",
            Self::Report => "report",
        }
    }

    /// The category of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|category| category.name() == name)
    }
}

/// A prompt.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "title": "Nightly check", "description": "What we ask for each night.", "category": "describe",
    "tags": ["nightly"],
    "variables": [{"name": "users", "type": "integer", "help": "How many users.", "default": 20, "min": 1}],
    "text": "Describe a load test with {{ users }} users."
}))]
pub struct Prompt {
    /// What people call it.
    #[schema(min_length = 1, max_length = 200)]
    pub title: String,
    /// What it does and when to take it.
    #[serde(default)]
    #[schema(max_length = 2000)]
    pub description: String,
    /// What it is for.
    pub category: PromptCategory,
    /// Words to find it by: small letters, digits and `-`.
    #[serde(default)]
    #[schema(max_items = 20)]
    pub tags: Vec<String>,
    /// What goes into its places. There are no secrets in prompts.
    #[serde(default)]
    #[schema(max_items = 50)]
    pub variables: Vec<Parameter>,
    /// The text, with `{{ name }}` where a value goes and `\{{` for the two characters themselves; at most
    /// 64 KiB.
    #[schema(min_length = 1, max_length = 65536)]
    pub text: String,
}

/// A prompt that is known to be right, with the places of its text.
#[derive(Clone, Debug)]
pub struct Checked {
    prompt: Prompt,
    template: Template,
}

impl Prompt {
    /// Checks it.
    ///
    /// # Errors
    /// Everything that is wrong with it, at once.
    pub fn check(self) -> Result<Checked, Vec<FieldError>> {
        let template = check::check(&self)?;
        Ok(Checked { prompt: self, template })
    }
}

impl Checked {
    /// What is written.
    #[must_use]
    pub const fn prompt(&self) -> &Prompt {
        &self.prompt
    }

    /// What is written.
    #[must_use]
    pub fn into_prompt(self) -> Prompt {
        self.prompt
    }

    /// The text with values in its places: those that are `given`, else the defaults, else, where
    /// `examples` stand in for what is missing, those.
    ///
    /// # Errors
    /// Every value that is missing, unknown or will not do, at `values.NAME`; or the text gets too long.
    pub fn fill(&self, given: &Map<String, Value>, examples: bool) -> Result<String, Vec<FieldError>> {
        let values = variable::values(&self.prompt.variables, given, examples)?;
        self.template.fill(&values).map_err(|message| vec![FieldError { path: "values".to_owned(), message }])
    }
}
