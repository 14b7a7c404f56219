//! What can go wrong with a run, and the code that each cause has.

use uuid::Uuid;

use super::{
    active::Refused,
    launch::{HostPlaces, Unfit},
};
use crate::{
    audit::{AuditError, Outcome},
    db::StoreError,
    deeplinks::DeeplinkError,
    engine::{EngineError, policy::PolicyError},
    http::{Code, FieldError, Problem},
    recipes::RecipeError,
    reports::ReportError,
};

/// Why something about runs cannot be done.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The document is wrong.
    #[error("{0}")]
    Unfit(#[from] Unfit),
    /// The engine does not take it, or broke.
    #[error("{0}")]
    Engine(#[from] EngineError),
    /// The engine does not take something that has a place in the document.
    #[error("{cause}")]
    Placed {
        /// Its place in the document.
        path: String,
        /// Why not.
        cause: EngineError,
    },
    /// An entry of `load.targets.allow` is none.
    #[error("{0}")]
    Policy(#[from] PolicyError),
    /// A run is active.
    #[error("run {0} is active: stop it, wait for its end, or send \"queue\": true")]
    Active(Uuid),
    /// A run of another tenant is active.
    #[error("the server is busy: wait until it is free, or send \"queue\": true")]
    Occupied,
    /// No run is active.
    #[error("no run is active: there is nothing to stop")]
    NoneActive,
    /// The run is neither active nor queued.
    #[error(
        "run {0} is neither active nor queued on this server: there is nothing to stop; a run whose server is gone \
         is marked as failed after two minutes"
    )]
    NotActive(Uuid),
    /// Nothing new is accepted.
    #[error("MAID is draining: it finishes what runs and accepts nothing new until it is started again")]
    Draining,
    /// The server ends.
    #[error("the server is about to end: nothing new is accepted")]
    Ending,
    /// The killswitch could not do all of it.
    #[error("{}the queue could not be emptied: {cause}; send it again", ended.map_or_else(String::new, |id| format!("run {id} was ended at once; ")))]
    QueueLeft {
        /// The run that was active.
        ended: Option<Uuid>,
        /// Why the queue is as it was.
        cause: StoreError,
    },
    /// The queue is full.
    #[error("{0} runs wait already, as many as history.max_queued allows: try again when one is over")]
    QueueFull(u32),
    /// There is no place for one more dry run.
    #[error("several dry runs are under way already: try again when one is over")]
    DryRunsFull,
    /// There is no such run.
    #[error("there is no run {0}")]
    NotFound(Uuid),
    /// It is somebody else's.
    #[error("run {0} was started by somebody else: they or an admin may delete it")]
    NotOwn(Uuid),
    /// It is still going on.
    #[error("run {0} is not over yet: stop it first, or wait for its end")]
    Unfinished(Uuid),
    /// It left nothing behind.
    #[error("run {0} left no results behind: it never got as far as a first second")]
    NoResults(Uuid),
    /// The test has no baseline.
    #[error("no run of this test is its baseline: mark one with PUT /api/maid/runs/ID/baseline")]
    NoBaseline,
    /// Whoever asks may not ask for that much.
    #[error("{message}")]
    Allowance {
        /// The place.
        path: &'static str,
        /// How much it may be.
        message: String,
    },
    /// Whoever asked for it while it could wait has lost the right to.
    #[error(
        "whoever queued it may start no runs any more: the user was disabled or changed, or the API key revoked"
    )]
    NotAnyMore,
    /// A request that contradicts itself.
    #[error("{message}")]
    Request {
        /// The place.
        path: &'static str,
        /// What is wrong and what to do about it.
        message: &'static str,
    },
    /// The database.
    #[error("{0}")]
    Store(#[from] StoreError),
    /// The audit log does not keep it, so it is not done.
    #[error("{0}")]
    Audit(#[from] AuditError),
    /// The recipe cannot be run.
    #[error("{0}")]
    Recipe(#[from] RecipeError),
    /// The link does not lead to a run.
    #[error("{0}")]
    Deeplink(#[from] DeeplinkError),
    /// A report cannot be made.
    #[error("{0}")]
    Report(#[from] ReportError),
}

impl From<Refused> for RunError {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::Active(run_id) => Self::Active(run_id),
            Refused::Draining => Self::Draining,
        }
    }
}

impl RunError {
    /// What the engine refuses of a test, with the place of what stands in the way where that has one.
    pub(super) fn refused(error: EngineError, hosts: &HostPlaces) -> Self {
        let path = match &error {
            EngineError::Guard(guard) => Some(guard.path()),
            error => error.host().and_then(|host| hosts.find(host)),
        };
        match path {
            Some(path) => Self::Placed { path: path.to_owned(), cause: error },
            None => Self::Engine(error),
        }
    }

    /// The place of what is wrong, where it has one.
    pub(super) fn place(&self) -> Option<&str> {
        match self {
            Self::Placed { path, .. } => Some(path),
            Self::Request { path, .. } | Self::Allowance { path, .. } => Some(path),
            _ => None,
        }
    }

    /// How what was asked for came out, for the audit log.
    pub(super) const fn outcome(&self) -> Outcome {
        match self.code() {
            Code::TargetRefused | Code::BeyondLimits => Outcome::Denied,
            _ => Outcome::Failed,
        }
    }

    const fn code(&self) -> Code {
        match self {
            Self::Unfit(_) => Code::InvalidLoadtest,
            Self::Recipe(_) => Code::InvalidRecipe,
            Self::Deeplink(_) => Code::BadDeeplink,
            Self::Engine(error) | Self::Placed { cause: error, .. } => engine_code(error),
            Self::Policy(_) => Code::InvalidConfig,
            Self::Active(_) | Self::Occupied => Code::RunActive,
            Self::NoneActive | Self::NotActive(_) => Code::NoRunActive,
            Self::Draining | Self::Ending => Code::Draining,
            Self::QueueFull(_) | Self::DryRunsFull => Code::Full,
            Self::NotFound(_) | Self::NoBaseline => Code::NotFound,
            Self::Unfinished(_) => Code::RunUnfinished,
            Self::NoResults(_) => Code::NoResults,
            Self::Request { .. } => Code::InvalidBody,
            Self::Allowance { .. } => Code::BeyondLimits,
            Self::NotOwn(_) | Self::NotAnyMore => Code::Forbidden,
            Self::Store(StoreError::Unavailable { .. })
            | Self::QueueLeft { cause: StoreError::Unavailable { .. }, .. } => Code::StorageUnavailable,
            Self::Audit(error) => error.code(),
            Self::Store(_) | Self::QueueLeft { .. } | Self::Report(_) => Code::Internal,
        }
    }
}

const fn engine_code(error: &EngineError) -> Code {
    match error {
        EngineError::Policy(_) => Code::TargetRefused,
        EngineError::Unresolved { .. } => Code::TargetUnresolved,
        EngineError::Guard(_) => Code::BeyondLimits,
        EngineError::Busy => Code::RunActive,
        EngineError::Plan(_) | EngineError::Tls(_) | EngineError::Log(_) => Code::InvalidLoadtest,
        EngineError::System(_) | EngineError::Scheduler(_) | EngineError::Lost => Code::Internal,
    }
}

impl From<RunError> for Problem {
    fn from(error: RunError) -> Self {
        let error = match error {
            RunError::Recipe(error) => return error.into(),
            RunError::Deeplink(error) => return error.into(),
            other => other,
        };
        let code = error.code();
        match &error {
            RunError::Unfit(Unfit::Document(problems)) => {
                Self::new(code, "nothing was sent; correct these places").with_places(problems)
            }
            RunError::Active(run_id) => Self { run_id: Some(*run_id), ..Self::new(code, error.to_string()) },
            RunError::Store(error @ StoreError::Unavailable { .. }) => {
                Self { retry_after_s: Some(2), ..Self::new(code, format!("{error}; send it again later")) }
            }
            RunError::QueueLeft { ended, cause: StoreError::Unavailable { .. } } => {
                Self { run_id: *ended, retry_after_s: Some(2), ..Self::new(code, error.to_string()) }
            }
            RunError::Audit(error) if code == Code::StorageUnavailable => {
                Self { retry_after_s: Some(2), ..Self::new(code, format!("{error}; send it again later")) }
            }
            RunError::Ending | RunError::QueueFull(_) | RunError::DryRunsFull => {
                Self { retry_after_s: Some(5), ..Self::new(code, error.to_string()) }
            }
            // The cause may hold what is not for the client; the log has it.
            _ if code == Code::Internal => Self::internal(&error),
            _ => {
                let message = error.to_string();
                let field =
                    error.place().map(|path| FieldError { path: path.to_owned(), message: message.clone() });
                Self::new(code, message).with_errors(field)
            }
        }
    }
}
