//! Where a model makes one thing at a time.
//!
//! A thread of its own loads it when first asked, gives way to everything else, and lets go of it when nobody asks.
//! mistral.rs cannot be told to stop making something, and its engine breaks when whoever waits for it is gone: so the
//! thread waits for each piece to the end, whatever becomes of whoever wanted it. Those who have left before their turn
//! are left out.

use std::{
    any::Any,
    fmt,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, Mutex, MutexGuard, PoisonError, mpsc::Receiver},
    time::{Duration, Instant},
};

use mistralrs::{Model, error::Error as EngineError};
use tokio::{
    runtime::{self, Runtime},
    sync::{OwnedSemaphorePermit, Semaphore, oneshot},
    task::spawn_blocking,
    time::timeout,
};

use super::{
    super::{Bounds, State},
    MediaError,
};
use crate::ai::worker::{Refused, Worker};

/// What a model can make, and how.
pub trait Craft: Send + Sync + 'static {
    /// What is asked for.
    type Order: Send + 'static;
    /// What is made.
    type Piece: Send + 'static;
    /// What its files say of it.
    type Known;

    /// Name of the model.
    fn name(&self) -> &str;

    /// Looks at its files.
    ///
    /// # Errors
    /// A file is missing, or not what it should be.
    fn look(&self) -> Result<Self::Known, MediaError>;

    /// Whether it can make this.
    ///
    /// # Errors
    /// It cannot.
    fn takes(&self, known: &Self::Known, order: &Self::Order) -> Result<(), MediaError>;

    /// Loads it.
    ///
    /// # Errors
    /// It cannot be loaded.
    fn load(&self, runtime: &Runtime) -> Result<Model, MediaError>;

    /// Makes something.
    ///
    /// # Errors
    /// It did not manage.
    fn make(&self, model: &Model, runtime: &Runtime, order: Self::Order) -> Result<Self::Piece, MediaError>;
}

/// Where a model makes one thing at a time; a clone is the same place.
pub struct Workshop<C: Craft>(Arc<Inner<C>>);

struct Inner<C: Craft> {
    craft: C,
    /// One for each piece that is made or waits.
    places: Arc<Semaphore>,
    patience: Duration,
    worker: Worker<Work<C>>,
    state: Mutex<State>,
}

struct Work<C: Craft> {
    order: C::Order,
    done: oneshot::Sender<Result<C::Piece, MediaError>>,
    place: OwnedSemaphorePermit,
}

impl<C: Craft> Clone for Workshop<C> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<C: Craft> fmt::Debug for Workshop<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Workshop").field("model", &self.name()).finish_non_exhaustive()
    }
}

impl<C: Craft> Workshop<C> {
    /// For what `craft` makes. Nothing is loaded yet.
    #[must_use]
    pub fn new(craft: C, bounds: &Bounds) -> Self {
        let room = bounds.waiting + 1;
        Self(Arc::new(Inner {
            craft,
            places: Arc::new(Semaphore::new(room)),
            patience: bounds.patience + bounds.timeout,
            worker: Worker::new("maid-media", room, bounds.idle),
            state: Mutex::default(),
        }))
    }

    /// Name of the model.
    #[must_use]
    pub fn name(&self) -> &str {
        self.0.craft.name()
    }

    /// How the model is: what is wrong with its files, or else whether it is loaded. Loads nothing.
    ///
    /// # Errors
    /// A file is missing, or not what it should be.
    pub fn shown(&self) -> Result<State, MediaError> {
        match self.0.state().clone() {
            state @ (State::Ready { .. } | State::Loading) => Ok(state),
            state => self.0.craft.look().map(|_| state),
        }
    }

