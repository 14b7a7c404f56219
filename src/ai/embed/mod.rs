//! Texts as vectors: texts of like meaning lie near each other.
//!
//! A BERT of the family of sentence-transformers, computed by candle, and nobody else knows either. It has a thread of its
//! own, which loads it when first asked, gives way to everything else, and lets go of it when nobody asks.

mod batch;
mod bert;
mod error;
mod labels;
#[cfg(test)]
mod tests;

use std::{
    collections::VecDeque,
    path::PathBuf,
    sync::{Arc, mpsc::Receiver},
    time::Duration,
};

use tokio::{sync::oneshot, time::timeout};

use self::{batch::Batch, bert::Bert, labels::Labeller};
pub use self::{
    error::EmbedError,
    labels::{Labelled, Lesson, Piece},
};
use super::{
    models::{Catalogue, Kind},
    worker::{Refused, Worker},
};

/// Most texts of a request.
pub const MOST_TEXTS: usize = 256;
/// Most requests for many texts that are worked on, one after another, while those for few overtake them.
const MOST_LONG: usize = 16;

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
    patience: Duration,
    worker: Worker<Work>,
}

/// What is asked of the thread.
enum Work {
    Vectors(Vec<String>, Done<Embedded>),
    Labels(String, Lesson, Done<Labelled>),
}

type Done<T> = oneshot::Sender<Result<T, EmbedError>>;

impl Work {
    fn fail(self, error: EmbedError) {
        match self {
            Self::Vectors(_, done) => drop(done.send(Err(error))),
            Self::Labels(_, _, done) => drop(done.send(Err(error))),
        }
    }
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
        let worker = Worker::new("maid-embed", waiting.max(1), idle);
        Self(Arc::new(Inner { catalogue, name, patience, worker }))
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
        self.0.worker.works()
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
        self.ask(|done| Work::Vectors(texts, done)).await
    }

    /// The labels of the pieces of `text`, by the model and what was learned on top of it. What is too long is left out.
    ///
    /// # Errors
    /// When there is no model, or none that the lesson fits, when it breaks, when too many wait.
    pub async fn label(&self, text: String, lesson: Lesson) -> Result<Labelled, EmbedError> {
        self.ask(|done| Work::Labels(text, lesson, done)).await
    }

    async fn ask<T>(&self, work: impl FnOnce(Done<T>) -> Work) -> Result<T, EmbedError> {
        let (done, answer) = oneshot::channel();
        let inner = Arc::clone(&self.0);
        self.0.worker.hand_over(work(done), move |work| inner.serve(work)).map_err(
            |refused| match refused {
                Refused::Full => EmbedError::Busy,
                Refused::NoThread(error) => EmbedError::Load(error.to_string()),
            },
        )?;
        match timeout(self.0.patience, answer).await {
            Ok(Ok(answer)) => answer,
            Ok(Err(_)) => Err(EmbedError::Died),
            Err(_) => Err(EmbedError::Busy),
        }
    }
}

impl Inner {
    /// Works until nobody has asked for a while, or it cannot.
    fn serve(&self, work: &Receiver<Work>) {
        let (bert, folder) = match self.load() {
            Ok(loaded) => loaded,
            Err(error) => {
                let waiting = self.worker.end(work, || ());
                return waiting.into_iter().for_each(|asked| asked.fail(error.clone()));
            }
        };
        // Not everybody who wants vectors wants labels.
        let mut labeller = None;
        // What has many texts goes on between what has few: a search does not wait for what is read to be searched.
        let mut long: VecDeque<Batch> = VecDeque::new();
        loop {
            let asked = if long.is_empty() { self.worker.next(work, || ()) } else { work.try_recv().ok() };
            match asked {
                None if long.is_empty() => return,
                None => {}
                Some(Work::Vectors(texts, done)) => {
                    let batch = Batch::new(texts, done);
                    if batch.is_short() {
                        batch.step(&bert);
                    } else if long.len() < MOST_LONG {
                        long.push_back(batch);
                    } else {
                        batch.fail(EmbedError::Busy);
                    }
                }
                Some(Work::Labels(text, lesson, done)) => {
                    let there = labeller.take().filter(|there: &Labeller| there.knows(lesson));
                    let loaded = there.map_or_else(|| Labeller::load(&folder, lesson), Ok);
                    let labelled =
                        loaded.and_then(|there| labeller.insert(there).label(&text, || done.is_closed()));
                    done.send(labelled).ok();
                }
            }
            if let Some(rest) = long.pop_front().and_then(|batch| batch.step(&bert)) {
                long.push_front(rest);
            }
        }
    }

    fn load(&self) -> Result<(Bert, PathBuf), EmbedError> {
        let model = self.catalogue.model(&self.name)?;
        let Kind::Embedding { context, .. } = model.kind else {
            return Err(EmbedError::NoEmbeddings(model.name));
        };
        Catalogue::verify(&model)?;
        Ok((Bert::load(&model.folder, context)?, model.folder))
    }
}
