//! What is asked of a language model, and what it answers: the same words for every model, here or elsewhere.

mod answer;
mod engine;
mod grammar;
mod whole;
mod written;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

pub use self::{
    answer::{Answer, Held, Watch},
    engine::{ChosenBy, Engine, Prices, Route, dollars},
    grammar::{Shape, ShapeError},
    whole::Whole,
    written::{Written, overlap},
};

/// Who says something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = ChatRole)]
pub enum Role {
    /// Whoever sets the rules.
    #[serde(alias = "developer")]
    System,
    /// Whoever asks.
    User,
    /// The model.
    Assistant,
    /// What a tool answered.
    Tool,
}

impl Role {
    /// As chat templates write it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::User => "user",
            Self::Assistant => "assistant",
            Self::Tool => "tool",
        }
    }
}

/// One turn of a conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Who says it.
    pub role: Role,
    /// What is said.
    pub text: String,
}

impl Message {
    /// A turn.
    #[must_use]
    pub fn new(role: Role, text: impl Into<String>) -> Self {
        Self { role, text: text.into() }
    }
}

/// What a model is given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Prompt {
    /// A conversation, set out as the model was taught.
    Chat(Vec<Message>),
    /// A text to go on with.
    Text(String),
}

/// What an answer is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Intent {
    /// A conversation, or a text that goes on, over the API.
    Chat,
    /// A load test that is made of words.
    Generate,
    /// A result that is put into words.
    Explain,
}

/// What is asked of a model.
#[derive(Clone, Debug)]
pub struct Request {
    /// What it is given.
    pub prompt: Prompt,
    /// Most tokens of the answer.
    pub max_tokens: u32,
    /// How it chooses.
    pub choosing: Choosing,
    /// Texts that end the answer, and are not part of it.
    pub stop: Vec<String>,
    /// What form the answer must have.
    pub shape: Shape,
}

impl Request {
    /// About as many tokens as its prompt has: four bytes each, as in European languages.
    #[must_use]
    pub fn about(&self) -> u32 {
        let bytes = match &self.prompt {
            Prompt::Text(text) => text.len(),
            Prompt::Chat(turns) => turns.iter().map(|turn| turn.text.len() + 16).sum(),
        };
        u32::try_from(bytes.div_ceil(4)).unwrap_or(u32::MAX)
    }
}

/// How a model chooses the next token.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Choosing {
    /// 0 always takes the likeliest.
    pub temperature: f64,
    /// Only the likeliest that make up this share are chosen from.
    pub top_p: f64,
    /// The same seed, the same choices.
    pub seed: u64,
    /// Makes less likely what was said, the more often it was.
    pub frequency_penalty: f32,
    /// Makes less likely what was said at all.
    pub presence_penalty: f32,
}

impl Default for Choosing {
    fn default() -> Self {
        Self { temperature: 0.0, top_p: 1.0, seed: 0, frequency_penalty: 0.0, presence_penalty: 0.0 }
    }
}

/// A part of an answer.
#[derive(Clone, Debug, PartialEq)]
pub enum Part {
    /// More text.
    Text(String),
    /// The end.
    End(End),
}

/// How an answer ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct End {
    /// Why.
    pub finish: Finish,
    /// What it took.
    pub tokens: Tokens,
    /// What it cost, in millionths of a US dollar; 0 for the model inside MAID.
    pub cost: u64,
}

/// Why an answer ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = FinishReason)]
pub enum Finish {
    /// It is complete, or a text to stop at came.
    Stop,
    /// It is as long as it may be.
    Length,
    /// It asks for tools.
    ToolCalls,
}

/// Tokens of a request and its answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tokens {
    /// Of what was asked.
    pub prompt: u32,
    /// Of the answer.
    pub answer: u32,
    /// Whether they were not counted by whoever answered, and are about as many.
    pub estimated: bool,
}

/// A tool that the model may ask for.
#[derive(Clone, Debug, PartialEq)]
pub struct Tool {
    /// Its name.
    pub name: String,
    /// What it does.
    pub description: String,
    /// JSON schema of what it takes.
    pub parameters: Value,
}
