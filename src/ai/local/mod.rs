//! The language model inside MAID: mistral.rs, and nobody else knows it.
//!
//! One instance, on threads of its own that give way to everything else. It is loaded when first asked and let go
//! when nobody has asked for a while. A bounded number of requests is answered at once, a bounded number waits, and
//! whoever leaves is forgotten at the next token. `media` are the models that make speech and pictures.
//!
//! What mistral.rs 0.8.1 does not do for its callers is done here: it hands over through channels that never make it
//! wait (`relay`), ends an answer when its document is complete, chooses by a seed (`sample`), loads on a thread that may
//! die (`load`), and is started anew when it has died.

mod ask;
mod error;
mod load;
pub mod media;
mod relay;
mod sample;
#[cfg(test)]
mod tests;

use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use tokio::{
    sync::{Mutex as AsyncMutex, OwnedSemaphorePermit, Semaphore, mpsc},
    time::timeout,
};

pub use self::error::LocalError;
use self::load::Loaded;
use super::{
    chat::{Answer, Engine, Request},
    models::Catalogue,
};
use crate::config;

/// Parts of an answer that wait for a slow reader, besides those that the model has written ahead.
const PARTS_AHEAD: usize = 64;

/// The language model; a clone is the same one.
#[derive(Clone)]
pub struct Local(Arc<Inner>);

struct Inner {
    catalogue: Catalogue,
    name: String,
    bounds: Bounds,
    running: Arc<Semaphore>,
    waiting: Semaphore,
    loaded: AsyncMutex<Option<Arc<Loaded>>>,
    shown: Mutex<Shown>,
}

/// What may be asked of it.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// Answers at once.
    pub at_once: usize,
    /// Requests that wait.
    pub waiting: usize,
    /// How long they wait.
    pub patience: Duration,
    /// How long an answer may take.
    pub timeout: Duration,
    /// Most tokens of a prompt.
    pub prompt_tokens: u32,
    /// Most tokens of an answer.
    pub answer_tokens: u32,
    /// How long it stays when nobody asks; zero: for ever.
    pub idle: Duration,
}

impl From<&config::Ai> for Bounds {
    fn from(config: &config::Ai) -> Self {
        Self {
            at_once: config.max_concurrency.into(),
            waiting: config.max_queued.into(),
            patience: config.queue_timeout.get(),
            timeout: config.timeout.get(),
            prompt_tokens: config.max_prompt_tokens,
            answer_tokens: config.max_tokens,
            idle: config.idle_unload.get(),
        }
    }
}

/// What is known of it without asking it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Shown {
    /// How it is.
    pub state: State,
    /// When it was asked last.
    last: Option<Instant>,
}

/// How a model is.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum State {
    /// It is loaded when somebody asks.
    #[default]
    Idle,
    /// It is being loaded.
    Loading,
    /// It answers.
    Ready {
        /// How long loading took.
        took: Duration,
    },
    /// It could not be loaded, or died; the next request tries again.
    Failed(String),
}

impl fmt::Debug for Local {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Local").field("name", &self.0.name).finish_non_exhaustive()
    }
}

impl Local {
    /// The model `name` of `catalogue`. Nothing is loaded yet.
    #[must_use]
    pub fn new(catalogue: Catalogue, name: String, bounds: Bounds) -> Self {
        Self(Arc::new(Inner {
            catalogue,
            name,
            bounds,
            running: Arc::new(Semaphore::new(bounds.at_once)),
            waiting: Semaphore::new(bounds.waiting.saturating_add(bounds.at_once)),
            loaded: AsyncMutex::default(),
            shown: Mutex::default(),
        }))
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// What may be asked of it.
    #[must_use]
    pub fn bounds(&self) -> Bounds {
        self.0.bounds
    }

    /// How it is, and how many answers it writes.
    #[must_use]
    pub fn shown(&self) -> (State, usize) {
        let writing = self.0.bounds.at_once - self.0.running.available_permits().min(self.0.bounds.at_once);
        (self.0.shown().state.clone(), writing)
    }

    /// Whether whoever asks now has to wait.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        self.0.running.available_permits() == 0
    }

