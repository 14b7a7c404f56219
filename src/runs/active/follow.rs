//! One run from the engine's start to its place in the history.

use std::{sync::Arc, time::Duration};

use tokio::{sync::mpsc, task, time};
use tokio_util::sync::CancellationToken;

use super::{Context, journal::Journal, publish, slot::Occupancy, spool::Spooled};
use crate::{
    bus::{Event, LogLevel, RunPhase, TestCompleted},
    engine::{EngineError, Run, RunHandle, live::RunEvent, outcome::Outcome},
    memory,
    runs::{analysis::analysed, record::NewRun},
};

/// How often what was recorded so far is stored.
const CHECKPOINT: Duration = Duration::from_millis(750);

/// How long to wait before the database and the disk are tried again.
const AGAIN: Duration = Duration::from_secs(2);

/// Follows `run` to its end, which it stores; then gives the place up.
pub async fn follow(mut run: Run, occupancy: Occupancy, row: NewRun, context: Context) {
    let journal = context.journal(&row);
    let over = CancellationToken::new();
    tokio::spawn(keep(run.handle(), row.clone(), journal.clone(), context.clone(), over.clone()));
    let told = run.take_events().map(|events| tokio::spawn(write_down(events, journal.clone())));
    let result = watch(run, &occupancy, &context).await;
    if let Some(told) = told {
        // It ends with the engine, which has ended.
        told.await.ok();
    }
    over.cancel();
    occupancy.stopped_sending();
    let told = match result {
        Ok(outcome) => {
            let outcome = analysed(&context.store, &row.tenant_id, row.recipe_id.as_deref(), outcome).await;
            let told = publish::completed(&outcome);
            let lines = journal.waiting();
            persist(Spooled { run: row.clone(), outcome, lines }, &context).await;
            told
        }
        Err(error) => {
            journal.line(LogLevel::Error, format!("the run broke: {error}"));
            broken(&row, &error.to_string(), &journal, &context).await
        }
    };
    conclude(occupancy, &row, told, &context);
    task::spawn_blocking(memory::give_back).await.ok();
}

/// Tells everybody, and gives the place up.
pub(super) fn conclude(occupancy: Occupancy, row: &NewRun, told: TestCompleted, context: &Context) {
    let status = occupancy.ended(&told);
    context.tell(status);
    context.bus.publish_for(&row.tenant_id, Some(row.id), Event::TestCompleted(told));
    context.trim.notify_one();
}

/// Shows the run until it is over.
async fn watch(run: Run, occupancy: &Occupancy, context: &Context) -> Result<Outcome, EngineError> {
    let mut snapshots = run.snapshots();
    let mut shown = publish::Shown::default();
    let mut over = task::spawn_blocking(move || run.wait());
    loop {
        tokio::select! {
            result = &mut over => return result.unwrap_or(Err(EngineError::Lost)),
            Ok(()) = snapshots.changed() => {
                let snapshot = Arc::clone(&snapshots.borrow_and_update());
                occupancy.seen(Arc::clone(&snapshot));
                shown.show(&snapshot, context);
            }
        }
    }
}

/// Writes down what the engine tells.
async fn write_down(mut events: mpsc::Receiver<RunEvent>, journal: Journal) {
    while let Some(event) = events.recv().await {
        if event.lost > 0 {
            journal.line(LogLevel::Warn, format!("{} lines before this one were lost", event.lost));
        }
        journal.line(publish::level(event.level), event.message);
    }
}

/// Stores what was recorded so far, again and again, so that a crash costs two seconds at most.
async fn keep(handle: RunHandle, row: NewRun, journal: Journal, context: Context, over: CancellationToken) {
    let mut due = time::interval(CHECKPOINT);
    due.set_missed_tick_behavior(time::MissedTickBehavior::Delay);
    let mut failing = false;
    while over.run_until_cancelled(due.tick()).await.is_some() {
        journal.flush(&context.store).await;
        let Some(outcome) = handle.checkpoint().await else { continue };
        context.slot.looked_at(row.id, publish::thresholds(&outcome));
        let stored = context.store.checkpoint(row.id, &outcome).await;
        if let Err(error) = &stored
            && !failing
        {
            tracing::warn!(run_id = %row.id, %error, "run {}: not stored for now: {error}", row.id);
        }
        failing = stored.is_err();
    }
}

/// Stores what a run left behind: in the spool first, which takes no longer than the disk does, then
/// in the database. Where that does not answer, the spool keeps it until it does.
async fn persist(spooled: Spooled, context: &Context) {
    let spooled = Arc::new(spooled);
    let run_id = spooled.run.id;
    loop {
        let (spool, waiting) = (context.spool.clone(), Arc::clone(&spooled));
        let kept = task::spawn_blocking(move || spool.put(&waiting)).await;
        let kept = kept.map_err(std::io::Error::other).flatten();
        if let Err(error) = &kept {
            tracing::error!(%run_id, %error, "run {run_id}: the results cannot be put into the spool: {error}");
        }
        match spooled.store(&context.store).await {
            Ok(()) => return context.spool.remove(run_id),
            Err(error) => {
                tracing::warn!(%run_id, %error, "run {run_id}: the database does not take the results yet: {error}");
            }
        }
        if kept.is_ok() {
            return context.spool.waits();
        }
        time::sleep(AGAIN).await;
    }
}

/// Marks a run as failed that has no outcome. What was stored of it last stays.
pub(super) async fn broken(
    row: &NewRun,
    because: &str,
    journal: &Journal,
    context: &Context,
) -> TestCompleted {
    journal.flush(&context.store).await;
    if let Err(error) = context.store.fail(row.id, because, jiff::Timestamp::now()).await {
        // The next start finds the run and says that it ended with the server.
        tracing::error!(run_id = %row.id, %error, "run {}: cannot be marked as failed: {error}", row.id);
    }
    TestCompleted {
        status: RunPhase::Failed,
        passed: Some(false),
        name: row.name.clone(),
        requests: 0,
        failures: 0,
        duration_s: 0.0,
        findings: 0,
        top_finding: None,
    }
}
