//! What is done from time to time: results that wait are stored, old runs go, runs of servers that
//! died elsewhere are closed.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::time;

use super::{Context, begin};

/// How often everything is looked at without a reason.
const EVERY: Duration = Duration::from_secs(30);
/// How often results that wait are offered to the database.
const OFFER: Duration = Duration::from_secs(2);
/// A run whose server has not written for so long has lost its server.
const LOST_AFTER: SignedDuration = SignedDuration::from_secs(120);
/// What waits for a server that was away for so long waits in vain.
const FORGOTTEN_AFTER: SignedDuration = SignedDuration::from_hours(7 * 24);
/// A run of this server that began so long ago and is not active is followed by nobody.
const UNFOLLOWED_AFTER: SignedDuration = SignedDuration::from_secs(60);
/// Runs that are deleted at once, so that nobody waits for it.
const BATCH: u64 = 200;

/// Does what is due, for ever.
pub async fn upkeep(context: Context) {
    loop {
        let offered = offer(&context).await;
        beat(&context).await;
        trim(&context).await;
        recover(&context).await;
        reconcile(&context).await;
        let rest = if offered { EVERY } else { OFFER };
        tokio::select! {
            () = time::sleep(rest) => {}
            () = context.trim.notified() => {}
            () = context.spool.filled() => time::sleep(OFFER).await,
        }
    }
}

/// Whether nothing is left to offer.
async fn offer(context: &Context) -> bool {
    if context.spool.is_empty() {
        return true;
    }
    match context.spool.empty_into(&context.store).await {
        Ok(stored) => {
            tracing::info!(stored, "{stored} results that waited are stored");
            true
        }
        Err(_) => false,
    }
}

/// Closes runs of this server that nobody follows: the database had taken their start, or their
/// turn, without being able to say so.
async fn reconcile(context: &Context) {
    let Ok(before) = Timestamp::now().checked_sub(UNFOLLOWED_AFTER) else { return };
    let mut known = context.spool.ids();
    known.extend(context.slot.active().map(|active| active.run_id));
    match context.store.recover_unfollowed(context.instance, &known, before, begin::now()).await {
        Ok(closed) => closed
            .iter()
            .for_each(|run_id| tracing::warn!(%run_id, "run {run_id}: nobody follows it; it has failed")),
        Err(error) => tracing::debug!(%error, "runs that nobody follows cannot be looked for: {error}"),
    }
}

/// Says that this server lives, for others that share the database: its runs are not lost.
async fn beat(context: &Context) {
    if let Err(error) = context.store.heartbeat(context.instance, begin::now()).await {
        tracing::debug!(%error, "the database does not take the heartbeat: {error}");
    }
}

async fn trim(context: &Context) {
    let history = &context.config().history;
    let age = SignedDuration::try_from(history.max_age.get()).ok().filter(|age| !age.is_zero());
    let before = age.and_then(|age| Timestamp::now().checked_sub(age).ok());
    if history.max_runs == 0 && before.is_none() {
        return;
    }
    match context.store.trim(history.max_runs.into(), before, BATCH).await {
        Ok(0) => {}
        Ok(gone) => tracing::info!(gone, "{gone} old runs are deleted, as history.max_runs and max_age say"),
        Err(error) => tracing::warn!(%error, "old runs cannot be deleted for now: {error}"),
    }
}

async fn recover(context: &Context) {
    let now = begin::now();
    let since = |ago| now.saturating_sub(ago).unwrap_or(Timestamp::MIN);
    let lost = context.store.recover_stale(context.instance, since(LOST_AFTER), since(FORGOTTEN_AFTER), now);
    match lost.await {
        Ok(lost) => lost
            .iter()
            .for_each(|run_id| tracing::warn!(%run_id, "run {run_id}: its server is gone; it has failed")),
        Err(error) => tracing::debug!(%error, "runs of other servers cannot be looked at: {error}"),
    }
}