    /// Asks it. The answer comes part by part; letting go of it ends it.
    ///
    /// # Errors
    /// When there is no model, when too many wait, when the request is none that it can answer.
    pub async fn ask(&self, request: Request) -> Result<Answer, LocalError> {
        let turn = self.turn().await?;
        let mut loaded = self.loaded().await?;
        let mut asked = ask::ask(&loaded, &self.0.bounds, &request).await;
        // What somebody asked before may have broken it: whoever comes then asks a new one, and is refused only if that breaks, too.
        if let Err(LocalError::Died) = asked {
            self.tell_death(&LocalError::Died);
            self.forget(&loaded).await;
            loaded = self.loaded().await?;
            asked = ask::ask(&loaded, &self.0.bounds, &request).await;
        }
        let asked = asked.inspect_err(|error| self.note_death(&loaded, error))?;
        let (to, parts) = mpsc::channel(PARTS_AHEAD);
        let prompt = asked.prompt;
        let relay = relay::Relay::new(asked, &request, self.0.bounds.timeout);
        let this = self.clone();
        tokio::spawn(async move {
            let ended = relay.run(&to).await;
            if let Err(error) = ended {
                this.note_death(&loaded, &error);
                to.send(Err(error.into())).await.ok();
            }
            this.0.shown().last = Some(Instant::now());
            drop(turn);
        });
        Ok(Answer::new(parts, prompt, Engine::local(&self.0.name)))
    }

    /// Lets go of a model that nobody has asked for a while.
    pub async fn rest(&self) {
        let inner = &self.0;
        let long_ago = |last: Instant| last.elapsed() >= inner.bounds.idle;
        let idle = inner.bounds.idle > Duration::ZERO
            && inner.running.available_permits() == inner.bounds.at_once
            && inner.shown().last.is_some_and(long_ago);
        if idle && inner.loaded.lock().await.take().is_some() {
            tracing::info!(model = inner.name, "the model `{}` was let go: nobody asked", inner.name);
            *inner.shown() = Shown::default();
        }
    }

    async fn turn(&self) -> Result<OwnedSemaphorePermit, LocalError> {
        let place = self.0.waiting.try_acquire().map_err(|_| LocalError::Busy)?;
        let turn = timeout(self.0.bounds.patience, Arc::clone(&self.0.running).acquire_owned()).await;
        drop(place);
        match turn {
            Ok(Ok(turn)) => Ok(turn),
            Ok(Err(_)) | Err(_) => Err(LocalError::Busy),
        }
    }

    async fn loaded(&self) -> Result<Arc<Loaded>, LocalError> {
        let inner = &self.0;
        let mut slot = inner.loaded.lock().await;
        if let Some(loaded) = &*slot {
            return Ok(Arc::clone(loaded));
        }
        inner.shown().state = State::Loading;
        let begun = Instant::now();
        match load::load(&inner.catalogue, &inner.name, inner.bounds.at_once).await {
            Ok(loaded) => {
                let took = begun.elapsed();
                tracing::info!(
                    model = inner.name,
                    took_ms = took.as_millis(),
                    "the model `{}` is loaded",
                    inner.name
                );
                *inner.shown() = Shown { state: State::Ready { took }, last: Some(Instant::now()) };
                Ok(Arc::clone(slot.insert(Arc::new(loaded))))
            }
            Err(error) => {
                inner.shown().state = State::Failed(error.to_string());
                Err(error)
            }
        }
    }

    /// A model that died is not asked again: the next request loads another.
    fn note_death(&self, loaded: &Arc<Loaded>, error: &LocalError) {
        if !matches!(error, LocalError::Died) {
            return;
        }
        self.tell_death(error);
        let (this, broken) = (self.clone(), Arc::clone(loaded));
        tokio::spawn(async move { this.forget(&broken).await });
    }

    fn tell_death(&self, error: &LocalError) {
        tracing::error!(
            model = self.0.name,
            "the model `{}` broke, and is loaded anew when asked",
            self.0.name
        );
        self.0.shown().state = State::Failed(error.to_string());
    }

    async fn forget(&self, broken: &Arc<Loaded>) {
        let mut slot = self.0.loaded.lock().await;
        if slot.as_ref().is_some_and(|now| Arc::ptr_eq(now, broken)) {
            *slot = None;
        }
    }
}

impl Inner {
    fn shown(&self) -> std::sync::MutexGuard<'_, Shown> {
        self.shown.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
