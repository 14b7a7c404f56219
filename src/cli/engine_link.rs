//! The one place where the command line meets the engine.

use std::sync::Arc;

use uuid::Uuid;

use super::{error::CliError, exit::Exit};
pub(super) use crate::engine::{EngineError, Run};
use crate::{
    config::Config,
    engine::{
        BreakerRule, Caps, LogPaths, Settings,
        policy::{DenyRule, TargetPolicy},
        start,
    },
    loadtest::{ignore::UrlRule, valid::ValidLoadTest},
};

/// What is asked of one run beside what the document says.
#[derive(Debug, Default)]
pub(super) struct Wishes {
    /// Scenarios to run; empty runs all.
    pub(super) scenarios: Vec<String>,
    /// Log files to write.
    pub(super) logs: LogPaths,
    /// What is written down about the run.
    pub(super) notes: Option<String>,
}

/// Starts `test` within the bounds of the configuration.
pub(super) fn begin(test: ValidLoadTest, config: &Config, wishes: Wishes) -> Result<Run, CliError> {
    let Wishes { scenarios, logs, notes } = wishes;
    let load = &config.load;
    let denied = test.url_rules().iter().cloned().map(denial).collect();
    let settings = Settings {
        run_id: Uuid::now_v7(),
        policy: Arc::new(TargetPolicy::new(&load.targets.allow, Vec::new(), denied)?),
        stop_grace: load.stop_grace.get(),
        breaker: BreakerRule { after: load.breaker.after.get(), share: load.breaker.connect_failures },
        caps: Caps {
            max_users: load.max_users,
            max_rps: load.max_rps,
            max_run_time: load.max_run_time.get(),
        },
        scenarios,
        workers: load.workers.into(),
        logs,
        notes,
    };
    Ok(start(test, settings)?)
}

fn denial(rule: UrlRule) -> DenyRule {
    let pattern = rule.pattern().to_owned();
    DenyRule::new(&pattern, move |host, path| rule.matches(host, path))
}

/// The exit code of an error of the engine.
pub(super) const fn exit_of(error: &EngineError) -> Exit {
    match error {
        EngineError::Policy(_) => Exit::TargetRefused,
        EngineError::Guard(_) | EngineError::Plan(_) | EngineError::Tls(_) | EngineError::Log(_) => {
            Exit::BadInput
        }
        EngineError::Unresolved(_)
        | EngineError::Busy
        | EngineError::System(_)
        | EngineError::Scheduler(_)
        | EngineError::Lost => Exit::Other,
    }
}
