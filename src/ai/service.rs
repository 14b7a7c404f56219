//! The models of a server, and who may ask them how much.

use std::{path::PathBuf, sync::Arc, time::Duration};

use tokio::time::{self, Instant};

use super::{
    AiError,
    chat::Answer,
    dto::{AiStatus, ModelState, ModelStatus, QueueStatus},
    embed::{Embedded, Embedder},
    local::{Bounds, Local, State},
    models::{Catalogue, Kind},
    router::{Question, Router, Wish},
    usage::AiUsage,
};
use crate::{config, loadtest::problem::Problems};

/// How often it is looked whether somebody still asks.
const REST_EVERY: Duration = Duration::from_secs(15);

/// Name that stands for whatever the policy says.
const ANY: &str = "default";

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
    /// None without a policy: the model inside MAID answers everything.
    router: Option<Router>,
}

/// A model that can be asked for by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offered {
    /// Its name.
    pub name: String,
    /// When it was put here, in seconds since 1970; 0 for one of a provider.
    pub since: u64,
    /// Whose it is.
    pub owner: String,
}

impl Ai {
    /// The models that `config` names. Nothing is loaded before somebody asks.
    #[must_use]
    pub fn new(config: &config::Ai) -> Self {
        Self::routed(config, None)
    }

    /// The same, with the providers of the policy that `config` names; what they cost is counted by `usage`.
    ///
    /// # Errors
    /// All that is wrong with the policy.
    pub fn with_policy(config: &config::Ai, usage: &AiUsage) -> Result<Self, Problems> {
        let open = |file: &PathBuf| Router::open(file.clone(), config.max_tokens, usage.clone());
        Ok(Self::routed(config, config.policy_file.as_ref().map(open).transpose()?))
    }

    fn routed(config: &config::Ai, router: Option<Router>) -> Self {
        let catalogue = Catalogue::new(config.models_dir.as_deref());
        let local = Local::new(catalogue.clone(), config.model.clone(), Bounds::from(config));
        let idle = config.idle_unload.get().min(EMBEDDER_RESTS);
        let waits = (config.queue_timeout.get() + config.timeout.get(), idle);
        let waiting = config.max_queued.into();
        let embedder = Embedder::new(catalogue.clone(), config.embedding_model.clone(), waiting, waits);
        Self(Arc::new(Inner { enabled: config.enabled, catalogue, local, embedder, router }))
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

    /// Asks the language model inside MAID, or whoever the policy says.
    ///
    /// # Errors
    /// When there is none, when too many wait, when it cannot be asked that.
    pub async fn ask(&self, question: Question) -> Result<Answer, AiError> {
        let local = self.local()?;
        match (&self.0.router, question.wish) {
            (Some(router), wish) => router.ask(local, Question { wish, ..question }).await,
            (None, Wish::Provider(asked)) => Err(AiError::Unknown { asked }),
            (None, _) => Ok(local.ask(question.request).await?),
        }
    }

    /// Whose model is meant by a name: `default` is whatever the policy says.
    ///
    /// # Errors
    /// When there is none of this name.
    pub fn wish(&self, asked: &str) -> Result<Wish, AiError> {
        let local = self.local()?.name();
        if asked == ANY {
            return Ok(Wish::Any);
        }
        if asked == local {
            return Ok(Wish::Local);
        }
        let provider = self.0.router.as_ref().and_then(|router| router.provider_of(asked));
        let unknown = || AiError::Unknown { asked: asked.chars().take(100).collect() };
        provider.map(Wish::Provider).ok_or_else(unknown)
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
        let inside = there.map(|model| Offered {
            since: since(&model.folder),
            name: model.name,
            owner: "maid".to_owned(),
        });
        let providers = self.0.router.iter().flat_map(Router::offered);
        inside.chain(providers.map(|(name, owner)| Offered { name, since: 0, owner })).collect()
    }

    /// How the models are.
    #[must_use]
    pub async fn status(&self) -> AiStatus {
        let Inner { enabled, catalogue, local, embedder, router } = &*self.0;
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
            policy: match router {
                Some(router) => Some(router.status().await),
                None => None,
            },
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

    /// Reads the policy again when it changes, for ever.
    pub async fn follow_policy(self) {
        if let Some(router) = &self.0.router {
            router.clone().upkeep().await;
        }
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
