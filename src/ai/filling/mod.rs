//! The models of this server, as the [`generator`](super::generator), the [`search`](super::search) and the
//! [`analyst`](crate::analyst) ask them.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use tokio::time::timeout;

use super::{
    Ai, AiError,
    chat::{Choosing, Intent, Message, Prompt, Request, Role, Shape, dollars},
    desk::{Asker, Said},
    embed::{EmbedError, MOST_TEXTS, Vector},
    generator::{
        By, FillError, Filled, Filler, Filling, Nearest, Question, Teller,
        roles::{LESSON, Told},
    },
    local::LocalError,
    search::{EmbedFuture, Embedder, EmbedderError},
};
use crate::analyst::{Language, Worded, Wording, Words, Writer};

/// How long a test that is made waits for the model: the reader's own is there at once.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long the plain text of a result waits for a better one.
const PATIENCE_FOR_WORDS: Duration = Duration::from_secs(20);
/// Texts whose vectors are kept: those of the library, which is the same each time.
const MOST_KEPT: usize = 2000;

impl Filler for Asker {
    fn name(&self) -> String {
        self.ai().chat_model().to_owned()
    }

    fn fill(&self, question: Question) -> Filling<'_, Filled> {
        Box::pin(async move {
            let request = Request {
                prompt: Prompt::Chat(vec![
                    Message::new(Role::System, question.instructions),
                    Message::new(Role::User, question.text),
                ]),
                max_tokens: question.max_tokens,
                choosing: Choosing::default(),
                stop: Vec::new(),
                shape: Shape::Json(question.schema),
            };
            let asked = timeout(PATIENCE, self.whole(request, Intent::Generate)).await;
            let asked = asked.map_err(|_| FillError::Late)?;
            let Said { text, end, engine } = asked.map_err(|error| unfilled(&error))?;
            let value = serde_json::from_str(&text).map_err(|error| FillError::Failed(error.to_string()))?;
            Ok(Filled {
                value,
                prompt_tokens: end.tokens.prompt,
                completion_tokens: end.tokens.answer,
                cost: dollars(end.cost),
                by: By {
                    model: engine.named(),
                    chosen_by: engine.chosen_by.name().to_owned(),
                    reason: engine.reason,
                },
            })
        })
    }
}

fn unfilled(error: &AiError) -> FillError {
    match error {
        AiError::Local(LocalError::Busy) | AiError::Embed(EmbedError::Busy) => FillError::Busy,
        AiError::Local(LocalError::Overdue) => FillError::Late,
        error => FillError::Failed(error.to_string()),
    }
}

/// What is near in meaning, by the model for embeddings.
#[derive(Debug)]
pub struct Nearby {
    ai: Ai,
    kept: Mutex<HashMap<String, Vector>>,
}

impl Nearby {
    /// By the model of `ai`.
    #[must_use]
    pub fn new(ai: Ai) -> Self {
        Self { ai, kept: Mutex::default() }
    }

    /// The vectors of `texts`, in their order; those that are kept are not computed again.
    async fn vectors(&self, texts: Vec<String>) -> Result<Vec<Vector>, AiError> {
        let mut vectors: Vec<Option<Vector>> = {
            let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
            texts.iter().map(|text| kept.get(text).cloned()).collect()
        };
        let lacking = texts.iter().zip(&vectors).filter(|(_, vector)| vector.is_none());
        let wanted: Vec<String> = lacking.map(|(text, _)| text.clone()).collect();
        let made = self.ai.embed(wanted.clone()).await?.vectors;
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() + made.len() > MOST_KEPT {
            kept.clear();
        }
        kept.extend(wanted.into_iter().zip(made.iter().cloned()));
        drop(kept);
        let mut made = made.into_iter();
        vectors.iter_mut().filter(|vector| vector.is_none()).for_each(|vector| *vector = made.next());
        Ok(vectors.into_iter().flatten().collect())
    }
}

impl Nearest for Nearby {
    fn name(&self) -> String {
        self.ai.embedding_model().to_owned()
    }

    fn rank(&self, text: String, among: Vec<String>) -> Filling<'_, Vec<f32>> {
        Box::pin(async move {
            let failed = |error: AiError| unfilled(&error);
            // Texts of whoever asks are not kept: they push out the library.
            let asked = self.ai.embed(vec![text]).await.map_err(failed)?.vectors.pop().unwrap_or_default();
            let among = self.vectors(among).await.map_err(failed)?;
            let near = |vector: &Vector| vector.iter().zip(&asked).map(|(a, b)| a * b).sum();
            Ok(among.iter().map(near).collect())
        })
    }
}

impl Teller for Nearby {
    fn tell(&self, text: String) -> Filling<'_, Told> {
        Box::pin(async move {
            let embedder = self.ai.embedder().map_err(|error| unfilled(&error))?;
            let labelled = embedder.label(text, LESSON).await;
            Ok(Told::new(labelled.map_err(|error| unfilled(&error.into()))?))
        })
    }
}

/// What texts mean, for the [`search`](super::search).
#[derive(Clone, Debug)]
pub struct Meanings(pub Ai);

impl Embedder for Meanings {
    fn name(&self) -> &str {
        self.0.embedding_model()
    }

    /// 0 while there is no model: nothing is compared then.
    fn dims(&self) -> usize {
        self.0.embedder().map_or(0, |embedder| embedder.dimensions().unwrap_or(0))
    }

    fn embed(&self, texts: Vec<String>) -> EmbedFuture<'_> {
        Box::pin(async move {
            let mut vectors = Vec::with_capacity(texts.len());
            for some in texts.chunks(MOST_TEXTS) {
                let embedded = self.0.embed(some.to_vec()).await;
                vectors.extend(embedded.map_err(|error| EmbedderError(error.to_string()))?.vectors);
            }
            Ok(vectors)
        })
    }
}

/// What the model is told before findings: it words them, and finds nothing.
const WORDS: &str = "You explain the result of a load test to an engineer, in at most four plain sentences. Use only the findings \
                     below, and copy every number and name exactly. No markup, no links, no advice of your own.";
/// Most tokens of an explanation.
const MOST_WORDS: u32 = 160;

impl Wording for Asker {
    fn word<'a>(&'a self, findings: &'a str, language: Language) -> Words<'a> {
        Box::pin(async move {
            let tongue = match language {
                Language::English => "Write in English.",
                Language::German => "Schreibe auf Deutsch.",
            };
            let request = Request {
                prompt: Prompt::Chat(vec![
                    Message::new(Role::System, format!("{WORDS} {tongue}")),
                    Message::new(Role::User, findings),
                ]),
                max_tokens: MOST_WORDS,
                choosing: Choosing::default(),
                stop: Vec::new(),
                shape: Shape::Free,
            };
            let asked = timeout(PATIENCE_FOR_WORDS, self.whole(request, Intent::Explain)).await;
            let asked =
                asked.map_err(|_| format!("it took longer than {} s", PATIENCE_FOR_WORDS.as_secs()))?;
            let Said { text, end, engine } = asked.map_err(|error| error.to_string())?;
            let tokens = u64::from(end.tokens.prompt) + u64::from(end.tokens.answer);
            let by = Writer {
                model: engine.named(),
                route: engine.route.name().to_owned(),
                chosen_by: engine.chosen_by.name().to_owned(),
                reason: engine.reason,
            };
            Ok(Worded { text, by, tokens, cost: dollars(end.cost) })
        })
    }
}
