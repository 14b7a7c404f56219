//! The models of a server, and who may ask them how much.

use std::{path::PathBuf, sync::Arc, time::Duration};

use tokio::time::{self, Instant};

use super::{
    AiError,
    chat::Answer,
    dto::{AiStatus, ModelState, ModelStatus, QueueStatus},
    embed::{Embedded, Embedder},
    local::{
        Bounds, Local, State,
        media::{Craft, Dia, Flux, MediaError, Workshop},
    },
    models::{Catalogue, Kind},
    router::{Question, Router, Wish},
    usage::AiUsage,
};
use crate::{config, loadtest::problem::Problems};

/// How often it is looked whether somebody still asks.
const REST_EVERY: Duration = Duration::from_secs(15);

/// Name that stands for whatever the policy says.
const ANY: &str = "default";

/// What to do where nobody speaks.
const NO_SPEECH: &str = "no model that speaks is configured: set `ai.speech_model` to a folder with Dia, and `ai.speech_codec` \
                         to one with its codec DAC";
const NO_CODEC: &str =
    "the model that speaks has no codec: set `ai.speech_codec` to a folder with DAC, 44 kHz";
/// What to do where nobody makes pictures of texts.
const NO_IMAGES: &str = "pictures of texts take a model, and none is configured: set `ai.image_model` to a folder with FLUX; a \
                         picture of a run takes none: give `kind` and `run_id`";

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
    speech: Result<Workshop<Dia>, MediaError>,
    images: Result<Workshop<Flux>, MediaError>,
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
        let (speech, images) = (speech(config), images(config));
        Self(Arc::new(Inner { enabled: config.enabled, catalogue, local, embedder, speech, images, router }))
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

    /// Whoever speaks.
    ///
    /// # Errors
    /// When nobody does.
    pub fn speech(&self) -> Result<&Workshop<Dia>, AiError> {
        self.local()?;
        Ok(self.0.speech.as_ref().map_err(Clone::clone)?)
    }

    /// Whoever makes pictures of texts.
    ///
    /// # Errors
    /// When nobody does.
    pub fn images(&self) -> Result<&Workshop<Flux>, AiError> {
        self.local()?;
        Ok(self.0.images.as_ref().map_err(Clone::clone)?)
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
        let Inner { enabled, catalogue, local, embedder, speech, images, router } = &*self.0;
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
        let (speaks, paints) = (made(*enabled, speech), made(*enabled, images));
        let wanted = [
            Some(&chat),
            Some(&embeddings),
            speech.is_ok().then_some(&speaks),
            images.is_ok().then_some(&paints),
        ];
        let degraded = wanted.into_iter().flatten().any(|model| !model.state.answers());
        AiStatus {
            enabled: *enabled,
            degraded,
            models_dir: catalogue.folder().display().to_string(),
            chat,
            embeddings,
            speech: speaks,
            images: paints,
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

/// Whoever speaks, where the settings say so.
fn speech(config: &config::Ai) -> Result<Workshop<Dia>, MediaError> {
    match (&config.speech_model, &config.speech_codec) {
        (Some(model), Some(codec)) => Ok(Workshop::new(Dia::new(model, codec), &Bounds::from(config))),
        (Some(_), None) => Err(MediaError::NotConfigured(NO_CODEC)),
        (None, _) => Err(MediaError::NotConfigured(NO_SPEECH)),
    }
}

/// Whoever makes pictures of texts, where the settings say so.
fn images(config: &config::Ai) -> Result<Workshop<Flux>, MediaError> {
    let folder = config.image_model.as_ref().ok_or(MediaError::NotConfigured(NO_IMAGES))?;
    Ok(Workshop::new(Flux::new(folder), &Bounds::from(config)))
}

/// How a model is that makes something else than text.
fn made<C: Craft>(enabled: bool, workshop: &Result<Workshop<C>, MediaError>) -> ModelStatus {
    let name = workshop.as_ref().map(Workshop::name).unwrap_or_default();
    let shown = match workshop {
        _ if !enabled => Ok(None),
        Ok(workshop) => workshop.shown().map(Some),
        Err(error) => Err(error.clone()),
    };
    let (state, why) = match shown {
        Ok(None) => (ModelState::Off, Some(AiError::Off.to_string())),
        Ok(Some(State::Idle)) => (ModelState::Idle, None),
        Ok(Some(State::Loading)) => (ModelState::Loading, None),
        Ok(Some(State::Ready { .. })) => (ModelState::Ready, None),
        Ok(Some(State::Failed(why))) => (ModelState::Failed, Some(why)),
        Err(error @ (MediaError::NotConfigured(_) | MediaError::Missing { .. })) => {
            (ModelState::Missing, Some(error.to_string()))
        }
        Err(error) => (ModelState::Failed, Some(error.to_string())),
    };
    ModelStatus { model: name.to_owned(), state, why }
}

fn since(folder: &std::path::Path) -> u64 {
    let changed = std::fs::metadata(folder).and_then(|found| found.modified());
    let since = changed.ok().and_then(|changed| changed.duration_since(std::time::UNIX_EPOCH).ok());
    since.unwrap_or_default().as_secs()
}
