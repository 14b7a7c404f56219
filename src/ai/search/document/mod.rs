//! What is searched of each thing: a title, and the words that people would look for it by.

mod run;

pub use self::run::{of_findings, of_run, origin};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{http::Digest, prompts::document::Prompt, recipes::document::Recipe};

/// Longest text of a document, in characters. What comes behind it says little that is new.
const LONGEST: usize = 8000;
/// Longest title, in characters.
const LONGEST_TITLE: usize = 300;

/// What is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = SearchKind)]
pub enum Kind {
    /// A run that is over.
    Run,
    /// A recipe, of the library or of somebody's.
    Recipe,
    /// A prompt, of the library or of somebody's.
    Prompt,
    /// Something that the analysis of a run has found.
    Finding,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Run, Self::Recipe, Self::Prompt, Self::Finding];

    /// As it is written.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Run => "run",
            Self::Recipe => "recipe",
            Self::Prompt => "prompt",
            Self::Finding => "finding",
        }
    }

    /// The kind of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// What a document is of: it goes when that goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Of {
    /// A run.
    Run(Uuid),
    /// A recipe that somebody has written.
    Recipe(Uuid),
    /// A prompt that somebody has written.
    Prompt(Uuid),
    /// What MAID itself comes with.
    BuiltIn,
}

/// A thing, as it is searched.
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    /// Whose it is; empty for everybody's.
    pub tenant: String,
    /// What it is.
    pub kind: Kind,
    /// Its id, as the routes of its kind take it; of a finding `RUN/FINDING`.
    pub id: String,
    /// What it is of.
    pub of: Of,
    /// The origin of the target, of a run.
    pub place: Option<String>,
    /// When it happened, or was made.
    pub at: Option<Timestamp>,
    /// When it was last changed.
    pub source_at: Option<Timestamp>,
    /// What people call it.
    pub title: String,
    /// What else it says.
    pub body: String,
}

impl Document {
    /// What tells whether a text was changed.
    #[must_use]
    pub fn hash(&self) -> Digest {
        Digest::of(self.meaning().as_bytes())
    }

    /// The text that its meaning is taken from.
    #[must_use]
    pub fn meaning(&self) -> String {
        format!("{}\n{}", self.title, self.body)
    }
}

/// A recipe.
#[must_use]
pub fn of_recipe(recipe: &Recipe) -> (String, String) {
    let mut lines = vec![recipe.summary.clone(), recipe.category.name().to_owned(), recipe.tags.join(" ")];
    lines.extend(run::requests(&recipe.loadtest));
    lines.extend(recipe.best_practices.iter().chain(&recipe.good_result).cloned());
    (cut(&recipe.title, LONGEST_TITLE), text(&lines))
}

/// A prompt.
#[must_use]
pub fn of_prompt(prompt: &Prompt) -> (String, String) {
    let lines = [
        prompt.description.clone(),
        prompt.category.name().to_owned(),
        prompt.tags.join(" "),
        prompt.text.clone(),
    ];
    (cut(&prompt.title, LONGEST_TITLE), text(&lines))
}

/// Lines as one text of bounded length, as both databases take it.
fn text(lines: &[String]) -> String {
    let lines: Vec<&str> = lines.iter().map(|line| line.trim()).filter(|line| !line.is_empty()).collect();
    cut(&lines.join("\n"), LONGEST)
}

fn cut(text: &str, most: usize) -> String {
    // Postgres has no NUL in texts.
    text.chars().filter(|c| *c != '\0').take(most).collect()
}
