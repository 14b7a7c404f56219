//! The one place where the command line meets the engine.

use std::{sync::Arc, time::Duration};

use tokio::sync::watch;
use uuid::Uuid;

use super::{error::CliError, exit::Exit};
use crate::{
    config::{Breaker, Config},
    engine::{
        live::Snapshot,
        outcome::Outcome,
        policy::{DenyRule, TargetPolicy},
    },
    loadtest::{ignore::UrlRule, valid::ValidLoadTest},
};

/// Stands for the engine until it is merged.
pub(super) struct Run;

#[derive(Clone)]
pub(super) struct RunHandle;

#[derive(Debug, thiserror::Error)]
#[error("the engine is not part of this build")]
pub(super) struct EngineError;

#[expect(dead_code, reason = "the engine reads these")]
pub(super) struct Settings {
    pub(super) run_id: Uuid,
    pub(super) policy: TargetPolicy,
    pub(super) stop_grace: Duration,
    pub(super) max_users: u32,
    pub(super) max_rps: f64,
    pub(super) max_run_time: Duration,
    pub(super) workers: u16,
    pub(super) breaker: Breaker,
    pub(super) scenarios: Vec<String>,
}

impl Run {
    pub(super) fn snapshots(&self) -> watch::Receiver<Arc<Snapshot>> {
        watch::channel(Arc::default()).1
    }
    pub(super) fn handle(&self) -> RunHandle {
        RunHandle
    }
    pub(super) fn wait(self) -> Result<Outcome, EngineError> {
        Err(EngineError)
    }
}

impl RunHandle {
    pub(super) fn stop(&self, _reason: &str) {}
}

fn start(_test: ValidLoadTest, _settings: Settings) -> Result<Run, EngineError> {
    Err(EngineError)
}

/// Starts `test` within the bounds of the configuration.
pub(super) fn begin(test: ValidLoadTest, config: &Config, scenarios: Vec<String>) -> Result<Run, CliError> {
    let load = &config.load;
    let denied = test.url_rules().iter().cloned().map(denial).collect();
    let settings = Settings {
        run_id: Uuid::now_v7(),
        policy: TargetPolicy::new(&load.targets.allow, Vec::new(), denied)?,
        stop_grace: load.stop_grace.get(),
        max_users: load.max_users,
        max_rps: load.max_rps,
        max_run_time: load.max_run_time.get(),
        workers: load.workers,
        breaker: load.breaker.clone(),
        scenarios,
    };
    Ok(start(test, settings)?)
}

fn denial(rule: UrlRule) -> DenyRule {
    let pattern = rule.pattern().to_owned();
    DenyRule::new(&pattern, move |host, path| rule.matches(host, path))
}

/// The exit code of an error of the engine.
pub(super) fn exit_of(_error: &EngineError) -> Exit {
    Exit::Other
}

/// What to do about an error of the engine.
pub(super) fn way_out(_error: &EngineError) -> Option<String> {
    Some("take a build with the engine".to_owned())
}
