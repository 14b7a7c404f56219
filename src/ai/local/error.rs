//! Why the language model inside MAID does not answer.

use crate::ai::models::ModelError;

/// Why it does not answer.
#[derive(Debug, thiserror::Error)]
pub enum LocalError {
    /// There is none, or it cannot be used.
    #[error("{0}")]
    Model(#[from] ModelError),
    /// It writes no text.
    #[error("`{0}` is a model for embeddings and writes no text: set `ai.model` to a language model")]
    NoText(String),
    /// It could not be loaded.
    #[error("the model could not be loaded: {0}")]
    Load(String),
    /// Too many wait.
    #[error("the model answers as many as it can, and as many as may are waiting: try again in a moment")]
    Busy,
    /// It broke.
    #[error("the model broke while it answered; it is loaded anew for the next request")]
    Died,
    /// It took too long.
    #[error("the answer took longer than `ai.timeout` allows; ask for less with max_tokens")]
    Overdue,
    /// The prompt is too long.
    #[error(
        "the prompt has {found} tokens; at most {most} are taken (`ai.max_prompt_tokens`, and what the model was made for)"
    )]
    Long {
        /// Tokens that it has.
        found: u32,
        /// Most that it may have.
        most: u32,
    },
    /// It refuses the request.
    #[error("the model cannot be asked this: {0}")]
    Refused(String),
}
