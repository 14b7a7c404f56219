//! Prompts with what they mean.

use indexmap::IndexMap;
use serde::Deserialize;
use serde_json::Value;

use crate::loadtest::{parse, problem::Problems, span::Span};

/// A half of the prompts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Half {
    /// What the reader was built with
    Dev,
    /// What nothing was changed for
    HeldOut,
}

impl Half {
    /// Its prompts, as they are written.
    #[must_use]
    pub const fn text(self) -> &'static str {
        match self {
            Self::Dev => include_str!("../../../../assets/ai/eval/dev.yaml"),
            Self::HeldOut => include_str!("../../../../assets/ai/eval/held-out.yaml"),
        }
    }
}

/// A prompt with what it means.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// Id within its half; it begins with the language.
    pub id: String,
    /// Whether somebody meant harm by it, or wrote carelessly.
    #[serde(default)]
    pub nasty: bool,
    /// What was said before, where the prompt changes the test that came of it.
    #[serde(default)]
    pub previous: Option<String>,
    /// The prompt.
    pub text: String,
    /// What it means.
    pub want: Want,
}

impl Case {
    /// All that was said.
    #[must_use]
    pub fn said(&self) -> String {
        self.previous.iter().chain([&self.text]).map(String::as_str).collect::<Vec<_>>().join("\n\n")
    }
}

/// What a prompt means. What is missing is not in the text.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Want {
    /// Base URLs.
    pub hosts: Vec<String>,
    /// Methods and paths.
    pub requests: Vec<String>,
    /// The recipe, where the text names no requests.
    pub recipe: Option<String>,
    /// Users.
    pub users: Option<u32>,
    /// Requests per second.
    pub rate: Option<f64>,
    /// Most requests per second.
    pub limit: Option<f64>,
    /// Users started per second.
    pub hatch: Option<f64>,
    /// How long.
    pub time: Option<Span>,
    /// Passes of each user.
    pub iterations: Option<u32>,
    /// Steps, such as `30s:100`.
    pub stages: Vec<String>,
    /// Shortest and longest pause.
    pub think: Option<(Span, Span)>,
    /// Longest time for a request.
    pub timeout: Option<Span>,
    /// Redirects that are followed.
    pub redirects: Option<u8>,
    /// The version of HTTP.
    pub http: Option<String>,
    /// Rules.
    pub thresholds: Vec<String>,
    /// Shares.
    pub weights: IndexMap<String, f64>,
    /// Headers.
    pub headers: IndexMap<String, String>,
    /// JSON bodies.
    pub json: Vec<Value>,
    /// Forms.
    pub form: Vec<IndexMap<String, String>>,
    /// The bearer token.
    pub bearer: Option<String>,
    /// User name and password.
    pub basic: Option<(String, String)>,
    /// What must be asked.
    pub asks: Vec<String>,
}

/// The prompts in a text, the file `name`.
///
/// # Errors
/// They are not written as they should be.
pub fn cases(text: &str, name: &str) -> Result<Vec<Case>, Problems> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Prompts {
        prompts: Vec<Case>,
    }
    Ok(parse::parse(text, name)?.read::<Prompts>()?.prompts)
}
