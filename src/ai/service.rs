//! The models of a server, and who may ask them how much.

use std::{sync::Arc, time::Duration};

use tokio::time::{self, Instant};

use super::{
    AiError,
    chat::{Answer, Request},
    dto::{AiStatus, ModelState, ModelStatus, QueueStatus},
    embed::{Embedded, Embedder},
    local::{Bounds, Local, State},
    models::{Catalogue, Kind},
};
use crate::config;

/// How often it is looked whether somebody still asks.
const REST_EVERY: Duration = Duration::from_secs(15);

/// How long the model for embeddings stays at most when nobody asks: it is back in a moment.
const EMBEDDER_RESTS: Duration = Duration::from_secs(60);

/// The models of a server; a clone is the same ones.
#[derive(Clone, Debug)]
pub struct Ai(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    enabled: bool,
    catalogue: Catalogue,
    local: Local,
    embedder: Embedder,
}

/// A model that can be asked for by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offered {
    /// Its name.
    pub name: String,
    /// When it was put here, in seconds since 1970.
    pub since: u64,
}

impl Ai {
    /// The models that `config` names. Nothing is loaded before somebody asks.
    #[must_use]
    pub fn new(config: &config::Ai) -> Self {
        let catalogue = Catalogue::new(config.models_dir.as_deref());
        let local = Local::new(catalogue.clone(), config.model.clone(), Bounds::from(config));
        let idle = config.idle_unload.get().min(EMBEDDER_RESTS);
        let waits = (config.queue_timeout.get() + config.timeout.get(), idle);
        let waiting = config.max_queued.into();
        let embedder = Embedder::new(catalogue.clone(), config.embedding_model.clone(), waiting, waits);
        Self(Arc::new(Inner { enabled: config.enabled, catalogue, local, embedder }))
    }

    /// Name of the language model, whether it is there or not.
    #[must_use]
    pub fn chat_model(&self) -> &str {
        self.0.local.name()
    }

    /// Name of the model for embeddings, whether it is there or not.
    #[must_use]
    pub fn embedding_model(&self) -> &str {
        self.0.embedder.name()
    }

    /// The language model.
    ///
    /// # Errors
    /// When models are switched off.
    pub fn local(&self) -> Result<&Local, AiError> {
        self.0.enabled.then_some(&self.0.local).ok_or(AiError::Off)
    }

    /// The model for embeddings.
    ///
    /// # Errors
    /// When models are switched off.
    pub fn embedder(&self) -> Result<&Embedder, AiError> {
        self.0.enabled.then_some(&self.0.embedder).ok_or(AiError::Off)
    }

    /// Asks the language model.
    ///
    /// # Errors
    /// When there is none, when too many wait, when it cannot be asked that.
    pub async fn ask(&self, request: Request) -> Result<Answer, AiError> {
        Ok(self.local()?.ask(request).await?)
    }

    /// The vectors of texts.
    ///
    /// # Errors
    /// When there is no model for it, when too many wait.
    pub async fn embed(&self, texts: Vec<String>) -> Result<Embedded, AiError> {
        Ok(self.embedder()?.embed(texts).await?)
    }

    /// The models that can be asked for by name: those that are configured, and there.
    #[must_use]
    pub fn offered(&self) -> Vec<Offered> {
        if !self.0.enabled {
            return Vec::new();
        }
        let named = [self.0.local.name(), self.0.embedder.name()];
        let there = named.into_iter().filter_map(|name| self.0.catalogue.model(name).ok());
        there.map(|model| Offered { since: since(&model.folder), name: model.name }).collect()
    }

    /// How the models are.
    #[must_use]
    pub fn status(&self) -> AiStatus {
        let Inner { enabled, catalogue, local, embedder } = &*self.0;
        let (state, writing) = local.shown();
        let bounds = local.bounds();
        let chat = self.shown(local.name(), true, |_| match &state {
            State::Idle => (ModelState::Idle, None),
            State::Loading => (ModelState::Loading, None),
            State::Ready { .. } => (ModelState::Ready, None),
            State::Failed(why) => (ModelState::Failed, Some(why.clone())),
        });
        let embeddings = self.shown(embedder.name(), false, |_| match embedder.is_loaded() {
            true => (ModelState::Ready, None),
            false => (ModelState::Idle, None),
        });
        let degraded = [&chat, &embeddings].iter().any(|model| !model.state.answers());
        AiStatus {
            enabled: *enabled,
            degraded,
            models_dir: catalogue.folder().display().to_string(),
            chat,
            embeddings,
            queue: QueueStatus { answering: writing, at_once: bounds.at_once, waiting_max: bounds.waiting },
        }
    }

    fn shown(
        &self,
        name: &str,
        writes: bool,
        of: impl FnOnce(&Kind) -> (ModelState, Option<String>),
    ) -> ModelStatus {
        let off = || (ModelState::Off, Some(AiError::Off.to_string()));
        let (state, why) = match self.0.catalogue.model(name) {
            _ if !self.0.enabled => off(),
            Err(error) => (ModelState::Missing, Some(error.to_string())),
            Ok(model) if matches!(model.kind, Kind::Chat { .. }) == writes => of(&model.kind),
            Ok(_) => (ModelState::Missing, Some(format!("`{name}` is a model of the other kind"))),
        };
        ModelStatus { model: name.to_owned(), state, why }
    }

    /// Lets go of models that nobody asks, for ever.
    pub async fn upkeep(self) {
        let mut ticks = time::interval_at(Instant::now() + REST_EVERY, REST_EVERY);
        loop {
            ticks.tick().await;
            self.0.local.rest().await;
        }
    }
}

fn since(folder: &std::path::Path) -> u64 {
    let changed = std::fs::metadata(folder).and_then(|found| found.modified());
    let since = changed.ok().and_then(|changed| changed.duration_since(std::time::UNIX_EPOCH).ok());
    since.unwrap_or_default().as_secs()
}
