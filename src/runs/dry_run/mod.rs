//! A dry run: asked for, allowed, written down and carried out, beside whatever runs. Nothing of it is stored.

mod places;
mod request;

use std::{collections::BTreeMap, sync::Arc};

use serde_json::json;
use tokio::task;
use uuid::Uuid;

pub use self::{places::DryRuns, request::DryRunRequest};
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
    // First of all, so that none is missed by whoever ends them.
    let _place = context.dry_runs.take(&principal.tenant_id, &stop).ok_or(RunError::DryRunsFull)?;
    accepting(&context)?;
    let Asked { test, env } = asked;
    let Found { document, env, deeplink, .. } = find(&context, &principal, test, env).await?;
    if let Some(link) = &deeplink {
        context.deeplinks.looked_at(&principal, link).await;
    }
    let test = active::check(document, env, context.config()).await?;
    // As it is written: what it reads from the environment is kept nowhere.
    let target = test.frozen()["target"]["hosts"].take();
    let link = deeplink.map(|link| link.id);
    let event = Event::of(&principal, Action::TestDryRun)
        .with(json!({"name": test.loadtest().name, "target": target, "deeplink": link}));
    let wishes =
        Wishes { own: context.own(), allowance: Arc::clone(&principal.allowance), ..Wishes::default() };
    let work = async {
        allowed(&principal, &test)?;
        let settings = launch::settings(Uuid::now_v7(), &test, &context.config().load, wishes)?;
        let walked = task::spawn_blocking(move || {
            dry_run(&test, &settings, &stop).map_err(|error| RunError::refused(error, &HostPlaces::of(&test)))
        });
        walked.await.map_err(RunError::defect)?
    };
    recorded(&context, event, work).await
}
