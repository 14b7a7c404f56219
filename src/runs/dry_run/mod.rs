//! A dry run: asked for, allowed, written down and carried out, beside whatever runs. Nothing of it is stored.

mod request;

use std::{collections::BTreeMap, convert::Infallible, future::pending, sync::Arc};

use serde_json::json;
use tokio::{
    sync::{Semaphore, watch},
    task,
};
use uuid::Uuid;

pub use self::request::DryRunRequest;
use super::{
    active::{self, Context},
    error::RunError,
    launch::{self, HostPlaces, Wishes},
    service::Test,
    start::{Found, accepting, allowed, find, recorded},
};
use crate::{
    audit::{Action, Event},
    auth::Principal,
    engine::{
        dry_run::{DryRun, dry_run},
        signal::{Stage, StopSignal},
    },
    loadtest::secret::Secret,
};

/// Dry runs that are carried out at once.
const AT_ONCE: usize = 4;

/// The places for dry runs, and how they are all ended. A clone has the same ones.
#[derive(Clone, Debug)]
pub struct DryRuns {
    places: Arc<Semaphore>,
    /// Told the tenant whose dry runs are to end; of every tenant where it is none.
    end: watch::Sender<Option<String>>,
}

impl Default for DryRuns {
    fn default() -> Self {
        Self { places: Arc::new(Semaphore::new(AT_ONCE)), end: watch::Sender::default() }
    }
}

impl DryRuns {
    /// Ends those of a tenant, or all.
    pub(super) fn end(&self, tenant: Option<&str>) {
        self.end.send_replace(tenant.map(str::to_owned));
    }

    /// Advances `stop` when those of `tenant` are to be ended, and never returns.
    async fn pass_on(&self, tenant: &str, stop: &StopSignal) -> Infallible {
        let mut end = self.end.subscribe();
        while end.changed().await.is_ok() {
            if end.borrow_and_update().as_deref().is_none_or(|whose| whose == tenant) {
                stop.advance(Stage::Cut);
            }
        }
        pending().await
    }
}

/// What is asked of a dry run.
#[derive(Debug)]
pub struct Asked {
    /// The test.
    pub test: Test,
    /// Values that the test may read with `${env:NAME}`; kept nowhere.
    pub env: BTreeMap<String, Secret>,
}

/// Ends a dry run that nobody waits for any more.
#[derive(Debug, Default)]
pub(super) struct Waiting(pub StopSignal);

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.advance(Stage::Cut);
    }
}

/// Walks once through the test that is asked for, with an entry in the audit log before it.
pub(super) async fn walk(
    context: Context,
    principal: Principal,
    asked: Asked,
    stop: StopSignal,
) -> Result<DryRun, RunError> {
    accepting(&context)?;
    let _place = context.dry_runs.places.try_acquire().map_err(|_| RunError::DryRunsFull)?;
    let Asked { test, mut env } = asked;
    let Found { document, env: more, .. } = find(&context, &principal, test).await?;
    env.extend(more);
    let test = active::check(document, env, context.config()).await?;
    let target = &test.loadtest().target.hosts;
    let event = Event::of(&principal, Action::TestDryRun)
        .with(json!({"name": test.loadtest().name, "target": target}));
    let wishes =
        Wishes { own: context.own(), allowance: Arc::clone(&principal.allowance), ..Wishes::default() };
    let work = async {
        allowed(&principal, &test)?;
        let settings = launch::settings(Uuid::now_v7(), &test, &context.config().load, wishes)?;
        let given = stop.clone();
        let walked = task::spawn_blocking(move || {
            dry_run(&test, &settings, &given)
                .map_err(|error| RunError::refused(error, &HostPlaces::of(&test)))
        });
        tokio::select! {
            walked = walked => Ok(walked.map_err(RunError::defect)??),
            never = context.dry_runs.pass_on(&principal.tenant_id, &stop) => match never {},
        }
    };
    recorded(&context, event, work).await
}
