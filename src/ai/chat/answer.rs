//! An answer, as it comes.

use tokio::sync::mpsc;

use super::{End, Part};
use crate::ai::AiError;

/// An answer, part by part. Letting go of it ends the work on it.
#[derive(Debug)]
pub struct Answer {
    parts: mpsc::Receiver<Result<Part, AiError>>,
    /// Tokens of what was asked.
    pub prompt_tokens: u32,
}

impl Answer {
    /// The answer that comes by `parts`.
    #[must_use]
    pub const fn new(parts: mpsc::Receiver<Result<Part, AiError>>, prompt_tokens: u32) -> Self {
        Self { parts, prompt_tokens }
    }

    /// The next part; None after the end.
    ///
    /// # Errors
    /// When whoever answers breaks off.
    pub async fn next(&mut self) -> Result<Option<Part>, AiError> {
        self.parts.recv().await.transpose()
    }

    /// All of it.
    ///
    /// # Errors
    /// When whoever answers breaks off.
    pub async fn whole(mut self) -> Result<(String, End), AiError> {
        let mut text = String::new();
        while let Some(part) = self.next().await? {
            match part {
                Part::Text(more) => text.push_str(&more),
                Part::End(end) => return Ok((text, end)),
            }
        }
        Err(AiError::BrokenOff)
    }
}