    /// Makes something. What was begun is finished even where nobody waits for it any more.
    ///
    /// # Errors
    /// The model cannot be used, too many wait, or it cannot make this.
    pub async fn make(&self, order: C::Order) -> Result<C::Piece, MediaError> {
        let place = Arc::clone(&self.0.places).try_acquire_owned().map_err(|_| MediaError::Busy)?;
        let inner = Arc::clone(&self.0);
        let looked = spawn_blocking(move || {
            let known = inner.craft.look()?;
            inner.craft.takes(&known, &order).map(|()| order)
        });
        let order = looked.await.map_err(|error| MediaError::Failed(error.to_string()))??;
        let (done, made) = oneshot::channel();
        self.hand_over(Work { order, done, place })?;
        match timeout(self.0.patience, made).await {
            Ok(Ok(made)) => made,
            Ok(Err(_)) => Err(MediaError::Died),
            Err(_) => Err(MediaError::Overdue),
        }
    }

    /// Hands work to the thread.
    fn hand_over(&self, work: Work<C>) -> Result<(), MediaError> {
        let inner = Arc::clone(&self.0);
        self.0.worker.hand_over(work, move |work| inner.serve(work)).map_err(|refused| match refused {
            Refused::Full => MediaError::Busy,
            Refused::NoThread(error) => MediaError::Load(error.to_string()),
        })
    }
}

impl<C: Craft> Inner<C> {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Works until nobody has asked for a while, or it cannot.
    fn serve(&self, work: &Receiver<Work<C>>) {
        *self.state() = State::Loading;
        let (model, runtime) = match self.load() {
            Ok(loaded) => loaded,
            Err(error) => return self.end(work, &error),
        };
        while let Some(Work { order, done, place }) = self.worker.next(work, || self.let_go()) {
            if done.is_closed() {
                continue;
            }
            let made = catch_unwind(AssertUnwindSafe(|| self.craft.make(&model, &runtime, order)));
            let made = made.unwrap_or(Err(MediaError::Died));
            // Before whoever waited can come again.
            drop(place);
            if matches!(made, Err(MediaError::Died)) {
                tracing::error!(model = self.craft.name(), "the model `{}` broke", self.craft.name());
                self.end(work, &MediaError::Died);
                done.send(made).ok();
                return;
            }
            done.send(made).ok();
        }
    }

    fn load(&self) -> Result<(Model, Runtime), MediaError> {
        let begun = Instant::now();
        let failed = |error: std::io::Error| MediaError::Load(error.to_string());
        let runtime = runtime::Builder::new_current_thread().enable_all().build().map_err(failed)?;
        let model = catch_unwind(AssertUnwindSafe(|| self.craft.load(&runtime)))
            .unwrap_or_else(|cause| Err(MediaError::Load(said(&*cause))))?;
        let (name, took) = (self.craft.name(), begun.elapsed());
        tracing::info!(model = name, took_ms = took.as_millis(), "the model `{name}` is loaded");
        *self.state() = State::Ready { took };
        Ok((model, runtime))
    }

    /// Whoever waits is told why; whoever comes then begins another thread.
    fn end(&self, work: &Receiver<Work<C>>, error: &MediaError) {
        let waiting = self.worker.end(work, || *self.state() = State::Failed(error.to_string()));
        waiting.into_iter().for_each(|asked| drop(asked.done.send(Err(error.clone()))));
    }

    fn let_go(&self) {
        let name = self.craft.name();
        tracing::info!(model = name, "the model `{name}` was let go: nobody asked");
        *self.state() = State::Idle;
    }
}

/// Why mistral.rs has made nothing.
pub(super) fn failed(error: &EngineError) -> MediaError {
    match error {
        EngineError::Channel(_) | EngineError::Management(_) => MediaError::Died,
        other => MediaError::Failed(line(other)),
    }
}

/// What went wrong, without the trace that may follow: where in mistral.rs it was is nothing for whoever asked.
pub(super) fn line(error: &impl fmt::Display) -> String {
    error.to_string().lines().next().unwrap_or_default().to_owned()
}

/// What somebody said who broke.
fn said(cause: &(dyn Any + Send)) -> String {
    let text = cause.downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| cause.downcast_ref::<&str>().copied());
    format!("mistral.rs broke at its files: {}", text.unwrap_or("it did not say why"))
}
