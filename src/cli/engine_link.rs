//! The one place where the command line meets the engine.

use uuid::Uuid;

use super::{error::CliError, exit::Exit};
pub(super) use crate::engine::{EngineError, Run, Settings};
pub(super) use crate::runs::launch::Wishes;
use crate::{config::Config, engine::start, loadtest::valid::ValidLoadTest, runs::launch};

/// Starts `test` within the bounds of the configuration.
pub(super) fn begin(test: ValidLoadTest, config: &Config, wishes: Wishes) -> Result<Run, CliError> {
    let settings = settings(&test, config, wishes)?;
    Ok(start(test, settings)?)
}

/// What the engine is told of a run of its own.
pub(super) fn settings(test: &ValidLoadTest, config: &Config, wishes: Wishes) -> Result<Settings, CliError> {
    Ok(launch::settings(Uuid::now_v7(), test, &config.load, wishes)?)
}

/// The exit code of an error of the engine.
pub(super) const fn exit_of(error: &EngineError) -> Exit {
    match error {
        EngineError::Policy(_) => Exit::TargetRefused,
        EngineError::Guard(_) | EngineError::Plan(_) | EngineError::Tls(_) | EngineError::Log(_) => {
            Exit::BadInput
        }
        EngineError::Unresolved { .. }
        | EngineError::Busy
        | EngineError::System(_)
        | EngineError::Scheduler(_)
        | EngineError::Lost => Exit::Other,
    }
}
