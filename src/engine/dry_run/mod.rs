//! A dry run: one pass through a test by one user of each scenario, with all that was sent, answered, taken and
//! checked, to see whether a test says what its author means before it sends load.
//!
//! Requests go the way of a run: the same session, client and policy. Goose has no part in it, so that a dry run waits
//! for no run and no run for it; users come one after another, without think time, and nothing is measured.

mod secrets;
mod seen;
mod witness;

use std::{
    sync::{Arc, mpsc},
    time::{Duration, Instant},
};

use tokio::{runtime, time::sleep};

pub use self::seen::{Checked, DryRun, Extracted, Field, Message, Part, Reply, Step, StepFailure};
pub(super) use self::witness::Witness;
use super::{
    health::Threads,
    pace::Timer,
    plan::{self, Moment, Plan, ScenarioPlan, TransactionPlan},
    recorder::Recorder,
    run::{Base, EngineError, Settings, http_settings, shared, trace},
    session::{Shared, UserSession},
    signal::{Stage, StopSignal},
    transport::HttpShared,
};
use crate::loadtest::valid::ValidLoadTest;

/// Most requests of a dry run, redirects that they are led through left out.
pub const MAX_REQUESTS: usize = 200;
/// Longest time that a dry run sends for.
pub const MAX_TIME: Duration = Duration::from_secs(30);

/// Walks through `test` once, within [`MAX_REQUESTS`] and [`MAX_TIME`]; ends early where `stop` says so. Blocks: do not
/// call it on an async worker.
///
/// # Errors
/// Whatever is refused before the first packet, see [`EngineError`]. A target that does not answer is no error: what it
/// did is in what comes back.
pub fn dry_run(test: &ValidLoadTest, settings: &Settings, stop: &StopSignal) -> Result<DryRun, EngineError> {
    let plan = plan::compile(test, &settings.scenarios)?;
    let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
    let http = HttpShared::new(&http_settings(test, true), (*settings.policy).clone())?;
    let (user, origins) = (stop.user(), plan.origins());
    runtime.block_on(async {
        tokio::select! {
            looked_up = http.preflight(&origins) => looked_up,
            () = user.reached(Stage::Cut) => Ok(()),
        }
    })?;
    let shared = Arc::new(Shared { stop: stop.clone(), ..alone(plan, test, http, settings)? });
    let began = Instant::now();
    let ended = runtime.block_on(async {
        let late = async {
            sleep(MAX_TIME).await;
            stop.advance(Stage::Cut);
            std::future::pending().await
        };
        tokio::select! { ended = walk(&shared) => ended, ended = late => ended }
    });
    let took = began.elapsed();
    let because = ended.err().map(|early| early.words(&shared, took));
    let steps = shared.witness.as_ref().map(Witness::take).unwrap_or_default();
    Ok(DryRun::new(steps, took, because))
}

/// What a user shares who is alone.
fn alone(
    plan: Plan,
    test: &ValidLoadTest,
    http: HttpShared,
    settings: &Settings,
) -> Result<Shared, EngineError> {
    let transactions = plan.transactions.len() + plan.scenarios.len();
    let recorder = Recorder::new(1, plan.requests.len(), transactions, plan.checks.len());
    let threads = Arc::new(Threads::default());
    let timer = Timer::start(Arc::clone(&threads))?;
    // Nobody waits to hear that all users run.
    let (events, _) = mpsc::sync_channel(1);
    let witness = Some(Witness::of(&plan));
    let trace = trace(&plan, settings);
    let base = Base { recorder, http: Arc::new(http), timer, threads, workers: 1, events };
    Ok(Shared { witness, trace, ..shared(plan, test, base) })
}

/// Why a dry run ended before its end.
#[derive(Clone, Copy, Debug)]
enum Early {
    /// The run was to be ended, or its time was over.
    Stopped,
    /// There are more requests than a dry run sends.
    Full,
}

impl Early {
    fn words(self, shared: &Shared, took: Duration) -> String {
        match (self, shared.dry.get()) {
            (_, Some(feeder)) => {
                format!("the data `{}` has no rows left", shared.plan.feeders[*feeder].name())
            }
            (Self::Full, _) => format!("a dry run sends {MAX_REQUESTS} requests at most"),
            (Self::Stopped, _) if took >= MAX_TIME => {
                format!("a dry run ends after {} s", MAX_TIME.as_secs())
            }
            (Self::Stopped, _) => "it was given up".to_owned(),
        }
    }
}

async fn walk(shared: &Arc<Shared>) -> Result<(), Early> {
    for (scenario, plan) in shared.plan.scenarios.iter().enumerate() {
        let mut user = UserSession::new(Arc::clone(shared), scenario);
        for place in one_pass(plan) {
            user.transaction(place, 0).await;
            if shared.witness.as_ref().is_some_and(Witness::is_full) {
                return Err(Early::Full);
            }
            if shared.stop.stage() > Stage::Running || shared.dry.get().is_some() {
                return Err(Early::Stopped);
            }
        }
    }
    Ok(())
}

/// Each transaction once, in the order of a pass: what sets a user up, what has a place in the sequence, the others,
/// what tears it down.
fn one_pass(plan: &ScenarioPlan) -> Vec<usize> {
    let order = |transaction: &TransactionPlan| match (transaction.moment, transaction.sequence) {
        (Moment::Start, place) => (0, place),
        (Moment::Loop, 0) => (2, 0),
        (Moment::Loop, place) => (1, place),
        (Moment::Stop, place) => (3, place),
    };
    let mut pass: Vec<_> = plan.transactions.iter().enumerate().collect();
    pass.sort_by_key(|(_, transaction)| order(transaction));
    pass.into_iter().map(|(place, _)| place).collect()
}
