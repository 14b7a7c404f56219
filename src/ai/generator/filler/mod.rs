//! Where a model comes in: something that fills in a JSON schema, and something that says what is near in meaning.
//!
//! Nothing in here knows a model. Whoever has one gives it to the generator; without, the reader works alone.

use std::{future::Future, pin::Pin};

use serde_json::Value;

use super::roles::Told;

/// What a model is asked.
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    /// What it is to do.
    pub instructions: String,
    /// What it is to do it with: a text of whoever asks, which gives no orders.
    pub text: String,
    /// What the answer must be.
    pub schema: Value,
    /// Most tokens of the answer.
    pub max_tokens: u32,
}

/// What a model has answered.
#[derive(Clone, Debug, PartialEq)]
pub struct Filled {
    /// The document; it is not trusted to be one of the schema.
    pub value: Value,
    /// Tokens that it has read.
    pub prompt_tokens: u32,
    /// Tokens that it has written.
    pub completion_tokens: u32,
    /// What it cost, in US dollars.
    pub cost: f64,
    /// Who has answered.
    pub by: By,
}

/// Who has answered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct By {
    /// The model.
    pub model: String,
    /// What decided that they were asked.
    pub chosen_by: String,
    /// Why.
    pub reason: String,
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FillError {
    /// Too many ask at once.
    #[error("the model is busy")]
    Busy,
    /// It took too long.
    #[error("the model took too long")]
    Late,
    /// It has broken, or has answered no JSON.
    #[error("the model failed: {0}")]
    Failed(String),
}

/// An answer that is on its way.
pub type Filling<'a, T> = Pin<Box<dyn Future<Output = Result<T, FillError>> + Send + 'a>>;

/// A model that fills in JSON schemas.
pub trait Filler: Send + Sync {
    /// What it is called.
    fn name(&self) -> String;

    /// Fills in a schema.
    fn fill(&self, question: Question) -> Filling<'_, Filled>;
}

/// A model that knows what the numbers of a text are for.
pub trait Teller: Send + Sync {
    /// What it says of `text`.
    fn tell(&self, text: String) -> Filling<'_, Told>;
}

/// A model that knows what is near in meaning.
pub trait Nearest: Send + Sync {
    /// What it is called.
    fn name(&self) -> String;

    /// How near each of `among` is to `text`, from -1 to 1, in their order.
    fn rank(&self, text: String, among: Vec<String>) -> Filling<'_, Vec<f32>>;
}
