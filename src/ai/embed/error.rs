//! Why texts do not become vectors.

use std::sync::Arc;

use super::MOST_TEXTS;
use crate::ai::models::ModelError;

/// Why texts do not become vectors.
#[derive(Clone, Debug, thiserror::Error)]
pub enum EmbedError {
    /// There is no model, or it cannot be used.
    #[error("{0}")]
    Model(Arc<ModelError>),
    /// It writes text.
    #[error("`{0}` is a language model and makes no embeddings: set `ai.embedding_model` to one that does")]
    NoEmbeddings(String),
    /// It could not be loaded.
    #[error("the model for embeddings could not be loaded: {0}")]
    Load(String),
    /// What was learned on top of one model is asked of another.
    #[error(
        "numbers are told apart by a model on top of all-minilm-l6-v2 alone, and `ai.embedding_model` is another one"
    )]
    AnotherModel,
    /// It broke.
    #[error("the model for embeddings broke; it is loaded anew for the next request")]
    Died,
    /// Too many wait.
    #[error("the model for embeddings has as much to do as it may have waiting: try again in a moment")]
    Busy,
    /// Too many texts.
    #[error("{0} texts are too many: at most {MOST_TEXTS} are taken at once")]
    TooMany(usize),
}

impl From<ModelError> for EmbedError {
    fn from(error: ModelError) -> Self {
        Self::Model(Arc::new(error))
    }
}
