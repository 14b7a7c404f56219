//! Texts as vectors: texts of like meaning lie near each other.
//!
//! A BERT of the family of sentence-transformers, computed by candle, and nobody else knows either. It has a thread of its
//! own, which loads it when first asked, gives way to everything else, and lets go of it when nobody asks.

mod bert;
mod error;
#[cfg(test)]
mod tests;

use std::{
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel},
    },
    thread,
    time::Duration,
};

use tokio::{sync::oneshot, time::timeout};

use self::bert::Bert;
pub use self::error::EmbedError;
use super::{
    give_way,
    models::{Catalogue, Kind},
};

/// Most texts of a request.
pub const MOST_TEXTS: usize = 256;
/// Texts that are computed together.
const TOGETHER: usize = 8;

/// A text as a vector, of length 1.
pub type Vector = Vec<f32>;

/// The vectors of a request.
#[derive(Clone, Debug, PartialEq)]
pub struct Embedded {
    /// One for each text.
    pub vectors: Vec<Vector>,
    /// Tokens of all texts.
    pub tokens: u32,
}

/// The model for embeddings; a clone is the same one.
#[derive(Clone, Debug)]
pub struct Embedder(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    catalogue: Catalogue,
    name: String,
    waiting: usize,
    patience: Duration,
    idle: Duration,
    /// Where the thread takes its work from; None while there is none.
    work: Mutex<Option<SyncSender<Work>>>,
}

struct Work {
    texts: Vec<String>,
    done: oneshot::Sender<Result<Embedded, EmbedError>>,
}

impl Embedder {
    /// The model `name` of `catalogue`. Nothing is loaded yet.
    #[must_use]
    pub fn new(
        catalogue: Catalogue,
        name: String,
        waiting: usize,
        (patience, idle): (Duration, Duration),
    ) -> Self {
        Self(Arc::new(Inner {
            catalogue,
            name,
            waiting: waiting.max(1),
            patience,
            idle,
            work: Mutex::default(),
        }))
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// Numbers that a text becomes.
    ///
    /// # Errors
    /// When there is no such model.
    pub fn dimensions(&self) -> Result<usize, EmbedError> {
        match self.0.catalogue.model(&self.0.name)?.kind {
            Kind::Embedding { dimensions, .. } => Ok(dimensions),
            Kind::Chat { .. } => Err(EmbedError::NoEmbeddings(self.0.name.clone())),
        }
    }

    /// Whether it is in memory.
    #[must_use]
    pub fn is_loaded(&self) -> bool {
        self.0.work().is_some()
    }

    /// The vectors of `texts`. What of a text is longer than the model reads is left out.
    ///
    /// # Errors
    /// When there is no model, when it breaks, when too many wait.
    pub async fn embed(&self, texts: Vec<String>) -> Result<Embedded, EmbedError> {
        if texts.is_empty() {
            return Ok(Embedded { vectors: Vec::new(), tokens: 0 });
        }
        if texts.len() > MOST_TEXTS {
            return Err(EmbedError::TooMany(texts.len()));
        }
        let (done, vectors) = oneshot::channel();
        self.hand_over(Work { texts, done })?;
        match timeout(self.0.patience, vectors).await {
            Ok(Ok(vectors)) => vectors,
            Ok(Err(_)) => Err(EmbedError::Died),
            Err(_) => Err(EmbedError::Busy),
        }
    }

    /// Hands work to the thread; begins one where there is none.
    fn hand_over(&self, work: Work) -> Result<(), EmbedError> {
        let mut sender = self.0.work();
        let work = match &*sender {
            None => work,
            Some(running) => match running.try_send(work) {
                Ok(()) => return Ok(()),
                Err(TrySendError::Full(_)) => return Err(EmbedError::Busy),
                // The thread broke.
                Err(TrySendError::Disconnected(work)) => work,
            },
        };
        self.begin(&mut sender, work)
    }

    fn begin(&self, sender: &mut Option<SyncSender<Work>>, work: Work) -> Result<(), EmbedError> {
        let (to, from) = sync_channel(self.0.waiting);
        let inner = Arc::clone(&self.0);
        let thread = thread::Builder::new().name("maid-embed".to_owned());
        let spawned = thread.spawn(move || inner.serve(&from));
        spawned.map_err(|error| EmbedError::Load(error.to_string()))?;
        to.try_send(work).map_err(|_| EmbedError::Busy)?;
        *sender = Some(to);
        Ok(())
    }
}

impl Inner {
    fn work(&self) -> MutexGuard<'_, Option<SyncSender<Work>>> {
        self.work.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Works until nobody has asked for a while, or it cannot.
    fn serve(&self, work: &Receiver<Work>) {
        give_way::this_thread();
        give_way::pool();
        let bert = match self.load() {
            Ok(bert) => bert,
            Err(error) => {
                // Whoever waits is told why; whoever comes then begins another thread.
                let mut sender = self.work();
                work.try_iter().for_each(|asked| drop(asked.done.send(Err(error.clone()))));
                *sender = None;
                return;
            }
        };
        while let Some(asked) = self.next(work) {
            let embedded = bert.embed(&asked.texts, TOGETHER, || asked.done.is_closed());
            asked.done.send(embedded).ok();
        }
    }

    fn next(&self, work: &Receiver<Work>) -> Option<Work> {
        if self.idle.is_zero() {
            return work.recv().ok();
        }
        match work.recv_timeout(self.idle) {
            Ok(asked) => Some(asked),
            Err(RecvTimeoutError::Disconnected) => None,
            Err(RecvTimeoutError::Timeout) => {
                // While nobody can hand anything over, so that nothing is lost.
                let mut sender = self.work();
                let last = work.try_recv().ok();
                if last.is_none() {
                    *sender = None;
                }
                last
            }
        }
    }

    fn load(&self) -> Result<Bert, EmbedError> {
        let model = self.catalogue.model(&self.name)?;
        let Kind::Embedding { context, .. } = model.kind else {
            return Err(EmbedError::NoEmbeddings(model.name));
        };
        Catalogue::verify(&model)?;
        Bert::load(&model.folder, context)
    }
}
