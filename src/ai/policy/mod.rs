//! The AI policy: a small file that says whether anything may leave the machine, to which providers, for what, and at what
//! price. It is read anew when it changes.

mod check;
mod file;
#[cfg(test)]
mod tests;

use std::path::PathBuf;

use schemars::{JsonSchema, generate::SchemaSettings};
use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use self::{
    check::read,
    file::{Held, Mark, PolicyFile},
};
use super::chat::{Intent, Prices};
use crate::loadtest::span::Span;

/// Which models are asked what. Without a file, everything is answered by the model inside MAID.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(title = "MAID AI policy")]
pub struct Policy {
    /// What may leave the machine.
    pub privacy: Privacy,
    /// Who is asked, by what for.
    pub intents: Intents,
    /// How long an answer, or its first word where it is streamed, should take at most: whoever was slower of late is
    /// asked after the others.
    pub latency_target: Option<Span>,
    /// What answers may cost, in US dollars.
    pub budget: Budget,
    /// Words that never leave the machine, beside secrets and personal data: names of projects, customers, hosts.
    #[schemars(length(max = 1000), inner(length(min = 2, max = 200)))]
    pub mask: Vec<String>,
    /// Whoever may be asked, in their order.
    #[schemars(length(max = 20))]
    pub providers: Vec<Provider>,
}

impl Policy {
    /// Who is asked for `intent`.
    #[must_use]
    pub const fn route(&self, intent: Intent) -> Preference {
        match intent {
            Intent::Chat => self.intents.chat,
            Intent::Generate => self.intents.generate,
            Intent::Explain => self.intents.explain,
        }
    }
}

/// What may leave the machine.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Privacy {
    /// Nothing: no provider is asked.
    #[default]
    LocalOnly,
    /// Questions, with secrets and personal data masked.
    AllowApi,
    /// Only questions in which there is nothing to mask; the others are answered here.
    Hybrid,
}

/// Who is asked, by what for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Intents {
    /// Conversations and texts, over the API.
    pub chat: Preference,
    /// Load tests that are made of words.
    pub generate: Preference,
    /// Results that are put into words.
    pub explain: Preference,
}

/// Who is asked first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Preference {
    /// The model inside MAID, and nobody else.
    Local,
    /// A provider, and the model inside MAID where none answers.
    Remote,
    /// The model inside MAID, and a provider where that is missing, busy or slow.
    #[default]
    Hybrid,
}

/// What answers may cost, in US dollars, by the prices of the providers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Budget {
    /// All answers of a day, in UTC.
    #[schemars(range(min = 0))]
    pub per_day: Option<f64>,
    /// One answer, if it became as long as it may.
    #[schemars(range(min = 0))]
    pub per_answer: Option<f64>,
}

/// Whoever speaks OpenAI's API: Ollama, vLLM, OpenAI and others.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Provider {
    /// Short name: small letters, digits and `-`.
    #[schemars(length(max = 40), regex(pattern = "^[a-z0-9][a-z0-9-]*$"), example = &"ollama")]
    pub id: String,
    /// Where its API begins; `https`, except on loopback.
    #[schemars(length(min = 1, max = 500), example = &"http://127.0.0.1:11434/v1")]
    pub url: String,
    /// Whether it may be asked without TLS where it is on another machine: whoever listens on the way reads everything.
    #[serde(default)]
    pub allow_http: bool,
    /// Its model.
    #[schemars(length(min = 1, max = 200), example = &"llama3.2")]
    pub model: String,
    /// Variable of the environment that holds its key.
    #[serde(default)]
    #[schemars(length(min = 1, max = 200), regex(pattern = "^[A-Za-z_][A-Za-z0-9_]*$"), example = &"OPENAI_API_KEY")]
    pub api_key_env: Option<String>,
    /// File that holds its key.
    #[serde(default)]
    pub api_key_file: Option<PathBuf>,
    /// PEM file with further certificate authorities that its certificate may come from.
    #[serde(default)]
    pub ca_file: Option<PathBuf>,
    /// US dollars for a million tokens that it reads.
    #[serde(default)]
    #[schemars(range(min = 0, max = 1_000_000))]
    pub input_price: Option<f64>,
    /// US dollars for a million tokens that it writes.
    #[serde(default)]
    #[schemars(range(min = 0, max = 1_000_000))]
    pub output_price: Option<f64>,
    /// Most tokens of a question, about: four bytes each. What is longer is not sent.
    #[serde(default = "max_prompt_tokens")]
    #[schemars(range(min = 64, max = 10_000_000))]
    pub max_prompt_tokens: u32,
    /// How it is told the longest answer: newer models of OpenAI take `max_completion_tokens` alone.
    #[serde(default)]
    pub limit: LimitField,
    /// How long an answer may take, with all attempts.
    #[serde(default = "timeout")]
    pub timeout: Span,
    /// How often it is asked again where it does not answer.
    #[serde(default = "retries")]
    #[schemars(range(max = 5))]
    pub retries: u8,
    /// When it is let alone.
    #[serde(default)]
    pub breaker: Breaker,
}

impl Provider {
    /// Its model, and whose it is.
    #[must_use]
    pub fn named(&self) -> String {
        format!("{}/{}", self.id, self.model)
    }

    /// What it takes.
    #[must_use]
    pub fn prices(&self) -> Prices {
        Prices { input: self.input_price.unwrap_or(0.0), output: self.output_price.unwrap_or(0.0) }
    }
}

/// How a provider is told the longest answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LimitField {
    /// As most know it.
    #[default]
    MaxTokens,
    /// As newer models of OpenAI want it.
    MaxCompletionTokens,
}

/// When a provider that fails is let alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Breaker {
    /// After so many questions in a row that it did not answer.
    #[schemars(range(min = 1, max = 1000))]
    pub failures: u16,
    /// For how long; then one question tries it again.
    pub rest: Span,
}

impl Default for Breaker {
    fn default() -> Self {
        Self { failures: 5, rest: Span::from_secs(30) }
    }
}

const fn timeout() -> Span {
    Span::from_secs(60)
}

const fn max_prompt_tokens() -> u32 {
    32_000
}

const fn retries() -> u8 {
    2
}

/// The schema of the file, for editors.
#[must_use]
pub fn schema() -> Value {
    SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<Policy>().to_value()
}
