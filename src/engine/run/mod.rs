//! A run from its start to its outcome.

mod assemble;
mod conductor;
mod detail;
mod diary;
mod ending;
mod failures;
mod generator;
mod guard;
mod judge;
mod masked;
mod phases;
mod prepare;
mod replay;
mod target;
mod watchdog;

use std::{
    io,
    sync::{Arc, mpsc},
    thread::{self, JoinHandle},
    time::Duration,
};

use tokio::sync::{oneshot, watch};
use uuid::Uuid;

use self::ending::Ending;
pub use self::{
    guard::{Caps, GuardError},
    replay::{Replayed, Setting, replay},
    watchdog::BreakerRule,
};
pub(super) use self::{
    prepare::{Base, shared, trace},
    target::settings as http_settings,
};
use super::{
    goose,
    live::{RunEvent, Snapshot},
    log::{LogError, LogPaths, LogStartError},
    outcome::Outcome,
    plan::{self, PlanError},
    policy::{PreflightError, Refusal, TargetPolicy},
    transport::TlsError,
};
use crate::loadtest::valid::ValidLoadTest;

/// Events that wait for the conductor at most: four are the most that make sense.
const EVENTS: usize = 16;

/// How a run is carried out, apart from what the document says.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Id of the run.
    pub run_id: Uuid,
    /// Which targets may be sent load.
    pub policy: Arc<TargetPolicy>,
    /// Time that requests under way are given when the run ends.
    pub stop_grace: Duration,
    /// When the run gives up by itself.
    pub breaker: BreakerRule,
    /// Limits on what a document may ask for.
    pub caps: Caps,
    /// Scenarios to run; empty runs all.
    pub scenarios: Vec<String>,
    /// Worker threads; 0 takes one for each core.
    pub workers: usize,
    /// What whoever starts the run writes down about it.
    pub notes: Option<String>,
    /// Log files to write.
    pub logs: LogPaths,
    /// Trace that requests belong to, where the document asks for `target.trace_context: run`; without
    /// one, the run's id is its trace.
    pub trace: Option<[u8; 16]>,
}

