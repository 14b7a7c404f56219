//! An answer, as it comes.

use std::{
    fmt,
    time::{Duration, Instant},
};

use tokio::sync::mpsc;

use super::{End, Engine, Part, Prices};
use crate::ai::AiError;

/// An answer, part by part. Letting go of it ends the work on it.
#[derive(Debug)]
pub struct Answer {
    parts: mpsc::Receiver<Result<Part, AiError>>,
    /// Tokens of what was asked, where whoever answers counts them before.
    pub prompt_tokens: u32,
    /// Who answers, and why they.
    pub engine: Engine,
    /// Held for as long as what the answer costs is not written down.
    pub held: Held,
    /// What they take for it.
    pub prices: Prices,
    watch: Option<Watch>,
}

/// Something that is held until an answer is over, whatever it is.
pub type Held = Option<Box<dyn fmt::Debug + Send + Sync>>;

/// Looks how long an answer takes.
pub struct Watch {
    began: Instant,
    /// Whether its first part counts, and not its end.
    streamed: bool,
    told: Box<dyn FnOnce(Duration) + Send + Sync>,
}

impl Watch {
    /// From now on.
    #[must_use]
    pub fn new(streamed: bool, told: impl FnOnce(Duration) + Send + Sync + 'static) -> Self {
        Self { began: Instant::now(), streamed, told: Box::new(told) }
    }
}

impl fmt::Debug for Watch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Watch").field("began", &self.began).finish_non_exhaustive()
    }
}

impl Answer {
    /// The answer of `engine` that comes by `parts`.
    #[must_use]
    pub const fn new(
        parts: mpsc::Receiver<Result<Part, AiError>>,
        prompt_tokens: u32,
        engine: Engine,
    ) -> Self {
        Self {
            parts,
            prompt_tokens,
            engine,
            held: None,
            prices: Prices { input: 0.0, output: 0.0 },
            watch: None,
        }
    }

    /// The same, which `watch` looks at.
    #[must_use]
    pub fn watched(self, watch: Watch) -> Self {
        Self { watch: Some(watch), ..self }
    }

    /// The next part; None after the end.
    ///
    /// # Errors
    /// When whoever answers breaks off.
    pub async fn next(&mut self) -> Result<Option<Part>, AiError> {
        let part = self.parts.recv().await.transpose()?;
        let streamed = self.watch.as_ref().is_some_and(|watch| watch.streamed);
        if (streamed || matches!(part, Some(Part::End(_))))
            && let Some(Watch { began, told, .. }) = self.watch.take()
        {
            told(began.elapsed());
        }
        Ok(part)
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