/// Why a run did not start, or broke.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// The target policy forbids a host.
    #[error(transparent)]
    Policy(Refusal),
    /// A host does not resolve.
    #[error("{message}")]
    Unresolved {
        /// The host.
        host: String,
        /// What happened.
        message: String,
    },
    /// The document asks for more than is allowed, or than the machine gives.
    #[error(transparent)]
    Guard(#[from] GuardError),
    /// The document cannot be turned into a plan.
    #[error(transparent)]
    Plan(#[from] PlanError),
    /// TLS settings are unusable.
    #[error(transparent)]
    Tls(#[from] TlsError),
    /// A log file is refused.
    #[error(transparent)]
    Log(#[from] LogError),
    /// Another run of this process is active.
    #[error(
        "another run is active in this process, which carries out one at a time: wait for its end, or stop it"
    )]
    Busy,
    /// The system gives no threads or timers.
    #[error("cannot start the engine: {0}")]
    System(#[from] io::Error),
    /// Goose refused the run; a defect of MAID.
    #[error("the scheduler refused the run: {0}")]
    Scheduler(String),
    /// The engine's thread ended without an outcome; a defect of MAID.
    #[error("the engine ended without a result; please report this with the document")]
    Lost,
}

impl From<PreflightError> for EngineError {
    fn from(error: PreflightError) -> Self {
        match error {
            PreflightError::Refused(refusal) => Self::Policy(refusal),
            PreflightError::Unresolved { ref host, .. } => {
                Self::Unresolved { host: host.clone(), message: error.to_string() }
            }
        }
    }
}

impl EngineError {
    /// The host that stands in the way, where one does.
    #[must_use]
    pub const fn host(&self) -> Option<&str> {
        match self {
            Self::Policy(refusal) => Some(refusal.host()),
            Self::Unresolved { host, .. } => Some(host.as_str()),
            _ => None,
        }
    }
}

impl From<LogStartError> for EngineError {
    fn from(error: LogStartError) -> Self {
        match error {
            LogStartError::File(error) => Self::Log(error),
            LogStartError::System(error) => Self::System(error),
        }
    }
}

/// What a run is told from outside and by its own users.
#[derive(Debug)]
pub(super) enum Event {
    /// All users run.
    AllStarted,
    /// Stop, and say why.
    Stop(String),
    /// End at once.
    Kill,
    /// Goose is done.
    Done(Result<(), String>),
}

/// A run under way. One that is dropped instead of waited for is killed: nobody would have its outcome.
#[derive(Debug)]
pub struct Run {
    handle: RunHandle,
    snapshots: watch::Receiver<Arc<Snapshot>>,
    told: Option<tokio::sync::mpsc::Receiver<RunEvent>>,
    thread: Option<JoinHandle<Result<Outcome, EngineError>>>,
}

/// Stops a run from anywhere, and takes checkpoints of it.
#[derive(Clone, Debug)]
pub struct RunHandle {
    events: mpsc::SyncSender<Event>,
    checkpoints: mpsc::SyncSender<oneshot::Sender<Ending>>,
}

impl RunHandle {
    /// Ends the run in good order: nothing new is sent, requests under way are given
    /// `stop_grace`. Does nothing when the run is already ending.
    pub fn stop(&self, reason: &str) {
        // When there is no room, there are stops enough already.
        let _ = self.events.try_send(Event::Stop(reason.to_owned()));
    }

    /// Ends the run at once; requests under way are dropped.
    pub fn kill(&self) {
        let _ = self.events.try_send(Event::Kill);
    }

    /// What the outcome would be if the run ended now, as failed and without a reason; masked like
    /// the final one. The run is asked for a copy of its figures, which costs it next to nothing,
    /// and goes on; the outcome is put together on a blocking thread of the caller's runtime.
    ///
    /// `None` when the run is over, or when another caller waits for one already.
    ///
    /// # Panics
    /// Outside of a tokio runtime.
    pub async fn checkpoint(&self) -> Option<Box<Outcome>> {
        let (reply, ending) = oneshot::channel();
        self.checkpoints.try_send(reply).ok()?;
        let ending = ending.await.ok()?;
        tokio::task::spawn_blocking(move || Box::new(assemble::outcome(ending))).await.ok()
    }
}

impl Run {
    /// The state of the run, renewed 4 times a second.
    #[must_use]
    pub fn snapshots(&self) -> watch::Receiver<Arc<Snapshot>> {
        self.snapshots.clone()
    }

    /// What happens in the run, as it happens; the channel closes when the run is over. There is one
    /// reader: `None` when it has been taken before. Nothing waits for the reader, and nothing is
    /// lost where it comes late or never.
    #[must_use]
    pub fn take_events(&mut self) -> Option<tokio::sync::mpsc::Receiver<RunEvent>> {
        self.told.take()
    }

    /// A handle that can stop the run.
    #[must_use]
    pub fn handle(&self) -> RunHandle {
        self.handle.clone()
    }

    /// Waits for the end.
    ///
    /// # Errors
    /// When the run broke; a run that was stopped or failed its thresholds has an outcome.
    pub fn wait(mut self) -> Result<Outcome, EngineError> {
        let ended = self.thread.take().map(JoinHandle::join);
        ended.unwrap_or(Ok(Err(EngineError::Lost))).unwrap_or(Err(EngineError::Lost))
    }
}

impl Drop for Run {
    fn drop(&mut self) {
        if self.thread.is_some() {
            self.handle.kill();
        }
    }
}

/// Starts a run on threads of its own, after everything that can be refused beforehand has been:
/// caps, target policy, names that do not resolve, unusable TLS files, too few file descriptors.
/// Blocks until then; do not call it on an async worker.
///
/// One run is active at a time in a process, until its outcome is there or its preparation has failed.
///
/// # Errors
/// See [`EngineError`].
pub fn start(test: ValidLoadTest, settings: Settings) -> Result<Run, EngineError> {
    let claim = goose::claim().ok_or(EngineError::Busy)?;
    // A document that has been run before starts over with its data.
    test.feeders().iter().for_each(|feeder| feeder.reset());
    let plan = plan::compile(&test, &settings.scenarios)?;
    let fd_limit = guard::check(&plan, &settings.caps)?;
    let (events, inbox) = mpsc::sync_channel(EVENTS);
    let (checkpoints, asked) = mpsc::sync_channel(1);
    let (publish, snapshots) = watch::channel(Arc::default());
    let (reader, told) = tokio::sync::mpsc::channel(diary::EVENTS);
    let (ready, started) = mpsc::sync_channel(1);
    let handle = RunHandle { events: events.clone(), checkpoints };
    let test = Arc::new(test);
    let parts =
        prepare::Parts { claim, test, plan, fd_limit, settings, events, inbox, asked, publish, reader };
    let thread = thread::Builder::new().name("maid-run".to_owned()).spawn(move || {
        let prepared = prepare::prepare(parts).map_err(|error| ready.send(Err(error)));
        // A failed preparation has been told to the caller, who does not wait for an outcome.
        let Ok(conductor) = prepared else { return Err(EngineError::Lost) };
        let _ = ready.send(Ok(()));
        conductor.conduct()
    })?;
    started.recv().map_err(|_| EngineError::Lost)??;
    Ok(Run { handle, snapshots, told: Some(told), thread: Some(thread) })
}
